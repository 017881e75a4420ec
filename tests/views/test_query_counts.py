"""A list asks the database the same number of questions whether it shows one row or three."""

from datetime import date

import pytest

from models.attendance import PARTIES, Score
from models.extensions import Extension
from models.holidays import Holiday
from models.programme import Programme, Venue
from models.speaking import NewsSource, SessionSpeaker, Speaker

#: SELECTs of each list, the session and the account of the reader among them.
LISTS = {
    "/tiers/": 8,
    "/units/": 10,
    "/positions/": 11,
    "/officials/?search=lurah": 20,
    "/appointments/": 9,
    "/spouses/": 8,
    "/programmes/": 10,
    "/organisations/": 9,
    "/venues/": 8,
    "/training-sessions/?flt0_status-is=held": 13,
    "/speakers/": 10,
    "/session-speakers/": 9,
    "/key-messages/": 10,
    "/news-sources/": 9,
    "/participations/": 11,
    "/commitments/": 10,
    "/action-plans/?flt0_status-is=in_progress": 13,
    "/evidence/": 8,
    "/grades/": 8,
    "/integrity-values/": 9,
    "/risk-tags/": 8,
    "/commitment-templates/": 10,
    "/agenda-items/": 9,
    "/attendance/": 11,
    "/attendance-sheets/": 13,
    "/scores/": 10,
    "/extensions/": 10,
    "/holidays/": 10,
}

#: Details pages: the record, everything that hangs on it, and the latest lines of its history.
DETAILS = {
    "/officials/details/?id=46": 31,
    "/training-sessions/details/?id=8": 77,
    "/programmes/details/?id=1": 16,
    "/action-plans/details/?id=1": 58,
}


def asked(plan):
    """A request for more time."""
    day = date(2030, 1, 31)
    return Extension(region_id=1, plan_id=plan, asked_due_on=day, reason="Contoh")


@pytest.fixture
def three_of_each(write):
    """Rows for the lists that have fewer than three."""
    with write() as session:
        for number in (1, 2):
            name = f"Contoh {number}"
            programme = Programme(
                region_id=1, name=name, category="education", focus_tier_id=number
            )
            news = NewsSource(region_id=1, title=name, training_session_id=number)
            speaker = Speaker(
                region_id=1, full_name=name, organisation_id=number, official_id=number
            )
            session.add_all(
                [
                    Venue(region_id=1, name=name, kind="hall"),
                    *(
                        Holiday(day=date(2030, month, number), kind="holiday", name=name)
                        for month in (3, 4)
                    ),
                    *(
                        Score(region_id=1, participation_id=number, party=party)
                        for party in PARTIES
                    ),
                    *(asked(plan) for plan in (number, number + 2)),
                    programme,
                    news,
                    speaker,
                    SessionSpeaker(
                        region_id=1, training_session_id=number, speaker=speaker, role="speaker"
                    ),
                ]
            )


@pytest.fixture
def count(statements):
    """How many SELECTs a page needs when it is not opened for the first time."""

    def count(browser, path):
        browser.page(path)
        with statements() as seen:
            page = browser.page(path)
        return len(seen), page

    return count


def screen_at(app, path):
    """The screen whose list stands at `path`."""
    views = [view for admin in app.extensions["admin"] for view in admin._views]
    return next(view for view in views if path.startswith(f"{view.url}/"))


@pytest.mark.parametrize(("path", "selects"), LISTS.items())
def test_a_list_asks_no_more_for_three_rows_than_for_one(
    app, ani, count, three_of_each, monkeypatch, path, selects
):
    counted = {}
    for rows in (1, 3):
        monkeypatch.setattr(screen_at(app, path), "page_size", rows)
        asked, page = count(ani, path)
        counted[len(page.rows)] = asked

    assert counted == {1: selects, 3: selects}


@pytest.mark.parametrize(("path", "selects"), [("/regions/", 8), ("/accounts/", 11)])
def test_a_list_of_the_administrator_asks_no_more_for_two_rows(
    app, eka, count, monkeypatch, path, selects
):
    counted = {}
    for rows in (1, 2):
        monkeypatch.setattr(screen_at(app, path), "page_size", rows)
        asked, page = count(eka, path)
        counted[len(page.rows)] = asked

    assert counted == {1: selects, 2: selects}


@pytest.mark.parametrize(("path", "selects"), DETAILS.items())
def test_details_ask_a_known_number_of_questions(ani, count, path, selects):
    asked, page = count(ani, path)

    assert (asked, bool(page.facts)) == (selects, True)


def test_details_of_an_official_ask_no_more_for_three_posts_than_for_one(ani, count):
    one, _ = count(ani, "/officials/details/?id=3")
    for position in ("13", "75"):
        ani.send(
            "/appointments/new/",
            official="3",
            position=position,
            status="acting_vacant",
            started_on=date(2025, 12, 1).isoformat(),
        )
    three, page = count(ani, "/officials/details/?id=3")

    assert len(page.table("Jabatan")) == 3
    assert three - one == 0


def test_the_inbox_asks_no_more_for_what_waits(bayu, count, monkeypatch):
    counted = {}
    for rows in (1, 3):
        monkeypatch.setattr("panel.screens.inbox_list.PAGE", rows)
        asked, _page = count(bayu, "/inbox/")
        counted[rows] = asked

    assert counted == {1: 21, 3: 21}
