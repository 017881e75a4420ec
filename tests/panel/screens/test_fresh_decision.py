"""The password once more inside a supervisor's decision: asked for, counted, never kept."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask_security import hash_password

from panel.access.throttle import FREE_PER_ACCOUNT, Throttle
from panel.changelog.records import deed
from panel.columns import now
from tests.panel.screens import office
from tests.panel.screens.conftest import SYSTEM
from tests.panel.screens.office import Decision, Plan, db

PASSWORD = "kuda kuning naik sepeda"
STATUS = sa.select(Plan.status)
FIELD = re.compile(r'<input class="in" id="password"[^>]*>')


@pytest.fixture
def app(app):
    """The office where decisions are signed; Bayu and Ani have a password."""
    app.config.update(REAUTH=True, THROTTLE=True)
    with app.app_context(), deed("test.fill", actor=SYSTEM):
        for username in ("ani", "bayu"):
            account = office.access.find(db.session, username=username)
            account.password = hash_password(PASSWORD)
        db.session.commit()
        db.session.remove()
    return app


@pytest.fixture
def plan(ani):
    """A plan that Ani has submitted."""
    ani.send("/plans/new/", title="Apel pagi", target="07.30", person="1")
    assert ani.post("/plans/1/move/submit/", {"seen": seen_by(ani)}).status_code == 303


def page_of(browser) -> str:
    browser.client.set_cookie("language", "en")
    return browser.get("/plans/details/?id=1").text


def seen_by(browser) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page_of(browser))
    assert found
    return found[1]


def approve(browser, headers=None, **typed):
    form = {"seen": seen_by(browser), **typed}
    return browser.post("/plans/1/move/approve/", form, headers=headers or {})


def test_the_box_of_the_decision_asks_for_it(bayu, plan):
    page = page_of(bayu)

    assert 'type="password" autocomplete="current-password" required' in FIELD.findall(page)[0]
    assert "It stands for your signature: " in page


def test_a_clerk_is_not_asked(ani, rows):
    ani.send("/plans/new/", title="Apel pagi", target="07.30", person="1")

    assert not FIELD.findall(page_of(ani))
    assert ani.post("/plans/1/move/submit/", {"seen": seen_by(ani)}).status_code == 303


def test_with_the_password_the_step_is_taken(bayu, plan, rows, deeds):
    answer = approve(bayu, password=PASSWORD)

    assert answer.status_code == 303
    assert rows(STATUS) == [("running",)]
    assert deeds()[-1] == "plan.approve"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Type your password: this step is signed with it."),
        ({"password": ""}, "Type your password: this step is signed with it."),
        ({"password": "kuda kuning naik sepedA"}, "The password is wrong."),
    ],
)
def test_without_it_nothing_is_decided_and_the_reason_stays(
    bayu, plan, rows, deeds, typed, sentence
):
    before = deeds()

    answer = approve(bayu, reason="Sudah saya baca", **typed)

    assert answer.status_code == 422
    assert f"<span>{sentence}</span>" in answer.text
    assert 'aria-invalid="true" aria-describedby="password-e"' in FIELD.findall(answer.text)[0]
    assert "Sudah saya baca</textarea>" in answer.text
    assert "sepedA" not in answer.text
    assert rows(STATUS) == [("submitted",)]
    assert rows(sa.select(sa.func.count()).select_from(Decision)) == [(1,)]
    assert deeds() == [*before, "plan.approve.refused"]


def test_a_program_reads_the_same(bayu, plan):
    answer = approve(bayu, headers={"Accept": "application/json"}, password="guess")

    assert answer.status_code == 422
    assert answer.json == {
        "refused": "field",
        "sentence": "The password is wrong.",
        "field": "password",
    }


def test_guesses_are_slowed_like_those_at_sign_in(app, bayu, plan, rows, deeds, monkeypatch):
    moment = now()  # one, however long the machine takes over a password
    throttle = Throttle(office.access.attempt, lambda: db.engine, lambda: moment)
    monkeypatch.setitem(app.extensions, "throttle", throttle)

    answers = [approve(bayu, password="guess") for _ in range(FREE_PER_ACCOUNT)]
    right = approve(bayu, password=PASSWORD)

    assert [answer.status_code for answer in answers] == [422] * FREE_PER_ACCOUNT
    assert (right.status_code, right.headers["Retry-After"].isdigit()) == (429, True)
    assert "Too many attempts." in right.text
    assert rows(STATUS) == [("submitted",)]
    assert deeds()[2:] == ["plan.approve.refused"] * (FREE_PER_ACCOUNT + 1)


def test_what_is_closed_anyway_says_so_before_a_password_is_asked(ani, bayu, mira, plan):
    seen = seen_by(bayu)

    answers = [
        ani.post("/plans/1/move/approve/", {"seen": seen}),
        bayu.post("/plans/1/move/close/", {"seen": seen}),
        mira.post("/plans/1/move/approve/", {"seen": seen}),
        bayu.post("/plans/1/move/fly/", {"seen": seen}),
    ]

    assert [answer.status_code for answer in answers] == [403, 409, 404, 404]


def test_the_right_password_does_not_open_a_stale_page(bayu, plan, rows):
    answer = bayu.post("/plans/1/move/approve/", {"seen": "0" * 64, "password": PASSWORD})

    assert answer.status_code == 409
    assert rows(STATUS) == [("submitted",)]


def test_where_it_is_off_nothing_is_asked(app, bayu, plan, rows):
    app.config["REAUTH"] = False

    assert not FIELD.findall(page_of(bayu))
    assert approve(bayu).status_code == 303
