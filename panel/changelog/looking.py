"""Questions to the whole log, answered in steps that each look at so much and no more.

Pages go by the deed's number, newest first, without counting and without skipping. A step either
fills the page, reaches the end of the log, or says how far back it has looked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .entries import ADOPT, Condition, Entry, entries_of, owned
from .layout import LogTables
from .searching import Search, change_conditions, days_of, deed_conditions, is_event

#: Up to so many changes of the kinds asked for, they are found by their index.
RARE = 5000
#: Deeds that one step looks at, the first time and each further time.
STEPS = (200, 2_000, 20_000, 100_000)
#: Changes that the deeds of one step may have together: those only asked whose they are, and those
#: that are searched for a field or a word.
ROWS, SEARCHED = 1_000_000, 100_000


@dataclass(frozen=True)
class Looked:
    """What a step found, and how far it has looked."""

    seqs: list[int]
    #: The oldest deed that it looked at; none when nothing was left to look at.
    to: int | None = None
    #: How many deeds that were.
    count: int = 0
    #: Whether the end of the log, or of the days asked for, was reached.
    whole: bool = True


@dataclass(frozen=True)
class Question:
    """A search made ready: where it can find something, and how."""

    tables: LogTables
    session: Session
    search: Search
    #: Whether so few changes are of the kinds asked for that they are found by themselves.
    rare: bool
    #: The numbers between which all deeds of the days asked for lie.
    first: int | None = None
    last: int | None = None

    def look(self, before: int | None, *, deeds: int, limit: int) -> Looked:
        """The next numbers before `before`, of at most so many deeds looked at."""
        near = self.candidates(before, deeds).subquery("near")
        so_far = sa.func.sum(near.c.n).over(order_by=near.c.seq.desc(), rows=(None, -1))
        rows = SEARCHED if self.search.searches else ROWS
        weighed = sa.select(near.c.seq, sa.func.coalesce(so_far, 0).label("so_far")).subquery()
        bounds = sa.select(sa.func.min(weighed.c.seq), sa.func.count())
        if not self.by_numbers:
            bounds = bounds.where(weighed.c.so_far < rows)
        to, count = self.session.execute(bounds).one()
        if to is None:
            return Looked([])
        deed = self.tables.deed
        found = sa.select(deed.c.seq).where(*self.conditions(), deed.c.seq >= to)
        if before is not None:
            found = found.where(deed.c.seq < before)
        if self.driven:
            found = found.where(deed.c.seq.in_(sa.select(near.c.seq)))
        seqs = self.session.scalars(found.order_by(deed.c.seq.desc()).limit(limit)).all()
        if len(seqs) == limit:
            return Looked(list(seqs), seqs[-1], count, False)
        older = sa.select(self.candidates(to, 1).subquery().c.seq)
        return Looked(list(seqs), to, count, self.session.scalar(older) is None)

    @property
    def steps(self) -> tuple[int, ...]:
        """How many deeds to look at, step by step, before one says how far that was."""
        return STEPS[:-1] if self.search.searches else STEPS

    @property
    def by_numbers(self) -> bool:
        """Whether the deeds asked for are known without looking into the changes of others."""
        return (self.rare or self.search.pk is not None) and not self.search.searches

    @property
    def driven(self) -> bool:
        """Whether an index leads to the deeds, and not the log's own order."""
        return len(self.ways()) > 1 or self.ways()[0] is not None

    def ways(self) -> list[Any]:
        """Selects of `seq` and `n` that lead to all that may be found; None: all deeds in order."""
        deed, search = self.tables.deed, self.search
        plain = sa.select(deed.c.seq, deed.c.n)
        if search.pk is not None or (search.table is not None and self.rare):
            return [self.of_records(plain)]
        if search.actor is not None:
            acted = (deed.c.actor_id == search.actor, deed.c.acting_for_id == search.actor)
            return [plain.where(one) for one in acted]
        if search.action is not None:
            return [plain.where(deed.c.action == search.action)]
        if search.actions is not None:
            return [plain.where(deed.c.action == one) for one in search.actions or ("",)]
        return [None]

    def of_records(self, plain: sa.Select[Any]) -> sa.Select[Any]:
        """The deeds on one record, or on a kind of which there are few."""
        deed, change, search = self.tables.deed, self.tables.change, self.search
        source, seq = owned(self.tables)
        changed = sa.select(seq).select_from(source).where(change.c.tbl == search.table)
        about = sa.select(deed.c.seq).where(deed.c.subject_table == search.table)
        if search.pk is not None:
            changed = changed.where(change.c.pk == search.pk)
            about = about.where(deed.c.subject_pk == search.pk)
        return plain.where(deed.c.seq.in_(sa.union(changed, about)))

    def candidates(self, before: int | None, deeds: int) -> sa.Select[Any]:
        """The next deeds to look at: number, and how many changes each has."""
        deed = self.tables.deed
        within = [deed.c.seq < before] if before is not None else []
        if self.first is not None:
            within.append(deed.c.seq >= self.first)
        if self.last is not None:
            within.append(deed.c.seq <= self.last)
        plain = sa.select(deed.c.seq, deed.c.n)
        ways = [
            (plain if way is None else way)
            .where(*within)
            .order_by(deed.c.seq.desc())
            .limit(deeds)
            .subquery()
            for way in self.ways()
        ]
        if len(ways) == 1:
            return sa.select(ways[0].c.seq, ways[0].c.n)
        # union, and not union all: one may have acted in one's own place
        found = sa.union(*(sa.select(way.c.seq, way.c.n) for way in ways)).subquery()
        return sa.select(found.c.seq, found.c.n).order_by(found.c.seq.desc()).limit(deeds)

    # Conditions

    def conditions(self) -> list[Condition]:
        """What a deed must meet to be found."""
        found = [*deed_conditions(self.tables, self.search)]
        wanted = change_conditions(self.tables, self.session, self.search)
        if wanted or self.search.deeds_seen is not None:
            found.append(sa.or_(self.has_change(wanted), is_event(self.tables, self.search)))
        for deed_has, change_has in self.search.words:
            found.append(sa.or_(deed_has, self.has_change([*wanted, change_has])))
        return found

    def has_change(self, wanted: Sequence[Condition]) -> Condition:
        """Whether a deed has a change that meets all of these."""
        change, deed, adoption = self.tables.change, self.tables.deed, self.tables.adoption
        if self.by_numbers:
            source, seq = owned(self.tables)
            asked = [self.of_kinds(), *wanted]
            return deed.c.seq.in_(sa.select(seq).select_from(source).where(*asked))
        own = sa.exists().where(change.c.deed_id == deed.c.id, change.c.id <= deed.c.last, *wanted)
        taken_in = sa.exists().where(
            adoption.c.deed_id == deed.c.id, change.c.id == adoption.c.change_id, *wanted
        )
        return sa.or_(own, sa.and_(deed.c.action == ADOPT, taken_in))

    def of_kinds(self) -> Condition:
        """Whether a change is of the kinds asked for."""
        search, tbl = self.search, self.tables.change.c.tbl
        return tbl == search.table if search.table is not None else tbl.in_(search.kinds or ())


