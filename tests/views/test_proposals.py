"""Bulk change of a list by a proposal: from picked rows over the supervisor to the records."""

from __future__ import annotations

import re

import sqlalchemy as sa

from models.attendance import Participation
from tests.views.browser import Page, filled_in

INVITED = sa.select(Participation.id, Participation.invited_on).order_by(Participation.id).limit(3)
DAY = "2025-12-01"


def sent(browser, path, form, **more):
    """The page that a form of a bulk change leads to."""
    answer = browser.post(path, {**form, **more})
    return answer, Page(answer.text)


def form_at(page, action):
    """What the form with this address would send."""
    [form] = [one for one in page.main.all("form") if one.given.get("action") == action]
    return filled_in(form)


def previewed(browser, rows, path="/participations", reason="Undangan bersama.", **typed):
    """The preview of a bulk change of these rows."""
    answer, page = sent(browser, f"{path}/action/", {"action": "change", "rowid": rows})
    assert answer.status_code == 200, answer.status_code
    typed = {"change": list(typed), **typed, "reason": reason}
    answer, page = sent(browser, f"{path}/change/", form_at(page, f"{path}/change/"), **typed)
    assert answer.status_code == 200, page.text
    return page


def proposed(browser, rows, path="/participations", **typed):
    """The address of the draft that a bulk change makes."""
    page = previewed(browser, rows, path, **typed)
    form = form_at(page, f"{path}/change/propose/")
    answer = browser.post(f"{path}/change/propose/", form)
    assert answer.status_code == 303, Page(answer.text).text
    return answer.location


def moved(browser, address, step, reason=""):
    """The answer to a step taken on a proposal's page."""
    number = address.rpartition("=")[2]
    seen = re.search(r'name="seen" value="(\w+)"', browser.get(address).text)
    path = f"/proposals/{number}/move/{step}/"
    return browser.post(path, {"seen": seen[1] if seen else "", "reason": reason})


def test_picked_rows_become_a_proposal_that_a_supervisor_applies(ani, bayu, rows, deeds):
    preview = previewed(ani, ["1", "2", "3"], invited_on=DAY)
    address = proposed(ani, ["1", "2", "3"], invited_on=DAY)

    assert [row[1:] for row in preview.rows] == [
        ["Diundang pada", "belum diisi", "Senin, 1 Desember 2025"]
    ] * 3
    assert rows(INVITED) == [(1, None), (2, None), (3, None)]
    assert moved(ani, address, "submit").status_code == 303
    assert moved(ani, address, "apply").status_code == 403
    page = bayu.page(address)
    assert "3 baris: Diundang pada" in page.text
    assert moved(bayu, address, "apply").status_code == 303
    assert [str(day) for _, day in rows(INVITED)] == [DAY] * 3
    assert deeds() == [
        "proposal.create",
        "proposal.submit",
        "proposal.apply.refused",
        "proposal.apply",
    ]
    print(Page(bayu.get("/participations/history/?id=1").text).text)
