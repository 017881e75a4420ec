"""The post of a row and its first day, by hand: who acts, who leaves, who holds it on that day."""

from __future__ import annotations

from datetime import date

import pytest

from models.imports.people import Held
from panel.sheets.cells import Cell
from tests.models.test_imports import NEW, NIPS, directory, looked, wrong


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1/12/2025", "2025-12-01"),
        ("01-12-2025", "2025-12-01"),
        ("2025-12-01", "2025-12-01"),
        ("1 Desember 2025", "2025-12-01"),
        ("Senin, 1 Des 2025", "2025-12-01"),
        (Cell("45992", "number"), "2025-12-01"),
        (Cell("2025-12-01 00:00:00", "date"), "2025-12-01"),
        ("-", None),
        ("2023", "whole day"),
        (2023, "whole day"),
        ("Mei 2023", "whole day"),
        ("kemarin", "not a date"),
    ],
)
def test_a_day_is_read_as_it_is_written_and_a_month_is_no_day(typed, day):
    [outcome] = looked((*NEW, "", "Lurah Unyur", "", "", "", typed))

    if outcome.kind == "problem":
        assert wrong(outcome) == ["I6"]
        assert day in str(outcome.problems[0].sentence)
    else:
        assert outcome.drafts[1].values.get("started_on", (None, None))[1] == day


@pytest.mark.parametrize(
    ("written", "mark", "status"),
    [
        ("Plt. Lurah Sukawana", "Plt. ", "acting_vacant"),
        ("PLH LURAH SUKAWANA", "Plh. ", "acting_absent"),
        ("Pelaksana Tugas (Plt.) Lurah Sukawana", "Plt. ", "acting_vacant"),
        ("Lurah Sukawana (Plt.)", "Plt. ", "acting_vacant"),
        ("Lurah Sukawana", "", "definitive"),
    ],
)
def test_who_only_acts_still_does_once_the_post_was_chosen(written, mark, status):
    row = (*NEW, "", written, "", "", "", "1/12/2026")
    [asked] = looked(row)
    chosen = [value for value, _ in asked.problems[0].choices][1]
    [outcome] = looked(row, mended={"E6": chosen})

    assert chosen == f"{mark}Lurah Sukawana, Kec. Curug"
    assert outcome.drafts[-1].values["status"] == (None, status)


ENDS = {"ended_on": (None, "2026-12-31")}


@pytest.mark.parametrize(
    ("held", "post", "ended", "told"),
    [
        pytest.param("definitive", "Plt. Lurah Sukawana", [1], "leaves it", id="Plt.: vacant"),
        pytest.param("definitive", "Pj. Lurah Sukawana", [1], "leaves it", id="Pj.: vacant"),
        pytest.param("definitive", "Plh. Lurah Sukawana", [], "stays the holder", id="Plh.: away"),
        pytest.param("acting_vacant", "Plh. Lurah Sukawana", [], "Nobody holds", id="nobody away"),
        pytest.param("acting_vacant", "Lurah Sukawana", [1], "leaves Lurah", id="definitive"),
        pytest.param("acting_absent", "Plt. Lurah Sukawana", [1], "leaves Lurah", id="Plt., Plh."),
    ],
)
def test_acting_in_a_post_ends_its_holder_only_where_the_post_is_vacant_and_says_so(
    held, post, ended, told
):
    known = directory()
    known.people.by_id[1].held[0].status = held
    [outcome] = looked((*NEW, "", post, "Serang", "", "", "1/1/2027"), known=known)

    said = [*outcome.follows, *(sentence for _, sentence in outcome.doubts)]
    ends = [one for one in outcome.drafts if one.op == "update"]
    assert [(one.key, one.values) for one in ends] == [(key, ENDS) for key in ended]
    assert any(told in str(sentence) for sentence in said)


def test_who_acts_becomes_definitive_only_by_an_answer():
    known = directory()
    known.people.by_id[1].held[0].status = "acting_vacant"
    row = ("Fulan Contoh", NIPS[0], "", "Lurah Sukawana", "Serang", "", "", "1/1/2027")

    [asked] = looked(row, known=known)
    [given] = looked(row, known=known, answers={"6:given": "yes"})
    [still] = looked(row, known=known, answers={"6:given": "no"})

    assert asked.problems[0].key == "6:given"
    assert [(one.op, one.key) for one in given.drafts] == [("update", 1), ("insert", None)]
    assert [one.values for one in still.drafts] == [{"started_on": ("2024-01-02", "2027-01-01")}]


def test_a_row_is_compared_with_who_holds_the_post_on_its_own_first_day():
    known, row = directory(), (*NEW, "", "Lurah Sukawana", "Serang", "", "")
    known.people.by_id[1].held[0].ended_on = date(2026, 12, 15)
    later = Held(9, 3, 2, "definitive", date(2027, 2, 1), None, None)
    former = Held(8, 3, 3, "definitive", date(2020, 1, 1), date(2026, 6, 30), None)
    known.people.by_id[3].held.append(later)
    known.people.by_id[3].past.append(former)
    known.__post_init__()

    [after] = looked((*row, "1/1/2027"), known=known)
    [before] = looked((*row, "1/12/2026"), known=known)
    [again] = looked(("Fulan Contoh", NIPS[0], "", "Lurah Sukawana", "Serang", "", "", "1/1/2027"),
                     known=known)  # fmt: skip
    [early] = looked((*NEW, "", "Lurah Sukawana", "Curug", "", "", "15/1/2027"), known=known)
    [past] = looked((*NEW, "", "Lurah Unyur", "", "", "", "1/6/2026"), known=known)

    assert [one.op for one in after.drafts] == ["insert", "insert"]
    assert before.drafts[1].values["ended_on"] == ("2026-12-15", "2026-11-30")
    assert [one.op for one in again.drafts] == ["insert"]
    assert [wrong(one) for one in (early, past)] == [["I6"], ["I6"]]
    assert "already" in str(early.problems[0].sentence)
    assert "30" in str(past.problems[0].sentence)
