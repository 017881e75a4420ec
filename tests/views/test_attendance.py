"""The page of participation: the couple, their post on the day, and how they attended."""

import pytest
import sqlalchemy as sa

from models.attendance import Attendance, Participation
from models.people import Appointment
from tests.views.browser import Page

#: A lurah who has no place on the camat's list yet, with his post and spouse; parts of sessions.
LURAH, POST, SPOUSE = 45, 45, 43
CAMAT_SESSION, PART, OTHER_PART = 7, 7, 8
NEW = {"session": CAMAT_SESSION, "official": LURAH, "appointment": POST}


def part(number, party, status, item=PART):
    """One inner form of attendance."""
    name = f"attendance-{number}-"
    return {f"{name}agenda_item": item, f"{name}party": party, f"{name}status": status}


def test_the_list_tells_who_came_as_a_couple_and_who_alone(ani):
    page = ani.page("/participations/?search=rekaan&page_size=100")

    known = {
        "Hadir berdua",
        "Hadir sendiri",
        "Izin",
        "Sakit",
        "Dinas luar",
        "Tanpa keterangan",
        "Diwakili",
    }
    kinds = {cell for (cell,) in page.cells("Kehadiran")}
    assert "Hadir berdua" in kinds
    assert kinds <= known


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ((), "belum dicatat"),
        ((("official", "present"), ("spouse", "present")), "Hadir berdua"),
        ((("official", "present"),), "Hadir sendiri"),
        ((("official", "present"), ("spouse", "sick")), "Hadir sendiri"),
        ((("official", "on_duty"), ("spouse", "present")), "Dinas luar"),
        ((("official", "represented"),), "Diwakili"),
        ((("spouse", "excused"),), "Izin"),
    ],
)
def test_attendance_is_told_in_a_word(ani, parts, words):
    typed = {}
    for number, (party, status) in enumerate(parts):
        typed |= part(number, party, status)

    answer = ani.send("/participations/new/", **NEW, spouse=SPOUSE, **typed)

    assert ani.page(answer.location).facts["Kehadiran"] == words


def test_a_participation_keeps_the_unit_of_that_day(ani, rows, deeds):
    answer = ani.send("/participations/new/", **NEW, **part(0, "official", "present"))

    key = int(answer.location.partition("=")[2])
    unit = rows(sa.select(Appointment.unit_id).where(Appointment.id == POST))[0][0]
    stored = sa.select(Participation.region_id, Participation.unit_id, Participation.reply)
    assert rows(stored.where(Participation.id == key)) == [(1, unit, "unknown")]
    columns = (Attendance.region_id, Attendance.training_session_id, Attendance.status)
    assert rows(sa.select(*columns).where(Attendance.participation_id == key)) == [
        (1, CAMAT_SESSION, "present")
    ]
    assert deeds() == ["participation.create"]


ELSEWHERE = "Pilihan ini bukan bagian dari isian di atasnya. Pilih ulang."


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        ({"session": "8"}, ["Pejabat: Pejabat ini sudah ada dalam daftar sesi."]),
        ({"session": "9"}, ["Sesi: Pilih salah satu catatan yang ditawarkan."]),
        ({"appointment": "1"}, [f"Jabatan pada hari itu: {ELSEWHERE}"]),
        ({"spouse": "1"}, [f"Pasangan: {ELSEWHERE}"]),
        ({"invited_on": "x"}, ["Diundang pada: Ini bukan tanggal. Tulis seperti 18/11/2025."]),
        (
            {**part(0, "official", "present"), **part(1, "official", "sick")},
            ["Kehadiran: Satu orang tercatat dua kali pada bagian sesi yang sama."],
        ),
        (
            part(0, "official", "present", OTHER_PART),
            ["Kehadiran: Bagian sesi ini milik sesi lain."],
        ),
        (part(0, "both", "present"), ["Siapa: Pilih satu."]),
    ],
)
def test_a_participation_that_cannot_be_is_refused_at_the_field(ani, rows, deeds, typed, problems):
    before = rows(sa.select(sa.func.count(Participation.id)))

    page = ani.sent("/participations/new/", **{**NEW, **typed})

    assert page.problems == problems
    assert (rows(sa.select(sa.func.count(Participation.id))), deeds()) == (before, [])


def test_attendance_is_mended_in_the_form(ani, rows, deeds):
    made = ani.send("/participations/new/", **NEW, **part(0, "official", "absent"))
    key = int(made.location.partition("=")[2])

    ani.send(f"/participations/edit/?id={key}", **{"attendance-0-status": "excused"})

    stored = sa.select(Attendance.status).where(Attendance.participation_id == key)
    assert rows(stored) == [("excused",)]
    assert deeds() == ["participation.create", "participation.edit"]


def test_what_was_attended_is_deleted_by_nobody(ani, bayu, rows, deeds):
    before = rows(sa.select(sa.func.count(Participation.id)))
    answers = [
        ani.post("/participations/delete/", {"id": "1"}).status_code,
        bayu.post("/participations/delete/", {"id": "1"}).status_code,
        ani.post("/participations/action/", {"action": "delete", "rowid": ["1"]}).status_code,
    ]

    assert answers == [403, 403, 403]
    assert rows(sa.select(sa.func.count(Participation.id))) == before
    assert deeds() == ["participation.delete.refused"] * 3


def test_attendance_inside_the_form_is_not_taken_away(ani, rows):
    made = ani.send("/participations/new/", **NEW, **part(0, "official", "absent"))
    key = int(made.location.partition("=")[2])

    answer = ani.send(f"/participations/edit/?id={key}", **{"del-attendance-0": "on"})

    stored = sa.select(Attendance.status).where(Attendance.participation_id == key)
    assert (answer.status_code, rows(stored)) == (403, [("absent",)])
    assert Page(answer.text).problems == ["Tidak ada aturan yang membuka ini."]
