"""Speakers who are likely one person under two spellings: Qilda, Qolda, Fatihah, Fathiya.

A likeness is a question to a clerk, never an answer: nothing is merged here.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from rapidfuzz.fuzz import ratio
from sqlalchemy.orm import Session, joinedload, selectinload

from panel.access.rules import Actor
from panel.spelling import folded
from panel.typed import Wrong

from .identifiers.names import person_name
from .queries import in_scope
from .speaking import Speaker

#: How near two words of a name must be, 0 to 100: one letter in five may be another.
NEAR = 80
#: Letters that a folded word needs to tell people apart; initials have fewer.
ENOUGH = 3


@dataclass(frozen=True)
class Likeness:
    """Another speaker, and the two spellings that are alike."""

    other: Speaker
    own: str
    theirs: str


def alike(one: str, other: str) -> bool:
    """Whether two names may be spellings of one: each word has its like, and one is the same."""
    return words_alike(name_words(one), name_words(other))


def words_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """As `alike`, for the words of two names as `name_words` gives them."""
    words, others = sorted((list(one), list(other)), key=len)
    if not words or (len(words) == 1 < len(others)):
        return False
    same = 0
    for word in words:
        found = max(others, key=lambda its: ratio(word, its), default="")
        if ratio(word, found) < NEAR:
            return False
        others = [its for its in others if its is not found]
        same += word == found
    return same > 0 or len(words) == 1


def name_words(name: str) -> list[str]:
    """The words of a name in the one spelling that stands for all, without titles and initials."""
    with contextlib.suppress(Wrong):
        name = person_name(name).value.name
    return folded_words(name)


def folded_words(name: str) -> list[str]:
    """The words of a name that has no titles, in the one spelling that stands for all."""
    words = (folded(word) for word in re.split(r"[^\w'’`]+", name))
    return [word for word in words if len(word) >= ENOUGH]


def spellings(speaker: Speaker) -> list[str]:
    """The name of a speaker and the other spellings recorded for it."""
    return [speaker.full_name, *(alias.name for alias in speaker.aliases)]


def likeness(speaker: Speaker, other: Speaker) -> Likeness | None:
    """The first two spellings of these speakers that are alike, or None."""
    for own in spellings(speaker):
        for theirs in spellings(other):
            if alike(own, theirs):
                return Likeness(other, own, theirs)
    return None


def likely_same(session: Session, actor: Actor, speaker: Speaker) -> list[Likeness]:
    """The speakers of the same region in scope who may be this one, by name; two statements."""
    with session.no_autoflush:
        others: Iterable[Speaker] = session.scalars(
            in_scope(sa.select(Speaker), Speaker, actor)
            .where(Speaker.region_id == speaker.region_id)
            .options(
                selectinload(Speaker.aliases),
                joinedload(Speaker.organisation),
                joinedload(Speaker.official),
            )
            .order_by(Speaker.full_name, Speaker.id)
        ).all()
    found = (likeness(speaker, other) for other in others if other is not speaker)
    return [one for one in found if one is not None]
