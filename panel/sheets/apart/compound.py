"""The stream of a workbook inside the compound file that an .xls is."""

from __future__ import annotations

import struct

#: Numbers from here on are no sectors but signs for an end, a gap, a table.
_SIGNS = 0xFFFFFFFA
_ENTRY = 128
_ROOT = 5
_HEAD = 512


class Damaged(Exception):
    """The file does not hang together."""


def workbook(data: bytes) -> bytes:
    """The records of the workbook; raises `Damaged`."""
    try:
        return _Compound(data).stream("Workbook", "Book")
    except (struct.error, IndexError, ValueError):
        raise Damaged from None


class _Compound:
    """Sectors chained by a table; short streams lie in small sectors with a table of their own."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._size = 1 << min(struct.unpack_from("<H", data, 30)[0], 16)
        self._small_size = 1 << min(struct.unpack_from("<H", data, 32)[0], 16)
        first, _, self._cutoff, small = struct.unpack_from("<4I", data, 48)
        self._next: list[int] = []
        for sector in self._tables():
            self._next += self._numbers(self._sector(sector))
        self._entries = self._chain(first)
        self._small_next = self._numbers(self._chain(small)) if small < _SIGNS else []

    def stream(self, *names: str) -> bytes:
        """The first stream of one of these names, in the order of the names."""
        small = b""
        found: dict[str, tuple[int, int]] = {}
        for at in range(0, len(self._entries) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", self._entries, at + 64)
            start, size = struct.unpack_from("<II", self._entries, at + 116)
            name = self._entries[at : at + max(min(length, 64) - 2, 0)]
            found.setdefault(name.decode("utf-16-le", "replace"), (start, size))
            if kind == _ROOT and start < _SIGNS:
                small = self._chain(start)
        start, size = next((found[name] for name in names if name in found), (_SIGNS, 0))
        if size >= self._cutoff:
            return self._chain(start)[:size]
        return self._follow(small, self._small_next, self._small_size, start)[:size]

    def _tables(self) -> list[int]:
        """The sectors that hold the table: the first 109 are named in the head, others linked."""
        named = list(struct.unpack_from("<109I", self._data, 76))
        more = struct.unpack_from("<I", self._data, 68)[0]
        for _ in range(len(self._data) // self._size):
            if more >= _SIGNS:
                break
            *listed, more = self._numbers(self._sector(more))
            named += listed
        return [sector for sector in named if sector < _SIGNS]

    def _sector(self, number: int) -> bytes:
        start = _HEAD + number * self._size
        return self._data[start : start + self._size]

    def _chain(self, start: int) -> bytes:
        return self._follow(self._data[_HEAD:], self._next, self._size, start)

    def _numbers(self, sector: bytes) -> list[int]:
        return [number for (number,) in struct.iter_unpack("<I", sector)]

    def _follow(self, data: bytes, following: list[int], size: int, start: int) -> bytes:
        parts: list[bytes] = []
        at = start
        while at < _SIGNS and len(parts) <= len(following):
            parts.append(data[at * size : (at + 1) * size])
            at = following[at]
        return b"".join(parts)
