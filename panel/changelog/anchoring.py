"""The log's beginning, checkpoints of it as it stands, and whether it still fits an earlier one."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, Engine

from ..words import Refused, Sentence, say
from .chain import Finding, links
from .checkpoints import Checkpoint
from .deeds import note
from .layout import LogTables
from .merkle import Tree
from .records import ChangeLog
from .rules import ROTATE, Command, Link, key_id, next_key

#: Action of the deed that gives the log its name and the key of its checkpoints.
BEGIN = "log.begin"
#: Action of the deed that tells of a backup that was put back.
RESTORE = "log.restore"
#: Action of the deed that tells of a checkpoint.
CHECKPOINT = "log.checkpoint"


def begin(engine: Engine, log: ChangeLog, origin: str, key: Ed25519PublicKey) -> bool:
    """Write down name and key of the log, among its first deeds; whether it was done.

    A later call with another key writes that down: the key of its checkpoints has changed.
    """
    with engine.connect() as connection:
        known = begun(connection, log.tables)
    if known is not None:
        origin = known[0]
    if known == (origin, key.public_bytes_raw()):
        return False
    details = {"origin": origin, "checkpoint_key": key.public_bytes_raw().hex()}
    note(engine, BEGIN, actor=Command("log begin"), details=details)
    return True


def begun(connection: Connection, tables: LogTables) -> tuple[str, bytes] | None:
    """Name of the log, and the present key of its checkpoints, 32 bytes; none before `begin`."""
    found = beginnings(connection, tables)
    return (found[0][0], found[-1][1]) if found else None


def beginnings(connection: Connection, tables: LogTables) -> list[tuple[str, bytes]]:
    """Name and key of checkpoints, as each deed of a beginning says them, in order.

    One that was altered so that it cannot be read is left out: its broken seal is named elsewhere.
    """
    deed = tables.deed
    query = sa.select(deed.c.details).where(deed.c.action == BEGIN).order_by(deed.c.seq)
    found = []
    for text in connection.scalars(query):
        try:
            details = json.loads(text)
            found.append((str(details["origin"]), bytes.fromhex(details["checkpoint_key"])))
        except (KeyError, TypeError, ValueError):
            continue
    return found


def checkpoint_of(connection: Connection, tables: LogTables) -> Checkpoint:
    """The log as it stands at this moment; `Refused` before `begin`."""
    known = begun(connection, tables)
    if known is None:
        raise Refused("state", say("The log has no name yet: run `flask init`."))
    tree = Tree()
    for link, mac in links(connection, tables, 0):
        tree.add(link.leaf(mac))
    return Checkpoint(known[0], tree.size, tree.root, datetime.now(UTC))


class Roots:
    """The roots of a log at some sizes, gathered on the way while its links are read for more."""

    def __init__(self, sizes: Iterable[int]) -> None:
        self.sizes = frozenset(sizes)
        self.tree = Tree()
        self.known = {0: self.tree.root}
        #: Whether the links were read to their end.
        self.whole = False

    def over(self, found: Iterable[tuple[Link, str]]) -> Iterator[tuple[Link, str]]:
        """The same links, each taken in after it was looked at: one may not even be readable."""
        for link, mac in found:
            yield link, mac
            self.tree.add(link.leaf(mac))
            if self.tree.size in self.sizes:
                self.known[self.tree.size] = self.tree.root
        self.whole = True


def check_checkpoints(
    connection: Connection, tables: LogTables, kept: Collection[Checkpoint]
) -> Iterator[Finding]:
    """Whether the log begins as it did when each of these was taken."""
    if not kept:
        return
    roots = Roots(one.size for one in kept)
    for _ in roots.over(links(connection, tables, 0)):
        pass
    yield from compared(connection, tables, kept, roots)


def compared(
    connection: Connection, tables: LogTables, kept: Collection[Checkpoint], roots: Roots
) -> Iterator[Finding]:
    """The same for roots that were gathered already."""
    known = begun(connection, tables)
    for one in kept:
        if known is not None and one.origin != known[0]:
            other = say("The checkpoint belongs to another log, %(origin)s.", origin=one.origin)
            yield Finding("checkpoint", other)
            return
    restores = _restores(connection, tables)
    for one in sorted(kept, key=lambda one: one.size):
        root = roots.known.get(one.size)
        back = next((back for back in restores if root != one.root and back.before(one)), None)
        if back is not None:
            yield Finding("checkpoint", back.said(one), seq=back.seq)
        else:
            yield from _compared(one, root, roots.tree.size)


@dataclass(frozen=True)
class _Restore:
    """A deed by which a backup was put back: the log went on from its last deed."""

    seq: int
    at: datetime
    deeds: int

    def before(self, one: Checkpoint) -> bool:
        """Whether the checkpoint is of deeds that this restore has left behind."""
        return self.deeds < one.size and one.at < self.at

    def said(self, one: Checkpoint) -> Sentence:
        """What the difference is."""
        return say(
            "The log is older than the checkpoint of %(at)s, which knows %(size)s deeds: deed "
            "%(seq)s put back a backup of %(deeds)s.",
            at=one.at,
            size=one.size,
            seq=self.seq,
            deeds=self.deeds,
        )


def _restores(connection: Connection, tables: LogTables) -> list[_Restore]:
    deed = tables.deed
    query = sa.select(deed.c.seq, deed.c.at, deed.c.details).where(deed.c.action == RESTORE)
    found = []
    for seq, at, text in connection.execute(query.order_by(deed.c.seq)):
        try:
            found.append(_Restore(seq, at, int(json.loads(text)["deeds"])))
        except (KeyError, TypeError, ValueError):  # altered: its own seal is broken, too
            continue
    return found


def _compared(one: Checkpoint, root: bytes | None, size: int) -> Iterator[Finding]:
    if root is None:
        fewer = say(
            "The log has %(present)s deeds and had %(size)s at the checkpoint of %(at)s: "
            "its newest deeds were taken away.",
            present=size,
            size=one.size,
            at=one.at,
        )
        yield Finding("checkpoint", fewer, seq=size + 1)
    elif root != one.root:
        other = say(
            "The first %(size)s deeds are not those of the checkpoint of %(at)s: "
            "something in them was altered, moved or written anew.",
            size=one.size,
            at=one.at,
        )
        yield Finding("checkpoint", other)


def code_at(connection: Connection, tables: LogTables, size: int) -> str | None:
    """The short code of a checkpoint of the first `size` deeds; none when there are fewer."""
    known, tree = begun(connection, tables), Tree()
    for link, mac in links(connection, tables, 0):
        if tree.size == size:
            break
        tree.add(link.leaf(mac))
    if known is None or tree.size != size:
        return None
    return Checkpoint(known[0], size, tree.root, datetime.now(UTC)).code


def present_key(engine: Engine, log: ChangeLog) -> str:
    """Short name of the key that seals the next deed."""
    deed = log.tables.deed
    columns = (deed.c.action, deed.c.details, deed.c.key_id)
    with engine.connect() as connection:
        found = connection.execute(sa.select(*columns).order_by(deed.c.seq.desc()).limit(1)).first()
    return next_key(*found) if found else next(iter(log.keys()))


def rotate_key(engine: Engine, log: ChangeLog, key: bytes) -> None:
    """Pass on to another key: the deed that says so is the last one under the key before.

    `Refused` when the log's settings do not give that key, or the log is sealed with it already.
    """
    name, known = key_id(key), log.keys()
    if name not in known:
        raise Refused("state", say("The settings do not give this key yet."))
    if present_key(engine, log) == name:
        raise Refused("state", say("The log is sealed with this key already."))
    note(engine, ROTATE, actor=Command("log rotate-key"), details={"key": name})
