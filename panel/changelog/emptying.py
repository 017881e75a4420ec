"""Values leave the log's table for an archive: in one deed that names the file and sums the rows.

What a digest covers of plain values is their own digest, which stays, so the chain verifies on. A
row that is empty although no deed of archiving counts it is a finding.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from ..words import say
from .archives import ARCHIVE, told
from .chain import Finding, stream
from .covering import CHAIN_LOCK
from .deeds import deed
from .erasing import flag
from .layout import LogTables
from .rules import Command, Row, Rows, digest_of
from .stored import row_columns

#: What stands in place of the values.
EMPTY = "{}"
#: Rows read and written at a time.
SLICE = 2000


def empty(
    engine: Engine,
    tables: LogTables,
    leaving: Any,
    facts: Mapping[str, object],
) -> int:
    """Take the values of these rows out of the table, in one deed with `facts`; how many rows.

    `leaving(connection)` gives the condition: it is asked under the lock of the chain, so that a
    hold that is set meanwhile is either seen by it or stands behind this deed.
    """
    with deed(ARCHIVE, actor=Command("log archive"), always=True) as act, engine.begin() as found:
        if engine.dialect.name == "postgresql":
            found.execute(sa.select(sa.func.pg_advisory_xact_lock(CHAIN_LOCK)))
        (id,) = act.writing
        flag(found, tables, "archiving", True)
        rows = _emptied(found, tables, leaving(found), id)
        flag(found, tables, "archiving", False)
        act.details = {**facts, **emptied_details(rows)}
    return rows.n


def _emptied(
    connection: Connection, tables: LogTables, condition: sa.ColumnElement[bool], deed_id: int
) -> Rows:
    change, rows = tables.change, Rows()
    query = sa.select(*row_columns(change)).where(condition, change.c.id > sa.bindparam("after"))
    query = query.order_by(change.c.id).limit(SLICE)
    update = (
        change.update()
        .where(change.c.id == sa.bindparam("number"))
        .values(data=EMPTY, archived=sa.bindparam("left"), archived_by=deed_id)
    )
    while True:
        found = [Row._make(one) for one in connection.execute(query, {"after": rows.last})]
        for row in found:
            rows.add(row)
        if found:
            left = [{"number": row.id, "left": digest_of(row.data).hex()} for row in found]
            connection.execute(update, left)
        if len(found) < SLICE:
            return rows


def emptied_details(rows: Rows) -> dict[str, object]:
    """What a deed of archiving says of the rows whose values it took."""
    return {"emptied": rows.n, "rows": rows.digest}


def check_archives(connection: Connection, tables: LogTables) -> Iterator[Finding]:
    """Whether every row without values is one that a deed of archiving has counted."""
    change = tables.change
    known = []
    for deed_id, text in told(connection, tables):
        known.append(deed_id)
        rows = Rows()
        query = sa.select(*row_columns(change)).where(change.c.archived_by == deed_id)
        for one in stream(connection, query.order_by(change.c.id)):
            rows.add(Row._make(one))
        details = json.loads(text)
        if emptied_details(rows) != {name: details.get(name) for name in ("emptied", "rows")}:
            other = say("What deed %(file)s archived is not what it says.", file=details["file"])
            yield Finding("archive", other)
    stray = sa.or_(
        change.c.archived.is_(None),
        change.c.archived_by.is_(None),
        change.c.archived_by.not_in(known),
        change.c.data != EMPTY,
    )
    marked = sa.or_(change.c.archived.is_not(None), change.c.archived_by.is_not(None))
    query = sa.select(change.c.id, change.c.tbl, change.c.pk)
    for id, tbl, pk in stream(connection, query.where(marked, stray).order_by(change.c.id)):
        sentence = say("Change %(id)s was emptied, but no deed says so.", id=id)
        yield Finding("archive", sentence, table=tbl, pk=pk)
