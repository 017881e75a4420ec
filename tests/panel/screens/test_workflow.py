"""Screens of records with a process: the decision page, its offers, the move and its answers."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from tests.panel.screens import office
from tests.panel.screens.conftest import fields_of
from tests.panel.screens.office import Decision, Plan, Step

STATUS = sa.select(Plan.status)


@pytest.fixture
def plan(ani):
    """A plan of Ani's with two steps, as a draft."""
    form = ani.form("/plans/new/")
    typed = {**form, "title": "Apel pagi", "target": "07.30", "person": "1"}
    steps = {"steps-0-text": "Papan hadir", "steps-1-text": "Rekap"}
    answer = ani.post("/plans/new/", {**typed, **steps})
    assert answer.status_code == 303, answer.text
    return answer.location


def seen_by(browser) -> str:
    found = re.search(
        r'name="seen" value="([0-9a-f]{64})"', browser.get("/plans/details/?id=1").text
    )
    return found[1] if found else ""


def move(browser, step, **typed):
    return browser.post(f"/plans/1/move/{step}/", {"seen": seen_by(browser), **typed})


def test_the_offers_are_those_of_the_actor_with_reasons(ani, bayu, plan):
    assert ani.get("/plans/1/offers/").json == [
        {"step": "submit", "label": "Ajukan", "objection": None}
    ]
    [offer] = bayu.get("/plans/1/offers/").json
    assert offer["step"] == "submit"
    assert offer["objection"]


def test_a_step_is_taken_and_leads_to_the_record(ani, bayu, plan, rows, deeds):
    answer = move(ani, "submit")

    assert (answer.status_code, answer.location) == (303, "/plans/details/?id=1")
    assert rows(STATUS) == [("submitted",)]
    assert deeds() == ["plan.create", "plan.submit"]


@pytest.mark.parametrize("as_json", [False, True])
def test_each_refusal_has_its_answer_and_changes_nothing(
    ani, bayu, mira, plan, rows, deeds, as_json
):
    headers = {"Accept": "application/json"} if as_json else {}
    move(ani, "submit")
    seen = seen_by(bayu)
    before = len(rows(sa.select(Decision.id)))

    tries = {
        "role": ani.post("/plans/1/move/approve/", {"seen": seen}, headers=headers),
        "stale": bayu.post("/plans/1/move/approve/", {"seen": "0" * 64}, headers=headers),
        "state": ani.post("/plans/1/move/submit/", {"seen": seen}, headers=headers),
        "reason": bayu.post("/plans/1/move/return/", {"seen": seen}, headers=headers),
        "scope": mira.post("/plans/1/move/submit/", {"seen": seen}, headers=headers),
        "unknown": ani.post("/plans/1/move/fly/", {"seen": seen}, headers=headers),
    }

    assert {name: answer.status_code for name, answer in tries.items()} == {
        "role": 403,
        "stale": 409,
        "state": 409,
        "reason": 422,
        "scope": 404,
        "unknown": 404,
    }
    assert rows(STATUS) == [("submitted",)]
    assert len(rows(sa.select(Decision.id))) == before
    assert deeds()[2:] == [
        "plan.approve.refused",
        "plan.approve.refused",
        "plan.submit.refused",
        "plan.return.refused",
    ]
    if as_json:
        assert tries["role"].json["refused"] == "role"
        assert tries["role"].json["sentence"]


def test_who_made_the_plan_does_not_decide_on_it(ani, app, browse, plan, rows, monkeypatch):
    from panel.access.rules import Actor, Place
    from tests.panel.screens.conftest import PEOPLE

    move(ani, "submit")
    both = Actor(1, "Ani", frozenset({"clerk", "supervisor"}), (Place(1),))
    monkeypatch.setitem(PEOPLE, "ani", both)

    answer = ani.post("/plans/1/move/approve/", {"seen": seen_by(ani)})

    assert answer.status_code == 403
    assert rows(STATUS) == [("submitted",)]


def test_a_guard_objects_with_its_sentence(ani, rows):
    ani.send("/plans/new/", title="Tanpa sasaran")

    answer = ani.post("/plans/1/move/submit/", {"seen": seen_by(ani), "reason": "Mohon dibaca"})

    assert answer.status_code == 422
    assert "sasaran dahulu" in answer.text or "target first" in answer.text
    assert rows(STATUS) == [("draft",)]


def test_the_typed_reason_stays_in_the_refused_page(ani, bayu, plan):
    move(ani, "submit")

    answer = bayu.post("/plans/1/move/approve/", {"seen": "0" * 64, "reason": "Sudah saya baca"})

    assert answer.status_code == 409
    assert "Sudah saya baca" in answer.text


def test_a_step_sets_what_it_asks_for(ani, bayu, plan, rows):
    move(ani, "submit")
    move(bayu, "approve")
    assert 'name="result"' in bayu.get("/plans/details/?id=1").text

    assert move(bayu, "close").status_code == 422
    assert move(bayu, "close", result="splendid").status_code == 422
    assert move(bayu, "close", result="good").status_code == 303

    assert rows(sa.select(Plan.status, Plan.result)) == [("closed", "good")]


