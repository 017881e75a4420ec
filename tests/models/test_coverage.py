"""Coverage counts posts, not people, tier by tier and within the reader's scope."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from models.clock import today
from models.coverage import TierCoverage, by_district, coverage, in_all, reached, together
from models.government import Tier
from models.reach import FACTS
from panel.access.rules import Place
from tests.models.town import LONG_AGO, clerk_of

TODAY = today()
PLANS = ("planned", "verified")
DAY = timedelta(days=1)
YESTERDAY = TODAY - DAY


@pytest.fixture
def clerk(town):
    return clerk_of(Place(town.serang.id))


@pytest.fixture
def counted(town, session, clerk):
    """The lines of coverage that a clerk of the region, or of a part of it, reads."""

    def count(place=None, **asked):
        lines = coverage(session, clerk_of(place) if place else clerk, TODAY, **asked)
        return {
            one.tier.code: (one.posts, one.filled, one.attended, one.as_couple, one.spouses_known)
            for one in lines
        }

    return count


@pytest.fixture
def line(session, clerk):
    """The one line of coverage."""

    def read(day=TODAY, **asked):
        [found] = coverage(session, clerk, day, **asked)
        return found

    return read


def test_tiers_without_posts_are_left_out(town, counted):
    assert counted() == {}


def test_a_vacant_post_stays_in_the_count(town, counted, line):
    town.post(town.cipare)
    town.holder("Fulan", town.lopang)

    assert counted() == {"head": (2, 1, 0, 0, 0)}
    assert line().vacant == 1


def test_lines_come_from_the_top_down(town, counted):
    for tier in ("deputy", "mayor", "head"):
        town.post(town.hall, tier)

    assert list(counted()) == ["mayor", "head", "deputy"]


def test_a_new_tier_stands_at_its_place(town, counted, session):
    for tier in ("mayor", "head"):
        town.post(town.hall, tier)
    town.tiers["head"].rank = 9
    session.flush()
    town.tiers["council"] = town.add(Tier(code="council", rank=3, label_id="D", label_en="D"))
    town.post(town.hall, "council")

    assert list(counted()) == ["mayor", "council", "head"]


def test_a_post_with_two_holders_counts_once(town, counted):
    post = town.post(town.cipare)
    town.appoint(town.official("Fulan"), post)
    town.appoint(town.official("Badu"), post, status="acting_absent")

    assert counted() == {"head": (1, 1, 0, 0, 0)}


def test_one_who_has_left_fills_no_post(town, counted):
    town.appoint(town.official("Fulan"), town.post(town.cipare), LONG_AGO, YESTERDAY)

    assert counted() == {"head": (1, 0, 0, 0, 0)}


def test_a_post_that_ended_or_is_not_there_yet_is_not_counted(town, session, counted):
    town.post(town.cipare).valid_to = YESTERDAY
    town.post(town.secretariat).valid_from = TODAY + DAY
    town.post(town.lopang).valid_to = TODAY
    session.flush()

    assert counted() == {"head": (1, 0, 0, 0, 0)}


@pytest.mark.parametrize(
    ("official", "spouse", "counts"),
    [
        ("present", "present", (1, 1, 1, 1, 1)),
        ("present", "excused", (1, 1, 1, 0, 1)),
        ("excused", "present", (1, 1, 0, 0, 1)),
        ("represented", "absent", (1, 1, 0, 0, 1)),
    ],
)
def test_the_couple_is_counted_beside_the_post(town, counted, meeting, official, spouse, counts):
    appointment = town.appoint(town.official("Fulan"), town.post(town.cipare))
    meeting().attend(appointment, official=official, spouse=spouse)

    assert counted() == {"head": counts}


def test_a_couple_came_together_only_when_both_came_to_the_same_session(town, counted, meeting):
    appointment = town.appoint(town.official("Fulan"), town.post(town.cipare))
    meeting().attend(appointment, official="present", spouse="absent")
    meeting().attend(appointment, official="absent", spouse="present")

    assert counted() == {"head": (1, 1, 1, 0, 1)}


def test_a_post_has_attended_whoever_holds_it_now(town, counted, meeting):
    post = town.post(town.cipare)
    meeting().attend(
        town.appoint(town.official("Fulan"), post, LONG_AGO, YESTERDAY), official="present"
    )
    town.appoint(town.official("Badu"), post, TODAY)

    assert counted() == {"head": (1, 1, 1, 0, 0)}


def test_only_posts_in_scope_are_counted(town, counted):
    town.holder("Fulan", town.cipare)
    town.holder("Badu", town.secretariat)
    town.holder("Dadap", town.elsewhere)

    assert counted() == {"head": (2, 2, 0, 0, 0)}
    assert counted(Place(town.serang.id, town.district.path)) == {"head": (1, 1, 0, 0, 0)}
    assert counted(unit=town.district) == {"head": (1, 1, 0, 0, 0)}
    assert counted(unit=town.elsewhere) == {}


def test_attendance_out_of_scope_is_not_counted(town, session, meeting):
    who = town.official("Fulan")
    left = town.appoint(who, town.post(town.secretariat), LONG_AGO, YESTERDAY)
    town.appoint(who, town.post(town.cipare), TODAY)
    meeting().attend(left, official="present")

    [seen] = coverage(session, clerk_of(Place(town.serang.id, town.district.path)), TODAY)
    assert (seen.attended, seen.holders_attended) == (0, 0)


def test_two_married_officials_are_one_couple_with_two_seats(town, session, clerk, meeting):
    fulan, tuti, badu = (town.official(name) for name in ("Fulan", "Tuti", "Badu"))
    posts = [town.post(unit) for unit in (town.cipare, town.lopang, town.secretariat)]
    held, again = meeting(), meeting()
    for who, spouse, post in (
        (fulan, town.marry(fulan, tuti), posts[0]),
        (tuti, town.marry(tuti, fulan), posts[1]),
        (badu, None, posts[2]),
    ):
        appointment = town.appoint(who, post)
        for one in (held, again):
            one.attend(
                appointment, spouse_id=spouse and spouse.id, official="present", spouse="present"
            )

    [line] = coverage(session, clerk, TODAY)
    assert (line.as_couple, together(session, clerk, TODAY)) == (3, 2)
    assert together(session, clerk, TODAY, unit=town.district) == 1


def test_the_programme_narrows_what_is_counted_not_the_posts(town, line, meeting):
    appointment = town.appoint(town.official("Fulan"), town.post(town.cipare))
    held, other = meeting(), meeting()
    held.attend(appointment, official="present")
    held.promise(appointment)

    for programme, counts in ((held.programme, (1, 1, 1)), (other.programme, (1, 0, 0))):
        found = line(programme=programme)
        assert (found.posts, found.attended, found.committed) == counts


def test_a_district_counts_its_own_posts_and_those_below(town, session, clerk, meeting):
    town.post(town.district, "secretary")
    town.post(town.secretariat)
    town.post(town.lopang)
    appointment = town.appoint(town.official("Fulan"), town.post(town.cipare))
    meeting().attend(appointment, official="present")

    places = by_district(session, clerk, TODAY)

    assert [
        (one.district.name, one.tier.code, one.posts, one.attended, one.percent) for one in places
    ] == [("Serang", "secretary", 1, 0, 0), ("Serang", "head", 2, 1, 50)]
    assert by_district(session, clerk_of(Place(town.metro.id)), TODAY) == []


def test_each_post_has_its_facts(town, session, clerk, meeting):
    empty = town.post(town.lopang)
    appointment = town.appoint(town.official("Fulan"), town.post(town.cipare))
    meeting().attend(appointment, official="present", spouse="absent")

    assert reached(session, clerk, TODAY) == {
        empty.id: frozenset(),
        appointment.position_id: frozenset(FACTS) - {"as_couple", "committed", *PLANS},
    }


@pytest.mark.parametrize("number", [1, 3])
def test_each_count_is_one_statement(town, session, clerk, number):
    for place in range(number):
        town.holder(f"Fulan {place}", town.unit(f"Kelurahan {place}", town.district))
    said = []
    sa.event.listen(session.connection(), "before_cursor_execute", lambda *a: said.append(a[2]))

    for ask in (coverage, together, by_district, reached):
        ask(session, clerk, TODAY, unit=town.district)
        assert len(said) == 1, ask
        said.clear()


def test_all_tiers_add_up():
    lines = [TierCoverage(None, 2, 1, 1), TierCoverage(None, 1, 1, 0, invited=1)]

    assert in_all(lines) == TierCoverage(None, 3, 2, 1, invited=1)


@pytest.mark.parametrize(
    ("attended", "posts", "percent"),
    [(0, 0, 0), (0, 3, 0), (1, 3, 33), (3, 3, 100), (1, 300, 1), (299, 300, 99)],
)
def test_a_share_is_a_whole_percent_full_only_when_all_are(attended, posts, percent):
    assert TierCoverage(None, posts, posts, attended, 0, 0).percent == percent


def test_a_session_that_was_called_off_counts_nowhere(town, meeting, line):
    who = town.holder("Fulan", town.cipare)
    held = meeting(YESTERDAY)
    held.attend(who.appointments[0], official="present")
    held.promise(who.appointments[0], official_signed_on=YESTERDAY)
    assert (line().attended, line().invited, line().committed) == (1, 1, 1)

    held.session.status = "cancelled"

    assert (line().attended, line().invited, line().committed) == (0, 0, 0)
