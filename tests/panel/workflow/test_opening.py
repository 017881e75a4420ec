"""What a state opens to one role and not to another, at the gate."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from panel.access.rules import Actor
from panel.words import Refused
from panel.workflow.proposals import decide, propose
from tests.panel.workflow.office import ANI, BAYU, BOTH, DEWI, PROCESS, LeaveRequest, Office

BY_ROLE = PROCESS.replace(
    'editable = ["note", "leave_day.note", "leave_paper"]',
    'editable = { staff = ["note"], chief = ["why", "leave_day.note", "leave_paper"] }',
)
AUDITOR = Actor(9, "Citra", frozenset({"auditor"}))
COMMAND = Actor(0, "flask something", kind="command")

Edit = Callable[[LeaveRequest], None]


def _note(request: LeaveRequest) -> None:
    request.note = "changed"


def _why(request: LeaveRequest) -> None:
    request.why = "changed"


def _day(request: LeaveRequest) -> None:
    request.days[0].note = "changed"


def _paper(request: LeaveRequest) -> None:
    request.papers.clear()


@pytest.fixture
def granted(office: Office) -> int:
    """A granted request on the process that opens fields by role."""
    with office.acting(BAYU) as (session, _):
        version = propose(office.workflow, session, BY_ROLE, actor=BAYU, reason="x")
    with office.acting(DEWI) as (session, _):
        version = session.merge(version)
        decide(office.workflow, session, version, "publish", actor=DEWI, reason="x")
    return office.at("granted")


def _edit(office: Office, number: int, actor: Actor, edit: Edit) -> None:
    with office.acting(actor) as (session, _):
        edit(session.get_one(LeaveRequest, number))


def test_each_role_edits_what_is_open_to_it_and_nothing_else(office: Office, granted: int) -> None:
    for edit in (_why, _day, _paper):
        before = office.stored()
        with pytest.raises(Refused) as refused:
            _edit(office, granted, ANI, edit)
        assert refused.value.code == "role"
        assert str(refused.value) == "The status is “Granted”: this is changed by Chief now."
        assert office.stored() == before
    for actor in (BAYU, AUDITOR, COMMAND):
        with pytest.raises(Refused, match="this is changed by Staff now"):
            _edit(office, granted, actor, _note)

    _edit(office, granted, ANI, _note)
    for edit in (_why, _day, _paper):
        _edit(office, granted, BAYU, edit)


def test_who_has_both_roles_edits_what_is_open_to_either(office: Office, granted: int) -> None:
    for edit in (_note, _why, _day, _paper):
        _edit(office, granted, BOTH, edit)


def test_what_is_open_to_nobody_says_whose_turn_it_is(office: Office, granted: int) -> None:
    def printed(request: LeaveRequest) -> None:
        request.order = 5

    with pytest.raises(Refused, match="this is not changed now") as refused:
        _edit(office, granted, BAYU, printed)
    assert refused.value.code == "locked"
