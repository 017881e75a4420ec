"""A zip looked through before anything in it is parsed: how much, how packed, which kind."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from .packing import Fault
from .turns import Turn, megabytes

#: Most files in the zip, and most bytes that they come to.
MEMBERS = 200
UNPACKED = 250 * 2**20
#: Above this size nothing may have shrunk more than so many times.
SUSPECT = 16 * 2**20
RATIO = 200

_STEP = 2**20
_XML = re.compile(r"\.(?:xml|rels|vml)$", re.IGNORECASE)
# programs of LibreOffice name a DTD; they are never opened
_PROGRAMS = re.compile(r"(?:Basic|Dialogs|Scripts)/", re.IGNORECASE)
_WORKBOOK = re.compile(r"xl/workbook\d*\.xml")
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_SHEETS = b"application/vnd.oasis.opendocument.spreadsheet"
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


class Zipped:
    """The zip with the kind of book that it holds; `names` of its members in small letters.

    `turn` says whether this reading is the one for a file of that kind and size.
    """

    def __init__(self, data: bytes, turn: Turn) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, OverflowError):
            raise Fault("broken") from None
        self._check_sizes(len(data))
        self.names = {info.filename.lower(): info for info in self._zip.infolist()}
        self.kind = self._kind()
        turn.takes(self.kind, unpacked=self._unpacked)
        for info in self._zip.infolist():
            self._look_through(info)

    @property
    def macros(self) -> bool:
        """Whether programs lie in it."""
        return any(name.endswith("vbaproject.bin") or _PROGRAMS.match(name) for name in self.names)

    def read(self, name: str) -> bytes:
        """One member, unpacked."""
        try:
            return self._zip.read(self.names[name.lower()])
        except (KeyError, *_DAMAGE):
            raise Fault("broken") from None

    def _check_sizes(self, size: int) -> None:
        members = self._zip.infolist()
        if len(members) > MEMBERS:
            raise Fault("members", count=len(members), most=MEMBERS)
        self._unpacked = unpacked = sum(info.file_size for info in members)
        if unpacked > SUSPECT and unpacked > RATIO * size:
            raise Fault("bomb")
        if unpacked > UNPACKED:
            raise Fault("unpacked", size=megabytes(unpacked), most=megabytes(UNPACKED))
        if any(info.flag_bits & _ENCRYPTED for info in members):
            raise Fault("password")

    def _kind(self) -> str:
        """ "xlsx" or "ods"; refuses other things that come as a zip by what they are."""
        names = self.names
        if any(map(_WORKBOOK.fullmatch, names)):
            return "xlsx"
        if "xl/workbook.bin" in names:
            raise Fault("binary")
        if "word/document.xml" in names or "ppt/presentation.xml" in names:
            raise Fault("document")
        if "mimetype" in names and "content.xml" in names:
            if not self.read("mimetype").startswith(_SHEETS):
                raise Fault("document")
            if b"encryption-data" in self.read("META-INF/manifest.xml"):
                raise Fault("password")
            return "ods"
        raise Fault("archive")

    def _look_through(self, info: zipfile.ZipInfo) -> None:
        """Unpacks a member piece by piece; refuses XML that declares what is not in it."""
        if not _XML.search(info.filename) or _PROGRAMS.match(info.filename):
            return
        tail = b""
        try:
            with self._zip.open(info) as member:
                while piece := member.read(_STEP):
                    if b"\x00" in piece:  # UTF-16: no program writes sheets so
                        raise Fault("broken")
                    if _ENTITY.search(tail + piece):
                        raise Fault("entity")
                    tail = piece[-16:]
        except _DAMAGE:
            raise Fault("broken") from None
