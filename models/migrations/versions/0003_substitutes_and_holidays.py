"""Substitutes by letter, holidays, and who proposed and who published a process

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

HOLIDAY_KINDS = ("holiday", "collective_leave", "working_day")
PROPOSED = (
    sa.Column("proposed_by_id", sa.Integer(), nullable=True),
    sa.Column("proposed_by_name", sa.Text(), nullable=True),
    sa.Column("proposed_reason", sa.Text(), nullable=True),
    sa.Column("published_by_id", sa.Integer(), nullable=True),
    sa.Column("published_by_name", sa.Text(), nullable=True),
    sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
)


def upgrade() -> None:
    op.create_table(
        "substitution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("for_account_id", sa.Integer(), nullable=False),
        sa.Column("letter_no", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "account_id <> for_account_id", name=op.f("ck_substitution_not_for_oneself")
        ),
        sa.CheckConstraint(
            "length(trim(letter_no)) > 0", name=op.f("ck_substitution_letter_no_filled")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from",
            name=op.f("ck_substitution_valid"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_substitution_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["for_account_id"], ["account.id"], name=op.f("fk_substitution_for_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitution")),
    )
    op.create_index("ix_substitution_account_id", "substitution", ["account_id"])
    op.create_index("ix_substitution_for_account_id", "substitution", ["for_account_id"])
    op.create_table(
        "holiday",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                *HOLIDAY_KINDS, name="kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_holiday_name_filled")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_holiday_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
    )
    op.create_index("uq_holiday_region_day", "holiday", ["region_id", "day"], unique=True)
    op.create_index(
        "uq_holiday_everywhere",
        "holiday",
        ["day"],
        unique=True,
        sqlite_where=sa.text("region_id IS NULL"),
        postgresql_where=sa.text("region_id IS NULL"),
    )
    for column in PROPOSED:
        op.add_column("process_version", column._copy())


def downgrade() -> None:
    for column in reversed(PROPOSED):
        op.drop_column("process_version", column.name)
    op.drop_table("holiday")
    op.drop_table("substitution")
