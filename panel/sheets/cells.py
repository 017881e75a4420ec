"""Sheets, rows and cells as they were found, each with the address that Excel shows. Pure.

Rows and columns are counted from 0 inside a sheet; `Sheet.address` gives the name that a clerk
sees. Rows are kept packed and made into cells when they are asked for.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal, NamedTuple, overload

from .apart.packing import BASE, KINDS, NEXT, SIGNS, STOOD

Kind = Literal["text", "number", "date", "bool", "error", "formula", "empty"]


class Cell(NamedTuple):
    """What stands in one cell.

    `text` is tidy: signs that nobody sees are gone, lines of a cell are parted by a line break,
    a day is 2026-11-22, a number is as Excel shows it in a wide column (196608011988031 but
    1.96608011988031E+17). `kind` is of the value; "formula" is a formula without a value, which
    only Excel can calculate. `stood` is the text before it was tidied, if hidden signs or a
    leading apostrophe were taken out, else "". `formula`: the value was calculated. `copied`: it
    belongs to the merged cell above.
    """

    text: str
    kind: Kind
    stood: str = ""
    formula: bool = False
    copied: bool = False


EMPTY: Final = Cell("", "empty")
_NAME: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
#: The sign of a cell in which nothing stands.
NOTHING: Final = chr(BASE)
#: What a sign says of its cell: all of it but the text.
_SIGNED: Final = {
    chr(BASE + number * 4 + formula * 2 + copied): (kind, "", bool(formula), bool(copied))
    for number, kind in enumerate(KINDS)
    for formula in (0, 1)
    for copied in (0, 1)
}


class Rows(Sequence[tuple[Cell, ...]]):
    """The rows of a sheet, each as long as the sheet is wide; made when asked for, never kept."""

    def __init__(self, data: bytes | memoryview, ends: array[int], width: int) -> None:
        self._data = data
        self._ends = ends
        self._width = width

    @property
    def packed(self) -> tuple[bytes | memoryview, bytes, int]:
        """What `Rows` is made from again: the rows, where each of them ends, the width."""
        return self._data, self._ends.tobytes(), self._width

    @property
    def width(self) -> int:
        """How long each row is."""
        return self._width

    def text(self) -> str:
        """Everything that stands in the cells, one after the other."""
        return str(self._data, "utf-8", "replace")

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, at: int) -> tuple[Cell, ...]: ...
    @overload
    def __getitem__(self, at: slice) -> list[tuple[Cell, ...]]: ...
    def __getitem__(self, at: int | slice) -> tuple[Cell, ...] | list[tuple[Cell, ...]]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        signs, rest = self.outline(at)
        texts = iter(rest.split(NEXT))
        cells = [
            EMPTY if sign == NOTHING else _cell((next(texts), *_SIGNED[sign])) for sign in signs
        ]
        if STOOD in rest:
            cells = [_parted(cell) if STOOD in cell.text else cell for cell in cells]
        cells += [EMPTY] * (self._width - len(cells))
        return tuple(cells)

    def outlines(self) -> Iterator[tuple[str, str]]:
        """Every row as `outline` tells it."""
        data, start = self._data, 0
        for end in self._ends:
            signs, _, rest = str(data[start:end], "utf-8").partition(SIGNS)
            yield signs, rest
            start = end

    def outline(self, at: int) -> tuple[str, str]:
        """A row as it is packed: one sign for each cell, and the texts of those that are filled."""
        if at < 0:
            at += len(self._ends)
        if not 0 <= at < len(self._ends):
            raise IndexError(at)
        packed = bytes(self._data[self._ends[at - 1] if at else 0 : self._ends[at]])
        signs, _, rest = packed.decode().partition(SIGNS)
        return signs, rest


#: A cell of its five parts, without the detour over their names: a list has very many.
_cell: Final = partial(tuple.__new__, Cell)


def _parted(cell: Cell) -> Cell:
    text, _, stood = cell.text.partition(STOOD)
    return cell._replace(text=text, stood=stood)


class Merged(NamedTuple):
    """Cells that are one; rows and columns of the sheet, the last ones included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class Sheet:
    """One sheet, from its first used cell to its last; blank rows between them are there.

    `rows[0][0]` is the cell at `first_row`, `first_column` of the file. `hidden_rows`,
    `hidden_columns` and `merged` count as `rows` does. A merged cell's text stands in each row of
    its first column; the columns beside it are empty.
    """

    name: str
    hidden: bool
    rows: Sequence[tuple[Cell, ...]]
    first_row: int = 0
    first_column: int = 0
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[Merged, ...] = ()

    def address(self, row: int, column: int) -> str:
        """The name of a cell of `rows` as Excel shows it: "C14"."""
        return address(row + self.first_row, column + self.first_column)

    def holds(self, name: str) -> bool:
        """Whether the cell that Excel calls so lies in the sheet."""
        found = _NAME.fullmatch(name)
        if found is None:
            return False
        column = 0
        for letter in found[1]:
            column = column * 26 + ord(letter) - 64
        return column - 1 - self.first_column in range(self.width) and self.has_row(int(found[2]))

    def has_row(self, number: int) -> bool:
        """Whether the row that Excel numbers so, from 1 on, lies in the sheet."""
        return number - 1 - self.first_row in range(len(self.rows))

    @property
    def width(self) -> int:
        """How many columns the sheet has."""
        if not self.rows:
            return 0
        return self.rows.width if isinstance(self.rows, Rows) else len(self.rows[0])


@dataclass(frozen=True)
class Book:
    """What was read from one file. `macros`: it carries programs; they were never run."""

    name: str
    kind: Literal["xlsx", "xls", "ods", "csv", "pasted"]
    sha256: str
    sheets: tuple[Sheet, ...]
    macros: bool = False


def address(row: int, column: int) -> str:
    """Excel's name of the cell in `row` and `column`, both counted from 0: (13, 2) is "C14"."""
    return f"{letters_of(column)}{row + 1}"


def letters_of(column: int) -> str:
    """Excel's name of a column, counted from 0: 2 is "C"."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return letters
