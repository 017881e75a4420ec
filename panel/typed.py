"""Text as people type and paste it: made plain, or refused with a sentence.

Pure. Readers of typed text (`tidy`, dates, the host's identifiers) return a `Checked` or raise
`Wrong`; form, import and command call the same reader and so say the same sentence. No sentence
repeats what was typed: it may be a secret, and it may be a megabyte.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from .words import Refused, Sentence, say

T_co = TypeVar("T_co", covariant=True)

#: longest single line that is looked at when the reader names no length of its own
LINE: Final = 255

#: longest text of several lines
PAGE: Final = 20_000

# left by word processors, mean nothing: soft hyphen, zero-width space, word joiner, BOM, lone marks
_DROPPED = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff\u200e\u200f\u061c"))
_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]+")
# controls, text direction overrides and isolates, halves of a surrogate pair
_HIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Wrong(Refused):
    """What was typed cannot be taken: `fault` is the short code, `sentence` what to do about it."""

    def __init__(self, fault: str, sentence: Sentence, field: str | None = None) -> None:
        super().__init__("field", sentence, field)
        self.fault = fault


@dataclass(frozen=True)
class Doubt:
    """Something to look at again; it does not stand in the way."""

    code: str
    sentence: Sentence


@dataclass(frozen=True)
class Checked(Generic[T_co]):
    """What was understood: the value to store, what is known about it, and what is doubtful."""

    value: T_co
    detail: tuple[str, ...] = ()
    warnings: tuple[Doubt, ...] = ()


def tidy(typed: str, *, most: int | None = None, lines: bool = False) -> str:
    """`typed` in plain form: NFC, ends trimmed, one blank between words, known leftovers dropped.

    Refuses more than `most` characters (looked at first, so that a megabyte costs nothing) and
    signs that nobody sees: NUL, controls, turned writing direction.
    """
    longest = most if most is not None else (PAGE if lines else LINE)
    # leftovers and blanks do not count, but nothing is worth reading at ten times the length
    if len(typed) > 10 * longest + 1000:
        raise too_long(longest)
    plain = typed.isascii() and typed.isprintable()
    text = " ".join(typed.split()) if plain else _tidied(typed, lines)
    if len(text) > longest:
        raise too_long(longest)
    text = unicodedata.normalize("NFC", text)
    if len(text) > longest:  # a few signs grow when composed
        raise too_long(longest)
    return text


def _tidied(typed: str, lines: bool) -> str:
    """The same for texts that may hold what has to be dropped or refused."""
    text = _BREAKS.sub("\n", typed.translate(_DROPPED))
    if _HIDDEN.search(text):
        raise Wrong("hidden", say("There are hidden signs in the text. Type it again."))
    text = _BLANKS.sub(" ", text if lines else text.replace("\n", " "))
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def too_long(most: int) -> Wrong:
    """The refusal of a text longer than `most` characters."""
    return Wrong("too_long", say("The text is too long. At most %(most)s characters.", most=most))
