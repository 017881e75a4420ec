"""Archive files at hand: whether they are those that the log names, and the values in them.

A file counts by its SHA-256, which a sealed deed says. Values are kept beside, on the disk, so that
a replay with ten archives needs no more memory than one without.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import sqlalchemy as sa
from sqlalchemy import Connection

from ..words import Refused, Sentence, say
from .archives import Period, told
from .entries import ADOPT
from .layout import LogTables
from .rules import Row, Rows

#: What may go wrong while a file is read that should be an archive.
UNREADABLE = (OSError, EOFError, LookupError, TypeError, ValueError, BadZipFile)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return _sha256(file)


def _sha256(file: Any) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()


def lines(bundle: ZipFile, name: str) -> Iterator[dict[str, Any]]:
    """The records of a member."""
    with bundle.open(name) as member:
        for line in member:
            yield json.loads(line)


def row_of(line: Mapping[str, Any]) -> Row:
    """A change as a line of an archive tells it; its commitment stands for personal values."""
    values = {**line, "erased": line.get("commitment"), "archived": None}
    return Row._make(values.get(name) for name in Row._fields)


def refuse_unless_whole(
    path: Path, connection: Connection, tables: LogTables, span: Period
) -> None:
    """Read a new archive back: every member as written, every change as the log has sealed it.

    Raises `Refused` with what is wrong; nothing has left the log by then.
    """
    try:
        with ZipFile(path) as bundle:
            _check_members(bundle)
            whole = _fits(bundle, connection, tables, span)
    except UNREADABLE as error:
        unread = say("The archive cannot be read back: %(why)s.", why=error)
        raise Refused("guard", unread) from None
    if not whole:
        raise Refused("guard", say("The archive does not hold what the log has sealed."))


def _check_members(bundle: ZipFile) -> None:
    members = json.loads(bundle.read("manifest.json"))["members"]
    for name in {*members, *bundle.namelist()} - {"manifest.json"}:
        with bundle.open(name) as member:
            if _sha256(member) != members[name]:
                raise ValueError(f"{name} is not as it was written")


def _fits(bundle: ZipFile, connection: Connection, tables: LogTables, span: Period) -> bool:
    """Whether the changes of the file, summed by deeds, are those that each was sealed over."""
    deed = tables.deed
    query = sa.select(deed.c.n, deed.c.last, deed.c.rows, deed.c.seq)
    one = query.where(deed.c.id == sa.bindparam("id"))
    open_sums: dict[int, tuple[Any, Rows]] = {}
    summed = adopted = 0
    for line in lines(bundle, "changes.jsonl"):
        id = line["deed_id"]
        if id not in open_sums:
            open_sums[id] = (connection.execute(one, {"id": id}).first(), Rows())
        act, rows = open_sums[id]
        if act is None or line["id"] > act.last:
            adopted += 1
            continue
        digest = bytes.fromhex(line["digest"]) if "digest" in line else row_of(line).digest()
        rows.take(line["id"], digest)
        if line["id"] == act.last:
            if (rows.n, rows.digest) != (act.n, act.rows):
                return False
            summed += 1
            open_sums.pop(id)
    past = deed.c.seq <= span.last
    sealed = connection.scalar(sa.select(sa.func.count()).where(past, deed.c.n > 0))
    adoption = tables.adoption
    taken_in = connection.scalar(
        sa.select(sa.func.count())
        .select_from(adoption.join(deed, deed.c.id == adoption.c.deed_id))
        .where(past, deed.c.action == ADOPT)
    )
    return (summed, adopted) == (sealed, taken_in)


class Archived(Mapping[int, str]):
    """Values of archived changes by their numbers, as far as the files are at hand."""

    def __init__(self) -> None:
        self._kept = sqlite3.connect("")  # a file of its own, gone with the connection
        self._kept.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, data TEXT NOT NULL)")
        #: Names of files that the log speaks of and that were read.
        self.read: list[str] = []
        #: Of each file that is not at hand: that it is not.
        self.missing: list[Sentence] = []
        #: Of each file that is not what the log names, or cannot be read: what is wrong with it.
        self.wrong: list[Sentence] = []

    def take(self, path: Path, sha256: str) -> None:
        """Read one archive, if it is the file that the log names."""
        name = path.name
        try:
            if sha256_of(path) != sha256:
                self.wrong.append(say("%(file)s is not the archive that was sealed.", file=name))
                return
            with ZipFile(path) as bundle, self._kept:
                rows = (
                    (one["id"], one["data"])
                    for one in lines(bundle, "changes.jsonl")
                    if "data" in one
                )
                self._kept.executemany("INSERT OR IGNORE INTO kept VALUES (?, ?)", rows)
            self.read.append(name)
        except FileNotFoundError:
            self.missing.append(say("%(file)s is not at hand.", file=name))
        except UNREADABLE:
            self.wrong.append(say("%(file)s cannot be read.", file=name))

    def __getitem__(self, id: int) -> str:
        found = self._kept.execute("SELECT data FROM kept WHERE id = ?", (id,)).fetchone()
        if found is None:
            raise KeyError(id)
        return str(found[0])

    def __iter__(self) -> Iterator[int]:
        return (id for (id,) in self._kept.execute("SELECT id FROM kept"))

    def __len__(self) -> int:
        count: int = self._kept.execute("SELECT count(*) FROM kept").fetchone()[0]
        return count

    def close(self) -> None:
        """Give the disk back."""
        self._kept.close()


def archives_at(folder: Path, connection: Connection, tables: LogTables) -> Archived:
    """The values in those archives of the log that lie in `folder`."""
    found = Archived()
    for _, text in told(connection, tables):
        details = json.loads(text)
        found.take(folder / Path(details["file"]).name, details["sha256"])
    return found


def not_replayed(
    connection: Connection, tables: LogTables, found: Archived | None
) -> list[tuple[str, int]]:
    """Files without which deeds could not be replayed, each with how many deeds that were."""
    change = tables.change
    left = []
    for deed_id, text in told(connection, tables):
        name = json.loads(text)["file"]
        if found is None or name not in found.read:
            deeds = sa.select(sa.func.count(change.c.deed_id.distinct()))
            count = connection.scalar(deeds.where(change.c.archived_by == deed_id)) or 0
            if count:
                left.append((name, count))
    return left
