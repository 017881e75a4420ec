"""A post has one definitive holder at a time."""

from datetime import date

import pytest

from models.people import Appointment
from models.roster import complete, other_holder, overlap

JANUARY, JUNE, JULY, DECEMBER = (date(2025, *day) for day in ((1, 1), (6, 30), (7, 1), (12, 31)))

# Two periods, and whether they share a day.
PERIODS = [
    ((JANUARY, JUNE), (JULY, DECEMBER), False),
    ((JANUARY, JULY), (JULY, DECEMBER), True),
    ((JANUARY, None), (JULY, DECEMBER), True),
    ((JANUARY, None), (JULY, None), True),
    ((None, JUNE), (JULY, None), False),
    ((None, JULY), (JULY, None), True),
    ((None, None), (None, None), True),
    ((None, None), (JULY, JULY), True),
    ((JULY, JULY), (JULY, JULY), True),
    ((JANUARY, DECEMBER), (JUNE, JULY), True),
]


def held(period, status="definitive"):
    return Appointment(started_on=period[0], ended_on=period[1], status=status)


@pytest.mark.parametrize(("one", "other", "shared"), PERIODS)
def test_periods_share_a_day_from_either_side(one, other, shared):
    assert overlap(held(one), held(other)) is shared
    assert overlap(held(other), held(one)) is shared


@pytest.mark.parametrize(("one", "other", "shared"), PERIODS)
def test_a_second_definitive_holder_is_refused_while_there_is_one(
    town, session, one, other, shared
):
    post, fulan = town.post(town.cipare), town.official("Fulan")
    town.appoint(fulan, post, *one)
    second = Appointment(position=post, status="definitive")
    second.started_on, second.ended_on = other

    objection = other_holder(session, second)

    assert str(objection or "") == (
        "Fulan holds head Cipare definitively in this time. End that appointment first, "
        "or record an acting one."
        if shared
        else ""
    )


@pytest.mark.parametrize("status", ["acting_vacant", "acting_absent", "interim"])
def test_an_acting_holder_may_stand_beside(town, session, status):
    post = town.post(town.cipare)
    town.appoint(town.official("Fulan"), post)
    acting = town.appoint(town.official("Badu"), post, status=status)

    assert other_holder(session, acting) is None


def test_an_acting_holder_is_no_hindrance_to_the_definitive_one(town, session):
    post = town.post(town.cipare)
    town.appoint(town.official("Badu"), post, status="acting_vacant")

    assert other_holder(session, town.appoint(town.official("Fulan"), post)) is None


def test_other_posts_do_not_matter_and_nobody_hinders_himself(town, session):
    fulan = town.official("Fulan")
    town.appoint(fulan, town.post(town.lopang))

    assert other_holder(session, town.appoint(fulan, town.post(town.cipare))) is None


def test_unit_and_region_come_from_the_post(town):
    appointment = Appointment(position=town.post(town.cipare), region_id=town.metro.id)

    complete(appointment)

    assert (appointment.unit_id, appointment.region_id) == (town.cipare.id, town.serang.id)
