"""What a migration wrote into new columns, told to the log.

Migrations run while no trigger stands: rows that they add, and columns that they fill, are in the
tables and not in the log. Under a deed of the system the log is told what they are now, so that the
replay finds no difference. Nothing but the named columns of old rows is ever told in this way.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from ..columns import now
from .layout import LogTables
from .replay import State, walked

#: So many rows are written at once.
BATCH = 500


def tell_filled(
    connection: Connection, tables: LogTables, filled: Mapping[str, Collection[str]]
) -> int:
    """Write a change for each row of these tables that a migration made or filled; how many.

    `filled` names the columns by table. A row that the log does not know at all is told whole.
    Needs an open deed, whose transaction this is.
    """
    deed_id = connection.info["jenjang.deed"][1]
    count = 0
    for name, columns in sorted(filled.items()):
        table = tables.metadata.tables[name]
        batch = []
        for record, rows, live in walked(connection, tables, table):
            for _ in record.play(rows):
                pass
            values = _unlike(record.state, live, columns)
            if live is not None and values:
                made = record.state is None
                batch.append(_change(tables, table, record.pk, live, values, made, deed_id))
        for first in range(0, len(batch), BATCH):
            connection.execute(sa.insert(tables.change), batch[first : first + BATCH])
        count += len(batch)
    return count


def _unlike(known: State | None, live: State | None, columns: Collection[str]) -> dict[str, Any]:
    """What the log is to be told of a row: all of a new one, [old, new] of a filled column."""
    if live is None:
        return {}
    if known is None:
        return dict(live)
    return {
        name: [known.get(name), live[name]] for name in columns if known.get(name) != live[name]
    }


def _change(
    tables: LogTables,
    table: sa.Table,
    pk: str,
    live: State,
    values: Mapping[str, Any],
    made: bool,
    deed_id: int,
) -> dict[str, Any]:
    personal = {
        name: value for name, value in values.items() if table.c[name].info.get("log") == "personal"
    }
    plain = {name: value for name, value in values.items() if name not in personal}
    return {
        "deed_id": deed_id,
        "tbl": table.name,
        "op": "I" if made else "U",
        "pk": pk,
        "scope": live.get(tables.scope) if tables.scope else None,
        "data": json.dumps(plain, ensure_ascii=False),
        "personal": json.dumps(personal, ensure_ascii=False) if personal else None,
        "salt": secrets.token_hex(16) if personal else None,
        "at": now(),
    }
