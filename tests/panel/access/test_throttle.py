"""Guessing gets slower; nobody is locked out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from panel.access.throttle import FREE_PER_ACCOUNT, FREE_PER_ADDRESS, Throttle, key_of, wait
from tests.panel.access.office import PASSWORD, Attempt, Clock, deeds, rows, sign_in


def fail(client: FlaskClient, times: int, username: str = "ani", **more: object) -> list[int]:
    return [sign_in(client, username, "wrong", **more).status_code for _ in range(times)]


def test_the_wait_doubles_up_to_a_minute() -> None:
    waits = [wait(failures, 5) for failures in range(4, 14)]

    assert waits == [0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_the_first_failures_of_an_account_cost_no_time_the_next_do(client: FlaskClient) -> None:
    first = fail(client, FREE_PER_ACCOUNT)

    slowed = sign_in(client, "ani")

    assert first == [200] * FREE_PER_ACCOUNT
    assert (slowed.status_code, slowed.headers["Retry-After"]) == (429, "1")
    assert client.get("/").text == "nobody"


def test_the_page_names_the_seconds(client: FlaskClient, clock: Clock) -> None:
    client.set_cookie("language", "en")
    fail(client, FREE_PER_ACCOUNT)
    for seconds in (1, 2, 4):
        clock.forward(seconds=seconds)
        fail(client, 1)

    slowed = sign_in(client, "ani")

    assert "Wait 8 seconds, then try again." in slowed.text


def test_waiting_is_enough_and_attempts_meanwhile_do_not_lengthen_it(
    client: FlaskClient, clock: Clock
) -> None:
    fail(client, FREE_PER_ACCOUNT)
    impatient = fail(client, 20)

    clock.forward(seconds=1)
    answer = sign_in(client, "ani")

    assert impatient == [429] * 20
    assert answer.status_code == 302


def test_a_success_starts_the_account_anew(client: FlaskClient, app: Flask) -> None:
    fail(client, FREE_PER_ACCOUNT - 1)
    sign_in(client, "ani")

    again = fail(app.test_client(), FREE_PER_ACCOUNT)

    assert again == [200] * FREE_PER_ACCOUNT


def test_half_an_hour_forgets(client: FlaskClient, clock: Clock) -> None:
    fail(client, FREE_PER_ACCOUNT)

    clock.forward(minutes=31)

    assert fail(client, 1) == [200]


def test_an_unknown_name_is_slowed_like_a_known_one(client: FlaskClient) -> None:
    answers = fail(client, FREE_PER_ACCOUNT + 1, "nobody-here")

    assert answers == [200] * FREE_PER_ACCOUNT + [429]


def test_strangers_elsewhere_do_not_hold_up_who_signed_in_here_before(
    app: Flask, client: FlaskClient
) -> None:
    sign_in(client, "ani")
    elsewhere = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}
    attack = fail(app.test_client(), FREE_PER_ACCOUNT + 1, **elsewhere)

    here = sign_in(app.test_client(), "ani")

    assert attack[-1] == 429
    assert here.status_code == 302


def test_an_address_that_tries_many_names_is_slowed(client: FlaskClient) -> None:
    answers = [fail(client, 1, f"name{number}")[0] for number in range(FREE_PER_ADDRESS + 1)]

    assert answers == [200] * FREE_PER_ADDRESS + [429]


def test_a_busy_office_does_not_add_up_its_slips(app: Flask, clock: Clock) -> None:
    with app.app_context():
        throttle: Throttle = app.extensions["throttle"]
        waits = []
        for number in range(FREE_PER_ADDRESS * 2):
            waits.append(throttle.begin(f"clerk{number}", "10.0.0.1"))  # a slip of the finger
            waits.append(throttle.begin(f"clerk{number}", "10.0.0.1"))
            throttle.succeeded(f"clerk{number}", "10.0.0.1")

    assert set(waits) == {0}


def test_attempts_at_once_are_counted_one_by_one(app: Flask) -> None:
    throttle: Throttle = app.extensions["throttle"]

    def attempt(_: int) -> int:
        with app.app_context():
            return throttle.begin("ani", "10.0.0.1")

    with ThreadPoolExecutor(4) as pool:
        waits = list(pool.map(attempt, range(20)))

    assert sorted(waits) == [0] * FREE_PER_ACCOUNT + [1] * (20 - FREE_PER_ACCOUNT)


def test_names_and_addresses_stand_in_the_table_as_hashes(app: Flask, client: FlaskClient) -> None:
    fail(client, 1)

    keys = {key for (key,) in rows(app, sa.select(Attempt.key))}

    assert keys == {key_of("account", "ani"), key_of("address", "127.0.0.1")}


def test_what_is_long_ago_goes_with_the_next_success(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    fail(client, 1, "somebody")
    clock.moment += timedelta(days=31)

    sign_in(client, "ani")

    keys = {key for (key,) in rows(app, sa.select(Attempt.key))}
    assert key_of("account", "somebody") not in keys


def test_it_can_be_switched_off(app: Flask, client: FlaskClient) -> None:
    app.config["THROTTLE"] = False

    assert fail(client, 40) == [200] * 40


@pytest.mark.parametrize("username", ["ani", "nobody-here", ""])
def test_every_refusal_reads_the_same_and_is_logged_without_what_was_typed(
    app: Flask, client: FlaskClient, username: str
) -> None:
    client.set_cookie("language", "en")

    answer = sign_in(client, username, "wrong")

    assert "User name or password is wrong." in answer.text
    assert 'wrong"' not in answer.text
    assert deeds(app) == [("sign-in.refused", 0)]


def test_a_closed_account_reads_like_a_wrong_password(app: Flask, client: FlaskClient) -> None:
    runner = app.test_cli_runner()
    runner.invoke(args=["account", "deactivate", "ani", "--reason", "left"])
    client.set_cookie("language", "en")

    answer = sign_in(client, "ani", PASSWORD)

    assert answer.status_code == 200
    assert "User name or password is wrong." in answer.text
