"""Notices: who is told of a step, what a page of them shows, reminders, and who has the turn first.

The district's supervisor Dewi is nearer to its plans than Bayu, who has the whole city.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.follow_up import ActionPlan
from models.government import Unit
from models.records import Account, AccountGrant, Deed, Notice
from panel.columns import now
from panel.screens.notices import PAGE
from tests.views.browser import Page

PLAN = "/action-plans/details/?id="
#: The plans that wait; there are too many records of all kinds for one page.
PLANS = "/inbox/?kind=action_plan"


@pytest.fixture
def id_of(value):
    """The number of an account."""
    return lambda name: value(sa.select(Account.id).where(Account.username == name))


@pytest.fixture
def told(rows):
    """`told(plan)`: who was told what since the last but this many decisions, by user name."""

    def told(plan, unread=None):
        found = (
            sa.select(Account.username, Notice.kind)
            .join(Account, Account.id == Notice.account_id)
            .join(ActionPlan, ActionPlan.decision_id == Notice.decision_id)
            .where(ActionPlan.id == plan)
        )
        if unread is not None:
            found = found.where(Notice.read_at.is_(None) == unread)
        return sorted(rows(found))

    return told


@pytest.fixture
def plan(value, id_of):
    """`plan("draft")`: a plan of Serang in this state, made by Ani."""

    def find(*status, by="ani"):
        mine = sa.select(sa.func.min(ActionPlan.id)).where(
            ActionPlan.status.in_(status), ActionPlan.created_by_id == id_of(by)
        )
        return value(mine)

    return find


def take(browser, plan, step, reason=""):
    """A step, on what the page shows."""
    seen = re.search(r'name="seen" value="([^"]*)"', browser.get(f"{PLAN}{plan}").text)
    path = f"/action-plans/{plan}/move/{step}/"
    answer = browser.post(path, {"seen": seen[1], "reason": reason})
    assert answer.status_code == 303, answer.text


@pytest.fixture
def district(write, rows, id_of, plan):
    """`district("dewi")`: from now on she has the kecamatan of Ani's first submitted plan only."""

    def narrow(name, number):
        own = aliased(Unit)
        top = rows(
            sa.select(Unit.id)
            .join(own, own.path.startswith(Unit.path))
            .join(ActionPlan, ActionPlan.unit_id == own.id)
            .where(ActionPlan.id == number, Unit.kind == "district")
        )[0][0]
        with write() as session:
            [grant] = session.scalars(
                sa.select(AccountGrant).where(AccountGrant.account_id == id_of(name))
            )
            grant.unit_id = top
        return top

    return narrow


@pytest.fixture
def late(monkeypatch):
    """`late(30)`: deadlines are read as if it were 30 days later."""

    def late(days):
        moment = now() + timedelta(days=days)
        for place in ("panel.screens.clocks.now", "panel.commands.remind.now"):
            monkeypatch.setattr(place, lambda: moment)

    return late


def links(page):
    """The records that a page of the inbox leads to."""
    return {a.given.get("href", "").partition("&")[0] for a in page.main.all("a")}


def run(app, *options):
    """`flask remind` with these options."""
    return app.test_cli_runner().invoke(args=["remind", *options])


# Who is told of a step


def test_a_step_tells_those_it_names_and_never_its_taker(ani, bayu, plan, told):
    number = plan("returned")

    take(ani, number, "submit")
    assert told(number) == [("bayu", "turn"), ("dewi", "turn")]

    take(bayu, number, "return", "Indikator belum terukur.")
    assert ("bayu", "decided") not in told(number)
    assert ("ani", "turn") in told(number)
    assert [row[0] for row in told(number)] == sorted({row[0] for row in told(number)})


def test_what_was_asked_for_is_read_once_it_is_done(ani, bayu, browse, plan, rows, id_of):
    number = plan("returned")
    take(ani, number, "submit")
    asked = sa.select(sa.func.count()).where(
        Notice.record_id == number, Notice.kind == "turn", Notice.read_at.is_(None)
    )
    assert rows(asked) == [(2,)]

    take(bayu, number, "cancel", "Rencana ganda.")

    assert rows(asked) == [(0,)], "neither Bayu nor Dewi is asked any more"


