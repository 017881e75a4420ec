"""Rows of rosters as they come, damaged and doubtful: what the engine makes of each, by hand."""

from __future__ import annotations

import json
import zlib
from datetime import date

import pytest

from models.imports.batches import one_cell, signature
from models.imports.checking import Reading, check, outcomes_of
from models.imports.marks import Guest, Guests
from models.imports.officials import Directory
from models.imports.outcomes import Draft, Outcome, entries_of, is_plain
from models.imports.people import Held, Known, People
from models.imports.posts import Post, Posts
from models.imports.previews import preview_of, work_out
from panel.proposals.entries import Bundle, spread
from panel.proposals.rules import canonical
from panel.sheets.cells import EMPTY, Cell, Sheet
from panel.sheets.shelf import Shelf

TODAY = date(2026, 11, 22)
COLUMNS = ("name", "nip", "grade", "post", "district", "phone", "spouse", "started_on")
NIPS = ("198001012005011001", "198102022006022002", "198203032007031003")


def cell(value):
    """A cell as it is read: a number stays one."""
    if isinstance(value, Cell):
        return value
    if isinstance(value, int):
        return Cell(str(value), "number")
    return Cell(value, "text") if value else EMPTY


def reading(*rows, kind="officials", columns=COLUMNS, mended=(), answers=()):
    """Rows of cells that begin in B6 of a sheet."""
    width = len(columns)
    filled = tuple(tuple(map(cell, (*row, *[""] * width)[:width])) for row in rows)
    sheet = Sheet("Rekap", False, filled, first_row=5, first_column=1)
    places = {name: at for at, name in enumerate(columns)}
    return Reading(kind, sheet, places, range(len(filled)), dict(mended), dict(answers))


def directory(**more):
    """Three officials; two Sukawana, a Lurah in each, and Unyur, which nobody holds."""
    posts = [
        Post(1, "Lurah Sukawana", 11, "Sukawana", "Serang", in_village=True),
        Post(2, "Lurah Sukawana", 12, "Sukawana", "Curug", in_village=True),
        Post(3, "Lurah Unyur", 13, "Unyur", "Serang", in_village=True),
        Post(4, "Kepala Dinas Pendidikan", 14, "Dinas Pendidikan", "", "Dindik"),
    ]
    people = [
        Known(1, "", "Fulan Contoh", "S.Sos.", NIPS[0], "asn_pns", "III/c", None),
        Known(2, "Hj.", "Melati Umpama", "", NIPS[1], "asn_pns", "III/d", "+6281200001111"),
        Known(3, "", "Waru Rekaan", "", None, "asn_pns", None, None),
    ]
    for number, post in ((1, 1), (2, 2)):
        begun = Held(number, number, post, "definitive", date(2024, 1, 2), None, None)
        people[number - 1].held.append(begun)
    people[0].spouses.append((1, "Kenanga Misal, S.Pd.", None))
    grades = {"III/c": 11, "III/d": 12, "IV/a": 13}
    return Directory(People(people), Posts(posts), grades, TODAY, **more)


def looked(*rows, known=None, **more):
    """The outcomes of these rows."""
    return list(outcomes_of(reading(*rows, **more), known or directory()))


def wrong(outcome):
    """The addresses of the problems of a row."""
    return [one.address for one in outcome.problems]


NEW = ("Dadap Ibarat, S.E.", "19830404 200804 1 004")


