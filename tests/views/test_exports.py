"""Exports: no formula runs, numbers of people are text and masked, files say what the list says."""

import io
import re
import zipfile

import pytest

from tests.views.browser import Page

SHEET = "xl/worksheets/sheet1.xml"
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "\t=1")


def workbook(answer):
    """The cells of an exported workbook: (kind, style, text) by place."""
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        sheet = book.read(SHEET).decode()
        texts = re.findall(r"<si>(.*?)</si>", book.read("xl/sharedStrings.xml").decode(), re.S)
    strings = [re.sub(r"<[^>]+>", "", text) for text in texts]
    cells = {}
    for place, rest, inner in re.findall(r'<c r="(\w+)"([^>]*)>(.*?)</c>', sheet, re.S):
        kind = (re.findall(r't="(\w+)"', rest) or ["n"])[0]
        value = (re.findall(r"<v>(.*?)</v>", inner) or [""])[0]
        cells[place] = (kind, strings[int(value)] if kind == "s" else value)
    assert "<f>" not in sheet
    return cells


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_in_a_name_is_text_in_both_files(ani, name):
    shown = name.strip()
    made = ani.send("/venues/new/", name=name, kind="hall", address="=cmd|' /C calc'!A0")
    assert made.status_code == 303

    rows = ani.exported("/venues/")
    cells = workbook(ani.get("/venues/export/xlsx/"))

    harmless = [row for row in rows if row["Alamat"].endswith("A0")]
    assert [(row["Nama"], row["Alamat"]) for row in harmless] == [
        (f"'{shown}", "'=cmd|' /C calc'!A0")
    ]
    assert ("s", shown.replace("&", "&amp;")) in cells.values()
    assert {kind for kind, _text in cells.values()} == {"s"}


@pytest.mark.parametrize("username", ["ani", "bayu", "citra"])
def test_numbers_of_people_are_masked_text_for_everybody(browse, username):
    rows = browse(username).exported("/officials/")
    cells = workbook(browse(username).get("/officials/export/xlsx/"))

    for title in ("NIP", "Telepon"):
        assert {re.sub(r"\d{3}$", "N", row[title]) for row in rows} == {"•••• N", ""}
    assert [kind for place, (kind, _) in cells.items() if place[0] in "BE"] == ["s"] * sum(
        place[0] in "BE" for place in cells
    )
    assert not re.search(r"\d{9}", " ".join(text for _, text in cells.values()))


def test_days_are_days_and_counts_are_numbers(ani):
    first = ani.exported("/appointments/", "?flt0_ended_on-blank=1")[0]
    cells = workbook(ani.get("/appointments/export/xlsx/?flt0_ended_on-blank=1"))
    ranks = ani.page("/tiers/").cells("Urutan dari atas")

    assert (first["Sejak"], first["Sampai"]) == ("2025-11-17", "2025-11-21")
    assert cells["D2"] == ("n", "45978")
    assert ranks[0] == ("1",)


def test_a_file_holds_what_search_and_filters_leave_in_the_order_of_the_list(ani):
    query = "?search=badu&sort=0&desc=1"

    names = [row["Nama"] for row in ani.exported("/officials/", query)]

    assert names == ani.page(f"/officials/{query}").names
    assert names == sorted(names, key=lambda name: name.split("Badu")[1], reverse=True)


def test_an_export_is_logged_with_its_number_of_rows(ani, citra, deeds):
    answer = ani.get("/officials/export/csv/?search=badu")

    assert deeds() == ["official.export"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert re.fullmatch(
        r'attachment; filename="official-\d{4}-\d\d-\d\d\.csv"',
        answer.headers["Content-Disposition"],
    )
    rows = len(ani.exported("/officials/", "?search=badu&flt0_employment_type-is=asn_pns"))
    told = citra.page("/changes/?action=official.export").text
    asked = "pencarian “badu”; Kepegawaian: PNS (?search=badu&flt0_employment_type-is=asn_pns)"
    assert f"{rows} baris sebagai csv, {asked}" in told


@pytest.mark.parametrize(
    ("username", "path", "status"),
    [
        ("ani", "/tiers/", 403),
        ("eka", "/officials/", 403),
        ("eka", "/accounts/", 403),
        ("citra", "/officials/", 200),
        ("", "/officials/", 303),
    ],
)
def test_only_who_may_gets_a_file(browse, username, path, status):
    for kind in ("csv", "xlsx"):
        assert browse(username).get(f"{path}export/{kind}/").status_code == status


def test_a_file_is_limited_in_rows(ani, deeds, monkeypatch):
    monkeypatch.setattr("panel.screens.export.MOST_ROWS", 100)

    answer = ani.get("/officials/export/csv/")

    assert answer.status_code == 422
    assert "Lebih dari 100 baris" in Page(answer.text).text
    assert deeds() == []
