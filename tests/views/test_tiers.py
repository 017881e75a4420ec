"""Tiers are data: one is added after another, moved, named in two languages, and used at once."""

import pytest
import sqlalchemy as sa

from models.base import db
from models.clock import today
from models.coverage import coverage
from models.government import Position, Tier
from models.people import Appointment, Official
from models.records import Change
from panel.access.rules import Actor, Place

NEW = {"label_id": "Anggota DPRD", "label_en": "Member of the council", "above": "2"}
ORDER = sa.select(Tier.rank, Tier.code).order_by(Tier.rank)


def add(eka, **typed):
    """The new tier, and its key."""
    answer = eka.send("/tiers/new/", **{**NEW, **typed})
    return answer, (answer.location or "").partition("id=")[2]


def test_a_tier_takes_its_place_in_one_deed(eka, ani, rows, deeds):
    before = [code for _, code in rows(ORDER)]
    newest = rows(sa.select(sa.func.max(Change.id)))[0][0]

    answer, key = add(eka)

    code = "member_of_the_council"
    assert (answer.status_code, deeds()) == (303, ["tier.create"])
    assert rows(ORDER) == list(enumerate([*before[:2], code, *before[2:]], start=1))
    acts = sa.select(Change.deed_id).where(Change.id > newest).distinct()
    assert len(rows(acts)) == 1
    assert ani.page("/tiers/").names[2] == "Anggota DPRD"
    assert "Anggota DPRD" in ani.page("/positions/new/").options("tier").values()
    assert "sesudah Anggota DPRD" in eka.page(f"/tiers/edit/?id={1}").options("above").values()
    assert key not in eka.page(f"/tiers/edit/?id={key}").options("above")


@pytest.mark.parametrize(("above", "place"), [("first", 0), ("9", 8), ("1", 1)])
def test_a_tier_is_moved_the_same_way(eka, rows, deeds, above, place):
    codes = [code for _, code in rows(ORDER)]
    moved = codes.pop(4)

    answer = eka.send("/tiers/edit/?id=5", above=above)

    codes.insert(place, moved)
    assert (answer.status_code, deeds()) == (303, ["tier.edit"])
    assert rows(ORDER) == list(enumerate(codes, start=1))


def test_an_edit_without_a_move_leaves_the_order(eka, rows):
    before = rows(ORDER)

    eka.send("/tiers/edit/?id=5", synonyms="SAM")

    assert rows(ORDER) == before


def test_the_form_of_a_tier_stands_at_its_place(eka):
    assert eka.form("/tiers/edit/?id=5")["above"] == "4"
    assert eka.form("/tiers/edit/?id=1")["above"] == "first"
    assert eka.form("/tiers/new/")["above"] == "9"


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        ({"above": ""}, ["Tempat dalam urutan: Pilih satu."]),
        ({"above": "999"}, ["Tempat dalam urutan: Pilih salah satu catatan yang ditawarkan."]),
        ({"above": "-1"}, ["Tempat dalam urutan: Pilih salah satu catatan yang ditawarkan."]),
        ({"label_id": " "}, ["Nama dalam bahasa Indonesia: Isian ini wajib diisi."]),
        (
            {"label_en": "…"},
            ["Nama dalam bahasa Inggris: Tulis nama bahasa Inggris dengan huruf Latin."],
        ),
    ],
)
def test_a_tier_that_cannot_be_is_refused_at_the_field(eka, rows, deeds, typed, problems):
    before = rows(ORDER)

    page = eka.sent("/tiers/new/", **{**NEW, **typed})

    assert (page.problems, rows(ORDER), deeds()) == (problems, before, [])


def test_a_tier_does_not_follow_itself(eka, rows):
    before = rows(ORDER)

    page = eka.sent("/tiers/edit/?id=5", above="5")

    assert page.errors["above"] == [
        "Jenjang tidak dapat berada sesudah dirinya sendiri. Pilih yang lain."
    ]
    assert rows(ORDER) == before


def test_a_code_is_never_typed(eka, rows):
    add(eka, code="typed", rank="77")

    assert rows(sa.select(Tier.code).where(Tier.label_id == "Anggota DPRD")) == [
        ("member_of_the_council",)
    ]
    assert "code" not in eka.form("/tiers/edit/?id=1")


