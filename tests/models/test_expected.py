"""Who was expected: one line per post of the tiers on the day, vacant ones too, nobody twice."""

from datetime import date, timedelta

import pytest

from models.attendance import Attendance, Participation
from models.expected import Counts, expected
from models.programme import Programme
from models.training import AgendaItem, SessionTier, TrainingSession
from panel.access.rules import Place
from panel.dates import PartialDate
from tests.models.meetings import sheet_for
from tests.models.town import LONG_AGO, clerk_of

DAY = date(2025, 11, 18)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


@pytest.fixture
def held(town):
    """A session for the heads and deputies of Serang."""
    programme = town.add(Programme(region_id=town.serang.id, name="P", category="prevention"))
    one = TrainingSession(region_id=town.serang.id, programme_id=programme.id, name="Bimtek")
    one.held = PartialDate(DAY, "day")
    one.tiers = [SessionTier(tier=town.tiers["head"])]
    return town.add(one)


@pytest.fixture
def listed(town, session, held):
    """The list as a clerk of the region, or of a part of it, reads it."""

    def read(place=None):
        session.flush()
        session.expire(held)
        return expected(session, clerk_of(place or Place(town.serang.id)), held)

    return read


@pytest.fixture
def lines(listed):
    """The lines of the list: post, holder, status, and the post under which he takes part."""

    def read(place=None):
        return [
            (
                one.position.name,
                one.holding and one.holding.official.full_name,
                one.holding and one.holding.status,
                one.listed_under and one.listed_under.name,
            )
            for one in listed(place).places
        ]

    return read


@pytest.fixture
def take_part(town, held):
    """Somebody takes part, with what is recorded of him and of the spouse."""
    part = town.add(AgendaItem(region_id=town.serang.id, session=held, number=1, title="Materi"))
    sheet = sheet_for(town, part)

    def take(official, spouse=None, /, **statuses):
        row = Participation(
            region_id=town.serang.id, session=held, official=official, spouse=spouse
        )
        row.attendance = [
            Attendance(
                region_id=town.serang.id,
                training_session_id=held.id,
                agenda_item=part,
                sheet=sheet,
                party=party,
                status=status,
            )
            for party, status in statuses.items()
        ]
        return town.add(row)

    return take


def test_a_vacant_post_stays_in_the_list(town, lines):
    town.post(town.cipare)

    assert lines() == [("head Cipare", None, None, None)]


def test_posts_of_other_tiers_are_not_expected(town, lines):
    town.holder("Fulan", town.hall, "mayor")

    assert lines() == []


def test_the_holder_who_is_away_and_who_stands_in_share_the_post(town, lines):
    post = town.post(town.cipare)
    town.appoint(town.official("Badu"), post, status="acting_absent")
    town.appoint(town.official("Fulan"), post)

    assert lines() == [
        ("head Cipare", "Fulan", "definitive", None),
        ("head Cipare", "Badu", "acting_absent", None),
    ]


@pytest.mark.parametrize("status", ["acting_vacant", "acting_absent", "interim"])
def test_who_holds_two_posts_takes_part_under_the_definitive_one(town, listed, lines, status):
    who = town.official("Fulan")
    town.appoint(who, town.post(town.cipare), status=status)
    town.appoint(who, town.post(town.lopang))

    assert lines() == [
        ("head Cipare", "Fulan", status, "head Lopang"),
        ("head Lopang", "Fulan", "definitive", None),
    ]
    counts = listed().counts
    assert (counts.posts, counts.filled, counts.vacant, counts.people) == (2, 2, 0, 1)


@pytest.mark.parametrize(
    ("started_on", "ended_on", "there"),
    [
        (LONG_AGO, None, True),
        (None, None, True),
        (LONG_AGO, DAY, True),
        (DAY, None, True),
        (LONG_AGO, BEFORE, False),
        (AFTER, None, False),
    ],
)
def test_the_day_of_the_session_decides_and_no_later_rotation(
    town, lines, started_on, ended_on, there
):
    town.appoint(town.official("Fulan"), town.post(town.cipare), started_on, ended_on)

    assert [name for _, name, _, _ in lines()] == ["Fulan" if there else None]


def test_who_left_the_post_after_the_session_keeps_place_and_attendance(town, listed, take_part):
    post = town.post(town.cipare)
    fulan, badu = town.official("Fulan"), town.official("Badu")
    town.appoint(fulan, post, LONG_AGO, DAY)
    town.appoint(badu, post, AFTER)
    row = take_part(fulan, official="present")

    found = listed()

    assert [(one.holding.official, one.participation) for one in found.places] == [(fulan, row)]
    assert found.others == ()


