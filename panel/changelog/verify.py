"""Does the log still say what happened? Whole verification, a glance for every day, adoption.

`verify` looks at everything: triggers, chain, rows, adoptions, erasures, rows from outside, and
the replay against the tables. `glance` is cheap: triggers, and what came since it last looked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.engine import Dialect

from ..words import say
from .anchoring import Roots, compared
from .chain import (
    STRANGE,
    Finding,
    Unreadable,
    adopted_details,
    adopted_rows,
    check_adoptions,
    check_erasures,
    check_links,
    check_outside,
    check_rows,
    fits,
    links,
    other_rows,
)
from .checkpoints import Checkpoint
from .covering import CHAIN_LOCK
from .deeds import deed
from .emptying import check_archives
from .entries import ADOPT, owned
from .layout import LogTables
from .records import ChangeLog
from .replay import Touched, replay
from .rules import GENESIS, Actor, Command, Link, next_key
from .stored import rows_of
from .triggers import Trigger, differences

#: How many deeds a first glance takes in.
GLANCE = 200


@dataclass(frozen=True)
class Point:
    """Up to where a log was verified: what a later verification need not read again."""

    #: Number of deeds, and their root.
    size: int
    root: bytes
    #: Number of the newest change there was.
    change: int


@dataclass(frozen=True)
class Report:
    """What was looked at, and what was found; the first finding is the first difference."""

    deeds: int
    changes: int
    findings: tuple[Finding, ...]
    #: Where this verification ended; of use only where nothing was found.
    point: Point | None = None
    #: Up to where changes were not read again; none where everything was.
    since: Point | None = None

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def verify(
    engine: Engine,
    log: ChangeLog,
    triggers: Sequence[Trigger],
    *,
    kept: Collection[Checkpoint] = (),
    since: Point | None = None,
    archived: Mapping[int, str] | None = None,
    most: int = 20,
) -> Report:
    """Check everything in one snapshot, also against checkpoints that were kept outside.

    `since` must come from where nobody could forge it. Every deed is looked at all the same, and
    its root at `since` is computed anew; what is not read again are the changes of the deeds up to
    there, and the records that nothing has touched since. `archived` gives the replay the values
    that stand in archives, by the numbers of their changes. At most `most` findings: one is enough
    to know.
    """
    with snapshot(engine) as connection:
        tables = log.tables
        after, change = (since.size, since.change) if since else (0, 0)
        roots = Roots([after, *(one.size for one in kept)])
        newer = _newer(tables, change) if since else None
        touched = Touched(tables, after, change) if since else None
        checks: tuple[Callable[[], Iterator[Finding]], ...] = (
            lambda: _check_triggers(connection, triggers),
            lambda: check_links(roots.over(links(connection, tables, 0)), log.keys()),
            lambda: compared(connection, tables, kept, roots) if kept and roots.whole else iter(()),
            lambda: _check_point(since, roots),
            lambda: check_rows(connection, tables, after),
            lambda: check_adoptions(connection, tables, after),
            lambda: check_erasures(connection, tables),
            lambda: check_archives(connection, tables),
            lambda: check_outside(connection, tables, newer),
            lambda: replay(connection, tables, touched, archived),
        )
        found = (finding for check in checks for finding in _safely(check))
        with closing(found):
            findings = tuple(islice(found, most))
        deeds = connection.scalar(sa.select(sa.func.count()).select_from(tables.deed)) or 0
        changes = int(connection.scalar(_looked_at(tables, after)) or 0)
        newest = connection.scalar(sa.select(sa.func.max(tables.change.c.id))) or 0
    point = Point(roots.tree.size, roots.tree.root, newest)
    return Report(deeds, changes, findings, point, since)


def _looked_at(tables: LogTables, after: int) -> sa.Select[Any]:
    """How many changes are read: all, or those of the deeds after a number."""
    if not after:
        return sa.select(sa.func.count()).select_from(tables.change)
    return sa.select(sa.func.sum(tables.deed.c.n)).where(tables.deed.c.seq > after)


def _check_point(since: Point | None, roots: Roots) -> Iterator[Finding]:
    """Whether the log begins as it did where it was verified last."""
    if since is not None and roots.whole and roots.known.get(since.size) != since.root:
        other = say("The first %(size)s deeds are not those that were verified.", size=since.size)
        yield Finding("chain", other)


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A reading connection that sees one moment, whoever writes meanwhile."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        yield connection


def _check_triggers(connection: Connection, triggers: Sequence[Trigger]) -> Iterator[Finding]:
    for sentence in differences(connection, triggers):
        yield Finding("trigger", sentence)


def _safely(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from check()
    except (TypeError, ValueError):  # SQLite let a value of another type in
        yield Finding("chain", STRANGE)


@dataclass(frozen=True)
class _Point:
    """Up to where a log was found sound."""

    seq: int = 0
    mac: str = GENESIS
    change: int = 0
    #: Name of the key that seals the next deed.
    key: str | None = None


_points: WeakKeyDictionary[Dialect, _Point] = WeakKeyDictionary()


def glance(connection: Connection, log: ChangeLog, triggers: Sequence[Trigger]) -> Report:
    """Check triggers, the newest deeds, and rows from outside; remembers how far it was sound.

    The first glance of a process takes in the last 200 deeds, later ones what came since. Its
    `deeds` and `changes` count what was looked at. It replaces no `verify`.
    """
    since = _points.get(connection.dialect) or _start(connection, log)
    findings = [*_check_triggers(connection, triggers)]
    try:
        new = list(links(connection, log.tables, since.seq - 1))
    except Unreadable:
        return Report(0, 0, (*findings, Finding("chain", STRANGE)))
    findings += _safely(lambda: _check_new(connection, log, since, new))
    new = [(link, mac) for link, mac in new if link.seq > since.seq]
    if not findings and new:
        link, mac = new[-1]
        change = max(since.change, *(link.last for link, _ in new))
        key = next_key(link.action, link.details, link.key_id)
        _points[connection.dialect] = _Point(link.seq, mac, change, key)
    return Report(len(new), sum(link.n for link, _ in new), tuple(findings))


def _check_new(
    connection: Connection, log: ChangeLog, since: _Point, found: Sequence[tuple[Link, str]]
) -> Iterator[Finding]:
    tables = log.tables
    new = found
    if since.seq:
        if not found or (found[0][0].seq, found[0][1]) != (since.seq, since.mac):
            other = say("Deed %(seq)s is no longer the one that was verified.", seq=since.seq)
            yield Finding("chain", other, seq=since.seq)
            return
        new = found[1:]
    yield from check_links(new, log.keys(), after=since.seq, prev=since.mac, key=since.key)
    for link, _ in new:
        covered = rows_of(connection, tables.change, link.id)
        if not fits(link, (row for row in covered if row.id <= link.last)):
            yield Finding("rows", other_rows(link.seq), seq=link.seq)
    yield from check_outside(connection, tables, _newer(tables, since.change))


def _newer(tables: LogTables, change: int) -> sa.ColumnElement[bool]:
    """Changes of no deed, and those after a number."""
    return sa.or_(tables.change.c.deed_id.is_(None), tables.change.c.id > change)


def _start(connection: Connection, log: ChangeLog) -> _Point:
    """Where a first glance begins: some way back from the newest deed."""
    deed = log.tables.deed
    query = sa.select(deed.c.seq, deed.c.mac).order_by(deed.c.seq.desc())
    found = connection.execute(query.offset(GLANCE).limit(1)).first()
    if found is None:
        return _Point()
    newer = sa.select(sa.func.min(deed.c.last)).where(deed.c.seq > found.seq, deed.c.n > 0)
    return _Point(found.seq, found.mac, connection.scalar(newer) or 0)


def adopt(engine: Engine, log: ChangeLog, actor: Actor | None = None) -> int:
    """Seal what came from outside by a deed of the system; how many changes that were."""
    tables = log.tables
    change, adoption = tables.change, tables.adoption
    who = actor or Command("log adopt")
    with deed(ADOPT, actor=who) as act, engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(CHAIN_LOCK)))
        (id,) = act.writing
        source, seq = owned(tables)
        strays = sa.select(change.c.id, sa.literal(id)).select_from(source).where(seq.is_(None))
        connection.execute(adoption.insert().from_select(["change_id", "deed_id"], strays))
        rows = adopted_rows(connection, tables, id)
        act.details = adopted_details(rows)
        act.always = rows.n > 0
    return rows.n
