"""Which member of an .xlsx holds which sheet."""

from __future__ import annotations

import posixpath
from xml.parsers import expat

from .packing import Fault
from .zipped import Zipped


def members(book: Zipped) -> dict[str, str]:
    """The member of each sheet by the sheet's name."""
    root = _elements(book.read("_rels/.rels"), "Relationship")
    workbook = _path(
        "/", next((one["Target"] for one in root if one["Type"].endswith("/officeDocument")), "")
    )
    folder, name = posixpath.split(workbook)
    targets = {
        one["Id"]: _path(f"/{folder}", one["Target"])
        for one in _elements(book.read(f"{folder}/_rels/{name}.rels"), "Relationship")
    }
    return {one["name"]: targets[_relation(one)] for one in _elements(book.read(workbook), "sheet")}


def _relation(attributes: dict[str, str]) -> str:
    return next((value for name, value in attributes.items() if name.endswith(":id")), "")


def _path(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(folder, target)).lstrip("/")


def _elements(xml: bytes, wanted: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == wanted:
            found.append(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise Fault("broken") from None
    return found
