"""Planning a make-up session: the same tiers, the same parts, and on the list who was not there."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.access.rules import Actor
from panel.words import Sentence, say

from .attendance import Participation
from .expected import participations
from .invitations import is_begun
from .make_ups import MakeUp, attended
from .queries import in_scope
from .training import AgendaItem, SessionOrganisation, SessionTier, TrainingSession

#: What of a session goes for its make-up session too.
KEPT = ("programme_id", "theme", "objectives", "background", "includes_spouses", "tiers_complete")


def why_not(session: Session, held: TrainingSession) -> Sentence | None:
    """Why nobody can say yet who missed a session; None where it can be said."""
    if is_begun(session, held):
        return None
    return say("No attendance is recorded yet, so nobody can say who missed the session.")


def missed(session: Session, actor: Actor, held: TrainingSession) -> list[Participation]:
    """Who is on the list, in the actor's scope, and was present at no part; by name."""
    there = attended(session, held.id)
    return [one for one in participations(session, actor, held) if one.official_id not in there]


def make_ups_of(session: Session, actor: Actor, held: TrainingSession) -> list[TrainingSession]:
    """The sessions in scope that make up for `held`, in the order in which they were planned."""
    later = sa.select(TrainingSession).join(
        MakeUp, MakeUp.training_session_id == TrainingSession.id
    )
    own = in_scope(later.where(MakeUp.missed_id == held.id), TrainingSession, actor)
    return list(session.scalars(own.order_by(MakeUp.id)))


def name_for(session: Session, held: TrainingSession, stem: str) -> str:
    """`stem`, with a number behind it where a session of the region has that name."""
    taken = set(
        session.scalars(
            sa.select(TrainingSession.name).where(
                TrainingSession.region_id == held.region_id,
                TrainingSession.name.startswith(stem, autoescape=True),
            )
        )
    )
    numbered = (f"{stem} {number}" for number in range(2, len(taken) + 3))
    return next(name for name in (stem, *numbered) if name not in taken)


def make_up(
    session: Session, held: TrainingSession, people: Collection[Participation], name: str
) -> TrainingSession:
    """A planned session for those who missed `held`, with them on its list; the caller commits."""
    made = TrainingSession(
        region_id=held.region_id,
        name=name,
        date_precision="unknown",
        previous_id=held.id,
        tiers=[SessionTier(tier_id=one.tier_id) for one in held.tiers],
        organisers=[
            SessionOrganisation(organisation_id=one.organisation_id, role=one.role)
            for one in held.organisers
        ],
        values=list(held.values),
        risks=list(held.risks),
        **{key: getattr(held, key) for key in KEPT},
    )
    session.add(made)
    session.flush()
    own = {"region_id": held.region_id, "training_session_id": made.id}
    session.add(MakeUp(missed_id=held.id, **own))
    for item in held.agenda:
        session.add(
            AgendaItem(
                number=item.number,
                title=item.title,
                takes_attendance=item.takes_attendance,
                **own,
            )
        )
    for one in sorted(people, key=lambda one: one.id):
        session.add(
            Participation(
                official_id=one.official_id,
                appointment_id=one.appointment_id,
                unit_id=one.unit_id,
                spouse_id=one.spouse_id,
                **own,
            )
        )
    session.flush()
    return made
