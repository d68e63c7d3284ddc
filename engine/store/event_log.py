"""The event log: appended to, never changed; each event carries the hash of the one before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from engine.casework import Actor, Case, Event, fold
from engine.diagnostics import TongbanError
from engine.store.case_columns import Marks, lasting_values, marked_values, searched_values
from engine.store.chain import GENESIS, link
from engine.store.json_text import read_json, write_json
from engine.store.moments import write_moment
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
    connection: Connection,
    case: Case,
    events: Sequence[Event],
    *,
    version: int,
    marks: Marks | None = None,
) -> tuple[Recorded, ...]:
    """Appends `events` to a case that had `version` events; `case` is how it is after them.

    `marks` are searched for; without them those of before stay. Raises Conflict when the case has
    another number of events by now, and nothing is appended; KeyError for an unknown case.
    """
    rows = _chain(case.id, events, version, _take(connection, case.id, version))
    values = searched_values(case) | {
        "head": rows[-1]["hash"],
        "updated_at": write_moment(events[-1].at),
        **(marked_values(marks) if marks else {}),
    }
    if version == 0:
        began = {"submitted_at": write_moment(events[0].at), **lasting_values(connection, case)}
        connection.execute(insert(case_table).values(**began, **values))
    else:
        connection.execute(update(case_table).where(case_table.c.id == case.id).values(values))
    connection.execute(insert(event_table), rows)
    return tuple(
        Recorded(row["number"], event, row["hash"]) for row, event in zip(rows, events, strict=True)
    )


def _take(connection: Connection, case_id: str, version: int) -> str:
    """Locks the case at its version and gives the hash of its last event."""
    if version == 0:
        return GENESIS
    row = connection.execute(
        select(case_table.c.version, case_table.c.head)
        .where(case_table.c.id == case_id)
        .with_for_update(key_share=True)  # uploads, which only refer to the case, need not wait
    ).one_or_none()
    if row is None:
        raise KeyError(case_id)
    if row.version != version:
        raise Conflict(case_id)
    return str(row.head)


def _chain(case_id: str, events: Sequence[Event], version: int, head: str) -> list[dict[str, Any]]:
    rows = []
    for number, event in enumerate(events, version + 1):
        content = write_event(event)
        head = link(head, case_id, number, content)
        rows.append({"case_id": case_id, "number": number, "content": content, "hash": head})
    return rows


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
    data = read_json(content)
    at = datetime.fromisoformat(data["at"])
    return Event(data["kind"], at, Actor(*data["actor"]), data["to"], data["body"])