def test_names_are_told_in_the_language_of_the_reader(ani):
    ani.client.set_cookie("language", "en")

    assert ani.page("/tiers/").names[0] == "Mayor"
    assert "Urban village head" in ani.page("/positions/new/").options("tier").values()
    assert ani.page("/tiers/details/?id=1").heading == "Mayor"
    assert ani.page("/integrity-values/").names[0] == "Honesty"
    assert "Urban village head" in ani.get("/positions/?search=Cipare").text
    assert "Urban village head" in ani.get("/training-sessions/details/?id=8").text


def test_seats_are_made_by_number_all_or_none(ani, rows, deeds):
    seats = {"unit": "33", "tier": "8", "name": "Anggota Contoh", "seats": "3"}
    stored = sa.select(Position.name).where(Position.name.like("Anggota Contoh%"))

    answer = ani.send("/positions/new/", **seats)
    again = ani.sent("/positions/new/", **{**seats, "seats": "5"})

    assert (answer.status_code, deeds()) == (303, ["position.create"])
    assert rows(stored) == [(f"Anggota Contoh {number}",) for number in (1, 2, 3)]
    assert again.problems == ["Jabatan: Unit ini sudah punya jabatan dengan nama ini."]
    assert ani.page(answer.location).names[0].startswith("Anggota Contoh 1")


@pytest.mark.parametrize("seats", ["0", "101", "-3", "banyak", "999999999999999"])
def test_seats_are_counted_from_one_to_a_hundred(ani, deeds, seats):
    page = ani.sent("/positions/new/", unit="33", tier="8", name="Anggota", seats=seats)

    assert page.errors["seats"] == ["Ketik angka bulat dari 1 sampai 100."]
    assert deeds() == []


def test_a_post_that_is_there_has_no_number_of_seats(ani):
    assert "seats" not in ani.form("/positions/edit/?id=13")


def key_of(answer):
    """The record that a save led to."""
    assert answer.status_code == 303, answer.text
    return answer.location.partition("id=")[2]


def test_a_programme_for_a_new_tier_is_run_at_once(app, eka, ani, rows, value):
    _, tier = add(eka)
    unit = key_of(ani.send("/units/new/", kind="council", name="DPRD Kota Serang"))
    ani.send("/positions/new/", unit=unit, tier=tier, name="Anggota DPRD", seats="3")
    posts = [key for (key,) in rows(sa.select(Position.id).where(Position.tier_id == int(tier)))]
    for number, post in enumerate(posts):
        made = ani.send(
            "/officials/new/",
            full_name=f"Wakil Contoh {'ABC'[number]}",
            employment_type="elected",
            **{
                "appointments-0-position": post,
                "appointments-0-status": "definitive",
                "spouses-0-full_name": f"Pasangan Contoh {'ABC'[number]}",
            },
        )
        official = key_of(made)
    appointment = value(sa.select(Appointment.id).where(Appointment.official_id == int(official)))
    spouse = next(
        key
        for key, text in ani.page("/participations/new/").options("spouse").items()
        if "Pasangan Contoh C" in text
    )
    programme = ani.send(
        "/programmes/new/", name="Bimtek DPRD", category="education", focus_tier=tier
    )
    session = ani.send(
        "/training-sessions/new/",
        programme=key_of(programme),
        name="Bimtek bagi anggota DPRD",
        held="18/11/2026",
        **{
            "tiers-0-tier": tier,
            "agenda-0-number": "1",
            "agenda-0-title": "Materi",
            "agenda-0-takes_attendance": "y",
        },
    )
    session = key_of(session)
    part = value(sa.text(f"select id from agenda_item where training_session_id = {session}"))
    taken = ani.send(
        "/participations/new/",
        session=session,
        official=official,
        appointment=appointment,
        spouse=spouse,
    )
    for party in ("official", "spouse"):
        mark = {"participation": key_of(taken), "agenda_item": part, "party": party}
        key_of(ani.send("/attendance/new/", **mark, status="present"))

    with app.app_context():
        clerk = Actor(1, "Ani", frozenset({"clerk"}), (Place(1),))
        lines = coverage(db.session(), clerk, today())
        found = [(line.tier.label_id, line.posts, line.attended, line.as_couple) for line in lines]
        db.session.remove()
    assert found[2] == ("Anggota DPRD", 3, 1, 1)
    assert (
        rows(sa.select(Official.nip).where(Official.full_name.like("Wakil Contoh%")))
        == [(None,)] * 3
    )
    assert "Anggota DPRD" in ani.page("/").text
