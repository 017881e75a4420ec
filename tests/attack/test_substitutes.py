"""A substitute decides on both databases: the decision names him and the absent one, all sealed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from models.base import db
from models.clock import today
from models.follow_up import ActionPlan
from models.records import Account, Decision, Deed, log, panel
from panel.changelog.verify import verify
from tests.journey.people import Person
from tests.site import sign_in

LETTER = "ST 800/12/2026"


def test_a_letter_from_its_entry_to_its_end(
    site: Flask, client_of: Callable[[str], FlaskClient]
) -> None:
    with site.app_context():
        numbers = dict(db.session.execute(sa.select(Account.username, Account.id)).all())
        waiting = sa.select(ActionPlan.id).where(
            ActionPlan.status == "submitted", ActionPlan.created_by_id == numbers["ani"]
        )
        first, second = db.session.scalars(waiting.order_by(ActionPlan.id)).all()[:2]
    eka = Person(client_of("eka"))
    form = eka.form("/substitutions/new/")
    form.values["account"], form.values["for_account"] = str(numbers["asep"]), str(numbers["dewi"])
    form.values["letter_no"] = LETTER
    form.values["valid_from"] = (today() - timedelta(days=1)).isoformat()
    form.values["valid_to"] = (today() + timedelta(days=9)).isoformat()
    letter = eka.save(form)
    asep = site.test_client()
    sign_in(asep, "asep")

    assert Person(asep).move(first, "approve").status_code == 303
    with site.app_context():
        query = sa.select(Decision).where(Decision.record_id == first).order_by(Decision.id.desc())
        made = db.session.scalars(query).first()
        assert made is not None
        sealed = db.session.scalars(sa.select(Deed).where(Deed.id == made.deed_id)).one()
        assert (made.actor_id, made.acting_for_id, made.letter_no) == (
            numbers["asep"],
            numbers["dewi"],
            LETTER,
        )
        assert (sealed.acting_for_id, sealed.acting_for_name, sealed.letter) == (
            numbers["dewi"],
            "Dewi Umpama",
            LETTER,
        )

    ending = eka.form(f"/substitutions/edit/?id={letter}")
    ending.values["valid_to"] = (today() - timedelta(days=1)).isoformat()
    assert eka.save(ending) == letter
    assert re.search(r"/login", asep.get("/inbox/").location or "")
    sign_in(asep, "asep")
    assert Person(asep).move(second, "approve").status_code == 403
    with site.app_context():
        found = verify(db.engine, log, panel.triggers(db.engine.dialect.name))
        assert found.findings == ()
