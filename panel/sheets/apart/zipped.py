"""A zip looked through before anything in it is parsed: how much, how packed, which kind."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .members import Member, members
from .packing import Fault
from .turns import Turn, megabytes

#: Most files in the zip, and most bytes that they come to.
MEMBERS = 200
UNPACKED = 250 * 2**20
#: Above this size nothing may have shrunk more than so many times.
SUSPECT = 16 * 2**20
RATIO = 200

_XML = re.compile(r"\.(?:xml|rels|vml)$", re.IGNORECASE)
# programs of LibreOffice name a DTD; they are never opened
_PROGRAMS = re.compile(r"(?:Basic|Dialogs|Scripts)/", re.IGNORECASE)
_WORKBOOK = re.compile(r"xl/workbook\d*\.xml")
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_SHEETS = b"application/vnd.oasis.opendocument.spreadsheet"


class Zipped:
    """The zip with the kind of book that it holds; `names` of its members in small letters.

    `turn` says whether this reading is the one for a file of that kind and size.
    """

    def __init__(self, data: bytes, turn: Turn) -> None:
        self._size, self._turn = len(data), turn
        try:
            self._look_at(members(data))
        except Fault:
            from . import anyhow

            self._look_at(anyhow.members(data))

    def _look_at(self, found: Sequence[Member]) -> None:
        self._check_sizes(found)
        self.names = {member.name.lower(): member for member in found}
        self.kind = self._kind()
        self._turn.takes(self.kind, unpacked=self._unpacked)
        for member in found:
            self._look_through(member)

    @property
    def macros(self) -> bool:
        """Whether programs lie in it."""
        return any(name.endswith("vbaproject.bin") or _PROGRAMS.match(name) for name in self.names)

    def read(self, name: str) -> bytes:
        """One member, unpacked."""
        member = self.names.get(name.lower())
        if member is None:
            raise Fault("broken")
        return b"".join(member.pieces())

    def _check_sizes(self, found: Sequence[Member]) -> None:
        if len(found) > MEMBERS:
            raise Fault("members", count=len(found), most=MEMBERS)
        self._unpacked = unpacked = sum(member.size for member in found)
        if unpacked > SUSPECT and unpacked > RATIO * self._size:
            raise Fault("bomb")
        if unpacked > UNPACKED:
            raise Fault("unpacked", size=megabytes(unpacked), most=megabytes(UNPACKED))
        if any(member.locked for member in found):
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

    def _look_through(self, member: Member) -> None:
        """Unpacks a member piece by piece; refuses XML that declares what is not in it."""
        if not _XML.search(member.name) or _PROGRAMS.match(member.name):
            return
        text = b""
        for piece in member.pieces():
            if b"\x00" in piece:  # UTF-16: no program writes sheets so
                raise Fault("broken")
            text = text[-16:] + piece
            if _ENTITY.search(text):
                raise Fault("entity")
