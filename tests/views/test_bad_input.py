"""What cannot be true is refused with a sentence at the field: what was typed stays, nothing else.

Each through the form, as a clerk. Posts: 13 and 14 are vacant; session 8 is that of 18 November
2025, 7 the one before it; unit 33 is a district, 46 a village in it, 110 one of the other city.
"""

from datetime import date, time

import pytest
import sqlalchemy as sa

from models.government import Position, Unit
from models.people import Appointment, Official, Spouse
from models.programme import Programme
from models.training import AgendaItem, TrainingSession

TABLES = (Appointment, Spouse, Unit, Position, Programme, AgendaItem, TrainingSession, Official)
PERIOD = ["Akhirnya tidak boleh sebelum awalnya."]
BACKWARDS = {"started_on": "2025-02-01", "ended_on": "2025-01-01"}


@pytest.fixture
def refused(ani, rows, deeds):
    """Send a form, which must be refused without writing: the errors by field."""

    def refused(path, **typed):
        states = [rows(sa.select(table.__table__).order_by(table.id)) for table in TABLES]
        page = ani.sent(path, **typed)
        kept = page.form()
        lost = {n: (v, kept.get(n.replace("__", "-"))) for n, v in typed.items()}
        assert {n: pair for n, pair in lost.items() if str(pair[0]) != str(pair[1] or "")} == {}
        assert [rows(sa.select(table.__table__).order_by(table.id)) for table in TABLES] == states
        assert set(deeds()) <= {"test.fill"}
        return page.errors or {"": page.problems}

    return refused


@pytest.fixture
def made(write):
    """Write a record and give its key."""

    def made(record):
        with write() as session:
            session.add(record)
            session.flush()
            return record.id

    return made


@pytest.fixture
def change(write):
    """Change columns of a record beforehand."""

    def change(model, key, **values):
        with write() as session:
            record = session.get(model, key)
            for name, value in values.items():
                setattr(record, name, value)

    return change


def official(name="Fulan Contoh"):
    return Official(region_id=1, full_name=name, employment_type="asn_pns")


def held(who, **values):
    """A definitive appointment to post 13."""
    unit = sa.select(Position.unit_id).where(Position.id == 13).scalar_subquery()
    return Appointment(
        region_id=1, official_id=who, position_id=13, unit_id=unit, status="definitive", **values
    )


# Two definitive holders of one post


def test_a_second_definitive_holder(refused, made):
    made(held(made(official()), started_on=date(2025, 1, 1)))
    second = made(official("Badu Contoh"))

    errors = refused(
        "/appointments/new/",
        official=second,
        position=13,
        status="definitive",
        started_on="2025-06-01",
    )

    assert list(errors) == ["position"]
    assert "Fulan Contoh" in errors["position"][0]


def test_a_second_definitive_holder_by_the_form_of_the_official(refused, made):
    made(held(made(official()), started_on=date(2025, 1, 1)))
    second = made(official("Badu Contoh"))

    errors = refused(
        f"/officials/edit/?id={second}",
        **{
            "appointments-0-position": 13,
            "appointments-0-status": "definitive",
            "appointments-0-started_on": "2025-06-01",
        },
    )

    assert "Fulan Contoh" in str(errors)


def test_a_second_definitive_holder_by_another_day(refused, made):
    made(held(made(official()), started_on=date(2025, 1, 1), ended_on=date(2025, 5, 31)))
    later = made(held(made(official("Badu Contoh")), started_on=date(2025, 6, 1)))

    errors = refused(f"/appointments/edit/?id={later}", started_on="2025-05-31")

    assert "Fulan Contoh" in errors["position"][0]


def test_one_post_twice_in_one_form(refused):
    errors = refused(
        "/officials/new/",
        full_name="Fulan Contoh",
        employment_type="asn_pns",
        **{
            "appointments-0-position": 13,
            "appointments-0-status": "definitive",
            "appointments-0-started_on": "2025-01-01",
            "appointments-1-position": 13,
            "appointments-1-status": "definitive",
            "appointments-1-started_on": "2025-02-01",
        },
    )

    assert "Fulan Contoh" in str(errors)