def test_who_holds_no_such_post_stands_apart(town, listed, take_part):
    fulan = town.holder("Fulan", town.cipare)
    guest = town.holder("Tamu", town.secretariat, "deputy")
    take_part(fulan)
    row = take_part(guest)

    assert listed().others == (row,)


@pytest.mark.parametrize(
    ("married_on", "ended_on", "there"),
    [(None, None, True), (LONG_AGO, DAY, True), (LONG_AGO, BEFORE, False), (AFTER, None, False)],
)
def test_the_spouse_is_that_of_the_day(town, session, listed, married_on, ended_on, there):
    who = town.holder("Fulan", town.cipare)
    spouse = town.marry(who, town.official("Melati"))
    spouse.married_on, spouse.ended_on = married_on, ended_on

    (place,) = listed().places

    assert place.spouses == ((spouse,) if there else ())


@pytest.mark.parametrize(
    ("known", "there"),
    [
        (PartialDate(date(2025, 1, 1), "year"), "Fulan"),
        (PartialDate(date(2025, 11, 1), "month"), "Badu"),
    ],
)
def test_the_first_day_stands_for_a_partial_date(town, held, listed, known, there):
    post = town.post(town.cipare)
    town.appoint(town.official("Fulan"), post, LONG_AGO, date(2025, 10, 31))
    town.appoint(town.official("Badu"), post, date(2025, 11, 1))
    held.held = known

    found = listed()

    assert (found.day, found.missing) == (known.first, "")
    assert [one.holding.official.full_name for one in found.places] == [there]


def test_without_a_day_there_is_no_list_and_a_word_why(town, held, listed, take_part):
    row = take_part(town.holder("Fulan", town.cipare), official="present")
    held.held = None

    found = listed()

    assert (found.missing, found.places, found.others) == ("day", (), (row,))
    assert found.counts == Counts(invited=1, attended=1)


def test_without_a_tier_there_is_no_list_and_a_word_why(town, session, held, listed):
    town.holder("Fulan", town.cipare)
    held.tiers = []

    found = listed()

    assert (found.missing, found.places, found.counts) == ("tiers", (), Counts())


def test_a_tier_without_posts_has_none_which_is_known(listed):
    assert listed().counts == Counts(posts=0, filled=0, people=0)


def test_what_nobody_recorded_is_not_known_and_no_nought(town, listed, take_part):
    fulan = town.holder("Fulan", town.cipare)
    assert listed().counts == Counts(posts=1, filled=1, people=1)

    take_part(fulan)

    assert listed().counts == Counts(posts=1, filled=1, people=1, invited=1)


@pytest.mark.parametrize(
    ("statuses", "counts"),
    [
        ({"official": "present", "spouse": "present"}, (1, 1, 0, 0)),
        ({"official": "present", "spouse": "excused"}, (1, 0, 1, 0)),
        ({"official": "present"}, (1, None, None, 1)),
        ({"official": "excused", "spouse": "present"}, (0, 0, 0, 0)),
        ({"spouse": "present"}, (None, 0, 0, 0)),
    ],
)
def test_couples_and_those_who_came_alone(town, listed, take_part, statuses, counts):
    fulan = town.holder("Fulan", town.cipare)
    take_part(fulan, town.marry(fulan, town.official("Melati")), **statuses)

    found = listed().counts

    assert (found.attended, found.couples, found.alone, found.unsaid) == counts


def test_a_spouse_of_whom_nothing_is_recorded_is_neither_here_nor_away(town, listed, take_part):
    for name, statuses in (
        ("A", {"official": "present", "spouse": "present"}),
        ("B", {"official": "present"}),
    ):
        who = town.holder(name, town.cipare)
        take_part(who, town.marry(who, town.official(f"Pasangan {name}")), **statuses)
    take_part(town.holder("C", town.lopang), official="present")

    found = listed().counts

    assert (found.attended, found.couples, found.alone, found.unsaid) == (3, 1, 1, 1)


def test_only_what_is_in_scope_is_listed(town, lines):
    town.holder("Fulan", town.cipare)
    town.holder("Badu", town.secretariat)
    town.holder("Dadap", town.elsewhere)

    names = [name for _, name, _, _ in lines(Place(town.serang.id, town.district.path))]

    assert (names, sorted(name for _, name, _, _ in lines())) == (["Fulan"], ["Badu", "Fulan"])


def test_places_stand_by_tier_and_villages_by_district(town, held, listed):
    held.tiers.append(SessionTier(tier=town.tiers["mayor"]))
    town.holder("Wali", town.hall, "mayor")
    town.holder("Fulan", town.cipare)
    town.holder("Badu", town.lopang)
    town.holder("Dadap", town.secretariat)

    groups = listed().groups

    assert [(tier.code, above and above.name, len(places)) for tier, above, places in groups] == [
        ("mayor", None, 1),
        ("head", "Serang", 2),
        ("head", None, 1),
    ]
