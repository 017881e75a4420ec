"""Substitutes at their screens: letters entered and ended, decisions a.n., and all ways around."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from models.clock import today
from models.concrete import Substitution
from models.follow_up import ActionPlan
from models.government import Unit
from models.records import Account, AccountGrant, Decision, Deed, Role
from tests.site import sign_in
from tests.views.browser import Browser, Page

DAY = timedelta(days=1)
LETTER = "ST 800/12/2026"


@pytest.fixture
def id_of(rows):
    """The number of an account."""
    return lambda name: rows(sa.select(Account.id).where(Account.username == name))[0][0]


@pytest.fixture
def lend(write, id_of):
    """`lend("dewi", "asep")`: from yesterday to tomorrow, asep stands in for dewi."""

    def lend(absent, substitute, first=-1, last=1):
        with write() as session:
            letter = Substitution(
                account_id=id_of(substitute),
                for_account_id=id_of(absent),
                letter_no=LETTER,
                valid_from=today() + first * DAY,
                valid_to=today() + last * DAY,
            )
            session.add(letter)
            session.flush()
            return letter.id

    return lend


@pytest.fixture
def back(app):
    """`back("asep")`: his browser after he signed in again; a letter ends one's sessions."""

    def back(username):
        client = app.test_client()
        sign_in(client, username)
        token = Page(client.get("/").text).root.one("input", name="csrf_token").given["value"]
        return Browser(app, username, client.get_cookie("session").value, token)

    return back


@pytest.fixture
def waiting_plan(rows, id_of):
    """`waiting_plan("ani")`: a submitted plan that she made, of Serang."""

    def find(author):
        mine = sa.select(ActionPlan.id).where(
            ActionPlan.status == "submitted", ActionPlan.created_by_id == id_of(author)
        )
        return rows(mine.order_by(ActionPlan.id))[0][0]

    return find


def page_of(plan):
    return f"/action-plans/details/?id={plan}"


def move(browser, plan, step, **typed):
    """Take a step on what the page shows."""
    seen = browser.page(page_of(plan)).root.all("input", name="seen")
    sent = {"seen": seen[0].given["value"] if seen else "", **typed}
    return browser.post(f"/action-plans/{plan}/move/{step}/", sent)


def latest(rows, plan):
    columns = (Decision.step, Decision.actor_name, Decision.acting_for_id, Decision.letter_no)
    query = sa.select(*columns).where(
        Decision.record_table == "action_plan", Decision.record_id == plan
    )
    return rows(query.order_by(Decision.id.desc()))[0]


# The letters


@pytest.fixture
def new(id_of):
    """A filled form: asep for dewi, from today for a week."""
    return {
        "account": str(id_of("asep")),
        "for_account": str(id_of("dewi")),
        "letter_no": LETTER,
        "valid_from": today().isoformat(),
        "valid_to": (today() + 7 * DAY).isoformat(),
    }


def test_an_administrator_enters_a_letter_and_others_do_not(eka, citra, bayu, ani, new, deeds):
    answer = eka.send("/substitutions/new/", **new)

    assert answer.status_code == 303
    assert [row[:3] for row in citra.rows_at("/substitutions/")] == [
        ["Asep Misal", "Dewi Umpama", LETTER]
    ]
    for other in (citra, bayu, ani):
        assert other.post("/substitutions/new/", new).status_code == 403
    assert bayu.get("/substitutions/").status_code == 403
    assert deeds()[0] == "substitution.create"


