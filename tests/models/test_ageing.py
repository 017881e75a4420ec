"""How long plans stand and how long others took, against a small history counted by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

import pytest
import sqlalchemy as sa

from models.ageing import Passed, passed, slowest, standing
from models.follow_up import ActionPlan
from models.holidays import Holiday, calendars
from models.lateness import late
from models.open_records import Asked
from models.records import Decision, ProcessState, ProcessVersion, workflow
from panel.access.rules import Actor, Place

#: Friday, 20 November 2026, noon in Serang.
NOW = datetime(2026, 11, 20, 5, tzinfo=UTC)
STATES = {
    "draft": "draft",
    "submitted": "waiting",
    "returned": "draft",
    "in_progress": "active",
    "closed": "done",
}


def noon(day):
    """A day of 2026, "11-02", at noon in Serang; "11-02 23" at eleven at night."""
    date, _, hour = day.partition(" ")
    return datetime.fromisoformat(f"2026-{date}T{int(hour or 12) - 7:02}:00:00+00:00")


@pytest.fixture
def record(town, session):
    """`record("submitted 11-02, returned 11-05")`: a plan that came into these states then."""
    version = town.add(
        ProcessVersion(kind="action_plan", record_table="action_plan", number=1, text="", sha256="")
    )
    for code, category in STATES.items():
        town.add(ProcessState(version_id=version.id, code=code, category=category, initial=False))
    who = {region.id: town.official("Contoh", region) for region in (town.serang, town.metro)}
    numbers = count(1)

    def record(history="", unit=None, post=None):
        unit = unit or town.cipare
        held = town.appoint(who[unit.region_id], post) if post else None
        plan = town.add(
            ActionPlan(
                region_id=unit.region_id,
                code=f"R-{next(numbers)}",
                title="Contoh",
                official=who[unit.region_id],
                appointment=held,
                unit=unit,
                status="draft",
                process_version_id=version.id,
                created_by_id=1,
            )
        )
        for part in filter(None, history.split(", ")):
            state, day = part.split(" ", 1)
            taken = town.add(
                Decision(
                    record_table="action_plan",
                    record_id=plan.id,
                    process_version_id=version.id,
                    step="x",
                    was=plan.status,
                    becomes=state,
                    at=noon(day),
                    actor_id=1,
                    actor_name="Bayu",
                    seen_hash="",
                    snapshot="{}",
                )
            )
            plan.status, plan.decision_id = state, taken.id
        session.flush()
        return plan

    return record


@pytest.fixture
def asked(town):
    """`asked(status="submitted")`: a supervisor of Serang asks; `place` for a part of it."""

    def asked(place=None, **narrowed):
        places = (place or Place(town.serang.id),)
        return Asked(Actor(9, "Bayu", frozenset({"supervisor"}), places), **narrowed)

    return asked


@pytest.fixture
def stand(session, asked):
    """What stands, for somebody who asks."""
    return lambda **narrowed: standing(session, asked(**narrowed), calendars(session), NOW)


@pytest.fixture
def took(session, asked):
    """How many days the stays took that ended since a day, by state."""

    def took(since=None, **narrowed):
        moment = noon(since) if since else None
        found = passed(session, asked(**narrowed), calendars(session), moment)
        return {state: one.days for state, one in found.items()}

    return took


@pytest.mark.parametrize(
    ("came", "group"),
    [
        # 5 working days back from Friday: Friday, 13 November; a weekend before it adds none
        ("11-20", 0),
        ("11-13", 0),
        ("11-12 23", 1),
        ("11-07", 1),
        ("11-06", 1),
        ("11-05", 2),
        # 30 working days back: Friday, 9 October
        ("10-09", 2),
        ("10-08", 3),
        ("01-02", 3),
    ],
)
def test_a_plan_stands_in_the_group_of_its_working_days(record, stand, came, group):
    record(f"submitted {came}")

    counts = [0, 0, 0, 0]
    counts[group] = 1
    assert stand().total.counts == counts


def test_a_holiday_makes_it_younger(record, stand, town):
    record("submitted 11-12")
    town.add(Holiday(day=datetime(2026, 11, 18).date(), kind="holiday", name="Hari Jadi Kota"))

    assert stand().total.counts == [1, 0, 0, 0]


def test_plans_are_counted_by_state_district_and_tier(record, stand, town):
    head, deputy = (town.post(town.cipare, tier) for tier in ("head", "deputy"))
    record("submitted 11-19", post=head)
    record("submitted 11-06", unit=town.lopang)
    record("submitted 11-01, returned 11-02", unit=town.hall)
    record("in_progress 09-01", unit=town.district, post=deputy)
    record("submitted 09-01, closed 09-02")
    record("submitted 11-19", unit=town.elsewhere)
    record()

    found = stand()

    assert (found.total.counts, found.total.new, found.total.total) == ([1, 1, 1, 1], 1, 4)
    assert {state: one.counts for state, one in found.by_state.items()} == {
        "draft": [0, 0, 0, 0],
        "submitted": [1, 1, 0, 0],
        "returned": [0, 0, 1, 0],
        "in_progress": [0, 0, 0, 1],
    }
    districts = {d and d.name: one.counts for d, one in found.by_district.items()}
    assert districts == {"Serang": [1, 1, 0, 1], None: [0, 0, 1, 0]}
    tiers = {t and t.code: one.counts for t, one in found.by_tier.items()}
    assert tiers == {"head": [1, 0, 0, 0], "deputy": [0, 0, 0, 1], None: [0, 1, 1, 0]}
    assert list(tiers) == ["head", "deputy", None]


def test_it_is_narrowed_by_state_unit_tier_and_scope(record, stand, town):
    head = town.post(town.cipare, "head")
    record("submitted 11-19", post=head)
    record("returned 11-19", unit=town.lopang)
    record("submitted 11-19", unit=town.hall)
    record("submitted 11-19", unit=town.elsewhere)

    asked = [
        {},
        {"status": "submitted"},
        {"unit": town.district},
        {"unit": town.district, "status": "returned"},
        {"tier": town.tiers["head"]},
        {"tier": town.tiers["deputy"]},
        {"place": Place(town.serang.id, town.district.path)},
        {"place": Place(town.metro.id)},
    ]
    assert [stand(**one).total.total for one in asked] == [3, 2, 2, 1, 1, 0, 2, 1]


def test_each_region_counts_by_its_own_calendar(record, session, town, asked):
    town.metro.time_zone = "Asia/Jayapura"
    # 12 November, 23.00 in Serang; 13 November, 01.00 in Jayapura
    for unit in (town.cipare, town.elsewhere):
        record("submitted 11-12 23", unit=unit)
    both = Actor(9, "B", frozenset(), (Place(town.serang.id), Place(town.metro.id)))

    found = standing(session, Asked(both), calendars(session), NOW)

    assert found.total.counts == [1, 1, 0, 0]


def test_late_is_what_the_clock_says_that_rested(record, session, town, asked):
    plan = record("submitted 11-02, returned 11-05, submitted 11-16", post=town.post(town.cipare))
    record("submitted 11-16")
    record("returned 09-01", unit=town.hall)
    record("submitted 11-02", unit=town.elsewhere)
    (process,) = (one for one in workflow.processes() if one.kind == "action_plan")
    calendar_of, versions = calendars(session), {plan.process_version_id: process}

    found = late(session, asked(), calendar_of, NOW, versions)
    ageing = standing(session, asked(), calendar_of, NOW, found)

    assert (ageing.total.total, ageing.total.late) == (3, 1)
    assert {state: one.late for state, one in ageing.by_state.items()} == {
        "submitted": 1,
        "returned": 0,
    }
    assert {unit and unit.name: one.late for unit, one in ageing.by_district.items()} == {
        "Serang": 1,
        None: 0,
    }
    assert late(session, asked(unit=town.lopang), calendar_of, NOW, versions) == []


def test_a_stay_took_as_long_as_it_lasted(record, took, town):
    record("submitted 11-02, returned 11-05, submitted 11-16, in_progress 11-17, closed 11-20")
    record("submitted 10-01, in_progress 10-09", unit=town.lopang)
    record("submitted 11-02, in_progress 11-03", unit=town.elsewhere)
    record()

    assert took() == {"submitted": (1, 3, 6), "returned": (7,), "in_progress": (3,)}
    assert took("11-16") == {"submitted": (1,), "returned": (7,), "in_progress": (3,)}
    assert took("11-16", status="returned") == {"returned": (7,)}
    assert took(unit=town.lopang) == {"submitted": (6,)}
    assert took("12-01") == {}


@pytest.mark.parametrize(
    ("days", "median", "ninth"),
    [
        ([4], 4, 4),
        ([1, 9], 1, 9),
        ([1, 2, 9], 2, 9),
        (list(range(1, 11)), 5, 9),
        (list(range(1, 12)), 6, 10),
        ([0] * 9 + [40], 0, 0),
        ([0] * 8 + [40] * 2, 0, 40),
    ],
)
def test_half_and_nine_of_ten_took_no_longer(days, median, ninth):
    found = Passed(tuple(days))

    assert (found.median, found.ninth) == (median, ninth)
    assert sum(one <= ninth for one in days) >= 0.9 * len(days)


def test_a_rest_that_ended_is_no_wait(record, took):
    record("submitted 11-02, closed 11-03, in_progress 11-16, closed 11-18")

    assert took() == {"submitted": (1,), "in_progress": (2,)}


def test_the_slowest_stand_first(record, session, asked, town):
    plans = [record(f"submitted 11-{day:02}") for day in (19, 3, 12)]
    record("submitted 11-01", unit=town.elsewhere)
    record("submitted 11-01, closed 11-02")
    record()

    found = slowest(session, asked(), limit=2)

    assert [plan.id for plan in found] == [plans[1].id, plans[2].id]


@pytest.mark.parametrize("plans", [1, 4])
def test_the_database_is_asked_as_often_for_many_plans(record, session, asked, plans):
    for number in range(plans):
        record(f"submitted 11-{number + 2:02}, returned 11-16")
    calendar_of = calendars(session)
    session.expire_all()
    one = asked()
    seen = []
    sa.event.listen(session.bind, "before_cursor_execute", lambda *call: seen.append(call[2]))

    standing(session, one, calendar_of, NOW)
    slowest(session, one)
    passed(session, one, calendar_of, None)

    assert len([text for text in seen if text.startswith("SELECT")]) == 4
