"""People who are two, although they look like one; what belongs together moves together

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from panel.columns import Utc

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

#: Keys over a row and its official, which are repointed in the same act.
TOGETHER = (
    ("participation", "appointment_id"),
    ("participation", "spouse_id"),
    ("commitment", "appointment_id"),
    ("commitment", "spouse_id"),
    ("action_plan", "appointment_id"),
)


def of_official(column: str) -> sa.ForeignKeyConstraint:
    """A foreign key to an official of the same region, with whom the row goes."""
    return sa.ForeignKeyConstraint(
        [column, "region_id"],
        ["official.id", "official.region_id"],
        name=op.f(f"fk_not_duplicate_{column}"),
        ondelete="CASCADE",
    )


def alter_keys(how: str) -> None:
    """Whether these keys may wait for the end of an act; SQLite can have all of them wait."""
    if op.get_bind().dialect.name == "postgresql":
        for table, column in TOGETHER:
            op.execute(f"ALTER TABLE {table} ALTER CONSTRAINT fk_{table}_{column} {how}")


def upgrade() -> None:
    op.create_table(
        "not_duplicate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_not_duplicate_in_order")),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_not_duplicate_reason_filled")),
        of_official("one_id"),
        of_official("other_id"),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_not_duplicate_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_duplicate")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_not_duplicate_one_id_other_id")),
    )
    op.create_index("ix_not_duplicate_other", "not_duplicate", ["other_id"])
    alter_keys("DEFERRABLE INITIALLY IMMEDIATE")


def downgrade() -> None:
    alter_keys("NOT DEFERRABLE")
    op.drop_table("not_duplicate")
