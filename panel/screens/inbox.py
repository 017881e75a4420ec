"""What waits for the actor: records in a state from which the process expects a step of his role.

Counted and listed by one query per kind; whether a duty keeps this actor out is said on the page
of the record itself, with whose turn it is then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app, g, url_for
from flask_admin import expose

from ..columns import now
from ..plugin import Panel, current_panel
from ..words import say
from ..workflow.calendar import working_days
from ..workflow.definition import Process
from .acting import actor, may
from .guarding import SIGNED_IN, Guarded, verb
from .language import local, short_date
from .listing import about_of
from .workflow import WorkflowView, state_of

#: As many records as the page lists.
LISTED = 100


@dataclass(frozen=True)
class Waiting:
    """A record that waits, since when, and where to open it."""

    record: Any
    title: Any
    kind: Any
    about: list[str]
    by: Any
    state: Any
    since: datetime | None
    days: int
    url: str


def screens() -> list[WorkflowView]:
    """The screens of records with a process that the actor reads."""
    views = [v for admin in current_app.extensions.get("admin", []) for v in admin._views]
    return [v for v in views if isinstance(v, WorkflowView) and may("read", v.model)]


def versions_of(table: str) -> Iterator[tuple[int, Process]]:
    """The published versions of a table's process."""
    panel = current_panel()
    assert panel.workflow is not None
    version = panel.workflow.process_version
    found = sa.select(version).where(version.record_table == table)
    for one in panel.db.session.scalars(found):
        yield one.id, panel.workflow.process_in(one)


def expecting(process: Process, roles: frozenset[str]) -> list[str]:
    """The states in which a record waits for one of these roles, or was sent back to it."""
    return [
        code
        for code, state in process.states.items()
        if (state.category == "waiting" or state.tone == "returned")
        and any(s.style == "main" and roles & set(s.roles) for s in process.leaving(code))
    ]


def waiting_rows(screen: WorkflowView) -> sa.Select[Any] | None:
    """The records of one kind that wait for the actor, or None: never any."""
    who, model = actor(), screen.model
    if who is None:
        return None
    ways = []
    for version, process in versions_of(model.__tablename__):
        states = expecting(process, who.roles)
        if states:
            ways.append(sa.and_(model.process_version_id == version, model.status.in_(states)))
    if not ways:
        return None
    rows = sa.select(model).where(sa.or_(*ways))
    return current_panel().access.scoped(rows, model, who)


def waiting_count() -> int:
    """How many records wait for the actor; asked once per request."""
    if "waiting_count" not in g:
        session, count = current_panel().db.session, 0
        for screen in screens() if actor() else ():
            rows = waiting_rows(screen)
            if rows is not None:
                keys = rows.with_only_columns(screen.model.id).subquery()
                count += session.scalar(sa.select(sa.func.count()).select_from(keys)) or 0
        g.waiting_count = count
    return int(g.waiting_count)


def waiting(limit: int = LISTED) -> list[Waiting]:
    """What waits for the actor, oldest first."""
    found: list[Waiting] = []
    panel = current_panel()
    assert panel.workflow is not None
    decision = panel.workflow.decision
    today = local(now()).date()
    for screen in screens():
        rows = waiting_rows(screen)
        if rows is None:
            continue
        model = screen.model
        rows = (
            rows.add_columns(decision.at, decision.actor_name)
            .outerjoin(decision, decision.id == model.decision_id)
            .order_by(decision.at, model.id)
            .options(*screen.loaders())
            .limit(limit)
        )
        for record, since, name in panel.db.session.execute(rows).unique():
            days = working_days(local(since).date(), today) if since else 0
            url = url_for(f"{screen.endpoint}.details_view", id=record.id)
            title, state = screen.title_of(record), state_of(record)
            about = about_of(screen, record)
            by = say("%(name)s on %(day)s", name=name, day=short_date(since)) if since else None
            found.append(
                Waiting(record, title, screen.one_title, about, by, state, since, days, url)
            )
    found.sort(key=lambda one: (one.since is None, one.since))
    return found[:limit]


class InboxView(Guarded):
    """The list of what waits for the actor."""

    icon = "inbox"

    def __init__(self, panel: Panel, *, category: Any = None, **options: Any) -> None:
        options.setdefault("name", say("Waiting for me"))
        options.setdefault("menu_icon_value", self.icon)
        options.setdefault("menu_class_name", "inbox")
        super().__init__(category=category, endpoint="inbox", url="/inbox", **options)

    def is_visible(self) -> bool:
        """Whether any process waits for a role of the reader."""
        who, workflow = actor(), current_panel().workflow
        if who is None or workflow is None:
            return False
        steps = (step for one in workflow.processes() for step in one.transitions.values())
        return any(who.roles & set(step.roles) for step in steps)

    @expose("/")
    @verb(SIGNED_IN)
    def index_view(self) -> Any:
        """What waits, oldest first; or the sentence that nothing does."""
        return self.render("panel/inbox.html", waiting=waiting(), count=waiting_count())
