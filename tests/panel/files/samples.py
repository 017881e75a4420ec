"""Files that the tests make themselves, sign by sign: honest ones, and what is hidden in others."""

from __future__ import annotations

import struct
import zlib

PLACE = b"GPS -6.1201 106.1503 Fulan"
SCRIPT = b"<script>alert(1)</script>"


def chunk(name: bytes, content: bytes = b"") -> bytes:
    """A chunk of a PNG, with its checksum."""
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check


def png(*extra: bytes, width: int = 2, height: int = 2, tail: bytes = b"") -> bytes:
    """A grey PNG with `extra` chunks before its pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0\x80\x80" * 2))
    return b"".join([b"\x89PNG\r\n\x1a\n", header, *extra, pixels, chunk(b"IEND"), tail])


def segment(marker: int, content: bytes) -> bytes:
    """A segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


JFIF = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
ADOBE = segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01")
SCAN = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x3f"


def frame(width: int = 8, height: int = 8) -> bytes:
    """The frame of a grey baseline JPEG."""
    return segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\0")


def jpeg(*notes: bytes, shape: bytes | None = None, tail: bytes = b"") -> bytes:
    """A grey JPEG of one block, with `notes` before its tables."""
    quantisation = segment(0xDB, b"\0" + b"\x01" * 64)
    codes = b"".join(segment(0xC4, kind + b"\x01" + b"\0" * 16) for kind in (b"\0", b"\x10"))
    shape = frame() if shape is None else shape
    return b"".join([b"\xff\xd8", *notes, quantisation, shape, codes, SCAN, b"\xff\xd9", tail])


def exif(turn: int, order: str = ">") -> bytes:
    """What a telephone notes: how it was held, and where."""
    head = b"MM\0*" if order == ">" else b"II*\0"
    turned = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, turn, 0)
    gps = struct.pack(f"{order}HHII", 0x8825, 4, 1, 38)
    directory = struct.pack(f"{order}H", 2) + turned + gps + bytes(4)
    return segment(0xE1, b"Exif\0\0" + head + struct.pack(f"{order}I", 8) + directory + PLACE)


def pdf(*objects: bytes, head: bytes = b"", tail: bytes = b"") -> bytes:
    """A PDF of one empty page, with `objects` beside it."""
    page = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    )
    text, places = b"%PDF-1.7\n", []
    for number, content in enumerate((*page, *objects), 1):
        places.append(len(head + text))
        text += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1) + rows
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(places) + 1)
    start = b"startxref\n%d\n%%%%EOF\n" % len(head + text)
    return head + text + table + trailer + start + tail


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object, as it stands in the file."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(content), content)


def object_stream(*objects: bytes, packed: bool = True, kind: bytes = b"/Type /ObjStm") -> bytes:
    """Objects where a plain search does not see them."""
    numbers = b" ".join(b"%d 0" % (20 + number) for number in range(len(objects))) + b" "
    content = numbers + b" ".join(objects)
    entries = kind + b" /N %d /First %d" % (len(objects), len(numbers))
    if not packed:
        return stream(content, entries)
    return stream(zlib.compress(content), entries + b" /Filter /FlateDecode")


def zip_of(name: bytes = b"word/document.xml", content: bytes = b"<w/>") -> bytes:
    """A zip with one member, as in a docx."""
    sizes = struct.pack("<III", zlib.crc32(content), len(content), len(content))
    times = struct.pack("<HHHHH", 20, 0, 0, 0, 0)
    local = b"PK\3\4" + times + sizes + struct.pack("<HH", len(name), 0) + name + content
    central = b"PK\1\2" + struct.pack("<H", 20) + times + sizes
    central += struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name
    return (
        local
        + central
        + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(central), len(local), 0)
    )
