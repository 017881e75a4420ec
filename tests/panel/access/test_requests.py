"""What does not come in, what every answer carries, and what an error page does not say."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_login import encode_cookie

from panel.screens.errors import incident
from panel.screens.requests import HEADERS
from panel.screens.signin import check_routes
from tests.panel.access.office import (
    PASSWORD,
    Clock,
    Memo,
    WebSession,
    access,
    csrf,
    db,
    deeds,
    make_app,
    rows,
    sign_in,
    token,
)

SECRET = "199001012020011001"
JSON = {"Accept": "application/json"}
HOSTILE = [
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "http:evil.example",
    "http://evil.example/",
    "https://localhost@evil.example/",
    "http://localhost\\@evil.example/",
    "javascript:alert(1)",
    "/\t/evil.example/",
    " //evil.example/",
    "/%0a\n/evil.example",
    "evil.example",
]


@pytest.fixture
def database_kind() -> str:
    """One database is enough: nothing here depends on it."""
    return "sqlite"


@pytest.fixture(scope="module")
def quiet_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application for the tests that change nothing."""
    app = make_app(f"sqlite:///{tmp_path_factory.mktemp('office') / 'office.db'}", Clock())
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def visitor(quiet_office: Flask) -> FlaskClient:
    return quiet_office.test_client()


@pytest.mark.parametrize("target", HOSTILE)
@pytest.mark.parametrize("name", ["next", "url"])
def test_no_redirect_leaves_the_site(visitor: FlaskClient, name: str, target: str) -> None:
    page = token(visitor.get("/login").text)
    form = {"csrf_token": page, "username": "ani", "password": PASSWORD, name: target}

    answers = [
        visitor.post("/login", data=form),
        visitor.get("/login", query_string={name: target}),
    ]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert visitor.get("/").text == "nobody"


@pytest.mark.parametrize("target", ["/inside/", "/memos/7/?search=a%20b", "/"])
def test_a_path_of_our_own_is_where_the_sign_in_leads(visitor: FlaskClient, target: str) -> None:
    answer = sign_in(visitor, "ani", data={"next": target})

    assert (answer.status_code, answer.location) == (302, target)


def test_a_stranger_is_sent_to_the_sign_in_and_back(visitor: FlaskClient) -> None:
    answer = visitor.get("/inside/?page=2")

    assert (answer.status_code, answer.location) == (303, "/login?next=/inside/?page%3D2")
    assert visitor.get("/inside/", headers=JSON).status_code == 401


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/?page=-1", 400),
        ("/?page=99999999999999999999", 400),
        ("/?page_size=abc", 400),
        ("/?sort=1%27", 400),
        ("/?page=", 200),
        ("/?page=3", 200),
        ("/?search=%00", 400),
        ("/?a%00b=1", 400),
        ("/memos/%00/", 400),
        ("/?id=12345678901234567890123", 404),
        ("/?id=2147483648", 404),
        ("/?id=2147483647", 200),
        ("/memos/12345678901234567890123/", 404),
        ("/memos/2147483648/", 404),
        ("/memos/2147483647/", 200),
        ("/memos/1,2/", 404),
        ("/marks/2147483648/", 200),
        ("/marks/1000000000000000000/", 404),
    ],
)
def test_malformed_addresses_are_answered_with_4xx(
    visitor: FlaskClient, path: str, status: int
) -> None:
    assert visitor.get(path).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "http://localhost:8001"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_a_form_of_another_site_is_refused_even_with_a_good_token(
    app: Flask, client: FlaskClient, headers: dict[str, str], status: int
) -> None:
    sign_in(client, "ani")

    answer = client.post("/memos/", data={"csrf_token": csrf(client)}, headers=headers)

    assert answer.status_code == status
    assert rows(app, sa.select(sa.func.count(Memo.id))) == [(1 if status == 200 else 0,)]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/login", 200),
        ("/nowhere/", 404),
        ("/?page=x", 400),
        ("/logout", 405),
        ("/memos/", 500),
        ("/locked/", 503),
        ("/inside/", 303),
    ],
)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_every_answer_carries_the_headers(
    visitor: FlaskClient, path: str, status: int, accept: str
) -> None:
    answer = visitor.get(path, headers={"Accept": accept})

    seen = {name: answer.headers.get(name) for name in (*HEADERS, "Cache-Control")}
    assert answer.status_code == (401 if accept == "application/json" and status == 303 else status)
    assert seen == {**HEADERS, "Cache-Control": "no-store"}
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["X-Request-Id"])
    assert "Strict-Transport-Security" not in answer.headers


def test_behind_tls_the_browser_is_told_to_stay_there(visitor: FlaskClient) -> None:
    answer = visitor.get("/", base_url="https://localhost")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_assets_may_be_kept(visitor: FlaskClient) -> None:
    with visitor.get("/static/panel/panel.css") as answer:
        assert answer.status_code == 200
    assert answer.headers["Cache-Control"] != "no-store"


