"""What waits for the actor, as keys: records from which the process expects a step of his role.

One query per kind brings keys with what they are narrowed and ordered by; pages and places in the
list are made of those. What the frame of every page counts is asked in one statement for all kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app, g

from ..access.rules import Actor
from ..columns import now
from ..plugin import current_panel
from ..workflow.approval import outdated
from ..workflow.beginnings import beginnings
from ..workflow.deadlines import Clock
from ..workflow.definition import Process
from .acting import actor
from .clocks import clocks
from .days_past import in_the_present
from .expecting import (
    Turn,
    acting_as,
    approves_again,
    held_back,
    rows_expecting,
    rows_to_approve_again,
    screens,
    turns,
    versions_of,
)
from .language import local

__all__ = ["Dimension", "Waits", "acting_as", "counts", "screens", "versions_of", "waiting"]

#: So many statements of the frame's count are kept, one for each actor as he is today.
KEPT = 500
#: As many keys of one kind as are looked at, the oldest.
READ = 2_000


@dataclass(frozen=True)
class Dimension:
    """What the inbox is narrowed by: a code for each record, and what the codes are called.

    `code` gives the SQL expression of the code for a model, `names` the labels of codes in order.
    """

    name: str
    label: Any
    code: Callable[[Any], Any]
    names: Callable[[Collection[Any]], Mapping[Any, Any]]


@dataclass(frozen=True)
class Waits:
    """One record that waits: where it is shown, how long, how late, and its codes."""

    screen: Any
    id: int
    process: Process
    state: str
    turn: Turn
    #: When it came into its present state.
    since: datetime | None
    #: How long this side has had the turn; none before the first decision.
    clock: Clock | None
    #: The record's own last day.
    due: date | None
    today: date
    codes: Mapping[str, Any]
    #: In whose place the actor would act; empty for himself.
    instead_of: str = ""
    #: Whether somebody with a narrower place has the turn, too.
    nearer: bool = False

    @property
    def kind(self) -> str:
        """The kind of record."""
        return str(self.screen.model.__tablename__)

    @property
    def key(self) -> str:
        """Kind and number, as forms send them."""
        return f"{self.kind}:{self.id}"

    @property
    def days(self) -> int:
        """Working days that this side has had the turn."""
        return self.clock.spent if self.clock else 0

    @property
    def days_late(self) -> int:
        """Working days past the deadline of the step."""
        return self.clock.late if self.clock else 0

    @property
    def overdue(self) -> bool:
        """Whether the record's own last day has passed."""
        return self.due is not None and self.due < self.today

    @property
    def late(self) -> bool:
        """Whether the step or the record itself is late."""
        return self.days_late > 0 or self.overdue

    @property
    def escalated(self) -> bool:
        """Whether it came from somebody nearer, who let the deadline pass."""
        return self.nearer and self.days_late > 0

    @property
    def view(self) -> str:
        """The part of the inbox that it stands in: "" his own, "next" steps, "also" possible."""
        if self.nearer and not self.escalated:
            return "also"
        return "next" if self.turn == "next" else ""


@dataclass(frozen=True)
class Counts:
    """What the frame of a page counts for the actor."""

    #: Records that wait for a decision or for mending.
    waiting: int
    #: Notices that he has not read.
    unread: int


def counts() -> Counts:
    """What waits and what is unread; one statement for all kinds, asked once per request.

    Where a list has to be looked at one by one, for deadlines or changed contents, it is.
    """
    if "waiting_counts" not in g:
        who = actor()
        with in_the_present():
            asked = _asked(who) if who else None
            found = current_panel().db.session.execute(asked).one() if who else (0, False, 0)
            count, unsure, news = found
            if unsure:
                count = sum(one.view == "" for one in waiting())
        g.waiting_counts = Counts(count, news)
    known: Counts = g.waiting_counts
    return known


def _asked(who: Actor) -> Any:
    """The one statement; building it costs more than asking it, so it is kept while it is right.

    That is for an hour at most: somewhere a new day may begin with each.
    """
    panel = current_panel()
    versions = tuple(one for table in _tables() for one in versions_of(table))
    known: dict[Any, Any] = current_app.extensions.setdefault("waiting_counts", {})
    key = (who, now().strftime("%Y%m%d%H"), versions)
    asked = known.get(key)
    if asked is None:
        own, doubtful = _counted(acting_as()) if panel.workflow is not None else ([], [])
        unread: Any = sa.literal(0)
        if panel.notices is not None:
            notice = panel.notices.notice
            mine = (notice.account_id == who.id, notice.read_at.is_(None))
            counted = sa.select(sa.func.count()).select_from(notice).where(*mine)
            unread = counted.scalar_subquery()
        if len(known) >= KEPT:
            known.clear()
        asked = sa.select(sum(own, sa.literal(0)), sa.or_(sa.false(), *doubtful), unread)
        known[key] = asked  # another thread may empty the store at any moment
    return asked


