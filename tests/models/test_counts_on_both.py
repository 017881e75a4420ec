"""Seats and coverage of the seeded city are the same on both databases."""

from datetime import date, timedelta

from models.ageing import passed, slowest, standing
from models.base import db
from models.clock import today
from models.coverage import by_district, coverage, in_all, reached, together
from models.government import Unit
from models.holidays import calendars
from models.open_records import Asked
from models.programme import Programme
from models.seats import seats
from panel.access.rules import Place
from panel.columns import now
from tests.models.town import clerk_of

SESSION_DAY = date(2025, 11, 18)


def test_the_counts_of_serang(site):
    with site.app_context():
        whole, session = clerk_of(Place(1)), db.session()
        district = session.get(Unit, 33)
        part = clerk_of(Place(1, district.path))
        first = session.query(Programme).filter_by(region_id=1).order_by(Programme.id).first()
        asked = {"programme": first, "unit": district}

        lurah, earlier, mine = (
            coverage(session, actor, day)[-1]
            for actor, day in ((whole, today()), (whole, SESSION_DAY), (part, today()))
        )
        facts = reached(session, whole, SESSION_DAY, **asked)

        assert (lurah.posts, lurah.attended, lurah.as_couple, lurah.verified) == (67, 45, 41, 7)
        assert (earlier.attended, earlier.planned) == (45, 0)
        assert (mine.posts, mine.attended) == (12, 9)
        assert in_all(coverage(session, whole, today(), **asked)).posts == 13
        assert (together(session, whole, today()), together(session, part, SESSION_DAY)) == (40, 8)
        places = [(one.district.name, one.posts) for one in by_district(session, part, today())]
        assert places == [("Serang", 1), ("Serang", 12)]
        assert sum("attended" in held for held in facts.values()) == 9
        assert [one.vacant for one in seats(session, part, today(), unit=district)] == [False] * 13
        db.session.remove()


def test_the_ages_of_serang(site):
    with site.app_context():
        session = db.session()
        calendar_of, year = calendars(session), timedelta(365)
        district = session.get(Unit, 33)
        whole = Asked(clerk_of(Place(1)))
        part = Asked(clerk_of(Place(1)), "submitted", district)

        found = standing(session, whole, calendar_of, now())
        later = standing(session, whole, calendar_of, now() + year)
        took = passed(session, whole, calendar_of, now() - year)

        assert (found.total.counts, found.total.new) == ([29, 0, 0, 0], 5)
        assert (later.total.counts, later.total.new) == ([0, 0, 0, 29], 5)
        assert {state: one.total for state, one in found.by_state.items() if one.total} == {
            "submitted": 11,
            "returned": 4,
            "approved": 5,
            "in_progress": 5,
            "evidence_submitted": 4,
        }
        assert {state: len(one.days) for state, one in took.items()} == {
            "submitted": 29,
            "returned": 2,
            "approved": 16,
            "in_progress": 12,
            "evidence_submitted": 8,
        }
        assert passed(session, whole, calendar_of, now() + year) == {}
        assert len(slowest(session, whole)) == 10
        assert (
            len(slowest(session, part)) == standing(session, part, calendar_of, now()).total.total
        )
        db.session.remove()
