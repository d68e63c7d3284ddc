"""Databases of every older shape are brought to today's and back, with what is in them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, column, inspect, select, table, text

from engine.store import Database, Search, cases_of_applicant, search_cases, verify_case
from engine.store.chain import link
from engine.store.revisions import (
    HEAD,
    DatabaseNotCurrent,
    RevisionUnknown,
    downgrade_connection,
    read_revision,
    require_head,
    upgrade_connection,
)
from engine.store.schema import metadata
from stored_cases import AT, begin, submission

MIGRATIONS = Path(__file__).parent.parent / "engine/store/migrations"
REVISIONS = [path.stem[1:5] for path in sorted((MIGRATIONS / "versions").glob("r*.py"))]
NUMBER = "92370811MA3C00011H"


def to(database: Database, revision: str) -> None:
    with database.write() as connection:
        if revision == "base" or read_revision(connection) > revision:
            downgrade_connection(connection, revision)
        else:
            upgrade_connection(connection, revision)


def contents(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table there is, however it is called."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for kept in inspect(connection).get_table_names():
        if kept != "alembic_version":
            names = sorted(c["name"] for c in inspect(connection).get_columns(kept))
            columns: list[Any] = [column(name) for name in names]
            query: Any = select(*columns).select_from(table(kept))
            found[kept] = sorted(map(tuple, connection.execute(query)), key=repr)
    return found


def shape(connection: Connection) -> dict[str, Any]:
    """Tables with their columns and indexes, as the database tells them."""
    inspector = inspect(connection)
    return {
        name: (
            sorted((c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(name)),
            sorted(str(i["name"]) for i in inspector.get_indexes(name)),
            inspector.get_pk_constraint(name)["constrained_columns"],
        )
        for name in inspector.get_table_names()
    }


def fill_first_shape(connection: Connection) -> None:
    """Two cases as the first revision held them, with moments of China."""
    from engine.store.event_log import write_event

    for number in (1, 2):
        event = submission(number)
        content = write_event(event)
        head = link("0" * 64, event.body["case"], 1, content)
        row = {key: event.body[key] for key in ("number", "matter", "title", "region", "owner")}
        row |= {"id": event.body["case"], "department": "区疾控局", "state": "submitted"}
        row |= {"version": 1, "head": head}
        row |= {"submitted_at": event.at.isoformat(), "updated_at": event.at.isoformat()}
        insert(connection, "case", row)
        insert(
            connection,
            "event",
            {"case_id": row["id"], "number": 1, "content": content, "hash": head},
        )
        insert(
            connection,
            "command",
            {"key": f"k{number}", "case_id": row["id"], "content": "", "number": 1},
        )
    insert(connection, "counter", {"name": "n", "value": 2})
    insert(connection, "snapshot", {"digest": "d", "content": "{}"})


def insert(connection: Connection, name: str, row: dict[str, Any]) -> None:
    quoted = table(name, *map(column, row))
    connection.execute(quoted.insert().values(row))


def test_the_tables_declared_are_the_tables_migrated(database: Database) -> None:
    with database.read() as connection:
        # SQLite tells a default in other words than it was given; PostgreSQL speaks for both.
        told = {"compare_type": True, "compare_server_default": not database.is_sqlite}
        context = MigrationContext.configure(connection, opts=told)
        differences = compare_metadata(context, metadata)
    assert differences == [], "engine/store/tables.py and the revisions differ: add a revision"


def test_head_is_the_last_revision_and_there_is_one_line() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    assert script.get_heads() == [HEAD]
    assert [r.revision for r in script.walk_revisions()][::-1] == REVISIONS


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_revision_is_the_same_up_and_down(empty_url: str, revision: str) -> None:
    database = Database.open(empty_url)
    to(database, revision)
    with database.read() as connection:
        before = shape(connection)
    to(database, HEAD)
    to(database, revision)
    with database.read() as connection:
        assert shape(connection) == before
        assert read_revision(connection) == revision
    to(database, "base")
    with database.read() as connection:
        assert set(shape(connection)) <= {"alembic_version"}
    to(database, HEAD)
    database.require_current()
    database.close()


def test_old_cases_are_found_by_their_applicant_after_going_up(empty_url: str) -> None:
    database = Database.open(empty_url)
    to(database, "0001")
    with database.write() as connection:
        fill_first_shape(connection)
    with database.read() as connection:
        old = contents(connection)
        with pytest.raises(DatabaseNotCurrent, match="tongban db upgrade"):
            require_head(connection)
    to(database, HEAD)
    with database.read() as connection:
        page = search_cases(connection, Search(AT.date(), text="示例美发"))
        assert [row.id for row in page.rows] == ["case0001", "case0002"]
        assert page.rows[0].submitted_at == submission(1).at
        assert page.rows[0].due is None
        assert len(cases_of_applicant(connection, NUMBER, on=AT.date())) == 2
        assert verify_case(connection, "case0001") is None
    to(database, "0001")
    with database.read() as connection:
        new = contents(connection)
    assert {name: rows for name, rows in new.items() if name != "case"} == {
        name: rows for name, rows in old.items() if name != "case"
    }
    assert instants(new) == instants(old)
    database.close()


def instants(found: dict[str, list[tuple[Any, ...]]]) -> list[list[object]]:
    """The rows of cases, moments compared as moments."""
    from datetime import datetime

    def read(value: object) -> object:
        is_moment = isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value)
        return datetime.fromisoformat(str(value)) if is_moment else value

    return [[read(value) for value in row] for row in found["case"]]


def test_going_down_and_up_again_keeps_what_the_older_shape_holds(database: Database) -> None:
    for number in (1, 2, 3):
        begin(database, number)
    with database.read() as connection:
        old = contents(connection)
    for revision in reversed(REVISIONS):
        to(database, revision)
    to(database, HEAD)
    with database.read() as connection:
        new = contents(connection)
        assert [verify_case(connection, f"case000{n}") for n in (1, 2, 3)] == [None] * 3
        found = cases_of_applicant(connection, NUMBER, on=AT.date())
    assert len(found) == 3
    assert new["event"] == old["event"]


def test_a_failed_migration_leaves_nothing(empty_url: str) -> None:
    database = Database.open(empty_url)
    to(database, "0001")
    with database.write() as connection:
        fill_first_shape(connection)
        connection.execute(text("UPDATE event SET content = '{'"))  # no JSON: 0002 cannot go on
    with database.read() as connection:
        before = shape(connection), contents(connection)
    with pytest.raises(json.JSONDecodeError):
        to(database, HEAD)
    with database.read() as connection:
        assert (shape(connection), contents(connection)) == before
        assert read_revision(connection) == "0001"
    database.close()


def test_what_does_not_fit_is_refused_with_the_way_out(empty_url: str) -> None:
    database = Database.open(empty_url)
    with pytest.raises(DatabaseNotCurrent, match="空"):
        database.require_current()
    with pytest.raises(RevisionUnknown, match="0001 至"):
        to(database, "0003x")
    database.create()
    database.create()
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseNotCurrent, match="请升级本程序"):
        database.require_current()
    with pytest.raises(DatabaseNotCurrent, match="请升级本程序"):
        database.create()
    database.close()
