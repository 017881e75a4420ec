"""Which member of an .xlsx holds which sheet."""

from __future__ import annotations

import posixpath
from xml.parsers import expat

from .packing import Fault
from .zipped import Zipped

_RELATIONS = "xl/_rels/workbook.xml.rels"


def members(book: Zipped) -> dict[str, str]:
    """The member of each sheet by the sheet's name."""
    targets = {
        attributes.get("Id", ""): attributes.get("Target", "")
        for attributes in _elements(book.read(_RELATIONS), "Relationship")
    }
    return {
        attributes.get("name", ""): _path(targets.get(_relation(attributes), ""))
        for attributes in _elements(book.read("xl/workbook.xml"), "sheet")
    }


def _relation(attributes: dict[str, str]) -> str:
    return next((value for name, value in attributes.items() if name.endswith(":id")), "")


def _path(target: str) -> str:
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


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
