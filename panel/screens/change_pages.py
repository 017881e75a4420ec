"""One page of the change log: deeds that the reader may know of, and how far back it looked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ..changelog.entries import Entry, entries_of, strays, unclaimed
from ..changelog.looking import question
from ..changelog.searching import Search, change_conditions
from ..plugin import current_panel
from .change_words import FreeText
from .telling import Teller, Told

#: Deeds on a page, changes of each that stand below it, and changes on a page of a long deed.
PAGE, LISTED, WHOLE = 50, 20, 100
#: Deeds that are told at once to find words in them, and how often for one page.
TOLD, TURNS = 60, 40


@dataclass(frozen=True)
class Page:
    """Deeds, newest first, and where the next page begins."""

    deeds: list[Told]
    #: The number before which the next page looks; none at the end of the log.
    before: int | None = None
    #: When the oldest deed that was looked at was done, if the page is not full for all that.
    looked_to: datetime | None = None


def page_of(
    search: Search,
    before: int | None,
    *,
    text: FreeText | None = None,
    with_strays: bool = False,
    more: Callable[[int], str] | None = None,
) -> Page:
    """Look until the page is full, the log at its end, or so much was looked at."""
    asked = question(current_panel().log.tables, current_panel().db.session, search)
    told: list[Told] = []

    def take(entries: list[Entry]) -> None:
        told.extend(
            one
            for entry, one in Teller(entries, more).pairs()
            if text is None or text.found_in(entry, one)
        )

    if with_strays and before is None:
        take(unadopted(search))
    steps = iter(asked.steps)
    deeds = next(steps)
    for _turn in range(TURNS):
        limit = PAGE + 1 - len(told) if text is None else TOLD
        looked = asked.look(before, deeds=deeds, limit=limit)
        take(listed(search, looked.seqs))
        before = looked.to
        if len(told) > PAGE:
            return Page(told[:PAGE], told[PAGE - 1].number)
        if looked.whole:
            return Page(told)
        if len(looked.seqs) < limit:
            deeds = next(steps, 0)
        if not deeds:
            break
    return Page(told, before, moment_of(before))


def listed(search: Search, seqs: list[int]) -> list[Entry]:
    """The deeds with what was asked for in them; one that has its words elsewhere with the rest."""
    tables, session = current_panel().log.tables, current_panel().db.session
    wanted = sa.and_(sa.true(), *change_conditions(tables, session, search))
    if not search.words:
        return entries_of(tables, session, seqs, wanted, LISTED)
    worded = sa.and_(wanted, sa.or_(*(on_change for _, on_change in search.words)))
    found = {
        one.deed.seq: one for one in entries_of(tables, session, seqs, worded, LISTED) if one.deed
    }
    bare = [seq for seq, one in found.items() if not one.changes and one.deed and one.deed.n]
    for one in entries_of(tables, session, bare, wanted, LISTED) if bare else ():
        if one.deed:
            found[one.deed.seq] = one
    return list(found.values())


def unadopted(search: Search) -> list[Entry]:
    """The newest changes from outside that no deed has taken in yet, record by record."""
    tables, session = current_panel().log.tables, current_panel().db.session
    change = tables.change
    asked = [unclaimed(tables), *change_conditions(tables, session, search)]
    if search.since is not None:
        asked.append(change.c.at >= search.since)
    if search.until is not None:
        asked.append(change.c.at < search.until)
    if search.words:
        asked.append(sa.or_(*(on_change for _, on_change in search.words)))
    return by_record(strays(tables, session, sa.and_(*asked), LISTED))


def by_record(changes: Iterable[Any]) -> list[Entry]:
    """Changes without a deed as one entry for each record."""
    found: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
    for one in changes:
        found[one.tbl, one.pk].append(one)
    return [Entry(None, tuple(rows)) for rows in found.values()]


def whole_deed(search: Search, seq: int, after: int, more: Callable[[int], str]) -> Told | None:
    """One deed with the next of its changes; None where the reader may not know of it."""
    tables, session = current_panel().log.tables, current_panel().db.session
    wanted = sa.and_(sa.true(), *change_conditions(tables, session, search))
    entries = entries_of(tables, session, [seq], wanted, WHOLE, after)
    told = Teller(entries, lambda _seq: more(entries[0].changes[-1].id)).all()
    return told[0] if told else None


def moment_of(seq: int | None) -> datetime | None:
    """When a deed was done."""
    deed = current_panel().log.tables.deed
    found: datetime | None = current_panel().db.session.scalar(
        sa.select(deed.c.at).where(deed.c.seq == seq)
    )
    return found
