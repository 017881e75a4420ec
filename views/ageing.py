"""The page of ages: how long action plans stand where they are, and how long others took.

Ages are working days of the region. The tables say what there is; their colours only repeat it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from flask import abort, request, url_for
from flask_admin import expose

from models.ageing import LIMITS, passed, slowest, standing
from models.base import db
from models.follow_up import ActionPlan
from models.government import Region, Tier, Unit
from models.holidays import calendars
from models.open_plans import OPEN, Asked
from models.records import ProcessVersion, workflow
from panel.columns import now
from panel.plugin import Panel
from panel.screens.acting import the_actor
from panel.screens.clocks import clocks_of
from panel.screens.guarding import Guarded, verb
from panel.screens.querying import scoped
from panel.screens.workflow import state_badge
from panel.words import say
from panel.workflow.definition import State

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
    """What the address asks for."""

    state: str
    unit: Unit | None
    tier: Tier | None
    period: str

    @property
    def address(self) -> dict[str, str]:
        """The arguments of the address that ask the same."""
        asked = {
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
    """Who keeps whom waiting: standing records by age, and the time that states took."""

    icon = "bars"
    kind = ActionPlan

    def __init__(self, _panel: Panel, *, category: Any = None) -> None:
        super().__init__(
            say("Waiting times"),
            category=category,
            endpoint="ageing",
            url="/ageing",
            menu_icon_value=self.icon,
        )

    @expose("/")
    @verb("read")
    def index_view(self) -> Any:
        """What stands, what took how long, and the slowest."""
        session, moment, states = db.session(), now(), open_states()
        chosen = asked_for(states)
        asked = Asked(the_actor(), chosen.state or None, chosen.unit, chosen.tier)
        calendar_of = calendars(session)
        plans = slowest(session, asked)
        return self.render(
            "ageing.html",
            chosen=chosen,
            states=states,
            groups=GROUPS,
            periods=PERIODS,
            ageing=standing(session, asked, calendar_of, moment),
            passed=passed(session, asked, calendar_of, chosen.since(moment)),
            plans=plans,
            clocks=clocks_of(plans),
            plan_state=state_badge,
            today=calendar_of(None).day(moment),
            regions=session.scalars(scoped(Region).order_by(Region.name)).all(),
            districts=session.scalars(
                scoped(Unit).where(Unit.kind == "district").order_by(Unit.name, Unit.id)
            ).all(),
            tiers=session.scalars(scoped(Tier).order_by(Tier.rank)).all(),
            tier_name=by_language,
            shade=shade,
        )


def open_states() -> dict[str, State]:
    """The states in which a plan does not rest, of all versions; the latest version names them."""
    versions = sa.select(ProcessVersion).where(
        ProcessVersion.record_table == ActionPlan.__tablename__,
        ProcessVersion.published_at.is_not(None),
    )
    found: dict[str, State] = {}
    for version in db.session.scalars(versions.order_by(ProcessVersion.number)):
        found |= workflow.process_in(version).states
    return {code: state for code, state in found.items() if state.category in OPEN}


def asked_for(states: Mapping[str, State]) -> Chosen:
    """What the address asks for; 404 for what is not there or out of scope."""
    state, period = request.args.get("state", ""), request.args.get("period", "") or "365"
    if (state and state not in states) or period not in PERIODS:
        abort(404)
    return Chosen(state, picked(Unit, "unit"), picked(Tier, "tier"), period)
