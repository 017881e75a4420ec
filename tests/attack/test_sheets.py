"""Signed attendance sheets: nobody on them becomes somebody else or is read beyond his units."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models.attendance import Attendance, Participation
from models.government import Unit
from models.people import Official
from tests.views.browser import Page
from tests.views.test_attendance_sheets import ASK, AT, OPEN, SIGNED, mark_on, move, seen_at
from tests.views.test_subtree import DISTRICT, granted

SIGNED_WITH = "sudah ditandatangani dengan orang ini di dalamnya"
REMARK = "Kontrol rutin ke dokter"


@pytest.fixture
def stranger(rows):
    """An official of the city who is on no list of the session."""
    invited = sa.exists().where(
        Participation.official_id == Official.id, Participation.training_session_id == 8
    )
    free = sa.select(Official.id).where(Official.region_id == 1, ~invited)
    return str(rows(free.order_by(Official.id).limit(1))[0][0])


def named(rows, couple):
    """Who takes part, and with whom."""
    who = sa.select(Participation.official_id, Participation.spouse_id)
    return rows(who.where(Participation.id == couple))


@pytest.mark.parametrize("state", ["signed", "correcting"])
def test_who_was_signed_for_does_not_become_somebody_else(ani, rows, stranger, state):
    _mark, couple = mark_on(rows, SIGNED)
    before = named(rows, couple)
    if state == "correcting":
        assert move(ani, SIGNED, "open_correction", **ASK).status_code == 303
    nobody = {"appointment": "__None", "spouse": "__None"}

    other = ani.send(f"/participations/edit/?id={couple}", official=stranger, **nobody)
    alone = ani.send(f"/participations/edit/?id={couple}", spouse="__None")

    assert (other.status_code, SIGNED_WITH in Page(other.text).text) == (409, True)
    assert (alone.status_code, SIGNED_WITH in Page(alone.text).text) == (409, True)
    assert named(rows, couple) == before


def test_who_signs_signs_for_the_people_that_he_saw(bayu, rows, write, stranger):
    _mark, couple = mark_on(rows, OPEN)
    seen = {"seen": seen_at(bayu, OPEN)}
    with write() as session:
        one = session.get(Participation, couple)
        one.official_id, one.spouse_id = int(stranger), None
        one.appointment_id = one.unit_id = None

    assert bayu.post(f"/attendance-sheets/{OPEN}/move/sign/", seen).status_code == 409
    assert move(bayu, OPEN, "sign").status_code == 303


def test_a_clerk_of_one_district_reads_nothing_of_another_one(app, ani, bayu, rows, write):
    elsewhere = (
        sa.select(Attendance.id, Official.full_name)
        .join(Participation, Attendance.participation_id == Participation.id)
        .join(Official, Official.id == Participation.official_id)
        .join(Unit, Unit.id == Participation.unit_id)
        .where(
            Attendance.sheet_id == OPEN,
            Attendance.party == "official",
            ~Unit.path.startswith(f"/{DISTRICT}/"),
        )
    )
    mark, name = rows(elsewhere.limit(1))[0]
    sari = granted(app, write, "sari", "clerk")
    assert move(bayu, OPEN, "sign").status_code == 303
    assert move(ani, OPEN, "open_correction", **ASK).status_code == 303
    assert ani.send(f"/attendance/edit/?id={mark}", status="sick", note=REMARK).status_code == 303

    pages = [
        sari.get(AT(OPEN)),
        sari.get(f"/attendance-sheets/{OPEN}/offers/"),
        move(sari, OPEN, "drop_correction"),
        sari.get(f"/attendance-sheets/history/?id={OPEN}"),
    ]

    assert [one.status_code for one in pages] == [200, 200, 422, 200]
    assert [one for one in (name, REMARK) for page in pages if one in page.text] == []
    assert "Seseorang di luar unit Anda" in pages[0].text
    assert REMARK in ani.get(AT(OPEN)).text
