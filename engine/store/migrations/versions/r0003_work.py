"""Timers and messages, drafts and files, licences, and who may come in."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_PENDING = sa.text("done_at IS NULL")
_TABLES = (
    "timer",
    "effect",
    "attachment",
    "content_piece",
    "content",
    "draft",
    "shown_code",
    "licence",
    "account",
    "visit",
    "token",
    "try",
)


def upgrade() -> None:
    _make_work()
    _make_drafts_and_files()
    _make_licences()
    _make_identities()


def downgrade() -> None:
    for name in _TABLES:
        op.drop_table(name)


def _claimed() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("due", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("claimed_by", sa.String(100)),
        sa.Column("claimed_until", sa.String(32)),
        sa.Column("done_at", sa.String(32)),
        sa.Column("error", sa.Text, nullable=False, server_default=""),
    )


def _make_work() -> None:
    op.create_table(
        "timer",
        sa.Column("case_id", sa.String(32), sa.ForeignKey("case.id"), primary_key=True),
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("do", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        *_claimed(),
    )
    op.create_table(
        "effect",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(200), nullable=False, unique=True),
        sa.Column("case_id", sa.String(32), sa.ForeignKey("case.id"), nullable=False),
        sa.Column("topic", sa.String(32), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        *_claimed(),
    )
    op.create_index("ix_effect_case_id", "effect", ["case_id"])
    for table in ("timer", "effect"):
        op.create_index(
            f"ix_{table}_pending",
            table,
            ["due"],
            sqlite_where=_PENDING,
            postgresql_where=_PENDING,
        )


def _make_drafts_and_files() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("step", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("updated_at", sa.String(40), nullable=False),
    )
    op.create_table(
        "content",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
    )
    op.create_table(
        "content_piece",
        sa.Column("digest", sa.String(64), sa.ForeignKey("content.digest"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("bytes", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("digest", sa.String(64), sa.ForeignKey("content.digest"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("draft_id", sa.String(32), sa.ForeignKey("draft.id")),
        sa.Column("case_id", sa.String(32), sa.ForeignKey("case.id")),
        sa.Column("uploaded_at", sa.String(40), nullable=False),
    )
    for table, columns in (
        ("draft", ("owner", "updated_at")),
        ("attachment", ("digest", "draft_id", "case_id")),
    ):
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])


def _make_licences() -> None:
    op.create_table(
        "licence",
        sa.Column("identifier", sa.String(120), primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("case_id", sa.String(32), sa.ForeignKey("case.id"), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("valid_until", sa.String(10)),
        sa.Column("content", sa.Text, nullable=False),
    )
    for column in ("holder", "case_id"):
        op.create_index(f"ix_licence_{column}", "licence", [column])
    op.create_table(
        "shown_code",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column(
            "identifier", sa.String(120), sa.ForeignKey("licence.identifier"), nullable=False
        ),
        sa.Column("ends_at", sa.String(40), nullable=False),
    )


def _make_identities() -> None:
    op.create_table(
        "account",
        sa.Column("login", sa.String(100), primary_key=True),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("departments", sa.Text, nullable=False),
        sa.Column("id_kind", sa.String(64), nullable=False),
        sa.Column("id_number", sa.Text, nullable=False),
        sa.Column("applicant_kind", sa.String(64), nullable=False),
        sa.Column("verified_by", sa.Text, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
    )
    op.create_table(
        "visit",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("login", sa.String(100), nullable=False),
        sa.Column("until", sa.String(32), nullable=False),
    )
    op.create_table(
        "token",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("login", sa.String(100), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("until", sa.String(32), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("used_at", sa.String(32)),
    )
    op.create_table(
        "try",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("tried", sa.Integer, nullable=False),
        sa.Column("until", sa.String(32), nullable=False),
    )
    for table, column in (("visit", "until"), ("token", "login"), ("try", "until")):
        op.create_index(f"ix_{table}_{column}", table, [column])