def test_letters_that_are_not_taken(eka, new, id_of, rows):
    def problem(**changed):
        return eka.sent("/substitutions/new/", **{**new, **changed}).errors

    yesterday, month = today() - DAY, today() + 30 * DAY
    assert problem(account=str(id_of("dewi"))) == {
        "account": ["Tidak seorang pun mewakili dirinya sendiri."]
    }
    assert problem(account=str(id_of("citra"))) == {
        "account": [
            "Satu akun tidak dapat menjadi Auditor dan Penyelia sekaligus. Buat akun kedua."
        ]
    }
    assert problem(account=str(id_of("mira"))) == {
        "account": ["Keduanya bekerja di daerah yang berbeda."]
    }
    assert problem(valid_to=yesterday.isoformat()) == {"valid_to": ["Akhirnya mendahului awalnya."]}
    assert set(problem(valid_from=(today() - 30 * DAY).isoformat())) == {"valid_from"}
    assert set(problem(valid_to=(today() + 900 * DAY).isoformat())) == {"valid_to"}
    assert set(problem(letter_no=" ")) == {"letter_no"}
    assert eka.send("/substitutions/new/", **new).status_code == 303
    assert set(problem(account=str(id_of("bayu")))) == {"account"}
    chain = {"account": str(id_of("bayu")), "for_account": str(id_of("asep"))}
    assert set(problem(**chain, valid_to=month.isoformat())) == {"account"}
    assert rows(sa.select(sa.func.count(Substitution.id))) == [(1,)]


def test_a_letter_that_has_begun_is_ended_early_and_not_changed(eka, lend, id_of, rows):
    number = lend("dewi", "asep", -3, 9)
    path = f"/substitutions/edit/?id={number}"

    assert "valid_to" in eka.sent(path, valid_to=(today() + 20 * DAY).isoformat()).errors
    assert eka.send(path, account=str(id_of("bayu"))).status_code == 409
    assert eka.send(path, valid_to=(today() - DAY).isoformat()).status_code == 303

    assert rows(sa.select(Substitution.account_id, Substitution.valid_to)) == [
        (id_of("asep"), today() - DAY)
    ]
    assert eka.get(path).status_code == 409


# Decisions in somebody's place


def test_a_substitute_decides_and_it_reads_so_everywhere(
    app, lend, back, bayu, waiting_plan, rows, id_of
):
    plan = waiting_plan("ani")
    lend("dewi", "asep")
    asep = back("asep")
    turn = asep.page(page_of(plan)).text
    assert "Dewi Umpama, diwakili Asep Misal" in turn
    inbox = f"/action-plans/details/?id={plan}"
    links = [link.given.get("href", "") for link in asep.page("/inbox/").main.all("a")]
    assert any(inbox in link for link in links)
    own = f"/action-plans/details/?id={waiting_plan('asep')}&"
    assert not any(own in f"{link}&" for link in links)
    links = [link.given.get("href", "") for link in back("dewi").page("/inbox/").main.all("a")]
    assert any(inbox in link for link in links)

    answer = move(asep, plan, "approve", acting_for=str(id_of("bayu")), letter="palsu")

    assert answer.status_code == 303
    assert latest(rows, plan) == ("approve", "Asep Misal", id_of("dewi"), LETTER)
    told = f"Asep Misal a.n. Dewi Umpama ({LETTER})"
    assert told in bayu.page(page_of(plan)).text
    assert told in bayu.page(f"/action-plans/history/?id={plan}").text
    sealed = rows(
        sa.select(Deed.actor_id, Deed.acting_for_id).where(Deed.action == "action_plan.approve")
    )
    assert sealed[-1] == (id_of("asep"), id_of("dewi"))


def test_both_people_read_who_stands_in_until_when(lend, back, ani):
    lend("dewi", "asep", 0, 3)

    for page in ("/", "/inbox/"):
        assert "Anda mewakili Dewi Umpama sampai" in back("asep").page(page).text
        assert "Asep Misal mewakili Anda sampai" in back("dewi").page(page).text
        assert "mewakili" not in ani.page(page).text


@pytest.mark.parametrize(("first", "last"), [(-9, -1), (1, 9)])
def test_a_letter_that_does_not_hold_today_opens_nothing(lend, back, waiting_plan, first, last):
    plan = waiting_plan("ani")
    lend("dewi", "asep", first, last)

    assert move(back("asep"), plan, "approve").status_code == 403


