"""Clues in single sentences: whom they are about, spouses, halls, dangers in other words.

Pure.
"""

from __future__ import annotations

import re

from .matching import Span, spelled

_EARLIER = re.compile(r"\b(?:sebelumnya|terdahulu|kelanjutan|yang lalu|telah lebih dulu)\b", re.I)
_AUDIENCE = re.compile(
    r"\b(?:menyasar|sasaran|diikuti|dihadiri|peserta|mengikuti|difokuskan|dikhususkan|mengundang|"
    r"ditujukan|diperuntukkan|bagi)\b",
    re.IGNORECASE,
)
_COUPLE = r"(?:(?:para|masing-masing|seluruh)\s+)*(?:pasangan|suami|isteri|istri)(?:nya)?\b"
_WITH_SPOUSES = re.compile(
    rf"\b(?:beserta|bersama|didampingi|mengajak|membawa|berikut)\s+(?:(?:dengan|oleh)\s+)?{_COUPLE}"
    r"(?:\s+(?:mereka|masing-masing))?",
    re.IGNORECASE,
)
_AND_SPOUSES = re.compile(rf"\b(?:dan|serta|dengan)\s+{_COUPLE}(?:\s+mereka)?", re.IGNORECASE)
_WITHOUT_SPOUSES = re.compile(rf"\b(?:tanpa|tidak (?:disertai|didampingi))\s+{_COUPLE}", re.I)
_NEW_VENUE = re.compile(
    r"\bdi\s+((?:[A-Z][\w.'’&-]*|and|dan|\d+)(?:\s+(?:[A-Z][\w.'’&-]*|and|dan|of|\d+)){0,8})"
)
_VENUE_WORD = re.compile(
    r"\b(?:hotel|aula|gedung|balai|ballroom|pendopo|auditorium|graha|wisma|convention)\b", re.I
)
_FAMILY = frozenset({"keluarga", "pasangan", "suami", "istri", "anak"})


def is_earlier(sentence: str) -> bool:
    """Whether a sentence speaks of what was before the session."""
    return _EARLIER.search(sentence) is not None


def is_audience(sentence: str) -> bool:
    """Whether a sentence says for whom the session is."""
    return _AUDIENCE.search(sentence) is not None


def spouses_in(sentence: str, *, names_tier: bool) -> tuple[str, Span] | None:
    """Whether spouses come along, "yes" or "no", and where the sentence says so."""
    without = _WITHOUT_SPOUSES.search(sentence)
    if without:
        return "no", without.span()
    found = _WITH_SPOUSES.search(sentence)
    if found is None and names_tier:
        found = _AND_SPOUSES.search(sentence)
    return ("yes", found.span()) if found else None


def halls_in(sentence: str) -> list[tuple[str, Span]]:
    """Names of halls and hotels at which a sentence says something is held."""
    found = []
    for match in _NEW_VENUE.finditer(sentence):
        name = match[1].rstrip(" .,")
        if _VENUE_WORD.search(name):
            found.append((name, (match.start(1), match.start(1) + len(name))))
    return found


def danger(name: str, sentence: str) -> tuple[int, int] | None:
    """Where a sentence names a risk in other words: one of its ways, or family by another word."""
    for way in name.split("/"):
        literal = spelled(way).search(sentence)
        if literal:
            return literal.span()
        words = way.strip().casefold().split()
        places = []
        for word in words:
            same = _FAMILY if word in _FAMILY else {word}
            body = "|".join(map(re.escape, sorted(same)))
            match = re.search(rf"\b(?:{body})(?:nya)?\b", sentence, re.IGNORECASE)
            places.append(match.span() if match else None)
        spans = [place for place in places if place is not None]
        if spans and len(spans) == len(words):
            return min(start for start, _ in spans), max(end for _, end in spans)
    return None
