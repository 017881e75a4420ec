"""Requests for a later due date follow a process

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

from models.migrations.beginning import LAID, begin

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FILLED = {"extension": ("status", "process_version_id", "created_by_id")} | LAID
OLD_STATUS = sa.Enum(
    "requested",
    "granted",
    "refused",
    name="status",
    native_enum=False,
    create_constraint=True,
    length=40,
)


@contextmanager
def rebuilt(name: str):
    """Batch changes of a table; on SQLite of one that keeps its checks, which Alembic drops."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        with op.batch_alter_table(name) as batch:
            yield batch
        return
    table = sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
    for check in sa.inspect(connection).get_check_constraints(name):
        if not any(one.name == check["name"] for one in table.constraints):
            table.append_constraint(sa.CheckConstraint(check["sqltext"], name=check["name"]))
    with op.batch_alter_table(name, copy_from=table, recreate="always") as batch:
        yield batch


def upgrade() -> None:
    with rebuilt("extension") as batch:
        batch.drop_constraint(op.f("ck_extension_status"), type_="check")
        batch.alter_column("status", existing_type=sa.String(40), type_=sa.Text(), nullable=False)
        batch.add_column(sa.Column("granted_until", sa.Date(), nullable=True))
        batch.add_column(sa.Column("process_version_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("decision_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("created_by_id", sa.Integer(), nullable=True))
        batch.create_check_constraint(
            op.f("ck_extension_granted_within_asked"),
            sa.text("granted_until IS NULL OR granted_until <= asked_due_on"),
        )
        batch.create_unique_constraint(op.f("uq_extension_decision_id"), ["decision_id"])
        batch.create_foreign_key(
            op.f("fk_extension_process_version_id"),
            "process_version",
            ["process_version_id"],
            ["id"],
        )
        batch.create_foreign_key(
            op.f("fk_extension_decision_id"), "decision", ["decision_id"], ["id"]
        )
    begin("extension")
    with rebuilt("extension") as batch:
        for name in ("process_version_id", "created_by_id"):
            batch.alter_column(name, existing_type=sa.Integer(), nullable=False)
    op.create_index(op.f("ix_extension_status"), "extension", ["status"])


def downgrade() -> None:
    op.drop_index(op.f("ix_extension_status"), "extension")
    op.execute(
        "UPDATE extension SET status = 'refused'"
        " WHERE status NOT IN ('requested', 'granted', 'refused')"
    )
    with rebuilt("extension") as batch:
        batch.drop_constraint(op.f("fk_extension_process_version_id"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_extension_decision_id"), type_="foreignkey")
        batch.drop_constraint(op.f("uq_extension_decision_id"), type_="unique")
        batch.drop_constraint(op.f("ck_extension_granted_within_asked"), type_="check")
        for name in ("created_by_id", "decision_id", "process_version_id", "granted_until"):
            batch.drop_column(name)
        batch.alter_column("status", existing_type=sa.Text(), type_=OLD_STATUS, nullable=False)
