"""Which rows below the headings are rows of the list, and what the others are. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final, Literal

from .apart.packing import KINDS, NEXT, STOOD, sign
from .cells import NOTHING, Cell, Rows, Sheet

#: Why a row is none of the list: headings again, the numbers of the columns, the name of a part,
#: a sum, what belongs to the merged cell above, a signature below the list.
Why = Literal["headings", "numbering", "section", "total", "merged", "below"]

#: Most rows that a signature takes.
SIGNATURE: Final = 20
#: Columns that a list needs before a row with little in it looks like none of its rows.
ENOUGH: Final = 3

#: The signs of cells that belong to the merged cell above.
COPIED: Final = frozenset(sign(kind, formula, True) for kind in KINDS for formula in (False, True))

_TOTAL: Final = re.compile(r"(?:grand|sub)?\s*-?\s*(?:total|jumlah)\b", re.IGNORECASE)
_PART: Final = re.compile(r"(?:[IVXLC]+|[A-Z])[.)]?")
_MARKS: Final = "().[] "


def sorted_out(
    sheet: Sheet, above: int, repeated: Sequence[int], columns: Sequence[int]
) -> tuple[tuple[int, ...], dict[int, Why]]:
    """The rows of the list below the row `above`, and every other that is not blank with its why.

    `repeated` are the rows of the headings, `columns` those that are understood.
    """
    again = {tuple(cell.text for cell in sheet.rows[row]) for row in repeated}
    usual = _usual(sheet, repeated, columns)
    wide = {area.first_row for area in sheet.merged if area.last_column > area.first_column}
    data: list[int] = []
    skipped: dict[int, Why] = {}
    numbered = True
    for number in range(above + 1, len(sheet.rows)):
        if not numbered and usual[number]:
            data.append(number)
            continue
        row = sheet.rows[number]
        filled = [at for at, cell in enumerate(row) if cell.kind != "empty"]
        if not filled:
            continue
        why: Why | None
        if tuple(cell.text for cell in row) in again:
            why = "headings"
        elif numbered and _is_numbering(row, filled):
            why = "numbering"
        else:
            why = _why(row, filled, columns, number in wide)
        numbered = why in ("headings", "numbering")
        if why is None:
            data.append(number)
        else:
            skipped[number] = why
    for number in _signature(sheet, data, columns):
        data.pop()
        skipped[number] = "below"
    return tuple(data), skipped


def _usual(sheet: Sheet, repeated: Sequence[int], columns: Sequence[int]) -> Sequence[bool]:
    """Of each row whether it is surely one of the list, by how it is packed: cells cost time."""
    rows = sheet.rows
    if not isinstance(rows, Rows):
        return [False] * len(rows)
    headings = {
        NEXT.join(cell.text for cell in rows[row] if cell.kind != "empty") for row in repeated
    }

    @cache
    def is_full(signs: str) -> bool:
        filled = [at for at, mark in enumerate(signs) if mark != NOTHING]
        little = len(columns) >= ENOUGH and _is_little(filled, columns)
        return bool(filled) and not little and COPIED.isdisjoint(signs)

    return [
        is_full(signs) and rest not in headings and STOOD not in rest
        for signs, rest in rows.outlines()
    ]


def _why(
    row: Sequence[Cell], filled: Sequence[int], columns: Sequence[int], wide: bool
) -> Why | None:
    if all(row[at].copied for at in filled):
        return "merged"
    if len(columns) < ENOUGH or not _is_little(filled, columns):
        return None
    first = filled[0]
    if _TOTAL.match(row[first].text):
        return "total"
    alone = len(filled) == 1 and (wide or first not in columns)
    headed = len(filled) == 2 and first not in columns and _PART.fullmatch(row[first].text)
    return "section" if alone or headed else None


def _is_little(filled: Sequence[int], columns: Sequence[int]) -> bool:
    """Whether hardly any of the columns that are understood has something in it."""
    return sum(at in columns for at in filled) <= max(1, len(columns) // 3)


def _is_numbering(row: Sequence[Cell], filled: Sequence[int]) -> bool:
    """Whether a row only counts the columns: 1 2 3, (1) (2) (3) or a b c."""
    if len(filled) < 2:
        return False
    signs = [row[at].text.strip(_MARKS).casefold() for at in filled]
    counted = [str(number) for number in range(1, len(signs) + 1)]
    lettered = [chr(97 + number) for number in range(min(len(signs), 26))]
    return signs in (counted, lettered)


def _signature(sheet: Sheet, data: Sequence[int], columns: Sequence[int]) -> list[int]:
    """The last rows, from the end up, when they stand behind a blank row and hold little."""
    if len(columns) < ENOUGH:
        return []
    tail: list[int] = []
    whole = 0
    for number in reversed(data[-SIGNATURE:]):
        filled = [at for at, cell in enumerate(sheet.rows[number]) if cell.kind != "empty"]
        if not _is_little(filled, columns) or sheet.rows[number][filled[0]].kind == "number":
            break
        tail.append(number)
        above = sheet.rows[number - 1] if number else ()
        if all(cell.kind == "empty" for cell in above):
            whole = len(tail)
    return tail[:whole]
