"""Who may not decide, and what cannot be decided: each refusal has its answer and changes nothing.

What is refused in scope is in the log, alone and with its sentence.
"""

from __future__ import annotations

import pytest

from tests.journey.conftest import verified
from tests.journey.pages import words_of

TURN = "Giliran Penyelia (Bayu Teladan, Dewi Umpama)"
APPROVE = "“Setujui rencana” adalah langkah Penyelia."


def newest(ask):
    """Action, record and number of captured rows of the newest deed."""
    return ask("SELECT action, subject_table, subject_pk, n FROM deed ORDER BY seq DESC LIMIT 1")[0]


@pytest.mark.parametrize("username", ["ani", "asep", "citra"])
def test_no_role_no_approval(plan, person, everything, ask, username):
    somebody, seen, before = person(username), person("bayu").seen(plan), everything()

    page = somebody.move(plan.id, "approve", seen=seen)
    answer = somebody.move(plan.id, "approve", seen=seen, json=True)

    assert (page.status_code, answer.status_code) == (403, 403)
    assert APPROVE in words_of(page.text)
    assert TURN in words_of(page.text)
    assert answer.json["refused"] == "role"
    assert answer.json["sentence"].startswith(f"{APPROVE} {TURN}, sejak ")
    assert everything() == before
    assert newest(ask) == ("action_plan.approve.refused", "action_plan", str(plan.id), 0)


def test_an_administrator_does_not_even_read_the_plan(plan, person, everything, ask):
    eka, seen, before = person("eka"), person("bayu").seen(plan), everything()

    page = eka.move(plan.id, "approve", seen=seen)
    answer = eka.move(plan.id, "approve", seen=seen, json=True)

    assert (page.status_code, answer.status_code) == (403, 403)
    assert answer.json["sentence"] in words_of(page.text)
    assert plan.title not in words_of(page.text)
    assert everything() == before
    assert newest(ask)[0].startswith("action_plan.")
    assert newest(ask)[0].endswith(".refused")


@pytest.mark.parametrize("username", ["mira", "made", "maya"])
def test_another_city_finds_nothing(plan, person, everything, username):
    somebody, seen, before = person(username), person("bayu").seen(plan), everything()

    answers = [
        somebody.move(plan.id, "approve", seen=seen),
        somebody.get(f"/action-plans/details/?id={plan.id}"),
        somebody.get(f"/action-plans/{plan.id}/offers/"),
        somebody.move(10**6, "approve", seen=seen),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    texts = {words_of(answer.text.split("<main")[1]) for answer in answers}
    assert len(texts) == 1, "the answer tells a foreign record from none"
    assert plan.title not in "".join(texts)
    assert everything() == before


def test_what_changed_since_it_was_read_is_not_decided(plan, ani, bayu, everything, ask):
    seen = bayu.seen(plan.id)
    assert ani.move(plan.id, "withdraw").status_code == 303
    form = ani.form(f"/action-plans/edit/?id={plan.id}")
    form.fill(target="Separuh pegawai hadir")
    ani.save(form)
    assert ani.move(plan.id, "submit").status_code == 303
    before = everything()

    page = bayu.move(plan.id, "approve", seen=seen, reason="Bagus")
    answer = bayu.move(plan.id, "approve", seen=seen, json=True)

    assert (page.status_code, answer.status_code) == (409, 409)
    assert answer.json["refused"] == "stale"
    assert answer.json["sentence"] in words_of(page.text)
    assert f"<del>{plan.target}</del>" in page.text
    assert "<ins>Separuh pegawai hadir</ins>" in page.text
    assert "Yang berubah sejak Anda membuka halaman" in page.text
    assert "Bagus</textarea>" in page.text, "what was typed is kept"
    assert everything() == before
    assert newest(ask) == ("action_plan.approve.refused", "action_plan", str(plan.id), 0)


def test_a_step_of_another_state_is_refused(plan, ani, everything):
    before = everything()

    page = ani.move(plan.id, "start")
    answer = ani.move(plan.id, "start", json=True)

    assert (page.status_code, answer.status_code) == (409, 409)
    assert answer.json["refused"] == "state"
    assert answer.json["sentence"] in words_of(page.text)
    assert everything() == before


def test_who_sends_back_says_why(plan, bayu, everything, ask):
    before = everything()

    page = bayu.move(plan.id, "return", reason="   ")
    answer = bayu.move(plan.id, "return", json=True)

    assert (page.status_code, answer.status_code) == (422, 422)
    assert answer.json == {
        "refused": "reason",
        "field": "reason",
        "sentence": "Tulis alasan untuk “Kembalikan”.",
    }
    assert answer.json["sentence"] in words_of(page.text)
    assert 'aria-invalid="true"' in page.text
    assert everything() == before
    assert newest(ask) == ("action_plan.return.refused", "action_plan", str(plan.id), 0)


def test_a_plan_without_a_measure_is_not_submitted(plan, ani, everything):
    assert ani.move(plan.id, "withdraw").status_code == 303
    form = ani.form(f"/action-plans/edit/?id={plan.id}")
    form.fill(indicator="")
    ani.save(form)
    before = everything()

    answer = ani.move(plan.id, "submit", json=True)

    assert (answer.status_code, answer.json["refused"]) == (422, "guard")
    assert answer.json["sentence"] in words_of(ani.move(plan.id, "submit").text)
    assert everything() == before


def test_offers_tell_every_step_and_why_it_is_closed(plan, ani, bayu):
    for_bayu = {one["step"]: one for one in bayu.get(f"/action-plans/{plan.id}/offers/").json}
    for_ani = {one["step"]: one for one in ani.get(f"/action-plans/{plan.id}/offers/").json}

    assert list(for_bayu) == list(for_ani) == ["withdraw", "approve", "return", "cancel"]
    assert for_bayu["approve"] == {
        "step": "approve",
        "label": "Setujui rencana",
        "objection": None,
    }
    assert for_ani["withdraw"]["objection"] is None
    assert for_ani["approve"]["objection"].startswith(f"{APPROVE} {TURN}")
    page = ani.get(f"/action-plans/details/?id={plan.id}").text
    assert for_ani["approve"]["objection"] in words_of(page)


def test_a_refused_journey_leaves_a_log_that_verifies(plan, person, site):
    for username in ("ani", "citra", "eka", "mira"):
        assert person(username).move(plan, "approve").status_code in (403, 404, 409)

    assert "agree" in verified(site)
