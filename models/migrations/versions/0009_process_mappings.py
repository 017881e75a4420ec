"""How records that run pass on to a newer process

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

#: Every decision followed one version until now.
FILLED = {"decision": ("was_version_id",)}
STATE = ["process_state.code", "process_state.version_id"]


def upgrade() -> None:
    op.create_table(
        "process_mapping",
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("was_version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("becomes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["process_version.id"], name=op.f("fk_process_mapping_version_id")
        ),
        sa.ForeignKeyConstraint(
            ["was_version_id"],
            ["process_version.id"],
            name=op.f("fk_process_mapping_was_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["was", "was_version_id"], STATE, name=op.f("fk_process_mapping_was")
        ),
        sa.ForeignKeyConstraint(
            ["becomes", "version_id"], STATE, name=op.f("fk_process_mapping_becomes")
        ),
        sa.PrimaryKeyConstraint(
            "version_id", "was_version_id", "was", name=op.f("pk_process_mapping")
        ),
    )
    op.add_column("decision", sa.Column("was_version_id", sa.Integer(), nullable=True))
    op.execute("UPDATE decision SET was_version_id = process_version_id")
    _state_of("was_version_id", nullable=False)


def downgrade() -> None:
    _state_of("process_version_id", nullable=True)
    op.drop_column("decision", "was_version_id")
    op.drop_table("process_mapping")


def _state_of(version: str, *, nullable: bool) -> None:
    """Let the state before a decision be one of the version that this column names."""
    with op.batch_alter_table("decision") as batch:
        batch.alter_column("was_version_id", existing_type=sa.Integer(), nullable=nullable)
        batch.drop_constraint(op.f("fk_decision_was"), type_="foreignkey")
        batch.create_foreign_key(
            op.f("fk_decision_was"), "process_state", ["was", version], ["code", "version_id"]
        )
