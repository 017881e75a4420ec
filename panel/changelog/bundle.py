"""The log as a bundle that leaves the machine: everything a stranger needs to verify it.

A zip of JSON lines: deeds, changes, adoptions, the tables as they stand, a checkpoint, and the
verifier, which needs nothing of this program. What a reader may not see is there by its digest
alone, so that a bundle made for one region verifies as a whole and tells nothing of another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast
from zipfile import ZIP_DEFLATED, ZipFile

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from .anchoring import checkpoint_of
from .bearers import reused
from .chain import links, stream
from .layout import LogTables
from .replay import living
from .rules import Link, Row, commitment
from .stored import row_columns

#: The member whose name says in which form the others are; the verifier asks for it.
FORMAT = "format-1.txt"
#: Deeds that are everybody's: what becomes of the log itself.
EVERYBODYS = ("log", "schema")
#: Stands for a number that another record has by now: no reader has its earlier bearer in sight.
NOBODYS = ""

ABOUT = """\
Berkas ini memuat jejak perubahan yang dapat diperiksa tanpa aplikasi yang menulisnya.
This file holds a change log that can be verified without the program that wrote it.

  python3 verify.py FILE.zip --checkpoint KEPT.txt

Simpan checkpoint.txt di tempat lain; titik periksa yang lebih lama membuktikan berkas ini.
Keep checkpoint.txt elsewhere; a checkpoint that was kept earlier is what vouches for this file.

