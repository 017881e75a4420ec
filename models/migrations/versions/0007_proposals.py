"""Proposals: sets of changes that are shown before they are applied

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def one_of(name: str, *values: str) -> sa.Enum:
    """A text limited to these values by a CHECK."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("origin", one_of("origin", "bulk", "undo", "import"), nullable=False),
        sa.Column("record_table", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("unchanged_count", sa.Integer(), nullable=False),
        sa.Column("refused_count", sa.Integer(), nullable=False),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("process_version_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("length(trim(title)) > 0", name=op.f("ck_proposal_title_filled")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_proposal_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["process_version_id"],
            ["process_version.id"],
            name=op.f("fk_proposal_process_version_id"),
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_proposal_region_id")),
        sa.ForeignKeyConstraint(
            ["undoes_id", "region_id"],
            ["proposal.id", "proposal.region_id"],
            name=op.f("fk_proposal_undoes_id"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id", "region_id"],
            ["unit.id", "unit.region_id"],
            name=op.f("fk_proposal_unit_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_proposal_decision_id")),
        sa.UniqueConstraint("id", "region_id", name=op.f("uq_proposal_id_region_id")),
    )
    op.create_index("ix_proposal_region_status", "proposal", ["region_id", "status", "id"])
    op.create_index("ix_proposal_status", "proposal", ["status"])
    op.create_index("ix_proposal_undoes", "proposal", ["undoes_id"])
    op.create_table(
        "proposal_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("record_table", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("op", one_of("op", "insert", "update", "delete"), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["proposal_id", "region_id"],
            ["proposal.id", "proposal.region_id"],
            name=op.f("fk_proposal_item_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_proposal_item_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_item")),
        sa.UniqueConstraint(
            "proposal_id", "number", name=op.f("uq_proposal_item_proposal_id_number")
        ),
    )


def downgrade() -> None:
    op.drop_table("proposal_item")
    op.drop_table("proposal")
