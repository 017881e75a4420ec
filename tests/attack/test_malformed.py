"""What no browser sends: refused in words, before anything reads it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.site import ON_SQLITE

pytestmark = ON_SQLITE

JSON = (
    '{"username": 1, "password": 2}',
    "[1, 2]",
    '"text"',
    '{"username": "\\ud800", "password": "\\u0000"}',
    "[" * 50_000 + "]" * 50_000,
)


@pytest.mark.parametrize("body", JSON)
def test_a_body_of_json_is_not_read(site: Flask, body: str) -> None:
    site.config["WTF_CSRF_ENABLED"] = False
    stranger = site.test_client()

    answer = stranger.post("/login", data=body, content_type="application/json")

    assert answer.status_code == 415


@pytest.mark.parametrize("origin", ["http://[", "null", "", "http://", "https://evil.test"])
def test_an_origin_that_is_not_ours_or_none_at_all_is_refused(site: Flask, origin: str) -> None:
    answer = site.test_client().post("/login", headers={"Origin": origin})

    assert answer.status_code == 403


@pytest.mark.parametrize("number", ["9223372036854775808", "9" * 23, "-1", "9" * 4000, "١"])
@pytest.mark.parametrize("asked", ["before", "actor"])
def test_a_number_in_a_question_to_the_log_is_one(
    client_of: Callable[[str], FlaskClient], asked: str, number: str
) -> None:
    citra = client_of("citra")

    for page in ("/changes/?", "/officials/history/?id=1&"):
        assert citra.get(f"{page}{asked}={number}").status_code == 400


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2025-W01-1", "yesterday"])
@pytest.mark.parametrize("asked", ["from", "to"])
def test_a_day_at_the_end_of_time_asks_for_nothing(
    client_of: Callable[[str], FlaskClient], asked: str, day: str
) -> None:
    assert client_of("citra").get(f"/changes/?{asked}={day}").status_code == 200


def test_a_form_of_endless_fields_is_refused_before_it_is_taken_apart(site: Flask) -> None:
    stranger = site.test_client()
    form = "application/x-www-form-urlencoded"

    many = stranger.post("/login", data="a=&" * 300_000, content_type=form)
    few = stranger.post("/login", data="a=&" * 4_999, content_type=form)

    assert many.status_code == 413
    assert few.location == "/login"  # read, and without its token
