"""Speakers who are asked to come: invited, confirmed or declined, and in the end they spoke.

Whether somebody spoke is told by his appearance at the session; an invitation leads to it. It is
under no lock, for letters go to and fro while the programme is being settled.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from panel.changelog.records import Logged, plain
from panel.columns import one_of
from panel.words import Sentence, say

from .base import Base, InRegion, Keyed, Versioned, inside
from .speaking import SPEAKER_ROLES, Speaker
from .training import TrainingSession

STAGES = ("invited", "confirmed", "declined", "spoke")
#: What may become of an invitation.
NEXT: Mapping[str, tuple[str, ...]] = {
    "invited": ("confirmed", "declined", "spoke"),
    "confirmed": ("spoke", "declined"),
    "declined": ("confirmed",),
    "spoke": (),
}


class SpeakerInvitation(Keyed, InRegion, Versioned, Logged, Base):
    """That a speaker was asked to come to a session, and what became of it."""

    __tablename__ = "speaker_invitation"
    __table_args__ = (
        inside("training_session_id", "training_session"),
        inside("speaker_id", "speaker"),
        sa.UniqueConstraint("training_session_id", "speaker_id", "role"),
        sa.CheckConstraint("answered_on >= asked_on", name="answered_after_asked"),
        sa.Index("ix_speaker_invitation_speaker", "speaker_id"),
    )

    #: The session.
    training_session_id: Mapped[int] = plain(nullable=False)
    #: Whom the office asks.
    speaker_id: Mapped[int] = plain(nullable=False)
    #: What the person is asked to do there.
    role: Mapped[str] = plain(one_of("role", SPEAKER_ROLES), nullable=False, default="speaker")
    #: What the person is asked to speak about.
    topic: Mapped[str | None] = plain()
    #: Number of the letter that asks.
    letter_no: Mapped[str | None] = plain()
    #: Day of the letter.
    asked_on: Mapped[date | None] = plain()
    #: How far it has come.
    stage: Mapped[str] = plain(one_of("stage", STAGES), nullable=False, default="invited")
    #: Day of the answer.
    answered_on: Mapped[date | None] = plain()
    #: The answer: number of the letter, or by whom and how it was told.
    answer: Mapped[str | None] = plain()

    session: Mapped[TrainingSession] = relationship(foreign_keys=[training_session_id])
    speaker: Mapped[Speaker] = relationship(foreign_keys=[speaker_id])

    def __str__(self) -> str:
        return str(self.speaker)


def objection(
    stage: str, step: str, held_on: date | None, called_off: bool, day: date
) -> Sentence | None:
    """Why an invitation at `stage` does not become `step` on `day`, or None: it may.

    A session without a date hinders nothing: that somebody spoke there is then known from papers.
    """
    if step not in NEXT.get(stage, ()):
        return say("The invitation has moved on meanwhile, or that step does not exist.")
    if called_off:
        return say("The session was cancelled.")
    if step == "spoke" and held_on is not None and held_on > day:
        return say("The session lies ahead: that somebody spoke is recorded from its day on.")
    return None