def test_a_step_that_is_refused_tells_nobody(bayu, plan, rows):
    before = rows(sa.select(sa.func.count(Notice.id)))

    answer = bayu.post(f"/action-plans/{plan('submitted')}/move/approve/", {"seen": "x"})

    assert answer.status_code == 409
    assert rows(sa.select(sa.func.count(Notice.id))) == before


# The page


def test_the_page_says_who_did_what_and_why(ani, bayu, plan, value):
    number = plan("submitted")
    title = value(sa.select(ActionPlan.title).where(ActionPlan.id == number))
    take(bayu, number, "return", "Indikator <b>belum</b> terukur.")

    page = ani.page("/notices/")
    first = page.main.one("ul", class_="notices").all("li")[0]

    assert f"Bayu Teladan mengembalikan “{title}”." in first.text
    assert "“Indikator <b>belum</b> terukur.”" in first.text
    assert first.one("a").given["href"] == f"{PLAN}{number}"
    assert "unread" in first.given["class"]


def test_reading_one_leads_to_its_record_and_reading_all_leaves_none(ani, bayu, plan, rows, id_of):
    take(bayu, plan("submitted"), "approve")
    newest = sa.select(sa.func.max(Notice.id)).where(Notice.account_id == id_of("ani"))
    [(number,)] = rows(newest)

    answer = ani.post(f"/notices/{number}/read/", {"open": "1"})
    assert (answer.status_code, answer.location.partition("?")[0]) == (
        303,
        "/action-plans/details/",
    )

    assert ani.post("/notices/read/", {"newest": number - 1}).status_code == 303
    left = sa.select(Notice.id).where(Notice.account_id == id_of("ani"), Notice.read_at.is_(None))
    assert rows(left) == []
    assert "Semua sudah dibaca" in ani.page("/notices/?unread=1").text


def test_reading_leaves_no_deed(ani, bayu, plan, deeds):
    take(bayu, plan("submitted"), "approve")
    ani.post("/notices/read/", {"newest": 10**9})

    assert deeds() == ["action_plan.approve"]


@pytest.mark.parametrize("who", ["dewi", "mira", "eka"])
def test_another_persons_notice_is_not_there(browse, ani, bayu, plan, rows, id_of, who):
    take(bayu, plan("submitted"), "approve")
    [(number,)] = rows(sa.select(sa.func.max(Notice.id)).where(Notice.account_id == id_of("ani")))

    assert browse(who).post(f"/notices/{number}/read/").status_code == 404
    browse(who).post("/notices/read/", {"newest": 10**9})

    assert rows(sa.select(Notice.read_at).where(Notice.id == number)) == [(None,)]


@pytest.mark.parametrize(
    ("path", "data", "code"),
    [
        ("/notices/999999999/read/", {}, 404),
        ("/notices/0/read/", {}, 404),
        ("/notices/read/", {"newest": "-1"}, 303),
        ("/notices/read/", {"newest": "9" * 40}, 303),
        ("/notices/read/", {"newest": "1", "here": "https://example.org/"}, 303),
        ("/notices/read/", {"newest": "1", "csrf_token": ""}, 400),
    ],
)
def test_a_forged_form_marks_nothing(ani, rows, id_of, path, data, code):
    unread = sa.select(sa.func.count()).where(
        Notice.account_id == id_of("ani"), Notice.read_at.is_(None)
    )
    before = rows(unread)

    answer = ani.post(path, data)

    assert answer.status_code == code
    assert answer.status_code != 303 or answer.location == "/notices/"
    assert data.get("newest") == "1" or rows(unread) == before


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "%00", "1%27--"])
def test_an_address_that_makes_no_sense_is_refused(ani, before):
    assert ani.get(f"/notices/?before={before}").status_code in (400, 404)