@pytest.mark.parametrize(
    ("row", "address"),
    [
        (("Dadap Ibarat", 196608011988031008), "C6"),
        (("Dadap Ibarat", Cell("1.96608E+17", "number")), "C6"),
        (("Dadap Ibarat", "19800230 200801 1 004"), "C6"),
        (("Dadap Ibarat", "198304042008041000"), "C6"),
        (("Dadap Ibarat", "19830404 2008O4 1 004"), "C6"),
        (("Dadap Ibarat", Cell("#N/A", "error")), "C6"),
        (("Dadap Ibarat", Cell("=A1", "formula")), "C6"),
        (("3673014101800001", ""), "B6"),
        (("", NIPS[2]), "B6"),
        ((*NEW, "III/z"), "D6"),
        ((*NEW, "III/d", "Lurah Sukawana"), "E6"),
        ((*NEW, "III/d", "Lurah Entah"), "E6"),
        ((*NEW, "III/d", "", "", "0812-0000-6666 / 0813-0000-7777"), "G6"),
        ((*NEW, "III/d", "Lurah Unyur", "", "", "", "32/13/2025"), "I6"),
        ((*NEW, "III/d", "Lurah Sukawana", "Serang"), "I6"),
        ((*NEW, "III/d", "Lurah Sukawana", "Serang", "", "", "2/1/2024"), "I6"),
    ],
)
def test_what_cannot_be_taken_is_named_with_its_cell_and_nothing_is_guessed(row, address):
    [outcome] = looked(row)

    assert (outcome.kind, wrong(outcome), outcome.drafts) == ("problem", [address], ())


def test_cells_as_clerks_type_them_are_understood():
    rows = (
        ("DRS. H. POLAN TELADAN, M.SI", "'19830404\u00a0200804 1 004", "Pembina (IV/a)",
         "Plt. Lurah Unyur, Kec. Serang", "", 81200006666, "", Cell("45992", "number")),
    )  # fmt: skip
    [outcome] = looked(*rows)

    official, appointment = outcome.drafts
    assert outcome.kind == "new"
    assert {column: pair[1] for column, pair in official.values.items()} == {
        "title_prefix": "Drs. H.",
        "full_name": "Polan Teladan",
        "title_suffix": "M.Si.",
        "nip": "198304042008041004",
        "employment_type": "asn_pns",
        "grade_id": "13",
        "phone": "+6281200006666",
    }
    assert appointment.values["status"] == (None, "acting_vacant")
    assert appointment.values["started_on"] == (None, "2025-12-01")


def test_name_and_nip_in_one_cell_are_parted():
    columns = one_cell({"name": 0, "nip": 0, "post": 1})
    row = ("Polan Teladan, S.IP.\nNIP. 19830404 200804 1 004", "Lurah Unyur")
    [outcome] = looked(row, columns=sorted(columns, key=columns.__getitem__))

    values = outcome.drafts[0].values
    assert columns == {"name_nip": 0, "post": 1}
    assert (values["full_name"][1], values["nip"][1]) == ("Polan Teladan", "198304042008041004")


def test_rows_are_matched_changed_moved_new_or_twice():
    rows = (
        ("Fulan Contoh, S.Sos.", NIPS[0], "III/c", "Lurah Sukawana", "Serang", "", "Kenanga Misal"),
        ("Hj. Melati Umpama", NIPS[1], "IV/a"),
        ("Waru Rekaan", "", "", "Lurah Unyur", "", "", "", "1 Desember 2025"),
        (*NEW, "III/d"),
        (*NEW, "III/d"),
    )
    asked = looked(*rows)
    answered = looked(*rows, answers={"8:person": "3"})

    assert [one.kind for one in asked] == ["matched", "changed", "problem", "new", "duplicate"]
    assert answered[2].kind == "moved"
    assert [(one.was, one.becomes) for one in answered[1].differences] == [("III/d", "IV/a")]
    report = check(reading(*rows), directory(), kind="new")
    assert (report.counts["problem"], report.proposed["stop"], len(report.page)) == (1, 0, 1)
    assert [report.proposed[policy] for policy in ("skip", "update")] == [1, 2]


def test_who_is_displaced_leaves_the_day_before_and_an_exchange_ends_each_post_once():
    known = directory(on_day=date(2025, 12, 1), decree_no="821/CONTOH")
    rows = (
        ("Fulan Contoh", NIPS[0], "", "Lurah Sukawana", "Curug"),
        ("Melati Umpama", NIPS[1], "", "Lurah Sukawana", "Serang"),
    )
    outcomes = looked(*rows, known=known)

    items = entries_of(outcomes, "stop")
    ended = [item for item in items if item.op == "update"]
    assert [one.kind for one in outcomes] == ["moved", "moved"]
    assert "Melati Umpama" in str(outcomes[0].follows[0])
    assert sorted(item.key for item in ended) == ["1", "2"]
    assert {item.values["ended_on"] for item in ended} == {(None, "2025-11-30")}
    assert [item.number for item in items] == list(range(1, len(items) + 1))


