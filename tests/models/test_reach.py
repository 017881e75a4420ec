"""Seat and person are two counts, and each is taken as of a day."""

from datetime import timedelta

import pytest

from models.clock import today
from models.coverage import coverage
from panel.access.rules import Place
from tests.models.town import LONG_AGO, clerk_of

TODAY = today()
DAY = timedelta(days=1)
YESTERDAY = TODAY - DAY


@pytest.fixture
def line(town, session):
    """The one line of coverage that a clerk of the region reads."""

    def read(day=TODAY):
        [found] = coverage(session, clerk_of(Place(town.serang.id)), day)
        return found

    return read


def both(line):
    """Seats that attended, holders that did, reached seats with a new holder, and the reverse."""
    return line.attended, line.holders_attended, line.holders_new, line.holders_elsewhere


def test_a_vacant_seat_that_attended_has_no_holder_who_did(town, line, meeting):
    left = town.appoint(town.official("Fulan"), town.post(town.cipare), LONG_AGO, YESTERDAY)
    meeting().attend(left, official="present")

    assert both(line()) == (1, 0, 0, 0)


def test_a_rotation_parts_seat_and_person(town, line, meeting):
    seat, other = town.post(town.cipare), town.post(town.lopang)
    fulan, badu = town.official("Fulan"), town.official("Badu")
    before = TODAY - 10 * DAY
    held = meeting(held_on=before)
    held.attend(town.appoint(fulan, seat, LONG_AGO, YESTERDAY), official="present")
    held.attend(town.appoint(badu, other, LONG_AGO, YESTERDAY), official="absent")
    town.appoint(fulan, other, TODAY)
    town.appoint(badu, seat, TODAY)

    assert both(line(before - DAY)) == (0, 0, 0, 0)
    assert both(line(before)) == both(line(YESTERDAY)) == (1, 1, 0, 0)
    assert both(line(TODAY)) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("status", "holders"), [("definitive", (1, 0, 1, 0)), ("interim", (1, 1, 0, 0))]
)
def test_the_definitive_holder_speaks_for_the_seat(town, line, meeting, status, holders):
    post = town.post(town.cipare)
    acting = town.appoint(town.official("Badu"), post, status="acting_absent")
    meeting().attend(acting, official="present")
    town.appoint(town.official("Fulan"), post, status=status)

    assert both(line()) == holders


def test_a_person_counts_in_each_seat_and_the_seat_for_itself(town, line, meeting):
    who = town.official("Fulan")
    meeting().attend(town.appoint(who, town.post(town.cipare)), official="present")
    town.appoint(who, town.post(town.lopang), status="acting_vacant")

    assert both(line()) == (1, 2, 0, 1)


def test_an_invitation_is_no_attendance(town, line, meeting):
    appointment = town.appoint(town.official("Fulan"), town.post(town.cipare))
    meeting(held_on=TODAY + DAY).attend(appointment)

    found = line()
    assert (found.invited, found.recorded, found.attended) == (1, 0, 0)


@pytest.mark.parametrize(
    ("signed", "day", "committed"),
    [
        (YESTERDAY, TODAY, 1),
        (YESTERDAY, YESTERDAY, 1),
        (YESTERDAY, YESTERDAY - DAY, 0),
        (None, TODAY, 1),
        (None, YESTERDAY, 0),
    ],
)
def test_a_promise_counts_from_its_day_on(town, line, meeting, signed, day, committed):
    appointment = town.appoint(town.official("Fulan"), town.post(town.cipare))
    meeting().promise(appointment, official_signed_on=signed)

    assert line(day).committed == committed


def test_a_session_without_a_known_day_counts_today_alone(town, line, meeting):
    appointment = town.appoint(town.official("Fulan"), town.post(town.cipare))
    meeting().attend(appointment, official="present")

    assert (line(TODAY).attended, line(YESTERDAY).attended) == (1, 0)
