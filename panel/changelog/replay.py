"""The log played again from its first row, beside the tables as they are.

What was done with triggers switched off is seen by nothing else. Log and table are walked side by
side in the order of their keys, so that only one record at a time is in memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from ..words import Sentence, say
from .chain import Finding, stream
from .forms import forms, key_of, quote
from .layout import LogTables

State = dict[str, str | None]


@dataclass(frozen=True)
class Touched:
    """Records that a deed after the number `deed`, or a change after `change`, has touched."""

    tables: LogTables
    deed: int
    change: int

    def keys(self, table: sa.Table) -> sa.Select[Any]:
        """Their keys in one table."""
        change, deed = self.tables.change, self.tables.deed
        later = sa.or_(
            change.c.id > sa.literal_column(str(int(self.change))),
            deed.c.seq > sa.literal_column(str(int(self.deed))),
        )
        return (
            sa.select(change.c.pk)
            .outerjoin_from(change, deed, deed.c.id == change.c.deed_id)
            .where(change.c.tbl == sa.literal(table.name, literal_execute=True), later)
        )


def replay(
    connection: Connection,
    tables: LogTables,
    touched: Touched | None = None,
    archived: Mapping[int, str] | None = None,
) -> Iterator[Finding]:
    """Every difference between what the log says and what the tables hold, of these records.

    `archived` gives the values of changes that stand in archives, by their numbers; what is in no
    archive at hand is taken as not known.
    """
    for table in tables.logged():
        for record, rows, live in walked(connection, tables, table, touched):
            yield from record.play(rows, archived)
            yield from record.compare(live)


def walked(
    connection: Connection, tables: LogTables, table: sa.Table, touched: Touched | None = None
) -> Iterator[tuple[Record, Iterable[Any], State | None]]:
    """Every record of a table: its changes, to be played at once, and its row as it is now."""
    personal = {c.name for c in table.columns if c.info.get("log") == "personal"}
    others = {c.name for c in table.columns} - personal
    written = groupby(_written(connection, tables, table, touched), key=lambda row: str(row.pk))
    present = living(connection, table, touched)
    logged, alive = next(written, None), next(present, None)
    while logged or alive:
        if alive is None or (logged is not None and logged[0] <= alive[0]):
            assert logged is not None
            pk, rows = logged
            same = alive is not None and alive[0] == pk
            record = Record(table.name, pk, personal, others)
            yield record, rows, alive[1] if alive and same else None
            logged = next(written, None)
            if same:
                alive = next(present, None)
        else:
            yield Record(table.name, alive[0], personal, others), (), alive[1]
            alive = next(present, None)


def _written(
    connection: Connection, tables: LogTables, table: sa.Table, touched: Touched | None
) -> Iterable[Any]:
    change = tables.change
    columns = (change.c.pk, change.c.op, change.c.data, change.c.personal, change.c.erased)
    query = sa.select(*columns, change.c.id, change.c.archived).where(change.c.tbl == table.name)
    if touched is not None:
        query = query.where(change.c.pk.in_(touched.keys(table)))
    return stream(connection, query.order_by(change.c.pk, change.c.id))


def living(
    connection: Connection, table: sa.Table, touched: Touched | None = None
) -> Iterator[tuple[str, State]]:
    """Every row of a table by its key, each value in the text form of the log."""
    dialect = connection.dialect.name
    found = forms(table, dialect)
    key = key_of(table, dialect, "t")
    bytewise = ' COLLATE "C"' if dialect == "postgresql" else ""
    columns = ", ".join((key, *(form.of("t") for form in found)))
    some = ""
    if touched is not None:
        keys = touched.keys(table).compile(
            dialect=connection.dialect, compile_kwargs={"render_postcompile": True}
        )
        some = f" WHERE ({key}) IN ({keys})"
    name = quote(table.name, dialect)
    text = f"SELECT {columns} FROM {name} AS t{some} ORDER BY ({key}){bytewise}"
    names = [form.name for form in found]
    for pk, *values in stream(connection, sa.text(text.replace(":", "\\:"))):
        yield str(pk), dict(zip(names, values, strict=True))


class Record:
    """One record as the log tells it, row by row."""

    def __init__(self, table: str, pk: str, personal: set[str], others: set[str]) -> None:
        self.table = table
        self.pk = pk
        self.personal = personal
        self.others = others
        self.state: State | None = None
        #: Columns whose values were erased from the log, or stand in an archive.
        self.unknown: set[str] = set()

    def play(
        self, rows: Iterable[Any], archived: Mapping[int, str] | None = None
    ) -> Iterator[Finding]:
        """Follow the record to its present state; say where a row does not fit the one before."""
        archived = archived or {}
        for row in rows:
            try:
                values = json.loads(archived.get(row.id, row.data))
                if row.personal is not None:
                    values |= json.loads(row.personal)
                yield from self._step(row.op, values)
            except (TypeError, ValueError, AttributeError):
                sentence = say("The log of %(table)s %(pk)s cannot be read.", **self._names)
                yield self._finding(sentence)
                return
            if row.erased is not None:
                self.unknown |= self.personal - set(values)
            if row.archived is not None and row.id not in archived:
                self.unknown |= self.others

    def _step(self, op: str, values: dict[str, Any]) -> Iterator[Finding]:
        if op == "I":
            if self.state is not None:
                sentence = say("%(table)s %(pk)s was replaced without a deletion.", **self._names)
                yield self._finding(sentence)
            self.state, self.unknown = dict(values), set()
        elif self.state is None:
            sentence = say("%(table)s %(pk)s was changed before it was made.", **self._names)
            yield self._finding(sentence)
            self.state = {}
        elif op == "D":
            yield from self._unlike(values)
            self.state = None
        else:
            yield from self._unlike({name: old for name, (old, _) in values.items()})
            self.state |= {name: new for name, (_, new) in values.items()}
            self.unknown -= set(values)

    def compare(self, live: State | None) -> Iterator[Finding]:
        """Say where the table is otherwise than the log's last word."""
        if self.state is None:
            if live is not None:
                sentence = say("%(table)s %(pk)s is in the table, not in the log.", **self._names)
                yield self._finding(sentence)
        elif live is None:
            sentence = say("%(table)s %(pk)s is in the log, not in the table.", **self._names)
            yield self._finding(sentence)
        else:
            yield from self._unlike(live)

    def _unlike(self, found: State) -> Iterator[Finding]:
        state = self.state or {}
        if found == state:
            return
        for name, value in found.items():
            # a column that was added later is not in older rows, and empty
            if name not in self.unknown and state.get(name) != value:
                sentence = say(
                    "%(table)s %(pk)s: %(field)s is not as the log tells.",
                    **self._names,
                    field=name,
                )
                yield self._finding(sentence, name)

    @property
    def _names(self) -> dict[str, object]:
        return {"table": self.table, "pk": self.pk}

    def _finding(self, sentence: Sentence, field: str | None = None) -> Finding:
        return Finding("replay", sentence, table=self.table, pk=self.pk, field=field)
