"""The attendance grid: cell by cell, over nobody's head, under the sheet's lock."""

import pytest
import sqlalchemy as sa

from models.attendance import Attendance, Participation
from models.people import Official, Spouse
from models.training import AgendaItem
from tests.views.browser import Page, filled_in
from tests.views.test_attendance_sheets import ASK, OPEN, SIGNED, mark_on, move
from tests.views.test_subtree import granted

AT = "/attendance-grid/{}/".format
JSON = {"Accept": "application/json"}
LURAH = 8
#: SELECTs of one saved cell, the session and the account among them; as many for any list.
SAVE, PAGE = 9, 11


def cell(browser, couple, status, *, part=OPEN, party="official", seen=0, **typed):
    """Send one cell as the script does; `seen=True` is over what stands there."""
    seen = standing(browser, couple, part, party) if seen is True else seen
    form = {"participation": couple, "party": party, "status": status, "seen": seen, **typed}
    return browser.post(f"{AT(part)}mark/", form, headers=JSON)


def standing(browser, couple, part, party="official"):
    """The number of what stands in a cell."""
    return browser.get(f"{AT(part)}state/").json["cells"][f"{couple}-{party}"]["seen"]


def stored(rows, couple, party="official", part=OPEN):
    """What is recorded of one of a couple."""
    what = sa.select(Attendance.status, Attendance.note, Attendance.version).where(
        Attendance.participation_id == couple,
        Attendance.agenda_item_id == part,
        Attendance.party == party,
    )
    return rows(what)


@pytest.fixture
def blank(write, rows):
    """A new part of the lurah session with nothing recorded, and the first two couples."""
    with write() as session:
        part = AgendaItem(
            region_id=1, training_session_id=LURAH, number=9, title="Sore", takes_attendance=True
        )
        session.add(part)
        session.flush()
        key = part.id
    couples = sa.select(Participation.id).where(
        Participation.training_session_id == LURAH, Participation.spouse_id.is_not(None)
    )
    return key, [one for (one,) in rows(couples.order_by(Participation.id).limit(2))]


def test_a_cell_is_saved_changed_and_emptied_each_in_one_deed(ani, blank, rows, deeds):
    part, (couple, _other) = blank

    new = cell(ani, couple, "present", part=part)
    again = cell(ani, couple, "present", part=part)  # the answer to the first was lost
    changed = cell(ani, couple, "represented", part=part, seen=True, note=" Sekretaris  kelurahan ")
    there = stored(rows, couple, part=part)
    emptied = cell(ani, couple, "", part=part, seen=True)

    assert [one.status_code for one in (new, again, changed, emptied)] == [200] * 4
    first, same, second, none = (one.json["cell"]["seen"] for one in (new, again, changed, emptied))
    assert (first == same != second, none) == (True, 0)
    assert there == [("represented", "Sekretaris kelurahan", 2)]
    assert stored(rows, couple, part=part) == []
    assert deeds() == ["attendance.create", "attendance.edit", "attendance.clear"]


def test_a_save_asks_the_same_for_any_list(ani, blank, statements):
    part, couples = blank
    cell(ani, couples[0], "present", part=part, party="spouse")  # the sheet is there, all is warm
    ani.get(AT(part))

    with statements() as asked:
        cell(ani, couples[0], "present", part=part)
    with statements() as page:
        ani.get(AT(part))

    assert (len(asked), len(page)) == (SAVE, PAGE)


def test_somebody_elses_mark_is_told_and_not_written_over(ani, browse, blank, rows, deeds):
    part, (couple, _other) = blank
    cell(browse("asep"), couple, "sick", part=part)

    answer = cell(ani, couple, "present", part=part)

    assert (answer.status_code, answer.json["refused"]) == (409, "stale")
    assert answer.json["sentence"].startswith("Asep Misal mencatat “Sakit” pukul ")
    seen = answer.json["cell"]["seen"]
    assert answer.json["cell"] == {"status": "sick", "note": "", "seen": seen}
    assert stored(rows, couple, part=part) == [("sick", None, 1)]
    assert deeds() == ["attendance.create"]
    assert cell(ani, couple, "present", part=part, seen=seen).status_code == 200


