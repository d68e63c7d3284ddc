"""What is kept: the events of cases in a hash chain, and whatever is derived from them for searching.

SQLite in WAL mode, or PostgreSQL by URL; the same tables, the same tests. Nothing is decided here,
and nothing assumes that it is the only process.
"""

from engine.store.chain import digest_of
from engine.store.database import Database
from engine.store.event_log import Conflict, Recorded, append, head_of, read_case, verify_case
from engine.store.outbox import (
    ClaimedEffect,
    claim_effects,
    dead_letters,
    mark_delivered,
    mark_failed,
    put_effects,
    retry_effect,
)
from engine.store.timers import (
    DueTimer,
    claim_timers,
    postpone_timer,
    retry_timer,
    set_timers,
    settle_timer,
    stuck_timers,
)

__all__ = [
    "ClaimedEffect",
    "Conflict",
    "Database",
    "DueTimer",
    "Recorded",
    "append",
    "claim_effects",
    "claim_timers",
    "dead_letters",
    "digest_of",
    "head_of",
    "mark_delivered",
    "mark_failed",
    "postpone_timer",
    "put_effects",
    "read_case",
    "retry_effect",
    "retry_timer",
    "set_timers",
    "settle_timer",
    "stuck_timers",
    "verify_case",
]
