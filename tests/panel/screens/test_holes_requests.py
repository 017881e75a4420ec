"""Holes of stock Flask-Admin about addresses and what is typed: shown there, closed here."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.panel.screens.office import Person

HOSTILE = ("abc", "1,2", "-1", "0", "1.5", "9" * 19, "9" * 23, "1 OR 1=1", "%27", "", "١")


@pytest.mark.parametrize("id", HOSTILE)
def test_no_hostile_id_is_more_than_a_page_that_is_not_there(ani, id):
    paths = [f"/persons/{page}/?id={id}" for page in ("details", "edit", "delete")]

    assert [ani.get(path).status_code for path in paths] == [404, 404, 404]
    assert ani.post("/persons/delete/", {"id": id}).status_code == 404


def test_two_keys_in_one_break_stock_flask_admin(stock):
    assert stock.get("/persons/details/?id=1,2").status_code == 500


@pytest.mark.parametrize("page", ["99999999999999999999", "-1", "x"])
def test_a_page_number_that_is_none_is_refused(stock, ani, page):
    assert ani.get(f"/persons/?page={page}").status_code == 400


def test_a_page_number_of_twenty_digits_breaks_stock_flask_admin(stock):
    assert stock.get("/persons/?page=99999999999999999999").status_code == 500


def test_a_page_beyond_the_end_leads_to_the_last(ani):
    answer = ani.get("/persons/?page=40&search=fulan")

    assert (answer.status_code, answer.location) == (302, "/persons/?search=fulan")


@pytest.mark.parametrize(
    "query",
    [
        "flt0_kind-is=nonsense",
        "flt0_desk_id-is=3",
        "flt0_desk_id-is=x",
        "flt0_born_on-since=yesterday",
    ],
)
def test_a_filter_value_that_makes_no_sense_is_said_and_left_out(ani, query):
    answer = ani.get(f"/persons/?{query}")

    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    assert "Fulan Contoh" in answer.text
    assert "Badu" in answer.text


@pytest.mark.parametrize("query", ["flt0_nonsense=1", "flt9_99=1", "flt=1", "sort=77", "foo=bar"])
def test_unknown_arguments_of_a_list_do_no_harm(ani, query):
    answer = ani.get(f"/persons/?{query}")

    assert answer.status_code == 200
    assert "Fulan Contoh" in answer.text


@pytest.mark.parametrize(
    "target",
    [
        "http:127.0.0.1:5056/",
        "//evil.test/",
        "/\\evil.test",
        "\\\\@evil.test/",
        "javascript:alert(1)",
    ],
)
def test_a_redirect_target_is_a_path_of_our_own(stock, ani, target):
    answer = ani.post("/persons/delete/", {"id": "2", "url": target})

    assert answer.status_code == 400


def test_stock_flask_admin_redirects_to_another_host(stock):
    answer = stock.post("/persons/delete/", {"id": "2", "url": "http:127.0.0.1:5056/"})

    assert answer.location == "http:///127.0.0.1:5056/"


def test_percent_and_underscore_are_letters_in_a_search(stock, ani):
    assert "Fulan Contoh" in stock.get("/persons/?search=%25").text

    found = ani.get("/persons/?search=%25").text

    assert "Badu 100% Misal" in found
    assert "Fulan Contoh" not in found
    assert "Fulan Contoh" not in ani.get("/persons/?search=_ulan").text


def test_a_search_asks_for_every_word_in_any_order_and_skips_titles(ani):
    page = ani.get("/persons/?search=Drs.+contoh,+FULAN").text

    assert "Fulan Contoh" in page
    assert "Badu" not in page


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", "{{7*7}}", "=1+1", "😀 Emoji", "שלום", "' OR 1=1 --"]
)
def test_text_is_stored_and_shown_as_text(ani, rows, typed):
    answer = ani.send("/persons/new/", name=typed)

    assert answer.status_code == 303
    assert rows(sa.select(Person.name).where(Person.id == 4)) == [(typed,)]
    page = ani.get(answer.location).text
    assert "<script>alert" not in page
    assert "49" not in page.split("<main")[1].split("<h1>")[1].split("</h1>")[0]


@pytest.mark.parametrize("typed", ["x" * 1_000_000, "a\u202eb", "  ", ""])
def test_text_that_cannot_be_a_name_is_refused_at_its_field(ani, rows, typed):
    answer = ani.send("/persons/new/", name=typed)

    assert answer.status_code == 422
    assert 'id="name-e"' in answer.text
    assert len(rows(sa.select(Person.id))) == 3


def test_what_was_typed_stays_in_the_form_that_is_refused(ani):
    answer = ani.send("/persons/new/", name="", note="Kept for later")

    assert answer.status_code == 422
    assert "Kept for later" in answer.text


def test_fields_that_are_not_in_the_form_are_not_taken(ani, rows):
    ani.send("/persons/new/", name="Baru", region_id="2", pin="1234", id="77")

    kept = sa.select(Person.id, Person.region_id, Person.pin).where(Person.name == "Baru")
    assert rows(kept) == [(4, 1, None)]
