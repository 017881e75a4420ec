"""Proposals on both databases: what moved since, what fails in the middle, what is taken back."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
import sqlalchemy as sa

from models.attendance import Participation
from models.base import db
from models.clock import today
from models.government import Unit
from models.people import Appointment, Official
from models.proposals import Proposal, ProposalItem
from models.records import access, proposals, workflow
from panel.access.rules import Actor
from panel.changelog.records import deed
from panel.proposals.rules import Item
from panel.words import Refused
from tests.views.browser import Browser, Page
from tests.views.test_proposals import details, moved, pressed, proposed

SYSTEM = Actor(0, "tests", kind="command")


@pytest.fixture
def browse(site, client_of):
    """`browse("ani")`: her browser on this database."""

    def browse(name):
        browser = Browser(site, name)
        browser.client = client_of(name)
        token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/").text)
        browser.token = token[1]
        return browser

    return browse


@pytest.fixture
def days(site):
    """The days on which the first three were invited."""

    def days():
        with site.app_context():
            rows = sa.select(Participation.invited_on).where(Participation.id.in_([1, 2, 3]))
            found = list(db.session.scalars(rows.order_by(Participation.id)))
            db.session.remove()
        return found

    return days


@pytest.fixture
def set_day(site):
    """`set_day(2, day)`: somebody changes a record meanwhile."""

    def set_day(number, day):
        with site.app_context(), deed("test.fill", actor=SYSTEM):
            db.session.get(Participation, number).invited_on = day
            db.session.commit()
            db.session.remove()

    return set_day


def test_a_proposal_is_refused_brought_up_to_date_applied_and_taken_back(browse, days, set_day):
    ani, bayu = browse("ani"), browse("bayu")
    before = days()
    number = proposed(ani)
    moved(ani, number, "submit")
    set_day(2, date(2025, 11, 11))
    set_day(3, date(2025, 12, 1))

    answer = moved(bayu, number, "apply")

    page = Page(answer.text)
    told = page.text
    assert answer.status_code == 409
    assert "Tidak ada yang diterapkan: 2 baris berubah sejak diusulkan: baris 2," in told
    assert "Diundang pada" in told
    assert "sekarang: Selasa, 11 November 2025" in told
    assert (
        Page(answer.text).main.one("a", href=f"{details(number)}#row-2").text.startswith("baris 2")
    )
    assert days() == [before[0], date(2025, 11, 11), date(2025, 12, 1)]
    assert bayu.post(f"/proposals/{number}/renew/", {}).status_code == 403
    assert pressed(ani, number, "renew", seen="stale").status_code == 409
    assert pressed(ani, number, "renew").status_code == 303
    renewed = ani.page(details(number))
    assert [cells[-1] for cells in renewed.table("Kepesertaan")] == [
        f"Diundang pada {was} → Senin, 1 Desember 2025"
        for was in ("belum diisi", "Selasa, 11 November 2025")
    ]
    changed = renewed.text
    assert "Yang berubah sejak keputusan terakhir" in changed
    assert moved(bayu, number, "apply").status_code == 409
    moved(ani, number, "submit")
    assert moved(bayu, number, "apply").status_code == 303
    assert moved(bayu, number, "apply").status_code == 409
    assert days() == [date(2025, 12, 1)] * 3
    assert "Ubah" in [one.text for one in renewed.main.all("a")]
    ended = ani.page(details(number)).main
    assert "Ubah" not in [one.text for one in (*ended.all("a"), *ended.all("button"))]

    back = pressed(ani, number, "undo").location
    assert pressed(ani, number, "undo").location == back
    undo = back.rpartition("=")[2]
    assert undo != number
    moved(ani, undo, "submit")
    assert moved(bayu, undo, "apply").status_code == 303
    assert days() == [before[0], date(2025, 11, 11), date(2025, 12, 1)]
    assert pressed(bayu, number, "undo").status_code == 403


def test_what_moved_after_it_was_applied_is_not_taken_back(browse, days, set_day):
    ani, bayu = browse("ani"), browse("bayu")
    number = proposed(ani)
    moved(ani, number, "submit")
    moved(bayu, number, "apply")
    set_day(3, date(2025, 12, 24))

    answer = pressed(ani, number, "undo")

    assert answer.status_code == 409
    assert (
        "1 barisnya berubah, sehingga tidak dapat dibatalkan seutuhnya: baris 3,"
        in Page(answer.text).text
    )
    assert days() == [date(2025, 12, 1), date(2025, 12, 1), date(2025, 12, 24)]


def test_an_item_that_fails_in_the_middle_leaves_nothing(site, browse):
    ani, bayu = browse("ani"), browse("bayu")
    with site.app_context():
        elected = sa.select(Official.id).where(Official.region_id == 1, Official.nip.is_not(None))
        ids = list(db.session.scalars(elected.order_by(Official.id).limit(2)))
        plain = sa.select(Official.id).where(
            Official.region_id == 1, Official.nip.is_(None), Official.employment_type != "other"
        )
        first = db.session.scalars(plain.order_by(Official.id)).first()
        db.session.remove()
    number = proposed(ani, [str(first), *map(str, ids)], "/officials", employment_type="other")
    moved(ani, number, "submit")
    with site.app_context(), deed("test.fill", actor=SYSTEM):
        row = db.session.scalars(sa.select(ProposalItem).order_by(ProposalItem.id)).all()[-1]
        kind = db.session.get(Official, ids[-1]).employment_type
        changes = f'{{"official":{{"employment_type":["{kind}","elected"]}}}}'
        row.changes = changes
        with pytest.raises(Refused, match="Submitted"):  # what was submitted is locked
            db.session.flush()
        db.session.rollback()
        db.session.remove()
    assert moved(ani, number, "recall").status_code == 303
    with site.app_context(), deed("test.fill", actor=SYSTEM):
        row = db.session.scalars(sa.select(ProposalItem).order_by(ProposalItem.id)).all()[-1]
        row.changes = changes
        db.session.commit()
        db.session.remove()
    moved(ani, number, "submit")

    answer = moved(bayu, number, "apply")

    page = Page(answer.text)
    told = page.text
    assert answer.status_code == 422
    assert "Tidak ada yang diterapkan. Baris 3," in told
    assert "NIP: Pejabat yang dipilih" in page.main.one("tr", id="row-3").text
    assert page.main.one("a", href="#row-3").text == "ke baris 3"
    assert "NIP: Pejabat yang dipilih" not in page.main.one("tr", id="row-2").text
    with site.app_context():
        kinds = sa.select(Official.employment_type).where(Official.id.in_([first, *ids]))
        assert "other" not in set(db.session.scalars(kinds))
        assert db.session.scalar(sa.select(Proposal.status)) == "submitted"
        db.session.remove()


def actor(name):
    """A demo account as an actor."""
    return access.actor_of(access.find(db.session, username=name))


def take(number, name, step):
    """A step as this account, under a deed of its own."""
    with deed("proposal.step", actor=actor(name)):
        db.session.rollback()
        proposal = db.session.get(Proposal, number)
        seen = workflow.snapshot(db.session, proposal)[1]
        workflow.move(db.session, proposal, step, seen=seen)
        db.session.commit()


def propose(items, **values):
    """The number of a proposal by Ani."""
    ani = actor("ani")
    with deed("proposal.create", actor=ani):
        db.session.rollback()
        made = Proposal(title="Impor", origin="import", record_table="official", **values)
        number = proposals.propose(db.session, made, items, ani).id
        db.session.commit()
    return number


def test_new_rows_refer_to_each_other_and_go_again(site):
    with site.app_context():
        position = db.session.scalar(
            sa.text(
                "SELECT id FROM position WHERE region_id = 1 AND id NOT IN"
                " (SELECT position_id FROM appointment) ORDER BY id LIMIT 1"
            )
        )
        held = {
            "official_id": (None, "#2"),
            "position_id": (None, str(position)),
            "status": (None, "definitive"),
            "started_on": (None, "2025-01-02"),
        }
        person = {"full_name": (None, "Baru Contoh"), "employment_type": (None, "other")}
        number = propose(
            [
                Item(1, "appointment", None, "insert", "Baru Contoh (jabatan)", held),
                Item(2, "official", None, "insert", "Baru Contoh", person),
            ]
        )
        take(number, "ani", "submit")
        take(number, "bayu", "apply")
        made = db.session.scalars(
            sa.select(Appointment)
            .join(Official, Appointment.official_id == Official.id)
            .where(Official.full_name == "Baru Contoh")
        ).one()
        assert (made.position_id, made.unit_id) == (position, made.position.unit_id)
        outcomes = list(
            db.session.scalars(sa.select(ProposalItem.outcome).order_by(ProposalItem.number))
        )
        assert outcomes == [str(made.id), str(made.official_id)]

        back = proposals.reverse(db.session, db.session.get(Proposal, number))
        undo = propose(back, undoes_id=number)
        take(undo, "ani", "submit")
        take(undo, "bayu", "apply")
        gone = sa.select(sa.func.count()).where(Official.full_name == "Baru Contoh")
        assert db.session.scalar(gone) == 0
        db.session.remove()


def test_many_new_rows_are_known_by_their_keys_and_go_again(site):
    def person(number):
        values = {"full_name": (None, f"Baru {number}"), "employment_type": (None, "other")}
        return Item(number, "official", None, "insert", f"Baru {number}", values)

    many = [*map(person, range(1, 25))]
    many[3].values["note"], many[4].values["grade_id"] = (None, "Umpamaan"), (None, "3")
    spouse = {"official_id": (None, "#24"), "full_name": (None, "Dahlia Contohan")}
    with site.app_context():
        number = propose([*many, Item(25, "spouse", None, "insert", "Dahlia Contohan", spouse)])
        take(number, "ani", "submit")
        take(number, "bayu", "apply")
        rows = sa.select(Official).where(Official.full_name.like("Baru %")).order_by(Official.id)
        made = {one.full_name: one for one in db.session.scalars(rows)}
        [kept] = db.session.scalars(sa.select(ProposalItem.outcome))

        assert len(made) == 24
        assert [made[f"Baru {n}"].id for n in range(1, 25)] == [
            int(k) for k in json.loads(kept)[:24]
        ]
        assert (made["Baru 4"].note, made["Baru 5"].grade_id, made["Baru 5"].version) == (
            "Umpamaan", 3, 1,
        )  # fmt: skip
        assert [one.full_name for one in made["Baru 24"].spouses] == ["Dahlia Contohan"]

        undo = propose(
            proposals.reverse(db.session, db.session.get(Proposal, number)), undoes_id=number
        )
        take(undo, "ani", "submit")
        take(undo, "bayu", "apply")
        assert db.session.scalars(rows).all() == []
        db.session.remove()


def test_nothing_of_another_city_and_no_kind_without_rules_is_proposed(site):
    with site.app_context():
        metro = db.session.scalar(sa.select(Official.id).where(Official.region_id == 2).limit(1))
        values = {"full_name": ("A", "B")}
        for item in (
            Item(1, "official", str(metro), "update", "X", values),
            Item(1, "account", "1", "update", "X", {"name": ("A", "B")}),
        ):
            with pytest.raises(Refused):
                propose([item])
            db.session.rollback()
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Proposal)) == 0
        db.session.remove()


def test_a_proposal_lies_in_the_smallest_unit_that_holds_what_it_touches(site):
    with site.app_context():
        kasemen = db.session.scalars(
            sa.select(Unit).where(Unit.kind == "district", Unit.region_id == 1).order_by(Unit.id)
        ).first()
        below = db.session.scalars(sa.select(Unit).where(Unit.parent_id == kasemen.id)).all()
        day = str(today())
        items = [
            Item(1, "unit", str(one.id), "update", one.name, {"valid_from": (None, day)})
            for one in below[:2]
        ]
        number = propose(items)
        assert db.session.get(Proposal, number).unit_id == kasemen.id
        db.session.remove()
