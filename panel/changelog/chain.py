"""The chain as it stands: links, the rows under each seal, adoptions and erasures.

Reads as streams, so that a log of millions needs no memory; every difference is named by deed.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from ..words import Refused, Sentence, say
from .entries import ADOPT, owned
from .layout import LogTables
from .rules import GENESIS, Link, Row, Rows, next_key
from .stored import link_columns, row_columns

#: Action of the deed that names the rows whose personal values it erased.
ERASE = "log.erase"
#: Rows fetched at a time.
SLICE = 5000


STRANGE = say("The log holds values that no trigger wrote.")


class Unreadable(Refused, ValueError):
    """What stands in the log is not even text: somebody wrote into its file."""


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be, in words and in its parts."""

    kind: str
    sentence: Sentence
    seq: int | None = None
    table: str | None = None
    pk: str | None = None
    field: str | None = None


def stream(connection: Connection, query: sa.Executable) -> Iterator[Any]:
    """The rows of `query` in slices; the cursor is closed even if nobody reads to the end.

    `Unreadable` where SQLite holds bytes in place of text.
    """
    options = {"yield_per": SLICE}
    try:
        with connection.execute(query, execution_options=options) as result:
            for rows in result.partitions():
                yield from rows
    except OperationalError as error:
        if "decode to UTF-8" in str(error.orig):
            raise Unreadable("state", STRANGE) from None
        raise


def links(connection: Connection, tables: LogTables, after: int) -> Iterator[tuple[Link, str]]:
    """Deeds with their seals, in the order of the chain."""
    deed = tables.deed
    query = sa.select(*link_columns(deed), deed.c.mac).where(deed.c.seq > after)
    for *values, mac in stream(connection, query.order_by(deed.c.seq)):
        yield Link(*values), mac


def check_links(
    found: Iterable[tuple[Link, str]],
    keys: Mapping[str, bytes],
    *,
    after: int = 0,
    prev: str = GENESIS,
    key: str | None = None,
) -> Iterator[Finding]:
    """Numbers without gaps, each link to the one before, each seal by the key whose turn it is."""
    for link, mac in found:
        after += 1
        if link.seq != after:
            missing = say("Deed %(seq)s is missing from the log.", seq=after)
            yield Finding("chain", missing, seq=after)
            after = link.seq
        if link.prev != prev:
            unlinked = say("Deed %(seq)s does not follow the one before it.", seq=link.seq)
            yield Finding("chain", unlinked, seq=link.seq)
        if key is not None and link.key_id != key:
            other = say(
                "Deed %(seq)s is sealed with a key that no deed passed on to.", seq=link.seq
            )
            yield Finding("chain", other, seq=link.seq)
        key = next_key(link.action, link.details, link.key_id)
        if link.key_id not in keys:
            unknown = say("Deed %(seq)s is sealed with an unknown key.", seq=link.seq)
            yield Finding("chain", unknown, seq=link.seq)
        elif not _is_sealed(link, mac, keys[link.key_id]):
            yield Finding("chain", _broken(link.seq), seq=link.seq)
        prev = mac


def _is_sealed(link: Link, mac: str, key: bytes) -> bool:
    try:
        return hmac.compare_digest(link.mac(key), mac)
    except (TypeError, ValueError):  # SQLite let something of another type in
        return False


def _broken(seq: int) -> Sentence:
    return say("Deed %(seq)s is not as it was sealed.", seq=seq)


def check_rows(connection: Connection, tables: LogTables, after: int = 0) -> Iterator[Finding]:
    """Whether every deed after the number `after` has the changes that it was sealed over."""
    change, deed = tables.change, tables.deed
    wanted = sa.select(*row_columns(change)).where(change.c.deed_id.is_not(None))
    query = sa.select(deed.c.id, deed.c.seq, deed.c.n, deed.c.last, deed.c.rows)
    if after:
        newer = sa.select(deed.c.id).where(deed.c.seq > after)
        wanted = wanted.where(change.c.deed_id.in_(newer))
        query = query.where(deed.c.seq > after)
    captured = stream(connection, wanted.order_by(change.c.deed_id, change.c.id))
    claims = groupby(map(Row._make, captured), key=lambda row: row.deed_id)
    claimed, rows = next(claims, (None, iter(())))
    for act in stream(connection, query.order_by(deed.c.id)):
        while claimed is not None and claimed < act.id:  # of no deed: from outside
            claimed, rows = next(claims, (None, iter(())))
        covered = rows if claimed == act.id else iter(())
        if not fits(act, (row for row in covered if row.id <= act.last)):
            yield Finding("rows", other_rows(act.seq), seq=act.seq)


