"""How rows travel from the reading process and how they are kept: one piece of bytes each.

A row is a sign for each cell, then the texts of the cells that are not empty. A hundred thousand
rows of ten cells so take some fifteen megabytes, where a million objects would take two hundred.
"""

from __future__ import annotations

import json
from array import array
from collections import namedtuple
from collections.abc import Callable

#: What a cell may hold; "formula" is a formula that nobody has calculated, so there is no value.
KINDS = ("empty", "text", "number", "date", "bool", "error", "formula")
BASE = ord("0")

#: What parts the signs from the texts, the texts from each other, a text from how it stood.
SIGNS = "\x1e"
NEXT = "\x1f"
STOOD = "\x1d"

#: Most bytes that the rows of one file may come to.
MOST_TEXT = 40 * 2**20
#: Longest text of one cell: Excel's own limit.
MOST_LETTERS = 32_767
#: Whole numbers up to here have all their digits.
EXACT = 10**15


class Fault(Exception):
    """The file is not taken: a code of `panel.sheets.refusing` and the values of its sentence."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class Packed(namedtuple("Packed", "text kind stood formula copied", defaults=("", False, False))):
    """One cell on its way: `stood` is the text before signs that nobody sees were taken out."""

    __slots__ = ()


NOTHING = Packed("", "empty")


def sign(kind: str, formula: bool = False, copied: bool = False) -> str:
    """The one sign that stands for what a cell is."""
    return chr(BASE + KINDS.index(kind) * 4 + formula * 2 + copied)


_SIGN = {
    (kind, formula, copied): sign(kind, formula, copied)
    for kind in KINDS
    for formula in (False, True)
    for copied in (False, True)
}


def packed(cells: list[Packed]) -> bytes:
    """The cells of one row as bytes; empty ones at its end are taken out of `cells`."""
    while cells and cells[-1] == NOTHING:
        cells.pop()
    signs = "".join([_SIGN[cell.kind, cell.formula, cell.copied] for cell in cells])
    texts = NEXT.join(
        [
            f"{cell.text}{STOOD}{cell.stood}" if cell.stood else cell.text
            for cell in cells
            if cell.kind != "empty"
        ]
    )
    return f"{signs}{SIGNS}{texts}".encode("utf-8", "replace")


class Room:
    """What is left of the bytes that all sheets of a file may come to."""

    def __init__(self, left: int = MOST_TEXT) -> None:
        self.left = left

    def take(self, size: int) -> None:
        """Takes so many bytes; refuses when there is no room left."""
        self.left -= size
        if self.left < 0:
            raise Fault("heavy")


class Store:
    """The rows of one sheet, collected in the room that there is."""

    def __init__(self, room: Room) -> None:
        self.data = bytearray()
        self.ends = array("I")
        self._room = room

    def add(self, row: bytes) -> None:
        """One more row, in its order."""
        self.keep(len(row) + self.ends.itemsize)
        self.data += row
        self.ends.append(len(self.data))

    def keep(self, size: int) -> None:
        """Takes room for what is kept beside the rows."""
        self._room.take(size)


def send(
    write: Callable[[bytes | bytearray], object], head: dict[str, object], *parts: bytes | bytearray
) -> None:
    """One frame with its parts: the length of each, then its bytes."""
    for part in (json.dumps(head).encode(), *parts):
        write(len(part).to_bytes(4, "big"))
        write(part)