def _tables() -> tuple[str, ...]:
    """The tables of records with a process."""
    workflow = current_panel().workflow
    return tuple(workflow.records()) if workflow is not None else ()


def _counted(who: list[Actor]) -> tuple[list[Any], list[Any]]:
    """For each kind how much waits, and whether anything has to be looked at more closely."""
    own: list[Any] = []
    doubtful: list[Any] = []
    for screen in screens():
        model, sure = screen.model, []
        for one in who:
            rows = rows_expecting(screen, one, model.id, now_only=True)
            held = held_back(model, one)
            if rows is not None and held is not None:
                doubtful.append(rows.where(held).exists())
                rows = rows.where(~held)
            again = rows_to_approve_again(screen, one, model.id)
            doubtful += [again.exists()] if again is not None else []
            sure += [rows] if rows is not None else []
        if sure:
            keys = (sure[0] if len(sure) == 1 else sa.union(*sure)).subquery()
            own.append(sa.select(sa.func.count()).select_from(keys).scalar_subquery())
    return own, doubtful


def waiting(search: str = "") -> list[Waits]:
    """What waits for the actor, the next steps of his included; no order is promised."""
    found: dict[str, Waits] = {}
    for who in acting_as():
        for screen in screens():
            for one in waiting_at(screen, who, search):
                known = found.setdefault(one.key, one)
                if known.view == "also" and one.view != "also":
                    found[one.key] = one
    return list(found.values())


def waiting_at(screen: Any, who: Actor, search: str) -> Iterator[Waits]:
    """What waits of one kind for the actor or for somebody in whose place he acts."""
    panel, model = current_panel(), screen.model
    assert panel.workflow is not None
    decision, scope = panel.workflow.decision, panel.log.tables.scope
    due = getattr(model, screen.due_column) if screen.due_column else sa.null()
    place = getattr(model, scope, sa.null()) if scope else sa.null()
    held = held_back(model, who)
    codes = [one.code(model).label(f"by_{one.name}") for one in screen.waits_by]
    keys = (model.id, model.status, model.process_version_id, decision.at, place, due)
    rows = rows_expecting(screen, who, *keys, sa.false() if held is None else held, *codes)
    if rows is None:
        return
    rows = (
        rows.outerjoin(decision, decision.id == model.decision_id)
        .where(*screen.found(search))
        .order_by(decision.at, model.id)
        .limit(READ)
    )
    found = panel.db.session.execute(rows).all()
    processes = versions_of(model.__tablename__)
    asked = [(row[0], processes[row[2]], row[4]) for row in found]
    undecided = [(row[0], processes[row[2]]) for row in found if row[3] is None]
    made = beginnings(panel.log.tables, panel.db.session(), model.__tablename__, undecided)
    times = clocks(model.__tablename__, asked)
    names = [one.name for one in screen.waits_by]
    today, again = local(now()).date(), []
    for id_, status, version, since, _place, due_on, nearer, *held_codes in found:
        process = processes[version]
        turn = turns(process, who).get(status)
        one = Waits(
            screen,
            id_,
            process,
            status,
            turn or "decide",
            made[id_].at if since is None and id_ in made else since,
            times.get(id_),
            due_on,
            today,
            dict(zip(names, held_codes, strict=True)),
            "" if who is actor() else who.name,
            bool(nearer),
        )
        if status in approves_again(process, who):
            again.append((one, turn))
        else:
            yield one
    yield from _again(screen, again)


def _again(screen: Any, asked: list[tuple[Waits, Turn | None]]) -> Iterator[Waits]:
    """Those that changed since they were approved wait for a decision; others as they did."""
    if not asked:
        return
    panel, model = current_panel(), screen.model
    assert panel.workflow is not None
    session = panel.db.session()
    records = session.scalars(sa.select(model).where(model.id.in_([one.id for one, _ in asked])))
    changed = outdated(panel.workflow, session, records.unique().all())
    for one, turn in asked:
        if one.id in changed:
            yield replace(one, turn="decide")
        elif turn is not None:
            yield one
