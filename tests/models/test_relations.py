"""Who is tied to a plan, relation by relation: one truth table each."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from models.clock import today
from models.relations import direct_subordinates, parties_of, spouses_of
from tests.models.town import LONG_AGO

TODAY = today()
DAY = timedelta(days=1)


def plan_of(official, *uploaders):
    """What a plan is to the rules: an official, a region, and who uploaded its evidence."""
    evidence = [SimpleNamespace(uploaded_by_id=one) for one in uploaders]
    return SimpleNamespace(official_id=official.id, region_id=official.region_id, evidence=evidence)


def test_nobody_is_tied_to_a_plan_without_accounts(town, session):
    parties = parties_of(plan_of(town.holder("Fulan", town.cipare)), session)

    assert parties == dict.fromkeys(("official", "spouse", "subordinate", "uploader"), frozenset())


def test_each_relation_finds_the_accounts_of_its_people(town, session):
    fulan, mawar = town.holder("Fulan", town.district), town.official("Mawar")
    badu = town.holder("Badu", town.cipare)
    town.marry(fulan, mawar)
    fulans = town.account(fulan, "fulan")
    twice = [town.account(mawar, "mawar"), town.account(mawar, "mawar2")]
    badus, other = town.account(badu, "badu"), town.account(None, "asep")

    parties = parties_of(plan_of(fulan, other.id), session)

    assert parties == {
        "official": {fulans.id},
        "spouse": {one.id for one in twice},
        "subordinate": {badus.id},
        "uploader": {other.id},
    }


def test_an_account_of_another_region_is_not_tied(town, session):
    fulan, far = town.holder("Fulan", town.cipare), town.official("Jauh", town.metro)
    town.account(far, "jauh")

    assert parties_of(plan_of(fulan), session)["official"] == frozenset()


@pytest.mark.parametrize("ended_on", [None, date(2015, 1, 1)])
@pytest.mark.parametrize("there", [True, False])
def test_a_spouse_is_one_past_or_present_on_either_side(town, session, there, ended_on):
    fulan, mawar, badu = (town.official(name) for name in ("Fulan", "Mawar", "Badu"))
    town.marry(*((fulan, mawar) if there else (mawar, fulan)), ended_on)
    town.marry(badu, town.official("Melati"))

    assert spouses_of(session, fulan.id) == {mawar.id}
    assert spouses_of(session, mawar.id) == {fulan.id}


def test_nobody_is_the_spouse_of_a_name_alone(town, session):
    fulan, mawar = town.official("Fulan"), town.official("Mawar")
    town.marry(fulan, mawar).person = None
    session.flush()

    assert spouses_of(session, fulan.id) == frozenset()


# Where the other one stands, seen from the head of the district: unit, tier, and whether below.
BELOW = [
    ("district", "mayor", False),
    ("district", "secretary", False),
    ("district", "head", False),
    ("district", "deputy", True),
    ("cipare", "head", True),
    ("cipare", "mayor", True),
    ("hall", "deputy", False),
    ("secretariat", "head", False),
    ("elsewhere", "head", False),
]


@pytest.mark.parametrize(("unit", "tier", "below"), BELOW)
def test_a_direct_subordinate_stands_next_below(town, session, unit, tier, below):
    boss = town.holder("Camat", town.district, "head")
    other = town.holder("Fulan", getattr(town, unit), tier)

    assert direct_subordinates(session, boss.id, TODAY) == ({other.id} if below else set())


def test_the_next_lower_tier_is_the_one_that_is_filled(town, session):
    boss = town.holder("Walikota", town.hall, "mayor")
    first, second = town.holder("A", town.hall, "head"), town.holder("B", town.hall, "deputy")

    assert direct_subordinates(session, boss.id, TODAY) == {first.id}
    assert direct_subordinates(session, first.id, TODAY) == {second.id}


def test_only_the_head_of_a_unit_directly_below_counts(town, session):
    boss = town.holder("Camat", town.district, "head")
    head = town.holder("Lurah", town.cipare, "head")
    town.holder("Sekretaris", town.cipare, "deputy")
    deep = town.unit("Lingkungan", town.cipare, kind="division")
    town.holder("Kepala", deep, "head")

    assert direct_subordinates(session, boss.id, TODAY) == {head.id}


@pytest.mark.parametrize(
    ("started_on", "ended_on", "counts"),
    [
        (LONG_AGO, None, True),
        (None, None, True),
        (TODAY, TODAY, True),
        (LONG_AGO, TODAY - DAY, False),
        (TODAY + DAY, None, False),
    ],
)
def test_a_subordinate_is_one_on_that_day(town, session, started_on, ended_on, counts):
    boss = town.holder("Camat", town.district, "head")
    who = town.official("Fulan")
    town.appoint(who, town.post(town.cipare), started_on, ended_on)

    assert direct_subordinates(session, boss.id, TODAY) == ({who.id} if counts else set())


def test_nobody_is_below_himself(town, session):
    both = town.holder("Camat", town.district, "head")
    town.appoint(both, town.post(town.cipare), status="acting_vacant")

    assert direct_subordinates(session, both.id, TODAY) == set()


# Rotations: the posts of the superior (unit, status, held), those of the other, and the answer.
HELD, GONE, COMING = (LONG_AGO, None), (LONG_AGO, TODAY - DAY), (TODAY + DAY, None)
LAST_DAY = (LONG_AGO, TODAY)
ROTATIONS = {
    "a former superior is none": (
        [("district", "definitive", GONE)],
        [("cipare", "definitive", HELD)],
        False,
    ),
    "a superior to come is none yet": (
        [("district", "definitive", COMING)],
        [("cipare", "definitive", HELD)],
        False,
    ),
    "on his last day he still is one": (
        [("district", "definitive", LAST_DAY)],
        [("cipare", "definitive", HELD)],
        True,
    ),
    "who moved into the tree is below, wherever he came from": (
        [("district", "definitive", HELD)],
        [("elsewhere", "definitive", GONE), ("cipare", "definitive", HELD)],
        True,
    ),
    "who moved out of it is not": (
        [("district", "definitive", HELD)],
        [("cipare", "definitive", GONE), ("secretariat", "definitive", HELD)],
        False,
    ),
    "an acting superior (Plt.) is one": (
        [("district", "acting_vacant", HELD)],
        [("cipare", "definitive", HELD)],
        True,
    ),
    "an acting superior for one who is away (Plh.) is one": (
        [("district", "acting_absent", HELD)],
        [("cipare", "definitive", HELD)],
        True,
    ),
    "an acting head below is below": (
        [("district", "definitive", HELD)],
        [("cipare", "acting_vacant", HELD)],
        True,
    ),
    "two posts: below the second one": (
        [("secretariat", "definitive", HELD), ("district", "acting_vacant", HELD)],
        [("cipare", "definitive", HELD)],
        True,
    ),
    "two posts: the acting one has ended": (
        [("secretariat", "definitive", HELD), ("district", "acting_vacant", GONE)],
        [("cipare", "definitive", HELD)],
        False,
    ),
    "two posts of the other: one of them is below": (
        [("district", "definitive", HELD)],
        [("secretariat", "definitive", HELD), ("cipare", "acting_vacant", HELD)],
        True,
    ),
    "both changed sides": (
        [("district", "definitive", GONE), ("cipare", "definitive", HELD)],
        [("cipare", "definitive", GONE), ("district", "definitive", HELD)],
        False,
    ),
}


@pytest.mark.parametrize(("above", "below", "answer"), ROTATIONS.values(), ids=list(ROTATIONS))
def test_a_rotation_changes_who_is_below_whom_from_its_day(town, session, above, below, answer):
    boss, other = town.official("Camat"), town.official("Fulan")
    for who, posts in ((boss, above), (other, below)):
        for number, (unit, status, (first, last)) in enumerate(posts):
            post = town.post(getattr(town, unit), "head", f"{who.full_name} {number}")
            town.appoint(who, post, first, last, status)

    assert direct_subordinates(session, boss.id, TODAY) == ({other.id} if answer else set())
