"""Definitions as they were are recalled as they were, each text kept once."""

import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

import small_workspace
from engine.store import Database
from engine.store.snapshots import keep_snapshot, recall_snapshot
from engine.store.verifying import verify_all

MATTER = "rulesets/matters/sample.yaml"


def count(database: Database, table: str) -> int:
    with database.read() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_an_older_version_is_recalled_and_what_did_not_change_is_kept_once(
    database: Database, tmp_path: Path
) -> None:
    old = small_workspace.make(tmp_path)
    new = old.with_text(MATTER, small_workspace.matter(("示例许可", "新示例许可")))
    with database.write() as connection:
        first = keep_snapshot(connection, old)
        kept = connection.execute(text("SELECT count(*) FROM definition_text")).scalar_one()
        second = keep_snapshot(connection, new)
        assert keep_snapshot(connection, old) == first != second
    assert count(database, "definition_text") == kept + 1
    assert count(database, "snapshot") == 2
    with database.read() as connection:
        recalled = recall_snapshot(connection, new, first)
        assert {n: f.text for n, f in recalled.files.items()} == {
            n: f.text for n, f in old.files.items()
        }
        with pytest.raises(KeyError):
            recall_snapshot(connection, new, "0" * 64)
        assert list(verify_all(connection)) == []
    with database.write() as connection:
        connection.execute(text("UPDATE definition_text SET content = content || ' '"))
        assert len(list(verify_all(connection))) == kept + 1


def test_few_statements_are_sent_however_many_files(database: Database, tmp_path: Path) -> None:
    workspace = small_workspace.make(tmp_path)
    sent: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def _count(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    with database.write() as connection:
        keep_snapshot(connection, workspace)
    assert len([s for s in sent if not s.startswith("BEGIN")]) == 3


def test_two_who_keep_the_same_at_once_do_not_block_one_another(
    database: Database, tmp_path: Path
) -> None:
    old = small_workspace.make(tmp_path)
    new = old.with_text(MATTER, small_workspace.matter(("示例许可", "新示例许可")))
    barrier = threading.Barrier(4)
    found: list[str] = []

    def keep(mine: int) -> None:
        barrier.wait()
        with database.write() as connection:
            found.append(keep_snapshot(connection, (old, new)[mine % 2]))

    threads = [threading.Thread(target=keep, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == count(database, "snapshot") == 2
