"""Hooks of a host: before the commit they may refuse, after it they learn what really happened."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.words import Refused, say
from panel.workflow.hooks import Decided
from tests.panel.workflow.office import ANI, BAYU, LeaveRequest, Office


def _take(office: Office, session: Session, number: int, step: str, **options: Any) -> Any:
    request = session.get_one(LeaveRequest, number)
    seen = office.workflow.snapshot(session, request)[1]
    return office.workflow.move(session, request, step, seen=seen, **options)


def _status(office: Office, number: int) -> str:
    with office.sessions() as session:
        return session.get_one(LeaveRequest, number).status


def test_both_hooks_get_the_decision(office: Office) -> None:
    number = office.ask()
    before: list[Decided] = []
    after: list[tuple[Decided, str]] = []
    office.workflow.before_commit(lambda decided, session: before.append(decided))
    office.workflow.after_commit(lambda decided: after.append((decided, _status(office, number))))

    with office.acting(ANI, "try") as (session, _):
        decision = _take(office, session, number, "ask", reason="soon")
        assert after == []
        session.commit()
        assert decision.id == before[0].id

    [taken] = before
    assert (taken.kind, taken.record_table, taken.record_id) == (
        "leave_request",
        "leave_request",
        number,
    )
    assert (taken.step, taken.was, taken.becomes) == ("ask", "draft", "asked")
    assert (taken.actor_id, taken.actor_name, taken.reason) == (1, "Ani", "soon")
    assert after == [(taken, "asked")]


def test_what_refuses_before_the_commit_leaves_nothing_even_if_the_rest_is_committed(
    office: Office,
) -> None:
    number = office.ask()
    after: list[Decided] = []
    office.workflow.after_commit(after.append)

    def full(decided: Decided, session: Session) -> None:
        session.get_one(LeaveRequest, decided.record_id).printed = 7
        session.flush()
        raise Refused("guard", say("The office is full on that day."))

    office.workflow.before_commit(full)
    before = office.stored()

    with office.acting(ANI, "try") as (session, opened):
        with pytest.raises(Refused, match="full"):
            _take(office, session, number, "ask")
        assert session.get_one(LeaveRequest, number).status == "draft"
        session.commit()
        assert opened.action == "try"

    assert office.stored() == before
    assert after == []


def test_what_is_written_before_the_commit_is_committed_with_the_step(office: Office) -> None:
    number = office.ask()

    def count(decided: Decided, session: Session) -> None:
        session.get_one(LeaveRequest, decided.record_id).printed += 1

    office.workflow.before_commit(count, kind="leave_request")
    office.workflow.before_commit(count, kind="another")

    office.move(ANI, number, "ask")

    with office.sessions() as session:
        assert session.get_one(LeaveRequest, number).printed == 1


def test_nothing_is_told_of_what_was_rolled_back(office: Office) -> None:
    number = office.ask()
    after: list[Decided] = []
    office.workflow.after_commit(after.append)

    with office.acting(ANI, "try") as (session, _):
        _take(office, session, number, "ask")
        session.rollback()
        session.commit()
    with office.acting(ANI, "try") as (session, _):
        _take(office, session, number, "ask")
        session.close()
        session.get_one(LeaveRequest, number).printed = 1
        session.commit()

    assert after == []
    assert _status(office, number) == "draft"


def test_nothing_is_told_of_a_savepoint_that_was_rolled_back(office: Office) -> None:
    kept, undone, deep = office.ask(), office.ask(), office.ask()
    after: list[int] = []
    office.workflow.after_commit(lambda decided: after.append(decided.record_id))

    with office.acting(ANI, "try") as (session, _):
        with session.begin_nested():
            _take(office, session, kept, "ask")
        assert after == []
        with session.begin_nested() as outer:
            with session.begin_nested():
                _take(office, session, deep, "ask")
            _take(office, session, undone, "ask")
            outer.rollback()
        session.commit()

    assert after == [kept]
    assert [_status(office, one) for one in (kept, undone, deep)] == ["asked", "draft", "draft"]


def test_nothing_is_told_of_a_commit_that_failed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = office.ask()
    after: list[Decided] = []
    office.workflow.after_commit(after.append)

    with office.acting(ANI, "try") as (session, _):
        _take(office, session, number, "ask")
        monkeypatch.setattr(office.log, "key", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            session.commit()
        session.rollback()

    assert after == []
    assert _status(office, number) == "draft"


def test_a_failed_flush_in_a_savepoint_takes_its_decision_along(office: Office) -> None:
    number, taken = office.ask(), office.ask(code="A")
    after: list[Decided] = []
    office.workflow.after_commit(after.append)

    def twice(session: Session) -> None:
        with session.begin_nested():
            _take(office, session, number, "ask")
            session.add(LeaveRequest(code="A"))
            session.flush()

    with office.acting(ANI, "try") as (session, _):
        with pytest.raises(IntegrityError):
            twice(session)
        session.commit()

    assert after == []
    assert [_status(office, one) for one in (number, taken)] == ["draft", "draft"]


def test_an_error_after_the_commit_is_logged_by_number_and_undoes_nothing(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    number = office.ask()
    after: list[int] = []

    def letter(decided: Decided) -> None:
        raise ConnectionError("the printer of 0812-000 is off")

    office.workflow.after_commit(letter)
    office.workflow.after_commit(lambda decided: after.append(decided.id))

    with caplog.at_level(logging.ERROR, "panel.incident"):
        office.move(ANI, number, "ask")

    assert _status(office, number) == "asked"
    [line] = [json.loads(record.message) for record in caplog.records]
    assert line["incident"].startswith("K-")
    assert (line["error"], line["decision"]) == ("ConnectionError", after[0])
    assert "letter" in line["hook"]
    assert "0812" not in caplog.text


def test_after_the_commit_a_step_can_be_taken_in_turn(office: Office) -> None:
    number = office.ask()

    def and_so_on(decided: Decided) -> None:
        if decided.step == "ask":
            with office.sessions() as session:
                _take(office, session, number, "withdraw")
                session.commit()

    office.workflow.after_commit(and_so_on)

    office.move(ANI, number, "ask")

    assert _status(office, number) == "draft"


def test_a_step_that_is_refused_calls_nobody(office: Office) -> None:
    number = office.ask()
    called: list[object] = []
    office.workflow.before_commit(lambda decided, session: called.append(decided))
    office.workflow.after_commit(called.append)

    with pytest.raises(Refused):
        office.move(BAYU, number, "ask")

    assert called == []
