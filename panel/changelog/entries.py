"""Deeds with their changes, as the pages of the log list them: so many of each, and no more.

A change that claims a deed after its seal, or none, belongs to nobody; once adopted, to the deed
that adopted it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.util import ClauseAdapter

from .bearers import Births, passed_on
from .layout import LogTables
from .tables import ChangeMixin, DeedMixin

#: Action of the deed by which the system takes in changes from outside.
ADOPT = "log.adopt"
#: Rows of nobody that are looked at for those that no deed has adopted yet.
STRAYS = 1000
#: As many statements of each kind are kept: one for each set of tables that a page tells of.
SHAPES = 128

Record = tuple[str, str]
Condition = sa.ColumnElement[bool]


@dataclass(frozen=True)
class Entry:
    """A deed with its changes; without a deed they came from outside and are not adopted yet."""

    deed: DeedMixin | None
    changes: tuple[ChangeMixin, ...] = ()
    #: Further changes of the deed that are not listed here, seen or not.
    more: int = 0
    #: Whether more of what was asked for is in it than is listed.
    cut: bool = False
    #: Whether what the deed is about had its number before another record got it.
    subject_passed_on: bool = False
    #: Numbers of the changes whose record had its number before another got it.
    passed_on: frozenset[int] = frozenset()
    #: Where the record that the deed is about lay, if it lay anywhere.
    lay: str | None = None

    @property
    def outside(self) -> bool:
        """Whether its changes were made outside the application."""
        return self.deed is None or (self.deed.action == ADOPT and bool(self.changes))


def owned(tables: LogTables) -> tuple[sa.FromClause, sa.ColumnElement[Any]]:
    """`change` joined to what answers for each row, and the number of that deed, or null.

    A row is its own deed's if it came before the seal; only else may an adoption speak for it.
    """
    change, adoption = tables.change, tables.adoption
    own, adopter = tables.deed.alias("own"), tables.deed.alias("adopter")
    joined = (
        change.outerjoin(own, sa.and_(own.c.id == change.c.deed_id, change.c.id <= own.c.last))
        .outerjoin(adoption, adoption.c.change_id == change.c.id)
        .outerjoin(adopter, sa.and_(adopter.c.id == adoption.c.deed_id, adopter.c.action == ADOPT))
    )
    return joined, sa.func.coalesce(own.c.seq, adopter.c.seq)


def among(
    table: sa.ColumnElement[Any], pk: sa.ColumnElement[Any], records: Iterable[Record]
) -> Condition:
    """Whether a row of the log is of any of these records."""
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for name, key in records:
        keys[name].append(str(key))
    return sa.or_(
        sa.false(), *(sa.and_(table == name, pk.in_(found)) for name, found in keys.items())
    )


def entries_of(
    tables: LogTables,
    session: Session,
    seqs: Sequence[int],
    wanted: Condition,
    most: int,
    after: int = 0,
    given: Mapping[str, Any] | None = None,
) -> list[Entry]:
    """The deeds with these numbers, newest first, each with its first `most` wanted changes.

    Only those after the change number `after`. However many changes a deed has, no more are read.
    `given` are the parameters of a condition that is kept: what is asked with it is kept, too.
    """
    found = session.scalars(_deeds(tables), {"seqs": list(seqs)}).all()
    listed: defaultdict[int, list[ChangeMixin]] = defaultdict(list)
    own = _own if given is None else _own_kept
    parts = [own(tables, wanted, most)] if any(one.n for one in found) else []
    if any(one.action == ADOPT for one in found):
        parts.append(_adopted(tables, wanted, most))
    earlier = set[int]()
    asked = {**(given or {}), "seqs": list(seqs), "after": after}
    for part in parts:
        for row, number, passed in session.execute(part, asked):
            listed[number].append(row)
            earlier |= {row.id} if passed else set()
    about = {
        (one.subject_table, one.subject_pk)
        for one in found
        if one.subject_table is not None and one.subject_pk is not None
    }
    births = Births(session, tables, about)
    return [
        replace(
            _entry(one, listed[one.seq], most, earlier),
            subject_passed_on=births.subject_passed_on(one),
            lay=births.subject_lay(one),
        )
        for one in found
    ]


def _entry(deed: DeedMixin, rows: list[ChangeMixin], most: int, earlier: set[int]) -> Entry:
    kept = tuple(rows[:most])
    passed = frozenset(earlier.intersection(row.id for row in kept))
    return Entry(deed, kept, max(0, deed.n - len(kept)), len(rows) > most, passed_on=passed)


@cache
def _deeds(tables: LogTables) -> sa.Select[Any]:
    seq = tables.deed.c.seq
    these = seq.in_(sa.bindparam("seqs", expanding=True))
    return sa.select(tables.deeds).where(these).order_by(seq.desc())


def _own(tables: LogTables, wanted: Condition, most: int) -> sa.Select[Any]:
    """The first rows of each deed, and one more: where it stops is found by the index first."""
    change, deed, after = tables.change, tables.deed, sa.bindparam("after", type_=sa.BigInteger)
    other = change.alias("other")
    there = ClauseAdapter(other).traverse(wanted)
    stop = (
        sa.select(other.c.id)
        .where(other.c.deed_id == deed.c.id, other.c.id <= deed.c.last, other.c.id > after, there)
        .order_by(other.c.id)
        .offset(most)
        .limit(1)
        .correlate(deed)
        .scalar_subquery()
    )
    page = (
        sa.select(deed.c.seq, deed.c.id, sa.func.coalesce(stop, deed.c.last).label("stop"))
        .where(deed.c.seq.in_(sa.bindparam("seqs", expanding=True)), deed.c.n > 0)
        .subquery("page")
    )
    changes = aliased(tables.changes, change)
    return (
        sa.select(changes, page.c.seq, passed_on(tables))
        .select_from(page)
        .join(change, sa.and_(change.c.deed_id == page.c.id, change.c.id <= page.c.stop))
        .where(wanted, change.c.id > after)
        .order_by(change.c.id)
    )


_own_kept = lru_cache(maxsize=SHAPES)(_own)


def _adopted(tables: LogTables, wanted: Condition, most: int) -> sa.Select[Any]:
    """The same of what deeds of the system adopted, by the index of their adoptions."""
    change, deed, adoption = tables.change, tables.deed, tables.adoption
    after = sa.bindparam("after", type_=sa.BigInteger)
    source, seq = owned(tables)
    ids = sa.select(deed.c.id).where(
        deed.c.seq.in_(sa.bindparam("seqs", expanding=True)), deed.c.action == ADOPT
    )
    taken = sa.select(adoption.c.change_id).where(adoption.c.deed_id.in_(ids))
    place = sa.func.row_number().over(partition_by=seq, order_by=change.c.id)
    rows = (
        sa.select(change, seq.label("seq"), place.label("place"), passed_on(tables).label("passed"))
        .select_from(source)
        .where(change.c.id.in_(taken), change.c.id > after, wanted)
        .subquery()
    )
    changes = aliased(tables.changes, rows)
    return (
        sa.select(changes, rows.c.seq, rows.c.passed)
        .where(rows.c.place <= most + 1, rows.c.seq.in_(sa.bindparam("seqs", expanding=True)))
        .order_by(rows.c.id)
    )


def strays(
    tables: LogTables,
    session: Session,
    wanted: Condition,
    most: int,
    given: Mapping[str, Any] | None = None,
) -> tuple[ChangeMixin, ...]:
    """Wanted changes that belong to nobody yet, newest first; `given` as in `entries_of`."""
    asked = (_strays if given is None else _strays_kept)(tables, wanted, most)
    return tuple(session.scalars(asked, given or {}))


def _strays(tables: LogTables, wanted: Condition, most: int) -> sa.Select[Any]:
    change = tables.change
    source, seq = owned(tables)
    ids = (
        sa.select(change.c.id)
        .select_from(source)
        .where(wanted, seq.is_(None))
        .order_by(change.c.id.desc())
        .limit(most)
    )
    return sa.select(tables.changes).where(change.c.id.in_(ids)).order_by(change.c.id.desc())


_strays_kept = lru_cache(maxsize=SHAPES)(_strays)


def unclaimed(tables: LogTables) -> Condition:
    """Whether a change is one of the newest that named no deed when they were written."""
    change = tables.change
    other = change.alias("unclaimed")
    newest = sa.select(other.c.id).where(other.c.deed_id.is_(None))
    return change.c.id.in_(newest.order_by(other.c.id.desc()).limit(STRAYS))
