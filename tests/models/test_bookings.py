"""Nobody speaks at two places at once: two sessions of a day clash unless they are known apart."""

from datetime import date, time
from itertools import count

import pytest

from models.bookings import clash, clashes, clashes_of
from models.programme import Programme
from models.speaking import SessionSpeaker, Speaker
from models.training import TrainingSession
from panel.access.rules import Place
from panel.dates import PartialDate
from tests.models.town import clerk_of

DAY = PartialDate(date(2025, 11, 18), "day")
SEVEN, EIGHT, NINE, TEN = (time(hour) for hour in (7, 8, 9, 10))


def session_on(held=DAY, begins=None, ends=None):
    one = TrainingSession(name="S", starts_at=begins, ends_at=ends)
    one.held = held
    return one


@pytest.mark.parametrize(
    ("one", "other", "untimed"),
    [
        ((SEVEN, NINE), (EIGHT, TEN), 0),
        ((SEVEN, TEN), (EIGHT, NINE), 0),
        ((SEVEN, EIGHT), (EIGHT, NINE), None),
        ((SEVEN, EIGHT), (NINE, TEN), None),
        ((SEVEN, EIGHT), (None, None), 1),
        ((SEVEN, EIGHT), (NINE, None), None),
        ((SEVEN, EIGHT), (SEVEN, None), 1),
        ((None, EIGHT), (NINE, None), None),
        ((None, None), (None, None), 2),
    ],
)
def test_two_sessions_of_a_day_clash_unless_one_is_known_to_end_first(one, other, untimed):
    first, second = session_on(DAY, *one), session_on(DAY, *other)

    for found in (clash(first, second), clash(second, first)):
        assert (found and len(found.untimed)) == untimed


@pytest.mark.parametrize("precision", ["month", "year", None])
def test_half_a_date_clashes_with_nothing(precision):
    half = PartialDate(date(2025, 11, 18), precision) if precision else None

    assert clash(session_on(), session_on(half)) is None
    assert clash(session_on(half), session_on(half)) is None


def test_another_day_clashes_with_nothing():
    assert clash(session_on(), session_on(PartialDate(date(2025, 11, 19), "day"))) is None


def test_two_roles_at_one_session_are_no_clash():
    one = session_on()

    assert clashes([one, one]) == []


def test_each_two_of_three_clash():
    assert len(clashes([session_on(), session_on(), session_on()])) == 3


@pytest.fixture
def speaks(town, session):
    """A speaker's appearance at a new session."""
    numbers, programmes = count(1), {}

    def speak(speaker, held=DAY):
        region = speaker.region_id
        if region not in programmes:
            programme = Programme(region_id=region, name="P", category="prevention")
            programmes[region] = town.add(programme)
        one = session_on(held)
        one.region_id, one.programme_id = region, programmes[region].id
        one.name = f"S{next(numbers)}"
        town.add(one)
        return town.add(
            SessionSpeaker(region_id=region, session=one, speaker=speaker, role="speaker")
        )

    return speak


def test_an_appearance_clashes_with_the_others_of_the_day(town, session, speaks):
    own = town.add(Speaker(region_id=town.serang.id, full_name="Fulan"))
    other = town.add(Speaker(region_id=town.serang.id, full_name="Badu"))
    first, second = speaks(own), speaks(own)
    speaks(own, PartialDate(date(2025, 11, 19), "day"))
    speaks(other)
    clerk = clerk_of(Place(town.serang.id))

    found = clashes_of(session, clerk, first)

    assert [one.other for one in found] == [second.session]
    assert "S1" in str(found[0].sentence)
    assert "S2" in str(found[0].sentence)
    assert clashes_of(session, clerk_of(Place(town.metro.id)), first) == []
