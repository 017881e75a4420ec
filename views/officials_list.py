"""A row of the list of officials: name over the number, posts, family, last session, plans.

What an official did under posts outside of the reader's scope is not in it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy.orm import selectinload

from models.attendance import Participation
from models.follow_up import ActionPlan
from models.government import Unit
from models.people import Appointment, Official
from models.queries import in_scope
from panel.screens.acting import the_actor
from panel.screens.marks import blank, sub
from panel.screens.values import screen_of
from panel.screens.workflow import WorkflowView, state_badge
from panel.words import say

from .attendance import presence
from .rounds import day_of, is_cancelled


class OfficialList:
    """What the list of officials loads beside its own columns."""

    @property
    def list_joins(self) -> tuple[Any, ...]:
        """Posts, sessions and plans in the reader's scope, and the spouses."""
        posts = inside(Official.appointments, Appointment)
        sessions = inside(Official.participations, Participation)
        return (
            selectinload(posts).joinedload(Appointment.position),
            selectinload(posts).joinedload(Appointment.unit).joinedload(Unit.parent),
            selectinload(Official.spouses),
            selectinload(sessions).joinedload(Participation.session),
            selectinload(sessions).selectinload(Participation.attendance),
            selectinload(inside(Official.action_plans, ActionPlan)),
        )

    @property
    def about_joins(self) -> tuple[Any, ...]:
        """The posts in the reader's scope."""
        posts = selectinload(inside(Official.appointments, Appointment))
        return (
            posts.joinedload(Appointment.position),
            posts.joinedload(Appointment.unit).joinedload(Unit.parent),
        )


def inside(relation: Any, kind: Any) -> Any:
    """A relation of an official, as far as it lies in the reader's scope."""
    return relation.and_(kind.id.in_(in_scope(sa.select(kind.id), kind, the_actor())))


def name_line(official: Official) -> Markup:
    """The name with its titles, over the masked number; who is elected has none."""
    number: Any = ""
    if official.nip is not None:
        number = screen_of(Official).values.shown(official, "nip")
    elif official.employment_type != "elected":
        number = blank(say("NIP not filled in"))
    return Markup("{}{}").format(official.display_name, sub(number) if number else "")


def latest_session_of(official: Official) -> Any:
    """The session of the latest known day that this official is on the list of, and how he came."""
    on_lists = [one for one in official.participations if not is_cancelled(one.session)]
    if not on_lists:
        return blank(say("none so far"))
    latest = max(on_lists, key=lambda one: one.session.held_on or date.min)
    day = day_of(latest.session) if latest.session.held_on else blank(say("no date"))
    return Markup("{}{}").format(day, sub(presence(latest)))


def follow_up_of(official: Official) -> Any:
    """The states of the plans that are open, or of the last one."""
    plans = official.action_plans
    still = [one for one in plans if WorkflowView.category_of(one) not in ("done", "cancelled")]
    badges = [state_badge(one) for one in still or plans[-1:]]
    return Markup(" ").join(badges) if badges else blank(say("none so far"))
