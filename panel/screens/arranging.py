"""Which columns a list shows, and in which order, as its address says: ``?cols=full_name,phone``.

The first column names the record and stays. What a reader may not see, and what is no column,
are left out without a word: an address tells nobody which columns there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

#: The parameter of the address, and those of the form that is turned into it.
COLUMNS, TICKED, PLACE = "cols", "col", "place-"
#: Longest text and highest place that are read.
LONGEST, LAST = 2_000, 999


def picked(text: str | None, known: Sequence[str], usual: Sequence[str]) -> list[str]:
    """The columns of `known` that a text names, the first one always; without a text the usual."""
    if text is None:
        return [name for name in known if name in usual]
    asked = dict.fromkeys(text[:LONGEST].split(","))
    return [*known[:1], *(name for name in asked if name in known[1:])]


def placed(shown: Sequence[str], places: Mapping[str, int]) -> list[str]:
    """The names in the order of their new places, counted from 1.

    Whatever was moved up goes before what stands at its place, what was moved down behind it.
    """

    def order(name: str) -> float:
        was = shown.index(name) + 1
        now = places.get(name, was)
        return now + (0.5 if now > was else -0.5 if now < was else 0)

    return sorted(shown, key=order)


def typed(items: Iterable[tuple[str, str]]) -> str | None:
    """The columns that the form names, as the address has them; None where no form was sent."""
    ticked, shown, places = set(), [], {}
    for name, value in items:
        if name == TICKED:
            ticked.add(value)
        elif name.startswith(PLACE):
            column = name.removeprefix(PLACE)
            shown.append(column)
            if re.fullmatch(r"[0-9]{1,3}", value):
                places[column] = min(int(value), LAST)
    if not shown and not ticked:
        return None
    names = placed(list(dict.fromkeys(shown)), places)
    return ",".join(name for name in names if name in ticked)[:LONGEST]
