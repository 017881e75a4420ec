"""The inbox: what waits for the actor, to be filtered, opened one after the other, or picked.

Where the answer of a decision leads on is told by `following`: to what stood after it in the list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_admin import expose

from ..plugin import Panel, current_panel
from ..words import say
from ..workflow.approval import outdated
from .acting import actor
from .bulk import BulkDeciding
from .guarding import SIGNED_IN, verb
from .inbox_list import PAGE, InboxList
from .language import local, short_date
from .listing import about_of
from .querying import scoped
from .waiting import Waits, acting_as
from .workflow import state_of

__all__ = ["InboxView", "Line", "lines_of"]


@dataclass(frozen=True)
class Line:
    """A line of the inbox, ready for the page."""

    waits: Waits
    title: Any
    kind: Any
    about: list[str]
    by: Any
    state: Any
    #: Whether it was approved and has changed since.
    changed: bool
    url: str


def lines_of(found: Iterable[Waits], address: str) -> list[Line]:
    """The records behind keys, in their order; the same number of statements for any number."""
    found, panel = list(found), current_panel()
    assert panel.workflow is not None
    session, decision = panel.db.session, panel.workflow.decision
    made: dict[str, Line] = {}
    for screen in {one.screen.endpoint: one.screen for one in found}.values():
        own = {one.id: one for one in found if one.screen is screen}
        model = screen.model
        rows = (
            scoped(model, model, decision.at, decision.actor_name)
            .outerjoin(decision, decision.id == model.decision_id)
            .where(model.id.in_(own))
            .options(*screen.naming_loaders())
        )
        held = session.execute(rows).unique().all()
        changed = outdated(panel.workflow, session, [record for record, *_ in held])
        for record, at, name in held:
            waits = own[record.id]
            made[waits.key] = Line(
                waits,
                screen.title_of(record),
                screen.one_title,
                about_of(screen, record),
                say("%(name)s on %(day)s", name=name, day=short_date(local(at).date()))
                if at
                else None,
                state_of(record),
                record.id in changed,
                url_for(f"{screen.endpoint}.details_view", id=record.id, url=address),
            )
    return [made[one.key] for one in found if one.key in made]


class InboxView(BulkDeciding):
    """The list of what waits for the actor."""

    icon = "inbox"

    def __init__(self, panel: Panel, *, category: Any = None, **options: Any) -> None:
        options.setdefault("name", say("Waiting for me"))
        options.setdefault("menu_icon_value", self.icon)
        options.setdefault("menu_class_name", "inbox")
        super().__init__(category=category, endpoint="inbox", url="/inbox", **options)

    def is_visible(self) -> bool:
        """Whether any process waits for a role of the reader, or of whom he stands in for."""
        who, workflow = actor(), current_panel().workflow
        if who is None or workflow is None:
            return False
        roles = frozenset().union(*(one.roles for one in acting_as()))
        steps = (step for one in workflow.processes() for step in one.transitions.values())
        return any(roles & set(step.roles) for step in steps)

    @expose("/")
    @verb(SIGNED_IN)
    def index_view(self) -> Any:
        """What waits, oldest first; or the sentence that nothing does."""
        asked = InboxList(request.args)
        shown = asked.shown()
        return self.render(
            "panel/inbox.html",
            asked=asked,
            lines=lines_of(shown, asked.url()),
            first=asked.page * PAGE + 1,
            count=len(asked.keys),
            last_page=max(len(asked.keys) - 1, 0) // PAGE,
            bulk_steps=self.steps_for(shown),
        )
