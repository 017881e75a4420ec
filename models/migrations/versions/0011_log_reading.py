"""What the pages of the change log search by

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_deed_acting_for",
        "deed",
        ["acting_for_id", "seq"],
        sqlite_where=sa.text("acting_for_id IS NOT NULL"),
        postgresql_where=sa.text("acting_for_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_deed_acting_for", "deed")