def test_a_mark_in_the_place_of_the_one_that_was_seen_is_not_written_over(ani, browse, blank, rows):
    part, (couple, _other) = blank
    seen = cell(ani, couple, "present", part=part).json["cell"]["seen"]
    cell(browse("asep"), couple, "", part=part, seen=True)
    cell(browse("asep"), couple, "sick", part=part)  # under version 1, on SQLite by the same number

    answer = cell(ani, couple, "excused", part=part, seen=seen)

    assert (answer.status_code, stored(rows, couple, part=part)) == (409, [("sick", None, 1)])


def test_a_signed_sheet_takes_no_cell_until_it_is_corrected(ani, rows):
    _mark, couple = mark_on(rows, SIGNED)
    before = stored(rows, couple, part=SIGNED)

    refused = cell(ani, couple, "sick", part=SIGNED, seen=True)
    page = ani.page(AT(SIGNED))

    assert (refused.status_code, refused.json["refused"]) == (409, "locked")
    assert "Ajukan dulu koreksi" in refused.json["sentence"]
    assert {one.given.get("disabled") for one in page.main.all("select")} == {""}
    assert stored(rows, couple, part=SIGNED) == before
    assert move(ani, SIGNED, "open_correction", **ASK).status_code == 303
    assert cell(ani, couple, "sick", part=SIGNED, seen=True).status_code == 200


def test_who_may_not_and_what_is_not_there(ani, browse, blank, rows, deeds):
    part, (couple, _other) = blank
    elsewhere = rows(sa.select(Participation.id).where(Participation.region_id == 2).limit(1))[0][0]
    another = rows(sa.select(Participation.id).where(Participation.training_session_id == 7))[0][0]
    single = Participation.spouse_id.is_(None), Participation.training_session_id == LURAH
    alone = rows(sa.select(Participation.id).where(*single).limit(1))

    tried = {
        name: cell(browse(name), couple, "present", part=part).status_code
        for name in ("bayu", "citra", "mira", "eka", "")
    }
    assert tried == {"bayu": 403, "citra": 403, "mira": 404, "eka": 403, "": 400}
    assert browse("mira").get(AT(part)).status_code == 404
    for key in (elsewhere, another, "0", "9" * 30, "x"):
        assert cell(ani, key, "present", part=part).status_code == 404
    for typed in ({"status": "there"}, {"note": "x" * 301}, {"seen": "-1"}, {"seen": "9" * 40}):
        assert cell(ani, couple, **{"status": "present", "part": part, **typed}).status_code == 422
    assert cell(ani, couple, "present", part=part, party="both").status_code == 404
    for (key,) in alone:
        assert cell(ani, key, "present", part=part, party="spouse").status_code == 422
    forged = {"participation": couple, "party": "official", "status": "present", "csrf_token": "x"}
    assert ani.post(f"{AT(part)}mark/", forged, headers=JSON).status_code == 400
    assert stored(rows, couple, part=part) == []
    assert [one for one in deeds() if not one.endswith("refused")] == []


def test_without_script_the_whole_form_is_saved_and_conflicts_are_told(
    ani, browse, blank, rows, deeds
):
    part, (first, second) = blank
    filled = filled_in(ani.page(AT(part)).main.one("form", id="grid"))
    cell(browse("asep"), second, "sick", part=part)

    sent = {**filled, f"status-{first}-official": "excused", f"note-{first}-official": "Rapat"}
    answer = ani.post(AT(part), {**sent, f"status-{second}-official": "present"})

    assert answer.status_code == 409
    assert "Asep Misal mencatat “Sakit”" in Page(answer.text).text
    assert stored(rows, first, part=part) == [("excused", "Rapat", 1)]
    assert stored(rows, second, part=part) == [("sick", None, 1)]
    assert deeds() == ["attendance.create", "attendance.record"]
    seen = standing(ani, first, part)
    fresh = {**sent, f"seen-{first}-official": seen, f"note-{first}-official": ""}
    assert ani.post(AT(part), fresh).status_code == 303
    assert stored(rows, first, part=part) == [("excused", None, 2)]


