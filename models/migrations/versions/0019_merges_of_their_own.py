"""The proposal of a merge of two people says so

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

#: After a run down merges stand as changes of a list; the log is told so on the way up.
FILLED = {"proposal": ("origin",)}
BEFORE = ("bulk", "undo", "import")


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


def take(*origins: str) -> None:
    """Let a proposal come from one of these."""
    words = ", ".join(f"'{one}'" for one in origins)
    with rebuilt("proposal") as batch:
        batch.drop_constraint(op.f("ck_proposal_origin"), type_="check")
        batch.create_check_constraint(op.f("ck_proposal_origin"), sa.text(f"origin IN ({words})"))


def upgrade() -> None:
    take(*BEFORE, "merge")


def downgrade() -> None:
    op.execute("UPDATE proposal SET origin = 'bulk' WHERE origin = 'merge'")
    take(*BEFORE)
