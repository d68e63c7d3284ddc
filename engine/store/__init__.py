"""What is kept: the events of cases in a hash chain, and whatever is derived from them for searching.

SQLite in WAL mode, or PostgreSQL by URL; the same tables, the same tests. Nothing is decided here,
and nothing assumes that it is the only process.
"""

from engine.store.attachments import (
    Attachment,
    ContentDamaged,
    UploadLimits,
    attachments_in,
    drop_attachment,
    hand_in_attachments,
    keep_attachment,
    read_attachment,
    read_upload,
    stream_content,
)
from engine.store.case_columns import (
    Marks,
    set_marks,
)
from engine.store.chain import (
    digest_of,
)
from engine.store.database import Database, DatabaseError, locate_database
from engine.store.drafts import (
    Draft,
    DraftConflict,
    begin_draft,
    discard_draft,
    drafts_of,
    purge_drafts,
    read_draft,
    save_draft,
)
from engine.store.event_log import (
    Conflict,
    Recorded,
    append,
    head_of,
    read_case,
    verify_case,
)
from engine.store.identities import (
    LoginTaken,
    StoredAccount,
    Token,
)
from engine.store.media_types import (
    UploadRefused,
)
from engine.store.outbox import (
    ClaimedEffect,
    claim_effects,
    dead_letters,
    effects_in,
    mark_delivered,
    mark_failed,
    put_effects,
    retry_effect,
)
from engine.store.revisions import DatabaseNotCurrent
from engine.store.searching import (
    BadCursor,
    Listed,
    Page,
    Search,
    case_by_number,
    cases_of_applicant,
    count_cards,
    count_states,
    search_cases,
)
from engine.store.timers import (
    DueTimer,
    claim_timers,
    postpone_timer,
    retry_timer,
    set_timers,
    settle_timer,
    stuck_timers,
    timers_in,
)

__all__ = [
    "Attachment",
    "BadCursor",
    "ClaimedEffect",
    "Conflict",
    "ContentDamaged",
    "Database",
    "DatabaseError",
    "DatabaseNotCurrent",
    "Draft",
    "DraftConflict",
    "DueTimer",
    "Listed",
    "LoginTaken",
    "Marks",
    "Page",
    "Recorded",
    "Search",
    "StoredAccount",
    "Token",
    "UploadLimits",
    "UploadRefused",
    "append",
    "attachments_in",
    "begin_draft",
    "case_by_number",
    "cases_of_applicant",
    "claim_effects",
    "claim_timers",
    "count_cards",
    "count_states",
    "dead_letters",
    "digest_of",
    "discard_draft",
    "drafts_of",
    "drop_attachment",
    "effects_in",
    "hand_in_attachments",
    "head_of",
    "keep_attachment",
    "locate_database",
    "mark_delivered",
    "mark_failed",
    "postpone_timer",
    "purge_drafts",
    "put_effects",
    "read_attachment",
    "read_case",
    "read_draft",
    "read_upload",
    "retry_effect",
    "retry_timer",
    "save_draft",
    "search_cases",
    "set_marks",
    "set_timers",
    "settle_timer",
    "stream_content",
    "stuck_timers",
    "timers_in",
    "verify_case",
]
