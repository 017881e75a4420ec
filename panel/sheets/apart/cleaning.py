"""Values as they come made into cells: numbers as Excel shows them, texts without hidden signs."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, time, timedelta

from .packing import EXACT, MOST_LETTERS, NOTHING, Fault, Packed

# zero width, soft hyphen, marks and overrides of writing direction, halves of a surrogate pair
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ud800-\udfff]"
)
_BREAKS = re.compile(r"_x000[dD]_\n?|\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_HARD_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_BLANKS = re.compile(r"[^\S\n]+")
# Excel's sign for "this is text", typed again where it does not hide: before digits, never a name
_QUOTES = frozenset("'’‘`´")
_APOSTROPHE = re.compile(r"['’‘`´](?=[\d+=\-(.]|$)")
# a number that Excel shortened before it was written as a text: digits are lost for good
_SHORTENED = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d{1,3}")
_AS_TEXT = re.compile(r'="([^"]*)"')


def cell(value: object) -> Packed:
    """The cell for a value that calamine read."""
    if isinstance(value, str):
        return text(value)
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return Packed("TRUE" if value else "FALSE", "bool")
    if isinstance(value, (int, float)):
        return Packed(_number(value), "number")
    if isinstance(value, datetime):
        return Packed(f"{value:%Y-%m-%d %H:%M}", "date")
    if isinstance(value, timedelta):
        hours, seconds = divmod(round(value.total_seconds()), 3600)
        return Packed(f"{hours}:{seconds // 60:02}", "date")
    return Packed(f"{value:%H:%M}" if isinstance(value, time) else str(value), "date")


def _number(value: int | float) -> str:
    whole = abs(value) < EXACT and value == int(value)
    return str(int(value)) if whole else f"{value:.15G}"


def text(typed: str) -> Packed:
    """The cell for a text; refuses one that is longer than Excel lets a cell be."""
    if len(typed) > MOST_LETTERS:
        raise Fault("long")
    if typed.isascii() and typed.isprintable():
        tidy, changed = " ".join(typed.split()), False
    else:
        tidy, changed = _tidied(typed)
    if tidy[:1] in _QUOTES and _APOSTROPHE.match(tidy):
        tidy, changed = tidy[1:].strip(), True
    if not tidy:
        return NOTHING
    kind = "number" if "+" in tidy and _SHORTENED.fullmatch(tidy) else "text"
    return Packed(tidy, kind, _CONTROLS.sub("\ufffd", typed.strip()) if changed else "")


def written(typed: str) -> Packed:
    """The cell for a field of a text file, where Excel left signs of its own."""
    as_text = _AS_TEXT.fullmatch(typed.strip())
    if as_text:
        return text(as_text[1])._replace(stood=typed.strip())
    cell = text(typed)
    if cell.text.startswith("="):
        return Packed("", "formula", cell.text, True)
    return cell


def _tidied(typed: str) -> tuple[str, bool]:
    """The text without what nobody sees, and whether anything but plain blanks was changed."""
    lines = _BREAKS.sub("\n", typed)
    seen = _CONTROLS.sub("", _HARD_BLANKS.sub(" ", _UNSEEN.sub("", lines)))
    tidy = "\n".join(_BLANKS.sub(" ", line).strip() for line in seen.split("\n")).strip("\n")
    return unicodedata.normalize("NFC", tidy), seen != lines