def test_new_people_are_named_by_their_items():
    outcomes = looked((*NEW, "III/d", "Lurah Unyur", "", "", "Dahlia Ibarat"), ("Lili Misal", ""))

    items = entries_of(outcomes, "skip")
    assert [(item.table, item.values.get("official_id")) for item in items] == [
        ("official", None),
        ("appointment", (None, "#1")),
        ("spouse", (None, "#1")),
        ("official", None),
    ]


@pytest.mark.parametrize(
    ("rows", "key", "choices"),
    [
        ([("Fulan Kontoh", "")], "6:person", ["1", "new"]),
        ([("Orang Lain Sekali", NIPS[0])], "6:person", ["1"]),
        ([(*NEW, "III/c"), (*NEW, "III/d")], "7:twice", ["drop:7", "drop:6"]),
        (
            [(*NEW, "", "Lurah Unyur"), (*NEW, "", "Kepala Dinas Pendidikan")],
            "7:twice",
            ["both", "drop:7", "drop:6"],
        ),
        ([("Fulan Contoh", NIPS[0], "", "", "", "", "Dahlia Lain")], "6:spouse", ["add", "leave"]),
    ],
)
def test_what_is_doubtful_is_asked_and_the_answer_holds(rows, key, choices):
    *_, asked = looked(*rows)
    [problem] = asked.problems

    assert problem.key == key
    assert [value for value, _ in problem.choices] == choices
    for value, _ in problem.choices:
        *_, outcome = looked(*rows, answers={key: value})
        assert outcome.kind != "problem"


def test_a_post_is_given_once_and_offered_by_its_sound():
    first = (*NEW, "", "Lurah Unyur")
    *_, second = looked(first, ("Lili Misal", "", "", "LURAH  UNYUR"))
    [near] = looked((*NEW, "", "Lurah Unjur"))

    assert wrong(second) == ["E7"]
    assert [value for value, _ in near.problems[0].choices] == ["Lurah Unyur, Kec. Serang"]


def test_a_mended_cell_is_read_in_the_place_of_the_one_in_the_file():
    rows = [("Dadap Ibarat", 198304042008041004), ("", "", "", "", "", "", "", "")]

    [outcome] = looked(*rows, mended={"C6": "198304042008041004"})

    assert outcome.kind == "new"


def test_lists_of_other_kinds_add_nobody():
    columns = ("nip", "spouse")
    spouses = reading((NIPS[1], "Badu Umpama"), (NEW[1], "Lili"), kind="spouses", columns=columns)
    known = directory()

    found = list(outcomes_of(spouses, known))

    assert [one.kind for one in found] == ["changed", "problem"]
    assert [draft.table for draft in found[0].drafts] == ["spouse"]


def test_headings_are_known_again_whatever_their_case_and_signs():
    assert signature(["No.", "Nama/NIP", "Gol."]) == signature(["NO", "nama / nip", "gol", ""])
    assert signature(["No", "Nama"]) != signature(["Nama", "No"])


def test_a_list_of_attendance_marks_who_is_on_the_list_of_the_session():
    columns = ("name", "mark", "spouse_mark", "note")
    rows = (
        ("Fulan Contoh, S.Sos.", "Hadir", "✓", ""),
        ("Melati Umpama", "Sakit", "Hadir", "Rawat inap"),
        ("Waru Rekaan", "DL", "", ""),
        ("Dadap Ibarat", "Hadir", "", ""),
        ("Waru Rekaan", "entah", "", ""),
    )
    people = People(directory().people.by_id.values(), adds=False)
    known = Guests(
        7,
        people,
        {
            1: Guest(11, True, {"official": (5, "present", None)}),
            2: Guest(12, False),
            3: Guest(13, False, {"official": (6, "present", None)}),
        },
        TODAY,
    )

    found = list(outcomes_of(reading(*rows, kind="attendance", columns=columns), known))

    assert [one.kind for one in found] == ["new", "problem", "changed", "problem", "duplicate"]
    assert [wrong(one) for one in found] == [[], ["D7"], [], ["B9"], []]
    [mark] = found[0].drafts
    assert {name: pair[1] for name, pair in mark.values.items()} == {
        "participation_id": "11",
        "agenda_item_id": "7",
        "party": "spouse",
        "status": "present",
    }
    assert found[2].drafts[0].values == {"status": ("present", "on_duty")}


