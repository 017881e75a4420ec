"""The pages that ask for the password of whoever is signed in."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from panel.access.throttle import FREE_PER_ACCOUNT
from tests.panel.access.office import PASSWORD, deeds, sign_in, token

NEW = "pagi hujan di terminal lama"


@pytest.fixture
def database_kind() -> str:
    """One database is enough: nothing here depends on it."""
    return "sqlite"


def change(client: FlaskClient, **fields: str) -> tuple[int, str]:
    """Send the form for changing the password, in English."""
    client.set_cookie("language", "en")
    form = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW} | fields
    page = token(client.get("/change").text)
    answer = client.post("/change", data=form | {"csrf_token": page})
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"password": "not mine"}, "The password is wrong."),
        ({"password": ""}, "The password is wrong."),
        ({"new_password": "short"}, "Take at least 12 characters."),
        ({"new_password": ""}, "Take at least 12 characters."),
        ({"new_password": "rahasia12345"}, "This password stands in lists of common passwords."),
        ({"new_password_confirm": "another"}, "This is not the new password above."),
        (
            {"new_password": PASSWORD, "new_password_confirm": PASSWORD},
            "The new password is the present one.",
        ),
    ],
)
def test_a_change_is_refused_beside_its_field_and_nothing_changes(
    app: Flask, client: FlaskClient, fields: dict[str, str], sentence: str
) -> None:
    sign_in(client, "ani")

    status, text = change(client, **fields)

    assert status == 200
    assert sentence in text
    assert 'aria-invalid="true"' in text
    assert sign_in(app.test_client(), "ani").status_code == 302
    assert "account.password" not in [action for action, _ in deeds(app)]


def test_guessing_the_present_password_is_slowed_and_logged(
    app: Flask, client: FlaskClient
) -> None:
    sign_in(client, "ani")

    answers = [change(client, password="wrong")[0] for _ in range(FREE_PER_ACCOUNT + 1)]

    assert answers == [200] * FREE_PER_ACCOUNT + [429]
    assert [action for action, _ in deeds(app)] == [
        "sign-in",
        *["password.refused"] * FREE_PER_ACCOUNT,
    ]


def test_a_stranger_sees_neither_page(client: FlaskClient) -> None:
    answers = [client.get(path) for path in ("/change", "/verify")]

    assert [answer.location for answer in answers] == ["/login?next=/change", "/login?next=/verify"]


@pytest.mark.parametrize(("password", "status"), [(PASSWORD, 302), ("wrong", 200)])
def test_showing_that_it_is_still_you_takes_the_password(
    client: FlaskClient, password: str, status: int
) -> None:
    sign_in(client, "ani")
    page = token(client.get("/verify?next=/inside/").text)

    answer = client.post(
        "/verify", data={"csrf_token": page, "password": password, "next": "/inside/"}
    )

    assert answer.status_code == status
    assert (answer.location == "/inside/") is (status == 302)
