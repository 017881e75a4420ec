"""Which files may be handed in, told from their content alone, and what of them is kept. Pure.

Neither the name nor the type that a browser declares is asked. A picture is taken apart and put
together again without what its maker wrote into it; a PDF is kept byte for byte, so that its
signatures stay valid, and is refused when it holds more than pages.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ..words import Refused, Sentence, say
from . import jpeg, png
from .documents import is_pdf, without_actions
from .names import display_name

#: Largest file, in bytes.
LIMIT: Final = 10 * 1024 * 1024

# the end of a zip's table of contents: docx, xlsx, jar and apk are zips too
_ZIP = b"PK\x05\x06\x00\x00\x00\x00"
# what makes a careless reader take the head of a file for a web page
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|script|iframe|svg|\?php)", re.IGNORECASE)
_HEAD = 1024

#: The kinds that are taken: how each is known, and what makes it fit to be kept.
KINDS: Final[dict[str, tuple[Callable[[bytes], bool], Callable[[bytes], bytes]]]] = {
    "application/pdf": (is_pdf, without_actions),
    "image/jpeg": (lambda data: data.startswith(jpeg.START), jpeg.clean),
    "image/png": (lambda data: data.startswith(png.START), png.clean),
}


@dataclass(frozen=True)
class CheckedFile:
    """A file that is fit to be kept: `size` and `sha256` are of `data`, which is what is kept."""

    data: bytes
    name: str
    media_type: str

    @property
    def size(self) -> int:
        """Number of bytes."""
        return len(self.data)

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes, 64 hexadecimal digits."""
        return hashlib.sha256(self.data).hexdigest()


def check(data: bytes, name: str = "") -> CheckedFile:
    """What of `data` is to be kept, under a name that is safe to show; or `Refused` ("field")."""
    if not data:
        raise Refused("field", say("The file is empty."))
    if len(data) > LIMIT:
        raise Refused(
            "field", say("The file is too large. At most %(most)s MB.", most=LIMIT // 2**20)
        )
    media_type = kind_of(data)
    if media_type is None:
        raise Refused("field", foreign(data))
    if _ZIP in data:
        raise Refused("field", say("A second file is hidden in this file. It was not taken."))
    kept = KINDS[media_type][1](data)
    if _MARKUP.search(kept, 0, _HEAD):
        raise Refused("field", say("A web page is hidden in this file. It was not taken."))
    return CheckedFile(kept, display_name(name, media_type), media_type)


def kind_of(data: bytes) -> str | None:
    """The media type that the content shows, if it is one of those that are taken."""
    return next((kind for kind, (shows, _) in KINDS.items() if shows(data)), None)


def foreign(data: bytes) -> Sentence:
    """Why a file of another kind is not taken, and what to hand in instead."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")):
        return say("This is a Word, Excel or zip file. Save it as PDF and attach the PDF.")
    if data[4:8] == b"ftyp":
        return say("This is a HEIC picture or a video. Save it as JPEG and attach the JPEG.")
    return say(
        "Only PDF, JPEG and PNG can be attached. The content of this file is something else, "
        "whatever its name says."
    )
