"""The page of days off: kept by administrators, read by everybody, with the national calendar."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from models.holidays import Holiday

LOCAL = {"day": "2026-11-18", "kind": "holiday", "name": "Hari Jadi Kota", "region": "1"}
NATIONAL_2026 = "Kalender nasional 2026"


@pytest.fixture
def enter(write):
    """`enter("2026-12-25", "working_day", 2)`: an entry of the list."""

    def enter(day, kind="holiday", region=None):
        with write() as session:
            parts = map(int, day.split("-"))
            entry = Holiday(day=date(*parts), kind=kind, name="Contoh")
            entry.region_id = region
            session.add(entry)
            session.flush()
            return entry.id

    return enter


@pytest.mark.parametrize("username", ["ani", "bayu", "citra", "eka", "mira"])
def test_everybody_reads_the_national_calendar(browse, username):
    page = browse(username).page("/holidays/?year=2026")

    days = page.table(NATIONAL_2026)
    assert len(days) == 25
    assert days[0] == [
        "Kamis, 1 Januari 2026",
        "Tahun Baru Masehi",
        "Hari libur resmi",
        "Kalender nasional",
    ]
    assert days[-2][:3] == [
        "Kamis, 24 Desember 2026",
        "Cuti Bersama Hari Raya Natal",
        "Cuti bersama",
    ]
    assert "belum diketahui" not in page.text


@pytest.mark.parametrize("year", ["2040", "2028"])
def test_a_year_without_a_decree_says_so(ani, year):
    page = ani.page(f"/holidays/?year={year}")

    assert f"Cuti bersama {year} belum diketahui di sini" in page.text
    assert page.table(f"Kalender nasional {year}")


@pytest.mark.parametrize("year", ["", "abc", "1", "99999", "-2026", "٢٠٢٦", "1500"])
def test_another_year_than_there_is_shows_this_one(ani, year):
    assert "Kalender nasional 20" in ani.page(f"/holidays/?year={year}").text


def test_an_administrator_enters_a_day_and_ends_it(eka, deeds, rows):
    answer = eka.send("/holidays/new/", **LOCAL)

    key = int(answer.location.partition("id=")[2])
    assert eka.page(f"/holidays/details/?id={key}").facts == {
        "Tanggal": "Rabu, 18 November 2026",
        "Nama": "Hari Jadi Kota",
        "Jenis hari": "Hari libur resmi",
        "Berlaku di": "Kota Serang",
    }
    assert eka.send(f"/holidays/edit/?id={key}", kind="working_day").status_code == 303
    assert eka.post("/holidays/delete/", {"id": str(key)}).status_code == 403
    assert deeds() == ["holiday.create", "holiday.edit", "holiday.delete.refused"]
    assert rows(sa.select(Holiday.kind, Holiday.region_id)) == [("working_day", 1)]


@pytest.mark.parametrize("username", ["ani", "bayu", "citra", "mira"])
def test_others_only_read(browse, enter, username, rows):
    key = enter("2026-11-18")
    browser = browse(username)

    assert browser.post("/holidays/new/", LOCAL).status_code == 403
    assert browser.post(f"/holidays/edit/?id={key}", {"name": "x"}).status_code == 403
    assert browser.page("/holidays/").rows
    assert rows(sa.select(Holiday.name)) == [("Contoh",)]


def test_days_of_another_city_are_not_seen(ani, mira, enter):
    key = enter("2026-11-18", region=2)
    enter("2026-11-19")

    assert [len(one.page("/holidays/").rows) for one in (ani, mira)] == [1, 2]
    assert ani.get(f"/holidays/details/?id={key}").status_code == 404


@pytest.mark.parametrize("region", ["", "1"])
def test_a_day_is_entered_once_for_the_same_place(eka, region):
    day = {**LOCAL, "region": region}

    assert eka.send("/holidays/new/", **day).status_code == 303
    assert list(eka.sent("/holidays/new/", **day).errors) == ["day"]
    other = "" if region else "1"
    assert eka.send("/holidays/new/", **{**day, "region": other}).status_code == 303


@pytest.mark.parametrize(
    "typed", [{"day": ""}, {"day": "kemarin"}, {"kind": "feast"}, {"name": " "}, {"region": "99"}]
)
def test_what_makes_no_sense_is_refused_at_its_field(eka, typed, rows):
    page = eka.sent("/holidays/new/", **{**LOCAL, **typed})

    assert list(page.errors) == list(typed)
    assert rows(sa.select(Holiday.id)) == []


def test_the_national_day_tells_what_was_entered_instead(ani, enter):
    enter("2026-12-24", "working_day", 1)
    enter("2026-12-25", "working_day")
    enter("2026-12-25", "working_day", 2)

    days = {row[0]: row[3] for row in ani.page("/holidays/?year=2026").table(NATIONAL_2026)}

    assert "dicatat sebagai hari kerja di Kota Serang" in days["Kamis, 24 Desember 2026"]
    assert days["Jumat, 25 Desember 2026"].count("dicatat sebagai hari kerja") == 1


@pytest.mark.parametrize(
    ("day", "kind", "doubt"),
    [
        ("2026-11-21", "holiday", "Sabtu atau Minggu"),
        ("2026-11-18", "working_day", "pun hari ini hari kerja"),
        ("2026-12-25", "holiday", "sudah ada dalam kalender nasional"),
        ("2026-11-18", "holiday", ""),
        ("2026-12-25", "working_day", ""),
    ],
)
def test_an_entry_that_changes_nothing_is_doubted(eka, enter, day, kind, doubt):
    text = eka.page(f"/holidays/details/?id={enter(day, kind)}").text

    doubts = ("Sabtu atau Minggu;", "pun hari ini", "sudah ada dalam kalender")
    assert (doubt in text, any(one in text for one in doubts)) == (True, bool(doubt))


def test_the_page_speaks_english(ani):
    ani.client.set_cookie("language", "en")

    page = ani.page("/holidays/?year=2026")

    assert page.heading == "Holidays"
    assert page.table("National calendar 2026")[-2][1:3] == [
        "Christmas Joint Holiday",
        "Collective leave",
    ]
