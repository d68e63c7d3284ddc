"""A backup: one ZIP file with every table as JSON lines and every uploaded file as it is.

Taken from one snapshot while the database is in use; it knows nothing of the kind of database, so
one of SQLite can be restored into PostgreSQL and the other way round. The manifest, written last,
has the SM3 digest of each member.
"""

import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from sqlalchemy import Connection, MetaData, Table, select

from engine.diagnostics import TongbanError
from engine.store.database import Database
from engine.store.json_text import write_json
from engine.store.moments import write_moment
from engine.store.revisions import read_revision
from engine.store.verifying import count_kept

FORMAT = 1
MANIFEST = "manifest.json"
PIECES = "content_piece"
_APART = (PIECES, "alembic_version")
_EPOCH = (1980, 1, 1, 0, 0, 0)


class BackupRefused(TongbanError):
    """A backup cannot be written or taken back; the message says where and why."""


def write_backup(database: Database, file: Path, at: datetime, *, force: bool = False) -> Any:
    """Writes a backup that only its owner can read; its manifest. Raises BackupRefused.

    The file appears when it is whole.
    """
    if file.exists() and not force:
        raise BackupRefused(f"{file} 已存在，请换一个名字 / the file is there already")
    draft = file.with_name(f"{file.name}.part")
    try:
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
                manifest = _write(database, archive, at)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)
    except OSError as error:
        raise BackupRefused(f"{file} 无法写入：{error.strerror} / cannot be written") from error
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _write(database: Database, archive: zipfile.ZipFile, at: datetime) -> dict[str, Any]:
    members: dict[str, Any] = {}
    with database.read() as connection:
        tables = reflect(connection)
        for table in tables.sorted_tables:
            if table.name not in _APART:
                lines = _lines(connection, table)
                members[f"tables/{table.name}.jsonl"] = _add(
                    archive, f"tables/{table.name}.jsonl", lines
                )
        if PIECES in tables.tables:
            for digest in connection.execute(select(tables.tables["content"].c.digest)).scalars():
                pieces = _pieces(connection, tables.tables[PIECES], digest)
                members[f"contents/{digest}"] = _add(archive, f"contents/{digest}", pieces)
        cases, events, heads = count_kept(connection)
        manifest = {
            "format": FORMAT,
            "revision": read_revision(connection),
            "made_at": write_moment(at),
            "cases": cases,
            "events": events,
            "heads": heads,
            "members": members,
        }
    _add(archive, MANIFEST, [write_json(manifest).encode()])
    return manifest


def reflect(connection: Connection) -> MetaData:
    """The tables as they are, of whatever revision."""
    found = MetaData()
    found.reflect(connection)
    return found


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    query = select(table).order_by(*table.primary_key.columns)
    for row in connection.execution_options(yield_per=500).execute(query):
        yield json.dumps(dict(row._mapping), sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _pieces(connection: Connection, table: Table, digest: str) -> Iterator[bytes]:
    query = select(table.c.bytes).where(table.c.digest == digest).order_by(table.c.number)
    yield from connection.execution_options(yield_per=4).execute(query).scalars()


def _add(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> dict[str, Any]:
    digest = hashes.Hash(hashes.SM3())
    size = 0
    # No moment of writing inside: the same database gives the same bytes.
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(entry, "w", force_zip64=True) as member:
        for piece in pieces:
            member.write(piece)
            digest.update(piece)
            size += len(piece)
    return {"sm3": digest.finalize().hex(), "size": size}
