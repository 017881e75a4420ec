"""Everything the roster knows of one official, as one actor may see it.

An official is in scope through a post of today; what he did under posts elsewhere lies out of
scope and is left out here. Each part is one statement, however many rows it has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from panel.access.rules import Actor

from .attendance import Attendance, Participation
from .follow_up import ActionPlan, Commitment
from .government import Position, Unit
from .people import Appointment, Official, Spouse
from .queries import in_scope
from .speaking import SessionSpeaker, Speaker
from .training import TrainingSession


@dataclass(frozen=True)
class Marriage:
    """A marriage from one official's side: who the other is, and as which official if he is one."""

    spouse: Spouse
    #: The other as an official in the actor's scope.
    person: Official | None
    #: Whether it is the other who recorded it.
    mirrored: bool = False

    @property
    def name(self) -> str:
        """The other's name as it was written, or as the roster has it."""
        if self.person is not None:
            return self.person.display_name
        return self.spouse.full_name


@dataclass(frozen=True)
class Portrait:
    """An official's rows in scope."""

    appointments: list[Appointment] = field(default_factory=list)
    marriages: list[Marriage] = field(default_factory=list)
    participations: list[Participation] = field(default_factory=list)
    commitments: list[Commitment] = field(default_factory=list)
    #: The commitments in scope that these go on with, and those that go on with them, by number.
    predecessors: dict[int, Commitment] = field(default_factory=dict)
    successors: dict[int, list[Commitment]] = field(default_factory=dict)
    plans: list[ActionPlan] = field(default_factory=list)
    #: The same person as a speaker, with the appearances.
    speakers: list[Speaker] = field(default_factory=list)


def portrait(
    session: Session,
    actor: Actor,
    official: Official,
    day: date,
    reads: Callable[[type], bool] = lambda _kind: True,
) -> Portrait:
    """The portrait on `day`; kinds of which `reads` says no stay empty."""
    own = [
        reads(kind) and rows(session, actor, official, day)
        for kind, rows in (
            (Appointment, appointments_of),
            (Spouse, marriages_of),
            (Participation, participations_of),
            (Commitment, commitments_of),
            (ActionPlan, plans_of),
            (Speaker, speakers_of),
        )
    ]
    appointments, marriages, participations, commitments, plans, speakers = (x or [] for x in own)
    before, after = continued(session, actor, commitments) if commitments else ({}, {})
    return Portrait(
        appointments, marriages, participations, commitments, before, after, plans, speakers
    )


def appointments_of(
    session: Session, actor: Actor, official: Official, day: date
) -> list[Appointment]:
    """Posts: those held on `day`, the definitive first; then the others, the latest first."""
    found = session.scalars(
        in_scope(
            sa.select(Appointment).where(Appointment.official_id == official.id),
            Appointment,
            actor,
        ).options(
            joinedload(Appointment.position).joinedload(Position.tier),
            joinedload(Appointment.unit).joinedload(Unit.parent),
        )
    )

    def place(one: Appointment) -> tuple[bool, bool, int, int]:
        held = one.holds_on(day)
        latest = one.started_on or one.ended_on or date.min
        return not held, held and one.status != "definitive", -latest.toordinal(), -one.id

    return sorted(found, key=place)


def marriages_of(session: Session, actor: Actor, official: Official, day: date) -> list[Marriage]:
    """Spouses of the official, and officials who name this one as theirs; the present first."""
    seen = in_scope(sa.select(Official.id), Official, actor)
    rows = session.execute(
        in_scope(
            sa.select(Spouse, Official)
            .outerjoin(
                Official,
                sa.and_(
                    Official.id
                    == sa.case(
                        (Spouse.official_id == official.id, Spouse.person_id),
                        else_=Spouse.official_id,
                    ),
                    Official.id.in_(seen),
                ),
            )
            .where(sa.or_(Spouse.official_id == official.id, Spouse.person_id == official.id)),
            Spouse,
            actor,
        )
    )
    found = [Marriage(one, other, one.official_id != official.id) for one, other in rows]
    known = {one.spouse.person_id for one in found if not one.mirrored}
    apart = [one for one in found if not (one.mirrored and one.spouse.official_id in known)]
    return sorted(apart, key=lambda one: (one.spouse.ended_on is not None, one.spouse.id))


def participations_of(
    session: Session, actor: Actor, official: Official, day: date
) -> list[Participation]:
    """Sessions on whose list the official stands, the latest first, those without a day last."""
    rows = (
        in_scope(
            sa.select(Participation).where(Participation.official_id == official.id),
            Participation,
            actor,
        )
        .join(Participation.session)
        .order_by(TrainingSession.held_on.desc().nulls_last(), Participation.id.desc())
        .options(
            joinedload(Participation.session),
            joinedload(Participation.spouse),
            joinedload(Participation.appointment).joinedload(Appointment.position),
            joinedload(Participation.unit).joinedload(Unit.parent),
            selectinload(Participation.attendance).joinedload(Attendance.agenda_item),
        )
    )
    return list(session.scalars(rows).unique())


def commitments_of(
    session: Session, actor: Actor, official: Official, day: date
) -> list[Commitment]:
    """Promises of the official and the spouse, the latest first."""
    rows = in_scope(
        sa.select(Commitment).where(Commitment.official_id == official.id), Commitment, actor
    ).order_by(Commitment.official_signed_on.desc().nulls_last(), Commitment.id)
    return list(session.scalars(rows.options(joinedload(Commitment.spouse))).unique())


def continued(
    session: Session, actor: Actor, commitments: list[Commitment]
) -> tuple[dict[int, Commitment], dict[int, list[Commitment]]]:
    """What these go on with, by the number of each, and what goes on with them."""
    keys = [one.id for one in commitments]
    before = [one.continued_from_id for one in commitments if one.continued_from_id is not None]
    rows = in_scope(
        sa.select(Commitment).where(
            sa.or_(Commitment.id.in_(before), Commitment.continued_from_id.in_(keys))
        ),
        Commitment,
        actor,
    )
    found = session.scalars(rows.options(joinedload(Commitment.official))).unique().all()
    by_key = {one.id: one for one in found}
    predecessors = {
        one.id: by_key[one.continued_from_id]
        for one in commitments
        if one.continued_from_id in by_key
    }
    successors: dict[int, list[Commitment]] = {}
    for one in found:
        if one.continued_from_id in keys:
            successors.setdefault(one.continued_from_id or 0, []).append(one)
    return predecessors, successors


def plans_of(session: Session, actor: Actor, official: Official, day: date) -> list[ActionPlan]:
    """Action plans, what falls due first on top."""
    rows = in_scope(
        sa.select(ActionPlan).where(ActionPlan.official_id == official.id), ActionPlan, actor
    ).order_by(ActionPlan.last_day.asc().nulls_last(), ActionPlan.id)
    return list(session.scalars(rows.options(joinedload(ActionPlan.unit).joinedload(Unit.parent))))


def speakers_of(session: Session, actor: Actor, official: Official, day: date) -> list[Speaker]:
    """The same person among the speakers, with the sessions."""
    rows: sa.Select[Any] = in_scope(
        sa.select(Speaker).where(Speaker.official_id == official.id), Speaker, actor
    ).options(selectinload(Speaker.appearances).joinedload(SessionSpeaker.session))
    return list(session.scalars(rows.order_by(Speaker.id)).unique())
