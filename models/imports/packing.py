"""Rows of a check as JSON keeps them for a page, and back."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from itertools import accumulate
from typing import Any, Final

from panel.carried import carried, told
from panel.words import Label, Sentence

from .checking import Report
from .outcomes import Difference, Draft, Outcome, is_plain
from .rows import Problem

#: What is packed has no circles to look for.
encode: Final = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode


def squeezed(kept: Any) -> bytes:
    """What `opened` gives back."""
    return zlib.compress(encode(kept).encode(), 1)


def opened(data: bytes | memoryview) -> Any:
    """What was squeezed."""
    return json.loads(zlib.decompress(data))


class Blocks:
    """Rows squeezed together, so many at once, as they come."""

    def __init__(self, size: int) -> None:
        self.parts: list[bytes] = []
        self.count = 0
        self._waiting: list[Any] = []
        self._size = size

    def add(self, row: Any) -> None:
        """One more row."""
        self._waiting.append(row)
        self.count += 1
        if len(self._waiting) == self._size:
            self.end()

    def end(self) -> None:
        """Squeeze what waits."""
        if self._waiting:
            self.parts.append(squeezed(self._waiting))
            self._waiting.clear()

    def ends(self, first: int) -> list[int]:
        """Where the blocks end that begin at `first`, which is the first of them."""
        return [*accumulate(map(len, self.parts), initial=first)]


def told_report(report: Report) -> dict[str, Any]:
    """What a check found as a whole."""
    plain = ("problem_count", "proposed", "hidden", "first_row", "last_row", "total")
    return {
        "counts": report.counts,
        "problems": [[packed(row), packed_problem(one)] for row, one in report.problems],
        "rest": [{**packed(one), "drafts": one.drafts} for one in report.rest],
        "told": {name: getattr(report, name) for name in plain},
    }


def packed(outcome: Outcome) -> dict[str, Any]:
    """An outcome as JSON says it to a page, without what is empty; what stands in a row of which
    nothing more is to be said is taken out of the sheet."""
    found: dict[str, Any] = {
        "number": outcome.number,
        "kind": outcome.kind,
        "name": outcome.name,
    }
    if not is_plain(outcome):
        found["texts"] = {**outcome.shown}
    if outcome.problems:
        found["problems"] = [*map(packed_problem, outcome.problems)]
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


def packed_problem(one: Problem) -> dict[str, Any]:
    """A problem as JSON says it."""
    choices = [[value, _said(label)] for value, label in one.choices]
    return {**vars(one), "sentence": _said(one.sentence), "choices": choices}


def outcome_of(kept: Mapping[str, Any]) -> Outcome:
    """The outcome that was packed."""
    return Outcome(
        **{
            "number": 0,
            "name": "",
            **kept,
            "problems": [*map(problem_of, kept.get("problems", ()))],
            "doubts": [(name, _heard(one)) for name, one in kept.get("doubts", ())],
            "differences": [Difference(**one) for one in kept.get("differences", ())],
            "follows": [*map(_heard, kept.get("follows", ()))],
            "drafts": [Draft(*one) for one in kept.get("drafts", ())],
        }
    )


def problem_of(kept: Mapping[str, Any]) -> Problem:
    """The problem that was packed."""
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
