"""Who had a number when: SQLite gives that of a deleted newest row out again.

What happened before the newest insert of a table and number belongs to whoever had it by then. A
record that was brought back under its old number is the same one, and so is a link.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from .layout import LogTables
from .tables import DeedMixin

#: Under this name the details of a deed that gives values back hold the number of the other one.
RESTORES = "restores"
#: The parameter of `begun`: a number of a change.
BEGUN_AFTER = "begun_after"

Condition = sa.ColumnElement[bool]


@cache
def passed_on(tables: LogTables) -> Condition:
    """Whether another record got the number of a change's record after it."""
    row, born, by = tables.change, tables.change.alias("born"), tables.deed.alias("bore")
    return (
        sa.exists()
        .select_from(_deeds_of(born, by))
        .where(born.c.tbl == row.c.tbl, born.c.pk == row.c.pk, born.c.id > row.c.id)
        .where(*_is_birth(tables, born, by))
    )


@cache
def subject_passed_on(tables: LogTables) -> Condition:
    """Whether another record got the number of what a deed is about after it."""
    deed, born, by = tables.deed, tables.change.alias("born"), tables.deed.alias("bore")
    return (
        sa.exists()
        .select_from(_deeds_of(born, by))
        .where(*_is_subject(deed, born), _later(by.c.seq, born, deed))
        .where(*_is_birth(tables, born, by))
    )


def ended(tables: LogTables) -> Condition:
    """Whether the record of a change was deleted after it, or by it."""
    change, gone = tables.change, tables.change.alias("gone")
    return (
        sa.exists()
        .where(gone.c.tbl == change.c.tbl, gone.c.pk == change.c.pk, gone.c.op == "D")
        .where(gone.c.id >= change.c.id)
    )


def subject_ended(tables: LogTables) -> Condition:
    """Whether the record that a deed is about was deleted after it, or by it."""
    deed, gone, by = tables.deed, tables.change.alias("gone"), tables.deed.alias("ended_by")
    later = _later(by.c.seq, gone, deed) | (by.c.seq == deed.c.seq)
    return (
        sa.exists()
        .select_from(_deeds_of(gone, by))
        .where(*_is_subject(deed, gone), gone.c.op == "D", later)
    )


