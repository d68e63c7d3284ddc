"""Applications for several matters at once, and the cases that each of them began."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "theme_case",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("theme", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("submitted_at", sa.String(32), nullable=False),
    )
    op.create_index("ix_theme_case_owner", "theme_case", ["owner"])
    op.create_table(
        "theme_part",
        sa.Column("theme_case_id", sa.String(64), sa.ForeignKey("theme_case.id"), primary_key=True),
        sa.Column("case_id", sa.String(32), sa.ForeignKey("case.id"), primary_key=True),
        sa.Column("part", sa.String(64), nullable=False),
    )
    op.create_index("ix_theme_part_case_id", "theme_part", ["case_id"])


def downgrade() -> None:
    op.drop_table("theme_part")
    op.drop_table("theme_case")
