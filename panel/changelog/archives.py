"""Old periods of the log as files of their own: the bundle's form, verified by its verifier.

An archive tells every deed up to its last one, and the changes of its period with their values.
Personal values are never in it, only their commitments: they stay in the table, where a lawful
erasure reaches them. What has a hold on it is in the file too, and stays in the table as well.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from ..words import Refused, say
from .anchoring import begun
from .bundle import digest_told, open_bundle, row_told, sealed_zip
from .chain import links, stream
from .checkpoints import Checkpoint
from .entries import ADOPT, Record, among, owned
from .layout import LogTables
from .merkle import Tree
from .rules import Link, Row, commitment
from .stored import row_columns

#: Action of the deed that takes values of the log into an archive.
ARCHIVE = "log.archive"
#: Values shorter than this stay: their digest would be longer than they are.
LEAST = 100
#: Kinds of deeds that an archive tells whole also where they lie before its period.
WHOLE = ("log", "schema")

ABOUT = """\
Berkas ini memuat arsip jejak perubahan, tanpa data pribadi, yang dapat diperiksa tersendiri.
This file holds an archive of a change log, without personal values, that verifies by itself.

  python3 verify.py FILE.zip --checkpoint KEPT.txt

Simpan: log yang masih berjalan hanya menyimpan sidik dari nilai di sini.
Keep it: the log that goes on has only the digests of the values that are in here.
"""


@dataclass(frozen=True)
class Hold:
    """What must stay in the log: all of it, the rows of one scope, or those of some records."""

    #: By which letter.
    letter: str
    whole: bool = False
    scope: str | None = None
    records: frozenset[Record] = frozenset()


@dataclass(frozen=True)
class Period:
    """The deeds of one archive, by the first and the last number."""

    first: int
    last: int

    @property
    def file(self) -> str:
        """Name of its file."""
        return f"log-{self.first:09d}-{self.last:09d}.zip"


def period(connection: Connection, tables: LogTables, before: datetime) -> Period:
    """What was sealed before a moment and is in no archive yet; `Refused` where nothing is."""
    deed = tables.deed
    newer = connection.scalar(sa.select(sa.func.min(deed.c.seq)).where(deed.c.at >= before))
    newest = connection.scalar(sa.select(sa.func.max(deed.c.seq))) or 0
    last = newest if newer is None else newer - 1
    done = [json.loads(details)["last"] for _, details in told(connection, tables)]
    first = max(done, default=0) + 1
    if last < first:
        raise Refused("state", say("Every deed before that day is in an archive already."))
    return Period(first, last)


def told(connection: Connection, tables: LogTables) -> Sequence[Any]:
    """Every deed of archiving: its `id` and its details, in order."""
    deed = tables.deed
    query = sa.select(deed.c.id, deed.c.details).where(deed.c.action == ARCHIVE)
    return connection.execute(query.order_by(deed.c.seq)).all()


def going(
    tables: LogTables, last: int, stay: Collection[str], holds: Collection[Hold]
) -> sa.ColumnElement[bool]:
    """Which rows of `change` leave their values to an archive of the deeds up to `last`.

    Whole rows of no scope stay, deletions too, those of the tables in `stay`, and what a hold
    covers: with a record the whole deeds that touched it.
    """
    change, deed = tables.change, tables.deed
    sealed = sa.exists().where(
        deed.c.id == change.c.deed_id, change.c.id <= deed.c.last, deed.c.seq <= last
    )
    wanted = [
        sealed.correlate(change),
        change.c.archived.is_(None),
        change.c.op != "D",
        change.c.scope.is_not(None),
        sa.func.length(change.c.data) > LEAST,
        change.c.tbl.not_in(sorted(stay)),
    ]
    for hold in holds:
        if hold.whole:
            return sa.false()
        if hold.scope is not None:
            wanted.append(change.c.scope != hold.scope)
        if hold.records:
            other = change.alias("held")
            touched = sa.select(other.c.deed_id).where(
                among(other.c.tbl, other.c.pk, hold.records), other.c.deed_id.is_not(None)
            )
            wanted.append(change.c.deed_id.not_in(touched))
    return sa.and_(*wanted)


def write_archive(
    file: IO[bytes],
    connection: Connection,
    tables: LogTables,
    key: Ed25519PrivateKey,
    span: Period,
    leaving: sa.ColumnElement[bool],
) -> Checkpoint:
    """Write the archive of a period; the checkpoint of its last deed, which is in the file.

    `leaving` tells the rows that will have no values in the table any more. `connection` should
    see one moment throughout.
    """
    known, tree = begun(connection, tables), Tree()
    if known is None:
        raise Refused("state", say("The log has no name yet: run `flask init`."))
    with sealed_zip(file) as bundle:
        writer = open_bundle(bundle, ABOUT)
        writer.lines("deeds.jsonl", _deeds(connection, tables, span, tree))
        found = Checkpoint(known[0], tree.size, tree.root, datetime.now(UTC))
        writer.text("checkpoint.txt", found.signed(key))
        writer.lines("changes.jsonl", _changes(connection, tables, span, leaving))
        writer.lines("adoptions.jsonl", _adoptions(connection, tables, span))
        writer.manifest(
            origin=found.origin,
            size=found.size,
            first=span.first,
            checkpoint_key=key.public_key().public_bytes_raw().hex(),
            tables=[],
            personal={},
        )
    return found


def _deeds(
    connection: Connection, tables: LogTables, span: Period, tree: Tree
) -> Iterator[dict[str, Any]]:
    for link, mac in links(connection, tables, 0):
        if link.seq > span.last:
            return
        tree.add(link.leaf(mac))
        if link.seq >= span.first or link.action.partition(".")[0] in WHOLE:
            values = {name: getattr(link, name) for name in Link.__dataclass_fields__}
            values |= _without_persons(link)
        else:
            names = ("seq", "id", "n", "last", "rows", "prev", "key_id")
            values = {name: getattr(link, name) for name in names}
            values["meta"] = hashlib.sha256(link.meta().encode()).hexdigest()
        yield {**values, "mac": mac}


def _changes(
    connection: Connection, tables: LogTables, span: Period, leaving: sa.ColumnElement[bool]
) -> Iterator[dict[str, Any]]:
    change = tables.change
    source, seq = owned(tables)
    leaves = sa.case((leaving, 1), else_=0)
    query = sa.select(*row_columns(change), change.c.archived_by, seq, leaves).select_from(source)
    rows = stream(connection, query.where(seq <= span.last).order_by(change.c.id))
    for *values, archived_by, number, leaves_now in rows:
        row = Row._make(values)
        if row.archived is None and (leaves_now or number >= span.first):
            yield {**row_told(row), **_without_persons(row)}
        else:
            yield digest_told(row, archived_by)


def _without_persons(one: Row | Link) -> dict[str, Any]:
    """The commitment in place of personal values, erased since or not."""
    left: dict[str, Any] = {"personal": None, "salt": None, "erased": None}
    if one.personal is not None or one.erased is not None:
        left["commitment"] = commitment(one.personal, one.salt, one.erased).hex()
    return left


def _adoptions(connection: Connection, tables: LogTables, span: Period) -> Iterator[dict[str, Any]]:
    adoption, deed = tables.adoption, tables.deed
    query = (
        sa.select(adoption.c.change_id, adoption.c.deed_id)
        .join(deed, deed.c.id == adoption.c.deed_id)
        .where(deed.c.seq <= span.last, deed.c.action == ADOPT)
        .order_by(adoption.c.change_id)
    )
    for change_id, deed_id in stream(connection, query):
        yield {"change_id": change_id, "deed_id": deed_id}
