"""How far a sheet may go. Calamine makes a full rectangle of it, so this is asked before."""

from __future__ import annotations

from .packing import Fault

#: Most rows of a list, and columns of the rectangle around what is filled.
ROWS = 100_000
COLUMNS = 60
#: How many columns a sheet of Excel or LibreOffice has, filled or not.
EDGE = 16_384
#: Rows that title, headings and signature may take beside the list.
AROUND = 300


class Found:
    """What is told of one sheet; rows and columns are counted from 0 in the file."""

    def __init__(self) -> None:
        self.errors: dict[tuple[int, int], str] = {}
        self.formulas: set[tuple[int, int]] = set()
        self.uncalculated: set[tuple[int, int]] = set()
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.merged: list[tuple[int, int, int, int]] = []
        self.extent = Extent()


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

    @property
    def rows(self) -> int:
        """How many rows the rectangle has."""
        return self.bottom[0] - self.top + 1 if self else 0

    def check(self, sheet: str) -> None:
        """Refuses a rectangle that is too large, naming the cell that makes it so.

        A text file has no sheets: its `sheet` is "".
        """
        where = {"sheet": sheet} if sheet else {}
        many = self.rows > ROWS + AROUND
        if many or (self and self.right[1] - self.left >= COLUMNS):
            row, column = self.bottom if many else self.right
            code = f"{'far' if sheet else 'text'}_{'rows' if many else 'columns'}"
            raise Fault(code, **where, row=row, column=column)
