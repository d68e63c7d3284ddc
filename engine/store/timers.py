"""Timers in their table: kept in step with the case, claimed by one worker when they are due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from engine.casework import Timer
from engine.store.claims import LEASE, claim_rows, is_stuck, wait_after
from engine.store.database import Database
from engine.store.json_text import read_json, write_json
from engine.store.moments import read_moment, write_moment
from engine.store.tables import timer_table

_NEW = {"attempts": 0, "claimed_by": None, "claimed_until": None, "done_at": None, "error": ""}


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A timer that a worker holds. `attempts` counts this one too."""

    case_id: str
    timer: Timer
    attempts: int = 0
    error: str = ""

    @property
    def key(self) -> str:
        """The key of the command to give: the same however often the timer is claimed."""
        return f"timer:{self.case_id}:{self.timer.id}:{write_moment(self.timer.due)}"


def set_timers(connection: Connection, case_id: str, timers: Iterable[Timer]) -> None:
    """Makes these the timers of a case, in the transaction of its events.

    What did not change is left alone: a timer that fired stays fired, a claim stays claimed.
    Raises ValueError when two have the same id.
    """
    given = tuple(timers)
    wanted = {timer.id: _row(case_id, timer) for timer in given}
    if len(wanted) != len(given):
        raise ValueError(f"two timers of one id in case {case_id}")
    query = select(timer_table).where(timer_table.c.case_id == case_id)
    kept = {row.id: row for row in connection.execute(query)}
    if gone := kept.keys() - wanted.keys():
        connection.execute(
            delete(timer_table).where(
                timer_table.c.case_id == case_id, timer_table.c.id.in_(sorted(gone))
            )
        )
    if new := [wanted[name] for name in wanted.keys() - kept.keys()]:
        connection.execute(insert(timer_table), new)
    for name in wanted.keys() & kept.keys():
        if _differs(kept[name], wanted[name]):
            connection.execute(update(timer_table).where(*_is(case_id, name)).values(wanted[name]))


def timers_in(connection: Connection, case_id: str) -> tuple[Timer, ...]:
    """The timers of a case that have not fired, the next one first."""
    query = select(timer_table).where(
        timer_table.c.case_id == case_id, timer_table.c.done_at.is_(None)
    )
    rows = connection.execute(query.order_by(timer_table.c.due, timer_table.c.id))
    return tuple(_timer(row) for row in rows)


def claim_timers(
    database: Database, now: datetime, worker: str, *, limit: int = 20, lease: timedelta = LEASE
) -> tuple[DueTimer, ...]:
    """Takes timers that are due and that no other worker holds, for the length of the lease.

    Give their command with `DueTimer.key`, then `settle_timer`; on a failure `postpone_timer`.
    """
    with database.write() as connection:
        rows = claim_rows(connection, timer_table, now, worker, limit=limit, lease=lease)
    return tuple(DueTimer(row.case_id, _timer(row), row.attempts + 1) for row in rows)


def settle_timer(connection: Connection, due: DueTimer, now: datetime) -> None:
    """The timer has fired, or can no longer. One set anew meanwhile, with another due, stays."""
    connection.execute(
        update(timer_table)
        .where(*_same(due))
        .values(done_at=write_moment(now), claimed_by=None, claimed_until=None, error="")
    )


def postpone_timer(connection: Connection, due: DueTimer, error: str, now: datetime) -> None:
    """The timer could not fire: it is claimed again later; after 12 attempts it is stuck."""
    connection.execute(
        update(timer_table)
        .where(*_same(due), timer_table.c.done_at.is_(None))
        .values(claimed_until=write_moment(now + wait_after(due.attempts)), error=error)
    )


def stuck_timers(connection: Connection, now: datetime) -> tuple[DueTimer, ...]:
    """Timers that were given up, with the last error."""
    query = select(timer_table).where(is_stuck(timer_table, write_moment(now)))
    rows = connection.execute(query.order_by(timer_table.c.due, timer_table.c.id))
    return tuple(DueTimer(row.case_id, _timer(row), row.attempts, row.error) for row in rows)


def retry_timer(connection: Connection, case_id: str, timer_id: str) -> bool:
    """Lets a stuck timer be claimed again; false when there is none that waits."""
    done = connection.execute(
        update(timer_table)
        .where(*_is(case_id, timer_id), timer_table.c.done_at.is_(None))
        .values(_NEW)
    )
    return done.rowcount == 1


def _row(case_id: str, timer: Timer) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "id": timer.id,
        "do": timer.do,
        "body": write_json(timer.body),
        "due": write_moment(timer.due),
        **_NEW,
    }


def _timer(row: Row[Any]) -> Timer:
    return Timer(row.id, row.do, read_moment(row.due), read_json(row.body))


def _differs(kept: Row[Any], wanted: dict[str, Any]) -> bool:
    return any(kept._mapping[name] != wanted[name] for name in ("do", "body", "due"))


def _is(case_id: str, timer_id: str) -> tuple[Any, ...]:
    return (timer_table.c.case_id == case_id, timer_table.c.id == timer_id)


def _same(due: DueTimer) -> tuple[Any, ...]:
    when = timer_table.c.due == write_moment(due.timer.due)
    return (*_is(due.case_id, due.timer.id), when)
