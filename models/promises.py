"""What followed at each post by a day: something promised, something planned, a plan verified."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from babel.dates import get_timezone
from sqlalchemy.orm import aliased

from .asked import Question, any_of
from .called_off import stands
from .clock import ZONE, today
from .commitments import Commitment
from .follow_up import ActionPlan
from .people import Appointment
from .queries import in_scope
from .records import Decision, ProcessState
from .training import TrainingSession


def promised(question: Question) -> sa.Subquery:
    """Posts under which something was promised by the day, at no session that was called off."""
    made_on = sa.func.coalesce(
        Commitment.official_signed_on, Commitment.spouse_signed_on, TrainingSession.held_on
    )
    statement = (
        sa.select(Appointment.position_id, sa.literal(1).label("committed"))
        .select_from(Commitment)
        .join(Appointment, Appointment.id == Commitment.appointment_id)
        .outerjoin(TrainingSession, TrainingSession.id == Commitment.training_session_id)
        .where(question.known(made_on), stands(), *question.by_programme())
        .distinct()
    )
    return in_scope(statement, Commitment, question.actor).subquery("promised")


def planned(question: Question) -> sa.Subquery:
    """Posts with a plan that was not cancelled by the day; and whether one was verified by then.

    Of a past day only what was decided is known: a plan counts from its first decision on.
    """
    statement = (
        sa.select(
            Appointment.position_id,
            sa.literal(1).label("planned"),
            any_of(ProcessState.category == "done").label("verified"),
        )
        .select_from(ActionPlan)
        .join(Appointment, Appointment.id == ActionPlan.appointment_id)
        .outerjoin(Commitment, Commitment.id == ActionPlan.commitment_id)
        .outerjoin(TrainingSession, TrainingSession.id == Commitment.training_session_id)
        .where(ProcessState.category != "cancelled", *question.by_programme())
        .group_by(Appointment.position_id)
    )
    version, status = ActionPlan.process_version_id, ActionPlan.status
    if question.day < today():
        statement = statement.join(Decision, Decision.id == _last_decision(question.day))
        version, status = Decision.process_version_id, Decision.becomes
    statement = statement.join(
        ProcessState, sa.and_(ProcessState.version_id == version, ProcessState.code == status)
    )
    return in_scope(statement, ActionPlan, question.actor).subquery("planned")


def _last_decision(day: date) -> sa.ScalarSelect[int]:
    """Number of the last decision on a plan by the end of `day`."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, get_timezone(ZONE))
    decision = aliased(Decision)
    return (
        sa.select(sa.func.max(decision.id))
        .where(
            decision.record_table == "action_plan",
            decision.record_id == ActionPlan.id,
            decision.at < midnight,
        )
        .correlate(ActionPlan)
        .scalar_subquery()
    )
