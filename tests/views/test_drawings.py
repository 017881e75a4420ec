"""The drawing of every process that is shipped: nothing lies over anything else."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import pytest
from flask import Flask
from flask_babel import force_locale

from models.records import workflow
from panel.screens.drawing import HIGH, Drawing, drawing_of
from panel.workflow.definition import Process

PROCESSES = {process.kind: process for process in workflow.processes()}
#: As wide as a letter of the words beside arrows is on average.
LETTER = 5.6


class Area(NamedTuple):
    """What something takes of the drawing."""

    left: float
    top: float
    right: float
    bottom: float
    what: str

    def covers(self, other: Area) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def _areas(drawing: Drawing) -> Iterator[Area]:
    for box in drawing.boxes:
        yield Area(box.x, box.y, box.x + box.width, box.y + HIGH, box.text)
    for word in drawing.words:
        width = len(word.text) * LETTER
        left = word.x - width / 2 if word.anchor == "middle" else word.x
        yield Area(left, word.y - 8, left + width, word.y + 2, word.text)


@pytest.mark.parametrize("kind", PROCESSES)
@pytest.mark.parametrize("language", ["id", "en"])
def test_nothing_lies_over_anything_else(app: Flask, kind: str, language: str) -> None:
    process: Process = PROCESSES[kind]
    with app.test_request_context("/"), force_locale(language):
        drawing = drawing_of(process, process.initial.code)

    areas = list(_areas(drawing))

    assert [
        (one.what, other.what) for one, other in combinations(areas, 2) if one.covers(other)
    ] == []
    assert [
        one
        for one in areas
        if one.left < 0 or one.top < 0 or one.right > drawing.width or one.bottom > drawing.height
    ] == []
    assert len(drawing.boxes) == len(process.states)
    assert not [word.text for word in drawing.words if word.text.endswith("…")]
