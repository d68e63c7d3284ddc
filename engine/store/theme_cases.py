"""Applications for several matters at once (一件事): which cases were begun by one of them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Row,
    String,
    Table,
    Text,
    insert,
    select,
)

from engine.store.json_text import write_json
from engine.store.moments import MOMENT_LENGTH, read_moment, write_moment
from engine.store.tables import metadata

theme_case_table = Table(
    "theme_case",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("theme", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column(
        "content", Text, nullable=False
    ),  # JSON: the application as posted, and what is not needed
    Column("submitted_at", String(MOMENT_LENGTH), nullable=False),
    Index(None, "owner"),
)
theme_part_table = Table(
    "theme_part",
    metadata,
    Column("theme_case_id", String(64), ForeignKey("theme_case.id"), primary_key=True),
    Column("case_id", String(32), ForeignKey("case.id"), primary_key=True),
    Column("part", String(64), nullable=False),
    Index(None, "case_id"),
)


@dataclass(frozen=True, slots=True)
class StoredThemeCase:
    """One application for a theme; `cases` by part."""

    id: str
    theme: str
    title: str
    owner: str
    content: Mapping[str, Any]
    submitted_at: datetime
    cases: Mapping[str, str]


def begin_theme_case(
    connection: Connection,
    identity: str,
    theme: str,
    title: str,
    owner: str,
    content: Mapping[str, Any],
    at: datetime,
) -> None:
    """Keeps one before its cases are begun; one that is kept already stays as it is."""
    known = select(theme_case_table.c.id).where(theme_case_table.c.id == identity)
    if connection.execute(known).scalar_one_or_none() is not None:
        return
    row = {
        "id": identity,
        "theme": theme,
        "title": title,
        "owner": owner,
        "content": write_json(content),
        "submitted_at": write_moment(at),
    }
    connection.execute(insert(theme_case_table).values(row))


def add_theme_part(connection: Connection, identity: str, part: str, case_id: str) -> None:
    """Joins a case to its theme case; once."""
    mine = (theme_part_table.c.theme_case_id == identity) & (theme_part_table.c.case_id == case_id)
    if connection.execute(select(theme_part_table.c.part).where(mine)).one_or_none() is None:
        row = {"theme_case_id": identity, "case_id": case_id, "part": part}
        connection.execute(insert(theme_part_table).values(row))


def read_theme_case(connection: Connection, identity: str) -> StoredThemeCase:
    """Raises KeyError."""
    query = select(theme_case_table).where(theme_case_table.c.id == identity)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise KeyError(identity)
    return _stored(connection, row)


def theme_cases_of(connection: Connection, owner: str) -> tuple[StoredThemeCase, ...]:
    """Somebody's, the last handed in first."""
    query = select(theme_case_table).where(theme_case_table.c.owner == owner)
    rows = connection.execute(query.order_by(theme_case_table.c.submitted_at.desc())).all()
    return tuple(_stored(connection, row) for row in rows)


def theme_case_of(connection: Connection, case_id: str) -> str | None:
    """The theme case that a case is a part of; None for a case that was asked for alone."""
    query = select(theme_part_table.c.theme_case_id).where(theme_part_table.c.case_id == case_id)
    return connection.execute(query).scalar_one_or_none()


def _stored(connection: Connection, row: Row[Any]) -> StoredThemeCase:
    query = select(theme_part_table).where(theme_part_table.c.theme_case_id == row.id)
    parts: Iterable[Row[Any]] = connection.execute(query.order_by(theme_part_table.c.part)).all()
    return StoredThemeCase(
        row.id,
        row.theme,
        row.title,
        row.owner,
        json.loads(row.content),
        read_moment(row.submitted_at),
        {part.part: part.case_id for part in parts},
    )
