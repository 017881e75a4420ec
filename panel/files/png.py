"""PNG taken apart and put together again, without decoding a single pixel. Pure.

Kept are header, palette, pixels, transparency and gamma; texts, times, places, colour profiles,
animations and anything behind the end are left out.
"""

from __future__ import annotations

import struct
import zlib
from typing import Final

from .pictures import PARTS, broken, check_pixels

START: Final = b"\x89PNG\r\n\x1a\n"

#: Chunks of a PNG that are kept, with the sizes that they may have.
_CHUNKS = {
    b"IHDR": range(13, 14),
    b"PLTE": range(3, 769, 3),
    b"tRNS": range(1, 257),
    b"gAMA": range(4, 5),
    b"sRGB": range(1, 2),
    b"cHRM": range(32, 33),
    b"IDAT": range(2**31),
    b"IEND": range(1),
}
_DEPTHS = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}


def clean(data: bytes) -> bytes:
    """What of `data` is kept; `Refused` when the picture is broken, cut off or too large."""
    kept = [START]
    names: list[bytes] = []
    at = len(START)
    for _ in range(PARTS):
        name, content, whole = _chunk(data, at)
        at += len(whole)
        if name not in _CHUNKS:
            if not name[0] & 0x20:  # a capital: no viewer can draw the picture without it
                raise broken()
            continue
        if len(content) not in _CHUNKS[name] or not _in_order(name, names):
            raise broken()
        if name == b"IHDR":
            _check_header(content)
        names.append(name)
        kept.append(whole)
        if name == b"IEND":
            return b"".join(kept)
    raise broken()


def _chunk(data: bytes, at: int) -> tuple[bytes, bytes, bytes]:
    """Name, content and all bytes of the chunk at `at`, whose checksum is right."""
    size = int.from_bytes(data[at : at + 4], "big")
    whole = data[at : at + size + 12]
    name, content = whole[4:8], whole[8:-4]
    if len(whole) != size + 12 or not name.isalpha():
        raise broken()
    if zlib.crc32(whole[4:-4]) != int.from_bytes(whole[-4:], "big"):
        raise broken()
    return name, content, whole


def _in_order(name: bytes, names: list[bytes]) -> bool:
    """The header first, pixels in one row, everything else once and before or after them."""
    if name == b"IHDR" or not names:
        return name == b"IHDR" and not names
    if name == b"IDAT":
        return b"IDAT" not in names or names[-1] == b"IDAT"
    return name not in names and (name == b"IEND") == (b"IDAT" in names)


def _check_header(content: bytes) -> None:
    width, height, depth, colour, packing, filtering, lacing = struct.unpack(">IIBBBBB", content)
    check_pixels(width, height)
    if depth not in _DEPTHS.get(colour, ()) or packing or filtering or lacing > 1:
        raise broken()
