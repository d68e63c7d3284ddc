"""The event log: appended to, never changed; each event carries the hash of the one before."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from engine.casework import Actor, Case, Event, fold
from engine.diagnostics import TongbanError
from engine.store.chain import GENESIS, link
from engine.store.json_text import write_json
from engine.store.tables import case_table, event_table


class Conflict(TongbanError):
    """Somebody else has moved the case on meanwhile: read it again and decide anew."""

    def __init__(self, case: str) -> None:
        super().__init__(
            "办件刚刚已由他人办理，请刷新后再试 / the case was changed meanwhile, please reload"
        )
        self.case = case


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with its number (from 1) and its hash."""

    number: int
    event: Event
    hash: str


def append(
    connection: Connection, case: Case, events: Sequence[Event], *, version: int
) -> tuple[Recorded, ...]:
    """Appends `events` to a case that had `version` events; `case` is how it is after them.

    Raises Conflict when it has another number of events by now, and nothing is appended.
    """
    head = _take(connection, case, version, events[0].at.isoformat())
    recorded = []
    for number, event in enumerate(events, version + 1):
        content = write_event(event)
        head = link(head, case.id, number, content)
        recorded.append(Recorded(number, event, head))
        row = {"case_id": case.id, "number": number, "content": content, "hash": head}
        connection.execute(insert(event_table).values(row))
    connection.execute(
        update(case_table)
        .where(case_table.c.id == case.id)
        .values(head=head, updated_at=events[-1].at.isoformat(), **_searched(case))
    )
    return tuple(recorded)


def _take(connection: Connection, case: Case, version: int, at: str) -> str:
    """Locks the case at its version and gives the hash of its last event."""
    if version == 0:
        moment = {"submitted_at": at, "updated_at": at, "head": GENESIS}
        connection.execute(insert(case_table).values(**moment, **_searched(case)))
        return GENESIS
    row = connection.execute(
        select(case_table.c.version, case_table.c.head)
        .where(case_table.c.id == case.id)
        .with_for_update()
    ).one()
    if row.version != version:
        raise Conflict(case.id)
    return str(row.head)


def _searched(case: Case) -> dict[str, Any]:
    names = ("id", "number", "version", "matter", "title", "region", "department", "state", "owner")
    return {name: getattr(case, name) for name in names}


def head_of(connection: Connection, case: str) -> tuple[int, str]:
    """How many events a case has, and the hash of the last. Raises KeyError."""
    columns = (case_table.c.version, case_table.c.head)
    row = connection.execute(select(*columns).where(case_table.c.id == case)).one_or_none()
    if row is None:
        raise KeyError(case)
    return row.version, row.head


def read_case(connection: Connection, case: str) -> tuple[Recorded, ...]:
    """All events of a case in order. Raises KeyError for an unknown case."""
    rows = connection.execute(
        select(event_table).where(event_table.c.case_id == case).order_by(event_table.c.number)
    ).all()
    if not rows:
        raise KeyError(case)
    return tuple(Recorded(row.number, read_event(row.content), row.hash) for row in rows)


def verify_case(connection: Connection, case: str) -> int | None:
    """The number of the first event that the chain does not bear out; None when all is well."""
    rows = connection.execute(
        select(event_table).where(event_table.c.case_id == case).order_by(event_table.c.number)
    ).all()
    head = GENESIS
    for expected, row in enumerate(rows, 1):
        head = link(head, case, expected, row.content)
        if row.number != expected or row.hash != head:
            return expected
    version, last = head_of(connection, case)
    return None if (version, last) == (len(rows), head) else len(rows) + 1


def fold_case(recorded: Sequence[Recorded]) -> Case:
    """The case as these events leave it."""
    return fold(one.event for one in recorded)


def write_event(event: Event) -> str:
    """An event as text: the one way of writing it, so that its hash means something."""
    actor = [event.actor.name, event.actor.role, event.actor.department]
    return write_json(
        {
            "kind": event.kind,
            "at": event.at.isoformat(),
            "actor": actor,
            "to": event.to,
            "body": event.body,
        }
    )


def read_event(content: str) -> Event:
    """The event in a text that `write_event` wrote."""
    data = json.loads(content)
    at = datetime.fromisoformat(data["at"])
    return Event(data["kind"], at, Actor(*data["actor"]), data["to"], data["body"])
