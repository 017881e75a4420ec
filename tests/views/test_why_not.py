"""Why one cannot: a closed button says which rule, whose turn, since when; so does the JSON."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models.follow_up import ActionPlan

PEOPLE = ("ani", "asep", "bayu", "citra", "made")


def why(page):
    """The sentence of each closed button of the page, by what it is described by."""
    found = {}
    for button in page.main.all("button"):
        described = button.given.get("aria-describedby")
        if button.given.get("aria-disabled") == "true":
            assert described, button.text
            found[described] = page.main.one(id=described).text
    return found


@pytest.fixture
def plans(rows):
    """One plan of each state in each city."""
    each = sa.select(sa.func.min(ActionPlan.id)).group_by(ActionPlan.region_id, ActionPlan.status)
    return [number for (number,) in rows(each)]


@pytest.mark.parametrize("name", PEOPLE)
def test_the_page_and_the_offers_say_the_same_of_every_plan(browse, plans, name):
    browser, met = browse(name), 0
    for plan in plans:
        answer = browser.get(f"/action-plans/{plan}/offers/")
        if answer.status_code == 404:
            assert browser.get(f"/action-plans/details/?id={plan}").status_code == 404
            continue
        page, met = browser.page(f"/action-plans/details/?id={plan}"), met + 1
        closed = why(page)
        told = {f"why-{one['step']}": one["objection"] for one in answer.json if one["objection"]}
        assert {step: closed[step] for step in told} == told
        actions = [one.given.get("formaction", "") for one in page.main.all("button")]
        for one in answer.json:
            taken = [url for url in actions if url.endswith(f"/move/{one['step']}/")]
            assert bool(taken) is (one["objection"] is None), (plan, one)
    assert met


def test_each_reason_names_the_rule_whose_turn_and_since_when(ani, bayu, rows):
    submitted = sa.select(ActionPlan.id).where(
        ActionPlan.status == "submitted", ActionPlan.region_id == 1
    )
    plan = rows(submitted.order_by(ActionPlan.id))[0][0]

    closed = why(ani.page(f"/action-plans/details/?id={plan}"))

    assert closed["why-approve"].startswith("“Setujui rencana” adalah langkah Penyelia. ")
    assert "Giliran Penyelia (Bayu Teladan, Dewi Umpama), sejak " in closed["why-approve"]
    assert "Giliran Penyelia (Bayu Teladan, Dewi Umpama), sejak " in closed["shut"]
    assert closed["why-delete"] == "Yang sudah diputuskan tetap ada dan tidak dapat dihapus."


def test_an_auditor_reads_why_nothing_can_be_changed(citra):
    closed = why(citra.page("/officials/details/?id=46"))

    assert closed == {
        "why-edit": "Peran Anda tidak mengubah ini. Yang berwenang: Petugas.",
        "why-delete": "Peran Anda tidak menghapus ini. Yang berwenang: Petugas.",
    }


def test_what_nobody_deletes_has_no_closed_button(citra, ani):
    assert set(why(citra.page("/units/details/?id=1"))) == {"why-edit"}
    assert why(ani.page("/units/details/?id=1")) == {}
