"""Decisions are taken on what was seen.

A stale page is refused with the difference, and an approval that no longer fits says so.
"""

import sqlite3
from contextlib import closing

import pytest
import sqlalchemy as sa

from models.follow_up import ActionPlan, ActionStep
from tests.views.browser import Page

CHANGED = "Disetujui, berubah sejak itu"


@pytest.fixture
def plan_in(rows):
    """The first plan of Serang in this state."""

    def find(status):
        found = sa.select(ActionPlan.id).where(
            ActionPlan.status == status, ActionPlan.region_id == 1
        )
        return rows(found.order_by(ActionPlan.id))[0][0]

    return find


@pytest.fixture
def past_the_triggers(app, town):
    """A statement in the database from another program, the triggers of plans dropped."""

    def write(statement, *values):
        with closing(sqlite3.connect(town.on.path)) as connection:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in names.fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            connection.execute(statement, values)
            connection.commit()

    return write


def details(key):
    return f"/action-plans/details/?id={key}"


def seen_by(browser, key):
    """The hash that the page of a plan carries."""
    return browser.page(details(key)).main.one("input", name="seen").given["value"]


def move(browser, key, step, seen, **typed):
    return browser.post(f"/action-plans/{key}/move/{step}/", {"seen": seen, **typed})


def taken_back_and_changed(browser, key, **typed):
    """The clerk takes a plan back, mends it and submits it again."""
    assert move(browser, key, "withdraw", seen_by(browser, key)).status_code == 303
    assert browser.send(f"/action-plans/edit/?id={key}", **typed).status_code == 303
    assert move(browser, key, "submit", seen_by(browser, key)).status_code == 303


def difference(page, heading):
    """The rows of the table under a heading: label, before, now."""
    sections = [one for one in page.main.all("section") if one.all("h2")]
    section = next(one for one in sections if one.one("h2").text == heading)
    return [
        tuple(cell.text for cell in line.all("th") + line.all("td"))
        for line in section.one("tbody").all("tr")
    ]


YOUR_PAGE = "Yang berubah sejak Anda membuka halaman"


def test_a_stale_page_is_refused_with_what_changed_since_that_very_page(ani, bayu, plan_in, rows):
    key = plan_in("submitted")
    taken_back_and_changed(ani, key, target="Sasaran kedua")
    seen = seen_by(bayu, key)
    taken_back_and_changed(ani, key, target="Sasaran ketiga", **{"steps-0-text": "Langkah lain"})
    text = sa.select(ActionStep.text).where(ActionStep.plan_id == key).order_by(ActionStep.number)

    answer = move(bayu, key, "approve", seen, reason="Bagus")
    found = difference(Page(answer.text), YOUR_PAGE)

    assert answer.status_code == 409
    assert ("Sasaran", "Sasaran kedua", "Sasaran ketiga") in found
    assert [now for label, _was, now in found if label.startswith("Langkah")] == [rows(text)[0][0]]
    assert len(found) == 2
    assert "Bagus</textarea>" in answer.text


def test_a_step_that_came_or_went_is_in_the_difference(ani, bayu, plan_in):
    key = plan_in("submitted")
    seen = seen_by(bayu, key)
    assert move(ani, key, "withdraw", seen_by(ani, key)).status_code == 303
    typed = ani.form(f"/action-plans/edit/?id={key}")
    number = len([name for name in typed if name.endswith("-text")])
    added = {f"steps-{number}-number": "9", f"steps-{number}-text": "Langkah baru"}
    gone = {"del-steps-0": "on"}
    ani.post(f"/action-plans/edit/?id={key}", {**typed, **added, **gone})
    assert move(ani, key, "submit", seen_by(ani, key)).status_code == 303

    found = difference(Page(move(bayu, key, "approve", seen).text), YOUR_PAGE)

    came = [row for row in found if "Langkah baru" in row[2]]
    went = [row for row in found if row[2] == "dikosongkan"]
    assert (len(came), len(went), len(found)) == (1, 1, 2)


@pytest.mark.parametrize("seen", ["", "x", "0" * 64, "'--", "<b>"])
def test_a_hash_of_no_state_is_refused_and_tells_nothing(bayu, plan_in, rows, seen):
    key = plan_in("submitted")

    answer = move(bayu, key, "approve", seen)

    assert answer.status_code == 409
    assert YOUR_PAGE not in Page(answer.text).text
    assert rows(sa.select(ActionPlan.status).where(ActionPlan.id == key)) == [("submitted",)]


def test_work_that_is_foreseen_leaves_an_approval_as_it_is(ani, bayu, plan_in):
    key = plan_in("in_progress")
    ani.send(f"/action-plans/edit/?id={key}", progress_note="Sudah berjalan baik")

    assert CHANGED not in bayu.page(details(key)).text
    assert CHANGED not in bayu.page("/action-plans/").text


@pytest.mark.parametrize("status", ["approved", "in_progress", "evidence_submitted"])
def test_an_approval_that_does_not_fit_any_more_says_so(
    ani, bayu, plan_in, rows, past_the_triggers, status
):
    key = plan_in(status)
    target = rows(sa.select(ActionPlan.target).where(ActionPlan.id == key))[0][0]
    code = rows(sa.select(ActionPlan.code).where(ActionPlan.id == key))[0][0]
    past_the_triggers("UPDATE action_plan SET target = 'Lain' WHERE id = ?", key)

    page = bayu.page(details(key))
    [listed] = bayu.page(f"/action-plans/?search={code}").rows
    inbox = (
        bayu.page("/inbox/") if status == "evidence_submitted" else ani.page("/inbox/?view=next")
    )

    assert difference(page, "Yang berubah sejak disetujui") == [("Sasaran", target, "Lain")]
    assert "Perlu disetujui lagi" in page.text
    assert any(CHANGED in cell for cell in listed)
    assert len([row for row in inbox.rows if any(CHANGED in cell for cell in row)]) == 1


def test_an_approval_of_what_was_taken_back_counts_no_more(bayu, plan_in, past_the_triggers):
    key = plan_in("returned")
    past_the_triggers("UPDATE action_plan SET target = 'Lain' WHERE id = ?", key)

    assert CHANGED not in bayu.page(details(key)).text
