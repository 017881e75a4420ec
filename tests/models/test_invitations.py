"""A list against the posts of its day: what would be accepted, as one table; pure."""

from __future__ import annotations

import pytest

from models.attendance import Participation
from models.expected import Counts, Expected, Place, still_missing
from models.government import Position
from models.invitations import Difference, difference
from models.people import Appointment, Spouse

LURAH, CAMAT = 1, 2
CIPARE, LOPANG = Position(id=1, tier_id=LURAH), Position(id=2, tier_id=LURAH)
DISTRICT = Position(id=3, tier_id=CAMAT)
RATNA, INTAN = Spouse(id=1), Spouse(id=2)


def held(post: Position, number: int = 1) -> Appointment:
    """An appointment of the one official of these tests."""
    return Appointment(id=number, official_id=1, position=post, position_id=post.id, unit_id=1)


def on_list(holding: Appointment | None, spouse: Spouse | None = None) -> Participation:
    """A place on the list, under a post or under none."""
    return Participation(
        id=9,
        official_id=1,
        appointment=holding,
        appointment_id=holding.id if holding else None,
        spouse_id=spouse.id if spouse else None,
    )


def differs(
    *places: Place, others: tuple[Participation, ...] = (), with_spouses: bool = True
) -> tuple[str, ...]:
    """The parts of the difference by name."""
    listed = Expected(None, "", places, others, Counts())
    return difference(listed, {LURAH}, with_spouses).keys


NOW, BEFORE = held(CIPARE), held(LOPANG, 2)


@pytest.mark.parametrize(
    ("place", "keys"),
    [
        (Place(CIPARE), ()),
        (Place(CIPARE, NOW), ("came-1",)),
        (Place(CIPARE, NOW, (), LOPANG), ()),
        (Place(CIPARE, NOW, (), None, on_list(NOW)), ()),
        (Place(CIPARE, NOW, (), None, on_list(BEFORE)), ("moved-9",)),
        (Place(CIPARE, NOW, (), None, on_list(None)), ("moved-9",)),
        (Place(CIPARE, NOW, (RATNA,), None, on_list(NOW, RATNA)), ()),
        (Place(CIPARE, NOW, (RATNA,), None, on_list(NOW)), ("wed-9",)),
        (Place(CIPARE, NOW, (), None, on_list(NOW, RATNA)), ("wed-9",)),
        (Place(CIPARE, NOW, (INTAN,), None, on_list(NOW, RATNA)), ("wed-9",)),
        (Place(CIPARE, NOW, (RATNA, INTAN), None, on_list(NOW, INTAN)), ()),
        (Place(CIPARE, NOW, (RATNA, INTAN), None, on_list(NOW)), ()),
        (Place(CIPARE, NOW, (RATNA,), None, on_list(BEFORE)), ("moved-9", "wed-9")),
    ],
)
def test_a_place_of_the_day_against_the_list(place: Place, keys: tuple[str, ...]) -> None:
    assert differs(place) == keys


@pytest.mark.parametrize(
    ("one", "keys"),
    [
        (on_list(BEFORE), ("left-9",)),
        (on_list(None), ()),
        (on_list(held(DISTRICT, 3)), ()),
    ],
)
def test_who_lost_the_post_leaves_and_who_came_without_one_stays(
    one: Participation, keys: tuple[str, ...]
) -> None:
    assert differs(others=(one,)) == keys


def test_where_spouses_stay_at_home_none_is_missing() -> None:
    place = Place(CIPARE, NOW, (RATNA,), None, on_list(NOW))

    assert differs(place, with_spouses=False) == ()


def test_a_difference_is_another_one_when_it_leads_elsewhere() -> None:
    """The parts have the same names; what they would write is not the same."""
    one = on_list(BEFORE, RATNA)
    found = [
        difference(
            Expected(None, "", (Place(CIPARE, now, (spouse,), None, one),), (), Counts()),
            {LURAH},
            True,
        )
        for now, spouse in ((NOW, INTAN), (held(CIPARE, 3), INTAN), (NOW, Spouse(id=3)))
    ]

    assert [one.keys for one in found] == [("moved-9", "wed-9")] * 3
    assert len({one.seen for one in found}) == 3


def test_without_a_day_there_is_no_difference() -> None:
    listed = Expected(None, "day", (), (on_list(BEFORE),), Counts())

    assert difference(listed, {LURAH}, True) == Difference()


def test_a_make_up_session_expects_holders_who_were_not_there_and_no_vacant_post() -> None:
    there, not_there = Place(CIPARE, NOW), Place(LOPANG, Appointment(id=4, official_id=2))

    assert still_missing([there, not_there, Place(LOPANG)], frozenset({1})) == [not_there]
