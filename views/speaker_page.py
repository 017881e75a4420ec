"""The page of one speaker: spellings, what was stated on each day, messages, materials, doubts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from models.alike import Likeness, likely_same
from models.base import db
from models.bookings import clashes
from models.papers import SessionPaper
from models.people import Appointment
from models.speaker_invitations import SpeakerInvitation
from models.speaking import KeyMessage, SessionSpeaker, Speaker
from models.training import TrainingSession
from panel.screens.acting import may, the_actor
from panel.screens.base import RecordView
from panel.screens.querying import scoped
from panel.spelling import folded
from panel.words import Sentence, say

from .data_subjects import offered
from .labels import MESSAGE_KINDS, PAPER_KINDS, SPEAKER_ROLES
from .rounds import is_cancelled, when
from .rows import current_posts, mark_of, record_link
from .session_page import add_url, tags
from .speaker_invitations import stage_mark, steps_of
from .uploads import file_link

#: Kinds of record that one adds from a speaker's page.
ADDED = (SpeakerInvitation, SessionSpeaker, KeyMessage, SessionPaper)


@dataclass(frozen=True)
class Appearance:
    """A session at which the person spoke, and the posts held on its day where that differs."""

    row: SessionSpeaker
    posts: list[Appointment]


@dataclass(frozen=True)
class Side:
    """One of the speakers that are compared: name, spellings, and where the person spoke."""

    speaker: Speaker
    appearances: list[SessionSpeaker]


class SpeakerPage(RecordView):
    """The details page of speakers, for their screen, and what is doubtful about them."""

    details_template = "speaker.html"

    def details_page(self, record: Speaker, **more: Any) -> Any:
        """The facts with everything in scope that the person said and handed in."""
        alike = likely_same(db.session(), the_actor(), record)
        compared = appearances_of([record, *(one.other for one in alike)])
        own = compared.get(record.id, [])
        context = {
            "alike": alike,
            "data_pages": offered(Speaker),
            "sides": [
                Side(one, compared.get(one.id, []))
                for one in (record, *(one.other for one in alike))
            ],
            "clashes": clashes(row.session for row in own if not is_cancelled(row.session)),
            "appearances": [Appearance(row, posts) for row, posts in stated(record, own)],
            "invitations": of_speaker(SpeakerInvitation, record),
            "messages": of_speaker(KeyMessage, record, selectinload(KeyMessage.values)),
            "papers": of_speaker(SessionPaper, record, joinedload(SessionPaper.file)),
            "told": [one for one in self._details_columns if one[0] != "aliases"],
            "adding": {kind.__tablename__: add_url(kind, speaker=record) for kind in ADDED},
            "roles": SPEAKER_ROLES,
            "kinds": MESSAGE_KINDS,
            "paper_kinds": PAPER_KINDS,
            **{one.__name__: one for one in CELLS},
        }
        return super().details_page(record, **{**context, **more})

    def doubts(self, record: Speaker) -> Iterable[tuple[str, Sentence]]:
        """Speakers who are likely the same person; it stays until one of them is renamed."""
        for one in likely_same(db.session(), the_actor(), record):
            yield "full_name", likeness_sentence(one)


def likeness_sentence(one: Likeness) -> Sentence:
    """Which two spellings are alike."""
    if one.theirs == one.other.full_name:
        return say("“%(own)s” is written much like “%(other)s”.", own=one.own, other=one.theirs)
    return say(
        "“%(own)s” is written much like “%(theirs)s”, a spelling of “%(other)s”.",
        own=one.own,
        theirs=one.theirs,
        other=one.other.full_name,
    )


def appearances_of(speakers: Iterable[Speaker]) -> dict[int, list[SessionSpeaker]]:
    """Where these speakers appeared, by speaker; the latest first, unknown days last."""
    if not may("read", SessionSpeaker):
        return {}
    keys = [one.id for one in speakers]
    found = db.session.scalars(
        scoped(SessionSpeaker)
        .join(SessionSpeaker.session)
        .where(SessionSpeaker.speaker_id.in_(keys))
        .options(joinedload(SessionSpeaker.session))
        .order_by(TrainingSession.held_on.desc().nulls_last(), SessionSpeaker.id)
    )
    by_speaker: dict[int, list[SessionSpeaker]] = {}
    for row in found:
        by_speaker.setdefault(row.speaker_id, []).append(row)
    return by_speaker


def of_speaker(entity: Any, speaker: Speaker, *options: Any) -> list[Any] | None:
    """The records of a kind that are the speaker's; None for who does not read them."""
    if not may("read", entity):
        return None
    rows = scoped(entity).where(entity.speaker_id == speaker.id).order_by(entity.id)
    return list(db.session.scalars(rows.options(joinedload(entity.session), *options)).unique())


def stated(
    speaker: Speaker, rows: list[SessionSpeaker]
) -> list[tuple[SessionSpeaker, list[Appointment]]]:
    """Each appearance with the posts of that day, where the roster has another than was stated."""
    if speaker.official_id is None or not may("read", Appointment):
        return [(row, []) for row in rows]
    own = scoped(Appointment).where(Appointment.official_id == speaker.official_id)
    appointments = db.session.scalars(own.options(joinedload(Appointment.position))).all()
    return [(row, differing(row, appointments)) for row in rows]


def differing(row: SessionSpeaker, appointments: Iterable[Appointment]) -> list[Appointment]:
    """The posts held on the day of an appearance, unless one of them is what was stated."""
    day = row.session.held_on
    if day is None:
        return []
    held = current_posts(appointments, day)
    said = folded(row.stated_position or "")
    return [] if any(folded(one.position.name) == said for one in held) else held


def session_of(one: KeyMessage | SessionPaper) -> TrainingSession:
    """Where it was said or handed in."""
    return one.session


#: What the template shows of a row, each by its name.
CELLS = (
    file_link,
    likeness_sentence,
    mark_of,
    record_link,
    session_of,
    stage_mark,
    steps_of,
    tags,
    when,
)
