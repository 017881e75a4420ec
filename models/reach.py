"""What is known of each post on a day, as one SQL table with a row per post: filled, invited,
attended, promised, verified. Coverage sums it up, the board lists it.

A post is reached when somebody attended under an appointment to it, whoever holds it now; whether
its present holder attended, in whatever post, is a second fact. Only what lies in the reader's
scope is counted. A session of which no day is known counts from today on; one of which only the
month or the year is known, from the first day of it; one that was called off, never.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from .asked import Question, any_of
from .attendance import Attendance, Participation
from .called_off import stands
from .clock import today
from .government import Position
from .people import Appointment, Spouse
from .promises import planned, promised
from .queries import in_scope
from .relations import held_on
from .seats import existing_on, narrowed
from .training import TrainingSession

#: The facts of a post, each 1 or 0.
FACTS = (
    "filled",
    "invited",
    "recorded",
    "attended",
    "as_couple",
    "spouse_recorded",
    "holder_attended",
    "holder_recorded",
    "committed",
    "planned",
    "verified",
)


def reach(question: Question) -> sa.Subquery:
    """A row per post in scope that exists on the day: position_id, tier_id, unit_id and `FACTS`."""
    seen = visits(question)
    seats, held = _by_post(seen), _by_holder(question, seen)
    promises, plans = promised(question), planned(question)
    facts = {
        "filled": held.c.filled,
        "invited": seats.c.invited,
        "recorded": seats.c.recorded,
        "attended": seats.c.attended,
        "as_couple": seats.c.as_couple,
        "spouse_recorded": seats.c.spouse_recorded,
        "holder_attended": held.c.attended,
        "holder_recorded": held.c.recorded,
        "committed": promises.c.committed,
        "planned": plans.c.planned,
        "verified": plans.c.verified,
    }
    posts = sa.select(
        Position.id.label("position_id"),
        Position.tier_id,
        Position.unit_id,
        *(sa.func.coalesce(facts[name], 0).label(name) for name in FACTS),
    )
    for part in (seats, held, promises, plans):
        posts = posts.outerjoin(part, part.c.position_id == Position.id)
    return _posts(question, posts).subquery("reach")


def visits(question: Question) -> sa.CTE:
    """A row per participation known by the day: whose it is, for which post, and who was there."""
    happened = question.known(TrainingSession.held_on)
    official, spouse = Attendance.party == "official", Attendance.party == "spouse"
    present = Attendance.status == "present"
    asked = sa.or_(Participation.invited_on <= question.day, happened)
    if question.day >= today():
        asked = sa.or_(asked, Participation.invited_on.is_(None))
    statement = (
        sa.select(
            Participation.official_id,
            Participation.spouse_id,
            Appointment.position_id,
            any_of(official).label("recorded"),
            any_of(spouse).label("spouse_recorded"),
            any_of(official, present).label("official"),
            any_of(spouse, present).label("spouse"),
        )
        .select_from(Participation)
        .join(TrainingSession, TrainingSession.id == Participation.training_session_id)
        .outerjoin(Appointment, Appointment.id == Participation.appointment_id)
        .outerjoin(Attendance, sa.and_(Attendance.participation_id == Participation.id, happened))
        .where(asked, stands(), *question.by_programme())
        .group_by(
            Participation.id,
            Participation.official_id,
            Participation.spouse_id,
            Appointment.position_id,
        )
    )
    return in_scope(statement, Participation, question.actor).cte("visit")


def couples(question: Question) -> sa.Select[Any]:
    """Selects how many couples came together: two officials married to each other are one."""
    seen = visits(question)
    posts = _posts(question, sa.select(Position.id)).subquery("post")
    one, other = seen.c.official_id, Spouse.person_id
    text = sa.Text()
    pair = sa.case(
        (other.is_(None), sa.literal("spouse ") + sa.cast(seen.c.spouse_id, text)),
        (one < other, sa.cast(one, text) + "+" + sa.cast(other, text)),
        else_=sa.cast(other, text) + "+" + sa.cast(one, text),
    )
    pair = sa.func.coalesce(pair, sa.literal("of ") + sa.cast(one, text))
    return (
        sa.select(sa.func.count(sa.distinct(pair)))
        .select_from(seen)
        .join(posts, posts.c.id == seen.c.position_id)
        .outerjoin(Spouse, Spouse.id == seen.c.spouse_id)
        .where(seen.c.official == 1, seen.c.spouse == 1)
    )


def _posts(question: Question, statement: sa.Select[Any]) -> sa.Select[Any]:
    """Narrow to the posts that are asked for."""
    there = statement.where(existing_on(question.day), *narrowed(None, question.unit))
    return in_scope(there, Position, question.actor)


def _by_post(seen: sa.CTE) -> sa.Subquery:
    return (
        sa.select(
            seen.c.position_id,
            sa.literal(1).label("invited"),
            sa.func.max(seen.c.recorded).label("recorded"),
            sa.func.max(seen.c.spouse_recorded).label("spouse_recorded"),
            sa.func.max(seen.c.official).label("attended"),
            sa.func.max(seen.c.official * seen.c.spouse).label("as_couple"),
        )
        .where(seen.c.position_id.is_not(None))
        .group_by(seen.c.position_id)
        .subquery("seat")
    )


def _by_holder(question: Question, seen: sa.CTE) -> sa.Subquery:
    """Posts with a holder; the definitive one speaks for the post, else the acting one."""
    person = (
        sa.select(
            seen.c.official_id,
            sa.func.max(seen.c.official).label("attended"),
            sa.func.max(seen.c.recorded).label("recorded"),
        )
        .group_by(seen.c.official_id)
        .subquery("person")
    )
    definitive = Appointment.status == "definitive"

    def of_holder(fact: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
        return sa.case(
            (any_of(definitive) == 1, any_of(definitive, fact == 1)),
            else_=any_of(fact == 1),
        )

    statement = (
        sa.select(
            Appointment.position_id,
            sa.literal(1).label("filled"),
            of_holder(person.c.attended).label("attended"),
            of_holder(person.c.recorded).label("recorded"),
        )
        .outerjoin(person, person.c.official_id == Appointment.official_id)
        .where(held_on(question.day))
        .group_by(Appointment.position_id)
    )
    return in_scope(statement, Appointment, question.actor).subquery("held")
