"""Where a text names what the office knows: case, "&", words in brackets and plurals do not matter.

Pure. The longest name wins a place: "Wakil Wali Kota" is not a "Wali Kota".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Span = tuple[int, int]

_AND = frozenset({"&", "and", "dan"})
_BETWEEN = r"(?:\s*\([^()]{1,40}\)\s*|[\s-]*)"
_MANY = r"(?:(?:seluruh|semua|para|segenap|setiap)\s+)*"


@dataclass(frozen=True)
class Hit:
    """One mention: of what, in which sentence, from where to where."""

    named: Any
    sentence: int
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Where it stands in the sentence."""
        return self.start, self.end


@lru_cache(maxsize=4096)
def spelled(name: str) -> re.Pattern[str]:
    """The ways in which a text spells `name`."""
    words = [
        r"(?:&|and|dan)" if word.casefold() in _AND else re.escape(word)
        for word in re.split(r"[\s,]+", name.strip())
        if word
    ]
    body = _BETWEEN.join(words)
    return re.compile(rf"(?<![\w-]){_MANY}{body}(?:-{body})?(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=512)
def inflected(name: str) -> re.Pattern[str]:
    """The ways in which a text speaks of a value: "jujur", "kejujuran", "bertanggung jawab"."""
    body = r"\s+".join(re.escape(word) for word in name.split())
    return re.compile(rf"\b(?:ke|ber)?{body}(?:an|nya)?\b", re.IGNORECASE)


def mentions(
    sentences: Sequence[str],
    known: Iterable[Any],
    *,
    spell: Callable[[str], re.Pattern[str]] = spelled,
    taken: Callable[[int, Span], bool] = lambda _sentence, _span: False,
) -> list[Hit]:
    """Every mention of what is `known`, longest names first; places that are `taken` are not."""
    folded = " ".join(sentences).casefold()
    names = [(name, one) for one in known for name in one.names if _may_stand(name, folded)]
    found: list[Hit] = []
    for name, one in sorted(names, key=lambda pair: -len(pair[0])):
        pattern = spell(name)
        for number, sentence in enumerate(sentences):
            for match in pattern.finditer(sentence):
                hit = Hit(one, number, *match.span())
                if not taken(number, hit.span) and not any(
                    other.sentence == number and overlap(other.span, hit.span) for other in found
                ):
                    found.append(hit)
    return sorted(found, key=lambda hit: (hit.sentence, hit.start))


def overlap(one: Span, other: Span) -> bool:
    """Whether two places in a text share a letter."""
    return one[0] < other[1] and other[0] < one[1]


def within(sentence: str, name: str, most: int = 3) -> Span | None:
    """Where all words of a name stand close together in any order, with few others between."""
    wanted = {word for word in _words(name) if word not in _AND}
    if len(wanted) < 2:
        return None
    places = [(m.start(), m.end(), m[0].casefold()) for m in re.finditer(r"\w+", sentence)]
    width = len(wanted) + most
    for at, (start, _end, word) in enumerate(places):
        window = places[at : at + width]
        if word in wanted and wanted <= {one[2] for one in window}:
            missing, end = set(wanted), start
            for _from, to, other in window:
                missing.discard(other)
                end = to
                if not missing:
                    return start, end
    return None


def _may_stand(name: str, folded: str) -> bool:
    """Whether a name can stand in the text at all, before a pattern is made of it."""
    words = _words(name)
    return bool(words) and all(word in folded for word in words if word not in _AND)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in re.findall(r"\w+", text)]
