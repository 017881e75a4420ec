"""Rows in which nothing has to be tidied, packed at once: most of a list, and cells cost time."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .packing import EXACT, MOST_LETTERS, NEXT, SIGNS, sign

_BLANK = sign("empty")
_TEXT = sign("text")
_NUMBER = sign("number")
# printable, no blank too many, no quotation mark before it; then what may be a shortened number
_TIDY = r"(?!['`])[!-~]++(?: [!-~]++)*+"
_ROW = re.compile(f"(?:{_TIDY}(?:{NEXT}{_TIDY})*+)?+")
_SHORTENED = re.compile(r"[eE]\+")


def plainly(values: Sequence[object]) -> bytes | None:
    """The row as `packed` makes it of tidy texts and whole numbers; None when it has others."""
    signs: list[str] = []
    texts: list[str] = []
    for value in values:
        if value.__class__ is str:
            signs.append(_TEXT if value else _BLANK)
            if value:
                texts.append(value)
        elif value.__class__ is float and -EXACT < value < EXACT and value.is_integer():
            signs.append(_NUMBER)
            texts.append(str(int(value)))
        else:
            return None
    rest = NEXT.join(texts)
    if len(rest) > MOST_LETTERS or rest.count(NEXT) >= max(len(texts), 1):
        return None
    if not _ROW.fullmatch(rest) or ("+" in rest and _SHORTENED.search(rest)):
        return None
    return f"{''.join(signs).rstrip(_BLANK)}{SIGNS}{rest}".encode()
