"""Holes of stock Flask-Admin about what is written: each shown there and closed here."""

from __future__ import annotations

import json
import re

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from panel.changelog.records import deed
from tests.panel.screens import office
from tests.panel.screens.conftest import FULAN, SYSTEM, PersonView, fields_of
from tests.panel.screens.office import Person, Visit

NAMES = sa.select(Person.name).order_by(Person.id)
TYPED = {"name": "Baru Sekali", "kind": "staff"}


def test_a_post_without_a_token_is_refused(stock, app, ani, rows):
    stock.post("/persons/delete/", {"id": "2"})
    assert rows(NAMES) == [("Fulan Contoh",), ("Dadap Metro",)]

    app.config["WTF_CSRF_ENABLED"] = True
    posts = {
        "new/": TYPED,
        "edit/?id=1": TYPED,
        "delete/": {"id": "1"},
        "action/": {"action": "delete", "rowid": "1", "confirmed": "1"},
        "ajax/update/": {"list_form_pk": "1", "name": "X"},
        "unmask/": {"id": "1", "column": "nip", "reason": "x"},
    }

    assert {
        path: ani.post(f"/persons/{path}", data).status_code for path, data in posts.items()
    } == (dict.fromkeys(posts, 400))
    assert rows(NAMES) == [("Fulan Contoh",), ("Dadap Metro",)]


def test_the_token_of_the_page_is_enough(app, ani):
    app.config["WTF_CSRF_ENABLED"] = True

    assert ani.send("/persons/edit/?id=1", name="Fulan Kedua").status_code == 303


def test_no_delete_of_a_page_acts_by_a_handler_in_the_page(stock, ani):
    assert "onclick=" in stock.get("/persons/").text

    page = ani.get("/persons/").text

    assert "onclick" not in page
    assert "/persons/delete/?id=1" in page
    question = ani.get("/persons/delete/?id=2")
    assert question.status_code == 200
    assert 'method="post"' in question.text


def test_four_identical_submits_make_one_record(stock, ani, rows, deeds):
    for _ in range(4):
        stock.post("/persons/new/", TYPED)
    assert rows(NAMES)[3:] == [("Baru Sekali",)] * 4

    form = {**ani.form("/persons/new/"), "name": "Hanya Satu"}
    answers = [ani.post("/persons/new/", form) for _ in range(4)]

    assert {(answer.status_code, answer.location) for answer in answers} == {
        (303, "/persons/details/?id=8")
    }
    assert rows(NAMES)[7:] == [("Hanya Satu",)]
    assert deeds() == ["person.create"]


def test_a_form_token_is_its_owners_alone(ani, mira, rows):
    form = {**ani.form("/persons/new/"), "name": "Punya Ani"}
    ani.post("/persons/new/", form)

    answer = mira.post("/persons/new/", form)

    assert answer.location == "/persons/details/?id=5"
    assert rows(sa.select(Person.region_id).where(Person.id == 5)) == [(2,)]


def test_the_second_of_two_savers_sees_both_values_and_loses_nothing(stock, ani, rows, deeds):
    stale = {"name": "Second", "nip": "", "kind": "staff", "desk": "__None"}
    stock.post("/persons/edit/?id=2", {**stale, "name": "First"})
    assert stock.post("/persons/edit/?id=2", stale).status_code == 302
    assert rows(NAMES)[1] == ("Second",)

    opened = ani.form("/persons/edit/?id=1")
    ani.send("/persons/edit/?id=1", name="By the first", note="kept")
    answer = ani.post("/persons/edit/?id=1", {**opened, "name": "By the second"})

    assert answer.status_code == 409
    table = answer.text[answer.text.index("<tbody>") : answer.text.index("</tbody>")]
    assert "By the first" in table
    assert "By the second" in table
    assert rows(NAMES)[0] == ("By the first",)
    assert deeds() == ["person.edit"]

    again = fields_of(answer.text)
    assert again["name"] == "By the second"
    assert ani.post("/persons/edit/?id=1", again).status_code == 303
    assert rows(NAMES)[0] == ("By the second",)


def test_a_form_without_its_version_is_never_saved(ani, rows):
    form = ani.form("/persons/edit/?id=1")
    del form["version"]

    assert ani.post("/persons/edit/?id=1", {**form, "name": "Blind"}).status_code == 409
    assert rows(NAMES)[0] == ("Fulan Contoh",)


