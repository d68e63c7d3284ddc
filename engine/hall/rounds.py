"""The rounds of a worker: timers that are due, and messages that wait to be delivered.

Any number of workers may go round at once, and each may be killed at any moment: a claim is a lease,
a timer's command has one key, a message has one key.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeVar

from engine.casework import THE_CLOCK, Command, CommandRefused
from engine.diagnostics import TongbanError
from engine.hooks import Message, deliver_message
from engine.store import (
    ClaimedEffect,
    Conflict,
    DueTimer,
    claim_effects,
    claim_timers,
    mark_delivered,
    mark_failed,
    postpone_timer,
    settle_timer,
)

if TYPE_CHECKING:
    from engine.hall.hall import Hall

_log = logging.getLogger("tongban.hall")
_T = TypeVar("_T")
_BATCH: Final = 20
_TRIES: Final = 3  # a case that people move on at the same moment is read again


def fire_timers(hall: "Hall", now: datetime, worker: str) -> int:
    """Gives the command of every timer that is due; how many fired or can no longer."""
    return _work_off(
        lambda: claim_timers(hall.database, now, worker, limit=_BATCH),
        lambda due: _fire(hall, due, now),
    )


def deliver_effects(hall: "Hall", now: datetime, worker: str) -> int:
    """Hands every waiting message to the plugins; how many were taken."""
    return _work_off(
        lambda: claim_effects(hall.database, now, worker, limit=_BATCH),
        lambda claimed: _deliver(hall, claimed, now),
    )


def _work_off(claim: Callable[[], tuple[_T, ...]], do: Callable[[_T], bool]) -> int:
    done = 0
    while claimed := claim():
        done += sum([do(one) for one in claimed])
    return done


def _fire(hall: "Hall", due: DueTimer, now: datetime) -> bool:
    timer = due.timer
    command = Command(timer.do, THE_CLOCK, now, timer.body, due.key)
    try:
        _perform(hall, due.case_id, command)
    except CommandRefused as refused:
        # Somebody was faster, or what it waited for never came: there is nothing left to do.
        _log.info("timer %s of %s: %s", timer.id, due.case_id, refused.reason)
    except Exception as error:  # one case's fault must not keep all the others waiting
        _log.warning("timer %s of %s failed", timer.id, due.case_id, exc_info=error)
        with hall.database.write() as connection:
            postpone_timer(connection, due, _told(error), now)
        return False
    with hall.database.write() as connection:
        settle_timer(connection, due, now)
    return True


def _perform(hall: "Hall", case_id: str, command: Command) -> None:
    for attempt in range(1, _TRIES + 1):
        try:
            hall.perform(case_id, command)
            return
        except Conflict:
            if attempt == _TRIES:
                raise


def _deliver(hall: "Hall", claimed: ClaimedEffect, now: datetime) -> bool:
    effect = claimed.effect
    try:
        message = Message(effect.topic, effect.key, effect.body)
        deliver_message(hall.current().receivers, message)
    except TongbanError as error:
        _log.warning("message %s was not delivered: %s", effect.key, error)
        with hall.database.write() as connection:
            mark_failed(connection, claimed, str(error), now)
        return False
    with hall.database.write() as connection:
        mark_delivered(connection, claimed, now)
    return True


def _told(error: Exception) -> str:
    """What is kept of it; what is no message of ours may hold anything, so only its kind is."""
    return str(error) if isinstance(error, TongbanError) else type(error).__name__
