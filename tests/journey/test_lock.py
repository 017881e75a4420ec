"""An approved plan is locked with all of its parts, whichever way somebody tries."""

from __future__ import annotations

import pytest

from tests.journey.conftest import verified
from tests.journey.pages import words_of

LOCKED = "Keadaannya “Disetujui”: ini tidak dapat diubah sekarang."
DECIDED = "Yang sudah diputuskan tetap ada dan tidak dapat dihapus."


def test_the_edit_page_of_a_locked_plan_says_why_it_is_closed(approved, ani, everything):
    before = everything()

    page = ani.get(f"/action-plans/edit/?id={approved.id}")

    assert page.status_code == 409
    assert LOCKED in words_of(page.text)
    assert "Giliran Petugas (Ani Contoh, Asep Misal)" in words_of(page.text)
    assert f"/action-plans/edit/?id={approved.id}" not in ani.get(
        f"/action-plans/details/?id={approved.id}"
    ).text.replace("&amp;", "&")
    assert everything() == before


@pytest.fixture
def forms(plan, ani, bayu, ask):
    """Forms that were opened while the plan was a draft and are sent when it is approved."""
    assert ani.move(plan.id, "withdraw").status_code == 303
    edit = ani.form(f"/action-plans/edit/?id={plan.id}")
    assert ani.move(plan.id, "submit").status_code == 303
    assert bayu.move(plan.id, "approve").status_code == 303
    return edit


def steps_of(ask, plan):
    """The keys of a plan's steps, in order."""
    return [
        k for (k,) in ask("SELECT id FROM action_step WHERE plan_id=:p ORDER BY number", p=plan)
    ]


def test_a_form_from_before_the_approval_saves_nothing(plan, forms, ani, everything, ask):
    before, forms.values["title"] = everything(), "Lain"

    answer = ani.send(forms)

    assert answer.status_code == 409
    assert LOCKED in words_of(answer.text)
    assert everything() == before
    assert ask("SELECT action, subject_pk, n FROM deed ORDER BY seq DESC LIMIT 1") == [
        ("action_plan.edit.refused", str(plan.id), 0)
    ]


def test_no_step_is_changed_added_or_taken_away(plan, forms, ani, everything, ask):
    first, second = steps_of(ask, plan.id)
    before = everything()
    tries = (
        {"steps-0-text": "Lain"},
        {"del-steps-0": "on"},
        {"steps-0-progress_note": "Sudah"},
        {
            "steps-7-id": "",
            "steps-7-number": "3",
            "steps-7-text": "Langkah baru",
        },
    )

    answers = []
    for typed in tries:
        sent = forms.values.copy()
        for name, text in typed.items():
            sent[name] = text
        answers.append(ani.client.post(forms.action, data=sent))

    assert (forms.values["steps-0-id"], forms.values["steps-1-id"]) == (str(first), str(second))
    assert [answer.status_code for answer in answers] == [409] * len(tries)
    assert everything() == before


def test_forged_posts_are_refused_and_change_nothing(approved, ani, bayu, everything):
    key, before = str(approved.id), everything()
    edit = f"/action-plans/edit/?id={approved.id}"

    answers = [
        ani.post(edit, title="Lain"),
        ani.post(edit, status="draft"),
        ani.post("/action-plans/delete/", id=key, _reason="Salah"),
        ani.post("/action-plans/action/", action="delete", rowid=key, confirmed="1", _confirm="1"),
        ani.post("/action-plans/ajax/update/", list_form_pk=key, title="Lain"),
        bayu.post(edit, title="Lain"),
        bayu.post("/action-plans/delete/", id=key),
    ]

    assert [answer.status_code for answer in answers] == [409, 409, 409, 409, 404, 403, 403]
    assert LOCKED in words_of(answers[0].text)
    assert DECIDED in words_of(answers[2].text)
    assert everything() == before


def test_the_commitment_and_the_official_behind_it_stay(approved, ani, everything, ask):
    ((official, commitment),) = ask(
        "SELECT official_id, commitment_id FROM action_plan WHERE id = :id", id=approved.id
    )
    before = everything()

    answers = [
        ani.post("/officials/delete/", id=str(official)),
        ani.post("/commitments/delete/", id=str(commitment)),
    ]

    assert answers[0].status_code == 409
    assert answers[1].status_code in (403, 409)
    assert everything() == before


def test_after_all_the_attempts_the_log_verifies(approved, ani, site):
    ani.post(f"/action-plans/edit/?id={approved.id}", title="Lain")
    ani.post("/action-plans/delete/", id=str(approved.id))

    assert "agree" in verified(site)
