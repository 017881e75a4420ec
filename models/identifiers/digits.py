"""What NIP, NIK and phone numbers share: how digits are typed, copied and damaged."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from panel.typed import Wrong, tidy
from panel.words import Sentence, say

#: where the text comes from: typed, or a spreadsheet cell that holds text or a number
Cell = Literal["text", "number"]

_SEPARATORS = re.compile(r"[\s.\-\u2010-\u2015\u2212]")
_ASCII_DIGITS = re.compile(r"[0-9]+")

NUMERIC_CELL = say(
    "This cell is a number, not text, and its last digits may be lost. "
    "Make the cell text and type the number again from the decree."
)
EMPTY = say("Nothing was typed.")


def bare(typed: object, *, cell: Cell, label: str) -> str:
    """`typed` without blanks, dots, hyphens, a leading apostrophe and a leading `label`.

    Refuses number cells: Excel keeps fifteen digits, so the last ones are already lost.
    """
    if cell == "number" or not isinstance(typed, str):
        raise Wrong("numeric_cell", NUMERIC_CELL)
    text = tidy(typed).lstrip("'\u2018\u2019`")
    text = re.sub(rf"(?i)^\s*{label}[\s.:]*", "", text)
    text = _SEPARATORS.sub("", text)
    if not text:
        raise Wrong("empty", EMPTY)
    return text


def is_digits(text: str) -> bool:
    """Whether `text` is ASCII digits only: digits of other scripts are not taken for them."""
    return _ASCII_DIGITS.fullmatch(text) is not None


def real_date(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def wrong_length(fault: str, label: str, wanted: int, text: str) -> Wrong:
    """The refusal of a number that is too short, too long or has other signs in it."""
    sentence: Sentence
    if is_digits(text):
        sentence = say(
            "A %(label)s has %(wanted)s digits; there are %(found)s here. "
            "Compare it with the decree.",
            label=label,
            wanted=wanted,
            found=len(text),
        )
    else:
        sentence = say(
            "A %(label)s has %(wanted)s digits and nothing else. "
            "Look for a letter O in place of a zero.",
            label=label,
            wanted=wanted,
        )
    return Wrong(fault, sentence)
