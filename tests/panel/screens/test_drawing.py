"""The drawing of a process: where a record stands and which ways it went."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from panel.screens.drawing import drawing_of, main_line
from tests.panel.screens.theme_site import PROCESS, create_site

LINE = ["draft", "submitted", "approved", "in_progress", "evidence_submitted", "verified", "closed"]
TROD = {("draft", "submitted"), ("submitted", "returned")}


@pytest.fixture(autouse=True)
def in_a_request() -> Iterator[None]:
    with create_site(rows=0).test_request_context("/"):
        yield


def test_the_longest_way_runs_down_the_page() -> None:
    assert main_line(PROCESS) == LINE


def test_every_state_has_a_box_and_only_the_present_one_is_marked() -> None:
    drawing = drawing_of(PROCESS, "returned", TROD)

    kinds = {box.text: box.kind for box in drawing.boxes}

    assert kinds == {
        "Draf": "past",
        "Diajukan": "past",
        "Dikembalikan": "at",
        "Disetujui": "",
        "Berjalan": "",
        "Bukti diajukan": "",
        "Terverifikasi": "",
        "Ditutup": "",
        "Dibatalkan": "",
    }


def test_only_ways_that_were_gone_are_drawn_as_trod() -> None:
    fresh, gone = drawing_of(PROCESS, "draft"), drawing_of(PROCESS, "returned", TROD)

    assert sum(arrow.trod for arrow in fresh.arrows) == 0
    assert sum(arrow.trod for arrow in gone.arrows) == len(TROD)


def test_no_two_boxes_overlap_and_all_are_inside() -> None:
    drawing = drawing_of(PROCESS, "draft")

    places = [(box.x, box.y) for box in drawing.boxes]

    assert len(set(places)) == len(places)
    assert all(box.x > 0 and box.x + box.width < 300 for box in drawing.boxes)
    assert max(box.y for box in drawing.boxes) + 32 <= drawing.height


def test_the_text_says_what_the_drawing_shows() -> None:
    lines = {state: ways for state, ways, _ in drawing_of(PROCESS, "draft").lines}

    assert lines["Terverifikasi"] == ["tutup → Ditutup", "buka lagi → Berjalan"]
    assert lines["Dibatalkan"] == []
    assert len(lines) == len(PROCESS.states)
