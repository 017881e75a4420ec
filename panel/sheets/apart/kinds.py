"""What a file is, told from its content alone; its name and what a browser says are not asked."""

from __future__ import annotations

import re

from .packing import Fault

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: The beginning of a sheet of Excel 2 to 4, from before there were workbooks.
_OLDEST = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_PICTURE = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\x00", b"MM\x00*")
_WEB = re.compile(
    rb"MIME-Version:|<(?:\?xml|!--|!doctype|html|head|body|table|meta|style|script|div|font)",
    re.IGNORECASE,
)
_BLANK = b"\xef\xbb\xbf\xff\xfe\x00\t\r\n "
_HEAD = 4096
_ENTRY = 128


def kind_of(data: bytes) -> str:
    """What reads the file: zip, xls, text; refuses what is no sheet with what it is instead."""
    if data.startswith(_ZIP):
        return "zip"
    if data.startswith(_OLE):
        return _ole(data)
    head = data[:_HEAD].lstrip(_BLANK)
    if not head and not data.strip(_BLANK):
        raise Fault("empty")
    if data.startswith(_OLDEST):
        raise Fault("old")
    if data.startswith(b"%PDF"):
        raise Fault("pdf")
    if data.startswith(_PICTURE) or data[4:8] == b"ftyp":
        raise Fault("picture")
    if head.startswith(b"{\\rtf"):
        raise Fault("document")
    plain = head.replace(b"\x00", b"")  # UTF-16 too
    if _WEB.match(plain) or b"<html" in plain[:1024].lower():
        raise Fault("web")
    return "text"


def _ole(data: bytes) -> str:
    """What lies in a compound file: its streams are named in entries of 128 bytes."""
    if _has(data, "EncryptedPackage"):
        raise Fault("password")
    if _has(data, "Workbook") or _has(data, "Book"):
        return "xls"
    if _has(data, "WordDocument") or _has(data, "PowerPoint Document"):
        raise Fault("document")
    raise Fault("broken")


def has_macros(data: bytes) -> bool:
    """Whether an .xls carries programs."""
    return _has(data, "_VBA_PROJECT_CUR") or _has(data, "VBA")


def _has(data: bytes, name: str) -> bool:
    spelled = name.encode("utf-16-le") + b"\x00\x00"
    at = data.find(spelled)
    while at >= 0:
        length = int.from_bytes(data[at + 64 : at + 66], "little")
        if at % _ENTRY == 0 and length == len(spelled):
            return True
        at = data.find(spelled, at + 1)
    return False
