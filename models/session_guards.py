"""What a training session must have before a step: each guard answers with a sentence, or None.

Pure: a guard looks at the session and at the day, and nothing else. A date may be half known; what
lies behind us needs no day to be called held.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Protocol, cast

from panel.words import Sentence, say
from panel.workflow.definition import Guard

from .clock import today


class Meeting(Protocol):
    """What the guards read of a session."""

    held_on: date | None
    date_precision: str
    venue_id: int | None

    @property
    def tiers(self) -> Collection[object]: ...
    @property
    def agenda(self) -> Collection[object]: ...
    @property
    def messages(self) -> Collection[object]: ...
    @property
    def left_traces(self) -> bool: ...
    @property
    def unsigned_lists(self) -> int: ...


def has_day(meeting: Meeting) -> Sentence | None:
    """What is announced has a day, not only a month or a year."""
    if meeting.date_precision == "day":
        return None
    if meeting.held_on is None:
        return say("Fill in the date first: the day on which the session is held.")
    return say("Only a part of the date is known. Fill in the day first.")


def has_venue(meeting: Meeting) -> Sentence | None:
    """What is announced has a place."""
    return None if meeting.venue_id is not None else say("Fill in the venue first.")


def has_tiers(meeting: Meeting) -> Sentence | None:
    """A session says for which tiers it is."""
    return None if meeting.tiers else say("Name the tiers first that the session is meant for.")


def has_begun(meeting: Meeting) -> Sentence | None:
    """What is called held does not lie ahead; without a date there are traces of it."""
    if meeting.held_on is None:
        if meeting.left_traces:
            return None
        return say("Fill in the date first; if the day is not known, the year is enough.")
    if meeting.held_on > today():
        return say("The session lies ahead, on %(day)s.", day=meeting.held_on)
    return None


def lists_signed(meeting: Meeting) -> Sentence | None:
    """A report rests on signed attendance lists."""
    count = meeting.unsigned_lists
    if not count:
        return None
    return say("Let the attendance lists be signed first; not signed: %(count)s.", count=count)


def has_content(meeting: Meeting) -> Sentence | None:
    """A report says what happened, or what was said."""
    if meeting.agenda or meeting.messages:
        return None
    return say("Fill in the agenda first, or a key message.")


def _of_session(check: Callable[[Meeting], Sentence | None], field: str | None) -> Guard:
    return Guard(cast(Callable[[object], Sentence | None], check), field)


#: By the names that process files use, with the field where each is mended.
SESSION_GUARDS: Mapping[str, Guard] = {
    "has_day": _of_session(has_day, "held"),
    "has_venue": _of_session(has_venue, "venue"),
    "has_tiers": _of_session(has_tiers, "tiers"),
    "has_begun": _of_session(has_begun, "held"),
    "lists_signed": _of_session(lists_signed, None),
    "has_content": _of_session(has_content, "agenda"),
}