def test_the_decision_page_shows_what_changed_since_it_was_sent_back(ani, bayu, plan):
    move(ani, "submit")
    move(bayu, "return", reason="Belum terukur")
    ani.send("/plans/edit/?id=1", target="Sebelum 07.15", **{"steps-0-text": "Papan baru"})
    move(ani, "submit")

    page = bayu.get("/plans/details/?id=1").text

    changed = page[page.index('id="changed"') : page.index('id="content"')]
    assert "<del>07.30</del>" in changed
    assert "<ins>Sebelum 07.15</ins>" in changed
    assert "<ins>Papan baru</ins>" in changed
    assert "Belum terukur" in page


def test_a_locked_plan_says_why_and_is_not_edited(ani, plan, rows, deeds):
    form = ani.form("/plans/edit/?id=1")
    move(ani, "submit")

    assert ani.get("/plans/edit/?id=1").status_code == 409
    assert ani.post("/plans/edit/?id=1", {**form, "title": "Lain"}).status_code == 409
    assert 'aria-describedby="shut"' in ani.get("/plans/details/?id=1").text
    assert ani.post("/plans/delete/", {"id": "1"}).status_code == 409
    assert rows(sa.select(Plan.title)) == [("Apel pagi",)]
    assert deeds() == ["plan.create", "plan.submit", "plan.edit.refused", "plan.delete.refused"]


def test_children_of_a_locked_plan_are_locked_in_their_own_screens(ani, plan, rows):
    form = ani.form("/steps/edit/?id=1")
    new = ani.form("/steps/new/")
    move(ani, "submit")
    texts = sa.select(Step.text).order_by(Step.id)

    assert ani.get("/steps/edit/?id=1").status_code == 409
    assert ani.post("/steps/edit/?id=1", {**form, "text": "Lain"}).status_code == 409
    assert ani.post("/steps/new/", {**new, "text": "Ketiga", "plan": "1"}).status_code == 409
    assert ani.post("/steps/delete/", {"id": "1"}).status_code == 409
    assert rows(texts) == [("Papan hadir",), ("Rekap",)]


def test_a_running_plan_is_open_where_its_state_says(ani, bayu, plan, rows):
    move(ani, "submit")
    move(bayu, "approve")

    form = ani.form("/plans/edit/?id=1")

    assert "title" not in form
    assert "steps-0-text" not in form
    typed = {**form, "note": "Sudah dipasang", "steps-0-progress": "Jadi"}
    assert ani.post("/plans/edit/?id=1", {**typed, "title": "Lain"}).status_code == 303
    assert rows(sa.select(Plan.title, Plan.note)) == [("Apel pagi", "Sudah dipasang")]
    assert rows(sa.select(Step.progress).order_by(Step.id)) == [("Jadi",), (None,)]


def test_a_status_is_no_field_of_any_form(ani, plan, rows):
    form = ani.form("/plans/edit/?id=1")
    ani.post(
        "/plans/edit/?id=1", {**form, "status": "running", "created_by_id": "9", "result": "good"}
    )

    assert rows(sa.select(Plan.status, Plan.created_by_id, Plan.result)) == [("draft", 1, None)]


def test_the_list_shows_states_as_badges_and_filters_by_them(ani, plan):
    page = ani.get("/plans/").text

    assert '<span class="badge' in page
    assert "Apel pagi" in ani.get("/plans/?flt0_status-is=draft").text
    assert "Apel pagi" not in ani.get("/plans/?flt0_status-is=closed").text.split("<main")[1]


def test_the_inbox_holds_what_waits_for_the_actors_role(ani, bayu, browse, plan):
    assert "Apel pagi" not in bayu.get("/inbox/").text
    move(ani, "submit")

    page = bayu.get("/inbox/").text

    assert "Apel pagi" in page
    assert '<span class="n">1' in page
    assert "Apel pagi" not in ani.get("/inbox/").text
    move(bayu, "return", reason="Belum terukur")
    assert "Apel pagi" in ani.get("/inbox/").text
    assert "Apel pagi" not in browse("mira").get("/inbox/").text


def test_the_page_of_a_process_shows_its_steps(ani, browse):
    assert "Rencana" in ani.get("/processes/").text

    page = ani.get("/processes/details/?id=1").text

    assert "Kembalikan" in page
    assert "<svg" in page
    assert ani.get("/processes/details/?id=9").status_code == 404
    assert fields_of(page) == {}


def test_details_of_a_plan_cost_the_same_for_one_and_three_steps(app, ani, plan, statements):
    with statements() as two:
        ani.get("/plans/details/?id=1")
    ani.send("/plans/edit/?id=1", **{"steps-2-text": "Ketiga", "steps-3-text": "Keempat"})
    with statements() as four:
        assert "Keempat" in ani.get("/plans/details/?id=1").text

    assert len(four) - len(two) <= 2  # the second deed of the history names one more table
    assert office.workflow
