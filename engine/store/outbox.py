"""The outbox: effects written with the event they follow from, delivered by workers afterwards.

At least once: a worker killed between delivering and saying so delivers again, and the receiver
knows by `Effect.key` that it did this already.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from engine.casework import Effect
from engine.diagnostics import TongbanError
from engine.store.claims import LEASE, MAX_ATTEMPTS, claim_rows, is_stuck, wait_after
from engine.store.database import Database
from engine.store.json_text import read_json, write_json
from engine.store.moments import write_moment
from engine.store.tables import effect_table


class EffectReused(TongbanError):
    """The key of an effect stands for another one already."""


@dataclass(frozen=True, slots=True)
class ClaimedEffect:
    """An effect that a worker holds. `attempts` counts this one too."""

    case_id: str
    effect: Effect
    attempts: int = 0
    worker: str = ""
    error: str = ""


def put_effects(connection: Connection, case_id: str, effects: Iterable[Effect]) -> None:
    """Keeps effects for delivery, in the transaction of their event.

    One that is there already is not put again. Raises EffectReused when its key stands for
    something else: dropping it would lose a message.
    """
    rows = {effect.key: _row(case_id, effect) for effect in effects}
    if not rows:
        return
    query = select(effect_table).where(effect_table.c.key.in_(sorted(rows)))
    for kept in connection.execute(query):
        wanted = rows.pop(kept.key)
        if any(kept._mapping[name] != wanted[name] for name in ("case_id", "topic", "body")):
            raise EffectReused(
                f"消息编号 {kept.key} 已用于另一条消息 / this key stands for another message"
            )
    if rows:
        connection.execute(insert(effect_table), list(rows.values()))


def claim_effects(
    database: Database,
    now: datetime,
    worker: str,
    *,
    limit: int = 20,
    lease: timedelta = LEASE,
    topics: Collection[str] = (),
) -> tuple[ClaimedEffect, ...]:
    """Takes effects to deliver that no other worker holds, for the length of the lease.

    `topics` takes only those; without it any. Afterwards `mark_delivered` or `mark_failed`.
    """
    where = [effect_table.c.topic.in_(sorted(topics))] if topics else []
    with database.write() as connection:
        rows = claim_rows(
            connection, effect_table, now, worker, limit=limit, lease=lease, where=where
        )
    return tuple(ClaimedEffect(row.case_id, _effect(row), row.attempts + 1, worker) for row in rows)


def mark_delivered(connection: Connection, claimed: ClaimedEffect, now: datetime) -> None:
    """The receiver took it: it is not claimed again."""
    connection.execute(
        update(effect_table)
        .where(effect_table.c.key == claimed.effect.key, effect_table.c.done_at.is_(None))
        .values(done_at=write_moment(now), claimed_by=None, claimed_until=None, error="")
    )


def mark_failed(
    connection: Connection,
    claimed: ClaimedEffect,
    error: str,
    now: datetime,
    *,
    retry_at: datetime | None = None,
    is_final: bool = False,
) -> None:
    """It was not delivered: again at `retry_at`, by default after 30 s, doubled each time.

    After 12 attempts, or at once with `is_final`, it lies among the dead letters. Says nothing
    about an effect that another worker holds by now.
    """
    due = write_moment(retry_at or now + wait_after(claimed.attempts))
    attempts = MAX_ATTEMPTS if is_final else claimed.attempts
    connection.execute(
        update(effect_table)
        .where(
            effect_table.c.key == claimed.effect.key,
            effect_table.c.claimed_by == claimed.worker,
            effect_table.c.done_at.is_(None),
        )
        .values(due=due, attempts=attempts, error=error, claimed_by=None, claimed_until=None)
    )


def dead_letters(connection: Connection, now: datetime) -> tuple[ClaimedEffect, ...]:
    """What was given up, oldest first, with the last error."""
    query = select(effect_table).where(is_stuck(effect_table, write_moment(now)))
    rows = connection.execute(query.order_by(effect_table.c.number))
    return tuple(
        ClaimedEffect(row.case_id, _effect(row), row.attempts, error=row.error) for row in rows
    )


def retry_effect(connection: Connection, key: str) -> bool:
    """Lets a dead letter be delivered again at once; false when there is none of this key."""
    done = connection.execute(
        update(effect_table)
        .where(effect_table.c.key == key, effect_table.c.done_at.is_(None))
        .values(due="", attempts=0, claimed_by=None, claimed_until=None, error="")
    )
    return done.rowcount == 1


def effects_in(connection: Connection, case_id: str) -> tuple[tuple[Effect, bool], ...]:
    """The effects of a case in order, each with whether it is delivered."""
    query = select(effect_table).where(effect_table.c.case_id == case_id)
    rows = connection.execute(query.order_by(effect_table.c.number))
    return tuple((_effect(row), row.done_at is not None) for row in rows)


def _row(case_id: str, effect: Effect) -> dict[str, Any]:
    return {
        "key": effect.key,
        "case_id": case_id,
        "topic": effect.topic,
        "body": write_json(effect.body),
        "due": "",
    }


def _effect(row: Row[Any]) -> Effect:
    return Effect(row.topic, row.key, read_json(row.body))
