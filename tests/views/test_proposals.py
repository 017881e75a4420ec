"""Bulk change of a list by a proposal: from picked rows over the supervisor to the records."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa

from models.attendance import Participation
from models.commitments import Commitment
from models.proposals import Proposal, ProposalItem
from models.records import Account
from tests.views.browser import Page, filled_in

DAY = "2025-12-01"
INVITED = sa.select(Participation.invited_on).where(Participation.id.in_([1, 2, 3]))
PROPOSALS = sa.select(Proposal.id, Proposal.status, Proposal.item_count).order_by(Proposal.id)


def form_at(page, action):
    """What the form with this address would send."""
    [form] = [one for one in page.main.all("form") if one.given.get("action") == action]
    return filled_in(form)


def asked(browser, rows, path="/participations", reason="Undangan bersama.", **typed):
    """The answer to the form of a bulk change of these rows."""
    answer = browser.post(f"{path}/action/", {"action": "change", "rowid": rows})
    assert answer.status_code == 200, Page(answer.text).text
    form = form_at(Page(answer.text), f"{path}/change/")
    typed = {"change": list(typed), **typed, "reason": reason}
    return browser.post(f"{path}/change/", {**form, **typed})


def previewed(browser, rows, path="/participations", **typed):
    """The preview of a bulk change."""
    answer = asked(browser, rows, path, **typed)
    assert answer.status_code == 200, Page(answer.text).text
    return Page(answer.text)


def proposed(browser, rows=("1", "2", "3"), path="/participations", **typed):
    """The number of the draft that a bulk change makes."""
    page = previewed(browser, list(rows), path, **(typed or {"invited_on": DAY}))
    answer = browser.post(f"{path}/change/propose/", form_at(page, f"{path}/change/propose/"))
    assert answer.status_code == 303, Page(answer.text).text
    return answer.location.rpartition("=")[2]


def details(number):
    """The address of a proposal."""
    return f"/proposals/details/?id={number}"


def moved(browser, number, step, reason=""):
    """The answer to a step taken on a proposal's page."""
    seen = re.search(r'name="seen" value="(\w+)"', browser.get(details(number)).text)
    sent = {"seen": seen[1] if seen else "", "reason": reason}
    return browser.post(f"/proposals/{number}/move/{step}/", sent)


def pressed(browser, number, act, **sent):
    """The answer to another button of a proposal's page."""
    form = {}
    if act == "renew":
        form = form_at(browser.page(details(number)), f"/proposals/{number}/renew/")
    return browser.post(f"/proposals/{number}/{act}/", {**form, **sent})


def test_picked_rows_become_a_proposal_that_a_supervisor_applies(ani, bayu, rows, deeds):
    preview = previewed(ani, ["1", "2", "3"], invited_on=DAY)
    number = proposed(ani)

    days = [row[1:] for row in preview.rows]
    assert days == [["Diundang pada", "belum diisi", "Senin, 1 Desember 2025"]] * 3
    assert rows(INVITED) == [(None,)] * 3
    assert moved(ani, number, "submit").status_code == 303
    assert moved(ani, number, "apply").status_code == 403
    assert "Kepesertaan: Diundang pada" in bayu.page("/inbox/?kind=proposal").text
    assert "3 baris: Diundang pada" in bayu.page(details(number)).text
    assert moved(bayu, number, "apply").status_code == 303
    assert [str(day) for (day,) in rows(INVITED)] == [DAY] * 3
    assert rows(PROPOSALS) == [(int(number), "applied", 3)]
    assert (
        "Bayu Teladan menyetujui dan menerapkan" in ani.page("/participations/history/?id=1").text
    )
    steps = ["proposal.submit", "proposal.apply.refused", "proposal.apply"]
    assert deeds() == ["proposal.create", *steps]


def test_all_rows_of_the_list_as_it_is_filtered_are_taken(ani, value):
    answer = ani.post(
        "/participations/action/",
        {"action": "change_all", "url": "/participations/?flt0_reply-is=no"},
    )

    ids = form_at(Page(answer.text), "/participations/change/")["ids"].split(",")
    no = sa.select(sa.func.count()).where(Participation.reply == "no", Participation.region_id == 1)
    assert len(ids) == value(no) > 3


def test_rows_that_are_so_already_or_refused_by_a_rule_are_named_and_left_out(ani, rows, write):
    with write() as session:
        session.get(Participation, 2).invited_on = date(2025, 12, 1)
    page = previewed(ani, ["1", "2", "3"], invited_on=DAY)
    alone = rows(sa.select(Commitment.id).where(Commitment.spouse_id.is_(None)).limit(1))[0][0]
    pair = rows(sa.select(Commitment.id).where(Commitment.spouse_id.is_not(None)).limit(1))[0][0]
    other = previewed(ani, [str(alone), str(pair)], "/commitments", spouse_signed_on=DAY)

    assert len(page.rows) == 2
    assert "1 catatan sudah demikian" in page.text
    assert len(other.rows) == 1
    assert "Sebut pasangan yang menandatangani" in other.text


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"change": ["nip"], "nip": "1"}, 404),
        ({"change": ["note"], "note": "x"}, 404),
        ({"change": ["invited_on"], "invited_on": "32 Juli"}, 422),
        ({"change": ["reply"], "reply": "maybe"}, 422),
        ({"change": []}, 422),
        ({"change": ["reply"], "reply": "yes", "reason": " "}, 422),
        ({"change": ["reply"], "reply": "yes", "ids": ""}, 404),
        ({"change": ["reply"], "reply": "yes", "ids": "1,-2"}, 404),
        ({"change": ["reply"], "reply": "yes", "ids": "1\x00"}, 400),
        ({"change": ["reply"], "reply": "yes", "ids": ",".join(map(str, range(1, 2002)))}, 422),
    ],
)
def test_a_forged_or_wrong_form_proposes_nothing(ani, rows, sent, status):
    form = {"ids": "1", "reason": "x", "once": "o" * 32, "seen": "x", **sent}

    answers = [ani.post(f"/participations/change/{end}", form) for end in ("", "propose/")]

    assert [answer.status_code for answer in answers] == [status, status]
    assert rows(PROPOSALS) == []