def test_what_a_check_found_is_kept_as_it_is_also_of_a_row_without_a_name(tmp_path):
    rows = reading(("", NIPS[2]), (*NEW, "III/d", "Lurah Unyur"))
    found = []
    check(rows, directory(), size=0, each=found.append)

    kept = work_out(Shelf(tmp_path), "0" * 32, {}, rows, directory())

    assert [one.name for one in found] == ["", "Dadap Ibarat, S.E."]
    assert [(one.number, one.kind, len(one.drafts)) for one in kept.found()] == [
        (one.number, one.kind, len(one.drafts)) for one in (*found, *kept.report().rest)
    ]
    shown = kept.page(None, 0, 2, {row.number: row for row in rows.rows()}.__getitem__)
    assert [(one.number, one.name, one.shown, one.problems) for one in shown] == [
        (one.number, one.name, {k: v for k, v in one.shown.items() if v}, list(one.problems))
        for one in found
    ]


def test_runs_of_new_people_are_kept_as_a_proposal_takes_them_and_shown_out_of_the_sheet(tmp_path):
    new = [(f"Umpama {chr(65 + at)}", "", "III/d" if at % 2 else "") for at in range(24)]
    named = ("#7 Misal", "")  # looks like a reference to a row, so it is in no bundle
    rows = reading(*new[:22], ("", NIPS[2]), *new[22:], named, columns=COLUMNS[:3])
    found = []
    check(rows, directory(), size=0, each=found.append)

    kept = work_out(Shelf(tmp_path), "0" * 32, {}, rows, directory())

    bundle, *others = kept.found()
    assert isinstance(bundle, Bundle)
    assert [bundle.number, len(bundle), len(others)] == [6, 22, 4]
    asked = [spread(entries_of(rows, "update")) for rows in ([bundle, *others], found)]
    kept_so, found_so = (
        [(one.number, canonical("", one.values)) for one in rows] for rows in asked
    )
    assert kept_so == found_so
    by_number = {row.number: row for row in rows.rows()}
    shown = kept.page("new", 20, 5, by_number.__getitem__)
    new_ones = [one for one in found if one.kind == "new"][20:]
    told = [(one.number, one.kind, one.name, one.shown) for one in new_ones]
    assert [(one.number, one.kind, one.name, one.shown) for one in shown] == told


def test_only_a_row_that_adds_one_record_and_says_no_more_is_plain():
    one = Draft("official", None, "insert", "Fulan", {"full_name": (None, "Fulan")})
    change = one._replace(op="update", key=7)

    assert is_plain(Outcome(5, "new", "Fulan", drafts=[one]))
    others = [("changed", [one]), ("moved", [one]), ("new", [change]), ("new", [one, one])]
    assert [is_plain(Outcome(5, kind, "Fulan", drafts=told)) for kind, told in others] == [
        False
    ] * 4
    assert not is_plain(Outcome(5, "new", "Fulan", drafts=[one], hidden=True))


def test_a_check_kept_in_an_earlier_form_is_opened_to_be_found_out_of_date(tmp_path):
    head = {"of": {"form": 2}, "columns": {}, "letters": {}, "sheet": "A", "report": {}}
    tail = zlib.compress(json.dumps({**head, "kinds": "", "blocks": [0]}).encode())
    Shelf(tmp_path).write("0" * 32 + ".rows", [tail, (0).to_bytes(8, "big")])

    kept = preview_of(Shelf(tmp_path), "0" * 32)

    assert kept is not None
    assert kept.of == {"form": 2}
