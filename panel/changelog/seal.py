"""The seal: at commit one row of `deed` is written over the rows that its transaction captured.

The rows are read in slices before the chain is locked; number and link are taken under the lock.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from .deeds import OpenDeed
from .prepared import Prepared
from .rules import GENESIS, Link, Row, Rows, canonical, next_key, text_of_moment

#: Advisory lock on PostgreSQL that makes seals queue; held until the end of COMMIT.
CHAIN_LOCK = 7305
SLICE = 2000

_ROW = Row._fields
_LINK = tuple(Link.__dataclass_fields__)


def stored(table: sa.Table, names: tuple[str, ...]) -> list[sa.ColumnElement[Any]]:
    """Columns of `table` as they are stored, moments as text."""
    found: list[sa.ColumnElement[Any]] = []
    for name in names:
        column = table.c[name]
        found.append(sa.type_coerce(column, sa.Text).label(name) if name == "at" else column)
    return found


def row_columns(change: sa.Table) -> list[sa.ColumnElement[Any]]:
    """The columns that make a `Row`."""
    return stored(change, _ROW)


def link_columns(deed: sa.Table) -> list[sa.ColumnElement[Any]]:
    """The columns that make a `Link`."""
    return stored(deed, _LINK)


def rows_of(connection: Connection, change: sa.Table, deed_id: int) -> Iterator[Row]:
    """Every row captured for a deed, in slices: one round trip for a small deed."""
    for found in _slices(connection, change, deed_id):
        yield from map(Row._make, found)


def _slices(connection: Connection, change: sa.Table, deed_id: int) -> Iterator[Sequence[Any]]:
    last, query = 0, _slice(change)
    while True:
        found = query.run(connection, deed=deed_id, after=last).all()
        yield found
        if len(found) < SLICE:
            return
        last = found[-1].id


@cache
def _slice(change: sa.Table) -> Prepared:
    return Prepared(
        sa.select(*row_columns(change))
        .where(
            change.c.deed_id == sa.bindparam("deed"),
            change.c.id > sa.bindparam("after"),
        )
        .order_by(change.c.id)
        .limit(sa.literal_column(str(SLICE)))
    )


class NoKey(LookupError):
    """The key by which the log is sealed at present is not among those of the settings."""


def seal(
    connection: Connection,
    change: sa.Table,
    deed: sa.Table,
    act: OpenDeed,
    id: int,
    keys: Mapping[str, bytes],
) -> bool:
    """Write the deed; False when it changed nothing and need not be kept.

    `keys` by their short names: the first one begins a log, from then on a deed names the next.
    """
    rows = Rows()
    for found in _slices(connection, change, id):
        rows.extend(found)
    if not rows.n and not act.always:
        return False
    seq, prev, key_id = _head(connection, deed)
    key_id = key_id or next(iter(keys))
    if key_id not in keys:
        raise NoKey(f"the log is sealed with the key {key_id}, which the settings do not give")
    words = act.personal()
    link = Link(
        seq=seq + 1,
        id=id,
        action=act.action,
        subject_table=act.subject[0] if act.subject else None,
        subject_pk=str(act.subject[1]) if act.subject else None,
        actor_id=act.actor.id,
        actor_kind=act.actor.kind,
        acting_for_id=act.acting_for,
        request_id=act.request_id,
        scope=act.scope,
        at=text_of_moment(datetime.now(UTC)),
        details=canonical(act.details),
        personal=canonical(words) if words else None,
        salt=secrets.token_hex(16) if words else None,
        erased=None,
        n=rows.n,
        last=rows.last,
        rows=rows.digest,
        prev=prev,
        key_id=key_id,
    )
    values = {name: getattr(link, name) for name in _LINK}
    _inserting(deed).run(connection, **values, mac=link.mac(keys[key_id]))
    return True


@cache
def _inserting(deed: sa.Table) -> Prepared:
    kinds = {name: sa.Text() if name == "at" else deed.c[name].type for name in (*_LINK, "mac")}
    given = {name: sa.bindparam(name, type_=kind) for name, kind in kinds.items()}
    return Prepared(sa.insert(deed).values(given))


@cache
def _newest(deed: sa.Table) -> Prepared:
    columns = (deed.c.seq, deed.c.mac, deed.c.action, deed.c.details, deed.c.key_id)
    newest = sa.select(*columns).order_by(deed.c.seq.desc())
    return Prepared(newest.limit(sa.literal_column("1")))


def _head(connection: Connection, deed: sa.Table) -> tuple[int, str, str | None]:
    if connection.dialect.name == "postgresql":
        # a statement of its own, so that the next one sees what the last holder committed
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({CHAIN_LOCK})")
    found = _newest(deed).run(connection).first()
    if found is None:
        return 0, GENESIS, None
    return found.seq, found.mac, next_key(found.action, found.details, found.key_id)
