"""Duties bind people: nobody gets around them with a second account."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from models.base import db
from models.follow_up import ActionPlan
from models.people import Official
from models.records import Account
from panel.access.rules import Actor
from panel.changelog.records import deed
from tests.journey.people import Person

ADMINISTRATION = Actor(0, "tests", kind="command")


def test_the_second_account_of_the_author_does_not_approve(
    site: Flask, client_of: Callable[[str], FlaskClient]
) -> None:
    with site.app_context(), deed("account.edit", actor=ADMINISTRATION):
        official = db.session.scalars(sa.select(Official).where(Official.region_id == 1)).first()
        both = db.session.scalars(sa.select(Account).where(Account.username.in_(["ani", "bayu"])))
        ani, bayu = sorted(both.unique(), key=lambda account: account.username)
        assert official is not None
        ani.official_id = bayu.official_id = official.id
        plan = db.session.scalars(
            sa.select(ActionPlan).where(
                ActionPlan.created_by_id == ani.id,
                ActionPlan.status == "submitted",
                ActionPlan.official_id != official.id,
            )
        ).first()
        assert plan is not None
        number = plan.id
        db.session.commit()

    assert Person(client_of("bayu")).move(number, "approve").status_code == 403
    assert Person(client_of("dewi")).move(number, "approve").status_code == 303
