"""What calamine does not tell of an .ods: repeats, errors, formulas, merged and hidden cells."""

from __future__ import annotations

from xml.parsers import expat

from .extent import EDGE, Found
from .packing import Fault

_UNSEEN = ("collapse", "filter")


def scan(xml: bytes) -> dict[str, Found]:
    """By name what `content.xml` says of each sheet; refuses one that goes too far."""
    scanner = _Scanner()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = scanner.start
    parser.EndElementHandler = scanner.end
    parser.CharacterDataHandler = scanner.text
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise Fault("broken") from None
    for name, found in scanner.found.items():
        found.extent.check(name)
    return scanner.found


class _Scanner:
    """Follows the events of all sheets; a cell may stand for many columns, a row for many rows."""

    def __init__(self) -> None:
        self.found: dict[str, Found] = {}
        self._sheet = Found()
        self._row = self._column = self._head = 0
        self._rows = self._columns = 1
        self._cell: dict[str, str] | None = None
        self._inside = False
        self._texts: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name == "table:table":
            self._sheet = self.found.setdefault(attributes.get("table:name", ""), Found())
            self._row = self._head = 0
        elif name == "table:table-column":
            many = int(attributes.get("table:number-columns-repeated", "1"))
            if attributes.get("table:visibility") in _UNSEEN:
                last = min(self._head + many, EDGE)
                self._sheet.hidden_columns.update(range(self._head, last))
            self._head += many
        elif name == "table:table-row":
            self._inside, self._column = True, 0
            self._rows = int(attributes.get("table:number-rows-repeated", "1"))
            if attributes.get("table:visibility") in _UNSEEN:
                last = self._row + min(self._rows, 2**20)
                self._sheet.hidden_rows.update(range(self._row, last))
        elif self._inside and name in ("table:table-cell", "table:covered-table-cell"):
            self._cell, self._texts = attributes, []
            self._columns = int(attributes.get("table:number-columns-repeated", "1"))

    def text(self, text: str) -> None:
        """Letters, of a cell or of something else."""
        if self._cell is not None and len(self._texts) < 8:
            self._texts.append(text)

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "table:table-row":
            self._inside = False
            self._row += self._rows
        elif self._cell is not None and name in ("table:table-cell", "table:covered-table-cell"):
            self._valued(self._cell)
            self._column += self._columns
            self._cell = None

    def _valued(self, cell: dict[str, str]) -> None:
        row, column, sheet = self._row, self._column, self._sheet
        text = "".join(self._texts).strip()
        kind = cell.get("office:value-type")
        if text or kind or "table:formula" in cell:
            sheet.extent.add(row, column)
            sheet.extent.add(row + self._rows - 1, column + self._columns - 1)
        if "table:formula" in cell:
            sheet.formulas.add((row, column))
            if not kind and not text:
                sheet.uncalculated.add((row, column))
        if cell.get("calcext:value-type") == "error":
            sheet.errors[row, column] = text[:20]
        down = int(cell.get("table:number-rows-spanned", "1"))
        across = int(cell.get("table:number-columns-spanned", "1"))
        if down > 1 or across > 1:
            sheet.merged.append((row, column, row + down - 1, column + across - 1))
