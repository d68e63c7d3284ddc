"""Cases found by applicant, handler, place and day; filled in from the events there are.

Moments become UTC of one length, so that they sort as time does. On the way back they stay so:
the older shape holds them as well, and who reads them reads the same moment.
"""

import json
import secrets
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from cryptography.hazmat.primitives import hashes, hmac

revision = "0002"
down_revision = "0001"

_NO_DAY = "9999-12-31"
_BATCH = 500
_COLUMNS = (
    "applicant",
    "applicant_digest",
    "handler",
    "premises",
    "due",
    "yellow_from",
    "red_from",
)
_INDEXES = {
    "ix_case_applicant_digest_matter": ["applicant_digest", "matter"],
    "ix_case_department_due_id": ["department", "due", "id"],
    "ix_case_updated_at_id": ["updated_at", "id"],
}
_case = sa.table(
    "case",
    *map(sa.column, ("id", "submitted_at", "updated_at", "applicant", "applicant_digest")),
)
_event = sa.table("event", *map(sa.column, ("case_id", "number", "content")))
_setting = sa.table("setting", *map(sa.column, ("name", "value")))


def upgrade() -> None:
    for name in ("applicant", "handler", "premises"):
        op.add_column("case", sa.Column(name, sa.Text, nullable=False, server_default=""))
    op.add_column(
        "case", sa.Column("applicant_digest", sa.String(64), nullable=False, server_default="")
    )
    for name in ("due", "yellow_from", "red_from"):
        op.add_column(
            "case", sa.Column(name, sa.String(10), nullable=False, server_default=_NO_DAY)
        )
    for name, columns in _INDEXES.items():
        op.create_index(name, "case", columns)
    op.create_table(
        "setting",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    key = secrets.token_bytes(32)
    bind = op.get_bind()
    bind.execute(sa.insert(_setting).values(name="applicant_key", value=key.hex()))
    for rows in _batches(bind):
        changes = [_filled(row, key) for row in rows]
        changed: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in _filled_names()}
        statement = sa.update(_case).where(_case.c.id == sa.bindparam("which")).values(changed)
        bind.execute(statement, changes)


def downgrade() -> None:
    op.drop_table("setting")
    for name in _INDEXES:
        op.drop_index(name, "case")
    for name in _COLUMNS:
        op.drop_column("case", name)


def _batches(bind: sa.Connection) -> Iterator[list[Any]]:
    """Each case with its first event, some at a time."""
    joined = _case.join(_event, (_event.c.case_id == _case.c.id) & (_event.c.number == 1))
    query = sa.select(
        _case.c.id, _case.c.submitted_at, _case.c.updated_at, _event.c.content
    ).select_from(joined)
    last = ""
    while True:
        rows = bind.execute(query.where(_case.c.id > last).order_by(_case.c.id).limit(_BATCH)).all()
        if not rows:
            return
        yield list(rows)
        last = rows[-1].id


def _filled_names() -> tuple[str, ...]:
    return ("submitted_at", "updated_at", "applicant", "applicant_digest")


def _filled(row: Any, key: bytes) -> dict[str, str]:
    applicant = json.loads(row.content)["body"].get("application", {}).get("applicant", {})
    return {
        "which": row.id,
        "new_submitted_at": _in_utc(row.submitted_at),
        "new_updated_at": _in_utc(row.updated_at),
        "new_applicant": _storable(str(applicant.get("name", ""))),
        "new_applicant_digest": _digest(str(applicant.get("id_number", "")), key),
    }


def _in_utc(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(UTC).isoformat(timespec="microseconds")


def _storable(text: str) -> str:
    return text.encode("utf-8", "ignore").decode().replace("\0", "")


def _digest(id_number: str, key: bytes) -> str:
    number = unicodedata.normalize("NFKC", id_number).strip().upper()
    if not number:
        return ""
    digest = hmac.HMAC(key, hashes.SM3())
    digest.update(_storable(number).encode())
    return digest.finalize().hex()
