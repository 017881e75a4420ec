"""What calamine does not tell of an .xlsx sheet: errors, formulas, what is hidden, how far it goes.

Reads the XML once, event by event, before calamine makes a full rectangle of it.
"""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

from .extent import EDGE, Extent, Found
from .packing import Fault
from .runs import Parse, column_of, feed

_DIGITS = "0123456789"
_TRUE = ("1", "true")


def place_of(reference: str) -> tuple[int, int]:
    """Row and column, counted from 0, of a cell as Excel calls it."""
    letters = reference.rstrip(_DIGITS)
    return int(reference[len(letters) :]) - 1, column_of(letters)


def scan(xml: bytes, sheet: str) -> Found:
    """Everything that is told of the sheet called `sheet`; refuses one that goes too far."""
    found = _followed(xml, feed)
    try:
        found.extent.check(sheet)
    except Fault:  # tag by tag, it is known which cell comes first that is too far
        found = _followed(xml, _whole)
        found.extent.check(sheet)
    return found


def _whole(xml: bytes, parse: Parse, _: Extent) -> None:
    parse(xml, True)


def _followed(xml: bytes, feed: Callable[[bytes, Parse, Extent], None]) -> Found:
    scanner = _Scanner()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    scanner.follow(parser)
    try:
        feed(xml, parser.Parse, scanner.found.extent)
    except (expat.ExpatError, ValueError, LookupError):
        raise Fault("broken") from None
    scanner.settle()
    return scanner.found


class _Scanner:
    """Follows the events of one sheet; cells without a value take no room and are not counted."""

    def __init__(self) -> None:
        self.found = Found()
        self._row = self._column = -1
        self._type = ""
        self._open: tuple[int, int] | None = None
        self._text: list[str] = []
        self._columns: dict[str, int] = {}

    def follow(self, parser: expat.XMLParserType) -> None:
        """Listens to the parser, whatever prefix the names have."""
        self._parser = parser
        parser.StartDoctypeDeclHandler = _declared
        parser.StartElementHandler = self._root

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        prefix = name[: name.find(":") + 1]
        steps = {
            "c": self._cell,
            "row": self._line,
            "f": self._formula,
            "v": self._value,
            "is": self._value,
            "col": self._width,
            "mergeCell": self._merge,
        }
        named = {prefix + name: step for name, step in steps.items()}

        def start(name: str, attributes: dict[str, str]) -> None:
            step = named.get(name)
            if step:
                step(attributes)

        self._parser.StartElementHandler = start

    def _line(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r")
        self._row = int(number) - 1 if number else self._row + 1
        self._column = -1
        if attributes.get("hidden") in _TRUE:
            self.found.hidden_rows.add(self._row)

    def _cell(self, attributes: dict[str, str]) -> None:
        if self._open:
            self.settle()
        self._type = attributes.get("t", "")
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
            return
        letters = reference.rstrip(_DIGITS)
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = column_of(letters)
        self._column = column
        self._row = int(reference[len(letters) :]) - 1

    def _formula(self, attributes: dict[str, str]) -> None:
        self._open = (self._row, self._column)
        self.found.formulas.add(self._open)

    def _value(self, attributes: dict[str, str]) -> None:
        self.found.extent.add(self._row, self._column)
        if self._open or self._type == "e":
            self._text = []
            self._parser.CharacterDataHandler = self._text.append
            self._parser.EndElementHandler = self._valued

    def _valued(self, name: str) -> None:
        self._parser.CharacterDataHandler = None
        self._parser.EndElementHandler = None
        text = "".join(self._text)
        if self._type == "e":
            self.found.errors[self._row, self._column] = text[:20]
        if text or self._type == "str":
            self._open = None

    def settle(self) -> None:
        """Ends a cell whose formula had no value."""
        if self._open:
            self.found.uncalculated.add(self._open)
            self.found.extent.add(*self._open)
            self._open = None

    def _width(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in _TRUE:
            first, last = int(attributes["min"]), int(attributes["max"])
            self.found.hidden_columns.update(range(first - 1, min(last, EDGE)))

    def _merge(self, attributes: dict[str, str]) -> None:
        first, _, last = attributes["ref"].partition(":")
        self.found.merged.append((*place_of(first), *place_of(last or first)))


def _declared(*_: object) -> None:
    raise Fault("entity")
