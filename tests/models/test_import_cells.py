"""Cells of lists as offices type them, from the bytes of a file to what a row says."""

from __future__ import annotations

from datetime import date

import pytest

from models.imports.checking import Reading, check, outcomes_of
from panel.sheets.cells import Cell
from panel.sheets.headings import headings
from panel.sheets.reading import pasted, read
from tests.models.test_imports import NEW, NIPS, directory, looked, wrong
from tests.panel.sheets.made import cell, xlsx

SAYS = {"name": ("Nama",), "nip": ("NIP",), "phone": ("HP",)}


def read_in(sheet):
    """How a sheet with headings is read."""
    found = headings(sheet, SAYS)
    return Reading("officials", sheet, found.columns, found.data_rows)


@pytest.mark.parametrize(
    "day",
    [
        "1 Desember 2025",
        "1 Des. 2025",
        "01/12/2025",
        "1-12-2025",
        "01.12.2025",
        "2025-12-01",
        Cell("45992", "number"),
        Cell("2025-12-01", "date"),
        Cell("2025-12-01 00:00", "date"),
    ],
)
def test_a_day_is_understood_in_every_way_that_offices_write_it(day):
    [outcome] = looked((*NEW, "III/d", "Lurah Unyur", "", "", "", day))

    assert wrong(outcome) == []
    assert outcome.drafts[1].values["started_on"] == (None, str(date(2025, 12, 1)))


def test_a_nip_that_is_recorded_under_another_name_is_never_taken_silently():
    [outcome] = looked(("Dadap Ibarat", NIPS[0]))

    assert (outcome.kind, wrong(outcome), outcome.drafts) == ("problem", ["C6"], ())


def test_hidden_rows_blank_rows_and_turned_writing_are_read_and_told():
    text = "\u202eLili\u202c Contohan"
    rows = (
        f'<row r="1">{cell("A1", "Nama")}{cell("B1", "NIP")}</row>'
        f'<row r="2" hidden="1">{cell("A2", text)}{cell("B2", NEW[1])}</row>'
        f'<row r="3"/><row r="40">{cell("A40", "Badu Contohan")}{cell("B40", "1.9E+17")}</row>'
    )

    reading = read_in(read(xlsx(rows), "x").sheets[0])
    report = check(reading, directory())

    assert (report.total, report.hidden, report.first_row, report.last_row) == (2, 1, 2, 40)
    assert [one.name for one in report.page] == ["Lili Contohan", "Badu Contohan"]
    assert [(one.kind, wrong(one)) for one in report.page] == [("new", []), ("problem", ["B40"])]


def test_two_telephones_in_a_pasted_cell_are_a_choice():
    lines = f'Nama\tNIP\tHP\nLili Contohan\t{NEW[1]}\t"0812-0000-6666\n0813-0000-7777"\n'

    [outcome] = outcomes_of(read_in(pasted(lines).sheets[0]), directory())

    [problem] = outcome.problems
    assert (problem.address, [value for value, _ in problem.choices]) == (
        "C2",
        ["+6281200006666", "+6281300007777"],
    )
