"""PDF: pages only. Whatever runs, opens or carries something else is refused. Pure.

Names are looked for in the whole file as it stands, with their # escapes, and again in every
compressed stream that could be an object stream. That is a sieve, not a proof: stored files are
never opened here and leave as downloads alone.
"""

from __future__ import annotations

import re
import zlib
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from ..words import Refused, Sentence, say

_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?[\x00\t\n\x0c\r ]{0,1000}%PDF-[12]\.\d")
_TAIL = re.compile(rb"%%EOF[\x00\t\n\x0c\r ]*\Z")
_NEAR = 1024

_BLANKS = re.compile(rb"[\x00\t\n\x0c\r ]*")
_STREAM = re.compile(rb"(?<!end)stream[^\r\n]{0,64}(?:\r\n?|\n)")
_NUMBER = b"0123456789+-%"  # how an object stream begins; a comment may stand before

#: Most streams, and most bytes that one of them and all together may unpack to.
STREAMS: Final = 20_000
UNPACKED: Final = 16 * 2**20
UNPACKED_TOGETHER: Final = 128 * 2**20

SCRIPT = say("The PDF holds a script. Print it to a new PDF and attach that.")
CARRIES = say("The PDF carries other files or media. Print it to a new PDF and attach that.")
ACTS = say("The PDF starts something when it is opened. Print it to a new PDF and attach that.")
LOCKED = say("The PDF is encrypted. Save it without a password and attach that.")
OPAQUE = say("The PDF cannot be looked through. Print it to a new PDF and attach that.")
BROKEN = say("The PDF is broken or cut off. Save it again and attach that.")


def _names(*names: str, then: bytes = rb"") -> re.Pattern[bytes]:
    """Any of `names` as a PDF writes them: each sign as itself or as # and two digits."""
    spelled = ("".join(f"(?:{sign}|#(?i:{ord(sign):02x}))" for sign in name) for name in names)
    ends = rb"(?=[\x00\t\n\x0c\r ()<>\[\]{}/%]|\Z)"
    return re.compile(b"/(?:" + "|".join(spelled).encode() + b")" + ends + then)


_OBJECT_STREAM = _names("ObjStm")
#: The short name also occurs by chance in pixels, so it is looked for between streams alone.
_SHORT = ((_names("JS"), SCRIPT),)
_LONG = (
    (_names("Encrypt"), LOCKED),
    (_names("JavaScript", "XFA"), SCRIPT),
    (_names("EmbeddedFile", "EmbeddedFiles", "FileAttachment", "RichMedia"), CARRIES),
    (_names("Launch", "SubmitForm", "ImportData", "GoToE"), ACTS),
    # an array is only the page to begin with, which LibreOffice writes into every file
    (_names("OpenAction", then=rb"(?![\x00\t\n\x0c\r ]*\[)"), ACTS),
)


def is_pdf(data: bytes) -> bool:
    """Whether the file begins as a PDF, behind nothing but blanks."""
    return _HEADER.match(data) is not None


def without_actions(data: bytes) -> bytes:
    """The same bytes, when they end as a PDF and hold none of the names that are refused."""
    if not _TAIL.search(data, max(0, len(data) - _NEAR)):
        raise Refused("field", BROKEN)
    _refuse(data, _LONG)
    _refuse(_between_streams(data), _SHORT)
    for text in _object_streams(data):
        _refuse(text, _LONG + _SHORT)
    return data


def _refuse(text: bytes, refused: tuple[tuple[re.Pattern[bytes], Sentence], ...]) -> None:
    for pattern, sentence in refused:
        if pattern.search(text):
            raise Refused("field", sentence)


def _between_streams(data: bytes) -> bytes:
    """What stands outside of streams."""
    parts, at = [], 0
    while (start := data.find(b"stream", at)) >= 0:
        parts.append(data[at:start])
        end = data.find(b"endstream", start)
        if end < 0:
            at = start
            break
        at = end + len(b"endstream")
    return b"".join([*parts, data[at:]])


def _object_streams(data: bytes) -> Iterator[bytes]:
    """The text of every stream that begins as an object stream does, whatever it calls itself.

    Refuses a stream that calls itself one and cannot be read.
    """
    starts = [found.end() for found in _STREAM.finditer(data)]
    if len(starts) > STREAMS:
        raise Refused("field", OPAQUE)
    together, read = 0, set()
    for start in starts:
        plain = data[start : start + 1] in _NUMBER
        text = b"" if plain else _unpacked(memoryview(data)[start:])
        together += len(text)
        if together > UNPACKED_TOGETHER:
            raise Refused("field", OPAQUE)
        if plain or text:
            read.add(start)
        if text:
            yield text
    for found in _OBJECT_STREAM.finditer(data):
        following = bisect_left(starts, found.end())
        if following < len(starts) and starts[following] not in read:
            raise Refused("field", OPAQUE)


def _unpacked(packed: memoryview) -> bytes:
    """What a deflated stream unpacks to, if that begins with a number; else nothing."""
    if len(packed) < 2 or packed[0] & 15 != 8 or (packed[0] << 8 | packed[1]) % 31:
        return b""
    engine, text, blanks, at, step = zlib.decompressobj(), bytearray(), 0, 0, 64
    while at < len(packed) and not engine.eof:
        try:
            text += engine.decompress(packed[at : at + step])
        except zlib.error:
            break  # viewers show what came before the fault
        at, step = at + step, 4096
        found = _BLANKS.match(text, blanks)
        blanks = found.end() if found else blanks
        if blanks < len(text) and text[blanks] not in _NUMBER:
            return b""
        if len(text) > UNPACKED:
            raise Refused("field", OPAQUE)
    return bytes(text)