@pytest.mark.parametrize("headers", [{}, JSON])
def test_an_error_of_ours_says_a_number_and_nothing_else(
    app: Flask, client: FlaskClient, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    sign_in(client, "ani")
    form = {"csrf_token": csrf(client)}
    caplog.clear()

    with caplog.at_level(logging.ERROR):
        answer = client.post("/memos/broken/", data=form, headers=headers)

    entries = [json.loads(record.getMessage()) for record in caplog.records]
    assert answer.status_code == 500
    assert [(entry["error"], entry["request"]) for entry in entries] == [
        ("ValueError", answer.headers["X-Request-Id"])
    ]
    assert re.fullmatch(r"K-[0-9A-F]{4}-\d{4}", entries[0]["incident"])
    assert entries[0]["incident"] in answer.text
    assert any(place.endswith("broken") for place in entries[0]["places"])
    for words in (SECRET, "ValueError", "Traceback"):
        assert words not in answer.text
        assert words == "ValueError" or words not in caplog.text
    assert rows(app, sa.select(Memo.id)) == []
    assert deeds(app) == [("sign-in", 1)]


def test_a_database_that_does_not_answer_is_503_without_its_words(client: FlaskClient) -> None:
    sign_in(client, "ani")

    answer = client.get("/locked/")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "SELECT" not in answer.text
    assert client.get("/").text == "Ani"


def test_an_error_page_stands_even_when_its_template_fails(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.jinja_env.globals, "panel_admin", None)

    answer = client.get("/locked/")

    assert answer.status_code == 503
    assert re.fullmatch(r"The panel is busy\. .* K-[0-9A-F]{4}-\d{4}\n", answer.text)
    assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


def test_incident_numbers_differ(app: Flask) -> None:
    with app.test_request_context():
        numbers = {incident(ValueError("x")) for _ in range(20)}

    assert len(numbers) == 20


def test_too_much_is_413(visitor: FlaskClient) -> None:
    answer = visitor.post("/login", data={"username": "x" * 13 * 1024 * 1024})

    assert answer.status_code == 413


def test_an_old_token_keeps_what_was_typed_but_no_password(app: Flask, client: FlaskClient) -> None:
    sign_in(client, "ani")
    typed = {"csrf_token": "old", "text": 'Apel "pagi" <b>\nbaris dua', "new_password": "geheim"}
    origin = {"Origin": "http://localhost"}

    answer = client.post("/memos/", data=typed, headers=origin)
    again = client.post("/memos/", data={"csrf_token": token(answer.text)}, headers=origin)

    assert answer.status_code == 400
    assert '<textarea name="text" hidden>\nApel &#34;pagi&#34; &lt;b&gt;\nbaris dua</textarea>' in (
        answer.text
    )
    assert 'action="/memos/"' in answer.text
    assert "geheim" not in answer.text
    assert again.status_code == 200


def test_an_old_token_from_nobody_knows_where_gets_no_new_one(client: FlaskClient) -> None:
    sign_in(client, "ani")

    answer = client.post("/memos/", data={"csrf_token": "old", "text": "planted"})

    assert answer.status_code == 400
    assert "planted" not in answer.text


def test_a_sign_in_page_open_for_too_long_is_simply_shown_again(visitor: FlaskClient) -> None:
    answer = visitor.post("/login?next=/inside/", data={"csrf_token": "old", "username": "ani"})

    assert (answer.status_code, answer.location) == (303, "/login?next=/inside/")
    assert visitor.get("/login").status_code == 200


def test_neither_tokens_nor_remembered_browsers_let_anybody_in(
    app: Flask, client: FlaskClient
) -> None:
    sign_in(client, "ani")
    with app.test_request_context():
        found = access.find(db.session(), username="ani")
        auth, remembered = found.get_auth_token(), encode_cookie(found.fs_uniquifier)
    thief = app.test_client()
    thief.set_cookie("remember_token", remembered)

    assert thief.get("/").text == "nobody"
    assert app.test_client().get("/", headers={"Authentication-Token": auth}).text == "nobody"
    assert app.test_client().get(f"/?auth_token={auth}").text == "nobody"


def test_in_production_the_cookie_is_bound_to_host_and_tls(engine_url: str) -> None:
    app = make_app(engine_url, Clock(), SESSION_COOKIE_SECURE=True)

    answer = app.test_client().get("/login", base_url="https://localhost")

    with app.app_context():
        db.engine.dispose()
    name, _, rest = answer.headers["Set-Cookie"].partition("=")
    assert name == "__Host-session"
    assert rest.split("; ", 1)[1] == "Secure; HttpOnly; Path=/; SameSite=Lax"


def test_visitors_of_the_sign_in_page_write_nothing(app: Flask, client: FlaskClient) -> None:
    for _ in range(5):
        app.test_client().get("/login")
        client.get("/login")
        client.post("/login", data={"username": "ani", "password": PASSWORD})

    kept = client.get_cookie("session")
    assert kept is not None
    assert len(kept.value) < 2_000
    assert rows(app, sa.select(WebSession.id)) == []


def test_a_visitors_cookie_that_was_touched_or_is_of_yesterday_is_nothing(
    client: FlaskClient, clock: Clock
) -> None:
    page = token(client.get("/login").text)
    form = {"username": "ani", "password": PASSWORD, "csrf_token": page}
    kept = client.get_cookie("session")
    assert kept is not None
    client.set_cookie("session", f"x{kept.value}")
    touched = client.post("/login", data=form)
    client.set_cookie("session", kept.value)
    clock.forward(hours=10, minutes=1)

    late = client.post("/login", data=form)

    assert [touched.location, late.location] == ["/login", "/login"]
    client.set_cookie("session", kept.value)
    clock.forward(hours=-1)
    assert client.post("/login", data=form).location == "/"


def test_a_route_without_a_rule_stops_the_start(app: Flask) -> None:
    with pytest.raises(RuntimeError, match=r"ended, .*memos"):
        check_routes(app)

    check_routes(app, public=[rule.endpoint for rule in app.url_map.iter_rules()])
