"""Who wrote a record, and since when it is there: questions of the workflow to the log."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .deeds import current
from .entries import Record, among
from .layout import LogTables


def authors(
    tables: LogTables,
    session: Session,
    records: Iterable[Record],
    *,
    since: int = 0,
    ignoring: Collection[str] = (),
    writing: int | None = None,
) -> set[int]:
    """Accounts that wrote any of `records` after change number `since`.

    An update of nothing but columns in `ignoring` does not count, unless it is in an archive and
    nobody knows. `writing` is the running deed,
    which has no seal yet: its rows are the present actor's. Commands are nobody.
    """
    change, deed = tables.change, tables.deed
    is_update = sa.and_(change.c.op == "U", change.c.archived.is_(None))
    data, personal = (sa.case((is_update, text)) for text in (change.c.data, change.c.personal))
    query = (
        sa.select(data, personal, change.c.deed_id, deed.c.actor_id)
        .distinct()
        .outerjoin_from(
            change, deed, sa.and_(deed.c.id == change.c.deed_id, change.c.id <= deed.c.last)
        )
        .where(among(change.c.tbl, change.c.pk, records), change.c.id > since)
        .where(sa.or_(deed.c.actor_kind == "account", change.c.deed_id == writing))
    )
    act = current()
    found: set[int] = set()
    for plain, hidden, deed_id, actor_id in session.execute(query):
        if plain is not None:
            touched = {*json.loads(plain), *json.loads(hidden or "{}")}
            if touched <= set(ignoring):
                continue
        if actor_id is not None:
            found.add(actor_id)
        elif act is not None and deed_id == writing and act.actor.kind == "account":
            found.add(act.actor.id)
    return found


def inserted(tables: LogTables, session: Session, table: str, pk: object) -> int | None:
    """Number of the change by which a row came to be: `since` for what followed it."""
    change = tables.change
    found: int | None = session.scalar(
        sa.select(sa.func.max(change.c.id)).where(
            change.c.tbl == table, change.c.pk == str(pk), change.c.op == "I"
        )
    )
    return found
