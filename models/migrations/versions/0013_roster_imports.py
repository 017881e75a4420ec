"""Files that came in and what was made of them

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from panel.columns import Utc

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KINDS = ("officials", "appointments", "rotation", "spouses", "attendance")


def one_of(name: str, *values: str) -> sa.Enum:
    """A text limited to these values by a CHECK."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "roster_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("kind", one_of("kind", *KINDS), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column(
            "stage",
            one_of("stage", "uploaded", "mapped", "checked", "proposed", "discarded"),
            nullable=False,
        ),
        sa.Column("sheet", sa.Text(), nullable=True),
        sa.Column("first_heading", sa.Integer(), nullable=False),
        sa.Column("last_heading", sa.Integer(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("policy", one_of("policy", "stop", "skip", "update"), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=True),
        sa.Column("decree_no", sa.Text(), nullable=True),
        sa.Column("agenda_item_id", sa.Integer(), nullable=True),
        sa.Column("mended", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=True),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(stage = 'proposed') = (proposal_id IS NOT NULL)",
            name=op.f("ck_roster_import_proposed_with_proposal"),
        ),
        sa.ForeignKeyConstraint(
            ["agenda_item_id", "region_id"],
            ["agenda_item.id", "agenda_item.region_id"],
            name=op.f("fk_roster_import_agenda_item_id"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id", "region_id"],
            ["stored_file.id", "stored_file.region_id"],
            name=op.f("fk_roster_import_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id", "region_id"],
            ["proposal.id", "proposal.region_id"],
            name=op.f("fk_roster_import_proposal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_roster_import_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_import")),
        sa.UniqueConstraint("id", "region_id", name=op.f("uq_roster_import_id_region_id")),
    )
    op.create_index("ix_roster_import_file", "roster_import", ["file_id"])
    op.create_index("ix_roster_import_proposal", "roster_import", ["proposal_id"])
    op.create_index("ix_roster_import_region", "roster_import", ["region_id", "id"])
    op.create_table(
        "import_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("kind", one_of("kind", *KINDS), nullable=False),
        sa.Column("signature", sa.String(64), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "length(trim(signature)) > 0", name=op.f("ck_import_mapping_signature_filled")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_import_mapping_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mapping")),
        sa.UniqueConstraint("id", "region_id", name=op.f("uq_import_mapping_id_region_id")),
        sa.UniqueConstraint(
            "region_id",
            "kind",
            "signature",
            name=op.f("uq_import_mapping_region_id_kind_signature"),
        ),
    )


def downgrade() -> None:
    op.drop_table("import_mapping")
    op.drop_table("roster_import")
