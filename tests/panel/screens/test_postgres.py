"""The same screens on PostgreSQL: what its driver, its types and its locks do otherwise."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from tests.panel.screens.conftest import FULAN, opened
from tests.panel.screens.office import Person, Plan, db


@pytest.fixture
def app(postgres_database):
    for app in opened(postgres_database):
        with app.app_context():
            for table in ("region", "account", "desk", "tag", "person", "visit"):
                highest = f"(SELECT max(id) FROM {table})"
                sequence = f"pg_get_serial_sequence('{table}', 'id')"
                with db.engine.execution_options(write="schema").begin() as connection:
                    connection.execute(sa.text(f"SELECT setval({sequence}, {highest})"))
        yield app


def test_lists_are_searched_filtered_sorted_and_exported(ani):
    assert "Fulan Contoh" in ani.get("/persons/?search=FULAN+contoh").text
    assert "Fulan" not in ani.get("/persons/?flt0_desk_id-is=2").text.split("<main")[1]
    assert ani.get("/persons/?sort=3&desc=1&flt0_born_on-since=2001-01-01").status_code == 200
    assert FULAN in ani.get("/persons/export/csv/").text


def test_no_hostile_id_breaks_a_page(ani):
    for id in ("abc", "1,2", "2147483648", "9" * 18, "9" * 19, "9" * 23, "-1"):
        assert ani.get(f"/persons/details/?id={id}").status_code == 404
        assert ani.post("/persons/delete/", {"id": id}).status_code == 404
        assert ani.post(f"/plans/{id}/move/submit/", {"seen": "x"}).status_code == 404
        assert ani.get(f"/persons/?search={id}&flt0_desk_id-is={id}").status_code == 200


def test_broken_rules_name_their_fields(ani, rows):
    twice = ani.send("/persons/new/", name="Kembar", nip=FULAN)
    short = ani.send("/persons/new/", name="K")

    assert (twice.status_code, short.status_code) == (422, 422)
    assert 'id="nip-e"' in twice.text
    assert 'id="name-e"' in short.text
    assert len(rows(sa.select(Person.id))) == 3


def test_one_form_makes_one_record_and_a_conflict_shows_both_values(ani, rows):
    form = {**ani.form("/persons/new/"), "name": "Hanya Satu"}
    answers = {ani.post("/persons/new/", form).location for _ in range(3)}
    assert len(answers) == 1
    assert len(rows(sa.select(Person.id))) == 4

    opened_form = ani.form("/persons/edit/?id=1")
    ani.send("/persons/edit/?id=1", name="Pertama")
    answer = ani.post("/persons/edit/?id=1", {**opened_form, "name": "Kedua"})

    assert answer.status_code == 409
    assert "Pertama" in answer.text


def test_a_plan_is_moved_and_told(ani, bayu, citra, rows):
    ani.send("/plans/new/", title="Apel pagi", target="07.30", **{"steps-0-text": "Papan"})
    seen = re.search(r'name="seen" value="(\w+)"', ani.get("/plans/details/?id=1").text)[1]
    assert ani.post("/plans/1/move/submit/", {"seen": seen}).status_code == 303
    assert bayu.post("/plans/1/move/approve/", {"seen": seen}).status_code == 303
    assert ani.post("/plans/delete/", {"id": "1"}).status_code == 409

    assert rows(sa.select(Plan.status)) == [("running",)]
    page = citra.get("/changes/?table=plan&record=1&field=status").text
    assert "Apel pagi" in page
    assert 'class="chain' in citra.get("/changes/").text
    for query in ("q=papan", "q=apel&address=127.0.0.1&what=changed&table=plan", "q=fulan"):
        assert 'class="deed"' in citra.get(f"/changes/?{query}").text
    for query in ("q=qqxyzzy", f"q={FULAN}", "what=outside", "q=apel&address=10.0.0.1"):
        assert 'class="deed"' not in citra.get(f"/changes/?{query}").text
    assert 'class="deed"' in citra.get("/persons/history/?id=1").text


def test_what_is_referred_to_is_kept(ani, rows):
    assert ani.post("/persons/delete/", {"id": "1"}).status_code == 409
    assert ani.post("/persons/delete/", {"id": "2"}).status_code == 303
    assert len(rows(sa.select(Person.id))) == 2
