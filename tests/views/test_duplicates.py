"""Entries that look like one person: found, told apart, merged by a proposal, and taken back."""

import pytest
import sqlalchemy as sa

from models.apart import NotDuplicate
from models.attendance import Participation
from models.base import db
from models.follow_up import ActionPlan
from models.government import Position
from models.people import Appointment, Official, Spouse
from models.proposals import Proposal
from models.records import log, panel
from models.training import TrainingSession
from panel.changelog.verify import verify
from tests.views.browser import Page, filled_in
from tests.views.test_proposals import moved, pressed

NIP = "198803142010011007"
WHY = {"reason": "Orang yang sama menurut SK."}


@pytest.fixture
def pair(write):
    """One person, entered twice: a post each, the same spouse, and a session at the second."""
    with write() as session:
        posts = session.scalars(sa.select(Position).where(Position.region_id == 1)).all()[:2]
        held = session.scalars(sa.select(TrainingSession).where(TrainingSession.region_id == 1))
        one = Official(region_id=1, full_name="Wiraguna Tiruan", employment_type="asn_pns", nip=NIP)
        other = Official(
            region_id=1,
            full_name="Wiraguna Tiruan",
            title_prefix="Drs.",
            employment_type="asn_pns",
            phone="+6281200004321",
        )
        session.add_all([one, other])
        session.flush()
        made = []
        for official, held_post in zip((one, other), posts, strict=True):
            post = Appointment(
                region_id=1,
                official_id=official.id,
                position_id=held_post.id,
                unit_id=held_post.unit_id,
                status="acting_absent",
            )
            wife = Spouse(region_id=1, official_id=official.id, full_name="Sekar Tiruan")
            session.add_all([post, wife])
            made.append((official, post, wife))
        session.flush()
        session.add(
            Participation(
                region_id=1,
                training_session_id=held.first().id,
                official_id=other.id,
                appointment_id=made[1][1].id,
                unit_id=posts[1].unit_id,
                spouse_id=made[1][2].id,
            )
        )
        session.flush()
        return tuple((official.id, post.id, wife.id) for official, post, wife in made)


def address(pair, act=""):
    """Where the two entries stand side by side."""
    return f"/duplicates/{pair[0][0]}/{pair[1][0]}/{act}"


def merge_form(browser, pair):
    """What the form of the merge would send."""
    form = browser.page(address(pair)).main.one("form", action=address(pair))
    return filled_in(form)


OFFICIALS = sa.select(Official.id, Official.title_prefix, Official.nip, Official.phone).where(
    Official.full_name == "Wiraguna Tiruan"
)


def listed(pair):
    """Who is on the list of the session, under which post and with whom."""
    return sa.select(
        Participation.official_id, Participation.appointment_id, Participation.spouse_id
    ).where(Participation.official_id.in_([pair[0][0], pair[1][0]]))


def test_a_pair_is_found_and_told_apart_for_good(ani, pair, rows, deeds):
    assert address(pair) in ani.get("/duplicates/").text
    assert ani.post(address(pair, "apart/"), {"reason": " "}).status_code == 422
    for _ in range(2):
        assert ani.post(address(pair, "apart/"), {"reason": "Dua orang."}).status_code == 303

    assert address(pair) not in ani.get("/duplicates/").text
    assert rows(sa.select(NotDuplicate.reason)) == [("Dua orang.",)]
    assert "not_duplicate.create" in deeds()


