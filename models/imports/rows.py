"""One row of a list as the engine sees it: cells by field, each with its address, mended or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from panel.sheets.cells import EMPTY, Cell, Sheet, letters_of
from panel.words import Sentence


@dataclass(frozen=True)
class Problem:
    """What stands in the way of a row, at a cell; `choices` are values with what they are called.

    `key` is what an answer is kept under: the address of a cell that is mended, or the row and the
    name of a question, "14:person".
    """

    address: str
    field: str
    shown: str
    sentence: Sentence
    key: str
    choices: tuple[tuple[str, object], ...] = ()
    #: Whether something else than one of the choices may be typed.
    typed: bool = True


@dataclass
class Row:
    """One row: its number as the spreadsheet shows it, its cells, and what was answered to it."""

    number: int
    cells: Mapping[str, Cell]
    addresses: Mapping[str, str]
    answers: Mapping[str, str] = field(default_factory=dict)
    hidden: bool = False

    def text(self, name: str) -> str:
        """What stands in a field as text, "" for nothing."""
        return self.cells.get(name, EMPTY).text.strip()

    def shown(self) -> dict[str, str]:
        """What stands in the fields that are filled, for the excerpt."""
        found = ((name, cell.text.strip()) for name, cell in self.cells.items())
        return {name: text for name, text in found if text}

    def address(self, *names: str) -> str:
        """Where the first of these fields that is filled stands, else the first that has a cell."""
        there = [name for name in names if name in self.addresses]
        filled = [name for name in there if self.text(name)]
        return self.addresses[(filled or there)[0]] if there else str(self.number)

    def answer(self, question: str) -> str | None:
        """What was answered to a question about this row."""
        return self.answers.get(f"{self.number}:{question}")


def rows_of(
    sheet: Sheet,
    columns: Mapping[str, int],
    data_rows: Iterable[int],
    *,
    mended: Mapping[str, str],
    answers: Mapping[str, str],
) -> Iterator[Row]:
    """The rows of data that say anything in the mapped columns; they are made one at a time."""
    fields = [(name, column) for name, column in columns.items() if 0 <= column < sheet.width]
    letters = [(name, letters_of(column + sheet.first_column)) for name, column in fields]
    touched = _rows_touched(mended)
    for at in data_rows:
        cells = sheet.rows[at]
        found = {name: cells[column] for name, column in fields}
        number = sheet.first_row + at + 1
        if number in touched:
            for name, column in fields:
                text = mended.get(sheet.address(at, column))
                if text is not None:
                    found[name] = Cell(text, "text" if text else "empty")
        if not any(cell.text for name, cell in found.items() if not found[name].copied):
            continue
        addresses = {name: f"{letter}{number}" for name, letter in letters}
        yield Row(number, found, addresses, answers, at in sheet.hidden_rows)


def _rows_touched(mended: Mapping[str, str]) -> frozenset[int]:
    return frozenset(
        int(digits)
        for digits in (key.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for key in mended)
        if digits.isdigit()
    )
