"""Details: what is masked, how it is unmasked, and what stays covered in a form."""

from __future__ import annotations

import json

import sqlalchemy as sa

from panel.screens import showing
from tests.panel.screens import office
from tests.panel.screens.conftest import FULAN, PHONE
from tests.panel.screens.office import Person

UNMASKED = sa.select(office.Deed.subject_table, office.Deed.subject_pk, office.Deed.personal).where(
    office.Deed.action == "person.unmask"
)


def test_a_masked_value_is_shown_once_with_a_reason_and_logged(bayu, rows, deeds):
    answer = bayu.post("/persons/unmask/", {"id": "1", "column": "nip", "reason": "Compare"})

    assert answer.status_code == 200
    assert FULAN in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    [(table, key, personal)] = rows(UNMASKED)
    assert (table, key) == ("person", "1")
    assert "Compare" in json.loads(personal)["reason"]
    assert FULAN not in personal
    assert FULAN not in bayu.get("/persons/details/?id=1").text


def test_an_unmasking_needs_a_reason_a_right_and_a_record_in_scope(bayu, citra, browse, rows):
    asked = {"id": "1", "column": "nip"}

    assert bayu.post("/persons/unmask/", asked).status_code == 422
    assert citra.post("/persons/unmask/", {**asked, "reason": "x"}).status_code == 403
    for id, column in (("3", "nip"), ("1", "pin"), ("1", "name"), ("2", "nip")):
        wrong = {"id": id, "column": column, "reason": "x"}
        assert bayu.post("/persons/unmask/", wrong).status_code == 404
    assert rows(UNMASKED) == []


def test_unmaskings_are_limited_by_the_hour(bayu, monkeypatch, deeds):
    monkeypatch.setattr(showing, "UNMASKED_AN_HOUR", 2)
    asked = {"id": "1", "column": "nip", "reason": "Compare"}

    codes = [bayu.post("/persons/unmask/", asked).status_code for _ in range(3)]

    assert codes == [200, 200, 422]
    assert deeds() == ["person.unmask", "person.unmask", "person.unmask.refused"]


def test_json_gives_the_value_alone(bayu):
    headers = {"Accept": "application/json"}
    asked = {"id": "1", "column": "nip", "reason": "Compare"}

    assert bayu.post("/persons/unmask/", asked, headers=headers).json["value"] == FULAN


def test_a_masked_value_is_covered_in_the_form_and_stays_when_left_empty(ani, rows):
    page = ani.get("/persons/edit/?id=1").text
    assert PHONE not in page
    assert "•••• 234" in page
    kept = sa.select(Person.name, Person.phone).where(Person.id == 1)

    assert ani.send("/persons/edit/?id=1", name="Fulan Baru").status_code == 303
    assert rows(kept) == [("Fulan Baru", PHONE)]

    assert ani.send("/persons/edit/?id=1", phone="+6281299998888").status_code == 303
    assert rows(kept) == [("Fulan Baru", "+6281299998888")]


def test_related_tables_hold_what_the_actor_reads(ani, citra):
    assert "Asks for a stamp" in ani.get("/persons/details/?id=1").text

    assert "Asks for a stamp" not in citra.get("/persons/details/?id=1").text


def test_a_closed_edit_is_no_link_for_who_may_not_edit(bayu):
    assert "/persons/edit/" not in bayu.get("/persons/details/?id=1").text