def test_a_merge_is_proposed_applied_whole_and_taken_back(ani, bayu, pair, app, rows):
    (kept, _, wife), (_, gone_post, gone_wife) = pair
    form = merge_form(ani, pair)
    unsure = ani.post(address(pair), {**form, **WHY})
    assert (unsure.status_code, "Dua jabatan pada waktu yang sama" in unsure.text) == (422, True)
    form["sure"] = "1"
    answer = ani.post(address(pair), {**form, **WHY})
    assert answer.status_code == 303, Page(answer.text).said
    number = answer.location.rpartition("=")[2]
    assert (
        "sudah menggabungkan salah satu entri ini" in ani.post(address(pair), {**form, **WHY}).text
    )

    assert moved(ani, number, "submit").status_code == 303
    assert moved(bayu, number, "apply").status_code == 303
    assert rows(OFFICIALS) == [(kept, "Drs.", NIP, "+6281200004321")]
    assert rows(listed(pair)) == [(kept, gone_post, wife)]
    assert rows(sa.select(Spouse.id).where(Spouse.id.in_([wife, gone_wife]))) == [(wife,)]

    back = pressed(ani, number, "undo").location.rpartition("=")[2]
    assert moved(ani, back, "submit").status_code == 303
    assert moved(bayu, back, "apply").status_code == 303
    [(_, *first), (new, *second)] = rows(OFFICIALS.order_by(Official.nip.is_(None)))
    assert (first, second) == ([None, NIP, None], ["Drs.", None, "+6281200004321"])
    [held] = rows(
        sa.select(Participation.official_id, Appointment.official_id, Spouse.official_id)
        .join(Appointment, Appointment.id == Participation.appointment_id)
        .join(Spouse, Spouse.id == Participation.spouse_id)
        .where(Participation.official_id == new)
    )
    assert held == (new, new, new)
    assert rows(sa.select(Proposal.status).where(Proposal.id.in_([int(number), int(back)]))) == [
        ("applied",),
        ("applied",),
    ]
    with app.app_context():
        assert verify(db.engine, log, panel.triggers(db.engine.dialect.name)).sound


def test_what_collides_or_is_locked_refuses_and_nothing_changes(ani, pair, rows, write):
    (kept, *_), (gone, *_) = pair
    with write() as session:
        plan = session.scalars(
            sa.select(ActionPlan).where(ActionPlan.region_id == 1, ActionPlan.status == "verified")
        ).first()
        code, held = plan.code, plan.official_id
        session.add(
            Participation(
                region_id=1,
                training_session_id=session.scalars(
                    sa.select(Participation.training_session_id).where(
                        Participation.official_id == gone
                    )
                ).one(),
                official_id=kept,
            )
        )
    locked = address(((min(held, kept),), (max(held, kept),)))
    before = rows(sa.select(sa.func.count()).select_from(Proposal))

    answer = ani.post(address(pair), {**WHY})
    shut = ani.post(locked, {**WHY, "nip": str(kept)})

    assert answer.status_code == 422
    assert "Keduanya tercantum dalam daftar" in Page(answer.text).text
    assert (shut.status_code, f"Rencana tindak lanjut {code} terkunci" in shut.text) == (422, True)
    assert rows(sa.select(sa.func.count()).select_from(Proposal)) == before


def test_only_clerks_who_see_both_open_it(browse, ani, mira, pair, rows):
    for name in ("bayu", "citra", "eka"):
        assert browse(name).get("/duplicates/").status_code == 403
        assert browse(name).post(address(pair, "apart/"), WHY).status_code == 403
    [(elsewhere,)] = rows(sa.select(Official.id).where(Official.region_id == 2).limit(1))
    mixed = ((min(elsewhere, pair[0][0]),), (max(elsewhere, pair[0][0]),))

    assert "Wiraguna Tiruan" not in mira.get("/duplicates/").text
    for path in (address(pair), address(mixed), "/duplicates/5/5/", "/duplicates/0/9/"):
        assert mira.get(path).status_code == 404
        assert mira.post(path, WHY).status_code == 404
    assert ani.get(address(mixed)).status_code == 404
    assert ani.post(address(pair), {**WHY, "csrf_token": "x"}).status_code == 400
    assert NIP not in ani.get(address(pair)).text
    assert "81200004321" not in ani.get("/duplicates/").text + ani.get(address(pair)).text
