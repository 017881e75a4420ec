"""Books that were read, kept beside the files they came from, so that no page reads one again.

A book lies in one file, which is mapped into memory and never loaded: its rows cost a server
nothing until they are asked for. Whoever deletes the file that was handed in drops its book too.
"""

from __future__ import annotations

import json
import mmap
import os
import re
import secrets
from array import array
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, cast

from .cells import Book, Merged, Rows, Sheet

#: In which form books are kept; another one is read again from its file.
FORMAT: Final = 1
_END: Final = ".book"
_KEY: Final = re.compile(r"[0-9a-f]{32}")


class Shelf:
    """A folder that only the panel's own user can read, shared by all its processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, key: str, book: Book) -> None:
        """Put a book there, whole or not at all; one that was there is replaced."""
        heads: list[dict[str, Any]] = []
        parts: list[bytes | memoryview] = []
        at = 0
        for sheet in book.sheets:
            rows, ends, width = cast("Rows", sheet.rows).packed
            heads.append({**_told(sheet), "width": width, "ends": [at, len(ends)]})
            at += len(ends)
            heads[-1]["rows"] = [at, len(rows)]
            at += len(rows)
            parts += [ends, rows]
        told = {"form": FORMAT, "name": book.name, "kind": book.kind, "sha256": book.sha256}
        head = json.dumps({**told, "macros": book.macros, "sheets": heads}).encode()
        self.write(key + _END, [len(head).to_bytes(8, "big"), head, *parts])

    def find(self, key: str) -> Book | None:
        """The book that was kept under this key, or None."""
        data = self.open(key + _END)
        if data is None:
            return None
        start = 8 + int.from_bytes(data[:8], "big")
        head = json.loads(bytes(data[8:start]))
        if head["form"] != FORMAT:
            return None
        sheets = tuple(_sheet(one, data[start:]) for one in head["sheets"])
        return Book(head["name"], head["kind"], head["sha256"], sheets, head["macros"])

    def holds(self, key: str) -> bool:
        """Whether a book was kept under this key."""
        return (self.folder / (key + _END)).exists()

    def open(self, name: str) -> memoryview | None:
        """What lies in a file of the folder, mapped into memory; None where there is none."""
        try:
            with open(self.folder / name, "rb") as file:
                return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except (FileNotFoundError, ValueError):
            return None

    def write(self, name: str, parts: Iterable[bytes | memoryview]) -> None:
        """Put a file into the folder, whole or not at all."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = self.folder / f"{name}.{secrets.token_hex(8)}"
        try:
            with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                for part in parts:
                    file.write(part)
            half.replace(self.folder / name)
        finally:
            half.unlink(missing_ok=True)

    def drop(self, key: str, *, book: bool = True) -> None:
        """Delete what was worked out of the file with this key; its book too, unless it stays."""
        if _KEY.fullmatch(key):
            for path in self.folder.glob(f"{key}*"):
                if book or path.name != key + _END:
                    path.unlink(missing_ok=True)

    def held(self) -> set[str]:
        """The keys under which anything lies here."""
        with suppress(FileNotFoundError):
            names = os.listdir(self.folder)
            return {name[:32] for name in names if _KEY.fullmatch(name[:32])}
        return set()


def _told(sheet: Sheet) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "hidden": sheet.hidden,
        "first": [sheet.first_row, sheet.first_column],
        "hidden_rows": sorted(sheet.hidden_rows),
        "hidden_columns": sorted(sheet.hidden_columns),
        "merged": sheet.merged,
    }


def _sheet(head: dict[str, Any], data: memoryview) -> Sheet:
    ends = array("I")
    ends.frombytes(data[head["ends"][0] : sum(head["ends"])])
    rows = data[head["rows"][0] : sum(head["rows"])]
    return Sheet(
        head["name"],
        head["hidden"],
        Rows(rows, ends, head["width"]),
        head["first"][0],
        head["first"][1],
        frozenset(head["hidden_rows"]),
        frozenset(head["hidden_columns"]),
        tuple(Merged(*area) for area in head["merged"]),
    )
