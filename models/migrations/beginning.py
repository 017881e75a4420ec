"""How records that are older than their process begin on it: at its first state.

For migrations. Nothing is written where the table is empty; a first `flask init` publishes then.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from alembic import op

from models.records import workflow
from panel.workflow.publishing import field_rows
from panel.workflow.reading import read_file
from panel.workflow.snapshot import fingerprint

PROCESSES = Path(__file__).parent.parent / "processes"
#: The tables that `begin` adds rows to, for the `FILLED` of a migration.
LAID = {"process_version": (), "process_state": (), "process_field": ()}


def begin(table: str, children: tuple[str, ...] = ()) -> None:
    """Give every row of `table` status, process version and author; the columns are there, empty.

    `children` are the tables under its lock. The author is who inserted the row by the change
    log, 0 where it knows nobody.
    """
    connection = op.get_bind()
    if not connection.scalar(sa.text(f"SELECT count(*) FROM {table}")):
        return
    version, initial = lay_down(connection, table, children)
    author = (
        "SELECT d.actor_id FROM change c JOIN deed d ON d.id = c.deed_id"
        f" WHERE c.tbl = '{table}' AND c.op = 'I' AND c.pk = CAST({table}.id AS TEXT)"
        " ORDER BY c.id DESC LIMIT 1"
    )
    connection.execute(
        sa.text(
            f"UPDATE {table} SET status = :initial, process_version_id = :version,"
            f" created_by_id = coalesce(({author}), 0)"
        ),
        {"initial": initial, "version": version},
    )


def lay_down(
    connection: sa.Connection, table: str, children: tuple[str, ...] = ()
) -> tuple[int, str]:
    """Publish the process file that came with the program; its number and its first state."""
    text = read_file(PROCESSES / f"{table}.toml")
    process, moment = workflow.read(text), datetime.now(UTC)
    metadata = sa.MetaData()
    versions, states, fields = (
        sa.Table(name, metadata, autoload_with=connection, resolve_fks=False) for name in LAID
    )
    times = sa.DateTime(timezone=True)
    result = connection.execute(
        sa.insert(versions).values(
            kind=process.kind,
            record_table=table,
            number=1,
            text=text,
            sha256=fingerprint(text),
            created_at=sa.bindparam(None, moment, times),
            published_at=sa.bindparam(None, moment, times),
        )
    )
    assert result.inserted_primary_key is not None
    version: int = result.inserted_primary_key[0]
    for state in process.states.values():
        connection.execute(
            sa.insert(states).values(
                version_id=version, code=state.code, category=state.category, initial=state.initial
            )
        )
    for row in field_rows(process, children):
        connection.execute(sa.insert(fields).values(version_id=version, **row))
    return version, process.initial.code
