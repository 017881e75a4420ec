"""The change log's page and the history of records: sentences, differences, scope and masks."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from tests.panel.screens import office
from tests.panel.screens.conftest import FULAN


def text_of(page: str) -> str:
    """The page's words without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main")[1]))


@pytest.fixture
def busy(ani, mira, bayu):
    """Some deeds of two regions."""
    ani.send("/persons/edit/?id=1", name="Fulan Teladan", _reason="SK terlambat")
    mira.send("/persons/edit/?id=3", name="Dadap Kedua")
    bayu.post("/persons/delete/", {"id": "1"})
    bayu.post("/persons/unmask/", {"id": "1", "column": "nip", "reason": "Cocokkan"})
    ani.post("/persons/delete/", {"id": "2", "_reason": "Tercatat dua kali"})


def test_an_auditor_reads_who_did_what_and_why_with_the_difference(citra, busy):
    page = citra.get("/changes/").text
    words = text_of(page)

    assert "<del>Fulan Contoh</del>" in page
    assert "<ins>Fulan Teladan</ins>" in page
    assert "SK terlambat" in words
    assert "Ani" in words
    assert "Tercatat dua kali" in words
    assert 'class="chain' in page


def test_deeds_of_another_region_are_not_told(citra, busy):
    words = text_of(citra.get("/changes/").text)

    assert "Dadap" not in words
    assert "Mira" not in words


def test_masked_values_stay_masked_in_the_log(ani, citra, busy):
    ani.send("/persons/edit/?id=1", nip="198001012005011009")

    page = citra.get("/changes/").text

    assert "198001012005011009" not in page
    assert FULAN not in page
    assert "•••• 009" in page


def test_secrets_are_told_as_changed_only(app, citra):
    from panel.changelog.records import deed
    from tests.panel.screens.conftest import SYSTEM

    with app.app_context(), deed("person.edit", actor=SYSTEM):
        office.db.session.get(office.Person, 1).pin = "4711"
        office.db.session.commit()

    assert "4711" not in citra.get("/changes/").text


@pytest.mark.parametrize(
    ("query", "found", "missing"),
    [
        ("actor=1", "SK terlambat", "Cocokkan"),
        ("actor=2", "Cocokkan", "SK terlambat"),
        ("action=person.delete", "Tercatat dua kali", "SK terlambat"),
        ("table=person&record=1", "SK terlambat", "Tercatat dua kali"),
        ("table=person&field=name&action=person.edit", "SK terlambat", "Cocokkan"),
        ("from=2001-01-01&to=2001-01-02", "", "SK terlambat"),
        ("from=2001-01-01&action=person.edit", "SK terlambat", "Cocokkan"),
    ],
)
def test_the_log_is_asked_by_person_action_record_field_and_day(citra, busy, query, found, missing):
    words = text_of(citra.get(f"/changes/?{query}").text)

    assert found in words
    assert missing not in words


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("from=yesterday", 200),
        ("to=9999-12-31", 200),
        ("table=secret", 200),
        ("record=1'", 200),
        ("actor=x", 400),
        ("before=x", 400),
    ],
)
def test_questions_that_make_no_sense_do_no_harm(citra, busy, query, status):
    assert citra.get(f"/changes/?{query}").status_code == status


def test_administrators_read_of_accounts_alone(browse, busy):
    eka = browse("eka")
    eka.send("/accounts/edit/?id=1", name="Ani Baru")

    words = text_of(eka.get("/changes/").text)

    assert "Ani Baru" in words
    assert "Fulan" not in words
    assert "SK terlambat" not in words


def test_clerks_and_supervisors_have_the_history_of_records_alone(ani, bayu, mira, busy):
    assert [who.get("/changes/").status_code for who in (ani, bayu)] == [403, 403]

    words = text_of(bayu.get("/persons/history/?id=1").text)

    assert "SK terlambat" in words
    assert "Fulan Teladan" in words
    assert mira.get("/persons/history/?id=1").status_code == 404


def test_the_log_has_no_way_to_write(citra, app):
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("changes.")]

    assert {m for rule in rules for m in rule.methods or ()} <= {"GET", "HEAD", "OPTIONS"}


def test_changes_from_outside_are_told_as_such(app, citra, rows):
    with app.app_context():
        connection = office.db.engine.raw_connection()
        connection.driver_connection.execute("PRAGMA query_only=OFF")
        connection.driver_connection.execute("UPDATE person SET name='Dari luar' WHERE id=1")
        connection.driver_connection.commit()
        connection.close()

    words = text_of(citra.get("/persons/history/?id=1").text)

    assert "Dari luar" in words
    assert "luar aplikasi" in words or "outside the application" in words
    assert rows(sa.select(office.Person.name).where(office.Person.id == 1)) == [("Dari luar",)]


def test_the_log_of_three_deeds_costs_as_many_statements_as_of_one(ani, citra, statements):
    ani.send("/persons/edit/?id=1", name="Satu")
    citra.get("/changes/")  # the glance at the chain takes in what is new
    with statements() as one:
        citra.get("/changes/")
    for name in ("Dua", "Tiga"):
        ani.send("/persons/edit/?id=1", name=name)
    citra.get("/changes/")
    with statements() as three:
        assert "Tiga" in citra.get("/changes/").text

    assert len(one) == len(three)


def test_an_auditor_sees_the_exports_of_his_region_and_no_others(ani, mira, citra):
    ani.get("/persons/export/csv/")
    mira.get("/persons/export/csv/")

    words = text_of(citra.get("/changes/").text)

    assert "Ani" in words
    assert "Mira" not in words
