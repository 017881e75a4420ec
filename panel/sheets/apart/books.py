"""One file of any kind as frames: each sheet with its rows, and at the end what the file is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from . import kinds, naming, workbooks
from .extent import Extent, Found
from .packing import Fault, Room, Store, packed
from .scanning import scan
from .turns import Turn
from .zipped import Zipped

Frame = tuple[workbooks.Head, tuple[bytes | bytearray, ...]]


def frames(data: bytes, pasted: bool, turn: Turn) -> Iterator[Frame]:
    """The frames of the file; the last one tells its kind and whether it carries programs."""
    kind: str = "pasted" if pasted else kinds.kind_of(data)
    macros, room = False, Room()
    if kind == "zip":
        book = Zipped(data, turn)
        kind, macros = book.kind, book.macros
        turn.takes(kind, size=len(data))
        found = _ods(book) if kind == "ods" else _Xlsx(book).found
        read = workbooks.sheets(data, found, room, partial(turn.takes, kind))
    elif kind == "xls":
        from . import records

        turn.takes(kind, size=len(data))
        macros = kinds.has_macros(data)
        scanned = _by_name(records.scan(data))
        read = workbooks.sheets(data, scanned, room, partial(turn.takes, kind))
    else:
        kind = kind if pasted else "csv"
        turn.takes(kind, size=len(data))
        read = iter([_text(data, pasted, room, partial(turn.takes, kind))])
    for head, store in read:
        yield head, (store.ends.tobytes(), store.data)
    yield {"kind": kind, "macros": macros}, ()


class _Xlsx:
    """The sheets of an .xlsx, each scanned when it is its turn."""

    def __init__(self, book: Zipped) -> None:
        self._book = book
        try:
            self._members = naming.members(book)
        except KeyError:
            raise Fault("broken") from None

    def found(self, sheet: str) -> Found:
        """What the XML of the sheet of this name says."""
        member = self._members.get(sheet, "")
        return scan(self._book.read(member), sheet)


def _ods(book: Zipped) -> Callable[[str], Found]:
    from . import opendocument

    return _by_name(opendocument.scan(book.read("content.xml")))


def _by_name(sheets: dict[str, Found]) -> Callable[[str], Found]:
    return lambda name: sheets.get(name) or Found()


def _text(
    data: bytes, pasted: bool, room: Room, takes: Callable[..., None]
) -> tuple[workbooks.Head, Store]:
    from . import delimited

    text = delimited.decoded(data)
    likely = delimited.DELIMITERS
    if pasted:
        likely = "\t" if "\t" in text else "\t;|"
    store, extent, blank = Store(room), Extent(), 0
    extent.add(0, 0)
    for number, row in enumerate(delimited.rows(text, likely)):
        kept = packed(row)
        if not row:  # Excel writes many of them behind a list
            blank += 1
            continue
        extent.add(number, len(row) - 1)
        extent.check("")
        takes(rows=extent.rows)
        for _ in range(blank):
            store.add(packed([]))
        store.add(kept)
        blank = 0
    return {"sheet": "", "hidden": False, "width": extent.right[1] + 1}, store
