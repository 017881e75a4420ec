"""The tier board: what each role reads of it, on any day, and what it does not pretend to know."""

import csv
import io
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from models.attendance import Attendance, Participation
from models.clock import today
from models.government import Position, Tier, Unit
from models.people import Appointment, Official
from models.programme import Programme
from tests.views.test_subtree import granted

#: A kelurahan's seat that attended, and a district of each city.
SERANG_DISTRICT, METRO_DISTRICT = 33, "Metro Barat"


def tiers_of(page):
    """What each line of the cascade says, without its seats."""
    lines = page.main.one("ol", class_="cascade").parts
    summaries = [one.all("summary") or [one] for one in lines if not isinstance(one, str)]
    return {found[0].one("b").text: found[0].text for found in summaries}


def stats(page):
    """The numbers above the cascade by their label."""
    sheet = page.main.one("dl", class_="stats")
    pairs = zip(sheet.all("dt"), sheet.all("dd"), strict=True)
    return {label.text: number.text for label, number in pairs}


def seat_rows(page, tier):
    """The cells of each seat of a tier."""
    return {row[0]: row[1:] for row in page.table(f"Jabatan: {tier}")}


@pytest.mark.parametrize("username", ["ani", "bayu", "citra"])
def test_who_reads_posts_reads_the_board(browse, username):
    page = browse(username).page("/coverage/")

    assert page.heading == "Papan jenjang"
    first, *_rest, last = tiers_of(page)
    assert (first, last) == ("Wali Kota", "Lurah")
    assert stats(page)["jabatan"].startswith("113 ")
    assert "Kota Serang" in page.text


def test_the_administrator_does_not(eka):
    assert eka.get("/coverage/").status_code == 403
    assert eka.get("/coverage/export/csv/").status_code == 403
    assert "Papan jenjang" not in eka.page("/").root.text


def test_a_stranger_is_asked_to_sign_in(browse):
    assert browse("").get("/coverage/").status_code in (302, 303, 401)


def test_metro_reads_its_own_board(mira):
    page = mira.page("/coverage/")

    assert "Kota Metro" in page.text
    assert METRO_DISTRICT in page.text
    assert "Taktakan" not in page.text


def test_what_is_not_known_is_no_zero(mira):
    page = mira.page("/coverage/")

    assert "22 jabatan, kehadiran belum diketahui" in tiers_of(page)["Lurah"]
    assert stats(page)["pasangan hadir bersama"] == "– belum diketahui"
    lurah = page.table("Jabatan yang hadir per kecamatan dan jenjang")[0][2]
    assert ("belum diketahui" in lurah, "%" in lurah) == (True, False)
    before = mira.page("/coverage/?on=2001-01-01")
    assert "%" not in re.sub(r"dari \d+", "", str(stats(before)))


def test_each_seat_says_who_holds_it_and_who_came(ani, value):
    page = ani.page("/coverage/")
    held = sa.exists().where(Appointment.position_id == Position.id, Appointment.ended_on.is_(None))
    lurah = sa.select(Position.name).join(Tier).where(Tier.label_id == "Lurah")
    vacant = value(lurah.where(Position.region_id == 1, ~held))

    found = seat_rows(page, "Lurah")
    assert len(found) == 67
    [cells] = [cells for name, cells in found.items() if name.startswith(vacant)]
    assert cells[0] == cells[2] == "kosong"
    assert {"hadir", "tidak hadir"} <= {cells[1] for cells in found.values()}
    table = page.main.one("table", class_="cards")
    links = {link.given["href"].split("?")[0] for link in table.all("a")}
    assert links == {"/positions/details/", "/officials/details/"}


def test_a_rotation_shows_seat_and_person_apart(ani, write, value):
    left = sa.select(Appointment.id).where(
        Attendance.participation_id == Participation.id,
        Participation.appointment_id == Appointment.id,
        Attendance.status == "present",
        Attendance.party == "official",
        Appointment.ended_on.is_(None),
        Appointment.region_id == 1,
        Appointment.unit_id.in_(sa.select(Unit.id).where(Unit.parent_id == SERANG_DISTRICT)),
    )
    number = value(left.order_by(Appointment.id))
    with write() as session:
        old = session.get(Appointment, number)
        old.ended_on = today() - timedelta(days=1)
        seat, name = old.position, old.position.name
        new = Official(region_id=1, full_name="Fulan Baru", employment_type="asn_pns")
        session.add(new)
        session.flush()
        session.add(
            Appointment(
                region_id=1,
                official=new,
                position=seat,
                unit_id=seat.unit_id,
                status="acting_vacant",
                started_on=today(),
            )
        )

    def cells(address):
        found = seat_rows(ani.page(address), "Lurah")
        return next(cells for post, cells in found.items() if post.startswith(f"{name} "))

    before, after = cells(f"/coverage/?on={today() - timedelta(days=1)}"), cells("/coverage/")

    assert before[1:3] == ["hadir", "hadir"]
    assert after[:3] == ["Fulan Baru Plt.", "hadir", "belum diketahui"]
    told = "1 kursi yang sudah hadir kini dipegang orang yang kehadirannya belum tercatat."
    assert told in ani.page("/coverage/").text


