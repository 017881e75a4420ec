"""Which rows of a sheet name its columns, which column is which, which rows hold the list. Pure.

Lists of offices begin with a title of any length, name their columns in one to three rows, number
the columns below, name them again on every page, and end with totals and a signature. What is no
row of the list is told with its reason; nothing vanishes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from .cells import Sheet
from .columns import Guess, groups_of, guess
from .labels import Names
from .listing import Why, sorted_out

#: How far down headings are looked for, and how many rows behind good ones nothing better is.
DEEPEST: Final = 300
BEHIND: Final = 30
#: Most rows that name the columns together.
HIGHEST: Final = 3
#: What one more row has to add before it is taken for a part of the headings.
GAIN: Final = 0.2
#: Score that a row needs: two names that are understood, or a single one without a doubt.
ENOUGH: Final = 1.0


@dataclass(frozen=True)
class Headings:
    """What was understood of a sheet; rows and columns count as `Sheet.rows` does.

    `first_row` to `last_row` name the columns (-1 and -1: no row does; the list may begin at
    once). `columns`: the column of each field; two fields may share one ("Nama/NIP").
    `doubtful`: fields whose column is a guess, with the other columns that it could as well be;
    `unknown`: columns with a name that means no field; `labels`: the name of each column in one
    line.
    """

    sheet: Sheet
    first_row: int
    last_row: int
    columns: Mapping[str, int]
    unknown: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    doubtful: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def data_rows(self) -> Sequence[int]:
        """The rows of the list."""
        return self._sorted_out[0]

    @property
    def skipped(self) -> Mapping[int, Why]:
        """The other rows below the headings that are not blank, and why."""
        return self._sorted_out[1]

    @cached_property
    def _sorted_out(self) -> tuple[Sequence[int], Mapping[int, Why]]:
        rows = range(self.first_row, self.last_row + 1) if self.first_row >= 0 else ()
        return sorted_out(self.sheet, self.last_row, rows, tuple(sorted({*self.columns.values()})))


def headings(
    sheet: Sheet,
    synonyms: Mapping[str, Sequence[str]],
    *,
    rows: tuple[int, int] | None = None,
) -> Headings:
    """The headings of `sheet`; `synonyms` are the names that each field goes by.

    `rows`, the first and the last, are given when a person has said which rows name the columns;
    (-1, -1) says that none does.
    """
    names = Names(synonyms)
    best: Guess | None = None
    if rows is None:
        best = _found(sheet, names)
    elif rows[0] >= 0:
        groups = groups_of(sheet, range(rows[0], rows[1] + 1))
        best = guess(sheet, names, groups, *rows)
    if best is None:
        return Headings(sheet, -1, -1, {})
    columns = {*best.columns.values()}
    unknown = tuple(at for at, label in enumerate(best.labels) if label and at not in columns)
    return Headings(sheet, best.first, best.last, best.columns, unknown, best.labels, best.doubtful)


def _found(sheet: Sheet, names: Names) -> Guess | None:
    """The rows that say most; the first of equals, and no more rows than needed."""
    best: Guess | None = None
    deepest = min(len(sheet.rows), DEEPEST)
    groups = groups_of(sheet, range(deepest))
    for first in range(deepest):
        if best and first > best.last + BEHIND:
            break
        for last in range(first, min(first + HIGHEST, deepest)):
            if not any(names.speaks(cell.text) for cell in sheet.rows[last]):
                break
            one = guess(sheet, names, groups, first, last)
            needed = best.score + GAIN * (last - first) if best else ENOUGH
            if one.score > needed or (not best and one.score == ENOUGH):
                best = one
    return best
