"""What a check found, kept in a file beside the import: a page of it is read in no time.

The file says what it was worked out of; it is asked only while all of that is as it was. What
stands in the rows is kept as the preview shows it, and no longer than the file that was handed in.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import accumulate
from typing import Any, Final

from panel.carried import carried, told
from panel.sheets.cells import letters_of
from panel.sheets.shelf import Shelf
from panel.words import Label, Sentence

from .checking import Progress, Reading, Recorded, Report, check
from .outcomes import CLASSES, Class, Difference, Draft, Outcome
from .rows import Problem

#: Rows that are packed together as a page shows them, and as a proposal takes them.
BLOCK: Final = 50
DRAFTS: Final = 500
_END: Final = ".rows"
_SIGNS: Final[dict[Class, str]] = {kind: chr(97 + at) for at, kind in enumerate(CLASSES)}
_KINDS: Final[dict[str, Class]] = {sign: kind for kind, sign in _SIGNS.items()}
#: What is packed has no circles to look for.
_json: Final = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode


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
        #: None in a file of an earlier form, which is read no further than `of`.
        self._drafts: list[int] = head.get("drafts", [])

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
        """What every row asks for and who stands in none, in their order; no more of each."""
        kinds = iter(self._kinds)
        for block in range(len(self._drafts) - 1):
            for (number, drafts), sign in zip(
                self._block(self._drafts, block), kinds, strict=False
            ):
                yield Outcome(number, _KINDS[sign], "", drafts=[Draft(*one) for one in drafts])
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
            blocks[block] = self._block(self._blocks, block)
        return [_outcome(blocks[at // BLOCK][at % BLOCK]) for at in places]

    def _block(self, ends: list[int], block: int) -> list[Any]:
        found: list[Any] = json.loads(zlib.decompress(self._data[ends[block] : ends[block + 1]]))
        return found


class _Packing:
    """Rows packed block by block as they come; `ends` is where each block ends."""

    def __init__(self, size: int) -> None:
        self.parts: list[bytes] = []
        self._waiting: list[Any] = []
        self._size = size

    def add(self, row: Any) -> None:
        """One more row."""
        self._waiting.append(row)
        if len(self._waiting) == self._size:
            self.end()

    def end(self) -> None:
        """Pack what waits."""
        self.parts.append(zlib.compress(_json(self._waiting).encode(), 1))
        self._waiting.clear()

    def ends(self, first: int) -> list[int]:
        """Where the blocks end that begin at `first`, which is the first of them."""
        return [*accumulate(map(len, self.parts), initial=first)]


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
    rows, drafts = _Packing(BLOCK), _Packing(DRAFTS)

    def each(outcome: Outcome) -> None:
        kinds.append(_SIGNS[outcome.kind])
        rows.add(_packed(outcome))
        drafts.add((outcome.number, outcome.drafts))

    report = check(reading, known, size=0, progress=progress, each=each)
    rows.end()
    drafts.end()
    blocks = rows.ends(0)
    sheet = reading.sheet
    head = {
        "of": of,
        "sheet": sheet.name,
        "columns": dict(reading.columns),
        "letters": {
            name: letters_of(column + sheet.first_column)
            for name, column in reading.columns.items()
        },
        "report": _told(report),
        "kinds": "".join(kinds),
        "blocks": blocks,
        "drafts": drafts.ends(blocks[-1]),
    }
    tail = zlib.compress(_json(head).encode(), 1)
    whole = [*rows.parts, *drafts.parts, tail, head["drafts"][-1].to_bytes(8, "big")]
    shelf.write(key + _END, whole)
    return Preview(memoryview(b"".join(whole)))


def _told(report: Report) -> dict[str, Any]:
    plain = ("problem_count", "proposed", "hidden", "first_row", "last_row", "total")
    return {
        "counts": report.counts,
        "problems": [[_packed(row), _packed_problem(one)] for row, one in report.problems],
        "rest": [{**_packed(one), "drafts": one.drafts} for one in report.rest],
        "told": {name: getattr(report, name) for name in plain},
    }


def _packed(outcome: Outcome) -> dict[str, Any]:
    """An outcome as JSON says it to a page, without what is empty."""
    found: dict[str, Any] = {
        "number": outcome.number,
        "kind": outcome.kind,
        "name": outcome.name,
        "shown": {name: text for name, text in outcome.shown.items() if text},
    }
    if outcome.problems:
        found["problems"] = [*map(_packed_problem, outcome.problems)]
    if outcome.doubts:
        found["doubts"] = [[name, _said(one)] for name, one in outcome.doubts]
    if outcome.differences:
        found["differences"] = [asdict(one) for one in outcome.differences]
    if outcome.follows:
        found["follows"] = [*map(_said, outcome.follows)]
    for name in ("official_id", "leaves", "hidden"):
        if value := getattr(outcome, name):
            found[name] = value
    return found


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
