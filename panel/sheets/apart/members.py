"""The members of a zip as most programs write it: whole, none over another, a directory behind.

Python's `zipfile` reads every form of zip and takes longer to load than a list to be read. It is
asked (`anyhow`) about each zip that is refused here, and what it says holds.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from itertools import pairwise

from .packing import Fault

_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
#: The version that knows folders and the usual packing, and how a member may be packed.
_VERSION = 20
_STORED, _DEFLATED = 0, 8
#: Flags that change nothing: how hard it was packed, sizes told again behind it, a name in UTF-8.
_FLAGS = 0x080E
_STEP = 2**14


class Member:
    """One file in the zip: its `name`, its unpacked `size`, whether it is `locked`."""

    locked = False

    def __init__(self, data: bytes, at: int) -> None:
        entry = _ENTRY.unpack_from(data, at)
        mark, _, version, flags, self._packing, _, _, self._sum, packed, self.size = entry[:10]
        named, extra, comment, disk, _, _, self.start = entry[10:]
        local = _LOCAL.unpack_from(data, self.start)
        self.entry_end = at + _ENTRY.size + named
        begin = self.start + _LOCAL.size
        name = data[at + _ENTRY.size : self.entry_end]
        marked = mark == b"PK\x01\x02" and local[0] == b"PK\x03\x04"
        alike = data[begin : begin + local[9]] == name and name.isascii() and 0 not in name
        usual = version <= _VERSION and not flags & ~_FLAGS and not (extra or comment or disk)
        if not (marked and alike and usual and self._packing in (_STORED, _DEFLATED)):
            raise Fault("broken")
        self.name = name.decode()
        self._begin = begin + named + local[10]
        self.end = self._begin + packed
        self._data = data

    def pieces(self) -> Iterator[bytes]:
        """What is in it, unpacked; refuses what is not as long, or not what the directory says."""
        engine = zlib.decompressobj(-zlib.MAX_WBITS) if self._packing else None
        left, checked = self.size, 0
        for at in range(self._begin, self.end, _STEP):
            piece = self._data[at : min(at + _STEP, self.end)]
            try:
                piece = engine.decompress(piece, left + 1) if engine else piece
            except zlib.error:
                raise Fault("broken") from None
            left, checked = left - len(piece), zlib.crc32(piece, checked)
            if left < 0:
                break
            yield piece
        if left or checked != self._sum or (engine and not engine.eof):
            raise Fault("broken")


def members(data: bytes) -> list[Member]:
    """All that the directory names, in its order; refuses a zip of any other form."""
    found: list[Member] = []
    try:
        mark, *disks, here, count, size, at, comment = _END.unpack(data[-_END.size :])
        directory, end = at, len(data) - _END.size
        while at < end and len(found) < count:
            found.append(Member(data, at))
            at = found[-1].entry_end
    except struct.error:
        raise Fault("broken") from None
    ends = [*sorted((one.start, one.end) for one in found), (directory, end)]
    apart = all(one[1] <= other[0] for one, other in pairwise(ends))
    whole = at == end == directory + size and len(found) == count == here
    larger = data[-42:-38] == b"PK\x06\x07"  # where a zip with 64 bits says so
    if mark != b"PK\x05\x06" or any(disks) or comment or larger or not (apart and whole):
        raise Fault("broken")
    return found