def test_about_what_is_out_of_scope_a_notice_says_nothing(browse, plan, write, rows, id_of):
    number = plan("submitted")
    facts = sa.select(ActionPlan.title, ActionPlan.decision_id).where(ActionPlan.id == number)
    [(title, decision)] = rows(facts)
    with write() as session:
        session.add(
            Notice(
                account_id=id_of("mira"),
                record_table="action_plan",
                record_id=number,
                decision_id=decision,
                kind="decided",
            )
        )

    page = browse("mira").page("/notices/")
    first = page.main.one("ul", class_="notices").all("li")[0]

    assert "di luar lingkup Anda" in first.text
    assert title not in page.text
    assert first.all("a") == []
    assert "Contoh" not in first.text, "nor who did it"
    own = sa.select(sa.func.max(Notice.id)).where(Notice.account_id == id_of("mira"))
    answer = browse("mira").post(f"/notices/{rows(own)[0][0]}/read/", {"open": "1"})
    assert answer.location == "/notices/"


def test_pages_go_on_by_key(bayu, rows, id_of):
    count = rows(sa.select(sa.func.count()).where(Notice.account_id == id_of("bayu")))[0][0]
    seen, address = [], "/notices/"
    while address:
        page = bayu.page(address)
        lines = page.main.one("ul", class_="notices").all("li")
        assert len(lines) <= PAGE
        seen += [line.text for line in lines]
        older = [a for a in page.main.all("a") if a.text == "Lebih lama"]
        address = older[0].given["href"] if older else None

    assert len(seen) == count


def test_the_page_asks_no_more_for_three_than_for_one(bayu, monkeypatch, statements):
    counted = {}
    bayu.page("/notices/")
    for size in (1, 3):
        monkeypatch.setattr("panel.screens.notices.PAGE", size)
        with statements() as seen:
            page = bayu.page("/notices/")
        counted[len(page.main.one("ul", class_="notices").all("li"))] = len(seen)

    assert counted[1] == counted[3]


# Reminders


def test_a_deadline_is_told_of_once(app, ani, plan, told, late):
    number = plan("returned")
    take(ani, number, "submit")
    late(8)

    dry = run(app, "--dry-run")
    first, second = run(app), run(app)

    assert (dry.exit_code, first.exit_code, second.exit_code) == (0, 0, 0)
    assert "would be written" in dry.output
    assert first.output.splitlines()[:-1] == dry.output.splitlines()[:-1]
    assert second.output == "Nobody has to be told anything.\n"
    assert told(number) == [
        ("bayu", "reminder"),
        ("bayu", "turn"),
        ("dewi", "reminder"),
        ("dewi", "turn"),
    ]
    assert "0 escalations" in first.output, "nobody is farther off than the others"


def test_nobody_is_reminded_early_and_the_log_stays_as_it_is(app, rows):
    newest = sa.select(sa.func.max(Deed.seq))
    before = rows(newest)

    assert run(app).output == "Nobody has to be told anything.\n"
    assert rows(newest) == before


# Who is nearer


def test_the_nearer_has_it_first_and_the_other_when_it_is_late(
    app, ani, bayu, district, plan, told, late
):
    number = plan("returned")
    district("dewi", number)
    take(ani, number, "submit")
    assert told(number) == [("dewi", "turn")]

    link = f"{PLAN}{number}"
    own, also = bayu.page(PLANS), bayu.page("/inbox/?view=also")
    assert link not in links(own)
    assert link in links(also)
    assert_menu_counts_the_list(own)
    assert any(b.text == "Setujui rencana" for b in bayu.page(f"{PLAN}{number}").main.all("button"))

    late(30)
    output = run(app).output
    assert "passes on to Bayu Teladan" in output
    assert ("bayu", "escalated") in told(number)
    late_list = bayu.page(PLANS)
    assert link in links(late_list)
    assert "Dieskalasi" in late_list.text
    assert_menu_counts_the_list(late_list)


def test_who_is_gone_is_nearer_to_nothing(ani, bayu, district, plan, write, id_of):
    number = plan("returned")
    district("dewi", number)
    take(ani, number, "submit")
    assert f"{PLAN}{number}" not in links(bayu.page(PLANS))

    with write() as session:
        session.get_one(Account, id_of("dewi")).active = False

    assert f"{PLAN}{number}" in links(bayu.page(PLANS))


def assert_menu_counts_the_list(page: Page) -> None:
    """The number in the menu is that of the list."""
    [menu] = [one for one in page.root.all("span", class_="n") if "menunggu" in one.text]
    tab = page.main.one("nav", class_="views").all("a")[0]
    assert tab.text.split()[-1] == menu.text.split()[0]
