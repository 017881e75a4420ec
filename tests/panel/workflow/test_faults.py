"""A guard that breaks refuses its step under a number, and nothing is changed."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

import pytest
from sqlalchemy.exc import OperationalError

from panel.words import Refused
from panel.workflow.definition import Guard
from panel.workflow.rules import Case, offers, read_process, refusal
from tests.panel.workflow.office import (
    ANI,
    BAYU,
    DUTIES,
    GUARDS,
    PROCESS,
    ROLES,
    LeaveRequest,
    Office,
)

SAID = "“%s” cannot be checked now: something is broken on our side. Nothing was changed."


def _breaking(error: Exception) -> Guard:
    def check(_: object) -> None:
        raise error

    return Guard(check, "days")


def _with(name: str, error: Exception) -> dict[str, Guard]:
    return {**GUARDS, name: _breaking(error)}


def test_a_broken_guard_closes_its_step_and_no_other() -> None:
    fault = KeyError("a value nobody may read")
    guards = _with("has_days", fault)
    process = read_process(PROCESS, guards=guards, duties=DUTIES, roles=ROLES)

    found = refusal(process, Case("draft", seen="x"), "ask", ANI, seen="x")
    [offered] = offers(process, Case("draft"), ANI)

    assert found is not None
    assert (found.code, str(found.sentence), found.fault) == ("guard", SAID % "has days", fault)
    assert offered.objection == found
    withdrawn = refusal(process, Case("asked", seen="x"), "withdraw", ANI, seen="x")
    assert withdrawn is None


def test_a_guard_that_breaks_when_it_asks_for_a_reason_closes_the_step_too() -> None:
    process = read_process(
        PROCESS, guards=_with("unpaid", ValueError("x")), duties=DUTIES, roles=ROLES
    )
    case = Case("asked", type("Request", (), {"pay": "paid"})(), seen="x")

    found = refusal(process, case, "grant", BAYU, seen="x")
    given = refusal(process, case, "grant", BAYU, reason="as agreed", seen="x")

    assert found is not None
    assert (found.code, found.field) == ("guard", None)
    assert given is None


def _moved(office: Office, error: Exception) -> Callable[[], None]:
    office.workflow.guards = _with("has_days", error)
    office.workflow._read.clear()
    number = office.ask()
    return lambda: office.move(ANI, number, "ask")


def test_a_move_is_refused_with_a_number_and_changes_nothing(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    move = _moved(office, KeyError("a value nobody may read"))
    before = office.stored()

    with caplog.at_level(logging.ERROR, "panel.incident"), pytest.raises(Refused) as refused:
        move()

    [line] = [json.loads(record.getMessage()) for record in caplog.records]
    assert (refused.value.code, line["error"]) == ("guard", "KeyError")
    assert line["record"] == "leave_request 1"
    assert "nobody may read" not in caplog.text
    assert str(refused.value) == f"{SAID % 'has days'} Incident {line['incident']}."
    assert office.stored() == before


def test_one_page_tells_one_fault_by_one_number(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    _moved(office, KeyError("x"))

    with caplog.at_level(logging.ERROR, "panel.incident"), office.sessions() as session:
        request = session.get_one(LeaveRequest, 1)
        told = [office.workflow.offers(session, request, ANI)[0].objection for _ in range(3)]

    assert len({str(one and one.sentence) for one in told}) == 1
    assert len(caplog.records) == 1


def test_a_fault_of_the_database_is_none_of_the_guard_s(office: Office) -> None:
    move = _moved(office, OperationalError("", {}, Exception("locked")))

    with pytest.raises(OperationalError):
        move()