def test_one_form_ends_an_appointment_and_begins_the_next(ani, made):
    who = made(official())
    made(held(who, started_on=date(2025, 1, 1)))

    answer = ani.send(
        f"/officials/edit/?id={who}",
        **{
            "appointments-0-ended_on": "2025-05-31",
            "appointments-1-position": 13,
            "appointments-1-status": "definitive",
            "appointments-1-started_on": "2025-06-01",
        },
    )

    assert answer.status_code == 303


# An end before a beginning


@pytest.mark.parametrize(
    ("path", "typed", "field"),
    [
        (
            "/appointments/new/",
            {"official": 3, "position": 13, "status": "interim", **BACKWARDS},
            "ended_on",
        ),
        (
            "/spouses/new/",
            {
                "official": 3,
                "full_name": "Contoh",
                "married_on": "2025-02-01",
                "ended_on": "2025-01-01",
            },
            "ended_on",
        ),
        (
            "/units/new/",
            {
                "kind": "agency",
                "name": "Contoh",
                "valid_from": "2025-02-01",
                "valid_to": "2025-01-01",
            },
            "valid_to",
        ),
        (
            "/positions/new/",
            {
                "unit": 33,
                "tier": 8,
                "name": "Contoh",
                "valid_from": "2025-02-01",
                "valid_to": "2025-01-01",
            },
            "valid_to",
        ),
        ("/programmes/new/", {"name": "Contoh", "category": "education", **BACKWARDS}, "ended_on"),
        (
            "/agenda-items/new/",
            {"session": 8, "number": 9, "title": "X", "starts_at": "09.00", "ends_at": "08.00"},
            "ends_at",
        ),
        (
            "/training-sessions/new/",
            {"programme": 1, "name": "Contoh", "starts_at": "09.00", "ends_at": "08.00"},
            "ends_at",
        ),
    ],
)
def test_an_end_before_its_beginning(refused, path, typed, field):
    assert refused(path, **typed) == {field: PERIOD}


@pytest.mark.parametrize(
    "typed",
    [
        {
            "appointments-0-position": 13,
            "appointments-0-status": "interim",
            "appointments-0-started_on": "2025-02-01",
            "appointments-0-ended_on": "2025-01-01",
        },
        {
            "spouses-0-full_name": "Contoh",
            "spouses-0-married_on": "2025-02-01",
            "spouses-0-ended_on": "2025-01-01",
        },
    ],
)
def test_an_end_before_its_beginning_inside_of_an_official(refused, typed):
    errors = refused("/officials/new/", full_name="Badu", employment_type="asn_pns", **typed)

    assert PERIOD[0] in str(errors)


# Couples

TWICE = ["Pasangan ini sudah tercatat."]


def test_nobody_is_his_own_spouse(refused):
    errors = refused("/spouses/new/", official=3, full_name="Contoh", person=3)

    assert list(errors) == ["person"]


@pytest.mark.parametrize(
    "name", ["Beringin Ilustrasi", "beringin ILUSTRASI", "Hj. Beringin Ilustrasi, S.Pd."]
)
def test_the_same_couple_twice_however_it_is_written(refused, name):
    assert refused("/spouses/new/", official=3, full_name=name) == {"full_name": TWICE}


def test_the_same_person_twice(refused, made):
    person = made(official("Sri Contoh"))
    made(Spouse(region_id=1, official_id=3, full_name="Sri Contoh", person_id=person))

    errors = refused("/spouses/new/", official=3, full_name="Nama Lain", person=person)

    assert errors == {"person": TWICE}


def test_the_same_couple_twice_in_one_form(refused):
    errors = refused(
        "/officials/new/",
        full_name="Fulan Contoh",
        employment_type="asn_pns",
        **{"spouses-0-full_name": "Sri Contoh", "spouses-1-full_name": "SRI CONTOH"},
    )

    assert TWICE[0] in str(errors)


