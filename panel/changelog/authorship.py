"""Who wrote a record, and since when it is there: questions of the workflow to the log."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .deeds import current
from .entries import Record
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
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for table, key in records:
        keys[table].append(str(key))
    found: set[int] = set()
    for table, own in keys.items():
        asked = {"tbl": table, "keys": own, "since": since, "writing": writing}
        found.update(_authors(session.execute(_written(tables), asked), ignoring, writing))
    return found


@cache
def _written(tables: LogTables) -> sa.Select[Any]:
    """What accounts and the deed `writing` wrote into `keys` of `tbl` after `since`."""
    change, deed = tables.change, tables.deed
    is_update = sa.and_(change.c.op == "U", change.c.archived.is_(None))
    data, personal = (sa.case((is_update, text)) for text in (change.c.data, change.c.personal))
    since, writing = (sa.bindparam(name, type_=sa.BigInteger) for name in ("since", "writing"))
    return (
        sa.select(data, personal, change.c.deed_id, deed.c.actor_id)
        .distinct()
        .outerjoin_from(
            change, deed, sa.and_(deed.c.id == change.c.deed_id, change.c.id <= deed.c.last)
        )
        .where(change.c.tbl == sa.bindparam("tbl"), change.c.id > since)
        .where(change.c.pk.in_(sa.bindparam("keys", expanding=True)))
        .where(
            sa.or_(deed.c.actor_kind == "account", change.c.deed_id.is_not_distinct_from(writing))
        )
    )


def _authors(rows: Iterable[Any], ignoring: Collection[str], writing: int | None) -> Iterator[int]:
    act, ignored = current(), set(ignoring)
    for plain, hidden, deed_id, actor_id in rows:
        if plain is not None:
            touched = {*json.loads(plain), *json.loads(hidden or "{}")}
            if touched <= ignored:
                continue
        if actor_id is not None:
            yield actor_id
        elif act is not None and deed_id == writing and act.actor.kind == "account":
            yield act.actor.id


def inserted(tables: LogTables, session: Session, table: str, pk: object) -> int | None:
    """Number of the change by which a row came to be: `since` for what followed it."""
    asked = {"tbl": table, "key": str(pk)}
    found: int | None = session.scalar(_inserted(tables), asked)
    return found


@cache
def _inserted(tables: LogTables) -> sa.Select[Any]:
    change = tables.change
    mine = (change.c.tbl == sa.bindparam("tbl"), change.c.pk == sa.bindparam("key"))
    return sa.select(sa.func.max(change.c.id)).where(*mine, change.c.op == "I")
