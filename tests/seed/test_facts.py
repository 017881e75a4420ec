"""Every fact of the two articles holds in the seeded database and on the pages that show it.

`tests/data/facts.csv` has one row per fact: `query` is a select of one value and `value` what it
gives; `page` is a path for `account`, whose text `shows` one thing and does not show what `hides`
says. ``{name}`` in a query or path is the number of a record in `RECORDS`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from models.base import db

PASSWORD = "genteng-basah-47-pagi"
FACTS_FILE = Path(__file__).parents[1] / "data" / "facts.csv"
FACTS = list(csv.DictReader(FACTS_FILE.read_text(encoding="utf-8").splitlines()))
PAGES = [fact for fact in FACTS if fact["page"]]

PROGRAMME = "SELECT p.id FROM programme p JOIN region r ON r.id = p.region_id"
RECORDS = {
    "serang_session": "SELECT id FROM training_session WHERE name LIKE '%bagi lurah dan pasangan'",
    "metro_session": "SELECT id FROM training_session WHERE name LIKE '%bersama KPK'",
    "serang_programme": f"{PROGRAMME} WHERE r.kemendagri_code = '36.73'",
    "metro_programme": f"{PROGRAMME} WHERE r.kemendagri_code = '18.72'",
    "serang_region": "SELECT id FROM region WHERE kemendagri_code = '36.73'",
    "sekda": "SELECT id FROM official WHERE full_name = 'Nanang Saefudin'",
    "inspector": "SELECT id FROM official WHERE full_name = 'Wachyu B. Kristiawan'",
    "wahdi": "SELECT id FROM official WHERE full_name = 'Wahdi'",
    "qilda": "SELECT id FROM speaker WHERE full_name = 'Qilda Fatihah'",
    "service_commitment": "SELECT MIN(id) FROM commitment WHERE area = 'public_service'",
    "lurah": "SELECT id FROM tier WHERE code = 'urban_village_head'",
}


def named(fact: dict[str, str]) -> str:
    return fact["id"]


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


@pytest.mark.parametrize("fact", PAGES, ids=named)
def test_page_shows_the_fact(
    fact: dict[str, str], signed_in: Callable[[str], FlaskClient], records: dict[str, int]
) -> None:
    answer = signed_in(fact["account"]).get(fact["page"].format(**records))
    text = words_of(answer.get_data(as_text=True))

    assert answer.status_code == 200
    assert fact["shows"].casefold() in text
    assert not fact["hides"] or fact["hides"].casefold() not in text


def words_of(page: str) -> str:
    """The text that a reader sees, in small letters with single blanks."""
    seen = re.sub(r"<(script|style|template)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", seen)).split()).casefold()
