"""Exports: what is in the files, for whom, and what the log keeps of them."""

from __future__ import annotations

import csv
import io
import re
import zipfile

import pytest
import sqlalchemy as sa

from panel.changelog.records import deed
from panel.screens import export
from tests.panel.screens import office
from tests.panel.screens.conftest import FULAN, SERANG, SYSTEM
from tests.panel.screens.office import Person


def lines(answer):
    text = answer.data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def cells(answer):
    book = zipfile.ZipFile(io.BytesIO(answer.data))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    return re.findall(r"<t[^>]*>([^<]*)</t>", book.read("xl/sharedStrings.xml").decode())


@pytest.fixture
def formula(app):
    with app.app_context(), deed("test.fill", actor=SYSTEM):
        person = Person(region_id=SERANG, name="=1+1", note="+62 812\t@x")
        office.db.session.add(person)
        office.db.session.commit()


def test_a_formula_is_text_in_a_file(stock, ani, formula):
    assert "\n=1+1," in stock.get("/persons/export/csv/").text.replace("\r", "").replace(
        ",=1+1", "\n=1+1"
    )

    answer = ani.get("/persons/export/csv/")

    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert lines(answer)[2][0] == "'=1+1"
    assert lines(answer)[2][4] == "'+62 812\t@x"
    assert "=1+1" in cells(ani.get("/persons/export/xlsx/"))


def test_a_number_keeps_its_digits_and_a_masked_one_its_mask(ani, citra):
    assert lines(ani.get("/persons/export/csv/"))[0][1] == FULAN
    assert FULAN in cells(ani.get("/persons/export/xlsx/"))
    assert lines(citra.get("/persons/export/csv/"))[0][1] == "•••• 001"
    assert FULAN not in cells(citra.get("/persons/export/xlsx/"))


def test_an_export_holds_what_the_list_holds_and_is_logged_with_its_rows(ani, mira, rows):
    answer = ani.get("/persons/export/csv/?search=fulan")

    assert [line[0] for line in lines(answer)] == ["Fulan Contoh"]
    assert answer.headers["Cache-Control"] == "no-store"
    logged = rows(
        sa.select(office.Deed.action, office.Deed.personal).where(office.Deed.actor_id == 1)
    )
    assert [action for action, _ in logged] == ["person.export"]
    assert "1" in logged[0][1]
    assert [line[0] for line in lines(mira.get("/persons/export/csv/"))] == ["Dadap Metro"]


def test_an_export_is_limited_and_its_refusal_says_what_to_do(ani, monkeypatch, deeds):
    monkeypatch.setattr(export, "MOST_ROWS", 1)

    answer = ani.get("/persons/export/csv/")

    assert answer.status_code == 422
    assert deeds() == []


def test_who_may_not_export_gets_no_file(browse, deeds):
    answer = browse("ani").get("/desks/export/csv/")

    assert answer.status_code == 403
    assert deeds() == ["desk.export.refused"]
    assert browse("ani").get("/persons/export/json/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("satu;=1+1", "satu;'=1+1"),
        ('satu;"=1+1;"', 'satu;"\'=1+1;"'),
        ("satu\n+2", "satu\n'+2"),
        ("=1;@2", "'=1;'@2"),
        ("satu; dua - tiga", "satu; dua - tiga"),
    ],
)
def test_no_cell_begins_in_the_middle_of_a_text(typed, kept):
    assert export.harmless(typed) == kept
