"""Who is nearer, what is counted, and reminders, once on PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from models.base import db
from models.follow_up import ActionPlan
from models.government import Unit
from models.records import Account, AccountGrant, Notice
from panel.access.rules import Actor
from panel.changelog.deeds import deed
from panel.columns import now

ON_POSTGRESQL = pytest.mark.parametrize("installation", ["postgresql"], indirect=True)
SYSTEM = Actor(0, "tests", kind="command")


@ON_POSTGRESQL
def test_the_nearer_has_it_first_and_reminders_are_written_once(
    site: Flask, client_of: Callable[[str], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.app_context(), deed("test.fill", actor=SYSTEM):
        plan, path = db.session.execute(
            sa.select(ActionPlan.id, Unit.path)
            .join(Unit, Unit.id == ActionPlan.unit_id)
            .join(Account, Account.id == ActionPlan.created_by_id)
            .where(ActionPlan.status == "returned", Account.username == "ani")
            .order_by(ActionPlan.id)
        ).first()
        [grant] = db.session.scalars(
            sa.select(AccountGrant).join(Account).where(Account.username == "dewi")
        )
        grant.unit_id = int(path.split("/")[1])
        db.session.commit()
    ani = client_of("ani")
    page = ani.get(f"/action-plans/details/?id={plan}").text
    fields = {
        name: re.search(rf'name="{name}" value="([^"]*)"', page)[1]
        for name in ("seen", "csrf_token")
    }
    assert ani.post(f"/action-plans/{plan}/move/submit/", data=fields).status_code == 303

    bayu, link = client_of("bayu"), f"/action-plans/details/?id={plan}&"
    assert link not in bayu.get("/inbox/?kind=action_plan").text.replace("&amp;", "&")
    assert link in bayu.get("/inbox/?view=also").text.replace("&amp;", "&")

    moment = now() + timedelta(days=30)
    for place in ("panel.screens.clocks.now", "panel.commands.remind.now"):
        monkeypatch.setattr(place, lambda: moment)
    printed = [site.test_cli_runner().invoke(args=["remind"]).output for _ in range(2)]

    assert "passes on to Bayu Teladan" in printed[0]
    assert printed[1] == "Nobody has to be told anything.\n"
    assert link in bayu.get("/inbox/?kind=action_plan").text.replace("&amp;", "&")
    assert "Dieskalasi" in bayu.get("/notices/").text
    with site.app_context():
        kinds = (
            sa.select(Notice.kind)
            .join(Account)
            .where(Notice.record_id == plan, Account.username == "bayu", Notice.read_at.is_(None))
        )
        assert db.session.scalars(kinds).all() == ["escalated"]
