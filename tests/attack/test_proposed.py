"""Proposals show no number that is masked, and nobody applies what has left his units."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
import sqlalchemy as sa

from models.attendance import Participation
from models.base import db
from models.government import Unit
from models.people import Official
from models.proposals import Proposal
from models.records import access, proposals
from panel.changelog.records import deed
from panel.proposals.rules import Item
from tests.views.browser import told
from tests.views.test_proposals import DAY, moved, proposed
from tests.views.test_subtree import DISTRICT, granted

NUMBERS = ("199001012015011001", "+6281234567890", "81234567890")


@pytest.fixture
def numbers(app):
    """The number of a proposal by Ani that changes a NIP and a telephone, and the old NIP."""
    with app.app_context():
        ani = access.actor_of(access.find(db.session, username="ani"))
        one = db.session.scalars(
            sa.select(Official).where(Official.region_id == 1, Official.nip.is_not(None)).limit(1)
        ).one()
        values = {"nip": (one.nip, NUMBERS[0]), "phone": (one.phone, NUMBERS[1])}
        item = Item(1, "official", str(one.id), "update", one.full_name, values)
        old, key = one.nip, one.id
        with deed("proposal.create", actor=ani):
            db.session.rollback()
            made = Proposal(title="Impor", origin="import", record_table="official")
            number = proposals.propose(db.session, made, [item], ani).id
            db.session.commit()
        db.session.remove()
    return str(number), old, key


def test_numbers_that_are_masked_stand_on_no_page_of_a_proposal(ani, bayu, citra, numbers):
    number, old, official = numbers
    assert moved(ani, number, "submit").status_code == 303
    assert moved(bayu, number, "return", "Periksa nomornya.").status_code == 303
    paths = [
        f"/proposals/details/?id={number}",
        f"/proposals/history/?id={number}",
        "/proposals/export/csv/",
        f"/officials/history/?id={official}",
    ]

    read = [(who, path) for who in (ani, bayu, citra) for path in paths] + [(citra, "/changes/")]
    answers = [(who.username, path, who.get(path)) for who, path in read]

    assert {answer.status_code for *_, answer in answers} == {200}
    shown = [(name, path, told(a.text, [old, *NUMBERS])) for name, path, a in answers]
    assert [one for one in shown if one[2]] == []
    assert "•••• 001" in ani.get(paths[0]).text


def test_who_has_a_district_applies_nothing_that_has_left_it(app, ani, write, rows):
    here = Unit.path.startswith(f"/{DISTRICT}/")
    couples = sa.select(Participation.id).join(Unit, Unit.id == Participation.unit_id).where(here)
    ids = [key for (key,) in rows(couples.order_by(Participation.id).limit(2))]
    number = proposed(ani, [str(key) for key in ids], invited_on=DAY)
    assert moved(ani, number, "submit").status_code == 303
    near = granted(app, write, "sari", "supervisor")
    with write() as session:
        elsewhere = session.scalars(sa.select(Unit).where(Unit.region_id == 1, ~here)).first()
        session.get(Participation, ids[0]).unit_id = elsewhere.id

    answer = moved(near, number, "apply")

    assert (answer.status_code, "tidak lagi di dalam lingkup Anda" in answer.text) == (422, True)
    days = rows(sa.select(Participation.invited_on).where(Participation.id.in_(ids)))
    assert DAY not in {str(day) for (day,) in days}


GARBLED = (
    *("x", "[]", "{}", "[{broken", "[[1,2]]", '{"official":{"nip":"x"}}', '{"nothing":{}}'),
    '[{"table":"nothing","columns":["a"],"first":1,"count":1},["x","y"]]',
    '[{"table":"official","columns":["nothing"],"first":1,"count":1},["x","y"]]',
    '[{"table":"official","columns":["nip"],"first":1,"count":2},["x","y"]]',
    '[{"table":"official","columns":["nip"],"first":1,"count":99999999999999999999},["x","y"]]',
    '[{"table":"official","columns":["nip"],"numbers":["a"]},["x","y"]]',
    "[" * 100_000,
    '[{"table":"official","columns":["nip"],"first":1,"count":1},["x"]]',
    '[{"table":"official","columns":["nip"],"first":1,"count":1},["x",{"y":1}]]',
)


def test_what_is_written_into_a_proposal_from_outside_is_said_and_blinds_nobody(
    app, ani, bayu, citra, numbers
):
    address = f"/proposals/details/?id={numbers[0]}"
    with app.app_context():
        where = db.engine.url.database
    answers = []
    for text in GARBLED:
        with closing(sqlite3.connect(where)) as raw, raw:
            raw.execute("UPDATE proposal_item SET changes = ?", (text,))
        answers += [(who, who.get(path)) for who, path in ((citra, "/changes/"), (ani, address))]

    assert [one.status_code for who, one in answers if who is citra] == [200] * len(GARBLED)
    pages = [one for who, one in answers if who is ani]
    assert all("diubah di luar aplikasi" in one.text for one in pages)
    assert moved(ani, numbers[0], "submit").status_code == 303
    assert moved(bayu, numbers[0], "apply").status_code == 422