def test_the_rest_is_present_and_can_be_taken_back(ani, browse, blank, rows, deeds):
    part, (couple, other) = blank
    cell(ani, couple, "sick", part=part)
    count = sa.select(sa.func.count(Attendance.id)).where(Attendance.agenda_item_id == part)

    done = ani.post(f"{AT(part)}rest/", {"parties": "official"})
    people = rows(count)[0][0]
    page = ani.page(AT(part)).text
    cell(ani, other, "absent", part=part, seen=True)
    newest = sa.select(Attendance.participation_id).order_by(Attendance.id.desc()).limit(1)
    [(last,)] = rows(newest)
    for status, seen in (("", True), ("sick", 0)):  # on SQLite by the same number, at version 1
        cell(browse("asep"), last, status, part=part, seen=seen)
    undone = ani.post(f"{AT(part)}undo/")

    assert (done.status_code, undone.status_code) == (303, 303)
    assert f"Sisanya, {people - 1} tanda, dicatat hadir." in page
    assert rows(count)[0][0] == 3  # what was there before, and what was changed since
    assert stored(rows, last, part=part) == [("sick", None, 1)]
    assert deeds() == [
        "attendance.create", "attendance.rest", "attendance.edit", "attendance.clear",
        "attendance.create", "attendance.undo_rest",
    ]  # fmt: skip
    assert ani.post(f"{AT(part)}undo/").status_code == 303
    assert rows(count)[0][0] == 3


def test_a_district_reads_its_rows_under_the_numbers_of_the_whole_list(app, ani, write):
    whole = {row.given["id"]: row.given["data-no"] for row in lines(ani.page(AT(OPEN)))}
    sari = granted(app, write, "sari", "clerk")

    own = {row.given["id"]: row.given["data-no"] for row in lines(sari.page(AT(OPEN)))}

    assert 0 < len(own) < len(whole)
    assert own == {key: whole[key] for key in own}
    away = next(key for key in whole if key not in own).removeprefix("row-")
    assert cell(sari, away, "present").status_code == 404


def lines(page):
    return [row for row in page.main.all("tr") if "data-no" in row.given]


def test_a_walk_in_is_found_by_name_added_and_present(ani, mira, blank, rows, deeds):
    part, _couples = blank
    free = (
        sa.select(Official.id, Official.full_name, Spouse.id)
        .join(Spouse, Spouse.official_id == Official.id)
        .where(
            Official.region_id == 1,
            ~sa.exists().where(
                Participation.official_id == Official.id,
                Participation.training_session_id == LURAH,
            ),
        )
    )
    who, name, spouse = rows(free.order_by(Official.id).limit(1))[0]
    url = f"{AT(part)}walk-in/"

    assert name in ani.page(f"{url}?name={name}").text
    answer = ani.post(url, {"official": who, "spouse": spouse})
    again = ani.post(url, {"official": who})

    key = int(answer.location.rpartition("-")[2])
    assert (answer.status_code, again.status_code) == (303, 303)
    assert (
        stored(rows, key, part=part) == stored(rows, key, "spouse", part) == [("present", None, 1)]
    )
    assert deeds() == ["participation.walk_in"]
    assert mira.post(url, {"official": who}).status_code == 404
    stranger = rows(sa.select(Official.id).where(Official.region_id == 2).limit(1))[0][0]
    assert ani.post(url, {"official": stranger}).status_code == 404


def test_the_paper_has_every_number_and_no_whole_employee_number(ani, rows):
    page = ani.page(f"{AT(OPEN)}paper/").main
    numbers = [int(row.all("td")[0].text) for row in page.one("tbody").all("tr")]
    nips = [nip for (nip,) in rows(sa.select(Official.nip).where(Official.nip.is_not(None)))]

    assert numbers == list(range(1, len(numbers) + 1))
    assert not [nip for nip in nips if nip in page.text]
    assert "Tanda tangan pasangan" in page.text
