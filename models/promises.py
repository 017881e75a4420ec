"""What followed at each post by a day: something promised, something planned, a plan verified."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from babel.dates import get_timezone

from .asked import Condition, Question, any_of
from .clock import ZONE, today
from .commitments import Commitment
from .follow_up import ActionPlan
from .people import Appointment
from .queries import in_scope
from .records import Decision, ProcessState
from .training import TrainingSession


def promised(question: Question) -> sa.Subquery:
    """Posts under which something was promised by the day."""
    made_on = sa.func.coalesce(
        Commitment.official_signed_on, Commitment.spouse_signed_on, TrainingSession.held_on
    )
    statement = (
        sa.select(Appointment.position_id, sa.literal(1).label("committed"))
        .select_from(Commitment)
        .join(Appointment, Appointment.id == Commitment.appointment_id)
        .outerjoin(TrainingSession, TrainingSession.id == Commitment.training_session_id)
        .where(question.known(made_on), *question.by_programme())
        .distinct()
    )
    return in_scope(statement, Commitment, question.actor).subquery("promised")


def planned(question: Question) -> sa.Subquery:
    """Posts with a plan that was not cancelled; and whether one was verified by the day."""
    done = ProcessState.category == "done"
    statement = (
        sa.select(Appointment.position_id, sa.literal(1).label("planned"))
        .select_from(ActionPlan)
        .join(Appointment, Appointment.id == ActionPlan.appointment_id)
        .join(
            ProcessState,
            sa.and_(
                ProcessState.version_id == ActionPlan.process_version_id,
                ProcessState.code == ActionPlan.status,
            ),
        )
        .outerjoin(Commitment, Commitment.id == ActionPlan.commitment_id)
        .outerjoin(TrainingSession, TrainingSession.id == Commitment.training_session_id)
        .where(ProcessState.category != "cancelled", *question.by_programme())
        .group_by(Appointment.position_id)
    )
    if question.day < today():
        decided, statement = _decided(question.day, statement)
        done = sa.and_(done, decided)
    statement = statement.add_columns(any_of(done).label("verified"))
    return in_scope(statement, ActionPlan, question.actor).subquery("planned")


def _decided(day: date, statement: sa.Select[Any]) -> tuple[Condition, sa.Select[Any]]:
    """Narrow to plans decided on by the end of `day`, and say which decisions finished them."""
    after = sa.orm.aliased(ProcessState)
    midnight = datetime.combine(day + timedelta(days=1), time.min, get_timezone(ZONE))
    return after.category == "done", statement.join(
        Decision,
        sa.and_(
            Decision.record_table == "action_plan",
            Decision.record_id == ActionPlan.id,
            Decision.at < midnight,
        ),
    ).join(
        after,
        sa.and_(after.version_id == Decision.process_version_id, after.code == Decision.becomes),
    )
