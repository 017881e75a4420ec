"""How far a speaker's invitation has come

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLE = "speaker_invitation"
ROLES = ("speaker", "opening", "remarks", "moderator")
STAGES = ("invited", "confirmed", "declined", "spoke")


def code(name: str, values: tuple[str, ...]) -> sa.Column:
    """A column that holds one of some words."""
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, kind, nullable=False)


def within(column: str, target: str) -> sa.ForeignKeyConstraint:
    """A foreign key to a record of the same region."""
    return sa.ForeignKeyConstraint(
        [column, "region_id"],
        [f"{target}.id", f"{target}.region_id"],
        name=op.f(f"fk_{TABLE}_{column}"),
    )


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("training_session_id", sa.Integer(), nullable=False),
        sa.Column("speaker_id", sa.Integer(), nullable=False),
        code("role", ROLES),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("letter_no", sa.Text(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=True),
        code("stage", STAGES),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        within("training_session_id", "training_session"),
        within("speaker_id", "speaker"),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f(f"fk_{TABLE}_region_id")),
        sa.CheckConstraint(
            "answered_on >= asked_on", name=op.f(f"ck_{TABLE}_answered_after_asked")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint(
            "training_session_id",
            "speaker_id",
            "role",
            name=op.f(f"uq_{TABLE}_training_session_id_speaker_id_role"),
        ),
    )
    op.create_index("ix_speaker_invitation_speaker", TABLE, ["speaker_id"])


def downgrade() -> None:
    op.drop_table(TABLE)
