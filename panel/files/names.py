"""The name under which a stored file is shown and downloaded. Pure."""

from __future__ import annotations

import unicodedata
from typing import Final

#: Most characters of a name, its ending included.
LONGEST: Final = 120

#: Endings that tell each kind truly; the first one is added where none of them stands.
ENDINGS: Final[dict[str, tuple[str, ...]]] = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
}
#: The same for spreadsheets, which are kept to be read again and never attached to a record.
SHEETS: Final[dict[str, tuple[str, ...]]] = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx", ".xlsm"),
    "application/vnd.ms-excel": (".xls",),
    "application/vnd.oasis.opendocument.spreadsheet": (".ods",),
    "text/csv": (".csv", ".txt", ".tsv"),
    "text/tab-separated-values": (".tsv",),
}


def display_name(name: str, media_type: str) -> str:
    """`name` without folders and hidden signs, ending as the content is: "a.exe" is "a.exe.pdf"."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(" " if sign.isspace() else sign for sign in last if not _hidden(sign))
    stem = unicodedata.normalize("NFC", " ".join(shown.split())).rstrip(". ")
    endings = {**ENDINGS, **SHEETS}[media_type]
    ending = next((end for end in endings if stem.lower().endswith(end)), endings[0])
    if stem.lower().endswith(ending):
        stem = stem[: -len(ending)]
    return (stem[: LONGEST - len(ending)].strip(". ") or "file") + ending


def _hidden(sign: str) -> bool:
    """Controls, turned writing direction, zero widths, halves of a pair; but no blanks."""
    return not sign.isspace() and unicodedata.category(sign) in {"Cc", "Cf", "Cn", "Co", "Cs"}
