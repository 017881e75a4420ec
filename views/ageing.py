"""The page of ages: how long records of a process stand, how long others took, and what is late.

The process is chosen on the page. Ages are working days of the region; the tables say what there
is, their colours only repeat it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from flask import abort, request, url_for
from flask_admin import expose

from models.ageing import LIMITS, passed, slowest, standing
from models.base import db
from models.government import Region, Tier, Unit
from models.holidays import calendars
from models.lateness import late, states_with_deadline
from models.open_records import OPEN, Asked
from panel.columns import now
from panel.plugin import Panel
from panel.screens.acting import actor, the_actor
from panel.screens.clocks import clocks_of
from panel.screens.expecting import screens, versions_of
from panel.screens.guarding import SIGNED_IN, Guarded, verb
from panel.screens.listing import about_of
from panel.screens.querying import scoped
from panel.screens.workflow import state_badge
from panel.words import Sentence, say
from panel.workflow.definition import Process, State

from .board_question import picked
from .board_words import shade
from .rows import by_language

#: Days that a stay may have ended ago, by what the address says; none means whenever.
PERIODS = {
    "90": say("the last 90 days"),
    "365": say("the last 365 days"),
    "all": say("all time"),
}
GROUPS = (
    say("up to %(days)s days", days=LIMITS[0]),
    *(
        say("%(first)s to %(last)s days", first=first + 1, last=last)
        for first, last in pairwise(LIMITS)
    ),
    say("over %(days)s days", days=LIMITS[-1]),
)


@dataclass(frozen=True)
class Chosen:
    """What the address asks for; `screen` shows the records of the chosen process."""

    screen: Any
    #: Whether it is the first of those that the reader may choose.
    first: bool
    state: str
    unit: Unit | None
    tier: Tier | None
    period: str

    @property
    def kind(self) -> str:
        """The kind of record."""
        return str(self.screen.model.__tablename__)

    @property
    def address(self) -> dict[str, str]:
        """The arguments of the address that ask the same."""
        asked = {
            "kind": "" if self.first else self.kind,
            "state": self.state,
            "unit": str(self.unit.id) if self.unit else "",
            "tier": str(self.tier.id) if self.tier else "",
            "period": "" if self.period == "365" else self.period,
        }
        return {name: text for name, text in asked.items() if text}

    def since(self, moment: datetime) -> datetime | None:
        """From when on a stay must have ended to be counted."""
        return None if self.period == "all" else moment - timedelta(days=int(self.period))

    def url(self, **changed: Any) -> str:
        """The page with some arguments changed."""
        asked = self.address | {name: str(value) for name, value in changed.items()}
        return url_for(".index_view", **{name: text for name, text in asked.items() if text})


class AgeingView(Guarded):
    """Who keeps whom waiting: standing records by age, and the time that states took.

    Open to whoever reads records of any process.
    """

    icon = "bars"

    def __init__(self, _panel: Panel, *, category: Any = None) -> None:
        super().__init__(
            say("Waiting times"),
            category=category,
            endpoint="ageing",
            url="/ageing",
            menu_icon_value=self.icon,
        )

    def objection_to(self, verb: str | None) -> Sentence | None:
        """Closed to those who read records of no process."""
        objection = super().objection_to(verb)
        if objection is None and actor() is not None and not screens():
            return say("You read records of no process.")
        return objection

    @expose("/")
    @verb(SIGNED_IN)
    def index_view(self) -> Any:
        """What stands, what took how long, and the slowest."""
        session, moment, offered = db.session(), now(), kinds_to_choose()
        chosen = asked_for(offered)
        screen, versions = chosen.screen, versions_of(chosen.kind)
        asked = Asked(
            the_actor(), chosen.state or None, chosen.unit, chosen.tier, model=screen.model
        )
        calendar_of = calendars(session)
        records = slowest(session, asked, options=screen.naming_loaders())
        latest = late(session, asked, calendar_of, moment, versions)
        return self.render(
            "ageing.html",
            chosen=chosen,
            asked=asked,
            kinds={one.model.__tablename__: one.name for one in offered},
            states=open_states(versions),
            timed={code for one in versions.values() for code in states_with_deadline(one)},
            groups=GROUPS,
            periods=PERIODS,
            ageing=standing(session, asked, calendar_of, moment, latest),
            passed=passed(session, asked, calendar_of, chosen.since(moment)),
            records=records,
            clocks=clocks_of(records),
            record_title=screen.title_of,
            record_about=lambda record: about_of(screen, record),
            record_state=state_badge,
            today=calendar_of(None).day(moment),
            regions=session.scalars(scoped(Region).order_by(Region.name)).all(),
            districts=session.scalars(
                scoped(Unit).where(Unit.kind == "district").order_by(Unit.name, Unit.id)
            ).all()
            if asked.by_unit
            else (),
            tiers=session.scalars(scoped(Tier).order_by(Tier.rank)).all() if asked.by_tier else (),
            tier_name=by_language,
            shade=shade,
        )


def kinds_to_choose() -> list[Any]:
    """The screens of the processes that the reader reads, first those of records made by post."""
    return sorted(screens(), key=lambda one: not Asked(the_actor(), model=one.model).by_tier)


def open_states(versions: Mapping[int, Process]) -> dict[str, State]:
    """The states of all versions in which a record does not rest; the latest one names them."""
    found: dict[str, State] = {}
    for process in versions.values():
        found |= process.states
    return {code: state for code, state in found.items() if state.category in OPEN}


def asked_for(offered: Sequence[Any]) -> Chosen:
    """What the address asks for; 404 for what is not there or out of scope."""
    by_kind = {one.model.__tablename__: one for one in offered}
    kind = request.args.get("kind", "") or next(iter(by_kind))
    if kind not in by_kind:
        abort(404)
    screen = by_kind[kind]
    state, period = request.args.get("state", ""), request.args.get("period", "") or "365"
    if (state and state not in open_states(versions_of(kind))) or period not in PERIODS:
        abort(404)
    asked = Asked(the_actor(), model=screen.model)
    unit = picked(Unit, "unit") if asked.by_unit else None
    tier = picked(Tier, "tier") if asked.by_tier else None
    return Chosen(screen, screen is offered[0], state, unit, tier, period)
