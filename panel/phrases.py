"""Words and phrases that mean the same, and how a search is read with them. Pure.

"kepala kelurahan" is one thing to look for, in its own words or as "lurah".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .spelling import folded

#: A phrase, word by word in folded spelling, and the other phrases that stand for it.
Synonyms = Mapping[tuple[str, ...], tuple[str, ...]]

#: Other phrases that one is looked for by.
MOST = 8


@dataclass(frozen=True)
class Term:
    """One thing to look for: all of its words, or all words of one of the other phrases."""

    words: tuple[str, ...]
    others: tuple[tuple[str, ...], ...] = ()


def key_of(words: Iterable[str]) -> tuple[str, ...]:
    """A phrase as it is known, whatever its spelling."""
    return tuple(folded(word) for word in words)


def grouped(groups: Iterable[Iterable[str]]) -> Synonyms:
    """Each phrase of each group with the others of it; a phrase may stand in several groups."""
    known: dict[tuple[str, ...], dict[str, None]] = {}
    for group in groups:
        phrases = [phrase for text in group if (phrase := " ".join(text.split()))]
        for phrase in phrases:
            key = key_of(phrase.split())
            others = known.setdefault(key, {})
            others.update((other, None) for other in phrases if key_of(other.split()) != key)
    return {key: tuple(others)[:MOST] for key, others in known.items() if others}


def terms(words: Sequence[str], synonyms: Synonyms) -> list[Term]:
    """The words of a search as terms, the longest known phrase first; none stands twice."""
    longest = max((len(key) for key in synonyms), default=1)
    found: dict[Term, None] = {}
    at = 0
    while at < len(words):
        for size in range(min(longest, len(words) - at), 0, -1):
            phrase = tuple(words[at : at + size])
            others = synonyms.get(key_of(phrase), ())
            if others or size == 1:
                break
        found[Term(phrase, tuple(tuple(other.split()) for other in others))] = None
        at += len(phrase)
    return list(found)
