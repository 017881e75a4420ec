"""Speakers who are announced at two sessions of one day: a question to ask, not an error.

A day that is known only in part clashes with nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.access.rules import Actor
from panel.words import Sentence, say

from .called_off import stands
from .queries import in_scope
from .speaking import SessionSpeaker
from .training import TrainingSession


@dataclass(frozen=True)
class Clash:
    """Two sessions of one day that overlap, or whose times do not tell."""

    one: TrainingSession
    other: TrainingSession

    @property
    def untimed(self) -> list[TrainingSession]:
        """Those of the two whose beginning or end is not known."""
        return [each for each in (self.one, self.other) if not (each.starts_at and each.ends_at)]

    @property
    def sentence(self) -> Sentence:
        """Which sessions, and why they clash."""
        names = {"day": self.one.held_on, "one": self.one.name, "other": self.other.name}
        if not self.untimed:
            return say(
                "Two sessions overlap on %(day)s: “%(one)s” and “%(other)s”.",
                **names,
            )
        if len(self.untimed) == 1:
            return say(
                "Two sessions on %(day)s: “%(one)s” and “%(other)s”. "
                "The times of “%(which)s” are not known, so they may overlap.",
                which=self.untimed[0].name,
                **names,
            )
        return say(
            "Two sessions on %(day)s: “%(one)s” and “%(other)s”. "
            "Their times are not known, so they may overlap.",
            **names,
        )


def clash(one: TrainingSession, other: TrainingSession) -> Clash | None:
    """Whether nobody can be sure to speak at both: same day, and not known to be apart."""
    days = {(each.held_on, each.date_precision) for each in (one, other)}
    if one is other or days != {(one.held_on, "day")}:
        return None
    return None if before(one, other) or before(other, one) else Clash(one, other)


def before(one: TrainingSession, other: TrainingSession) -> bool:
    """Whether `one` is known to end before `other` begins."""
    ends, begins = one.ends_at, other.starts_at
    return ends is not None and begins is not None and ends <= begins


def clashes(sessions: Iterable[TrainingSession]) -> list[Clash]:
    """Every two of these sessions that clash, in their order."""
    different = list(dict.fromkeys(sessions))
    pairs = (clash(one, other) for one, other in combinations(different, 2))
    return [found for found in pairs if found is not None]


def clashes_of(session: Session, actor: Actor, appearance: SessionSpeaker) -> list[Clash]:
    """What an appearance clashes with among the speaker's other sessions in scope."""
    held = appearance.session
    if held is None or appearance.speaker is None or held.date_precision != "day":
        return []
    with session.no_autoflush:
        others = session.scalars(
            in_scope(sa.select(TrainingSession), TrainingSession, actor)
            .join(SessionSpeaker, SessionSpeaker.training_session_id == TrainingSession.id)
            .where(
                SessionSpeaker.speaker_id == appearance.speaker.id,
                TrainingSession.held_on == held.held_on,
                TrainingSession.id != held.id,
                stands(),
            )
            .order_by(TrainingSession.starts_at, TrainingSession.id)
        ).unique()
        return [found for other in others if (found := clash(held, other)) is not None]
