"""What happened to a record and to what belongs to it; pages go by the deed's number."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .bearers import passed_on, subject_passed_on
from .entries import Condition, Entry, Record, among, entries_of, owned, strays
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
    change, deed = tables.change, tables.deed
    asked = list(records)
    mine = sa.and_(among(change.c.tbl, change.c.pk, asked), ~passed_on(tables))
    source, seq = owned(tables)
    changed = sa.select(seq.label("seq")).select_from(source).where(mine, seq.is_not(None))
    about = sa.select(deed.c.seq).where(
        among(deed.c.subject_table, deed.c.subject_pk, asked), ~subject_passed_on(tables)
    )
    seqs = sa.union(changed, about).subquery()
    page = sa.select(seqs.c.seq).order_by(seqs.c.seq.desc()).limit(limit)
    if before is not None:
        page = page.where(seqs.c.seq < before)
    wanted = mine if whole is None else sa.or_(mine, in_deeds_about(tables, whole))
    entries = entries_of(tables, session, session.scalars(page).all(), wanted, most)
    found = strays(tables, session, mine, most) if before is None else ()
    return [Entry(None, found), *entries] if found else entries


def in_deeds_about(tables: LogTables, record: Record) -> Condition:
    """Whether a change was captured by a deed about this record."""
    deed = tables.deed
    about = among(deed.c.subject_table, deed.c.subject_pk, [record])
    ids = sa.select(deed.c.id).where(about, ~subject_passed_on(tables))
    return tables.change.c.deed_id.in_(ids)
