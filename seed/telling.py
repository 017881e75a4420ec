"""A city's story as its article tells it: the programme and its sessions.

Everything comes from `seed/data/story_<city>.toml`. What the file leaves out stays empty.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.government import Region, Tier, Unit
from models.programme import IntegrityValue, Organisation, Programme, RiskTag, Venue
from models.training import AgendaItem, SessionOrganisation, SessionTier, TrainingSession

from .rows import picked, plant
from .voices import add_voices, of

#: Columns of the session that the story file names as they are.
TOLD = (
    "name",
    "held_on",
    "date_precision",
    "date_source",
    "theme",
    "objectives",
    "background",
    "note",
    "includes_spouses",
    "tiers_complete",
)


def tell(session: Session, region: Region, story: dict[str, Any]) -> TrainingSession:
    """The programme with its earlier sessions and the one that the article is about."""
    tiers = plant(session, Tier, "code", [])
    programme = plant_programme(session, region, story["programme"], tiers)
    previous = None
    earlier = story.get("earlier", {"tiers": ()})
    for tier in (tiers[code] for code in earlier["tiers"]):
        previous = add_session(
            session,
            programme,
            previous,
            name=f"{programme.name} bagi {tier.label_id}",
            date_precision="unknown",
            date_source=earlier["date_source"],
            tiers=[SessionTier(tier=tier)],
        )
        add_agenda(session, previous, [programme.name])
    told = story["session"]
    main = add_session(
        session,
        programme,
        previous,
        **{key: told[key] for key in TOLD if key in told},
        venue_id=plant_venue(session, region, told.get("venue")),
        tiers=[SessionTier(tier=tiers[code]) for code in told["tiers"]],
        values=picked(session, IntegrityValue, told.get("values", ())),
        risks=picked(session, RiskTag, told.get("risks", ())),
    )
    add_organisers(session, main, told["organisations"])
    add_agenda(session, main, told["agenda"])
    add_voices(session, main, story)
    session.flush()
    return main


def plant_programme(
    session: Session, region: Region, told: dict[str, Any], tiers: dict[str, Tier]
) -> Programme:
    """The programme of the region, once."""
    owner = session.scalar(
        sa.select(Unit).where(Unit.region_id == region.id, Unit.name == told.get("owner"))
    )
    row = {
        "region_id": region.id,
        "name": told["name"],
        "category": told["category"],
        "strategy": told.get("strategy"),
        "owner_unit_id": owner.id if owner else None,
        "focus_tier_id": tiers[told["focus_tier"]].id if "focus_tier" in told else None,
        "long_term_goal": told.get("long_term_goal"),
        "outcomes": told.get("outcomes"),
        "description": told.get("description"),
    }
    return plant(session, Programme, "name", [row], Programme.region_id == region.id)[told["name"]]


def plant_venue(session: Session, region: Region, told: dict[str, str] | None) -> int | None:
    """The number of the venue, or None where none is stated."""
    if told is None:
        return None
    row = {"region_id": region.id, **told}
    return plant(session, Venue, "name", [row], Venue.region_id == region.id)[told["name"]].id


def add_session(
    session: Session, programme: Programme, previous: TrainingSession | None, **facts: Any
) -> TrainingSession:
    """One session of the programme."""
    added = TrainingSession(
        region_id=programme.region_id,
        programme_id=programme.id,
        previous_id=previous.id if previous else None,
        **facts,
    )
    session.add(added)
    session.flush()
    return added


def add_organisers(session: Session, main: TrainingSession, told: list[dict[str, str]]) -> None:
    """Who holds the session, each with its role."""
    bodies = plant(session, Organisation, "name", [])
    main.organisers = [
        SessionOrganisation(organisation=bodies[one["name"]], role=one["role"]) for one in told
    ]


def add_agenda(session: Session, main: TrainingSession, titles: list[str]) -> None:
    """The parts of the session, all of which take attendance; their hours are not known."""
    session.add_all(
        AgendaItem(number=number, title=title, takes_attendance=True, **of(main))
        for number, title in enumerate(titles, 1)
    )
