"""Who checked in at the door

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from panel.columns import Utc

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def one_of(name: str, *values: str) -> sa.Enum:
    """A text limited to these values by a CHECK."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def of_session(column: str, target: str) -> sa.ForeignKeyConstraint:
    """A foreign key to a record of the same region and session."""
    own = ("region_id", "training_session_id")
    return sa.ForeignKeyConstraint(
        [column, *own],
        [f"{target}.id", *(f"{target}.{name}" for name in own)],
        name=op.f(f"fk_check_in_{column}"),
    )


def upgrade() -> None:
    op.create_table(
        "check_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("training_session_id", sa.Integer(), nullable=False),
        sa.Column("agenda_item_id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("party", one_of("party", "official", "spouse"), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("way", one_of("way", "scanned", "typed", "name"), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Text(), nullable=True),
        sa.Column("page_row", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(page IS NULL) = (page_row IS NULL)", name=op.f("ck_check_in_page_with_row")
        ),
        of_session("participation_id", "participation"),
        of_session("agenda_item_id", "agenda_item"),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_check_in_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
        sa.UniqueConstraint("page", "page_row", name=op.f("uq_check_in_page_page_row")),
    )
    op.create_index("ix_check_in_item", "check_in", ["agenda_item_id", "at"])
    op.create_index("ix_check_in_participation", "check_in", ["participation_id"])


def downgrade() -> None:
    op.drop_table("check_in")
