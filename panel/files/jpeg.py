"""JPEG taken apart and put together again, without decoding a single pixel. Pure.

Kept are tables, frame and scans, how the colours are meant and which side is up. What cameras and
programs write beside them is left out: place, time, device, comments, thumbnails, colour profiles,
and anything behind the end.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import Final

from .pictures import PARTS, broken, check_pixels

START: Final = b"\xff\xd8\xff"

_END, _SCAN, _COMMENT = 0xD9, 0xDA, 0xFE
_FRAMES = {0xC0, 0xC1, 0xC2}  # baseline, extended, progressive: what browsers draw
_TABLES = {0xC4, 0xDB, 0xDD}  # Huffman, quantisation, restart interval
_NOTES = {*range(0xE0, 0xF0), _COMMENT}
_LEAD = re.compile(rb"\xff+([^\xff])", re.DOTALL)
# the end of pixel data: a marker that is neither a stuffed byte nor a restart
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


def clean(data: bytes) -> bytes:
    """What of `data` is kept; `Refused` when the picture is broken, cut off or too large."""
    notes: dict[int, bytes] = {}
    body: list[bytes] = []
    framed = scanned = False
    for marker, segment in _segments(data):
        if marker in _NOTES:
            notes = _kept_note(marker, segment[2:]) | notes  # the first of each counts
            continue
        if marker in _FRAMES and not framed:
            _check_frame(segment)
            framed = True
        elif marker == _SCAN and framed:
            scanned = True
        elif marker not in _TABLES:
            raise broken()
        body.append(bytes((0xFF, marker)) + segment)
    if not scanned:
        raise broken()
    return b"".join([data[:2], *(notes[marker] for marker in sorted(notes)), *body, b"\xff\xd9"])


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each marker up to the end of the picture, with its segment and the pixels behind it.

    A segment that says it is longer than the file is told by the marker missing behind it.
    """
    at = 2
    for _ in range(PARTS):
        marker, start = _next_marker(data, at)
        if marker == _END:
            return
        at = start + int.from_bytes(data[start : start + 2], "big")
        if marker == _SCAN:
            at = _end_of_scan(data, at)
        yield marker, data[start:at]
    raise broken()


def _next_marker(data: bytes, at: int) -> tuple[int, int]:
    """The marker that stands at `at`, behind any number of FF; and where it ends."""
    found = _LEAD.match(data, at)
    if found is None:
        raise broken()
    return found[1][0], found.end()


def _end_of_scan(data: bytes, at: int) -> int:
    found = _MARKER.search(data, at)
    if found is None:
        raise broken()
    return found.start()


def _check_frame(segment: bytes) -> None:
    if len(segment) < 8:
        raise broken()
    height, width = struct.unpack_from(">HH", segment, 3)
    check_pixels(width, height)


def _kept_note(marker: int, content: bytes) -> dict[int, bytes]:
    """What stays of a note, written anew so that nothing hides in it."""
    if marker == 0xE0 and content.startswith(b"JFIF\0") and len(content) >= 14:
        return {marker: _segment(marker, content[:12] + b"\0\0")}  # no thumbnail
    if marker == 0xE1 and content.startswith(b"Exif\0\0") and (turn := _turn(content[6:])):
        only = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, 0x0112, 3, 1, turn, 0, 0)
        return {marker: _segment(marker, b"Exif\0\0" + only)}
    if marker == 0xEE and content.startswith(b"Adobe") and len(content) >= 12:
        return {marker: _segment(marker, content[:12])}  # how its colours are meant
    return {}


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _turn(tiff: bytes) -> int | None:
    """How a telephone was held (2 to 8), without which the photo would lie on its side."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 8:
        return None
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    if first + 2 > len(tiff):
        return None
    (count,) = struct.unpack_from(f"{order}H", tiff, first)
    for at in range(first + 2, min(first + 2 + 12 * count, len(tiff) - 11), 12):
        tag, kind, values, turn = struct.unpack_from(f"{order}HHIH", tiff, at)
        if (tag, kind, values) == (0x0112, 3, 1):
            return turn if 2 <= turn <= 8 else None
    return None
