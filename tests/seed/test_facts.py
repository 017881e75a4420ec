"""Every fact of the two articles holds in the seeded database and on the page that shows it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from models.base import db
from tests.facts import FACTS, RECORDS, betrayed, missing, named, words_of

PASSWORD = "genteng-basah-47-pagi"


@pytest.fixture(scope="module")
def records(seeded: Flask) -> dict[str, int]:
    with seeded.app_context():
        return {name: db.session.scalars(sa.text(sql)).one() for name, sql in RECORDS.items()}


@pytest.fixture(scope="module")
def signed_in(seeded: Flask) -> Callable[[str], FlaskClient]:
    clients: dict[str, FlaskClient] = {}

    def client_of(account: str) -> FlaskClient:
        if account not in clients:
            clients[account] = seeded.test_client()
            form = clients[account].get("/login").get_data(as_text=True)
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
            assert token is not None
            answer = clients[account].post(
                "/login",
                data={"username": account, "password": PASSWORD, "csrf_token": token[1]},
            )
            assert answer.status_code == 302
        return clients[account]

    return client_of


@pytest.fixture(scope="module")
def words(
    signed_in: Callable[[str], FlaskClient], records: dict[str, int]
) -> Callable[[str, str], str]:
    """`words("ani", "/")`: what she reads there; a page with several facts is asked for once."""

    @cache
    def words(account: str, page: str) -> str:
        answer = signed_in(account).get(page.format(**records))
        assert answer.status_code == 200
        return words_of(answer.get_data(as_text=True))

    return words


def test_there_is_one_row_per_fact() -> None:
    numbers = [f"S1-{n:02d}" for n in range(1, 51)] + [f"S2-{n:02d}" for n in range(1, 33)]

    assert [fact["id"] for fact in FACTS] == numbers


@pytest.mark.parametrize("fact", FACTS, ids=named)
def test_fact_stands_in_the_database(
    fact: dict[str, str], seeded: Flask, records: dict[str, int]
) -> None:
    with seeded.app_context():
        found = db.session.scalars(sa.text(fact["query"].format(**records))).all()

    assert [str(value) for value in found] == [fact["value"]]


@pytest.mark.parametrize("fact", FACTS, ids=named)
def test_page_shows_the_fact(fact: dict[str, str], words: Callable[[str, str], str]) -> None:
    text = words(fact["account"], fact["page"])

    assert missing(fact, text) == []
    assert not betrayed(fact, text)
