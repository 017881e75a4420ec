"""The life of a session: renewed at sign-in, gone when it should be, never shared."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from panel.access import accounts
from panel.changelog.records import deed
from panel.changelog.rules import Command
from tests.panel.access.office import (
    PASSWORD,
    Account,
    Change,
    Clock,
    Grant,
    Memo,
    WebSession,
    access,
    csrf,
    db,
    deeds,
    rows,
    sign_in,
    token,
)

SESSIONS = sa.select(WebSession.id, WebSession.account_id)


def cookie(client: FlaskClient) -> str | None:
    found = client.get_cookie("session")
    return found.value if found else None


def test_sign_in_leads_home_and_makes_one_session(app: Flask, client: FlaskClient) -> None:
    answer = sign_in(client, "Ani ")

    assert (answer.status_code, answer.location) == (302, "/")
    assert client.get("/").text == "Ani"
    assert rows(app, SESSIONS) == [(sha256((cookie(client) or "").encode()).hexdigest(), 1)]
    assert deeds(app) == [("sign-in", 1)]


def test_the_cookie_is_a_long_random_token_kept_from_scripts(client: FlaskClient) -> None:
    answer = sign_in(client, "ani")

    header = answer.headers["Set-Cookie"]
    assert len(cookie(client) or "") == 43
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Expires" not in header


def test_a_visitor_who_looks_at_nothing_leaves_no_session(app: Flask, client: FlaskClient) -> None:
    client.get("/")
    client.get("/nowhere/", headers={"Accept": "application/json"})

    assert rows(app, SESSIONS) == []


def test_a_token_of_before_the_sign_in_is_worth_nothing(app: Flask, client: FlaskClient) -> None:
    client.get("/login")
    before = cookie(client)
    sign_in(client, "ani")
    thief = app.test_client()
    thief.set_cookie("session", before or "")

    assert before != cookie(client)
    assert thief.get("/").text == "nobody"


def test_a_token_that_the_server_did_not_make_is_not_taken_on(client: FlaskClient) -> None:
    client.set_cookie("session", "chosen-by-somebody-else")

    sign_in(client, "ani")

    assert cookie(client) != "chosen-by-somebody-else"


def test_the_csrf_token_of_before_the_sign_in_is_refused_after_it(client: FlaskClient) -> None:
    old = token(client.get("/login").text)
    sign_in(client, "ani")

    answer = client.post("/memos/", data={"csrf_token": old})

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("minutes", "seen"),
    [((29,), "Ani"), ((31,), "nobody"), ((29, 29), "Ani"), ((29, 31), "nobody")],
)
def test_thirty_quiet_minutes_end_it(
    client: FlaskClient, clock: Clock, minutes: tuple[int, ...], seen: str
) -> None:
    sign_in(client, "ani")

    for pause in minutes:
        clock.forward(minutes=pause)
        text = client.get("/").text

    assert text == seen


def test_ten_hours_end_it_however_busy(client: FlaskClient, clock: Clock) -> None:
    sign_in(client, "ani")
    for _ in range(29):
        clock.forward(minutes=20)
        assert client.get("/").text == "Ani"
    clock.forward(minutes=29)

    assert client.get("/").text == "nobody"


def test_use_is_written_once_a_minute(app: Flask, client: FlaskClient, clock: Clock) -> None:
    sign_in(client, "ani")
    client.get("/")
    seen = sa.select(WebSession.seen_at)
    first = rows(app, seen)

    clock.forward(seconds=59)
    client.get("/")
    same = rows(app, seen)
    clock.forward(seconds=2)
    client.get("/")

    assert same == first
    assert rows(app, seen) == [(clock.moment,)]


def test_what_ended_by_itself_is_swept_out_by_the_next_sign_in(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    app.test_client().get("/login")
    sign_in(app.test_client(), "citra")
    clock.forward(minutes=31)

    sign_in(client, "ani")

    assert [account for _, account in rows(app, SESSIONS)] == [1]


def test_sign_out_is_a_post_and_leaves_nothing(app: Flask, client: FlaskClient) -> None:
    sign_in(client, "ani")
    stolen = cookie(client)
    by_link = client.get("/logout")

    answer = client.post("/logout", data={"csrf_token": csrf(client)})

    assert by_link.status_code == 405
    assert answer.location == "/login"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert cookie(client) is None
    assert rows(app, SESSIONS) == []
    assert deeds(app) == [("sign-in", 1), ("sign-out", 1)]
    thief = app.test_client()
    thief.set_cookie("session", stolen or "")
    assert thief.get("/").text == "nobody"


def test_a_session_ended_while_a_request_runs_stays_ended(app: Flask, client: FlaskClient) -> None:
    sign_in(client, "ani")

    client.get("/ended/")

    assert rows(app, SESSIONS) == []
    assert cookie(client) is None


ENDINGS = {
    "deactivation": lambda account: accounts.set_active(account, False),
    "a new password": lambda account: accounts.hand_over_password(account),
    "a role more": lambda account: accounts.set_roles(
        access, db.session(), account, ["clerk", "supervisor"]
    ),
    "a role less": lambda account: accounts.set_roles(access, db.session(), account, []),
    "a grant more": lambda account: account.grants.append(Grant(region_id=2, unit_path="")),
    "a grant changed": lambda account: setattr(account.grants[0], "unit_path", "/3/"),
    "a grant less": lambda account: db.session.delete(account.grants[0]),
}


@pytest.mark.parametrize("happening", ENDINGS)
def test_sessions_end_with(app: Flask, client: FlaskClient, happening: str) -> None:
    other = app.test_client()
    sign_in(client, "ani")
    sign_in(other, "citra")

    with app.app_context(), deed("account.edit", actor=Command("tests")):
        ENDINGS[happening](access.find(db.session(), username="ani"))
        db.session.commit()

    assert client.get("/").text == "nobody"
    assert other.get("/").text == "Citra"


def test_a_change_of_language_ends_nothing(app: Flask, client: FlaskClient) -> None:
    sign_in(client, "ani")

    with app.app_context(), deed("account.edit", actor=Command("tests")):
        access.find(db.session(), username="ani").language = "en"
        db.session.commit()

    assert client.get("/").text == "Ani"


def test_a_rolled_back_deactivation_ends_nothing(app: Flask, client: FlaskClient) -> None:
    sign_in(client, "ani")

    with app.app_context(), deed("account.edit", actor=Command("tests")):
        accounts.set_active(access.find(db.session(), username="ani"), False)
        db.session.flush()
        db.session.rollback()

    assert client.get("/").text == "Ani"


def test_a_changed_password_ends_the_other_sessions_and_renews_this_one(
    app: Flask, client: FlaskClient
) -> None:
    other = app.test_client()
    sign_in(client, "ani")
    sign_in(other, "ani")
    before = cookie(client)
    new = "pagi hujan di terminal lama"
    page = token(client.get("/change").text)

    answer = client.post(
        "/change",
        data={
            "csrf_token": page,
            "password": PASSWORD,
            "new_password": new,
            "new_password_confirm": new,
        },
    )

    assert answer.status_code == 302, answer.text
    assert cookie(client) != before
    assert client.get("/").text == "Ani"
    assert other.get("/").text == "nobody"
    assert sign_in(other, "ani").status_code == 200
    assert sign_in(other, "ani", new).status_code == 302
    assert [action for action, _ in deeds(app)][2] == "account.password"
    changed = rows(app, sa.select(Change.data).where(Change.tbl == "account").order_by(Change.id))
    assert not any("argon2" in data for (data,) in changed)


def test_whoever_has_a_password_handed_over_has_to_choose_his_own(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context(), deed("account.password", actor=Command("tests")):
        handed = accounts.hand_over_password(access.find(db.session(), username="ani"))
        db.session.commit()

    sign_in(client, "ani", handed)
    answer = client.get("/inside/")

    assert (answer.status_code, answer.location) == (303, "/change")


def test_a_request_writes_under_its_own_deed_and_leaks_none(
    app: Flask, client: FlaskClient
) -> None:
    sign_in(client, "ani")
    form = {"csrf_token": csrf(client)}

    answers = [
        client.post("/memos/broken/", data=form).status_code,
        client.get("/memos/").status_code,
        client.post("/memos/", data=form).status_code,
        app.test_client().get("/memos/").status_code,
    ]

    assert answers == [500, 500, 200, 500]
    assert rows(app, sa.select(Memo.text)) == [("written",)]
    assert deeds(app) == [("sign-in", 1), ("memos", 1)]


def test_a_stranger_writes_nothing(app: Flask, client: FlaskClient) -> None:
    answer = client.post("/memos/", data={"csrf_token": csrf(client)})

    assert answer.status_code == 500
    assert rows(app, sa.select(Memo.text)) == []


def test_a_session_is_written_although_the_request_left_its_transaction_open(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    sign_in(client, "ani")
    form = {"csrf_token": csrf(client)}
    clock.forward(minutes=2)

    answer = client.post("/memos/half/", data=form)

    assert answer.status_code == 200
    assert rows(app, sa.select(WebSession.seen_at)) == [(clock.moment,)]
    assert rows(app, sa.select(Memo.id)) == []


def test_many_at_once_write_without_waiting_for_their_own_session(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    sign_in(client, "ani")
    form = {"csrf_token": csrf(client)}
    value = cookie(client) or ""
    clock.forward(minutes=2)  # so that each request writes its session too

    def post(_: int) -> int:
        browser = app.test_client()
        browser.set_cookie("session", value)
        return browser.post("/memos/", data=form).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(post, range(12)))

    assert answers == [200] * 12
    assert rows(app, sa.select(sa.func.count(Memo.id))) == [(12,)]


def test_the_sign_in_before_is_kept_for_its_owner(app: Flask, client: FlaskClient) -> None:
    other = app.test_client()
    sign_in(other, "ani")

    sign_in(client, "ani")

    assert other.get("/before/").text == "first time"
    assert client.get("/before/").text == "again"
    signed_in = sa.select(Account.last_sign_in_at.is_not(None)).order_by(Account.id)
    assert rows(app, signed_in) == [(True,), (False,), (False,)]
