"""Which rows of a sheet name its columns, which column is which, which rows hold the list. Pure.

Lists of offices begin with a title of any length, name their columns in one to three rows, number
the columns below, name them again on every page, and end with totals and a signature. What is no
row of the list is told with its reason; nothing vanishes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    line. `data_rows`: the rows of the list; `skipped`: other rows that are not blank and why.
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
        data, skipped = sorted_out(sheet, -1, (), ())
        return Headings(-1, -1, {}, (), data, skipped=skipped)
    columns = {*best.columns.values()}
    unknown = tuple(at for at, label in enumerate(best.labels) if label and at not in columns)
    repeated = tuple(range(best.first, best.last + 1))
    data, skipped = sorted_out(sheet, best.last, repeated, tuple(sorted(columns)))
    return Headings(
        best.first,
        best.last,
        best.columns,
        unknown,
        data,
        best.labels,
        best.doubtful,
        skipped,
    )


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
