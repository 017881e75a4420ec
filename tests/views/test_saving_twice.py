"""A form counts once, and nobody saves over what he has not seen."""

import threading

import pytest
import sqlalchemy as sa

from models.people import Official
from models.records import FormToken
from tests.views.browser import Browser, Page

NEW = {"full_name": "Contoh Baru", "employment_type": "asn_pns"}
MADE = sa.select(sa.func.count(Official.id)).where(Official.full_name == "Contoh Baru")
OFFICIAL = "/officials/edit/?id=46"


def test_four_sendings_of_one_form_make_one_record(ani, value, deeds):
    form = {**ani.form("/officials/new/"), **NEW}

    answers = [ani.post("/officials/new/", form) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [303] * 4
    assert len({answer.location for answer in answers}) == 1
    assert (value(MADE), deeds()) == (1, ["official.create"])


def test_four_sendings_at_once_make_one_record(app, ani, town, value, deeds):
    form = {**ani.form("/officials/new/"), **NEW}
    answers = []

    def send():
        browser = Browser(app, "ani", *town.sessions["ani"])
        answers.append(browser.post("/officials/new/", form))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.status_code for answer in answers] == [303] * 4
    assert len({answer.location for answer in answers}) == 1
    assert (value(MADE), deeds()) == (1, ["official.create"])


def test_another_form_makes_another_record(ani, value):
    for _ in range(2):
        ani.send("/officials/new/", **NEW)

    assert value(MADE) == 2


def test_a_token_counts_for_one_kind_and_one_account(ani, bayu, mira, value):
    form = {**ani.form("/officials/new/"), **NEW}
    ani.post("/officials/new/", form)

    other = mira.post("/officials/new/", {**form, "csrf_token": mira.token})
    venue = ani.post("/venues/new/", {"once": form["once"], "name": "Balai", "kind": "hall"})

    assert (other.status_code, venue.status_code, value(MADE)) == (303, 303, 2)


@pytest.mark.parametrize("once", ["", "x", "<script>", "a" * 65])
def test_a_form_without_its_token_is_shown_again_with_what_was_typed(ani, value, deeds, once):
    page = ani.sent("/officials/new/", **NEW, once=once)

    assert page.form()["full_name"] == "Contoh Baru"
    assert (value(MADE), deeds()) == (0, [])
    assert ani.post("/officials/new/", page.form()).status_code == 303


def test_a_refused_form_spends_nothing(ani, value):
    page = ani.sent("/officials/new/", **{**NEW, "nip": "1"})
    spent = value(sa.select(sa.func.count()).select_from(FormToken))

    answer = ani.post("/officials/new/", {**page.form(), "nip": ""})

    assert (spent, answer.status_code, value(MADE)) == (0, 303, 1)


def test_the_second_one_sees_both_values_and_saves_knowingly(ani, browse, value, deeds):
    note = sa.select(Official.note).where(Official.id == 46)
    asep = browse("asep")
    hers, his = ani.form(OFFICIAL), asep.form(OFFICIAL)
    ani.post(OFFICIAL, {**hers, "note": "Dari Ani"})

    conflict = asep.post(OFFICIAL, {**his, "note": "Dari Asep"})
    page = Page(conflict.text)

    assert (conflict.status_code, value(note)) == (409, "Dari Ani")
    assert ("Dari Ani" in page.text, page.form()["note"]) == (True, "Dari Asep")
    assert asep.post(OFFICIAL, page.form()).status_code == 303
    assert (value(note), deeds()) == ("Dari Asep", ["official.edit", "official.edit"])


def test_a_change_of_a_part_is_a_conflict_too(ani, browse, deeds):
    asep = browse("asep")
    his = asep.form(OFFICIAL)
    ani.send(OFFICIAL, **{"spouses-0-full_name": "Nama Lain"})

    answer = asep.post(OFFICIAL, {**his, "note": "Dari Asep"})

    assert (answer.status_code, deeds()) == (409, ["official.edit"])


@pytest.mark.parametrize("version", ["", "x", "0" * 24, None])
def test_a_page_without_its_version_overwrites_nothing(ani, value, deeds, version):
    form = {**ani.form(OFFICIAL), "note": "Baru"}
    form |= {"version": version} if version is not None else {}
    if version is None:
        del form["version"]

    answer = ani.post(OFFICIAL, form)

    note = sa.select(Official.note).where(Official.id == 46)
    assert (answer.status_code, value(note), deeds()) == (409, None, [])


def test_a_record_that_went_in_the_meantime_is_not_there(ani, browse, deeds):
    made = ani.send("/officials/new/", **NEW).location.partition("=")[2]
    path = f"/officials/edit/?id={made}"
    form = browse("asep").form(path)
    ani.post("/officials/delete/", {"id": made})

    answer = browse("asep").post(path, {**form, "note": "x"})

    assert (answer.status_code, deeds()) == (404, ["official.create", "official.delete"])
