"""The second factor: setting it up, codes that serve once, a lost telephone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from threading import Thread

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from panel.access.throttle import FREE_PER_ACCOUNT
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
    Account,
    Change,
    Clock,
    deeds,
    rows,
    sign_in,
    token,
)

EKA = sa.select(Account.tf_primary_method, Account.mf_recovery_codes).where(Account.id == 3)


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


def test_an_administrator_is_nobody_until_an_authenticator_is_set_up(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    first = sign_in(client, "eka")
    between = home(client)
    telephone = scanned(client, clock)
    last = give(client, telephone.code())

    assert (first.location, between, last.location) == ("/tf-setup", "nobody", "/")
    assert rows(app, EKA) == [("authenticator", None)]
    assert acts(app) == ["sign-in.code", "account.authenticator", "sign-in"]


def test_the_second_time_the_code_is_asked_for_and_leads_back(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    telephone = set_up(client, clock)
    other = app.test_client()

    asked = sign_in(other, "eka", data={"next": "/memos/1/"})
    between = home(other)
    answer = give(other, telephone.code(), next="/memos/1/")

    assert (asked.location, between) == ("/tf-validate?next=/memos/1/", "nobody")
    assert answer.location == "/memos/1/"
    assert home(other) == "Eka"
    assert acts(app)[-2:] == ["sign-in.code", "sign-in"]


def test_a_code_serves_once(app: Flask, client: FlaskClient, clock: Clock) -> None:
    telephone = set_up(client, clock)
    code = telephone.code()
    second, third = app.test_client(), app.test_client()
    sign_in(second, "eka")
    sign_in(third, "eka")

    first = give(second, code)
    again = give(third, code)
    older = give(third, telephone.code(-30))

    assert first.location == "/"
    assert [again.status_code, older.status_code] == [200, 200]
    assert home(third) == "nobody"
    assert acts(app)[-2:] == ["sign-in.code.refused"] * 2


def test_a_code_sent_twice_at_once_signs_in_once(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    telephone = set_up(client, clock)
    code, locations = telephone.code(), []
    browsers = [app.test_client() for _ in range(4)]
    for browser in browsers:
        sign_in(browser, "eka")
    forms = [token(browser.get("/tf-validate").text) for browser in browsers]

    def send(browser: FlaskClient, form: str) -> None:
        answer = browser.post("/tf-validate", data={"csrf_token": form, "code": code})
        locations.append(answer.location)

    threads = [Thread(target=send, args=pair) for pair in zip(browsers, forms, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(locations, key=str) == ["/", None, None, None]


def test_guesses_are_slowed_and_signing_in_again_does_not_help(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    telephone = set_up(client, clock)
    guesser = app.test_client()
    guesser.set_cookie("language", "en")
    wrong = "000000" if telephone.code() != "000000" else "111111"

    answers = []
    for _ in range(FREE_PER_ACCOUNT + 1):
        assert sign_in(guesser, "eka").location == "/tf-validate"
        answers.append(give(guesser, wrong))

    assert [answer.status_code for answer in answers] == [200] * FREE_PER_ACCOUNT + [429]
    assert "Too many attempts." in answers[-1].text
    assert give(guesser, telephone.code()).status_code == 429
    clock.forward(seconds=61)
    assert give(guesser, telephone.code()).location == "/"


def test_a_recovery_code_signs_in_once(app: Flask, client: FlaskClient, clock: Clock) -> None:
    sign_in(client, "eka")
    give(client, scanned(client, clock).code())
    code = recovery_codes(client)[3]
    other, third = app.test_client(), app.test_client()
    sign_in(other, "eka")
    sign_in(third, "eka")

    first = post(other, "/mf-recovery", code=code.upper().replace("-", " "))
    again = post(third, "/mf-recovery", code=code)

    assert (first.location, home(other)) == ("/", "Eka")
    assert (again.status_code, home(third)) == (200, "nobody")
    assert acts(app)[-3:] == ["sign-in.recovery-code", "sign-in", "sign-in.recovery-code.refused"]
    assert len(str(rows(app, EKA)[0][1]).split(",")) == 7


def test_neither_key_nor_code_stands_readable_in_database_or_log(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    sign_in(client, "eka")
    telephone = scanned(client, clock)
    give(client, telephone.code())
    codes = recovery_codes(client)

    stored = str(rows(app, sa.select(Account.tf_totp_secret, Account.mf_recovery_codes)))
    logged = str(rows(app, sa.select(Change.data, Change.personal)))

    for secret in (telephone.totp.base32_key, telephone.totp.hex_key, codes[0]):
        assert secret.lower() not in (stored + logged).lower()
        assert secret.replace("-", "").lower() not in (stored + logged).lower()


def test_a_page_of_setting_up_kept_open_does_not_replace_an_authenticator(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    thief = app.test_client()
    sign_in(thief, "eka")
    stolen = scanned(thief, clock)
    page = token(thief.get("/tf-validate").text)
    telephone = set_up(client, clock)

    answer = thief.post("/tf-validate", data={"csrf_token": page, "code": stolen.code()})

    assert answer.status_code == 409
    assert home(thief) == "nobody"
    sign_in(thief, "eka")
    clock.forward(seconds=30)
    assert give(thief, telephone.code()).location == "/"


def test_another_telephone_takes_the_place_of_the_old_one(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    old = set_up(client, clock)
    page = post(client, "/tf-setup", setup="authenticator").text
    new = Authenticator(page, clock)
    action = re.search(r'action="(/tf-setup/[^"]+)"', page)
    assert action

    client.post(action[1], data={"csrf_token": token(page), "code": new.code()})

    other = app.test_client()
    clock.forward(seconds=30)
    sign_in(other, "eka")
    assert give(other, old.code()).status_code == 200
    assert give(other, new.code()).location == "/"
    assert "account.authenticator" in acts(app)[-4:]


def test_the_command_forgets_a_lost_telephone(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    set_up(client, clock)
    words = ["account", "totp-reset", "eka", "--reason", "telephone lost, seen in person"]

    first = app.test_cli_runner().invoke(args=words)
    second = app.test_cli_runner().invoke(args=words)

    assert (first.exit_code, first.output) == (0, "eka: done.\n")
    assert second.output == "Error: This account has no authenticator.\n"
    assert home(client) == "nobody"
    assert sign_in(client, "eka").location == "/tf-setup"
    assert acts(app)[-1] == "account.totp-reset"
    assert rows(app, EKA) == [(None, None)]
