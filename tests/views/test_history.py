"""The timeline of a record: itself, what hangs on it, and a long deed to its end."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models.programme import Venue
from models.speaking import Speaker, SpeakerAlias
from models.training import TrainingSession
from panel.screens.history import LISTED
from tests.views.browser import filled_in

SESSION = 8


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/action-plans/history/?id=1", "mengajukan"),
        ("/training-sessions/history/?id=8", "Kepesertaan"),
        ("/officials/history/?id=46", "Riwayat jabatan"),
        ("/units/history/?id=5", "Jabatan"),
    ],
)
def test_the_history_of_a_record_tells_of_all_that_hangs_on_it(citra, path, told):
    assert told in citra.page(path).main.text


def test_a_long_deed_is_read_to_its_end_within_the_history_of_a_record(ani, browse):
    page = ani.page("/training-sessions/history/?id=8")
    links = [
        one.given["href"] for one in page.main.all("a") if "deed=" in one.given.get("href", "")
    ]

    assert len(ani.page(links[-1]).main.all("h3")) > LISTED
    assert browse("mira").get(links[-1]).status_code == 404


@pytest.mark.parametrize("query", ["deed=0", "deed=-1", "deed=x", "deed=1", "deed=" + "9" * 40])
def test_a_deed_that_was_about_something_else_is_not_there(ani, query):
    assert ani.get(f"/officials/history/?id=46&{query}").status_code == 404


@pytest.fixture
def gone_in_metro(mira, value):
    """The number of a speaker of Metro who was deleted, and of the spelling that went before."""
    mira.send("/speakers/new/", full_name="Narasumber Seberang", phone="0812-3456-7890")
    key = value(sa.select(sa.func.max(Speaker.id)))
    at = f"/speakers/edit/?id={key}"
    mira.post(at, {**mira.form(at), "aliases-0-id": "", "aliases-0-name": "Ejaan Seberang"})
    alias = str(value(sa.select(sa.func.max(SpeakerAlias.id))))
    away = {"aliases-0-id": alias, "aliases-0-name": "Ejaan Seberang", "del-aliases-0": "on"}
    mira.post(at, {**mira.form(at), **away})
    look = {"id": str(key), "column": "phone", "reason": "Melihat nomor seberang"}
    assert mira.post("/speakers/unmask/", look).status_code == 200
    form = mira.page(f"/speakers/delete/?id={key}").main.all("form", method="post")[-1]
    mira.post(f"/speakers/delete/?id={key}", {**filled_in(form), "reason": "Alasan seberang"})
    return key


def test_what_went_in_another_city_is_told_there_alone(citra, browse, gone_in_metro):
    here, there = (who.get("/log-export/table/csv/").text for who in (citra, browse("maya")))

    assert [one for one in ("Seberang", "Alasan seberang", "Mira ") if one in here] == []
    assert {"Narasumber Seberang", "Ejaan Seberang"} <= set(there.replace(",", "\n").split("\n"))


def test_who_takes_a_number_over_does_not_take_its_history_over(
    ani, citra, browse, value, gone_in_metro
):
    ani.send("/speakers/new/", full_name="Narasumber Serang")
    key = value(sa.select(sa.func.max(Speaker.id)))
    pages = [ani.get(f"/speakers/{page}/?id={key}").text for page in ("history", "details")]
    pages += [citra.get("/log-export/table/csv/").text]

    assert key == gone_in_metro
    assert all("Narasumber Serang" in page for page in pages)
    found = [one for page in pages for one in ("Seberang", "seberang", "Mira ") if one in page]
    assert found == []
    there = browse("maya").get("/log-export/table/csv/").text
    assert "Narasumber Seberang" in there
    assert f"Narasumber {key}" in there
    assert ("Melihat nomor seberang" in there, "Narasumber Serang" in there) == (True, False)


def test_a_value_of_an_old_change_is_not_told_by_who_has_its_number_now(ani, write):
    def moved_to(name):
        with write() as session:
            venue = Venue(region_id=1, name=name, kind="hall")
            session.add(venue)
            session.flush()
            session.get_one(TrainingSession, SESSION).venue_id = venue.id
            return venue.id

    first = moved_to("Balai Lama")
    with write() as session:
        session.get_one(TrainingSession, SESSION).venue_id = 1
        session.flush()
        session.delete(session.get_one(Venue, first))
    assert moved_to("Balai Baru") == first

    told = ani.page(f"/training-sessions/history/?id={SESSION}").text
    assert (told.count("Balai Baru"), "Balai Lama" in told) == (1, False)
    assert told.count(f"No. {first}") == 2
