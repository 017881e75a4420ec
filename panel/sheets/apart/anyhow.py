"""The members of any zip that Python can read; imported for one that is not as most are."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from .members import Member
from .packing import Fault

_STEP = 2**20
_ENCRYPTED = 1
#: What Python says of a zip that is cut off, bent or packed in a way it does not know.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


class Other(Member):
    """One file in the zip, of whatever form."""

    def __init__(self, book: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        self.name = info.filename
        self.size = info.file_size
        self.locked = bool(info.flag_bits & _ENCRYPTED)
        self._book, self._info = book, info

    def pieces(self) -> Iterator[bytes]:
        """What is in it, unpacked."""
        try:
            with self._book.open(self._info) as member:
                while piece := member.read(_STEP):
                    yield piece
        except _DAMAGE:
            raise Fault("broken") from None


def members(data: bytes) -> list[Other]:
    """All that the directory names."""
    try:
        book = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, OverflowError):
        raise Fault("broken") from None
    return [Other(book, info) for info in book.infolist()]
