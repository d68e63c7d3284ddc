"""What is kept: the events of cases in a hash chain, and whatever is derived from them for searching.

SQLite in WAL mode, or PostgreSQL by URL; the same tables, the same tests. Nothing is decided here,
and nothing assumes that it is the only process.
"""

from engine.store.chain import digest_of
from engine.store.database import Database
from engine.store.event_log import Conflict, Recorded, append, head_of, read_case, verify_case

__all__ = [
    "Conflict",
    "Database",
    "Recorded",
    "append",
    "digest_of",
    "head_of",
    "read_case",
    "verify_case",
]
