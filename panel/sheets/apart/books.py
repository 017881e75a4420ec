"""One file of any kind as frames: each sheet with its rows, and at the end what the file is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import delimited, kinds, naming, workbooks
from .packing import Room, Store, packed
from .scanning import Found, scan, within
from .zipped import Zipped

Frame = tuple[dict[str, Any], tuple[bytes | bytearray, ...]]


def frames(data: bytes, pasted: bool) -> Iterator[Frame]:
    """The frames of the file; the last one tells its kind and whether it carries programs."""
    kind: str = "pasted" if pasted else kinds.kind_of(data)
    macros, room = False, Room()
    if kind == "zip":
        book = Zipped(data)
        kind, macros = book.kind, book.macros
        read = workbooks.sheets(data, _Xlsx(book).found, room)
    elif kind == "xls":
        macros = kinds.has_macros(data)
        read = workbooks.sheets(data, _nothing, room)
    else:
        kind = kind if pasted else "csv"
        read = iter([_text(data, pasted, room)])
    for head, store in read:
        yield head, (store.ends.tobytes(), store.data)
    yield {"kind": kind, "macros": macros}, ()


class _Xlsx:
    """The sheets of an .xlsx, each scanned when it is its turn."""

    def __init__(self, book: Zipped) -> None:
        self._book = book
        self._members = naming.members(book)

    def found(self, sheet: str) -> Found:
        """What the XML of the sheet of this name says."""
        member = self._members.get(sheet, "")
        return scan(self._book.read(member), sheet)


def _nothing(sheet: str) -> Found:
    return Found()


def _text(data: bytes, pasted: bool, room: Room) -> tuple[workbooks.Head, Store]:
    text = delimited.decoded(data)
    likely = delimited.DELIMITERS
    if pasted:
        likely = "\t" if "\t" in text else "\t;|"
    store, width = Store(room), 0
    for number, row in enumerate(delimited.rows(text, likely), 1):
        width = max(width, len(row))
        within(number, width, "", (number - 1, width - 1))
        store.add(packed(row))
    return {"sheet": "", "hidden": False, "width": width}, store
