"""`flask account official`: whose account it is binds what it may decide on."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from models.base import db
from models.follow_up import ActionPlan
from models.people import Official
from models.records import Account, Deed
from tests.site import ON_SQLITE

pytestmark = ON_SQLITE


def run(app: Flask, *words: str) -> tuple[int, str]:
    """Exit code and last line of `flask account official`."""
    done = app.test_cli_runner().invoke(args=["account", "official", *words])
    return done.exit_code, done.output.strip().splitlines()[-1]


def nip_of_a_waiting_plan(app: Flask) -> tuple[int, str]:
    """A submitted plan, and the NIP of its official."""
    with app.app_context():
        row = db.session.execute(
            sa.select(ActionPlan.id, Official.nip)
            .join(Official, Official.id == ActionPlan.official_id)
            .where(ActionPlan.status == "submitted", Official.nip.is_not(None))
            .where(Official.region_id == 1)
        ).first()
        db.session.rollback()
    assert row is not None
    return row[0], row[1]


def test_the_official_does_not_decide_on_the_own_plan(site, client_of):
    plan, nip = nip_of_a_waiting_plan(site)
    before = client_of("bayu").get(f"/action-plans/{plan}/offers/").json

    said = run(site, "bayu", "--nip", nip, "--reason", "SK 1/2026")
    offers = client_of("bayu").get(f"/action-plans/{plan}/offers/").json

    approve = {one["step"]: one["objection"] for one in offers}["approve"]
    assert said == (0, "bayu: done.")
    assert {one["step"]: one["objection"] for one in before}["approve"] is None
    assert approve.startswith("Ini rencana Anda sendiri; orang lain yang memutuskannya.")
    with site.app_context():
        newest = db.session.scalars(sa.select(Deed).order_by(Deed.seq.desc()).limit(9)).all()
        told = [(one.action, one.reason) for one in newest]
        db.session.rollback()
    assert ("account.official", "SK 1/2026") in told


def test_a_nip_of_the_other_city_is_not_known_and_nothing_changes(site):
    _, nip = nip_of_a_waiting_plan(site)

    said = run(site, "made", "--nip", nip, "--reason", "SK 1/2026")

    with site.app_context():
        tied = db.session.scalars(sa.select(Account.official_id).distinct()).all()
        db.session.rollback()
    assert said == (1, "Error: No official where the account is in force has this NIP.")
    assert tied == [None]


def test_what_is_no_nip_is_refused_in_the_words_of_the_form(site):
    code, said = run(site, "bayu", "--nip", "12", "--reason", "SK 1/2026")

    assert code == 1
    assert "18" in said


def test_one_of_both_is_needed(site):
    code, said = run(site, "bayu", "--reason", "SK 1/2026")

    assert (code, said) == (2, "Error: Give either --nip or --none.")
