"""What calamine does not tell of an .xls: errors, formulas, what is hidden, how far it goes."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from .compound import Damaged, workbook
from .extent import Found
from .packing import Fault

_BEGIN, _END, _SHEET, _LOCKED = 0x809, 0x0A, 0x85, 0x2F
_ROW, _COLUMNS, _FORMULA, _ERROR = 0x208, 0x7D, 0x06, 0x205
#: Records of cells that hold something: label, number and their short forms.
_FILLED = (0x203, 0x204, 0xD6, 0x27E, 0xBD, 0xFD, 0x205, 0x06)
_SEVERAL = 0xBD
_UNSEEN_ROW = 0x20
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


def scan(data: bytes) -> dict[str, Found]:
    """By name what the records say of each sheet; refuses one that goes too far."""
    try:
        stream = workbook(data)
        found = {name: _sheet(stream, start) for name, start in _sheets(stream)}
    except (Damaged, struct.error, IndexError):
        raise Fault("broken") from None
    for name, one in found.items():
        one.extent.check(name)
    return found


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records from `at` to the end of their part."""
    deep = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        deep += (kind == _BEGIN) - (kind == _END)
        if deep <= 0:
            return
        at += 4 + size
    raise Damaged


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    older = False
    for kind, record in _records(stream, 0):
        if kind == _BEGIN:
            older = record[1] < 6
        if kind == _LOCKED:
            raise Fault("password")
        if kind == _SHEET:
            start, _, _, letters, wide = struct.unpack_from("<IBBBB", record)
            if older:
                yield record[7 : 7 + letters].decode("cp1252", "replace"), start
                continue
            text = record[8 : 8 + letters * (1 + (wide & 1))]
            yield text.decode("utf-16-le" if wide & 1 else "latin-1", "replace"), start


def _sheet(stream: bytes, start: int) -> Found:
    found, deep = Found(), 0
    for kind, record in _records(stream, start):
        deep += (kind == _BEGIN) - (kind == _END)
        if deep > 1:  # a chart inside of the sheet
            continue
        if kind == _ROW:
            if struct.unpack_from("<H", record, 12)[0] & _UNSEEN_ROW:
                found.hidden_rows.add(struct.unpack_from("<H", record)[0])
        elif kind == _COLUMNS:
            first, last, _, _, flags = struct.unpack_from("<5H", record)
            if flags & 1:
                found.hidden_columns.update(range(first, last + 1))
        elif kind in _FILLED:
            _cell(found, kind, record)
    return found


def _cell(found: Found, kind: int, record: bytes) -> None:
    row, column = struct.unpack_from("<HH", record)
    found.extent.add(row, column)
    if kind == _SEVERAL:
        found.extent.add(row, struct.unpack_from("<H", record, len(record) - 2)[0])
    elif kind == _FORMULA:
        found.formulas.add((row, column))
        if record[12:14] == b"\xff\xff" and record[6] == 2:
            found.errors[row, column] = _ERRORS.get(record[8], "#N/A")
    elif kind == _ERROR and record[7]:
        found.errors[row, column] = _ERRORS.get(record[6], "#N/A")
