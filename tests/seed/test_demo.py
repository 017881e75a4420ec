"""The demo has every case that the screens have to show, and no more of real people than told."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from models.attendance import Attendance
from models.base import db
from models.commitments import Commitment
from models.files import StoredFile
from models.follow_up import ActionPlan, Evidence
from models.government import Position, Region, Tier
from models.people import Appointment, Official, Spouse
from models.records import Account, Decision
from models.relations import held_on
from models.training import TrainingSession
from panel.files.records import FolderStore, read
from seed.names import LISTS

REAL = ["Nanang Saefudin", "Wachyu B. Kristiawan", "Wahdi"]
SERANG = sa.select(Region.id).where(Region.kemendagri_code == "36.73").scalar_subquery()


@pytest.fixture(autouse=True)
def reading(seeded: Flask) -> Iterator[None]:
    with seeded.app_context():
        yield


def how_many(model: type, *conditions: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions)) or 0


def holders_of(post: str) -> list[tuple[str, str, str | None]]:
    rows = db.session.execute(
        sa.select(Official.full_name, Appointment.status, Appointment.ended_on)
        .join(Appointment, Appointment.official_id == Official.id)
        .join(Position, Position.id == Appointment.position_id)
        .where(Position.name == post)
        .order_by(Appointment.started_on)
    )
    return [(name, status, str(ended) if ended else None) for name, status, ended in rows]


def test_real_officials_have_a_name_and_a_post_only() -> None:
    found = db.session.execute(
        sa.select(Official.full_name, Official.nip, Official.phone, Official.grade_id)
        .where(Official.full_name.in_(REAL))
        .order_by(Official.full_name)
    ).all()
    spouses = how_many(
        Spouse,
        Spouse.official_id.in_(sa.select(Official.id).where(Official.full_name.in_(REAL))),
    )

    assert [tuple(row) for row in found] == [(name, None, None, None) for name in sorted(REAL)]
    assert spouses == 0


def test_everybody_else_is_plainly_made_up() -> None:
    people = db.session.scalars(sa.select(Official.full_name)).all()
    spouses = db.session.scalars(sa.select(Spouse.full_name)).all()
    surnames = set(LISTS["surnames"])

    assert sorted(name for name in people if name.split()[-1] not in surnames) == sorted(REAL)
    assert [name for name in spouses if name.split()[-1] not in surnames] == []
    assert len(set(people)) == len(people)


def test_every_post_is_held_but_the_vacant_ones() -> None:
    held = sa.select(Appointment.position_id).where(Appointment.ended_on.is_(None))
    empty = db.session.scalars(
        sa.select(Position.name).where(Position.id.not_in(held)).order_by(Position.name)
    ).all()

    assert empty == ["Kepala Bagian Organisasi", "Lurah Kalodran", "Lurah Purwoasri"]


def test_holders_out_of_the_ordinary() -> None:
    (_, second_post, _), *others = holders_of("Lurah Sepang")
    away = holders_of("Lurah Cipare")
    unyur, lopang = holders_of("Lurah Unyur"), holders_of("Lurah Lopang")
    twice = db.session.scalars(
        sa.select(Appointment.official_id)
        .where(held_on(date(2025, 11, 18)))
        .group_by(Appointment.official_id)
        .having(sa.func.count() == 2)
    ).all()

    assert (second_post, others) == ("acting_vacant", [])
    assert [(status, ended) for _, status, ended in away] == [
        ("definitive", None),
        ("acting_absent", "2025-11-21"),
    ]
    assert [name for name, _, _ in unyur] == [name for name, _, _ in reversed(lopang)]
    assert [ended for _, _, ended in unyur] == ["2025-11-03", None]
    assert len(twice) == 4


def test_a_couple_of_officials_is_recorded_from_both_sides() -> None:
    pairs = db.session.execute(
        sa.select(Spouse.official_id, Spouse.person_id).where(Spouse.person_id.is_not(None))
    ).all()

    assert len(pairs) == 2
    assert tuple(pairs[0]) == tuple(reversed(pairs[1]))


def test_attendance_has_every_answer_for_officials() -> None:
    found = set(
        db.session.scalars(sa.select(Attendance.status).where(Attendance.party == "official"))
    )
    alone = how_many(Attendance, Attendance.party == "spouse", Attendance.status == "excused")

    assert found == {"present", "excused", "sick", "on_duty", "absent", "represented"}
    assert alone > 0


def test_spouses_are_counted_only_where_they_were_invited() -> None:
    sessions = db.session.scalars(
        sa.select(TrainingSession.includes_spouses)
        .join(Attendance, Attendance.training_session_id == TrainingSession.id)
        .where(Attendance.party == "spouse")
        .distinct()
    ).all()

    assert sessions == ["yes"]


def test_commitments_are_signed_by_those_who_promise() -> None:
    signed_in_serang = how_many(
        Commitment,
        Commitment.region_id == SERANG,
        sa.or_(
            sa.and_(Commitment.party == "official", Commitment.official_signed_on.is_(None)),
            sa.and_(Commitment.party == "spouse", Commitment.official_signed_on.is_not(None)),
        ),
    )
    both = how_many(
        Commitment,
        Commitment.official_signed_on.is_not(None),
        Commitment.spouse_signed_on.is_not(None),
    )

    assert signed_in_serang == 0
    assert both > 10


def test_plans_stand_in_every_state() -> None:
    rows = db.session.execute(
        sa.select(ActionPlan.status, sa.func.count())
        .where(ActionPlan.region_id == SERANG)
        .group_by(ActionPlan.status)
    )
    found = dict(rows.all())

    assert set(found) == {
        "draft",
        "submitted",
        "returned",
        "approved",
        "in_progress",
        "evidence_submitted",
        "verified",
        "closed",
        "cancelled",
    }
    assert sum(found.values()) >= 40
    assert found["submitted"] >= 10


def test_plans_are_made_and_decided_by_the_named_accounts() -> None:
    makers = people_of(ActionPlan.created_by_id)
    deciders = people_of(Decision.actor_id)
    own = how_many(
        Decision,
        Decision.step.in_(("approve", "return", "verify", "send_back")),
        sa.exists().where(
            ActionPlan.id == Decision.record_id, ActionPlan.created_by_id == Decision.actor_id
        ),
    )

    assert makers == {"ani", "asep", "mira"}
    assert deciders == {"ani", "asep", "bayu", "dewi", "mira", "made"}
    assert own == 0


def people_of(column: sa.ColumnElement[int]) -> set[str]:
    return set(
        db.session.scalars(sa.select(Account.username).join(column.class_, column == Account.id))
    )


def test_every_decision_names_what_was_seen() -> None:
    blank = how_many(Decision, sa.func.length(Decision.seen_hash) != 64)
    plans = {plan.id: plan.decision_id for plan in db.session.scalars(sa.select(ActionPlan)).all()}
    latest = dict(
        db.session.execute(
            sa.select(Decision.record_id, sa.func.max(Decision.id))
            .where(Decision.record_table == "action_plan")
            .group_by(Decision.record_id)
        ).all()
    )

    assert blank == 0
    assert {plan: latest.get(plan) for plan in plans} == plans


def test_tiers_of_the_earlier_sessions_are_in_order() -> None:
    main = db.session.scalars(
        sa.select(TrainingSession).where(TrainingSession.name.like("%bagi lurah%"))
    ).one()
    tiers: list[str] = []
    one = main.previous
    while one is not None:
        tiers.insert(0, one.tiers[0].tier.code)
        one = one.previous
    expected = db.session.scalars(
        sa.select(Tier.code)
        .where(Tier.code.not_in(("division_head", "urban_village_head")))
        .order_by(Tier.rank)
    ).all()

    assert tiers == list(expected)


def test_evidence_can_be_opened(seeded: Flask) -> None:
    store = FolderStore(Path(seeded.config["FILES_FOLDER"]))
    files = db.session.scalars(sa.select(StoredFile)).all()

    kept = [read(store, file)[:5] for file in files]

    assert kept == [b"%PDF-"] * how_many(Evidence)
    assert len(kept) > 10
