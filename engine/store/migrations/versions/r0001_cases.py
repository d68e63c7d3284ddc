"""Cases, their events and the definitions they are decided by."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "case",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("number", sa.String(50), nullable=False, unique=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("matter", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("region", sa.String(12), nullable=False),
        sa.Column("department", sa.Text, nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("submitted_at", sa.String(40), nullable=False),
        sa.Column("updated_at", sa.String(40), nullable=False),
    )
    op.create_index("ix_case_state_department", "case", ["state", "department"])
    op.create_index("ix_case_owner", "case", ["owner"])
    op.create_table(
        "event",
        sa.Column("case_id", sa.String(32), sa.ForeignKey("case.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "command",
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("case_id", sa.String(32), sa.ForeignKey("case.id"), nullable=False),
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
    )
    op.create_table(
        "counter",
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("value", sa.Integer, nullable=False),
    )
    for name in ("definition_text", "snapshot"):
        op.create_table(
            name,
            sa.Column("digest", sa.String(64), primary_key=True),
            sa.Column("content", sa.Text, nullable=False),
        )


def downgrade() -> None:
    for name in ("snapshot", "definition_text", "counter", "command", "event", "case"):
        op.drop_table(name)