@cache
def begun(tables: LogTables, table: str, key: Any) -> sa.ScalarSelect[Any]:
    """The change by which the record began that has a number now, if that was after `BEGUN_AFTER`.

    `key` is the mapped attribute of its number.
    """
    born, by = tables.change.alias("born"), tables.deed.alias("bore")
    return (
        sa.select(born.c.id)
        .select_from(_deeds_of(born, by))
        .where(born.c.tbl == table, born.c.pk == sa.cast(key, sa.Text))
        .where(born.c.id > sa.bindparam(BEGUN_AFTER, type_=born.c.id.type))
        .where(*_is_birth(tables, born, by))
        .order_by(born.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )


class Birth(NamedTuple):
    """An insert of a record: its change, the deed that made it, where it put the record."""

    id: int
    at: datetime
    scope: str | None
    #: Number of its deed; none of what came from outside.
    seq: int | None
    #: Whether it made another record than the one that had the number before.
    new: bool

    def is_after(self, deed: DeedMixin) -> bool:
        """Whether it came after a deed; what has no deed of its own goes by the clock."""
        return self.at > deed.at if self.seq is None else self.seq > deed.seq


class Births:
    """The births of some records, looked up once for all that is asked of them."""

    def __init__(
        self, session: Session, tables: LogTables, records: Collection[tuple[str, str]]
    ) -> None:
        """One statement, which goes through the changes of each of these records once."""
        self._found: defaultdict[tuple[str, str], list[Birth]] = defaultdict(list)
        keys: defaultdict[str, list[str]] = defaultdict(list)
        for table, pk in sorted(records):
            keys[table].append(pk)
        if not keys:
            return
        born, rows = _births(tables)
        any_of = (sa.and_(born.c.tbl == tbl, born.c.pk.in_(pks)) for tbl, pks in keys.items())
        for tbl, pk, *values in session.execute(rows.where(sa.or_(*any_of))):
            self._found[tbl, pk].append(Birth(*values))

    def of(self, tbl: str | None, pk: str | None) -> list[Birth]:
        """Those of one record, oldest first."""
        return self._found.get((tbl or "", pk or ""), [])

    def subject_passed_on(self, deed: DeedMixin) -> bool:
        """Whether another record got the number of what a deed is about after it."""
        births = self.of(deed.subject_table, deed.subject_pk)
        return any(one.new and one.is_after(deed) for one in births)

    def subject_lay(self, deed: DeedMixin) -> str | None:
        """Where the record that a deed is about lay when it was made, as the log writes it."""
        births = self.of(deed.subject_table, deed.subject_pk)
        return next((one.scope for one in reversed(births) if not one.is_after(deed)), None)


@cache
def _births(tables: LogTables) -> tuple[sa.FromClause, sa.Select[Any]]:
    """All births, oldest first, and the changes that they are."""
    born, by = tables.change.alias("born"), tables.deed.alias("bore")
    is_new = sa.and_(*_is_birth(tables, born, by)).label("new")
    rows = sa.select(born.c.tbl, born.c.pk, born.c.id, born.c.at, born.c.scope, by.c.seq, is_new)
    rows = rows.select_from(_deeds_of(born, by)).where(born.c.op == "I").order_by(born.c.id)
    return born, rows


def reused(connection: Connection, tables: LogTables) -> dict[tuple[str, str], tuple[int, int]]:
    """The newest birth under each number that several records had: numbers of change and deed."""
    born, by = tables.change.alias("born"), tables.deed.alias("bore")
    keys = (born.c.tbl, born.c.pk)
    last = (sa.func.max(born.c.id), sa.func.coalesce(sa.func.max(by.c.seq), 0))
    births = sa.select(*keys, *last).select_from(_deeds_of(born, by))
    births = births.where(*_is_birth(tables, born, by)).group_by(*keys)
    rows = connection.execute(births.having(sa.func.count() > 1))
    return {(tbl, pk): (change, deed) for tbl, pk, change, deed in rows}


def _deeds_of(born: sa.FromClause, by: sa.FromClause) -> sa.FromClause:
    return born.outerjoin(by, sa.and_(by.c.id == born.c.deed_id, born.c.id <= by.c.last))


def _is_subject(deed: sa.Table, born: sa.FromClause) -> tuple[Condition, ...]:
    return born.c.tbl == deed.c.subject_table, born.c.pk == deed.c.subject_pk


def _later(seq: sa.ColumnElement[Any], born: sa.FromClause, deed: sa.Table) -> Condition:
    """Whether a row came after a deed; what has no deed of its own goes by the clock."""
    return sa.or_(seq > deed.c.seq, sa.and_(seq.is_(None), born.c.at > deed.c.at))


def _is_birth(tables: LogTables, born: sa.FromClause, by: sa.FromClause) -> tuple[Condition, ...]:
    """Whether an insert made a new record, and did not bring back the one of that number."""
    gone, ended = tables.change.alias("gone"), tables.deed.alias("ended")
    told = sa.literal(f'"{RESTORES}":') + sa.cast(ended.c.seq, sa.Text)
    same = (
        sa.exists()
        .select_from(gone.join(ended, sa.and_(ended.c.id == gone.c.deed_id)))
        .where(gone.c.tbl == born.c.tbl, gone.c.pk == born.c.pk, gone.c.op == "D")
        .where(gone.c.id < born.c.id, gone.c.id <= ended.c.last)
        .where(sa.or_(*(by.c.details.contains(told + end) for end in (",", "}"))))
    )
    restoring = sa.func.coalesce(by.c.action, "") == born.c.tbl + sa.literal(".restore")
    # one after the other: what was deleted is looked for only where something was brought back
    other = sa.case((restoring, ~same), else_=sa.true())
    return born.c.op == "I", ~born.c.pk.startswith("["), other
