"""What waits for the actor, as keys: records from which the process expects a step of his role.

One query per kind brings keys with what they are narrowed and ordered by; pages, counts and places
in the list are made of those. Whether a duty keeps this actor out is said on the record's page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa
from flask import current_app, g

from ..access.rules import Actor
from ..columns import now
from ..plugin import current_panel
from ..workflow.deadlines import Clock
from ..workflow.definition import Process
from .acting import actor, may
from .clocks import clocks
from .language import local

#: As many keys of one kind as are looked at, the oldest.
READ = 2_000

#: Waits for a decision, was sent back, or can go on: the last hurries nobody.
Turn = Literal["decide", "mend", "next"]


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


def screens() -> list[Any]:
    """The screens of records with a process that the actor reads."""
    views = [v for admin in current_app.extensions.get("admin", []) for v in admin._views]
    return [v for v in views if hasattr(v, "waits_by") and may("read", v.model)]


def versions_of(table: str) -> dict[int, Process]:
    """The published versions of a table's process, oldest first; all are asked once per request."""
    if "process_versions" not in g:
        g.process_versions = published_versions()
    known: dict[str, dict[int, Process]] = g.process_versions
    return known.get(table, {})


def published_versions() -> dict[str, dict[int, Process]]:
    """The published versions of every process, by table; one statement."""
    panel = current_panel()
    assert panel.workflow is not None
    version = panel.workflow.process_version
    rows = sa.select(version).where(version.published_at.is_not(None)).order_by(version.id)
    found: dict[str, dict[int, Process]] = {}
    for one in panel.db.session.scalars(rows):
        found.setdefault(one.record_table, {})[one.id] = panel.workflow.process_in(one)
    return found


def turns(process: Process, who: Actor) -> dict[str, Turn]:
    """The states in which a record expects a step of this actor's roles, and what for."""
    found: dict[str, Turn] = {}
    for code, state in process.states.items():
        main = (step for step in process.leaving(code) if step.style == "main")
        ahead = [step for step in main if who.roles & set(step.roles)]
        if not ahead:
            continue
        if state.tone == "returned":
            found[code] = "mend"
        elif state.category == "waiting" or any(step.approves for step in ahead):
            found[code] = "decide"
        elif not state.initial:
            found[code] = "next"
    return found


def acting_as() -> list[Actor]:
    """As whom the actor may take steps: himself first, then those he stands in for."""
    who = actor()
    return [who, *(one.actor for one in who.stands_in)] if who is not None else []


def waiting_rows(screen: Any, who: Actor, *columns: Any, next_too: bool = False) -> Any:
    """What waits of one kind for one of them: these columns of the records; None: never any."""
    model, ways = screen.model, []
    for version, process in versions_of(model.__tablename__).items():
        states = [s for s, turn in turns(process, who).items() if next_too or turn != "next"]
        if states:
            ways.append(sa.and_(model.process_version_id == version, model.status.in_(states)))
    if not ways:
        return None
    rows = sa.select(*columns).select_from(model).where(sa.or_(*ways), *screen.waits_where())
    himself = actor()
    if himself is not None and who is not himself:  # nobody decides on what he made himself
        rows = rows.where(model.created_by_id.not_in((himself.id, who.id)))
    return current_panel().access.scoped(rows, model, who)


def waiting_count() -> int:
    """How many records wait for a decision or for mending; asked once per request, all at once."""
    if "waiting_count" not in g:
        found = [
            waiting_rows(screen, who, sa.literal(screen.model.__tablename__), screen.model.id)
            for who in acting_as()
            for screen in screens()
        ]
        rows = [one for one in found if one is not None]
        g.waiting_count = 0
        if rows:
            keys = (rows[0] if len(rows) == 1 else sa.union(*rows)).subquery()
            count = current_panel().db.session.scalar(sa.select(sa.func.count()).select_from(keys))
            g.waiting_count = count or 0
    return int(g.waiting_count)


def waiting(search: str = "") -> list[Waits]:
    """What waits for the actor, the next steps of his included; no order is promised."""
    found: dict[str, Waits] = {}
    for who in acting_as():
        for screen in screens():
            for one in waiting_at(screen, who, search):
                found.setdefault(one.key, one)
    return list(found.values())


def waiting_at(screen: Any, who: Actor, search: str) -> Iterator[Waits]:
    """What waits of one kind for the actor or for somebody in whose place he acts."""
    panel, model = current_panel(), screen.model
    assert panel.workflow is not None
    decision, scope = panel.workflow.decision, panel.log.tables.scope
    due = getattr(model, screen.due_column) if screen.due_column else sa.null()
    place = getattr(model, scope, sa.null()) if scope else sa.null()
    codes = [one.code(model).label(f"by_{one.name}") for one in screen.waits_by]
    columns = (model.id, model.status, model.process_version_id, decision.at, place, due, *codes)
    rows = waiting_rows(screen, who, *columns, next_too=True)
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
    times = clocks(model.__tablename__, asked)
    instead_of = "" if who is actor() else who.name
    today = local(now()).date()
    for id_, status, version, since, _place, due_on, *held in found:
        yield Waits(
            screen,
            id_,
            processes[version],
            status,
            turns(processes[version], who)[status],
            since,
            times.get(id_),
            due_on,
            today,
            dict(zip((one.name for one in screen.waits_by), held, strict=True)),
            instead_of,
        )
