"""Finding cases: work lists, the public's number, cases of one applicant.

Text is found by LIKE: full-text search of SQLite knows no Chinese word of two characters. Lists go
on by what the last row had, not by counting rows, so that a page stays right while cases move.
"""

import base64
import binascii
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, or_, select, tuple_

from engine.diagnostics import TongbanError
from engine.store.applicants import applicant_digest
from engine.store.json_text import storable
from engine.store.moments import read_day, read_moment, write_day
from engine.store.tables import NO_DAY, case_table

Card = Literal["", "yellow", "red"]
Order = Literal["due", "newest"]
_CARDS: tuple[Card, ...] = ("yellow", "red")
_MOST = 500  # rows of a page


class BadCursor(TongbanError):
    """What should say where a list goes on was not given out by it."""

    def __init__(self) -> None:
        super().__init__(
            "翻页位置无效，请回到第一页 / the place in the list is unknown, begin again"
        )


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for; empty means any. `on` is the day whose cards count.

    `text` is looked for in number, title, applicant and premises; each word must be found.
    """

    on: date
    departments: Collection[str] = ()
    states: Collection[str] = ()
    not_states: Collection[str] = ()
    matters: Collection[str] = ()
    handler: str = ""
    owner: str = ""
    region: str = ""
    text: str = ""
    card: Card = ""
    due_until: date | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One case in a list."""

    id: str
    number: str
    version: int
    matter: str
    title: str
    region: str
    department: str
    state: str
    owner: str
    applicant: str
    handler: str
    premises: str
    due: date | None
    card: Card
    submitted_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list; `following` continues it, "" where it ends."""

    rows: tuple[Listed, ...]
    following: str = ""


def search_cases(
    connection: Connection,
    search: Search,
    *,
    order: Order = "due",
    limit: int = 50,
    after: str = "",
) -> Page:
    """Cases by due day, those without one last; or the last changed first. Raises BadCursor.

    `after` is what `Page.following` of the page before was.
    """
    by = case_table.c.due if order == "due" else case_table.c.updated_at
    key = tuple_(by, case_table.c.id)
    query = select(case_table).where(*_conditions(search))
    if after:
        last = tuple_(*_read_cursor(after, order))
        query = query.where(key > last if order == "due" else key < last)
    columns = (by, case_table.c.id)
    ordered = query.order_by(*(columns if order == "due" else [c.desc() for c in columns]))
    limit = max(1, min(limit, _MOST))
    rows = connection.execute(ordered.limit(limit + 1)).all()
    more = len(rows) > limit
    kept = rows[:limit]
    following = _write_cursor(order, kept[-1]._mapping[by.name], kept[-1].id) if more else ""
    return Page(tuple(_listed(row, search.on) for row in kept), following)


def count_states(connection: Connection, search: Search) -> dict[str, int]:
    """How many cases there are in each state."""
    query = select(case_table.c.state, func.count()).where(*_conditions(search))
    rows = connection.execute(query.group_by(case_table.c.state).order_by(case_table.c.state))
    return {row.state: row[1] for row in rows}


def count_cards(connection: Connection, search: Search) -> dict[Card, int]:
    """How many cases have which card on the day of the search."""
    columns = [func.count(case((_has_card(card, search.on), 1))) for card in _CARDS]
    row = connection.execute(select(*columns).where(*_conditions(search))).one()
    return dict(zip(_CARDS, row, strict=True))


def case_by_number(connection: Connection, number: str) -> str:
    """The id of the case of a number (办件编号). Raises KeyError."""
    query = select(case_table.c.id).where(case_table.c.number == number)
    found = connection.execute(query).scalar_one_or_none()
    if found is None:
        raise KeyError(number)
    return str(found)


def cases_of_applicant(
    connection: Connection,
    id_number: str,
    *,
    on: date,
    matter: str = "",
    not_states: Collection[str] = (),
) -> tuple[Listed, ...]:
    """Cases of one applicant, the last first: whether an application is there already (查重)."""
    digest = applicant_digest(connection, id_number)
    if not digest:
        return ()
    where = [case_table.c.applicant_digest == digest]
    if matter:
        where.append(case_table.c.matter == matter)
    if not_states:
        where.append(case_table.c.state.not_in(sorted(not_states)))
    query = select(case_table).where(*where)
    ordered = query.order_by(case_table.c.submitted_at.desc(), case_table.c.id)
    return tuple(_listed(row, on) for row in connection.execute(ordered))


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    c = case_table.c
    found: list[ColumnElement[bool]] = []
    for column, values in (
        (c.department, search.departments),
        (c.state, search.states),
        (c.matter, search.matters),
    ):
        if values:
            found.append(column.in_(sorted(values)))
    if search.not_states:
        found.append(c.state.not_in(sorted(search.not_states)))
    for column, value in (
        (c.handler, search.handler),
        (c.owner, search.owner),
        (c.region, search.region),
    ):
        if value:
            found.append(column == value)
    if search.due_until is not None:
        found.append(c.due <= search.due_until.isoformat())
    if search.card:
        found.append(_has_card(search.card, search.on))
    found.extend(_has_word(word) for word in storable(search.text).split())
    return found


def _has_word(word: str) -> ColumnElement[bool]:
    c = case_table.c
    return or_(
        *(
            column.contains(word, autoescape=True)
            for column in (c.number, c.title, c.applicant, c.premises)
        )
    )


def _has_card(card: Card, on: date) -> ColumnElement[bool]:
    day = write_day(on)
    red = case_table.c.red_from <= day
    if card == "red":
        return red
    return and_(case_table.c.yellow_from <= day, ~red)


def _listed(row: Row[Any], on: date) -> Listed:
    day = on.isoformat()
    card: Card = "red" if row.red_from <= day else "yellow" if row.yellow_from <= day else ""
    return Listed(
        id=row.id,
        number=row.number,
        version=row.version,
        matter=row.matter,
        title=row.title,
        region=row.region,
        department=row.department,
        state=row.state,
        owner=row.owner,
        applicant=row.applicant,
        handler=row.handler,
        premises=row.premises,
        due=None if row.due == NO_DAY else read_day(row.due),
        card=card,
        submitted_at=read_moment(row.submitted_at),
        updated_at=read_moment(row.updated_at),
    )


def _write_cursor(order: Order, value: str, identity: str) -> str:
    text = json.dumps([order, value, identity])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str, order: Order) -> tuple[str, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        read = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise BadCursor from None
    whole = isinstance(read, list) and len(read) == 3 and all(isinstance(v, str) for v in read)
    if not whole or read[0] != order or any(storable(text) != text for text in read):
        raise BadCursor
    return read[1], read[2]
