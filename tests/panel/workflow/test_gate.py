"""The gate at the flush: every quiet way through the ORM is refused in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.words import Refused
from tests.panel.workflow.office import (
    ANI,
    BAYU,
    Decision,
    LeaveDay,
    LeavePaper,
    LeaveRequest,
    Office,
)

Act = Callable[[Session, LeaveRequest], object]


def _move_day_in(session: Session, request: LeaveRequest) -> None:
    free = LeaveRequest(why="free")
    free.days.append(LeaveDay(day=date(2026, 1, 2)))
    session.add(free)
    session.flush()
    free.days[0].request = request


def _move_day_out(session: Session, request: LeaveRequest) -> None:
    free = LeaveRequest(why="free")
    session.add(free)
    session.flush()
    request.days[0].request = free


LOCKED: dict[str, Act] = {
    "edit": lambda s, r: setattr(r, "why", "other"),
    "edit a JSON field": lambda s, r: setattr(r, "facts", {"a": 1}),
    "edit a child": lambda s, r: setattr(r.days[0], "day", date(2026, 1, 1)),
    "add a child": lambda s, r: s.add(LeaveDay(request_id=r.id, day=date(2026, 1, 1))),
    "append a child": lambda s, r: r.days.append(LeaveDay(day=date(2026, 1, 1))),
    "delete a child": lambda s, r: s.delete(r.papers[0]),
    "move a child in": _move_day_in,
    "move a child out": _move_day_out,
    "delete": lambda s, r: s.delete(r),
}


def test_what_is_asked_for_is_locked_wholly(office: Office) -> None:
    number = office.at("asked")
    before = office.stored()

    for change in LOCKED.values():
        with office.acting(ANI) as (session, _):
            change(session, session.get_one(LeaveRequest, number))
            with pytest.raises(Refused) as refused:
                session.flush()
            session.rollback()
        assert refused.value.code == "locked"
        assert office.stored() == before


def test_the_lock_names_state_turn_and_field(office: Office) -> None:
    number = office.at("asked")

    with office.acting(ANI) as (session, _):
        session.get_one(LeaveRequest, number).why = "other"
        with pytest.raises(Refused) as refused:
            session.flush()
        session.rollback()

    assert str(refused.value) == (
        "The status is “Asked”: this is not changed now. It is the turn of Chief."
    )
    assert refused.value.field == "why"


def test_a_status_changes_by_steps_only(office: Office) -> None:
    number = office.at("granted")

    for field, value in (
        ("status", "over"),
        ("status", "nowhere"),
        ("decision_id", None),
        ("decision_id", 1),
    ):
        with office.acting(BAYU) as (session, _):
            request = session.get_one(LeaveRequest, number)
            request.note = "quietly"
            setattr(request, field, value)
            with pytest.raises(Refused) as refused:
                session.flush()
            session.rollback()
        assert refused.value.code == "state"


@pytest.mark.parametrize("field", ["process_version_id", "created_by_id"])
def test_how_a_record_began_never_changes(office: Office, field: str) -> None:
    number = office.ask()

    with office.acting(ANI) as (session, _):
        setattr(session.get_one(LeaveRequest, number), field, 77)
        with pytest.raises(Refused) as refused:
            session.flush()
        session.rollback()

    assert (refused.value.code, refused.value.field) == ("locked", field)


def test_a_new_record_begins_at_the_beginning(office: Office) -> None:
    before = office.stored()

    for values, code in (
        ({"status": "granted"}, "state"),
        ({"status": "nowhere"}, "state"),
        ({"created_by_id": 3}, "state"),
        ({"process_version_id": 9}, "state"),
        ({"decision_id": 1}, "state"),
        ({"pay": "paid"}, "locked"),
        ({"pay_note": "free"}, "locked"),
    ):
        with office.acting(ANI) as (session, _):
            session.add(LeaveRequest(**values))
            with pytest.raises(Refused) as refused:
                session.flush()
            session.rollback()
        assert refused.value.code == code
        assert office.stored() == before


def test_a_field_of_a_step_is_closed_in_every_state(office: Office) -> None:
    for state in ("draft", "asked", "granted", "over"):
        number = office.at(state)
        for change in (
            lambda r: setattr(r, "pay", "double"),
            lambda r: setattr(r.days[0], "verdict", "fine"),
        ):
            with office.acting(ANI) as (session, _):
                change(session.get_one(LeaveRequest, number))
                with pytest.raises(Refused) as refused:
                    session.flush()
                session.rollback()
            assert str(refused.value) == "This is set by the step “Grant” only."


def test_what_the_state_opens_is_open(office: Office) -> None:
    number = office.at("granted")

    with office.acting(ANI) as (session, _):
        request = session.get_one(LeaveRequest, number)
        request.note, request.days[0].note, request.printed = "n", "d", 1
        session.delete(request.papers[0])
        request.papers.append(LeavePaper(name="proof"))

    with office.sessions() as session:
        request = session.get_one(LeaveRequest, number)
        assert (request.note, request.days[0].note, request.printed) == ("n", "d", 1)
        assert [paper.name for paper in request.papers] == ["proof"]


def test_a_machine_column_is_open_in_every_state(office: Office) -> None:
    for state in ("asked", "over"):
        number = office.at(state)

        with office.acting(ANI) as (session, _):
            session.get_one(LeaveRequest, number).printed = 2

        with office.sessions() as session:
            assert session.get_one(LeaveRequest, number).printed == 2


def test_a_draft_goes_with_its_children(office: Office) -> None:
    number = office.ask()

    with office.acting(ANI) as (session, _):
        session.delete(session.get_one(LeaveRequest, number))

    with office.sessions() as session:
        for model in (LeaveRequest, LeaveDay, LeavePaper):
            assert session.scalars(sa.select(model)).all() == []


def test_an_orphan_of_a_locked_record_is_refused_below_the_gate(office: Office) -> None:
    number = office.at("asked")
    before = office.stored()

    with office.acting(ANI) as (session, _):
        request = session.get_one(LeaveRequest, number)
        request.days.clear()
        with pytest.raises((Refused, IntegrityError)):
            session.flush()
        session.rollback()

    assert office.stored() == before


def test_decisions_cannot_be_rewritten(office: Office) -> None:
    office.at("granted")

    with office.acting(BAYU) as (session, _):
        session.scalars(sa.select(Decision)).first().reason = "nicer"
        with pytest.raises(IntegrityError, match="jenjang:append-only"):
            session.flush()
        session.rollback()
