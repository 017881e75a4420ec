"""What a leaving official's promises become: those of the office go on with the successor.

The old commitment stays as it was. The new one is the successor's own, not signed yet, and points
back. Promises of the household and the community stay with the family; plans stay with their maker.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from panel.access.rules import Actor

from .attendance import Participation
from .called_off import stands
from .commitments import Commitment
from .follow_up import ActionPlan
from .government import Position, Unit
from .people import Appointment
from .queries import in_scope
from .records import ProcessState
from .today import OPEN
from .training import TrainingSession

#: Areas whose promises belong to the post, not to the family.
OFFICE = ("public_service", "workplace")


@dataclass(frozen=True)
class Handing:
    """An open commitment of the office, and whether it goes on with the successor."""

    commitment: Commitment
    chosen: bool = True


def left(session: Session, actor: Actor, begun: Iterable[Appointment]) -> list[Appointment]:
    """Appointments on the same posts, or of the same officials, that ended the day before."""
    before = [
        sa.and_(
            sa.or_(
                Appointment.position_id == one.position_id,
                Appointment.official_id == one.official_id,
            ),
            Appointment.ended_on == one.started_on - timedelta(days=1),
        )
        for one in begun
        if one.started_on is not None
    ]
    statement = sa.select(Appointment).where(sa.or_(sa.false(), *before))
    post = joinedload(Appointment.position).joinedload(Position.unit).joinedload(Unit.parent)
    statement = statement.options(joinedload(Appointment.official), post)
    statement = in_scope(statement, Appointment, actor)
    return list(session.scalars(statement.order_by(Appointment.id)))


def offered(
    session: Session,
    actor: Actor,
    position: Position,
    officials: Collection[int],
    chosen: Collection[int] | None = None,
) -> tuple[Handing, ...]:
    """Commitments of the office that these officials gave in this post and nobody has continued.

    `chosen` holds the numbers of those that go on; None: all of them.
    """
    later = aliased(Commitment)
    continued = sa.exists().where(later.continued_from_id == Commitment.id).correlate(Commitment)
    statement = (
        sa.select(Commitment)
        .join(Commitment.appointment)
        .where(
            Appointment.position_id == position.id,
            Commitment.official_id.in_(officials),
            Commitment.area.in_(OFFICE),
            Commitment.party != "spouse",
            ~continued,
        )
        .order_by(Commitment.id)
        .options(joinedload(Commitment.official), selectinload(Commitment.risks))
    )
    found = session.scalars(in_scope(statement, Commitment, actor)).unique()
    return tuple(Handing(one, chosen is None or one.id in chosen) for one in found)


def last_holder(session: Session, position: Position, day: date) -> Appointment | None:
    """The definitive appointment to a post that ended last before `day`; its promises wait."""
    return session.scalars(
        sa.select(Appointment)
        .where(
            Appointment.position_id == position.id,
            Appointment.status == "definitive",
            Appointment.ended_on < day,
        )
        .order_by(Appointment.ended_on.desc(), Appointment.id.desc())
    ).first()


def continued(commitment: Commitment, appointment: Appointment) -> Commitment:
    """The successor's commitment that goes on with `commitment`; he signs it himself."""
    return Commitment(
        region_id=appointment.region_id,
        official=appointment.official,
        appointment=appointment,
        unit_id=appointment.unit_id,
        template_id=commitment.template_id,
        party="official",
        category=commitment.category,
        area=commitment.area,
        text=commitment.text,
        indicator=commitment.indicator,
        risks=list(commitment.risks),
        continued_from=commitment,
    )


def open_plans(
    session: Session, actor: Actor, appointments: Iterable[Appointment]
) -> list[ActionPlan]:
    """Plans made under these appointments that are not done or cancelled; they do not move."""
    keys = [one.id for one in appointments]
    statement = (
        sa.select(ActionPlan)
        .join(
            ProcessState,
            sa.and_(
                ProcessState.version_id == ActionPlan.process_version_id,
                ProcessState.code == ActionPlan.status,
            ),
        )
        .where(ActionPlan.appointment_id.in_(keys), ProcessState.category.in_(OPEN))
        .order_by(ActionPlan.last_day, ActionPlan.id)
        .options(joinedload(ActionPlan.official), joinedload(ActionPlan.commitment))
    )
    return list(session.scalars(in_scope(statement, ActionPlan, actor)).unique())


def listed_later(
    session: Session, actor: Actor, appointments: Iterable[Appointment], last_day: date
) -> list[Participation]:
    """Whom lists of sessions after `last_day` name under these appointments; they stay so."""
    keys = [one.id for one in appointments]
    statement = (
        sa.select(Participation)
        .join(Participation.session)
        .where(Participation.appointment_id.in_(keys), TrainingSession.held_on > last_day, stands())
        .order_by(TrainingSession.held_on, Participation.id)
        .options(contains_eager(Participation.session), joinedload(Participation.official))
    )
    return list(session.scalars(in_scope(statement, Participation, actor)))


def continued_under(
    session: Session, actor: Actor, appointments: Iterable[Appointment]
) -> list[Commitment]:
    """Commitments that these appointments took over from a predecessor."""
    statement = (
        sa.select(Commitment)
        .where(
            Commitment.appointment_id.in_([one.id for one in appointments]),
            Commitment.continued_from_id.is_not(None),
        )
        .order_by(Commitment.id)
        .options(
            joinedload(Commitment.official),
            joinedload(Commitment.continued_from).joinedload(Commitment.official),
        )
    )
    return list(session.scalars(in_scope(statement, Commitment, actor)).unique())
