"""A backup is whole, portable between databases, and refused where it is not what was written."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from databases import KINDS, PostgresServer
from engine.casework import Effect, Timer
from engine.store import (
    Database,
    begin_draft,
    digest_of,
    keep_attachment,
    put_effects,
    set_timers,
    stream_content,
    verify_case,
)
from engine.store.backup import BackupRefused, write_backup
from engine.store.restoring import read_manifest, restore_backup
from engine.store.revisions import HEAD, downgrade_connection
from engine.store.verifying import verify_all
from stored_cases import AT, PERSON, begin, happening, move
from test_store_attachments import picture
from test_store_revisions import contents


@pytest.fixture
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Database]]:
    """Opens databases without tables, of a kind by its name."""
    opened: list[tuple[Database, str]] = []

    def make(kind: str) -> Database:
        if kind == "sqlite":
            url = f"sqlite:///{tmp_path}/other{len(opened)}.db"
        else:
            url = request.getfixturevalue("postgres").new()
        opened.append((Database.open(url), url))
        return opened[-1][0]

    yield make
    for database, url in opened:
        database.close()
        if not url.startswith("sqlite"):
            server: PostgresServer = request.getfixturevalue("postgres")
            server.drop(url)


def fill(database: Database) -> None:
    """Something in every table that is filled by the store's own functions."""
    for number in (1, 2, 3):
        move(database, begin(database, number), happening(1, "reviewing"), happening(2))
    with database.write() as connection:
        set_timers(connection, "case0001", [Timer("t", "remind", AT, {"字": "中"})])
        put_effects(connection, "case0001", [Effect("notify", f"k{n}") for n in range(3)])
        draft = begin_draft(connection, PERSON.name, "matter", "m", {"面积": "10"}, at=AT)
        for case, size in (("case0001", 10), ("case0002", 700_000)):
            keep_attachment(connection, picture(size), "照.png", owner="王", at=AT, case=case)
        keep_attachment(connection, picture(10), "又.png", owner="王", at=AT, draft=draft.id)


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.read() as connection:
        return contents(connection)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_restored_is_what_was_there(
    database: Database, other: Callable[[str], Database], kind: str, tmp_path: Path
) -> None:
    fill(database)
    manifest = write_backup(database, tmp_path / "b.zip", AT)
    assert (manifest["cases"], manifest["events"], manifest["revision"]) == (3, 9, HEAD)
    assert (tmp_path / "b.zip").stat().st_mode & 0o077 == 0
    restored = other(kind)
    restore_backup(restored, tmp_path / "b.zip")
    assert everything(restored) == everything(database)
    with restored.read() as connection:
        assert list(verify_all(connection)) == []
        digest = digest_of(picture(700_000))
        assert b"".join(stream_content(connection, digest)) == picture(700_000)
    begin(restored, 4)  # it goes on from where it was
    with restored.write() as connection:
        put_effects(connection, "case0004", [Effect("notify", "k-new")])


def test_the_same_database_gives_the_same_bytes(database: Database, tmp_path: Path) -> None:
    fill(database)
    for name in ("a.zip", "b.zip"):
        write_backup(database, tmp_path / name, AT)
    a, b = ((tmp_path / name).read_bytes() for name in ("a.zip", "b.zip"))
    assert a == b


def test_an_older_shape_is_backed_up_and_restored_into_today(
    database: Database, other: Callable[[str], Database], tmp_path: Path
) -> None:
    for number in (1, 2):
        begin(database, number)
    with database.write() as connection:
        downgrade_connection(connection, "0001")
    assert write_backup(database, tmp_path / "old.zip", AT)["revision"] == "0001"
    restored = other("sqlite")
    restore_backup(restored, tmp_path / "old.zip")
    restored.require_current()
    with restored.read() as connection:
        assert verify_case(connection, "case0002") is None


def test_a_backup_is_one_moment_though_cases_move_meanwhile(
    database: Database, other: Callable[[str], Database], tmp_path: Path, monkeypatch: Any
) -> None:
    """A case is begun and another moved after the first table was read."""
    from engine.store import backup

    case = begin(database, 1)
    before = everything(database)
    lines = backup._lines

    def disturbed(connection: Any, table: Any) -> Iterator[bytes]:
        yield from lines(connection, table)
        if table.name == "case":
            move(database, case, happening(1))
            begin(database, 2)

    monkeypatch.setattr(backup, "_lines", disturbed)
    write_backup(database, tmp_path / "b.zip", AT)
    restored = other("sqlite")
    restore_backup(restored, tmp_path / "b.zip")
    assert everything(restored) == before