def test_duties_bind_the_absent_one_too(write, lend, back, waiting_plan, id_of, rows):
    plan, dewi = waiting_plan("ani"), id_of("dewi")
    with write() as session:  # the plan is dewi's own: no friend decides for her
        official = session.get_one(ActionPlan, plan).official_id
        session.get_one(Account, dewi).official_id = official
    lend("dewi", "asep")

    answer = move(back("asep"), plan, "approve")

    assert answer.status_code == 403
    assert "Anda mewakili Dewi Umpama, yang di sini juga tidak boleh memutuskan" in answer.text
    assert latest(rows, plan)[0] == "submit"


def test_an_author_does_not_decide_in_anothers_place(lend, back, waiting_plan, rows):
    plan = waiting_plan("ani")
    lend("dewi", "ani")

    answer = move(back("ani"), plan, "approve")

    assert answer.status_code == 403
    assert "Yang dapat melakukannya: Bayu Teladan, Dewi Umpama;" in answer.text
    assert latest(rows, plan)[0] == "submit"


def test_what_is_lent_is_not_handed_on(write, lend, back, waiting_plan, id_of):
    plan = waiting_plan("ani")
    lend("bayu", "mira")  # entered from outside of the screen: another city, and a chain
    lend("dewi", "bayu")
    lend("bayu", "asep")

    assert move(back("asep"), plan, "approve").status_code == 303
    assert back("mira").get(page_of(plan)).status_code == 404


def test_who_became_an_auditor_meanwhile_stands_in_for_nobody(
    write, lend, back, waiting_plan, id_of
):
    plan, asep = waiting_plan("ani"), id_of("asep")
    lend("dewi", "asep")
    with write() as session:
        auditor = session.scalars(sa.select(Role).where(Role.code == "auditor")).one()
        session.get_one(Account, asep).roles = [auditor]

    assert move(back("asep"), plan, "approve").status_code == 403
    assert "diwakili" not in back("bayu").page(page_of(plan)).text


@pytest.fixture
def only_elsewhere(write, id_of):
    """`only_elsewhere("asep", plan)`: his place is one unit, and the plan lies in another one."""

    def move_away(username, plan):
        account = id_of(username)
        with write() as session:
            unit = session.get_one(ActionPlan, plan).unit_id
            villages = sa.select(Unit).where(Unit.kind == "urban_village", Unit.region_id == 1)
            other = session.scalars(villages.where(Unit.id != unit)).first()
            grants = sa.select(AccountGrant).where(AccountGrant.account_id == account)
            session.scalars(grants).one().unit_id = other.id

    return move_away


def test_the_places_of_the_absent_one_are_read_but_not_written(
    only_elsewhere, lend, back, waiting_plan, id_of, rows
):
    plan = waiting_plan("ani")
    only_elsewhere("asep", plan)
    assert back("asep").get(page_of(plan)).status_code == 404

    lend("dewi", "asep")
    asep = back("asep")

    page = asep.page(page_of(plan))
    assert "Anda membaca ini atas nama orang lain" in page.text
    assert not [one for one in page.main.all("a") if "/edit/" in one.given.get("href", "")]
    assert asep.get(f"/action-plans/edit/?id={plan}").status_code == 404
    assert asep.post(f"/action-plans/edit/?id={plan}").status_code == 404
    assert move(asep, plan, "withdraw").status_code == 403
    assert move(asep, plan, "return", reason="Belum").status_code == 303
    assert latest(rows, plan) == ("return", "Asep Misal", id_of("dewi"), LETTER)


def test_nothing_is_lent_beyond_the_places_of_the_absent_one(
    only_elsewhere, lend, back, waiting_plan
):
    plan = waiting_plan("ani")
    only_elsewhere("dewi", plan)
    lend("dewi", "asep")

    assert move(back("asep"), plan, "approve").status_code == 403


def test_who_may_himself_acts_for_himself(lend, back, waiting_plan, rows, id_of):
    plan = waiting_plan("ani")
    lend("dewi", "bayu")

    assert move(back("bayu"), plan, "approve").status_code == 303
    assert latest(rows, plan) == ("approve", "Bayu Teladan", None, None)
