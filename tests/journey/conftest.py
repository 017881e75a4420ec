"""The people of the journey, a plan that waits for a decision, and a look into the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from models.base import Base, db
from tests.journey.people import Person

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Plan:
    """An action plan of the demo, as the tests know it."""

    id: int
    title: str
    target: str


@pytest.fixture
def person(client_of: Callable[[str], FlaskClient]) -> Callable[[str], Person]:
    """`person("ani")`: Ani at the panel, signed in."""
    return lambda username: Person(client_of(username))


@pytest.fixture
def ani(person: Callable[[str], Person]) -> Person:
    """A clerk of Serang."""
    return person("ani")


@pytest.fixture
def bayu(person: Callable[[str], Person]) -> Person:
    """A supervisor of Serang."""
    return person("bayu")


@pytest.fixture
def ask(site: Flask) -> Callable[..., Rows]:
    """`ask("SELECT …", id=1)`: what stands in the database."""

    def ask(query: str, **values: Any) -> Rows:
        with site.app_context():
            rows = db.session.execute(sa.text(query), values).all()
            db.session.rollback()
        return [tuple(row) for row in rows]

    return ask


@pytest.fixture
def everything(site: Flask) -> Callable[[], dict[str, Rows]]:
    """All rows of all tables but the log's own and those of sessions: what people work on."""
    left_out = ("deed", "change", "log_context", "web_session", "form_token", "sign_in_attempt")

    def everything() -> dict[str, Rows]:
        with site.app_context():
            found = {
                table.name: [
                    tuple(row)
                    for row in db.session.execute(sa.select(table).order_by(*table.primary_key))
                ]
                for table in Base.metadata.sorted_tables
                if table.name not in left_out
            }
            db.session.rollback()
        found["account"] = [row[:2] for row in found["account"]]
        return found

    return everything


WAITING = (
    "SELECT p.id, p.title, p.target FROM action_plan p JOIN account a ON a.id = p.created_by_id"
    " WHERE p.status = 'submitted' AND a.username = 'ani' ORDER BY p.id LIMIT 1"
)


@pytest.fixture
def plan(ask: Callable[..., Rows]) -> Plan:
    """A plan that Ani made and submitted; the demo has it, so that no test waits for it."""
    ((number, title, target),) = ask(WAITING)
    return Plan(number, title, target)


@pytest.fixture
def approved(plan: Plan, bayu: Person) -> Plan:
    """The same plan, approved by Bayu."""
    assert bayu.move(plan.id, "approve").status_code == 303
    return plan


def verified(site: Flask) -> str:
    """What `flask log verify` says; it must find nothing."""
    result = site.test_cli_runner().invoke(args=["log", "verify"])
    assert result.exit_code == 0, result.output
    return result.output
