"""More time for a plan: asked on its page, decided on in the inbox, shown wherever it is due."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from models.extensions import Extension
from models.follow_up import ActionPlan
from panel.screens.language import short_date

WHY = "Menunggu anggaran perubahan."


@pytest.fixture
def plan(rows):
    """`plan("in_progress")`: number and due date of a plan of Serang in this state."""

    def find(status="in_progress", region=1):
        found = sa.select(ActionPlan.id, ActionPlan.due_on).where(
            ActionPlan.region_id == region, ActionPlan.status == status
        )
        return rows(found.order_by(ActionPlan.id).limit(1))[0]

    return find


@pytest.fixture
def ask(ani, plan):
    """`ask(30)`: the address of a new request for so many days more, or the form that refuses."""

    def send(days, status="in_progress", **typed):
        number, due = plan(status)
        until = (due + timedelta(days)).isoformat()
        return ani.send(
            "/extensions/new/", **{"plan": number, "asked_due_on": until, "reason": WHY, **typed}
        )

    return send


def seen_at(browser, address):
    """The hash that the page of a decision carries."""
    return browser.page(address).main.one("input", name="seen").given["value"]


def move(browser, address, step, **typed):
    """Take a step with the request at `address` on what its page shows."""
    key = address.partition("id=")[2]
    sent = {"seen": seen_at(browser, address), **typed}
    return browser.post(f"/extensions/{key}/move/{step}/", sent)


def status_of(rows, address):
    """Its state and the day that was granted."""
    key = int(address.partition("id=")[2])
    found = sa.select(Extension.status, Extension.granted_until).where(Extension.id == key)
    return rows(found)[0]


def test_more_time_is_asked_for_on_the_plan_and_granted_in_the_inbox(
    ani, bayu, app, plan, rows, deeds
):
    number, due = plan()
    page = ani.page(f"/action-plans/details/?id={number}")
    link = next(a.given["href"] for a in page.main.all("a") if a.text == "Ajukan perpanjangan")
    until = due + timedelta(60)

    asked = ani.send(link, asked_due_on=until.isoformat(), reason=WHY).location

    assert "Ajukan perpanjangan" not in ani.page(f"/action-plans/details/?id={number}").text
    (line,) = bayu.page("/inbox/?kind=extension").rows
    assert line[0].startswith("RTL-")
    assert ani.page(asked).facts["Diminta sampai"]
    form = bayu.page(asked)
    assert "Tenggat:" in form.text
    assert form.main.one("input", name="granted_until").given["value"] == until.isoformat()

    granted = due + timedelta(20)
    assert move(bayu, asked, "grant", granted_until=granted.isoformat()).status_code == 303

    assert status_of(rows, asked) == ("granted", granted)
    assert deeds() == ["extension.create", "extension.grant"]
    shown = bayu.page(f"/action-plans/details/?id={number}")
    with app.test_request_context("/", headers={"Accept-Language": "id"}):
        told = f"{short_date(granted)}, diperpanjang dari {short_date(due)}"
    assert shown.facts["Batas waktu"].startswith(told)
    (listed,) = shown.table("Perpanjangan waktu")
    assert listed[1] == "Diberikan"
    assert listed[3].startswith("Bayu")
    assert listed[4] == WHY
    titles = ani.page(f"/action-plans/?flt0_last_day-since={granted}&flt1_last_day-until={granted}")
    assert any(told in cell for row in titles.rows for cell in row)
    assert rows(sa.select(ActionPlan.due_on).where(ActionPlan.id == number)) == [(due,)]


def test_a_plan_with_more_time_is_late_by_the_granted_day(ani, bayu, ask, plan, write, rows):
    asked = ask(90).location
    number, due = plan()

    def late(browser):
        facts = browser.page(f"/action-plans/details/?id={number}").facts
        return "terlambat" in facts["Batas waktu"]

    before = late(ani)
    until = due + timedelta(90)
    assert move(bayu, asked, "grant", granted_until=until.isoformat()).status_code == 303
    assert (before, late(ani)) == (due < date.today(), until < date.today())


@pytest.mark.parametrize(
    ("days", "typed", "field"),
    [
        (0, {}, "asked_due_on"),
        (-400, {}, "asked_due_on"),
        (91, {}, "asked_due_on"),
        (30, {"asked_due_on": ""}, "asked_due_on"),
        (30, {"asked_due_on": "besok"}, "asked_due_on"),
        (30, {"reason": "  "}, "reason"),
        (30, {"plan": "999999"}, "plan"),
        (30, {"plan": "-1"}, "plan"),
    ],
)
def test_a_request_that_cannot_be_is_refused_at_the_field(ani, plan, deeds, days, typed, field):
    number, due = plan()
    ask = {"plan": number, "asked_due_on": (due + timedelta(days)).isoformat(), "reason": WHY}

    page = ani.sent("/extensions/new/", **{**ask, **typed})

    assert (list(page.errors), deeds()) == ([field], [])


@pytest.mark.parametrize("status", ["draft", "returned", "verified", "closed", "cancelled"])
def test_a_plan_that_is_not_running_gets_no_more_time(ani, plan, deeds, status):
    number, due = plan(status)
    until = (due + timedelta(30)).isoformat()

    page = ani.sent("/extensions/new/", plan=number, asked_due_on=until, reason=WHY)

    assert (list(page.errors), deeds()) == (["plan"], [])
    assert "Ajukan perpanjangan" not in ani.page(f"/action-plans/details/?id={number}").text


def test_of_one_plan_one_request_waits(ani, ask, plan, deeds):
    ask(30)

    page = ani.sent(
        "/extensions/new/",
        plan=plan()[0],
        asked_due_on=(plan()[1] + timedelta(20)).isoformat(),
        reason=WHY,
    )

    assert page.errors["plan"][0].endswith("sudah diminta dan menunggu keputusan.")
    assert deeds() == ["extension.create"]


def test_a_plan_of_the_other_city_is_not_offered(ani, plan):
    number, due = plan("in_progress", region=2)
    until = (due + timedelta(30)).isoformat()

    page = ani.sent("/extensions/new/", plan=number, asked_due_on=until, reason=WHY)

    assert list(page.errors) == ["plan"]


REFUSED = (
    ("ani", "grant", {"granted_until": 30}, 403),
    ("citra", "grant", {"granted_until": 30}, 403),
    ("mira", "grant", {"granted_until": 30}, 404),
    ("eka", "grant", {"granted_until": 30}, 403),
    ("bayu", "grant", {"granted_until": 31}, 422),
    ("bayu", "grant", {"granted_until": 0}, 422),
    ("bayu", "grant", {"granted_until": "besok"}, 422),
    ("bayu", "grant", {}, 422),
    ("bayu", "refuse", {"reason": " "}, 422),
    ("bayu", "refuse", {"seen": "x", "reason": "x"}, 409),
    ("bayu", "withdraw", {}, 403),
    ("bayu", "approve", {}, 404),
)


def test_what_may_not_be_is_refused_and_changes_nothing(browse, bayu, ask, plan, rows):
    asked, due = ask(30).location, plan()[1]
    key, seen = asked.partition("id=")[2], seen_at(bayu, asked)
    for who, step, typed, status in REFUSED:
        until = typed.get("granted_until")
        if isinstance(until, int):
            typed = {**typed, "granted_until": (due + timedelta(until)).isoformat()}

        answer = browse(who).post(f"/extensions/{key}/move/{step}/", {"seen": seen, **typed})

        assert (who, step, typed, answer.status_code) == (who, step, typed, status)
        assert status_of(rows, asked) == ("requested", None)


def test_the_cap_is_told_to_who_asks_and_the_page_keeps_it(ani, bayu, ask, rows):
    for days in (10, 20):
        asked = ask(days).location
        until = asked and seen_at(bayu, asked)
        assert until
        day = bayu.page(asked).main.one("input", name="granted_until").given["value"]
        assert move(bayu, asked, "grant", granted_until=day).status_code == 303

    page = ask(30)

    assert page.status_code in (200, 422)
    assert "paling banyak 2 kali" in page.text
    assert len(rows(sa.select(Extension.id))) == 2


def test_what_was_asked_is_neither_edited_nor_deleted_but_withdrawn(ani, ask, rows):
    asked = ask(30).location
    key = asked.partition("id=")[2]

    assert ani.get(f"/extensions/edit/?id={key}").status_code == 409
    assert ani.post("/extensions/delete/", {"id": key}).status_code == 409
    assert move(ani, asked, "withdraw").status_code == 303
    assert status_of(rows, asked) == ("withdrawn", None)
    assert ask(20).status_code == 303


def test_who_reads_what(browse, ask):
    asked = ask(30).location

    for username in ("ani", "bayu", "citra"):
        browser = browse(username)
        assert browser.page("/extensions/").rows
        assert browser.page(asked).facts["Alasan perpanjangan"] == WHY
        assert browser.exported("/extensions/")
        assert browser.get("/extensions/new/").status_code == (200 if username == "ani" else 403)
    assert browse("mira").get(asked).status_code == 404
    assert browse("eka").get("/extensions/").status_code == 403
