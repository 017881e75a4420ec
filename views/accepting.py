"""Taking over what an article says into its session: one ticked proposal, one change.

In the caller's transaction and deed; the rules of the session's own form are asked afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from models.articles import Proposal
from models.base import db
from models.government import Tier
from models.people import Official
from models.programme import IntegrityValue, Organisation, RiskTag, Venue
from models.speaking import SessionSpeaker, Speaker
from models.training import (
    ROLES_OF_ORGANISATIONS,
    SessionOrganisation,
    SessionTier,
    TrainingSession,
)
from panel.screens.values import screen_of
from panel.typed import LINE
from panel.words import Refused, say

from .labels import SPEAKER_ROLES

#: Fields that hold one value: of several proposals for them one is ticked.
SINGLE = {
    "held": say("Two dates are ticked. Tick the one that is right."),
    "venue": say("Two venues are ticked. Tick the one that is right."),
}


def accept(
    training: TrainingSession, ticked: Sequence[Proposal], roles: Mapping[str, str], source: str
) -> None:
    """Apply the ticked proposals; `roles` are those chosen per proposal, `source` the headline."""
    counted = Counter(one.field for one in ticked)
    for field, sentence in SINGLE.items():
        if counted[field] > 1:
            raise Refused("field", sentence)
    for one in ticked:
        _APPLIED[one.field](training, one, roles.get(one.key, ""), source)
    screen_of(TrainingSession).before_save(training, False)


def _held(training: TrainingSession, one: Proposal, _role: str, source: str) -> None:
    training.held = one.value
    training.date_source = f"{source}: “{one.words}”"[:LINE]


def _venue(training: TrainingSession, one: Proposal, _role: str, _source: str) -> None:
    training.venue = db.session.get_one(Venue, one.value)


def _tier(training: TrainingSession, one: Proposal, _role: str, _source: str) -> None:
    training.tiers.append(SessionTier(tier=db.session.get_one(Tier, one.value)))


def _spouses(training: TrainingSession, one: Proposal, _role: str, _source: str) -> None:
    training.includes_spouses = one.value


def _organisation(training: TrainingSession, one: Proposal, role: str, _source: str) -> None:
    body = db.session.get_one(Organisation, one.value)
    chosen = role if role in ROLES_OF_ORGANISATIONS else ROLES_OF_ORGANISATIONS[0]
    training.organisers.append(SessionOrganisation(organisation=body, role=chosen))


def _speaker(training: TrainingSession, one: Proposal, role: str, _source: str) -> None:
    appearance = SessionSpeaker(
        region_id=training.region_id,
        session=training,
        speaker=_person(training, one.value),
        role=role if role in SPEAKER_ROLES else "speaker",
        stated_position=one.position[:LINE] or None,
        stated_institution=one.institution[:LINE] or None,
    )
    db.session.add(appearance)
    screen_of(SessionSpeaker).before_save(appearance, True)


def _person(training: TrainingSession, key: str) -> Speaker:
    """The speaker meant; an official who has not spoken before becomes one."""
    number = int(key[1:])
    if key.startswith("s"):
        return db.session.get_one(Speaker, number)
    official = db.session.get_one(Official, number)
    speaker = Speaker(region_id=training.region_id, full_name=official.full_name, official=official)
    db.session.add(speaker)
    return speaker


def _value(training: TrainingSession, one: Proposal, _role: str, _source: str) -> None:
    training.values.append(db.session.get_one(IntegrityValue, one.value))


def _risk(training: TrainingSession, one: Proposal, _role: str, _source: str) -> None:
    training.risks.append(db.session.get_one(RiskTag, one.value))


_APPLIED: dict[str, Any] = {
    "held": _held,
    "venue": _venue,
    "tiers": _tier,
    "includes_spouses": _spouses,
    "organisers": _organisation,
    "speakers": _speaker,
    "values": _value,
    "risks": _risk,
}
