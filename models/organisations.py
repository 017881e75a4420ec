"""Whose a body is: a national one is the same for every region, all others are a region's own."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.access.rules import Actor
from panel.spelling import folded
from panel.words import Refused, Sentence, say

from .government import Region
from .programme import Organisation
from .queries import in_scope
from .scope_rules import regions_of
from .shared import refuse_for_all
from .speaking import Speaker
from .training import SessionOrganisation, TrainingSession

NATIONAL = "national_agency"


def settle(session: Session, actor: Actor, organisation: Organisation) -> None:
    """Give a body its region: none to a national one, of which there is one, else the actor's."""
    if organisation.kind != NATIONAL:
        regions = regions_of(actor)
        if organisation.region_id is None and len(regions) == 1:
            organisation.region_id = regions[0]
        refuse_for_all(actor, organisation)
        return
    _one_at_a_time(session)
    same = _same(session, actor, organisation)
    if same is not None:
        sentence = say("This body is here already: %(name)s. Use that record.", name=str(same))
        raise Refused("field", sentence, "name")
    organisation.region_id = organisation.unit_id = None


def why_kept(session: Session, actor: Actor, organisation: Organisation) -> Sentence | None:
    """Why this actor may not change a body of all regions, or None: only his own refer to it."""
    if organisation.region_id is not None:
        return None
    own = regions_of(actor)
    at_sessions = (
        sa.select(SessionOrganisation.id)
        .join(SessionOrganisation.session)
        .where(
            SessionOrganisation.organisation_id == organisation.id,
            TrainingSession.region_id.not_in(own),
        )
    )
    speakers = sa.select(Speaker.id).where(
        Speaker.organisation_id == organisation.id, Speaker.region_id.not_in(own)
    )
    with session.no_autoflush:
        used = session.scalar(sa.select(sa.or_(at_sessions.exists(), speakers.exists())))
    if not used:
        return None
    return say("Other regions use this body as well, so it is only read here.")


def _same(session: Session, actor: Actor, organisation: Organisation) -> Organisation | None:
    """A body in scope under this name or abbreviation, however it is spelt."""
    wanted = _spelt(organisation)
    with session.no_autoflush:
        rows = in_scope(sa.select(Organisation), Organisation, actor).order_by(Organisation.id)
        for other in session.scalars(rows):
            if other is not organisation and wanted & _spelt(other):
                return other
    return None


def _spelt(organisation: Organisation) -> set[str]:
    """Name and abbreviation in one spelling each."""
    return {folded(text) for text in (organisation.name, organisation.short_name) if text}


def _one_at_a_time(session: Session) -> None:
    """No rule of the database stops two national bodies of one name: one clerk at a time."""
    first = sa.select(Region.id).order_by(Region.id).limit(1)
    session.execute(first.with_for_update(key_share=True))