def fits(act: Any, rows: Iterable[Row]) -> bool:
    """Whether `rows` are what the deed `act` (n, last, rows) was sealed over."""
    found = Rows()
    found.extend(rows)
    return (found.n, found.last, found.digest) == (act.n, act.last, act.rows)


def other_rows(seq: int) -> Sentence:
    """What is said when a deed's changes are not those that it was sealed over."""
    return say("The changes of deed %(seq)s are not those that were sealed.", seq=seq)


def adopted_rows(connection: Connection, tables: LogTables, deed_id: int) -> Rows:
    """The rows that a deed adopted, summed in their order."""
    change, adoption = tables.change, tables.adoption
    query = (
        sa.select(*row_columns(change))
        .join(adoption, adoption.c.change_id == change.c.id)
        .where(adoption.c.deed_id == deed_id)
        .order_by(change.c.id)
    )
    found = Rows()
    found.extend(stream(connection, query))
    return found


def check_adoptions(connection: Connection, tables: LogTables, after: int = 0) -> Iterator[Finding]:
    """Whether every adopting deed after `after` has the changes that its details speak of."""
    deed, adoption = tables.deed, tables.adoption
    wanted = sa.select(deed).where(deed.c.action == ADOPT, deed.c.seq > after)
    adopting = connection.execute(wanted).all()
    for act in adopting:
        found = adopted_rows(connection, tables, act.id)
        if adopted_details(found) != _details(act.details):
            yield Finding("rows", other_rows(act.seq), seq=act.seq)
    true = sa.select(deed.c.id).where(deed.c.action == ADOPT)
    forged = sa.select(adoption.c.change_id).where(adoption.c.deed_id.not_in(true))
    first = connection.scalar(forged.order_by(adoption.c.change_id).limit(1))
    if first is not None:
        yield Finding("rows", say("Change %(id)s is adopted by no deed of the log.", id=first))


def adopted_details(rows: Rows) -> dict[str, object]:
    """What an adopting deed says of what it took in."""
    return {"adopted": rows.n, "rows": rows.digest}


def _details(text: str) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        return None


def check_erasures(connection: Connection, tables: LogTables) -> Iterator[Finding]:
    """Whether every erased row is named by a deed that erased it."""
    deed, change = tables.deed, tables.change
    named: dict[str, set[int]] = {"changes": set(), "deeds": set()}
    for text in connection.scalars(sa.select(deed.c.details).where(deed.c.action == ERASE)):
        details = _details(text) or {}
        for kind, ids in named.items():
            ids.update(details.get(kind, ()))
    rows = sa.select(change.c.id, change.c.tbl, change.c.pk).where(change.c.erased.is_not(None))
    for id, tbl, pk in stream(connection, rows.order_by(change.c.id)):
        if id not in named["changes"]:
            sentence = say("Change %(id)s was erased, but no deed says so.", id=id)
            yield Finding("erasure", sentence, table=tbl, pk=pk)
    for seq in connection.scalars(sa.select(deed.c.seq).where(deed.c.erased.is_not(None))):
        if seq not in named["deeds"]:
            sentence = say("Deed %(seq)s was erased, but no deed says so.", seq=seq)
            yield Finding("erasure", sentence, seq=seq)


def check_outside(
    connection: Connection, tables: LogTables, condition: sa.ColumnElement[bool] | None = None
) -> Iterator[Finding]:
    """How many changes belong to no deed, and the first of them."""
    change = tables.change
    source, seq = owned(tables)
    strays = sa.select(change.c.id).select_from(source).where(seq.is_(None))
    if condition is not None:
        strays = strays.where(condition)
    found = strays.subquery("strays")
    count, first = connection.execute(
        sa.select(sa.func.count(), sa.func.min(found.c.id)).select_from(found)
    ).one()
    if not count:
        return
    row = connection.execute(sa.select(change.c.tbl, change.c.pk).where(change.c.id == first)).one()
    sentence = say(
        "Changes made outside the application: %(count)s, first %(table)s %(pk)s.",
        count=count,
        table=row.tbl,
        pk=row.pk,
    )
    yield Finding("outside", sentence, table=row.tbl, pk=row.pk)
