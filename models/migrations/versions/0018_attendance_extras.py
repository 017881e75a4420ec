"""What the attendance workbench keeps: scans of signed sheets, and which session makes up for which

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def within(table: str, column: str, target: str, **rule: str) -> sa.ForeignKeyConstraint:
    """A foreign key to a record of the same region."""
    return sa.ForeignKeyConstraint(
        [column, "region_id"],
        [f"{target}.id", f"{target}.region_id"],
        name=op.f(f"fk_{table}_{column}"),
        **rule,
    )


def keyed(table: str) -> list[sa.Column | sa.Constraint]:
    """The number of a row, and the region that it belongs to."""
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f(f"fk_{table}_region_id")),
    ]


def upgrade() -> None:
    op.create_table(
        "sheet_scan",
        *keyed("sheet_scan"),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        within("sheet_scan", "sheet_id", "attendance_sheet"),
        within("sheet_scan", "file_id", "stored_file"),
        sa.UniqueConstraint("id", "region_id", name=op.f("uq_sheet_scan_id_region_id")),
        sa.UniqueConstraint("file_id", name=op.f("uq_sheet_scan_file_id")),
    )
    op.create_index("ix_sheet_scan_sheet", "sheet_scan", ["sheet_id"])
    op.create_table(
        "make_up",
        *keyed("make_up"),
        sa.Column("training_session_id", sa.Integer(), nullable=False),
        sa.Column("missed_id", sa.Integer(), nullable=False),
        within("make_up", "training_session_id", "training_session", ondelete="CASCADE"),
        within("make_up", "missed_id", "training_session"),
        sa.UniqueConstraint("training_session_id", name=op.f("uq_make_up_training_session_id")),
        sa.CheckConstraint("missed_id <> training_session_id", name=op.f("ck_make_up_of_another")),
    )
    op.create_index("ix_make_up_missed", "make_up", ["missed_id"])


def downgrade() -> None:
    op.drop_table("make_up")
    op.drop_table("sheet_scan")
