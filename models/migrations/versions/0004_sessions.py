"""Training sessions follow a process

Sessions that are there already begin as planned: what became of them is told by their clerks.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

from models.migrations.beginning import LAID, begin

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLE = "training_session"
CHILDREN = (
    "session_tier",
    "session_organisation",
    "agenda_item",
    "session_speaker",
    "key_message",
)
COLUMNS = ("status", "process_version_id", "created_by_id")
FILLED = {TABLE: COLUMNS} | LAID


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
    op.add_column(TABLE, sa.Column("status", sa.Text(), nullable=True))
    for name in ("process_version_id", "decision_id", "created_by_id"):
        op.add_column(TABLE, sa.Column(name, sa.Integer(), nullable=True))
    begin(TABLE, CHILDREN)
    with rebuilt(TABLE) as batch:
        for name in COLUMNS:
            batch.alter_column(name, nullable=False)
        batch.create_foreign_key(
            op.f("fk_training_session_process_version_id"),
            "process_version",
            ["process_version_id"],
            ["id"],
        )
        batch.create_foreign_key(
            op.f("fk_training_session_decision_id"), "decision", ["decision_id"], ["id"]
        )
        batch.create_unique_constraint(op.f("uq_training_session_decision_id"), ["decision_id"])
        batch.create_index(op.f("ix_training_session_status"), ["status"])


def downgrade() -> None:
    with rebuilt(TABLE) as batch:
        batch.drop_index(op.f("ix_training_session_status"))
        batch.drop_constraint(op.f("uq_training_session_decision_id"), type_="unique")
        batch.drop_constraint(op.f("fk_training_session_decision_id"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_training_session_process_version_id"), type_="foreignkey")
        for name in (*COLUMNS, "decision_id"):
            batch.drop_column(name)
