"""What a pasted article is compared with: the office's records in scope, and how a session stands.

A constant number of statements, whatever the office holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from models.articles import Known, Named, Person, Present, Proposal
from models.base import db
from models.government import Region, Tier, Unit
from models.people import Official
from models.programme import IntegrityValue, Organisation, RiskTag, Venue
from models.speaking import Speaker
from models.training import TrainingSession
from panel.screens.querying import scoped
from panel.words import Label

#: Sessions that are looked through for one that fits, the latest first, and as many are offered.
LOOKED_AT, OFFERED = 200, 5


def known_for(training: TrainingSession | None) -> Known:
    """Everything in scope that a text may name; of the session's region where one is chosen."""

    def own(entity: Any, *columns: Any) -> sa.Select[Any]:
        rows = scoped(entity, *columns).order_by(entity.id)
        if training is None or not hasattr(entity, "region_id"):
            return rows
        here = entity.region_id == training.region_id
        return rows.where(sa.or_(here, entity.region_id.is_(None)))

    regions = db.session.scalars(own(Region)).all()
    if training is not None:
        regions = [one for one in regions if one.id == training.region_id]
    return Known(
        regions=tuple(Named(one.id, one.name) for one in regions),
        tiers=tuple(
            Named(one.id, one.label_id, split(one.synonyms), label_of(one))
            for one in db.session.scalars(own(Tier).order_by(None).order_by(Tier.rank))
        ),
        venues=tuple(Named(one.id, one.name) for one in db.session.scalars(own(Venue))),
        units=tuple(
            Named(one.id, one.full_name, split(one.short_name))
            for one in db.session.scalars(own(Unit))
        ),
        people=tuple(people(own)),
        organisations=tuple(
            Named(one.id, one.name, split(one.short_name))
            for one in db.session.scalars(own(Organisation))
        ),
        values=tuple(
            Named(one.id, one.label_id, (), label_of(one))
            for one in db.session.scalars(own(IntegrityValue))
        ),
        risks=tuple(
            Named(one.id, one.label_id, (), label_of(one))
            for one in db.session.scalars(own(RiskTag))
        ),
        session=present(training) if training is not None else None,
    )


def people(own: Any) -> list[Person]:
    """Speakers and officials; who is both is one person."""
    officials = {
        key: (name, split(aliases))
        for key, name, aliases in db.session.execute(
            own(Official, Official.id, Official.full_name, Official.aliases)
        )
    }
    found = []
    for speaker in db.session.scalars(own(Speaker).options(selectinload(Speaker.aliases))):
        name, others = officials.pop(speaker.official_id, ("", ()))
        spellings = (*(alias.name for alias in speaker.aliases), name, *others)
        found.append(Person(speaker.full_name, spellings, speaker.id, speaker.official_id))
    return found + [Person(name, others, None, key) for key, (name, others) in officials.items()]


def present(training: TrainingSession) -> Present:
    """How the session stands."""
    venue = training.venue
    return Present(
        held=training.held,
        tiers=frozenset(one.tier_id for one in training.tiers),
        tiers_complete=training.tiers_complete,
        venue=Named(venue.id, venue.name) if venue is not None else None,
        speakers=frozenset(f"s{one.speaker_id}" for one in training.speakers),
        organisations=frozenset(one.organisation_id for one in training.organisers),
        values=frozenset(one.id for one in training.values),
        risks=frozenset(one.id for one in training.risks),
        includes_spouses=training.includes_spouses,
    )


def with_everything(key: int) -> TrainingSession | None:
    """The session in scope with all that a text is compared with, fresh from the database."""
    rows = (
        scoped(TrainingSession)
        .where(TrainingSession.id == key)
        .options(
            joinedload(TrainingSession.venue),
            selectinload(TrainingSession.tiers),
            selectinload(TrainingSession.organisers),
            selectinload(TrainingSession.speakers),
            selectinload(TrainingSession.values),
            selectinload(TrainingSession.risks),
        )
    )
    found: TrainingSession | None = db.session.scalars(rows).unique().one_or_none()
    return found


def fitting(proposals: Iterable[Proposal]) -> Sequence[TrainingSession]:
    """Sessions whose date or tiers are those of the text, the best first."""
    told = list(proposals)
    days = [one.value for one in told if one.field == "held"]
    tiers = {one.value for one in told if one.field == "tiers" and not one.doubts}
    rows = scoped(TrainingSession).options(selectinload(TrainingSession.tiers))
    rows = rows.order_by(TrainingSession.held_on.desc().nulls_last(), TrainingSession.id)
    ranked = []
    for training in db.session.scalars(rows.limit(LOOKED_AT)):
        held = training.held
        on_day = held is not None and any(
            day.first <= held.last and held.first <= day.last for day in days
        )
        shared = len(tiers & {one.tier_id for one in training.tiers})
        if on_day or shared:
            ranked.append((-2 * on_day, -shared, len(ranked), training))
    return [training for *_, training in sorted(ranked, key=lambda one: one[:3])[:OFFERED]]


def split(text: str | None) -> tuple[str, ...]:
    """Names that are stored in one column, separated by commas."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def label_of(record: Any) -> Label:
    """A name in both languages."""
    return Label({"id": record.label_id, "en": record.label_en})
