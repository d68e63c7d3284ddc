"""Taking a backup back into an empty database: all of it, verified, or nothing."""

import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from sqlalchemy import Connection, MetaData, Table, delete, exists, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from engine.store.backup import FORMAT, MANIFEST, PIECES, BackupRefused, reflect
from engine.store.database import Database
from engine.store.revisions import (
    HEAD,
    downgrade_connection,
    read_revision,
    upgrade_connection,
)
from engine.store.verifying import count_kept, verify_all

_BATCH = 500
_PIECE = 262_144  # bytes
_LONGEST_MANIFEST = 1_000_000_000  # bytes


def read_manifest(file: Path) -> Any:
    """The manifest of a backup, every member compared with it. Raises BackupRefused."""
    with _opened(file) as archive:
        return _verified(archive)


def read_heads(file: Path) -> tuple[tuple[str, str, int, str], ...]:
    """Id, number, version and last hash of every case of a backup. Raises BackupRefused."""
    with _opened(file) as archive:
        _verified(archive)
        rows = map(json.loads, _read_lines(archive, "tables/case.jsonl"))
        return tuple((row["id"], row["number"], row["version"], row["head"]) for row in rows)


def restore_backup(database: Database, file: Path) -> Any:
    """Fills an empty database from a backup and brings it to now; the backup's manifest.

    Raises BackupRefused: a damaged backup, one of a newer program, a database with something in it.
    Then the database is as it was.
    """
    with _opened(file) as archive:
        manifest = _verified(archive)
        with database.write() as connection:
            _require_empty(connection)
            upgrade_connection(connection, manifest["revision"])
            tables = reflect(connection)
            _require_tables(tables, manifest)
            _fill(connection, tables, archive)
            upgrade_connection(connection)
            _require_whole(connection, manifest)
    return manifest


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except OSError as error:
        raise BackupRefused(f"{file} 无法读取：{error.strerror} / cannot be read") from error
    except zipfile.BadZipFile as error:
        raise BackupRefused(
            f"{file} 不是完整的备份，可能没有复制完 / not a whole backup: {error}"
        ) from error


def _verified(archive: zipfile.ZipFile) -> Any:
    manifest = _read_manifest(archive)
    members = manifest["members"]
    present = set(archive.namelist()) - {MANIFEST}
    for name in sorted(present ^ members.keys()):
        which = "缺少 / is missing" if name in members else "多出 / was added"
        raise _damaged(name, which)
    for name, told in members.items():
        digest = hashes.Hash(hashes.SM3())
        for piece in _read_pieces(archive, name):
            digest.update(piece)
        if digest.finalize().hex() != told["sm3"]:
            raise _damaged(name, "内容被改动过 / was changed")
    return manifest


def _read_manifest(archive: zipfile.ZipFile) -> Any:
    try:
        if archive.getinfo(MANIFEST).file_size > _LONGEST_MANIFEST:
            raise _damaged(MANIFEST, "过大 / is too large")
    except KeyError:
        raise _damaged(MANIFEST, "缺少 / is missing") from None
    try:
        manifest = json.loads(b"".join(_read_pieces(archive, MANIFEST)))
        known = {name: manifest[name] for name in ("revision", "heads", "cases", "events")}
        told = {name: str(member["sm3"]) for name, member in manifest["members"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _damaged(MANIFEST, "读不懂 / cannot be understood") from None
    if manifest.get("format") != FORMAT or str(known["revision"]) > HEAD or not told:
        raise BackupRefused(
            f"备份来自更新的版本（{known['revision']}），请升级本程序 / "
            "the backup was made by a newer program: upgrade this one"
        )
    return manifest


def _read_pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    try:
        with archive.open(name) as member:
            while piece := member.read(_PIECE):
                yield piece
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _damaged(name, f"损坏 / is damaged: {error}") from error


def _require_empty(connection: Connection) -> None:
    if not read_revision(connection):
        return
    for table in reflect(connection).sorted_tables:
        if table.name in ("alembic_version", "setting"):
            continue
        if connection.execute(select(exists().select_from(table))).scalar_one():
            raise BackupRefused(
                f"数据库不是空的（{table.name} 中有数据），请恢复到新的数据库 / "
                f"the database is not empty ({table.name} has rows): restore into a new one"
            )
    # Empty, so nothing is lost; the backup's own revision is made in its place.
    downgrade_connection(connection, "base")


def _require_tables(tables: MetaData, manifest: Any) -> None:
    wanted = {f"tables/{name}.jsonl" for name in tables.tables} - {
        f"tables/{name}.jsonl" for name in (PIECES, "alembic_version")
    }
    present = {name for name in manifest["members"] if name.startswith("tables/")}
    for name in sorted(wanted ^ present):
        raise _damaged(name, "缺少或多出 / is missing or was added")


def _fill(connection: Connection, tables: MetaData, archive: zipfile.ZipFile) -> None:
    for table in tables.sorted_tables:
        if table.name == PIECES:
            _fill_pieces(connection, table, archive)
        elif table.name != "alembic_version":
            if table.name == "setting":  # has what its revision put there
                connection.execute(delete(table))
            _fill_table(connection, table, archive)


def _fill_table(connection: Connection, table: Table, archive: zipfile.ZipFile) -> None:
    name = f"tables/{table.name}.jsonl"
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(_read_lines(archive, name), 1):
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict) or row.keys() != table.columns.keys() & row.keys():
            raise _damaged(f"{name}:{number}", "读不懂 / cannot be understood")
        rows.append(row)
        if len(rows) == _BATCH:
            _insert(connection, table, rows, f"{name}:{number}")
            rows = []
    _insert(connection, table, rows, name)
    _go_on_counting(connection, table)


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]], place: str) -> None:
    if not rows:
        return
    try:
        connection.execute(insert(table), rows)
    except DBAPIError as error:
        raise _damaged(place, f"不能写入 / cannot be kept: {error.orig}") from error


def _go_on_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL counts apart from the rows: after these it must go on where they end."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        query = select(func.pg_get_serial_sequence(f'"{table.name}"', column.name))
        sequence = connection.execute(query).scalar_one()
        most = connection.execute(select(func.max(column))).scalar_one()
        if sequence and most:
            connection.execute(
                text("SELECT setval(:sequence, :most)"), {"sequence": sequence, "most": most}
            )


def _fill_pieces(connection: Connection, table: Table, archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        if not name.startswith("contents/"):
            continue
        digest = name.removeprefix("contents/")
        for number, piece in enumerate(_read_pieces(archive, name)):
            row = {"digest": digest, "number": number, "bytes": piece}
            _insert(connection, table, [row], name)


def _read_lines(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    rest = b""
    for piece in _read_pieces(archive, name):
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
    if rest:
        yield rest


def _require_whole(connection: Connection, manifest: Any) -> None:
    for flaw in verify_all(connection):
        raise _damaged(
            flaw.subject, f"{flaw.zh}（第 {flaw.event} 个事件）/ {flaw.en} (event {flaw.event})"
        )
    cases, events, heads = count_kept(connection)
    told = (manifest["cases"], manifest["events"], manifest["heads"])
    if (cases, events, heads) != told:
        raise _damaged(MANIFEST, "与所载办件不符 / does not agree with the cases")


def _damaged(place: str, words: str) -> BackupRefused:
    return BackupRefused(f"备份已损坏：{place} {words} / the backup is damaged at {place}")
