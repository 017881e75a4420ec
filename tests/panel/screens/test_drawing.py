"""The drawing of a process: where a record stands and which ways it went."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from panel.screens.drawing import drawing_of, main_line
from panel.workflow.reading import read_process
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


def test_a_process_where_everything_leads_everywhere_is_drawn_all_the_same() -> None:
    """Twelve states have 40 million ways; nobody waits for them."""
    codes = [f"s{number}" for number in range(12)]
    text = 'kind = "k"\ntable = "k"\nlabel = { id = "K", en = "K" }\n'
    for code in codes:
        last, first = code == codes[-1], code == codes[0]
        text += f'[[state]]\ncode = "{code}"\nlabel = {{ id = "Status {code}", en = "S" }}\n'
        text += f'category = "{"done" if last else "active"}"\ninitial = {str(first).lower()}\n'
        sources = [other for other in codes if other != code]
        text += f'[[transition]]\nname = "to_{code}"\nlabel = {{ id = "Ke {code}", en = "T" }}\n'
        text += f'from = {sources}\nto = "{code}"\nroles = ["clerk"]\n'
    process = read_process(text, guards={}, duties={})
    started = time.process_time()

    drawing = drawing_of(process, "s3", {("s0", "s1")})

    assert time.process_time() - started < 1
    assert {box.text: box.kind for box in drawing.boxes if box.kind} == {
        "Status s0": "past",
        "Status s1": "past",
        "Status s3": "at",
    }
    assert len(drawing.boxes) == 12
    words = [word.x for word in drawing.words]
    assert max(words) < drawing.width
