"""Which rows of a sheet name its columns, which column is which, which rows hold the list. Pure.

Lists of offices begin with a title of any length, name their columns in one or two rows, number
the columns below, name them again on every page, and end with totals and a signature. What is no
row of the list is told with its reason; nothing vanishes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from .cells import Sheet

Why = Literal["blank", "heading", "numbering", "section", "total", "below"]


@dataclass(frozen=True)
class Headings:
    """What was understood of a sheet; rows and columns count as `Sheet.rows` does.

    `first_row` to `last_row` name the columns (-1 and -1: no row does; the list may begin at
    once). `columns`: the column of each field; `doubtful`: fields whose column is a guess, with
    the other columns that it could be; `unknown`: columns with a name that means no field;
    `labels`: the name of each column as it stands, lines joined. `data_rows`: the rows of the
    list; `skipped`: every other row below the headings and why it is none ("blank" ones too).
    """

    first_row: int
    last_row: int
    columns: Mapping[str, int]
    unknown: tuple[int, ...]
    data_rows: Sequence[int]
    labels: tuple[str, ...] = ()
    doubtful: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    skipped: Mapping[int, Why] = field(default_factory=dict)


def headings(
    sheet: Sheet,
    synonyms: Mapping[str, Sequence[str]],
    *,
    rows: tuple[int, int] | None = None,
) -> Headings:
    """The headings of `sheet`; `synonyms` are the names that each field goes by.

    `rows`, first and last, are given when a person has said which rows name the columns.
    """
    best = -1
    columns: dict[str, int] = {}
    for number, row in enumerate(sheet.rows[:50]):
        found = {
            name: at
            for name, words in synonyms.items()
            for at, cell in enumerate(row)
            if cell.text.casefold() in {word.casefold() for word in words}
        }
        if len(found) > len(columns):
            best, columns = number, found
    labels = tuple(cell.text for cell in sheet.rows[best]) if best >= 0 else ()
    unknown = tuple(n for n, text in enumerate(labels) if text and n not in columns.values())
    below = range(best + 1, len(sheet.rows))
    data = [number for number in below if any(cell.text for cell in sheet.rows[number])]
    return Headings(best, best, columns, unknown, data, labels)