def test_a_change_of_what_hangs_on_the_record_is_a_conflict_too(ani, rows):
    opened = ani.form("/persons/edit/?id=1")
    ani.send("/persons/edit/?id=1", **{"visits-0-purpose": "Asks for two stamps"})

    answer = ani.post("/persons/edit/?id=1", {**opened, "visits-0-purpose": "Asks for none"})

    assert answer.status_code == 409
    assert rows(sa.select(Visit.purpose)) == [("Asks for two stamps",)]


def test_no_exception_text_reaches_the_page(stock, ani, rows):
    shown = stock.post("/persons/new/", {**TYPED, "nip": FULAN}, follow_redirects=True).text
    assert "INSERT INTO person" in shown

    answer = ani.send("/persons/new/", name="Kembar", nip=FULAN)

    assert answer.status_code == 422
    assert "INSERT" not in answer.text
    assert "UNIQUE" not in answer.text
    assert re.search(r'id="nip-e".*?nilai|id="nip-e".*?value', answer.text, re.S)
    assert len(rows(NAMES)) == 3


def test_a_broken_rule_names_its_field(ani, rows):
    answer = ani.send("/persons/edit/?id=1", name="F")

    assert answer.status_code == 422
    assert 'id="name-e"' in answer.text
    assert "CHECK" not in answer.text
    assert rows(NAMES)[0] == ("Fulan Contoh",)


def test_an_unexpected_fault_gets_a_number_and_no_words_of_its_own(app, ani, monkeypatch, caplog):
    def fail(self, record, created):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(PersonView, "before_save", fail)

    answer = ani.send("/persons/new/", name="Baru")

    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert re.search(r"K-[0-9A-F]{4}-\d{4}", answer.text)


def test_a_database_that_is_busy_is_said_so(ani, monkeypatch):
    def busy(self, record, created):
        raise OperationalError("UPDATE person", {}, Exception("database is locked"))

    monkeypatch.setattr(PersonView, "before_save", busy)

    answer = ani.send("/persons/new/", name="Baru")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "UPDATE" not in answer.text


def test_what_is_referred_to_is_kept_and_the_answer_says_by_what(stock, ani, rows, deeds):
    answer = ani.post("/persons/delete/", {"id": "1"})

    assert answer.status_code == 409
    assert "1 Visits" in answer.text or "1 Kunjungan" in answer.text
    assert len(rows(NAMES)) == 3
    assert deeds() == ["person.delete.refused"]
    assert ani.post("/persons/delete/", {"id": "2"}).status_code == 303
    assert deeds() == ["person.delete.refused", "person.delete"]


def test_what_refers_from_another_region_is_not_told(app, ani, rows):
    with app.app_context(), deed("test.fill", actor=SYSTEM):
        office.db.session.add(Visit(id=9, region_id=2, person_id=2, purpose="From Metro"))
        office.db.session.commit()

    answer = ani.post("/persons/delete/", {"id": "2"})

    assert answer.status_code == 409
    assert "Visits" not in answer.text.split('role="alert"')[1].split("</div>")[0]
    assert "Metro" not in answer.text


def test_a_mass_deletion_is_all_or_nothing_and_asks_first(stock, ani, rows, deeds):
    chosen = {"action": "delete", "rowid": ["2", "1"]}
    assert ani.post("/persons/action/", chosen).status_code == 200
    assert len(rows(NAMES)) == 3

    answer = ani.post("/persons/action/", {**chosen, "confirmed": "1"})

    assert answer.status_code == 409
    assert len(rows(NAMES)) == 3
    assert deeds() == ["person.delete.refused"]

    stock.post("/persons/action/", chosen)
    assert [name for (name,) in rows(NAMES)] == ["Fulan Contoh", "Dadap Metro"]


def test_a_refused_action_is_said_and_logged(stock, citra, rows, deeds):
    answer = citra.post("/persons/action/", {"action": "delete", "rowid": "2", "confirmed": "1"})

    assert answer.status_code == 403
    assert len(rows(NAMES)) == 3
    assert deeds() == ["person.delete.refused"]


def test_a_deed_names_the_act_the_record_and_the_reason(ani, rows):
    ani.send("/persons/edit/?id=1", name="Fulan Baru", _reason="New spelling")

    found = sa.select(
        office.Deed.subject_table, office.Deed.subject_pk, office.Deed.personal
    ).where(office.Deed.action == "person.edit")
    [(table, key, personal)] = rows(found)
    assert (table, key) == ("person", "1")
    assert json.loads(personal)["reason"] == "New spelling"


def test_a_get_never_changes_a_record(ani, rows, deeds):
    for path in ("delete/?id=2", "new/", "edit/?id=1", "details/?id=1", "action/", "ajax/update/"):
        ani.get(f"/persons/{path}")

    assert len(rows(NAMES)) == 3
    assert deeds() == []