deeds.jsonl       tindakan, berurut / deeds, in the order of the chain
changes.jsonl     perubahan per baris / changes, row by row
adoptions.jsonl   perubahan dari luar yang disegel kemudian / changes from outside, sealed later
tables/           isi tabel saat ekspor / the tables as they stood at the export
manifest.json     SHA-256 setiap anggota / SHA-256 of every member
"""


@dataclass(frozen=True)
class Sight:
    """What a reader may see: `sees(table, pk, scope)`; by default everything."""

    sees: Callable[[str, str, str | None], bool] = lambda table, pk, scope: True
    #: Tables whose personal values are withheld from him.
    withheld: Collection[str] = field(default_factory=frozenset)


def write_bundle(
    file: IO[bytes],
    connection: Connection,
    tables: LogTables,
    key: Ed25519PrivateKey,
    sight: Sight | None = None,
) -> tuple[int, int]:
    """Write the bundle; the number of deeds in it, and of changes that the reader may see.

    `connection` should see one moment throughout. Streams: the log need not fit into memory.
    """
    sight = sight or Sight()
    checkpoint = checkpoint_of(connection, tables)
    names = [table.name for table in tables.logged()]
    with sealed_zip(file) as bundle:
        writer = open_bundle(bundle, ABOUT)
        writer.text("checkpoint.txt", checkpoint.signed(key))
        deeds = writer.lines("deeds.jsonl", _deeds(connection, tables, sight))
        shown = writer.lines("changes.jsonl", _changes(connection, tables, sight))
        writer.lines("adoptions.jsonl", _adoptions(connection, tables))
        for table in tables.logged():
            writer.lines(f"tables/{table.name}.jsonl", _living(connection, table, tables, sight))
        writer.manifest(
            origin=checkpoint.origin,
            size=checkpoint.size,
            checkpoint_key=key.public_key().public_bytes_raw().hex(),
            tables=names,
            personal={table.name: _personal(table) for table in tables.logged()},
        )
    return deeds, shown


def sealed_zip(file: IO[bytes]) -> ZipFile:
    """A zip that ends with the SHA-256 of all that stands before: no bit of it changes unseen."""
    bundle = ZipFile(cast("IO[bytes]", _Summed(file)), "w", ZIP_DEFLATED)
    bundle.comment = _Summed.PLACE
    return bundle


class _Summed:
    """A file that is only written to, and puts its digest where the zip writes its comment."""

    PLACE = b"0" * 64

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.sum = hashlib.sha256()
        self.flush = file.flush

    def write(self, data: bytes) -> int:
        if data == self.PLACE:
            data = self.sum.hexdigest().encode()
        self.sum.update(data)
        return self.file.write(data)


def open_bundle(bundle: ZipFile, about: str) -> Writer:
    """A bundle that says what it is, with its verifier in it."""
    writer = Writer(bundle)
    writer.text(FORMAT, about)
    writer.text("verify.py", (Path(__file__).parent / "standalone.py").read_text("utf-8"))
    return writer


class Writer:
    """Members of a zip, with the digest of each."""

    def __init__(self, bundle: ZipFile) -> None:
        self.bundle = bundle
        self.digests: dict[str, str] = {}

    def text(self, name: str, text: str) -> None:
        self.bundle.writestr(name, text)
        self.digests[name] = hashlib.sha256(text.encode()).hexdigest()

    def lines(self, name: str, records: Iterable[Mapping[str, Any]]) -> int:
        """One JSON object a line; how many of them are shown."""
        found, count = hashlib.sha256(), 0
        with self.bundle.open(name, "w", force_zip64=True) as member:
            for record in records:
                line = (json.dumps(record, ensure_ascii=False) + "\n").encode()
                found.update(line)
                member.write(line)
                count += "digest" not in record
        self.digests[name] = found.hexdigest()
        return count

    def manifest(self, **facts: Any) -> None:
        """The last member: what the others are."""
        self.bundle.writestr(
            "manifest.json", json.dumps({**facts, "members": self.digests}, indent=1)
        )


def _deeds(connection: Connection, tables: LogTables, sight: Sight) -> Iterator[dict[str, Any]]:
    births = reused(connection, tables)
    for link, mac in links(connection, tables, 0):
        born = births.get((link.subject_table or "", link.subject_pk or ""), (0, 0))[1]
        if _is_shown(link, sight, passed_on=link.seq < born):
            values = {name: getattr(link, name) for name in Link.__dataclass_fields__}
        else:
            names = ("seq", "id", "n", "last", "rows", "prev", "key_id")
            values = {name: getattr(link, name) for name in names}
            values["meta"] = hashlib.sha256(link.meta().encode()).hexdigest()
        yield {**values, "mac": mac}


def _is_shown(link: Link, sight: Sight, *, passed_on: bool) -> bool:
    if link.action.partition(".")[0] in EVERYBODYS:
        return True
    pk = NOBODYS if passed_on else link.subject_pk or ""
    return sight.sees(link.subject_table or "", pk, link.scope)


def _changes(connection: Connection, tables: LogTables, sight: Sight) -> Iterator[dict[str, Any]]:
    change, births = tables.change, reused(connection, tables)
    query = sa.select(*row_columns(change), change.c.archived_by).order_by(change.c.id)
    for *found, archived_by in stream(connection, query):
        row = Row._make(found)
        born, _ = births.get((row.tbl, row.pk), (0, 0))
        if not sight.sees(row.tbl, NOBODYS if row.id < born else row.pk, row.scope):
            yield digest_told(row, archived_by)
            continue
        values = row_told(row, archived_by)
        if row.tbl in sight.withheld and row.personal is not None:
            kept = commitment(row.personal, row.salt, row.erased).hex()
            values |= {"personal": None, "salt": None, "commitment": kept}
        yield values


def row_told(row: Row, archived_by: int | None = None) -> dict[str, Any]:
    """A change as a line tells it; what stands in an archive is there by its digest."""
    values = row._asdict()
    if row.archived is None:
        del values["archived"]
        return values
    return {**values, "archived_by": archived_by}


def digest_told(row: Row, archived_by: int | None) -> dict[str, Any]:
    """A change that is not shown."""
    told = {"id": row.id, "deed_id": row.deed_id, "digest": row.digest().hex()}
    return told if archived_by is None else {**told, "archived_by": archived_by}


def _adoptions(connection: Connection, tables: LogTables) -> Iterator[dict[str, Any]]:
    adoption = tables.adoption
    query = sa.select(adoption.c.change_id, adoption.c.deed_id).order_by(adoption.c.change_id)
    for change_id, deed_id in stream(connection, query):
        yield {"change_id": change_id, "deed_id": deed_id}


def _living(
    connection: Connection, table: sa.Table, tables: LogTables, sight: Sight
) -> Iterator[dict[str, Any]]:
    hidden = _personal(table) if table.name in sight.withheld else []
    for pk, values in living(connection, table):
        if sight.sees(table.name, pk, values.get(tables.scope or "")):
            shown = {name: value for name, value in values.items() if name not in hidden}
            yield {"pk": pk, "values": shown}


def _personal(table: sa.Table) -> list[str]:
    return [column.name for column in table.columns if column.info.get("log") == "personal"]
