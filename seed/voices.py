"""Who spoke at a session, what was said, and which news told of it.

What was said stands here in the words of this project, never in those of an article.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from models.people import Official
from models.programme import IntegrityValue, Organisation
from models.speaking import KeyMessage, NewsSource, SessionSpeaker, Speaker, SpeakerAlias
from models.training import TrainingSession

from .rows import picked, plant

#: Said of every message: it is retold.
RETOLD = "parafrase"
#: Where other spellings of a speaker's name were met.
ELSEWHERE = "media lain"


def add_voices(session: Session, main: TrainingSession, story: dict[str, Any]) -> None:
    """Speakers, their messages, and the news where its headline is known."""
    speakers = add_speakers(session, main, story["speaker"])
    add_messages(session, main, speakers, story["message"])
    if "news" in story:
        tags = ", ".join(story["news"]["tags"])
        session.add(NewsSource(title=story["news"]["title"], tags=tags or None, **of(main)))


def of(main: TrainingSession) -> dict[str, int]:
    """Keys of a record that belongs to the session."""
    return {"region_id": main.region_id, "training_session_id": main.id}


def add_speakers(
    session: Session, main: TrainingSession, told: list[dict[str, Any]]
) -> dict[str, Speaker]:
    """Who spoke, with the position that was stated then; some are officials of the region."""
    bodies = plant(session, Organisation, "name", [])
    officials = plant(session, Official, "full_name", [], Official.region_id == main.region_id)
    speakers = {}
    for one in told:
        official = officials.get(one["name"])
        speaker = Speaker(
            region_id=main.region_id,
            full_name=one["name"],
            organisation=bodies[one["organisation"]],
            official_id=official.id if official else None,
            aliases=[SpeakerAlias(name=name, source=ELSEWHERE) for name in one.get("aliases", ())],
        )
        session.add(speaker)
        session.flush()
        speakers[speaker.full_name] = speaker
        appearance = SessionSpeaker(
            speaker_id=speaker.id,
            role=one.get("role", "speaker"),
            stated_position=one["stated_position"],
            stated_institution=one["organisation"],
            **of(main),
        )
        session.add(appearance)
    return speakers


def add_messages(
    session: Session,
    main: TrainingSession,
    speakers: dict[str, Speaker],
    told: list[dict[str, Any]],
) -> None:
    """What was said, in the words of this project."""
    session.add_all(
        KeyMessage(
            speaker_id=speakers[one["speaker"]].id,
            kind=one["kind"],
            text=one["text"],
            note=RETOLD,
            values=picked(session, IntegrityValue, one["values"]),
            **of(main),
        )
        for one in told
    )
