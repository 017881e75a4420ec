"""A changed process is proposed by one and published by another; records keep their version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from panel.access.rules import Actor
from panel.words import Refused
from panel.workflow.choosing import foreseen
from panel.workflow.comparing import compare
from panel.workflow.definition import Process
from panel.workflow.proposals import decide, difference, objection, propose
from panel.workflow.reading import WrongProcess, read_process
from tests.panel.workflow.office import (
    ANI,
    ASEP,
    BAYU,
    BOTH,
    DEWI,
    DUTIES,
    GUARDS,
    PROCESS,
    ROLES,
    LeaveRequest,
    Office,
    ProcessField,
    ProcessVersion,
)

CHANGED = PROCESS.replace('en = "Grant"', 'en = "Allow"')


def _propose(office: Office, text: str = CHANGED, actor: Actor = BAYU) -> int:
    with office.acting(actor, "process_version.propose") as (session, _):
        version = propose(office.workflow, session, text, actor=actor, reason="as agreed")
        number: int = version.id
    return number


def _decide(office: Office, version: int, act: Any, actor: Actor, reason: str = "so be it") -> None:
    with office.acting(actor, f"process_version.{act}") as (session, _):
        found = session.get_one(ProcessVersion, version)
        decide(office.workflow, session, found, act, actor=actor, reason=reason)


def _asked(office: Office, version: int, act: Any, actor: Actor) -> str | None:
    with office.sessions() as session:
        found = session.get_one(ProcessVersion, version)
        why = objection(office.workflow, session, found, act, actor)
        return str(why.sentence) if why else None


def _refused(office: Office, code: str, act: Callable[[], object]) -> str:
    before = office.stored()
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.code == code
    assert office.stored() == before
    return str(refused.value.sentence)


def test_the_first_process_is_published_a_changed_one_waits_for_two(office: Office) -> None:
    with office.acting(BAYU) as (session, _):
        assert office.workflow.sync(session) == []
    office.workflow.define(CHANGED)
    for made in ([2], [], []):
        with office.acting(BAYU) as (session, _):
            assert [version.number for version in office.workflow.sync(session)] == made

    early = "nobody stands for it yet"
    assert early in _refused(office, "state", lambda: _decide(office, 2, "publish", DEWI))
    _decide(office, 2, "take_up", BAYU)
    _refused(office, "state", lambda: _decide(office, 2, "take_up", DEWI))
    own = _refused(office, "duty", lambda: _decide(office, 2, "publish", BAYU))
    _decide(office, 2, "publish", DEWI)

    assert own == "You proposed this; another administrator publishes it."
    with office.sessions() as session:
        version = session.get_one(ProcessVersion, 2)
        assert (version.proposed_by_name, version.published_by_name) == ("Bayu", "Dewi")


def test_records_keep_the_version_that_they_began_on(office: Office) -> None:
    number = office.at("asked")
    version = _propose(office)
    meanwhile = office.ask()
    _decide(office, version, "publish", DEWI)
    later = office.ask()

    with office.sessions() as session:
        for record, begun, verb in (
            (number, 1, "Grant"),
            (meanwhile, 1, "Grant"),
            (later, 2, "Allow"),
        ):
            request = session.get_one(LeaveRequest, record)
            process = office.workflow.process_of(session, request)
            assert request.process_version_id == begun
            assert str(process.transitions["grant"].label) == verb
    office.move(BAYU, number, "grant", values={"pay": "paid"})


def test_a_version_that_was_published_is_closed_and_so_is_one_turned_down(office: Office) -> None:
    first, second = _propose(office), _propose(office, CHANGED + "\n# again\n", DEWI)
    _decide(office, second, "withdraw", DEWI)
    _decide(office, first, "publish", DEWI)

    for act in ("take_up", "publish", "withdraw"):
        for version in (first, second):
            _refused(office, "state", lambda: _decide(office, version, act, ASEP))  # noqa: B023 - called at once


def test_an_older_proposal_is_not_published_over_a_newer_one(office: Office) -> None:
    old, new = _propose(office), _propose(office, CHANGED + "\n# newer\n")
    _decide(office, new, "publish", DEWI)

    assert "newer version" in _refused(
        office, "state", lambda: _decide(office, old, "publish", DEWI)
    )
    _decide(office, old, "withdraw", BAYU)


def test_what_is_turned_down_does_not_come_back_by_itself(office: Office) -> None:
    office.workflow.define(CHANGED)
    with office.acting(ANI) as (session, _):
        office.workflow.sync(session)
    _decide(office, 2, "withdraw", DEWI)

    with office.acting(ANI) as (session, _):
        assert office.workflow.sync(session) == []
    assert _asked(office, 2, "withdraw", BAYU) == "This proposal was turned down."


def test_a_second_account_of_the_proposer_is_no_second_person(office: Office) -> None:
    version = _propose(office)
    office.workflow.same_people = lambda _session, accounts: {a: {BOTH.id} for a in accounts}

    assert _asked(office, version, "publish", BOTH) == _asked(office, version, "publish", BAYU)
    assert _asked(office, version, "publish", DEWI) is None


@pytest.mark.parametrize("reason", ["", "  ", "x\0", "x" * 4001])
def test_every_act_gives_its_reason(office: Office, reason: str) -> None:
    version = _propose(office)

    for act in ("publish", "withdraw"):
        _refused(office, "reason", lambda: _decide(office, version, act, DEWI, reason))  # noqa: B023 - called at once


def test_a_wrong_file_leaves_everything_as_it_is(office: Office) -> None:
    before = office.stored()

    with pytest.raises(WrongProcess):
        _propose(office, CHANGED.replace('to = "granted"', 'to = "nowhere"'))
    assert office.stored() == before
    _refused(office, "state", lambda: _propose(office, PROCESS))
    _refused(
        office, "state", lambda: _propose(office, CHANGED.replace('kind = "leave', 'kind = "my'))
    )


def test_rows_that_another_program_laid_under_a_proposal_are_not_published(office: Office) -> None:
    version = _propose(office)
    with office.acting(ASEP) as (session, _):
        session.add(ProcessField(version_id=version, state="asked", field="*"))
    _decide(office, version, "publish", DEWI)

    with office.sessions() as session:
        fields = sa.select(ProcessField.field).where(ProcessField.version_id == version)
        asked = fields.where(ProcessField.state == "asked")
        assert (len(session.scalars(fields).all()) > 3, session.scalars(asked).all()) == (True, [])


def test_a_guard_that_is_gone_meanwhile_stops_the_publication(office: Office) -> None:
    version = _propose(office)
    office.workflow.guards = {n: g for n, g in office.workflow.guards.items() if n != "has_days"}

    said = _refused(office, "state", lambda: _decide(office, version, "publish", DEWI))

    assert said.startswith("The program does not take this process any more. Line 35, column")


# What is changed


CHANGES = [
    ('en = "Asked"', 'en = "Wanted"', "State “asked”: name", "Diminta / Asked", "Diminta / Wanted"),
    ('category = "waiting"', 'category = "active"', "State “asked”: category", "waiting", "active"),
    (
        'roles = ["staff"]\nguards',
        'roles = ["chief"]\nguards',
        "Step “ask”: roles",
        "Staff",
        "Chief",
    ),
    ('guards = ["has_days"]\n', "", "Step “ask”: conditions", "has_days", "None"),
    (
        '"creator", "editor", "stand_in"',
        '"creator"',
        "Step “grant”: duties kept apart",
        "creator, editor, stand_in",
        "creator",
    ),
    (
        '["note", "leave_day.note", "leave_paper"]',
        '["note"]',
        "State “granted”: what may be edited",
        "note, leave_day.note, leave_paper",
        "note",
    ),
    (
        '["note", "leave_day.note", "leave_paper"]',
        '{ staff = ["note"], chief = ["why"] }',
        "State “granted”: what may be edited",
        "note, leave_day.note, leave_paper",
        "Staff: note, Chief: why",
    ),
    (
        'from = ["granted", "over"]',
        'from = ["over"]',
        "Step “reopen”: from",
        "granted, over",
        "over",
    ),
    ("needs_reason = true\n", "", "Step “reopen”: reason is obligatory", "yes", "None"),
    (
        'to = "asked"\n',
        'to = "asked"\ndeadline_days = 5\n',
        "Step “ask”: deadline in working days",
        "None",
        "5",
    ),
    ('id = "Cuti"', 'id = "Izin"', "Name of the process", "Cuti / Leave", "Izin / Leave"),
]


def _read(text: str) -> Process:
    return read_process(text, guards=GUARDS, duties=DUTIES, roles=ROLES)


@pytest.mark.parametrize(("was", "becomes", "about", "before", "after"), CHANGES)
def test_each_change_is_named(was: str, becomes: str, about: str, before: str, after: str) -> None:
    assert was in PROCESS
    found = compare(_read(PROCESS), _read(PROCESS.replace(was, becomes, 1)))

    assert [(str(c.about), str(c.was), str(c.now)) for c in found] == [(about, before, after)]


def test_states_that_go_or_are_renamed_tell_how_many_records_stand_there(office: Office) -> None:
    office.at("asked")
    office.at("asked")
    office.at("granted")
    text = PROCESS.replace('"asked"', '"wanted"').replace('en = "Granted"', 'en = "Given"')

    with office.sessions() as session:
        changes = difference(office.workflow, session, _read(text))
        [earlier] = foreseen(office.workflow, session, _read(text))

    assert (earlier.version.number, earlier.passing, earlier.staying) == (1, 1, 2)
    ways = {way.state.code: (way.becomes and way.becomes.code, way.count) for way in earlier.ways}
    assert ways == {
        "draft": ("draft", 0),
        "asked": (None, 2),
        "granted": ("granted", 1),
        "over": (None, 0),
    }
    told = {str(change.about): (change.was, change.now) for change in changes}
    assert told["State “asked”"] == ("Diminta / Asked", None)
    assert told["State “wanted”"] == (None, "Diminta / Asked")
    assert told["Step “ask”: to"] == ("asked", "wanted")
