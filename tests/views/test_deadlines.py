"""Deadlines as people meet them: on a plan's page, in the inbox and at home."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from models.follow_up import ActionPlan
from panel.columns import now

LATE = re.compile(r"terlambat [0-9]+ hari kerja")


@pytest.fixture
def at(monkeypatch):
    """`at(30)`: deadlines are read as if it were 30 days later."""

    def at(days):
        moment = now() + timedelta(days=days)
        monkeypatch.setattr("panel.screens.clocks.now", lambda: moment)

    return at


@pytest.fixture
def submit(ani, monkeypatch):
    """`submit(plan, -30)`: Ani submits a plan; the decision says 30 days ago."""

    def submit(plan, days):
        seen = re.search(r'name="seen" value="([^"]*)"', ani.get(f"{PLAN}{plan}").text)
        moment = now() + timedelta(days=days)
        with monkeypatch.context() as then:
            then.setattr("panel.workflow.writing.now", lambda: moment)
            answer = ani.post(f"/action-plans/{plan}/move/submit/", {"seen": seen[1]})
        assert answer.status_code == 303, answer.text

    return submit


PLAN = "/action-plans/details/?id="


@pytest.fixture
def plan(value):
    """`plan("submitted")`: number of a plan of Serang in this state."""
    return lambda status: value(
        sa.select(sa.func.min(ActionPlan.id)).where(
            ActionPlan.region_id == 1, ActionPlan.status == status
        )
    )


@pytest.mark.parametrize("status", ["submitted", "evidence_submitted"])
def test_a_plan_that_waits_says_until_when_and_how_late_it_is(bayu, plan, at, status):
    path = f"{PLAN}{plan(status)}"

    early = bayu.page(path).text
    at(60)
    late = bayu.page(path).text

    assert re.search(r"sejak \w+, .* Tenggat: \w+, [0-9]+ \w+ [0-9]{4}\.", early)
    assert (bool(LATE.search(early)), bool(LATE.search(late))) == (False, True)


@pytest.mark.parametrize("status", ["draft", "returned", "in_progress", "verified", "closed"])
def test_where_the_process_sets_none_there_is_no_deadline(bayu, plan, at, status):
    at(60)

    text = bayu.page(f"{PLAN}{plan(status)}").text

    assert ("Tenggat:" in text, bool(LATE.search(text))) == (False, False)


def test_what_came_back_late_stands_first_and_says_what_was_used(bayu, submit, plan, value):
    number = plan("returned")
    title = value(sa.select(ActionPlan.title).where(ActionPlan.id == number))
    submit(number, -30)

    home = bayu.page("/")
    inbox = bayu.page("/inbox/?by=overdue")

    first = home.main.one("ul", class_="work").all("li")[0]
    assert title in first.text
    assert LATE.search(first.text)
    assert title in inbox.rows[0][0]
    assert LATE.search(inbox.rows[0][-2])
    assert [row for row in inbox.rows[1:] if LATE.search(row[-2])] == []
    assert "terlambat" in bayu.page(f"{PLAN}{number}").text


def test_a_holiday_of_the_region_moves_the_deadline(bayu, eka, plan):
    path = f"{PLAN}{plan('submitted')}"
    before = bayu.page(path).text.partition("Tenggat: ")[2][:40]
    for ahead in range(1, 8):
        day = (now() + timedelta(days=ahead)).date().isoformat()
        eka.send("/holidays/new/", day=day, kind="holiday", name="Contoh", region="1")

    after = bayu.page(path).text.partition("Tenggat: ")[2][:40]

    assert before != after