def test_lists_without_bulk_fields_and_other_roles_have_no_such_action(ani, bayu, citra, mira):
    form = {"ids": "1", "change": "phone", "reason": "x"}

    assert ani.post("/spouses/change/", form).status_code == 404
    assert "Ubah massal" not in ani.page("/spouses/").text
    for browser in (bayu, citra):
        assert browser.post("/participations/change/", form).status_code == 403
        sent = {"action": "change", "rowid": ["1"]}
        assert browser.post("/participations/action/", sent).status_code == 403
        assert "Ubah massal" not in browser.page("/participations/").text
    sent = {**form, "change": "reply", "reply": "no"}
    assert mira.post("/participations/change/", sent).status_code == 404


def test_what_changed_since_the_preview_is_shown_again(ani, rows, write):
    page = previewed(ani, ["1", "2"], invited_on=DAY)
    with write() as session:
        session.get(Participation, 1).invited_on = date(2025, 11, 11)

    form = form_at(page, "/participations/change/propose/")
    answer = ani.post("/participations/change/propose/", form)

    assert answer.status_code == 409
    assert "Selasa, 11 November 2025" in Page(answer.text).text
    assert rows(PROPOSALS) == []


def test_a_form_sent_twice_makes_one_proposal(ani, rows):
    page = previewed(ani, ["1", "2"], invited_on=DAY)
    form = form_at(page, "/participations/change/propose/")

    places = {ani.post("/participations/change/propose/", form).location for _ in range(3)}

    assert len(places) == len(rows(PROPOSALS)) == 1


def test_who_has_lost_the_right_to_a_record_changes_it_by_no_proposal(ani, bayu, rows, write):
    number = proposed(ani)
    moved(ani, number, "submit")
    with write() as session:
        account = session.scalars(sa.select(Account).where(Account.username == "ani")).one()
        account.active = False

    answer = moved(bayu, number, "apply")

    assert answer.status_code == 422
    assert "Pengusul tidak lagi memiliki akses" in Page(answer.text).text
    assert rows(INVITED) == [(None,)] * 3


def test_proposals_of_another_city_are_not_there(ani, mira, rows):
    number = proposed(ani)

    for act in ("renew", "drop", "undo", "move/submit"):
        assert mira.post(f"/proposals/{number}/{act}/", {"row": "1"}).status_code == 404
    assert mira.get(details(number)).status_code == 404
    assert mira.page("/proposals/").rows == []


def test_rows_are_taken_out_of_a_draft_and_of_nothing_else(ani, bayu, rows):
    number = proposed(ani)

    assert pressed(ani, number, "drop", row=["2"]).status_code == 303
    assert pressed(ani, number, "drop", row=["1", "3"]).status_code == 422
    moved(ani, number, "submit")
    assert pressed(ani, number, "drop", row=["1"]).status_code == 409
    assert pressed(bayu, number, "drop", row=["1"]).status_code == 403
    assert rows(sa.select(ProposalItem.number)) == [(1,), (3,)]
    assert rows(PROPOSALS) == [(int(number), "submitted", 2)]


def test_pages_of_a_proposal_ask_no_more_for_many_rows(ani, bayu, statements, rows, monkeypatch):
    monkeypatch.setattr("panel.screens.proposing.PAGE", 2)
    counted = {}
    for path, first, typed in (
        ("/participations", "1", {"invited_on": DAY}),
        ("/positions", "1", {"valid_to": "2030-12-31"}),
        ("/units", "1", {"valid_to": "2030-12-31"}),
        ("/officials", "46", {"employment_type": "other"}),
        ("/commitments", "1", {"area": "household"}),
    ):
        for many in ([first], [first, "2", "3"]):
            previewed(ani, many, path, **typed)
            with statements() as seen:
                previewed(ani, many, path, **typed)
            counted[path, len(many)] = len(seen)
    for many in (["4"], ["1", "2", "3"]):
        number = proposed(ani, many)
        moved(ani, number, "submit")
        bayu.page(details(number))
        with statements() as seen:
            bayu.page(details(number))
        counted["page", len(many)] = len(seen)

    assert {path for path, _ in counted if counted[path, 1] != counted[path, 3]} == set()
    assert counted["page", 3] == 29


def test_where_proposals_begin_is_told(ani, bayu):
    page = ani.page("/proposals/new/")

    assert [link.text for link in page.main.all("a")][1:] == [
        "Pejabat",
        "Jabatan",
        "Unit",
        "Kepesertaan",
        "Komitmen",
    ]
    assert bayu.get("/proposals/new/").status_code == 403
