"""A list after a rotation, by hand: who came, moved, left or stays, and which posts are empty."""

from __future__ import annotations

from datetime import date

import pytest

from models.imports.checking import outcomes_of
from models.imports.outcomes import entries_of
from models.imports.promises import Promise, Promises
from models.imports.rotations import RotationDirectory
from tests.models.test_imports import directory, reading

DAY = date(2026, 12, 1)
COLUMNS = ("name", "nip", "post", "district")
FULAN = ("Fulan Contoh, S.Sos.", "198001012005011001")
MELATI = ("Hj. Melati Umpama", "198102022006022002")
DADAP = ("Dadap Ibarat, S.E.", "19830404 200804 1 004")
HERE, THERE = ("Lurah Sukawana", "Serang"), ("Lurah Sukawana", "Curug")
UNYUR = ("Lurah Unyur", "Serang")


def known(*whole, **more):
    """Fulan and Melati are Lurah of the two Sukawana (posts 1 and 2); Unyur (3) is empty."""
    base = directory()
    return RotationDirectory(
        people=base.people,
        posts=base.posts,
        grades=base.grades,
        today=base.today,
        on_day=DAY,
        decree_no="821/CONTOH/2026",
        whole=frozenset(whole),
        **more,
    )


def looked(*rows, whole=(1, 2, 3), answers=(), **more):
    """The outcomes of these rows, and of those who stand in none."""
    asked = reading(*rows, kind="rotation", columns=COLUMNS, answers=answers)
    return list(outcomes_of(asked, known(*whole, **more)))


def classes(outcomes):
    """What becomes of each person and each empty post."""
    return [(one.kind, one.name.split(",")[0]) for one in outcomes]


@pytest.mark.parametrize(
    ("rows", "whole", "expected"),
    [
        pytest.param(
            [(*FULAN, *HERE), (*MELATI, *THERE)],
            (1, 2, 3),
            [("matched", "Fulan Contoh"), ("matched", "Hj. Melati Umpama"),
             ("vacant", "Lurah Unyur")],
            id="all stay",
        ),
        pytest.param(
            [(*FULAN, *THERE), (*MELATI, *HERE)],
            (1, 2),
            [("moved", "Fulan Contoh"), ("moved", "Hj. Melati Umpama")],
            id="two change posts",
        ),
        pytest.param(
            [(*FULAN, *UNYUR), (*DADAP, *HERE)],
            (1, 2, 3),
            [("moved", "Fulan Contoh"), ("new", "Dadap Ibarat"), ("left", "Hj. Melati Umpama"),
             ("vacant", "Lurah Sukawana")],
            id="one moves, one comes, one leaves",
        ),
        pytest.param(
            [(*DADAP, *HERE)],
            (),
            [("new", "Dadap Ibarat"), ("left", "Fulan Contoh")],
            id="complete for nothing: only who is replaced leaves",
        ),
        pytest.param(
            [("KOSONG", "", *HERE), (*FULAN, *UNYUR)],
            (),
            [("matched", "Lurah Sukawana"), ("moved", "Fulan Contoh"),
             ("vacant", "Lurah Sukawana")],
            id="a row that says: empty",
        ),
        pytest.param(
            [(*FULAN, *HERE), (*DADAP, "Plh. Lurah Sukawana", "Curug")],
            (1, 2),
            [("matched", "Fulan Contoh"), ("new", "Dadap Ibarat")],
            id="who is away and has somebody stand in for him stays",
        ),
        pytest.param(
            [("Waru Rekaan", "", *UNYUR), (*FULAN, *HERE)],
            (1, 2, 3),
            [("problem", "Waru Rekaan"), ("matched", "Fulan Contoh"),
             ("left", "Hj. Melati Umpama"), ("vacant", "Lurah Unyur")],
            id="while a row is unclear",
        ),
        pytest.param(
            [(*FULAN, "")],
            (2,),
            [("problem", "Fulan Contoh"), ("left", "Hj. Melati Umpama"),
             ("vacant", "Lurah Sukawana")],
            id="a row without a post: its person is not taken as gone",
        ),
    ],
)  # fmt: skip
def test_everybody_comes_moves_leaves_or_stays(rows, whole, expected):
    assert [
        (kind, name.partition(", Kec")[0]) for kind, name in classes(looked(*rows, whole=whole))
    ] == expected


def test_nobody_leaves_silently_nor_against_the_clerk_nor_while_a_row_is_unclear():
    leaver = looked((*FULAN, *HERE))[1]
    kept = looked((*FULAN, *HERE), answers={"2:stays": "yes"})
    unclear = looked((*FULAN, *HERE), ("Waru Rekaan", "", *UNYUR))[2]

    assert (leaver.leaves, [one.key for one in leaver.drafts]) == (2, [2])
    assert leaver.drafts[0].values == {
        "ended_on": (None, "2026-11-30"),
        "end_decree_no": (None, "821/CONTOH/2026"),
    }
    assert (kept[1].leaves, kept[1].drafts) == (2, ())
    assert [one.name for one in kept if one.kind == "vacant"] == ["Lurah Unyur, Kec. Serang"]
    assert (unclear.kind, unclear.leaves, unclear.drafts) == ("left", None, ())


def test_promises_of_the_office_go_on_with_the_successor_under_the_new_appointment():
    promise = Promise(7, 1, "3", "other", "workplace", "Tanpa amplop.", None)
    later = Promise(8, 9, None, "other", "workplace", "Milik orang lain.", None)
    promises = Promises({1: [promise, later]}, {1: 9})

    items = entries_of(looked((*DADAP, *HERE), whole=(), promises=promises), "stop")

    assert [(one.number, one.table, one.op) for one in items] == [
        (1, "official", "insert"),
        (2, "appointment", "update"),
        (3, "appointment", "insert"),
        (4, "commitment", "insert"),
    ]
    values = {column: pair[1] for column, pair in items[3].values.items()}
    assert values == {
        "official_id": "#1",
        "appointment_id": "#3",
        "unit_id": "11",
        "template_id": "3",
        "party": "official",
        "category": "other",
        "area": "workplace",
        "text": "Tanpa amplop.",
        "continued_from_id": "7",
    }
