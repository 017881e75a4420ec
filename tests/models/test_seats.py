"""Seats: the posts of a day in scope, with whoever holds them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from models.clock import today
from models.seats import Seat, seats
from panel.access.rules import Place
from tests.models.town import LONG_AGO, clerk_of

TODAY = today()
DAY = timedelta(days=1)


@pytest.fixture
def seated(town, session):
    """Name of the post and of its holders, as a clerk of the region (or of a place) reads it."""

    def read(place=None, day=TODAY, **narrowed):
        found = seats(session, clerk_of(place or Place(town.serang.id)), day, **narrowed)
        return {
            one.position.name: [held.official.full_name for held in one.holders] for one in found
        }

    return read


def test_a_vacant_seat_is_still_a_seat(town, seated):
    town.post(town.cipare)

    assert seated() == {"head Cipare": []}


def test_a_seat_says_who_holds_it_definitively_first(town, seated):
    post = town.post(town.cipare)
    for name, status in (("Badu", "acting_absent"), ("Fulan", "definitive"), ("Tuti", "interim")):
        town.appoint(town.official(name), post, status=status)

    assert seated() == {"head Cipare": ["Fulan", "Tuti", "Badu"]}


def test_the_holder_is_the_definitive_one_else_the_acting_one_else_nobody(town, session):
    post = town.post(town.cipare)
    acting = town.appoint(town.official("Badu"), post, status="acting_absent")
    only_acting = seats(session, clerk_of(Place(town.serang.id)), TODAY)[0]
    definitive = town.appoint(town.official("Fulan"), post)
    both = seats(session, clerk_of(Place(town.serang.id)), TODAY)[0]

    assert (only_acting.holder, both.holder, Seat(post).holder) == (acting, definitive, None)
    assert (both.vacant, Seat(post).vacant) == (False, True)


@pytest.mark.parametrize(
    ("days", "holders"), [(-2, ["Fulan"]), (-1, ["Fulan"]), (0, ["Badu"]), (1, ["Badu"])]
)
def test_a_rotation_changes_the_holder_from_its_day_on(town, seated, days, holders):
    post = town.post(town.cipare)
    town.appoint(town.official("Fulan"), post, LONG_AGO, TODAY - DAY)
    town.appoint(town.official("Badu"), post, TODAY)

    assert seated(day=TODAY + days * DAY) == {"head Cipare": holders}


@pytest.mark.parametrize(
    ("begun", "ended", "there"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (TODAY + DAY, None, False),
        (None, TODAY - DAY, False),
    ],
)
def test_only_posts_that_exist_on_the_day_are_seats(town, session, seated, begun, ended, there):
    post = town.post(town.cipare)
    post.valid_from, post.valid_to = begun, ended
    session.flush()

    assert bool(seated()) is there


def test_seats_come_by_tier_then_by_unit_then_by_name(town, seated):
    for unit, tier, name in (
        (town.lopang, "head", "a"),
        (town.cipare, "head", "z"),
        (town.cipare, "head", "y"),
        (town.cipare, "mayor", "last by name"),
    ):
        town.post(unit, tier, name)

    assert list(seated()) == ["last by name", "y", "z", "a"]


def test_tiers_and_the_units_below_narrow_the_seats(town, seated):
    town.post(town.cipare)
    town.post(town.cipare, "deputy")
    town.post(town.secretariat)

    assert list(seated(tiers=[town.tiers["deputy"]])) == ["deputy Cipare"]
    assert list(seated(tiers=[])) == []
    assert list(seated(unit=town.district)) == ["head Cipare", "deputy Cipare"]
    assert list(seated(unit=town.cipare, tiers=[town.tiers["head"]])) == ["head Cipare"]


def test_only_seats_in_scope_are_read(town, seated):
    town.holder("Fulan", town.cipare)
    town.holder("Badu", town.secretariat)
    town.holder("Dadap", town.elsewhere)

    assert set(seated()) == {"head of Fulan", "head of Badu"}
    assert set(seated(Place(town.serang.id, town.district.path))) == {"head of Fulan"}
    assert seated(Place(town.serang.id, town.lopang.path)) == {}
    assert seated(unit=town.elsewhere) == {}


@pytest.mark.parametrize("number", [1, 3])
def test_seats_with_all_that_they_show_cost_three_statements(town, session, number):
    for place in range(number):
        who = town.official(f"Fulan {place}")
        town.marry(who, town.official(f"Tuti {place}"))
        town.appoint(who, town.post(town.unit(f"Kelurahan {place}", town.district)))
    session.expire_all()
    actor = clerk_of(Place(town.serang.id))
    said = []
    connection = session.connection()
    sa.event.listen(connection, "before_cursor_execute", lambda *a: said.append(a[2]))

    shown = [
        (one.position.tier.label_id, one.position.unit.place, str(held), str(held.unit), str(wed))
        for one in seats(session, actor, TODAY)
        for held in one.holders
        for wed in held.official.spouses
    ]

    assert (len(shown), len(said)) == (number, 3), said