def test_only_an_empty_database_is_filled(database: Database, tmp_path: Path) -> None:
    begin(database, 1)
    write_backup(database, tmp_path / "b.zip", AT)
    before = everything(database)
    with pytest.raises(BackupRefused, match="不是空的"):
        restore_backup(database, tmp_path / "b.zip")
    assert everything(database) == before
    with pytest.raises(BackupRefused, match="已存在"):
        write_backup(database, tmp_path / "b.zip", AT)
    write_backup(database, tmp_path / "b.zip", AT + timedelta(1), force=True)
    with pytest.raises(BackupRefused, match="无法写入"):
        write_backup(database, tmp_path / "none/b.zip", AT)
    with pytest.raises(BackupRefused, match="无法读取"):
        read_manifest(tmp_path / "none.zip")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound backup."""
    folder = tmp_path_factory.mktemp("backup")
    database = Database.open(f"sqlite:///{folder}/t.db")
    database.create()
    fill(database)
    write_backup(database, folder / "b.zip", AT)
    database.close()
    return folder / "b.zip"


def rewritten(source: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A backup with other members, the digests made to agree again: what a forger could do."""
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    if "manifest.json" in members:
        manifest = json.loads(members["manifest.json"])
        for name, told in manifest["members"].items():
            told["sm3"] = digest_of(members[name])
        members["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target


def replace(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        assert old in members[name], members[name][:300]
        members[name] = members[name].replace(old, new, 1)

    return change


def without_last_event(members: dict[str, bytes]) -> None:
    *lines, _ = members["tables/event.jsonl"].splitlines(keepends=True)
    members["tables/event.jsonl"] = b"".join(lines)


FORGED: dict[str, tuple[Callable[[dict[str, bytes]], None], str]] = {
    "an event changed": (replace("tables/event.jsonl", b'\\"n\\":2', b'\\"n\\":3'), "第 3 个事件"),
    "an event gone": (without_last_event, "末尾缺少事件"),
    "a state changed": (replace("tables/case.jsonl", b'"submitted"', b'"closed"'), "检索列"),
    "no json": (replace("tables/draft.jsonl", b"{", b"["), "tables/draft.jsonl:1"),
    "an unknown column": (replace("tables/draft.jsonl", b'"owner"', b'"onwer"'), "draft.jsonl:1"),
    "a case unknown": (replace("tables/timer.jsonl", b"case0001", b"case0009"), "timer|不能写入"),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_backup_is_refused_with_the_place(name: str, whole: Path, tmp_path: Path) -> None:
    change, place = FORGED[name]
    forged = rewritten(whole, tmp_path / "forged.zip", change)
    database = Database.open(f"sqlite:///{tmp_path}/t.db")
    with pytest.raises(BackupRefused, match=place):
        restore_backup(database, forged)
    assert everything(database) == {}
    database.close()


def members_gone(members: dict[str, bytes]) -> None:
    del members["manifest.json"]


def newer(members: dict[str, bytes]) -> None:
    replace("manifest.json", b'"revision":"' + HEAD.encode(), b'"revision":"9999')(members)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(members_gone, "manifest.json 缺少", id="no manifest"),
        pytest.param(newer, "请升级本程序", id="newer"),
        pytest.param(replace("manifest.json", b"{", b""), "读不懂", id="no json"),
    ],
)
def test_a_manifest_that_does_not_do_is_refused(
    change: Callable[[dict[str, bytes]], None], words: str, whole: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(whole) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(BackupRefused, match=words):
        read_manifest(tmp_path / "b.zip")


def test_no_damage_of_bytes_goes_unnoticed(whole: Path, tmp_path: Path) -> None:
    """A flipped bit or a cut anywhere: refused, or without effect on what is read."""
    sound = whole.read_bytes()
    manifest = read_manifest(whole)
    damaged = tmp_path / "b.zip"

    @settings(max_examples=150)
    @given(st.integers(0, len(sound) - 1), st.integers(0, 8))
    def check(place: int, bit: int) -> None:
        changed = bytearray(sound)
        if bit == 8:
            del changed[place:]
        else:
            changed[place] ^= 1 << bit
        damaged.write_bytes(changed)
        try:
            read = read_manifest(damaged)
        except BackupRefused:
            return
        assert read == manifest

    check()


def test_members_are_hashed_by_the_national_standard(whole: Path) -> None:
    """Against another implementation of SM3, where this Python's OpenSSL has it."""
    if "sm3" not in hashlib.algorithms_available:
        pytest.skip("hashlib has no SM3 here")
    with zipfile.ZipFile(whole) as archive:
        told = json.loads(archive.read("manifest.json"))["members"]
        for name, member in told.items():
            assert hashlib.new("sm3", archive.read(name)).hexdigest() == member["sm3"]


def test_nothing_is_left_of_a_backup_that_failed(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_connection: object) -> None:
        raise RuntimeError("the database went away")

    monkeypatch.setattr("engine.store.backup.count_kept", fail)
    with pytest.raises(RuntimeError):
        write_backup(database, tmp_path / "b.zip", AT)
    assert list(tmp_path.glob("b.zip*")) == []
