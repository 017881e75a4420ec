"""Theme and language: cookies of this browser, and nothing else."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.panel.screens.theme_site import create_site


@pytest.fixture
def client() -> FlaskClient:
    site = create_site(rows=1)
    site.config["WTF_CSRF_ENABLED"] = False
    return site.test_client()


def html_tag(client: FlaskClient) -> str:
    page = client.get("/official/").text
    return page[page.index("<html") : page.index(">", page.index("<html")) + 1]


def test_the_device_decides_until_somebody_chooses(client: FlaskClient) -> None:
    assert html_tag(client) == '<html lang="id">'


def test_a_chosen_theme_is_in_the_page_before_it_is_drawn(client: FlaskClient) -> None:
    answer = client.post("/preferences/", data={"theme": "dark", "next": "/official/?sort=0"})

    assert (answer.status_code, answer.location) == (303, "/official/?sort=0")
    assert html_tag(client) == '<html lang="id" data-theme="dark">'


def test_auto_follows_the_device_again(client: FlaskClient) -> None:
    client.post("/preferences/", data={"theme": "dark"})

    client.post("/preferences/", data={"theme": "auto"})

    assert html_tag(client) == '<html lang="id">'


def test_a_chosen_language_is_spoken(client: FlaskClient) -> None:
    client.post("/preferences/", data={"language": "en"})

    page = client.get("/official/").text

    assert '<html lang="en">' in page
    assert "Skip to the content" in page


@pytest.mark.parametrize("data", [{"theme": "<script>"}, {"language": "xx"}])
def test_what_is_not_offered_is_refused(client: FlaskClient, data: dict[str, str]) -> None:
    answer = client.post("/preferences/", data=data)

    assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (400, [])


@pytest.mark.parametrize(
    "back",
    [
        "http://other.example/",
        "//other.example/",
        "/\\other.example/",
        "\\\\other.example",
        "/a\tb",
        "http:other",
        "",
        "javascript:alert(1)",
    ],
)
def test_the_way_back_never_leaves_the_site(client: FlaskClient, back: str) -> None:
    answer = client.post("/preferences/", data={"theme": "dark", "next": back})

    assert answer.location == "/"


def test_the_form_carries_a_token_and_is_refused_without_it() -> None:
    client = create_site(rows=1).test_client()

    answer = client.post("/preferences/", data={"theme": "dark"})

    assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (400, [])
