"""Reads a spreadsheet of any kind in a process of its own, within limits of size, memory and time.

The server never parses what was uploaded: it starts the same Python on `panel/sheets/apart`, hands
it the bytes and takes packed rows back. A file that eats memory or time ends that process alone.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from array import array
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Final, cast

from .apart.packing import MOST_TEXT, Fault
from .apart.turns import Turn, megabytes
from .cells import Book, Merged, Rows, Sheet
from .refusing import unreadable

#: Most readings at once in one server process; the others wait their turn.
_TURNS: Final = threading.BoundedSemaphore(2)
#: The module of this folder and calamine are all that the process finds beside Python's own.
_START: Final = (
    "import sys; sys.path[:0] = sys.argv[1:3]; from apart.process import main; main(*sys.argv[3:])"
)

#: Largest file that is read anywhere, in bytes.
LARGEST: Final = 25 * 2**20


@dataclass(frozen=True)
class Limits:
    """What one reading may cost: bytes of memory, seconds of work, and what it leaves to others.

    A file of more than `size` bytes, `unpacked` bytes or `rows` rows is `Later`; 0 takes whatever
    can be read at all: 25 MB, 250 MB and 100,000 rows. `patience`: seconds until a reading that
    hardly gets its turn is given up, too.
    """

    memory: int = 768 * 2**20
    seconds: int = 60
    patience: int = 240
    size: int = 0
    unpacked: int = 0
    rows: int = 0


#: Of the worker and of commands; of a page, which somebody waits for.
WORKER: Final = Limits()
PAGE: Final = Limits(512 * 2**20, 20, 60, size=5 * 2**20, unpacked=50 * 2**20, rows=5_000)


def read(data: bytes, name: str, *, limits: Limits = PAGE) -> Book:
    """The book that the bytes hold, whatever `name` says; raises `Unreadable` with how to mend it.

    Macros and formulas are never run: of a formula the value is taken that Excel saved with it.
    """
    return _read(data, name, limits, pasted=False)


def pasted(text: str, *, limits: Limits = PAGE) -> Book:
    """The cells that were copied from a spreadsheet: one sheet, columns parted by tabs."""
    return _read(text.encode("utf-8", "replace"), "", limits, pasted=True)


def refuse_later(rows: int) -> None:
    """Raise `Later` for a list of more rows than a page waits for."""
    try:
        Turn(rows=PAGE.rows).takes("", rows=rows)
    except Fault as fault:
        raise unreadable(fault.code, fault.values) from None


def _read(data: bytes, name: str, limits: Limits, *, pasted: bool) -> Book:
    if len(data) > LARGEST:
        raise unreadable("size", {"size": megabytes(len(data)), "most": megabytes(LARGEST)})
    sheets: list[Sheet] = []
    with _TURNS, closing(_frames(data, limits, pasted)) as frames:
        for head, ends, rows in frames:
            if "fault" in head:
                raise unreadable(head["fault"], head["values"])
            if "sheet" in head:
                sheets.append(_sheet(head, ends, rows))
            elif not any(sheet.rows for sheet in sheets):
                raise unreadable("empty", {})
            else:
                digest = hashlib.sha256(data).hexdigest()
                return Book(name, head["kind"], digest, tuple(sheets), head["macros"])
    raise unreadable("heavy", {})


def _frames(data: bytes, limits: Limits, pasted: bool) -> Generator[tuple[Any, bytes, bytes]]:
    """What the reading process sends: heads, those of sheets with the ends and bytes of rows."""
    places = str(Path(__file__).parent), str(_installed())
    command = [sys.executable, "-I", "-S", "-X", "utf8", "-c", _START, *places]
    numbers = limits.memory, limits.seconds, limits.size, limits.unpacked, limits.rows
    command += [*map(str, numbers), *(["pasted"] if pasted else [])]
    reader = subprocess.Popen(  # no shell, no word of the file in the command
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
    )
    watch = threading.Timer(limits.patience, reader.kill)
    watch.start()
    out = cast("IO[bytes]", reader.stdout)
    try:
        _hand_over(cast("IO[bytes]", reader.stdin), data)
        room = 2 * MOST_TEXT
        while (head := _part(out, room)) is not None:
            told = json.loads(head)
            if "sheet" not in told:
                yield told, b"", b""
                return
            ends, rows = _part(out, room), _part(out, room)
            if ends is None or rows is None:
                return
            room -= len(head) + len(ends) + len(rows)
            yield told, ends, rows
    finally:
        watch.cancel()
        reader.kill()
        out.close()
        reader.wait()


@cache
def _installed() -> Path:
    """The folder that calamine was installed into."""
    found = find_spec("python_calamine")
    assert found is not None, "calamine is installed with the panel"
    assert found.origin is not None, "calamine is a package"
    return Path(found.origin).parent.parent


def _hand_over(into: IO[bytes], data: bytes) -> None:
    try:
        into.write(data)
        into.close()
    except BrokenPipeError:
        pass  # it has ended before it read everything; what it sent says why


def _part(out: IO[bytes], room: int) -> bytes | None:
    """The next part of a frame; nothing when the process ended before, or sends too much."""
    length = out.read(4)
    size = int.from_bytes(length, "big")
    if len(length) < 4 or size > room:
        return None
    part = out.read(size)
    return part if len(part) == size else None


def _sheet(head: dict[str, Any], ends: bytes, rows: bytes) -> Sheet:
    index = array("I")
    index.frombytes(ends)
    return Sheet(
        head["sheet"],
        head["hidden"],
        Rows(rows, index, head["width"]),
        head.get("first_row", 0),
        head.get("first_column", 0),
        frozenset(head.get("hidden_rows", ())),
        frozenset(head.get("hidden_columns", ())),
        tuple(Merged(*area) for area in head.get("merged", ())),
    )
