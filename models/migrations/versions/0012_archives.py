"""Archives of the change log, and legal holds

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SCOPES = ("whole", "region", "record")


def upgrade() -> None:
    # plain ALTER TABLE: the log is large and is not written anew
    op.add_column("change", sa.Column("archived", sa.Text(), nullable=True))
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("change", sa.Column("archived_by", number, nullable=True))
    op.create_index("ix_change_archived", "change", ["archived_by", "id"], **only_archived())
    op.add_column(
        "log_context",
        sa.Column("archiving", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column(
            "scope",
            sa.Enum(*SCOPES, name="scope", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("record_table", sa.Text(), nullable=True),
        sa.Column("record_key", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("letter_no", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(scope = 'record') = (record_table IS NOT NULL)"
            " AND (record_table IS NULL) = (record_key IS NULL)",
            name=op.f("ck_legal_hold_record"),
        ),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by_id IS NULL)"
            " AND (lifted_at IS NULL) = (lifted_reason IS NULL)",
            name=op.f("ck_legal_hold_lifted"),
        ),
        *(
            sa.CheckConstraint(
                f"length(trim({name})) > 0", name=op.f(f"ck_legal_hold_{name}_filled")
            )
            for name in ("reason", "letter_no", "asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by_id"], ["account.id"], name=op.f("fk_legal_hold_lifted_by_id")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_legal_hold_region_id")),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["account.id"], name=op.f("fk_legal_hold_set_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )


def downgrade() -> None:
    archived = op.get_bind().scalar(
        sa.text("SELECT count(*) FROM change WHERE archived IS NOT NULL")
    )
    if archived:
        raise RuntimeError(
            f"{archived} changes of the log stand in archive files: without these columns the log "
            "would not verify any more"
        )
    op.drop_table("legal_hold")
    op.drop_column("log_context", "archiving")
    op.drop_index("ix_change_archived", "change", **only_archived())
    op.drop_column("change", "archived_by")
    op.drop_column("change", "archived")


def only_archived() -> dict[str, sa.TextClause]:
    """The condition of an index over archived rows alone."""
    where = sa.text("archived_by IS NOT NULL")
    return {"sqlite_where": where, "postgresql_where": where}
