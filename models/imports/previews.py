"""What a check found, kept in a file beside the import: a page of it is read in no time.

The file says what it was worked out of; it is asked only while all of that is as it was. What
stands in the rows is kept as the preview shows it, and no longer than the file that was handed in.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from panel.carried import carried, told
from panel.sheets.shelf import Shelf
from panel.words import Label, Sentence

from .checking import Progress, Reading, Recorded, Report, check
from .outcomes import CLASSES, Class, Difference, Draft, Outcome
from .rows import Problem

#: Rows that are packed together.
BLOCK: Final = 50
_END: Final = ".rows"
_SIGNS: Final[dict[Class, str]] = {kind: chr(97 + at) for at, kind in enumerate(CLASSES)}


class Preview:
    """A check that was kept: what it is of, and its rows as they are asked for."""

    def __init__(self, data: memoryview) -> None:
        self._data = data
        at = int.from_bytes(data[-8:], "big")
        head = json.loads(zlib.decompress(data[at:-8]))
        #: What it was worked out of.
        self.of: Mapping[str, Any] = head["of"]
        #: The column of each field, counted from 0 in the sheet, and the letters of each column.
        self.columns: dict[str, int] = head["columns"]
        self.letters: dict[str, str] = head["letters"]
        self.sheet: str = head["sheet"]
        self._report = head["report"]
        self._kinds: str = head["kinds"]
        self._blocks: list[int] = head["blocks"]

    def report(self, kind: Class | None = None, start: int = 0, size: int = 0) -> Report:
        """What the check found, with so many rows of a class from the `start`-th on."""
        kept = self._report
        page = self._rows(self._places(kind, start, size))
        return Report(
            counts={one: kept["counts"][one] for one in CLASSES},
            problems=[(_outcome(row), _problem(one)) for row, one in kept["problems"]],
            rest=[_outcome(row) for row in kept["rest"]],
            page=page,
            **kept["told"],
        )

    def outcomes(self) -> Iterator[Outcome]:
        """Everything that was found, with what is to be written, in the order of the file."""
        for block in range(len(self._blocks) - 1):
            first, last = self._blocks[block], self._blocks[block + 1]
            yield from map(_outcome, json.loads(zlib.decompress(self._data[first:last])))
        yield from map(_outcome, self._report["rest"])

    def _places(self, kind: Class | None, start: int, size: int) -> list[int]:
        """Which rows a page shows, counted from 0 over all of them."""
        if kind is None:
            return list(range(len(self._kinds))[start : start + size])
        found, sign = [], _SIGNS[kind]
        at = self._kinds.find(sign)
        for number in range(start + size):
            if at < 0:
                break
            if number >= start:
                found.append(at)
            at = self._kinds.find(sign, at + 1)
        return found

    def _rows(self, places: list[int]) -> list[Outcome]:
        blocks: dict[int, list[Any]] = {}
        for block in sorted({at // BLOCK for at in places}):
            first, last = self._blocks[block], self._blocks[block + 1]
            blocks[block] = json.loads(zlib.decompress(self._data[first:last]))
        return [_outcome(blocks[at // BLOCK][at % BLOCK]) for at in places]


def preview_of(shelf: Shelf, key: str) -> Preview | None:
    """The check that was kept last under this key, or None."""
    data = shelf.open(key + _END)
    return Preview(data) if data is not None else None


def work_out(
    shelf: Shelf,
    key: str,
    of: Mapping[str, Any],
    reading: Reading,
    known: Recorded,
    progress: Progress | None = None,
) -> Preview:
    """Check the whole file and keep what is found under `key`."""
    kinds: list[str] = []
    parts: list[bytes] = []
    blocks, waiting = [0], list[Any]()

    def pack() -> None:
        parts.append(zlib.compress(json.dumps(waiting).encode(), 1))
        blocks.append(blocks[-1] + len(parts[-1]))
        waiting.clear()

    def each(outcome: Outcome) -> None:
        kinds.append(_SIGNS[outcome.kind])
        waiting.append(_packed(outcome))
        if len(waiting) == BLOCK:
            pack()

    report = check(reading, known, size=0, progress=progress, each=each)
    pack()
    sheet = reading.sheet
    head = {
        "of": of,
        "sheet": sheet.name,
        "columns": dict(reading.columns),
        "letters": {
            name: sheet.address(0, column).rstrip("0123456789")
            for name, column in reading.columns.items()
        },
        "report": _told(report),
        "kinds": "".join(kinds),
        "blocks": blocks,
    }
    tail = zlib.compress(json.dumps(head).encode(), 1)
    whole = [*parts, tail, blocks[-1].to_bytes(8, "big")]
    shelf.write(key + _END, whole)
    return Preview(memoryview(b"".join(whole)))


def _told(report: Report) -> dict[str, Any]:
    plain = ("problem_count", "proposed", "hidden", "first_row", "last_row", "total")
    return {
        "counts": report.counts,
        "problems": [[_packed(row), _packed_problem(one)] for row, one in report.problems],
        "rest": [*map(_packed, report.rest)],
        "told": {name: getattr(report, name) for name in plain},
    }


def _packed(outcome: Outcome) -> dict[str, Any]:
    """An outcome as JSON says it, without what is empty."""
    found: dict[str, Any] = {
        "number": outcome.number,
        "kind": outcome.kind,
        "name": outcome.name,
        "problems": [*map(_packed_problem, outcome.problems)],
        "doubts": [[name, _said(one)] for name, one in outcome.doubts],
        "differences": [asdict(one) for one in outcome.differences],
        "follows": [*map(_said, outcome.follows)],
        "drafts": [[one.table, one.key, one.op, one.label, one.values] for one in outcome.drafts],
        "official_id": outcome.official_id,
        "leaves": outcome.leaves,
        "hidden": outcome.hidden,
        "shown": {name: text for name, text in outcome.shown.items() if text},
    }
    return {name: value for name, value in found.items() if value}


def _packed_problem(one: Problem) -> dict[str, Any]:
    choices = [[value, _said(label)] for value, label in one.choices]
    return {**vars(one), "sentence": _said(one.sentence), "choices": choices}


def _outcome(kept: Mapping[str, Any]) -> Outcome:
    return Outcome(
        **{
            "number": 0,
            "name": "",
            **kept,
            "problems": [*map(_problem, kept.get("problems", ()))],
            "doubts": [(name, _heard(one)) for name, one in kept.get("doubts", ())],
            "differences": [Difference(**one) for one in kept.get("differences", ())],
            "follows": [*map(_heard, kept.get("follows", ()))],
            "drafts": [Draft(*one) for one in kept.get("drafts", ())],
        }
    )


def _problem(kept: Mapping[str, Any]) -> Problem:
    choices = tuple((value, _heard(label)) for value, label in kept["choices"])
    return Problem(**{**kept, "sentence": _heard(kept["sentence"]), "choices": choices})


def _said(text: object) -> Any:
    """A text or a sentence, or a label in several languages, as JSON says it."""
    if isinstance(text, Sentence):
        return carried(text)
    if isinstance(text, Label):
        return {"label": dict(text.texts)}
    return str(text)


def _heard(kept: Any) -> Any:
    if not isinstance(kept, dict):
        return kept
    return Label(kept["label"]) if "label" in kept else told(kept)
