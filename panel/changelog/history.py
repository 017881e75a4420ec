"""Questions to the log: what happened to a record, what happened lately, who wrote it.

Pages go by the deed's number, newest first. A change that claims a deed after its seal, or none,
belongs to nobody; once adopted, to the deed that adopted it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from .layout import LogTables
from .tables import ChangeMixin, DeedMixin

#: Action of the deed by which the system takes in changes from outside.
ADOPT = "log.adopt"

Record = tuple[str, str]
Condition = sa.ColumnElement[bool]


@dataclass(frozen=True)
class Entry:
    """A deed with its changes; without a deed they came from outside and are not adopted yet."""

    deed: DeedMixin | None
    changes: tuple[ChangeMixin, ...] = ()
    #: Further changes of the deed that are not listed here, seen or not.
    more: int = 0

    @property
    def outside(self) -> bool:
        """Whether its changes were made outside the application."""
        return self.deed is None or (self.deed.action == ADOPT and bool(self.changes))


@dataclass(frozen=True)
class Search:
    """What to look for among deeds and changes; every field narrows."""

    actor: int | None = None
    action: str | None = None
    table: str | None = None
    pk: str | None = None
    field: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    #: Condition on columns of `change`: the rows that the reader may see.
    changes_seen: Condition | None = None
    #: Condition on columns of `deed`: events without changes that the reader may see.
    deeds_seen: Condition | None = None


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


def history(
    tables: LogTables,
    session: Session,
    records: Iterable[Record],
    *,
    limit: int = 50,
    before: int | None = None,
    most: int = 100,
) -> list[Entry]:
    """Deeds that changed or were about any of `records`; unadopted rows first, on the first page.

    `records` are (table, key) pairs: the record, and its children where they are to be shown.
    """
    change, deed = tables.change, tables.deed
    asked = list(records)
    mine = among(change.c.tbl, change.c.pk, asked)
    source, seq = owned(tables)
    changed = sa.select(seq.label("seq")).select_from(source).where(mine, seq.is_not(None))
    about = sa.select(deed.c.seq).where(among(deed.c.subject_table, deed.c.subject_pk, asked))
    seqs = sa.union(changed, about).subquery()
    page = sa.select(seqs.c.seq).order_by(seqs.c.seq.desc()).limit(limit)
    if before is not None:
        page = page.where(seqs.c.seq < before)
    entries = _entries(tables, session, session.scalars(page).all(), mine, most)
    strays = _strays(tables, session, mine, most) if before is None else ()
    return [Entry(None, strays), *entries] if strays else entries


def recent(
    tables: LogTables,
    session: Session,
    search: Search,
    *,
    limit: int = 50,
    before: int | None = None,
    most: int = 20,
) -> list[Entry]:
    """The latest deeds that `search` finds, each with at most `most` of its matching changes."""
    deed = tables.deed
    conditions = _deed_conditions(tables, search)
    wanted = _change_conditions(tables, session, search)
    if wanted or search.deeds_seen is not None:
        conditions.append(sa.or_(_has_change(tables, wanted, search), _is_event(tables, search)))
    if before is not None:
        conditions.append(deed.c.seq < before)
    page = sa.select(deed.c.seq).where(*conditions).order_by(deed.c.seq.desc()).limit(limit)
    return _entries(tables, session, session.scalars(page).all(), sa.and_(sa.true(), *wanted), most)


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


def _deed_conditions(tables: LogTables, search: Search) -> list[Condition]:
    deed = tables.deed
    found: list[Condition] = []
    if search.actor is not None:
        found.append(deed.c.actor_id == search.actor)
    if search.action is not None:
        found.append(deed.c.action == search.action)
    if search.since is not None:
        found.append(deed.c.at >= search.since)
    if search.until is not None:
        found.append(deed.c.at < search.until)
    return found


def _change_conditions(tables: LogTables, session: Session, search: Search) -> list[Condition]:
    change = tables.change
    found: list[Condition] = []
    if search.table is not None:
        found.append(change.c.tbl == search.table)
    if search.pk is not None:
        found.append(change.c.pk == search.pk)
    if search.field is not None:
        dialect = session.get_bind().dialect.name
        fields = (change.c.data, change.c.personal)
        found.append(sa.or_(*(_touches(column, search.field, dialect) for column in fields)))
    if search.changes_seen is not None:
        found.append(search.changes_seen)
    return found


def _touches(column: sa.ColumnElement[Any], field: str, dialect_name: str) -> Condition:
    value: sa.ColumnElement[Any]
    if dialect_name == "sqlite":
        value = sa.func.json_extract(column, '$."' + field.replace('"', "") + '"')
    else:
        value = sa.cast(column, sa.JSON)[field].as_string()
    return value.is_not(None)


def _has_change(tables: LogTables, wanted: Sequence[Condition], search: Search) -> Condition:
    change, deed, adoption = tables.change, tables.deed, tables.adoption
    if search.pk is not None:  # few rows: find them first, by the record's index
        source, seq = owned(tables)
        return deed.c.seq.in_(sa.select(seq).select_from(source).where(*wanted))
    own = sa.exists().where(change.c.deed_id == deed.c.id, change.c.id <= deed.c.last, *wanted)
    taken_in = sa.exists().where(
        adoption.c.deed_id == deed.c.id, change.c.id == adoption.c.change_id, *wanted
    )
    return sa.or_(own, sa.and_(deed.c.action == ADOPT, taken_in))


def _is_event(tables: LogTables, search: Search) -> Condition:
    """A deed without changes, about the record that is looked for."""
    deed = tables.deed
    if search.field is not None:
        return sa.false()
    found: list[Condition] = [deed.c.n == 0]
    if search.table is not None:
        found.append(deed.c.subject_table == search.table)
    if search.pk is not None:
        found.append(deed.c.subject_pk == search.pk)
    if search.deeds_seen is not None:
        found.append(search.deeds_seen)
    return sa.and_(*found)


def _entries(
    tables: LogTables, session: Session, seqs: Sequence[int], wanted: Condition, most: int
) -> list[Entry]:
    change, deed = tables.change, tables.deed
    source, seq = owned(tables)
    place = sa.func.row_number().over(partition_by=seq, order_by=change.c.id)
    rows = (
        sa.select(change, seq.label("seq"), place.label("place"))
        .select_from(source)
        .where(_by(tables, seqs), wanted)
        .subquery()
    )
    changes = aliased(tables.changes, rows)
    query = (
        sa.select(changes, rows.c.seq)
        .where(rows.c.place <= most, rows.c.seq.in_(seqs))
        .order_by(rows.c.id)
    )
    listed: defaultdict[int, list[ChangeMixin]] = defaultdict(list)
    for row, number in session.execute(query):
        listed[number].append(row)
    deeds = session.scalars(
        sa.select(tables.deeds).where(deed.c.seq.in_(seqs)).order_by(deed.c.seq.desc())
    )
    return [
        Entry(found, tuple(listed[found.seq]), max(0, found.n - len(listed[found.seq])))
        for found in deeds
    ]


def _by(tables: LogTables, seqs: Sequence[int]) -> Condition:
    """Rows that could belong to these deeds, found by the indexes."""
    change, deed, adoption = tables.change, tables.deed, tables.adoption
    ids = sa.select(deed.c.id).where(deed.c.seq.in_(seqs))
    adopted = sa.select(adoption.c.change_id).where(adoption.c.deed_id.in_(ids))
    return sa.or_(change.c.deed_id.in_(ids), change.c.id.in_(adopted))


def _strays(
    tables: LogTables, session: Session, wanted: Condition, most: int
) -> tuple[ChangeMixin, ...]:
    change = tables.change
    source, seq = owned(tables)
    ids = (
        sa.select(change.c.id)
        .select_from(source)
        .where(wanted, seq.is_(None))
        .order_by(change.c.id.desc())
        .limit(most)
    )
    found = session.scalars(
        sa.select(tables.changes).where(change.c.id.in_(ids)).order_by(change.c.id.desc())
    )
    return tuple(found)