def test_each_side_has_its_own_record_of_one_couple(ani, made):
    one, other = made(official("Fulan Contoh")), made(official("Sri Contoh"))

    there = ani.send("/spouses/new/", official=one, full_name="Sri Contoh", person=other)
    back = ani.send("/spouses/new/", official=other, full_name="Fulan Contoh", person=one)

    assert (there.status_code, back.status_code) == (303, 303)


# Units

ITSELF = ["Unit tidak dapat berada di bawah dirinya sendiri. Pilih induk lain."]


@pytest.mark.parametrize("parent", [33, 46])
def test_a_unit_under_itself_or_its_child(refused, parent):
    assert refused("/units/edit/?id=33", parent=parent) == {"parent": ITSELF}


def test_a_unit_under_its_grandchild(refused, made):
    below = made(Unit(region_id=1, kind="other", name="RW Contoh", parent_id=46))

    assert refused("/units/edit/?id=33", parent=below) == {"parent": ITSELF}


def test_a_moved_parent_does_not_land_below_its_child(ani, refused, value):
    top = value(sa.select(Unit.id).where(Unit.name == "Sekretariat Daerah", Unit.region_id == 1))
    ani.send("/units/edit/?id=33", parent=top)
    moved = value(sa.select(Unit.path).where(Unit.id == 46))
    page = ani.sent(f"/units/edit/?id={top}", parent=46)

    assert page.errors == {"parent": ITSELF}
    assert value(sa.select(Unit.path).where(Unit.id == 46)) == moved


def test_a_village_names_the_unit_above_it(refused):
    errors = refused("/units/new/", kind="urban_village", name="Sukawana", parent="")

    assert errors == {
        "parent": [
            "Kelurahan berada di bawah kecamatan. Sudah ada 2 Sukawana: "
            "Kelurahan Sukawana, Kec. Serang; Kelurahan Sukawana, Kec. Curug. "
            "Pilih unit di atasnya."
        ]
    }


def test_a_village_of_a_new_name_too(refused):
    errors = refused("/units/new/", kind="village", name="Contoh", parent="")

    assert errors == {"parent": ["Desa berada di bawah kecamatan. Pilih unit di atasnya."]}


def test_a_village_does_not_lose_the_unit_above_it(refused):
    assert list(refused("/units/edit/?id=46", parent="")) == ["parent"]


def test_a_unit_of_the_other_city_is_not_offered(ani, deeds):
    page = ani.sent("/units/new/", kind="urban_village", name="Contoh", parent=110)

    assert page.errors == {"parent": ["Pilih salah satu catatan yang ditawarkan."]}
    assert deeds() == []


# Posts


def test_a_post_in_a_unit_that_ended_before(refused, change):
    change(Unit, 46, valid_to=date(2020, 12, 31))
    post = {"unit": 46, "tier": 9, "name": "Contoh"}

    assert list(refused("/positions/new/", **post)) == ["unit"]
    assert list(refused("/positions/new/", **post, valid_from="2021-01-01")) == ["valid_from"]
    assert list(refused("/positions/new/", **post, valid_to="2021-01-01")) == ["valid_to"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"started_on": "2023-12-31"}, "started_on"),
        ({"ended_on": "2023-12-31"}, "ended_on"),
        ({"started_on": "2025-01-01"}, "started_on"),
        ({"started_on": "2024-05-01"}, "ended_on"),
        ({"started_on": "2024-05-01", "ended_on": "2025-01-01"}, "ended_on"),
    ],
)
def test_an_appointment_outside_of_its_post(refused, change, typed, field):
    change(Position, 13, valid_from=date(2024, 1, 1), valid_to=date(2024, 12, 31))

    errors = refused("/appointments/new/", official=3, position=13, status="interim", **typed)

    assert list(errors) == [field]
    assert errors[field][0].startswith("Jabatan ini ada s")


