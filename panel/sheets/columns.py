"""Which column is which field, once it is known which rows name the columns. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from .cells import Merged, Sheet
from .labels import SURE, Names

#: The cells that are merged over columns, by row.
Groups = Mapping[int, Sequence[Merged]]


#: Columns beyond these are not asked what they are.
WIDEST: Final = 200


@dataclass(frozen=True)
class Guess:
    """What the rows from `first` to `last` say when they are taken for headings."""

    first: int
    last: int
    lines: tuple[tuple[str, ...], ...]
    columns: Mapping[str, int]
    doubtful: Mapping[str, tuple[int, ...]]
    score: float

    @property
    def labels(self) -> tuple[str, ...]:
        """The name of each column in one line."""
        return tuple(" ".join(lines).replace("\n", " ") for lines in self.lines)


def groups_of(sheet: Sheet, rows: range) -> Groups:
    """The cells merged over columns in these rows."""
    groups: dict[int, list[Merged]] = {}
    for area in sheet.merged:
        if area.last_column > area.first_column:
            for row in range(max(area.first_row, rows.start), min(area.last_row + 1, rows.stop)):
                groups.setdefault(row, []).append(area)
    return groups


def guess(sheet: Sheet, names: Names, groups: Groups, first: int, last: int) -> Guess:
    """The columns by their names in these rows; a column may hold several fields ("Nama/NIP")."""
    lines = _lines(sheet, groups, first, last)
    meant = [names.meant(said) if said else {} for said in lines]
    pairs = sorted(
        (-score, column, field)
        for column, fields in enumerate(meant)
        for field, score in fields.items()
    )
    columns: dict[str, int] = {}
    scores: dict[str, float] = {}
    for minus, column, field in pairs:
        if field not in columns and column not in columns.values():
            columns[field], scores[field] = column, -minus
    settled = {column for field, column in columns.items() if scores[field] >= SURE}
    for column, said in enumerate(lines):
        for field in names.together(said) if column not in settled else ():
            if scores.get(field, 0) < SURE:
                columns[field], scores[field] = column, 1
    doubtful = {}
    for field in columns:
        rivals = tuple(
            at
            for at, fields in enumerate(meant)
            if at not in columns.values() and fields.get(field, 0) >= scores[field]
        )
        if rivals or scores[field] < SURE:
            doubtful[field] = rivals
    return Guess(first, last, lines, columns, doubtful, sum(scores.values()))


def _lines(sheet: Sheet, groups: Groups, first: int, last: int) -> tuple[tuple[str, ...], ...]:
    """For each column its names from the top down, those of groups that it belongs to included."""
    rows = [list(_spread(sheet, groups, row)) for row in range(first, last + 1)]
    for upper, lower in pairwise(rows):
        for column in range(1, len(upper)):
            # a group that was never merged: its name stands over its first column alone
            if not upper[column] and lower[column] and upper[column - 1] and lower[column - 1]:
                upper[column] = upper[column - 1]
    return tuple(
        tuple(dict.fromkeys(row[column] for row in rows if row[column]))
        for column in range(min(sheet.width, WIDEST))
    )


def _spread(sheet: Sheet, groups: Groups, row: int) -> list[str]:
    """The texts of a row, those of cells merged over columns in each of these columns."""
    texts = [cell.text if cell.kind == "text" else "" for cell in sheet.rows[row]]
    for area in groups.get(row, ()):
        for column in range(area.first_column + 1, area.last_column + 1):
            texts[column] = texts[area.first_column]
    return texts
