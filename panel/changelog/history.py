"""What happened to a record and to what belongs to it; pages go by the deed's number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .bearers import passed_on, subject_passed_on
from .entries import SHAPES, Condition, Entry, Record, entries_of, owned, strays
from .layout import LogTables


def history(
    tables: LogTables,
    session: Session,
    records: Iterable[Record],
    *,
    limit: int = 50,
    before: int | None = None,
    most: int = 100,
    whole: Record | None = None,
) -> list[Entry]:
    """Deeds that changed or were about any of `records`; unadopted rows first, on the first page.

    `records` are (table, key) pairs: the record, and its children where they are to be shown. Of a
    deed about `whole` every change is listed: a child that it took away is among no records now.
    What happened before a record got its number is of the one that had it then, and left out.
    """
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for table, key in records:
        keys[table].append(str(key))
    names = tuple(keys)
    given: dict[str, Any] = {f"keys{at}": found for at, found in enumerate(keys.values())}
    given |= {"before": before, "most": limit}
    seqs = session.scalars(_page(tables, names, before is not None), given).all()
    if whole is not None:
        given |= {"about_table": whole[0], "about_key": str(whole[1])}
    wanted = _wanted(tables, names, whole is not None)
    entries = entries_of(tables, session, seqs, wanted, most, given=given)
    if before is not None:
        return entries
    found = strays(tables, session, _wanted(tables, names, False), most, given)
    return [Entry(None, found), *entries] if found else entries


@lru_cache(maxsize=SHAPES)
def _wanted(tables: LogTables, names: tuple[str, ...], about: bool) -> Condition:
    """Whether a change is of records of these tables, or of a deed about the whole one.

    The keys of the first table are given as `keys0`, those of the next as `keys1`.
    """
    change = tables.change
    mine = sa.and_(_among(change.c.tbl, change.c.pk, names), ~passed_on(tables))
    return sa.or_(mine, change.c.deed_id.in_(_about(tables))) if about else mine


@lru_cache(maxsize=SHAPES)
def _page(tables: LogTables, names: tuple[str, ...], further: bool) -> sa.Select[Any]:
    """The numbers of the newest deeds on such records, or about them; `further`: before one."""
    deed = tables.deed
    source, seq = owned(tables)
    mine = _wanted(tables, names, False)
    changed = sa.select(seq.label("seq")).select_from(source).where(mine, seq.is_not(None))
    about = sa.select(deed.c.seq).where(
        _among(deed.c.subject_table, deed.c.subject_pk, names), ~subject_passed_on(tables)
    )
    seqs = sa.union(changed, about).subquery()
    most = sa.bindparam("most", type_=sa.Integer)
    page = sa.select(seqs.c.seq).order_by(seqs.c.seq.desc()).limit(most)
    return page.where(seqs.c.seq < sa.bindparam("before")) if further else page


def _among(
    table: sa.ColumnElement[Any], pk: sa.ColumnElement[Any], names: tuple[str, ...]
) -> Condition:
    return sa.or_(
        sa.false(),
        *(
            sa.and_(table == name, pk.in_(sa.bindparam(f"keys{at}", expanding=True)))
            for at, name in enumerate(names)
        ),
    )


def in_deeds_about(tables: LogTables, record: Record) -> Condition:
    """Whether a change was captured by a deed about this record."""
    ids = _about(tables).params(about_table=record[0], about_key=str(record[1]))
    return tables.change.c.deed_id.in_(ids)


@cache
def _about(tables: LogTables) -> sa.Select[Any]:
    """Deeds about the record `about_table`, `about_key`."""
    deed = tables.deed
    about = (
        deed.c.subject_table == sa.bindparam("about_table"),
        deed.c.subject_pk == sa.bindparam("about_key"),
    )
    return sa.select(deed.c.id).where(*about, ~subject_passed_on(tables))