def test_a_day_before_the_session_knows_of_no_attendance(ani):
    text = str(tiers_of(ani.page("/coverage/?on=2025-11-17")))

    assert "67 jabatan, kehadiran belum diketahui" in text
    assert "45 dari 67" in str(tiers_of(ani.page("/coverage/?on=2025-11-18")))


def test_a_programme_narrows_the_board(ani, write):
    with write() as session:
        other = Programme(region_id=1, name="Program lain", category="education")
        session.add(other)
        session.flush()
        number = other.id

    page = ani.page(f"/coverage/?programme={number}")

    assert "Program lain, Kota Serang" in page.text
    assert stats(page)["kursi hadir"] == "– belum diketahui"


def test_a_new_tier_stands_at_its_place(ani, write):
    with write() as session:
        tiers = session.scalars(sa.select(Tier).order_by(Tier.rank.desc())).all()
        for one in tiers:
            one.rank += 100
            session.flush()
        top = min(tiers, key=lambda one: one.rank)
        council = Tier(
            code="council_member", rank=top.rank - 1, label_id="Anggota DPRD", label_en="Councillor"
        )
        session.add(council)
        session.flush()
        session.add(Position(region_id=1, unit_id=33, tier_id=council.id, name="Anggota 1"))

    assert list(tiers_of(ani.page("/coverage/")))[:2] == ["Anggota DPRD", "Wali Kota"]


@pytest.fixture
def clerk(app, write):
    return granted(app, write, "sari", "clerk")


def test_an_account_of_a_district_reads_its_part(clerk):
    page = clerk.page("/coverage/")

    assert list(tiers_of(page)) == ["Camat", "Lurah"]
    assert stats(page)["jabatan"].startswith("13 ")
    assert "Anda melihat jabatan di unit Anda" in page.text
    assert "Taktakan" not in page.text
    assert clerk.get("/coverage/?unit=3").status_code == 404


@pytest.mark.parametrize(
    "typed",
    ["kemarin", "2025-02-30", "20251118", "9999-12-31", "-1", "1e9", "2025-11-18'", "0000-00-00"],
)
def test_a_day_that_is_none_is_told_at_its_field(ani, typed):
    answer = ani.get("/coverage/", query_string={"on": typed})

    assert answer.status_code == 422
    assert "Papan memperlihatkan keadaan hari ini." in answer.text
    assert ani.get("/coverage/export/csv/", query_string={"on": typed}).status_code == 422


@pytest.mark.parametrize("name", ["programme", "unit"])
@pytest.mark.parametrize("typed", ["2", "0", "-1", "9" * 30, "x", "1 OR 1"])
def test_what_is_out_of_scope_or_nonsense_is_not_found(ani, name, typed, value):
    kind = {"programme": Programme, "unit": Unit}[name]
    other = value(sa.select(sa.func.min(kind.id)).where(kind.region_id == 2))
    number = str(other) if typed == "2" else typed

    assert ani.get("/coverage/", query_string={name: number}).status_code == 404


def test_the_seats_come_as_a_file_and_the_log_knows(ani, deeds):
    answer = ani.get("/coverage/export/csv/?unit=33")

    lines = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert lines[0][:3] == ["Jenjang", "Jabatan", "Unit"]
    assert len(lines) == 1 + 13
    assert {line[5] for line in lines[1:]} <= {"hadir", "tidak hadir", "belum diketahui"}
    assert deeds() == ["tier_board.export"]
    assert ani.get("/coverage/export/xlsx/").get_data()[:2] == b"PK"
    assert ani.get("/coverage/export/pdf/").status_code == 404


def test_too_many_seats_are_not_listed(ani, monkeypatch):
    monkeypatch.setattr("views.tier_board.LISTED", 12)

    page = ani.page("/coverage/")

    assert page.table("Jabatan: Lurah") == []
    assert "Pilih kecamatan" in page.text
    assert "45 dari 67 hadir" in tiers_of(page)["Lurah"]


def test_the_board_speaks_the_readers_language(ani):
    ani.client.set_cookie("language", "en")

    page = ani.page("/coverage/")

    assert page.heading == "Tier board"
    assert "Urban village head" in tiers_of(page)
    assert "45 of 67 attended, 41 with spouse" in tiers_of(page)["Urban village head"]


def test_the_home_page_leads_to_the_board(bayu):
    links = [link.given.get("href") for link in bayu.page("/").main.all("a")]

    assert "/coverage/" in links


@pytest.mark.parametrize("seats", [1, 3])
def test_the_board_asks_no_more_for_three_seats_than_for_one(ani, statements, write, seats):
    with write() as session:
        home = Unit(region_id=1, name="Contoh", kind="district")
        session.add(home)
        session.flush()
        tier = session.scalars(sa.select(Tier).order_by(Tier.rank)).first()
        for place in range(seats):
            seat = Position(region_id=1, unit=home, tier=tier, name=f"Kursi {place}")
            session.add(seat)
            session.flush()
            session.add(
                Appointment(
                    region_id=1,
                    official_id=46 + place,
                    position=seat,
                    unit_id=home.id,
                    status="acting_vacant",
                )
            )
        number = home.id

    ani.page(f"/coverage/?unit={number}")
    with statements() as seen:
        page = ani.page(f"/coverage/?unit={number}")

    assert len(seat_rows(page, "Wali Kota")) == seats
    assert len(seen) == 16, "\n".join(seen)