def test_an_appointment_outside_of_its_post_by_the_form_of_the_official(refused, change):
    change(Position, 13, valid_from=date(2024, 1, 1))

    errors = refused(
        "/officials/new/",
        full_name="Badu",
        employment_type="asn_pns",
        **{
            "appointments-0-position": 13,
            "appointments-0-status": "interim",
            "appointments-0-started_on": "2023-01-01",
        },
    )

    assert "Jabatan ini ada sejak" in str(errors)


def test_a_post_is_not_made_shorter_than_it_was_held(refused, made):
    made(held(made(official()), started_on=date(2024, 1, 1), ended_on=date(2024, 12, 31)))

    assert list(refused("/positions/edit/?id=13", valid_from="2024-02-01")) == ["valid_from"]
    assert list(refused("/positions/edit/?id=13", valid_to="2024-02-01")) == ["valid_to"]


# Sessions


@pytest.mark.parametrize("held_on", ["31/12/2024", "Desember 2024", "2024"])
def test_a_session_before_its_programme(ani, change, held_on):
    change(Programme, 1, started_on=date(2025, 1, 1))

    page = ani.sent("/training-sessions/new/", programme=1, name="Contoh", held=held_on)

    assert page.errors == {
        "held": ["Program dimulai Rabu, 1 Januari 2025; sesi tidak dapat mendahuluinya."]
    }


def test_a_session_after_its_programme(ani, change):
    change(Programme, 1, ended_on=date(2025, 12, 31))

    page = ani.sent("/training-sessions/new/", programme=1, name="Contoh", held="2026")

    assert list(page.errors) == ["held"]


@pytest.mark.parametrize("held_on", ["2025", "Maret 2025", "15/3/2025", ""])
def test_a_half_known_date_that_may_lie_in_the_programme_is_taken(ani, change, held_on):
    change(Programme, 1, started_on=date(2025, 3, 15))

    answer = ani.send("/training-sessions/new/", programme=1, name="Contoh", held=held_on)

    assert answer.status_code == 303


def test_a_programme_does_not_begin_or_end_past_its_sessions(refused):
    assert list(refused("/programmes/edit/?id=1", started_on="2025-11-19")) == ["started_on"]
    assert list(refused("/programmes/edit/?id=1", ended_on="2025-11-17")) == ["ended_on"]


def test_a_session_does_not_come_before_itself_or_in_a_circle(refused):
    assert list(refused("/training-sessions/edit/?id=8", previous=8)) == ["previous"]
    assert refused("/training-sessions/edit/?id=1", previous=8) == {
        "previous": ["Dengan ini sesi-sesi saling mendahului tanpa ujung. Pilih sesi yang lain."]
    }


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"starts_at": "07.59"}, "starts_at"),
        ({"ends_at": "12.01"}, "ends_at"),
        ({"starts_at": "12.30", "ends_at": "13.00"}, "starts_at"),
        ({"ends_at": "07.00"}, "ends_at"),
    ],
)
def test_an_agenda_item_outside_of_its_session(refused, change, typed, field):
    change(TrainingSession, 8, starts_at=time(8), ends_at=time(12))

    errors = refused("/agenda-items/new/", session=8, number=9, title="Contoh", **typed)

    assert list(errors) == [field]


def test_a_session_is_not_made_shorter_than_its_agenda(ani, change):
    change(AgendaItem, 8, starts_at=time(8), ends_at=time(12))

    page = ani.sent("/training-sessions/edit/?id=8", starts_at="08.30")

    assert "Arahan Sekretaris Daerah: Sesi baru dimulai pukul 08.30." in page.text


def test_a_post_not_held_on_the_day_is_told_and_kept(ani, made):
    who = made(official())
    post = made(held(who, started_on=date(2025, 12, 1)))

    answer = ani.send("/participations/new/", session=8, official=who, appointment=post)

    assert answer.status_code == 303
    assert "tidak dipegang oleh Fulan Contoh pada hari sesi" in str(ani.page(answer.location).said)
