"""Spellings folded together, so that "wahyu" finds Wachyu and "fatihah" finds Fathiya.

One ordered list of literal replacements is the whole rule: Python and both databases apply the
same one (`panel.screens.forgiving`). Pure.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

#: What is written in several ways, in the order in which it is replaced, after lower case.
#: Letters that carry no sign of their own beyond ASCII stand as they are.
REPLACED: Final[tuple[tuple[str, str], ...]] = (
    *((sign, "") for sign in " .-'’"),
    ("é", "e"),
    ("è", "e"),
    ("oe", "u"),
    ("oo", "u"),
    ("ae", "ai"),
    ("oi", "ai"),
    ("rohm", "rahm"),
    ("dj", "j"),
    ("tj", "c"),
    ("lj", "ly"),
    ("sj", "s"),
    ("sy", "s"),
    ("ju", "yu"),
    ("ch", ""),
    ("kh", ""),
    ("ph", "f"),
    ("h", ""),
    ("v", "f"),
    ("z", "s"),
    ("q", "k"),
    ("ck", "k"),
    ("y", "i"),
    *((letter * 2, letter) for letter in "adilmnrst"),
)

#: Letters that a folded word has to have; shorter ones are looked for as they were typed.
ENOUGH: Final = 3

_CAPITALS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def lowered(text: str) -> str:
    """`text` with the 26 capitals made small, and no other: as every SQLite does."""
    return text.translate(_CAPITALS)


def folded(text: str) -> str:
    """`text` in the one spelling that stands for all of its spellings."""
    text = lowered(text)
    for old, new in REPLACED:
        text = text.replace(old, new)
    return text


#: Letters that no replacement brings in: what has one after folding had it before.
KEPT: Final = frozenset(
    letter
    for letter in "abcdefghijklmnopqrstuvwxyz"
    if all(new.count(letter) <= old.count(letter) for old, new in REPLACED)
)
#: Letters that a replacement brings in, with one letter of each text that they may come from.
BROUGHT: Final = {"a": "ao", "c": "ct", "f": "fvp", "k": "kqc", "s": "sz", "u": "uo"}


@lru_cache(maxsize=256)
def look_for(word: str) -> str | None:
    """The folded form of a word to search for, or None: it is looked for as it was typed.

    Numbers and codes have one spelling, and what is left of a very short word is in every name.
    """
    if any(sign.isdigit() for sign in word):
        return None
    short = folded(word)
    return short if len(short) >= ENOUGH else None


@lru_cache(maxsize=256)
def sieve(word: str) -> tuple[tuple[str, ...], ...]:
    """What every text has in which `word` may be found by folding: one LIKE pattern of each line.

    A database passes over the other texts without folding them. A word that begins with an h
    keeps it: Hadi is not looked for in every "adi".
    """
    begins = "h" if re.match(r"[ck]?h", lowered(word)) else ""
    short = folded(word)
    kept = begins + "".join(letter for letter in short if letter in KEPT)
    lines = [(like(kept),)] if kept else []
    brought = sorted({*short} & {*BROUGHT})
    return (*lines, *(tuple(like(old) for old in BROUGHT[new]) for new in brought))


def like(letters: str) -> str:
    """The pattern of texts that have these letters in this order."""
    return f"%{'%'.join(letters)}%"
