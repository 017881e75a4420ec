"""The pages of the second factor: who meets them, what they say, and where they lead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.panel.access.authenticator import (
    Authenticator,
    give,
    post,
    recovery_codes,
    scanned,
    set_time,
    set_up,
)
from tests.panel.access.office import (
    PASSWORD,
    Account,
    Clock,
    db,
    deeds,
    make_app,
    rows,
    sign_in,
    token,
)

EKA = sa.select(Account.tf_primary_method, Account.mf_recovery_codes).where(Account.id == 3)


@pytest.fixture
def database_kind() -> str:
    """One database is enough: nothing here depends on it."""
    return "sqlite"


@pytest.fixture
def app(
    database_kind: str, clock: Clock, open_office: Callable[..., AbstractContextManager[Flask]]
) -> Iterator[Flask]:
    with open_office(database_kind, TOTP=True) as app:
        set_time(app, clock)
        yield app


def acts(app: Flask) -> list[str]:
    return [action for action, _ in deeds(app)]


def home(client: FlaskClient) -> str:
    """Who is signed in, as the first page says."""
    return str(client.get("/").text)


def test_a_clerk_signs_in_with_the_password_alone(client: FlaskClient) -> None:
    assert sign_in(client, "ani").location == "/"
    assert home(client) == "Ani"


def test_the_page_of_the_key_has_a_picture_that_the_policy_lets_through(
    app: Flask, client: FlaskClient
) -> None:
    sign_in(client, "eka")

    answer = post(client, "/tf-setup", setup="authenticator")

    assert 'src="data:image/svg+xml;base64,' in answer.text
    assert "img-src 'self' data:" in answer.headers["Content-Security-Policy"]
    assert 'style="' not in answer.text


def test_recovery_codes_come_before_everything_else(client: FlaskClient, clock: Clock) -> None:
    sign_in(client, "eka")
    give(client, scanned(client, clock).code())

    before = client.get("/inside/")
    codes = recovery_codes(client)
    after = client.get("/inside/")

    assert before.location == "/mf-recovery-codes"
    assert len(set(codes)) == 8
    assert after.text == "inside"
    assert codes[0] not in client.get("/mf-recovery-codes?show_codes=1").text


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６"])
def test_what_is_no_code_is_said_so_and_is_no_attempt(
    app: Flask, client: FlaskClient, clock: Clock, typed: str
) -> None:
    set_up(client, clock)
    other = app.test_client()
    other.set_cookie("language", "en")
    sign_in(other, "eka")
    before = acts(app)

    answer = give(other, typed)

    assert "A code has six digits." in answer.text
    assert home(other) == "nobody"
    assert acts(app) == before


def test_who_was_closed_between_password_and_code_stays_outside(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    telephone = set_up(client, clock)
    other = app.test_client()
    sign_in(other, "eka")
    run = app.test_cli_runner().invoke
    run(args=["account", "deactivate", "eka", "--reason", "left"])

    answer = give(other, telephone.code())

    assert (answer.status_code, home(other)) == (200, "nobody")
    assert acts(app)[-1] == "sign-in.code.refused"


@pytest.mark.parametrize("path", ["/tf-setup", "/tf-validate", "/mf-recovery", "/tf-rescue"])
def test_without_the_password_no_page_opens(client: FlaskClient, path: str) -> None:
    assert client.get(path).location == "/login"
    assert post(client, path, page="/login", code="123456").location == "/login"


def test_the_session_of_the_password_is_a_new_one(client: FlaskClient) -> None:
    client.get("/login")
    before = client.get_cookie("session")
    sign_in(client, "eka")
    after = client.get_cookie("session")

    assert before is not None
    assert after is not None
    assert before.value != after.value


def test_the_browsers_back_button_does_not_sign_out(client: FlaskClient, clock: Clock) -> None:
    set_up(client, clock)

    assert client.get("/tf-validate").location == "/"
    assert home(client) == "Eka"


def test_a_role_that_needs_codes_cannot_do_without(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    set_up(client, clock)

    post(client, "/tf-setup", setup="disable")

    assert rows(app, EKA)[0][0] == "authenticator"


def test_a_clerk_may_choose_codes_and_do_without_them_again(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    sign_in(client, "ani")
    page = post(client, "/tf-setup", setup="authenticator").text
    action = re.search(r'action="(/tf-setup/[^"]+)"', page)
    assert action
    telephone = Authenticator(page, clock)
    client.post(action[1], data={"csrf_token": token(page), "code": telephone.code()})
    recovery_codes(client)

    asked = sign_in(app.test_client(), "ani").location
    post(client, "/tf-setup", setup="disable")

    assert asked == "/tf-validate"
    assert sign_in(app.test_client(), "ani").location == "/"
    assert acts(app)[-3:] == ["account.recovery-codes", "account.no-authenticator", "sign-in"]


def test_after_some_time_the_password_is_asked_for_before_the_authenticator_changes(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    set_up(client, clock)
    app.config["SECURITY_FRESHNESS"] = timedelta(microseconds=1)

    answers = [client.get(path).location for path in ("/tf-setup", "/mf-recovery-codes")]

    assert answers == ["/verify?next=/tf-setup", "/verify?next=/mf-recovery-codes"]


def test_where_it_is_off_nothing_is_asked_and_there_are_no_pages(
    engine_url: str, clock: Clock
) -> None:
    app = make_app(engine_url, clock)
    client = app.test_client()

    assert sign_in(client, "eka", PASSWORD).location == "/"
    assert client.get("/tf-setup").status_code == 404
    with app.app_context():
        db.engine.dispose()