def question(tables: LogTables, session: Session, search: Search) -> Question:
    """A search made ready: at most two statements, however long the log is."""
    change, deed = tables.change, tables.deed
    rare, first, last = False, None, None
    if search.pk is None and (search.table is not None or search.kinds is not None):
        asked = (search.table,) if search.table is not None else search.kinds or ()
        rows = sa.select(sa.literal(1)).where(change.c.tbl.in_(asked)).limit(RARE + 1).subquery()
        rare = (session.scalar(sa.select(sa.func.count()).select_from(rows)) or 0) <= RARE
    if search.since is not None or search.until is not None:
        # both ends in one statement, for one alone would be looked for in the order of numbers
        ends = sa.select(sa.func.min(deed.c.seq), sa.func.max(deed.c.seq), sa.func.count())
        first, last, _ = session.execute(ends.where(*days_of(tables, search))).one()
        first, last = (0, 0) if first is None else (first, last)
    return Question(tables, session, search, rare, first, last)


def recent(
    tables: LogTables,
    session: Session,
    search: Search,
    *,
    limit: int = 50,
    before: int | None = None,
    most: int = 20,
) -> list[Entry]:
    """The latest deeds that `search` finds, each with at most `most` of its matching changes.

    Looks as far back as the steps reach together, which may be short of the end of a long log.
    """
    asked, seqs = question(tables, session, search), list[int]()
    for deeds in asked.steps:
        looked = asked.look(before, deeds=deeds, limit=limit - len(seqs))
        seqs, before = [*seqs, *looked.seqs], looked.to
        if looked.whole or len(seqs) == limit:
            break
    wanted = sa.and_(sa.true(), *change_conditions(tables, session, search))
    return entries_of(tables, session, seqs, wanted, most)


def slices(
    tables: LogTables, session: Session, search: Search, *, limit: int, most: int
) -> Iterator[list[Entry]]:
    """Everything that `search` finds to the end of the log, so many deeds at a time."""
    asked, before = question(tables, session, search), None
    wanted = sa.and_(sa.true(), *change_conditions(tables, session, search))
    while True:
        looked = asked.look(before, deeds=STEPS[1], limit=limit)
        if looked.seqs:
            yield entries_of(tables, session, looked.seqs, wanted, most)
        if looked.whole:
            return
        before = looked.to
