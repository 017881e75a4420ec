"""How far a sheet may go. Calamine makes a full rectangle of it, so this is asked before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from .packing import Fault

#: Rows, columns and cells of the rectangle around what is filled.
ROWS: Final = 200_000
COLUMNS: Final = 1_000
CELLS: Final = 4_000_000


@dataclass
class Found:
    """What is told of one sheet; rows and columns are counted from 0 in the file."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    uncalculated: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    extent: Extent = field(default_factory=lambda: Extent())


class Extent:
    """The rectangle around the cells that hold something, with the cells that stretch it."""

    def __init__(self) -> None:
        self.top = self.left = 2**31
        self.bottom = self.right = (-1, -1)

    def add(self, row: int, column: int) -> None:
        """One more cell that holds something."""
        if row > self.bottom[0]:
            self.bottom = (row, column)
        if column > self.right[1]:
            self.right = (row, column)
        if row < self.top:
            self.top = row
        if column < self.left:
            self.left = column

    def __bool__(self) -> bool:
        return self.bottom[0] >= 0

    def check(self, sheet: str) -> None:
        """Refuses a rectangle that is too large, naming the cell that makes it so.

        A text file has no sheets: its `sheet` is "".
        """
        if not self:
            return
        rows, columns = self.bottom[0] - self.top + 1, self.right[1] - self.left + 1
        if rows > ROWS or columns > COLUMNS or rows * columns > CELLS:
            row, column = self.bottom if rows > ROWS else self.right
            where = {"sheet": sheet} if sheet else {}
            raise Fault("far" if sheet else "far_text", **where, row=row, column=column)
