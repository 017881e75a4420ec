"""Holes of stock Flask-Admin about who sees and reaches what: each shown there and closed here."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.panel.screens.office import Person

NAMES = sa.select(Person.id, Person.name).order_by(Person.id)
FILLED = [(1, "Fulan Contoh"), (2, "Badu 100% Misal"), (3, "Dadap Metro")]


def test_a_record_out_of_scope_is_not_found_by_its_number(stock, ani):
    assert "Dadap Metro" in stock.get("/persons/details/?id=3").text
    assert "Dadap Metro" in stock.get("/persons/edit/?id=3").text

    answers = [ani.get(f"/persons/{page}/?id=3") for page in ("details", "edit", "delete")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert not any("Dadap" in answer.text for answer in answers)


def test_a_record_out_of_scope_cannot_be_edited_or_deleted_by_its_number(
    stock, ani, mira, rows, deeds
):
    stock.post("/persons/edit/?id=3", {"name": "Taken over", "kind": "staff", "desk": "3"})
    assert rows(NAMES)[2] == (3, "Taken over")

    form = {**ani.form("/persons/edit/?id=1"), "name": "Mine"}
    refused = [
        ani.post("/persons/edit/?id=3", form),
        ani.post("/persons/delete/", {"id": "3"}),
        ani.post("/persons/ajax/update/", {"list_form_pk": "3", "name": "Mine"}),
        ani.post("/persons/action/", {"action": "delete", "rowid": "3", "confirmed": "1"}),
    ]

    assert [answer.status_code for answer in refused] == [404, 404, 404, 404]
    assert rows(NAMES)[2] == (3, "Taken over")
    assert deeds() == []
    assert mira.get("/persons/details/?id=3").status_code == 200


def test_the_list_and_its_count_hold_the_scope_alone(ani, mira):
    assert "Dadap" not in ani.get("/persons/").text
    assert "Fulan" not in mira.get("/persons/").text
    assert "Fulan Contoh" in ani.get("/persons/").text


def test_inline_edit_is_no_way_round_the_right_to_edit(stock, bayu, ani, rows, deeds):
    stock.post("/readonly/ajax/update/", {"list_form_pk": "1", "name": "Changed by a reader"})
    assert rows(NAMES)[0] == (1, "Changed by a reader")

    answer = bayu.post("/persons/ajax/update/", {"list_form_pk": "1", "name": "Changed again"})

    assert answer.status_code == 403
    assert rows(NAMES)[0] == (1, "Changed by a reader")
    assert deeds() == ["person.edit.refused"]

    assert (
        ani.post("/persons/ajax/update/", {"list_form_pk": "1", "name": "By Ani"}).status_code
        == 200
    )
    assert rows(NAMES)[0] == (1, "By Ani")
    assert deeds() == ["person.edit.refused", "person.edit"]


def test_an_action_that_no_rule_opens_is_closed(stock, ani, citra):
    chosen = {"action": "shout", "rowid": "1"}
    assert stock.post("/readonly/action/", chosen).text == "shouted 1"

    assert ani.post("/persons/action/", chosen).status_code == 403
    assert citra.post("/persons/action/", {**chosen, "action": "delete"}).status_code == 403


def test_a_lookup_answers_within_scope_and_within_its_limit(stock, ani, citra):
    everything = "/persons/ajax/lookup/?name=desk&query=&limit=100000"
    assert "Harbour" in stock.get(everything).text

    assert ani.get(everything).json == [[1, "Front desk"], [2, "Archive"]]
    assert ani.get("/persons/ajax/lookup/?name=desk&query=ARCH").json == [[2, "Archive"]]
    assert ani.get("/persons/ajax/lookup/?name=desk&query=%25").json == []
    assert citra.get(everything).status_code == 403
    assert ani.get("/persons/ajax/lookup/?name=region&query=").status_code == 404


def test_a_posted_relation_has_to_lie_in_scope(stock, ani, rows):
    stock.post("/persons/edit/?id=1", {"name": "Fulan Contoh", "kind": "staff", "desk": "3"})
    desks = sa.select(Person.desk_id).where(Person.id == 1)
    assert rows(desks) == [(3,)]

    answer = ani.send("/persons/edit/?id=2", desk="3")

    assert answer.status_code == 422
    assert 'id="desk-e"' in answer.text
    assert rows(sa.select(Person.desk_id).where(Person.id == 2)) == [(2,)]


@pytest.mark.parametrize("page", ["", "details/?id=1"])
def test_columns_are_those_declared_and_no_secret(stock, ani, page):
    assert "Pin" in stock.get("/persons/details/?id=1").text

    assert "Pin" not in ani.get(f"/persons/{page}").text


def test_a_filter_on_a_relation_opens_its_names_and_no_further_column(stock, ani):
    assert "Desk / Code" in stock.get("/persons/").text

    page = ani.get("/persons/").text

    assert "flt0_desk_id-is" in page
    assert "desk-code" not in page
    assert "Harbour" not in page


def test_a_masked_column_is_masked_everywhere_and_cannot_be_asked_about(bayu, ani):
    assert "198001012005011001" in ani.get("/persons/").text

    pages = [
        bayu.get("/persons/").text,
        bayu.get("/persons/details/?id=1").text,
    ]

    assert all("•••• 001" in page and "198001012005011001" not in page for page in pages)
    assert "flt0_nip-contains" not in pages[0]
    assert "Fulan" not in bayu.get("/persons/?search=19800101").text
    asked = bayu.get("/persons/?flt0_nip-contains=1980").text
    assert "Badu" in asked
    assert "flt0_nip" not in asked.split("<table")[1]


def test_a_masked_number_is_found_by_its_whole_value_by_who_may_unmask_it(bayu, citra):
    whole = "/persons/?search=198001012005011001"

    assert "Fulan Contoh" in bayu.get(whole).text
    assert "Fulan Contoh" not in citra.get(whole).text


def test_a_kind_without_a_row_in_the_policy_is_closed_to_everybody(browse, deeds):
    for name in ("ani", "bayu", "citra", "eka"):
        assert browse(name).get("/ledgers/").status_code == 403

    assert deeds() == ["ledger.read.refused"] * 4


def test_a_stranger_is_sent_to_sign_in(browse):
    for path in ("/persons/", "/persons/new/", "/persons/export/csv/", "/ledgers/"):
        answer = browse("").get(path)
        assert (answer.status_code, answer.location[:6]) == (303, "/login")
