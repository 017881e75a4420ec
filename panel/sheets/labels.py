"""How well the name of a column says one of the names that a field goes by. Pure.

Words count, not their order: under "Pasangan" stands "Nama", and the field is called "nama
pasangan". Spelling is forgiven twice: as it varies (`panel.spelling`) and as fingers slip.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extract_iter

from ..spelling import folded

#: From here a column is understood; below it is a guess, and below `GUESS` not even that.
SURE: Final = 0.9
GUESS: Final = 0.3
#: What the lowest of several rows says on its own counts for so much, and when the rows above
#: it speak of something that is named elsewhere.
ALONE: Final = 0.95
AMONG: Final = 0.85
#: A slip of the finger costs so much; from this likeness on, in percent, it is one.
SLIP: Final = 0.05
ALIKE: Final = 80
#: Words of so few letters are other words when one letter is changed.
SHORT: Final = 4
#: Longer texts name no column.
LONGEST: Final = 80

_WORD: Final = re.compile(r"[^\W_]+")
_ASIDE: Final = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_PARTS: Final = re.compile(r"[/,&\n]|\bdan\b|\band\b", re.IGNORECASE)
_EMPTY_WORDS: Final = frozenset(
    ["dan", "yang", "atau", "untuk", "dari", "of", "the", "and", "or", "for"]
)

Words = frozenset[str]


class Names:
    """The names that the fields go by, made ready; what was asked once is remembered."""

    def __init__(self, synonyms: Mapping[str, Sequence[str]]) -> None:
        self._named = {
            field: [words for words in map(_named, names) if words]
            for field, names in synonyms.items()
        }
        self._vocabulary = {
            word for names in self._named.values() for name in names for word in name
        }
        self._long = [word for word in self._vocabulary if len(word) > SHORT]
        self._heard: dict[str, dict[str, float]] = {}
        self._known: dict[str, dict[str, float]] = {}

    def speaks(self, text: str) -> bool:
        """Whether any word of a cell is one of those that name columns."""
        return 0 < len(text) <= LONGEST and any(self._hear(word) for word in words_of(text))

    def meant(self, lines: Sequence[str]) -> dict[str, float]:
        """The fields that a column may be, from 0 to 1; `lines` are its names from the top down."""
        label = " ".join(lines)
        if label not in self._known:
            fields = self._whole(label)
            if len(lines) > 1:
                # a group that names other things may make this another thing: a spouse's phone
                alone = AMONG if any(map(self.speaks, lines[:-1])) else ALONE
                for field, score in self._whole(lines[-1]).items():
                    fields[field] = max(fields.get(field, 0), score * alone)
            self._known[label] = fields
        return self._known[label]

    def together(self, lines: Sequence[str]) -> list[str]:
        """The fields of a column that holds several: "Nama/NIP"; empty when it holds one."""
        parts = self._parts(" ".join(lines))
        fields = [self._surely(part) for part in parts]
        return [field for field in fields if field] if all(fields) and len({*fields}) > 1 else []

    def _whole(self, label: str) -> dict[str, float]:
        """What a name means as a whole; of "Pangkat/Gol." each part may say it."""
        fields = self._said(label)
        parts = self._parts(label)
        surely = {part: self._surely(part) for part in parts}
        sure = {field for field in surely.values() if field}
        unsaid = all(field or not self._said(part) for part, field in surely.items())
        if len(parts) > 1 and len(sure) == 1 and unsaid:
            fields[sure.pop()] = 1 - SLIP
        return fields

    def _surely(self, part: str) -> str | None:
        return next((field for field, score in self._said(part).items() if score >= 1), None)

    def _parts(self, label: str) -> list[str]:
        return [part for part in _PARTS.split(label) if part.strip()]

    def _said(self, label: str) -> dict[str, float]:
        if not label or len(label) > LONGEST:
            return {}
        scores: dict[str, float] = {}
        for said in {words_of(label), words_of(_ASIDE.sub(" ", label))}:
            heard = {word: cost for one in said for word, cost in self._hear(one).items()}
            for field, names in self._named.items() if heard else ():
                for name in names:
                    if name <= heard.keys():
                        score = len(name) / len(said) - sum(heard[word] for word in name)
                        scores[field] = max(scores.get(field, GUESS), score)
        return {field: score for field, score in scores.items() if score > GUESS}

    def _hear(self, said: str) -> dict[str, float]:
        """The words of names that a word stands for, and what that costs."""
        if said not in self._heard:
            self._heard[said] = (
                {said: 0} if said in self._vocabulary else dict.fromkeys(self._alike(said), SLIP)
            )
        return self._heard[said]

    def _alike(self, said: str) -> list[str]:
        """The words of names that somebody meant whose finger slipped."""
        if len(said) <= SHORT:
            return []
        alike = extract_iter(said, self._long, scorer=ratio, score_cutoff=ALIKE)
        return [word for word, _, _ in alike]


def words_of(text: str) -> Words:
    """The words of a name in the one spelling that stands for all; very short ones as they are."""
    words = [word.casefold() for word in _WORD.findall(text)]
    if len(words) > 2 and all(len(word) == 1 for word in words):
        words = ["".join(words)]  # N I P
    return frozenset(_spelled(word) for word in words if word not in _EMPTY_WORDS)


@lru_cache(maxsize=1024)
def _named(name: str) -> Words:
    """The words of a name that a field goes by, which are the same for every list."""
    return words_of(name)


def _spelled(word: str) -> str:
    short = word if word.isdigit() else folded(word)
    return short if len(short) > 2 else word
