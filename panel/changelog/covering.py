"""What a seal is put over and linked to: sums of the captured rows, and the end of the chain."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from .forms import quote
from .prepared import Prepared
from .rules import GENESIS, Rows, next_key
from .stored import row_columns

#: Advisory lock on PostgreSQL that makes seals queue; held until the end of COMMIT.
CHAIN_LOCK = 7305


class Sums(NamedTuple):
    """What a deed covers: how many rows, the last one's number, the digest of all."""

    n: int
    last: int
    rows: str


#: Number and seal of the newest deed, and the key of the next one, if it is given.
Head = tuple[int, str, str | None]


def look(connection: Connection, change: sa.Table, deed: sa.Table, id: int) -> tuple[Sums, Head]:
    """What the transaction captured for the deed `id`, then the chain's lock, then its end."""
    on_sqlite = connection.dialect.name == "sqlite"
    return (_on_sqlite if on_sqlite else _on_postgresql)(connection, change, deed, id)


def _on_sqlite(
    connection: Connection, change: sa.Table, deed: sa.Table, id: int
) -> tuple[Sums, Head]:
    """The rows one by one as the driver has them; the write lock is held already."""
    found = Rows()
    result = _captured(change).run(connection, deed=id)
    cursor: Any = result.cursor
    found.extend(cursor)
    result.close()
    return Sums(found.n, found.last, found.digest), _head(_newest(deed).run(connection).first())


@cache
def _captured(change: sa.Table) -> Prepared:
    rows = sa.select(*row_columns(change)).where(change.c.deed_id == sa.bindparam("deed"))
    return Prepared(rows.order_by(change.c.id))


@cache
def _newest(deed: sa.Table) -> Prepared:
    columns = (deed.c.seq, deed.c.mac, deed.c.action, deed.c.details, deed.c.key_id)
    newest = sa.select(*columns).order_by(deed.c.seq.desc())
    return Prepared(newest.limit(sa.literal_column("1")))


def _head(found: Any) -> Head:
    if found is None:
        return 0, GENESIS, None
    seq, mac, action, details, key_id = found
    return seq, mac, next_key(action, details, key_id)


def _on_postgresql(
    connection: Connection, change: sa.Table, deed: sa.Table, id: int
) -> tuple[Sums, Head]:
    """Sums by the server, for all rows would have to travel; the lock when they are made.

    The end of the chain by another statement, which sees what the last holder committed.
    """
    summed = connection.exec_driver_sql(_summing(change), {"deed": id}).one()
    return Sums(*summed[:3]), _head(_newest(deed).run(connection).first())


@cache
def _summing(change: sa.Table) -> str:
    return (
        "SELECT count(*), coalesce(max(id), 0), pg_catalog.encode(pg_catalog.sha256("
        "coalesce(string_agg(digest, ''::bytea ORDER BY id), ''::bytea)), 'hex'),"
        f" pg_advisory_xact_lock({CHAIN_LOCK}) FROM (SELECT id, {_DIGEST} AS digest"
        f" FROM {quote(change.name, 'postgresql')} WHERE deed_id = %(deed)s::bigint) AS captured"
    )


def _hashed(text: str) -> str:
    return f"pg_catalog.sha256(pg_catalog.convert_to({text}, 'UTF8'))"


#: `rules.digests` in the words of PostgreSQL; if they ever differ, no chain verifies.
_DIGEST = (
    "pg_catalog.sha256(pg_catalog.convert_to(concat_ws(chr(31), id, deed_id, tbl, op,"
    " coalesce(scope, ''), at, coalesce(who, ''), coalesce(tx, ''), pk), 'UTF8')"
    f" || CASE WHEN archived IS NULL THEN {_hashed('data')} ELSE decode(archived, 'hex') END"
    " || CASE WHEN personal IS NOT NULL OR salt IS NOT NULL"
    f" THEN {_hashed('concat(erased, salt, personal)')}"
    " ELSE coalesce(decode(erased, 'hex'), decode(repeat('00', 32), 'hex')) END)"
)
