"""Work that is due, claimed by one worker at a time.

A claim is a lease: whoever is killed while holding one loses it when it ends, and another worker
takes the work. Moments come from the workers; their clocks must agree to within the lease.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    Row,
    String,
    Table,
    Text,
    and_,
    bindparam,
    or_,
    select,
    update,
)

from engine.store.moments import MOMENT_LENGTH, write_moment

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 12
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=6)


def claim_columns() -> tuple[Column[Any], ...]:
    """What a table of claimable work has beside what the work is."""
    return (
        Column("due", String(MOMENT_LENGTH), nullable=False),  # not before; "" is at once
        Column("attempts", Integer, nullable=False, default=0, server_default="0"),
        Column("claimed_by", String(100)),
        Column("claimed_until", String(MOMENT_LENGTH)),
        Column("done_at", String(MOMENT_LENGTH)),
        Column("error", Text, nullable=False, default="", server_default=""),
    )


def claim_rows(
    connection: Connection,
    table: Table,
    now: datetime,
    worker: str,
    *,
    limit: int,
    lease: timedelta,
    where: Iterable[ColumnElement[bool]] = (),
) -> list[Row[Any]]:
    """Takes at most `limit` rows that are due and that nobody holds, the longest due first.

    Each attempt is counted when it begins: work that kills its worker ends among the stuck too.
    `attempts` in the rows given is the number before this attempt.
    """
    moment = write_moment(now)
    keys = list(table.primary_key.columns)
    found = connection.execute(
        select(table)
        .where(is_open(table, moment), table.c.due <= moment, *where)
        .order_by(table.c.due, *keys)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if found:
        connection.execute(
            update(table)
            .where(*(key == bindparam(f"key_{key.name}") for key in keys))
            .values(
                claimed_by=worker,
                claimed_until=write_moment(now + lease),
                attempts=table.c.attempts + 1,
            ),
            [{f"key_{key.name}": row._mapping[key.name] for key in keys} for row in found],
        )
    return list(found)


def is_open(table: Table, moment: str) -> ColumnElement[bool]:
    """Neither done, nor given up, nor held by somebody at the moment."""
    return and_(
        table.c.done_at.is_(None),
        table.c.attempts < MAX_ATTEMPTS,
        or_(table.c.claimed_until.is_(None), table.c.claimed_until <= moment),
    )


def is_stuck(table: Table, moment: str) -> ColumnElement[bool]:
    """Given up: tried as often as is allowed, and not done."""
    return and_(
        table.c.done_at.is_(None),
        table.c.attempts >= MAX_ATTEMPTS,
        or_(table.c.claimed_until.is_(None), table.c.claimed_until <= moment),
    )


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: 30 s, doubled each time, at most 6 h."""
    doubled: int = 2 ** min(max(attempts - 1, 0), 20)
    return min(_FIRST_WAIT * doubled, _LONGEST_WAIT)
