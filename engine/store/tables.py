"""The tables. Moments are ISO 8601 text with their offset, so that what was hashed is what is kept."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from engine.store.claims import claim_columns

# Constraints must have names: a migration can only drop what it can name.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

NO_DAY = "9999-12-31"

# What is searched of a case. Derived: `rebuild` makes it anew from the events.
case_table = Table(
    "case",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("number", String(50), nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("head", String(64), nullable=False),
    Column("matter", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("region", String(12), nullable=False),
    Column("department", Text, nullable=False),
    Column("state", String(64), nullable=False),
    Column("owner", Text, nullable=False),
    Column("submitted_at", String(40), nullable=False),
    Column("updated_at", String(40), nullable=False),
    Column("applicant", Text, nullable=False, server_default=""),
    Column("applicant_digest", String(64), nullable=False, server_default=""),
    Column("handler", Text, nullable=False, server_default=""),
    Column("premises", Text, nullable=False, server_default=""),
    # Days; the last day there is stands for none, so that they sort and compare.
    Column("due", String(10), nullable=False, server_default=NO_DAY),
    Column("yellow_from", String(10), nullable=False, server_default=NO_DAY),
    Column("red_from", String(10), nullable=False, server_default=NO_DAY),
    Index(None, "state", "department"),
    Index(None, "owner"),
    Index(None, "applicant_digest", "matter"),
    Index(None, "department", "due", "id"),
    Index(None, "updated_at", "id"),
)

event_table = Table(
    "event",
    metadata,
    Column("case_id", String(32), ForeignKey("case.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 1, without gaps
    Column("content", Text, nullable=False),  # canonical JSON; exactly this was hashed
    Column("hash", String(64), nullable=False),
)

# A command's key and what it did, so that giving it again does nothing again.
command_table = Table(
    "command",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("case_id", String(32), ForeignKey("case.id"), nullable=False),
    Column("content", String(64), nullable=False),  # digest of what was asked
    Column("number", Integer, nullable=False),  # of the last event it left
)

# Numbers given out one after the other, per name.
counter_table = Table(
    "counter",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("value", Integer, nullable=False),
)

# Definitions as they were: a file's text by its digest, and which files made one whole.
text_table = Table(
    "definition_text",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("content", Text, nullable=False),
)
snapshot_table = Table(
    "snapshot",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("content", Text, nullable=False),  # JSON: file → digest of its text
)

_PENDING = text("done_at IS NULL")

# What the clock will do. One that has fired stays while its case still has it, lest it fire again.
timer_table = Table(
    "timer",
    metadata,
    Column("case_id", String(32), ForeignKey("case.id"), primary_key=True),
    Column("id", String(100), primary_key=True),
    Column("do", String(64), nullable=False),
    Column("body", Text, nullable=False),
    *claim_columns(),
    Index("ix_timer_pending", "due", sqlite_where=_PENDING, postgresql_where=_PENDING),
)

# What is to happen outside: written with the event it follows from, kept when it is delivered.
effect_table = Table(
    "effect",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("case_id", String(32), ForeignKey("case.id"), nullable=False),
    Column("topic", String(32), nullable=False),
    Column("body", Text, nullable=False),
    *claim_columns(),
    Index(None, "case_id"),
    Index("ix_effect_pending", "due", sqlite_where=_PENDING, postgresql_where=_PENDING),
)

# What applicants have begun and not handed in.
draft_table = Table(
    "draft",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", Text, nullable=False),
    Column("kind", String(16), nullable=False),  # matter or theme
    Column("subject", String(64), nullable=False),
    Column("answers", Text, nullable=False),
    Column("step", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", String(40), nullable=False),
    Index(None, "owner"),
    Index(None, "updated_at"),
)

# Uploaded files: the bytes once by their digest, in pieces so that they can be streamed.
content_table = Table(
    "content",
    metadata,
    Column("digest", String(64), primary_key=True),  # SM3
    Column("size", Integer, nullable=False),
    Column("media_type", String(100), nullable=False),
)
piece_table = Table(
    "content_piece",
    metadata,
    Column("digest", String(64), ForeignKey("content.digest"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("bytes", LargeBinary, nullable=False),
)
attachment_table = Table(
    "attachment",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("digest", String(64), ForeignKey("content.digest"), nullable=False),
    Column("name", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("draft_id", String(32), ForeignKey("draft.id")),
    Column("case_id", String(32), ForeignKey("case.id")),
    Column("uploaded_at", String(40), nullable=False),
    Index(None, "digest"),
    Index(None, "draft_id"),
    Index(None, "case_id"),
)

# What the database itself must know, such as the key of its digests.
setting_table = Table(
    "setting",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

# Result licences as the events of their cases leave them, for verification by the public.
# Derived like the searched columns of a case.
licence_table = Table(
    "licence",
    metadata,
    Column("identifier", String(120), primary_key=True),  # GB/T 36904
    Column("number", Text, nullable=False),
    Column("type", String(64), nullable=False),
    Column("holder", String(64), nullable=False),  # SM3 of the holder's number
    Column("case_id", String(32), ForeignKey("case.id"), nullable=False),
    Column("status", String(16), nullable=False),
    Column("valid_until", String(10)),
    Column("content", Text, nullable=False),
    Index(None, "holder"),
    Index(None, "case_id"),
)

# Codes that a holder shows (亮码): only their digest is kept, and each ends soon.
shown_code_table = Table(
    "shown_code",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("identifier", String(120), ForeignKey("licence.identifier"), nullable=False),
    Column("ends_at", String(40), nullable=False),
)
