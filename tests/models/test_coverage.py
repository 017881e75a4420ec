"""Coverage counts posts, not people, tier by tier and within the reader's scope."""

from datetime import timedelta

import pytest

from models.attendance import Attendance, Participation
from models.clock import today
from models.coverage import TierCoverage, coverage
from models.programme import Programme
from models.training import AgendaItem, TrainingSession
from panel.access.rules import Place
from tests.models.town import LONG_AGO, clerk_of

TODAY = today()
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def counted(town, session):
    """The lines of coverage that a clerk of the region, or of a part of it, reads."""

    def count(place=None):
        lines = coverage(session, clerk_of(place or Place(town.serang.id)), TODAY)
        return {
            one.tier.code: (one.posts, one.filled, one.attended, one.as_couple, one.spouses_known)
            for one in lines
        }

    return count


@pytest.fixture
def attend(town):
    """Somebody's attendance under an appointment: of himself, of the spouse."""
    programme = town.add(Programme(region_id=town.serang.id, name="P", category="prevention"))
    held = TrainingSession(region_id=town.serang.id, programme_id=programme.id, name="Bimtek")
    held.date_precision = "unknown"
    town.add(held)
    part = town.add(AgendaItem(region_id=town.serang.id, session=held, number=1, title="Materi"))

    def attended(appointment, **statuses):
        participation = town.add(
            Participation(
                region_id=town.serang.id,
                session=held,
                official=appointment.official,
                appointment=appointment,
            )
        )
        for party, status in statuses.items():
            town.add(
                Attendance(
                    region_id=town.serang.id,
                    training_session_id=held.id,
                    participation=participation,
                    agenda_item=part,
                    party=party,
                    status=status,
                )
            )

    return attended


def test_tiers_without_posts_are_left_out(town, counted):
    assert counted() == {}


def test_a_vacant_post_stays_in_the_count(town, counted):
    town.post(town.cipare)
    town.holder("Fulan", town.lopang)

    assert counted() == {"head": (2, 1, 0, 0, 0)}


def test_lines_come_from_the_top_down(town, counted):
    for tier in ("deputy", "mayor", "head"):
        town.post(town.hall, tier)

    assert list(counted()) == ["mayor", "head", "deputy"]


def test_a_post_with_two_holders_counts_once(town, counted):
    post = town.post(town.cipare)
    town.appoint(town.official("Fulan"), post)
    town.appoint(town.official("Badu"), post, status="acting_absent")

    assert counted() == {"head": (1, 1, 0, 0, 0)}


def test_one_who_has_left_fills_no_post(town, counted):
    town.appoint(town.official("Fulan"), town.post(town.cipare), LONG_AGO, YESTERDAY)

    assert counted() == {"head": (1, 0, 0, 0, 0)}


def test_a_post_that_ended_is_not_counted(town, session, counted):
    town.post(town.cipare).valid_to = YESTERDAY
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
def test_the_couple_is_counted_beside_the_post(town, counted, attend, official, spouse, counts):
    appointment = town.appoint(town.official("Fulan"), town.post(town.cipare))
    attend(appointment, official=official, spouse=spouse)

    assert counted() == {"head": counts}


def test_a_post_has_attended_whoever_holds_it_now(town, counted, attend):
    post = town.post(town.cipare)
    attend(town.appoint(town.official("Fulan"), post, LONG_AGO, YESTERDAY), official="present")
    town.appoint(town.official("Badu"), post, TODAY)

    assert counted() == {"head": (1, 1, 1, 0, 0)}


def test_only_posts_in_scope_are_counted(town, counted):
    town.holder("Fulan", town.cipare)
    town.holder("Badu", town.secretariat)
    town.holder("Dadap", town.elsewhere)

    assert counted() == {"head": (2, 2, 0, 0, 0)}
    assert counted(Place(town.serang.id, town.district.path)) == {"head": (1, 1, 0, 0, 0)}


@pytest.mark.parametrize(("attended", "posts", "percent"), [(0, 0, 0), (1, 3, 33), (3, 3, 100)])
def test_a_share_is_a_whole_percent_and_no_division_by_zero(attended, posts, percent):
    assert TierCoverage(None, posts, posts, attended, 0, 0).percent == percent
