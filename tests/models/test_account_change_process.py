"""The process of a change of an account as one truth table, and what gives or takes away rights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from models.account_guards import ACCOUNT_DUTIES, ACCOUNT_GUARDS
from panel.access.rights import Held, Rights, places_text, regions_text
from panel.access.rules import Place
from panel.words import Sentence, say
from panel.workflow.definition import OWN_DUTIES
from panel.workflow.rules import Case, refusal
from tests.models.truth_tables import ROLES, process_in, somebody

PROCESS = process_in("account_change", ACCOUNT_GUARDS, {**OWN_DUTIES, **ACCOUNT_DUTIES})
TARGETS = {"confirm": "confirmed", "refuse": "refused", "withdraw": "withdrawn"}


@dataclass
class Request:
    """A request whose account is as it was, unless it says otherwise."""

    objection: Sentence | None = None


def answer(state: str, step: str, role: str, relation: str = "", **facts: object) -> str | None:
    reason = str(facts.pop("reason", "because"))
    parties = {relation: frozenset({1})} if relation else {}
    case = Case(state, facts.pop("record", Request()), parties, "hash")
    objection = refusal(PROCESS, case, step, somebody(role), reason=reason, seen="hash")
    return objection and objection.code


def test_the_steps_and_where_they_lead() -> None:
    assert {name: step.target for name, step in PROCESS.transitions.items()} == TARGETS
    assert [(code, one.category) for code, one in PROCESS.states.items()] == [
        ("asked", "waiting"),
        ("confirmed", "done"),
        ("refused", "cancelled"),
        ("withdrawn", "cancelled"),
    ]
    assert not any(state.editable for state in PROCESS.states.values())


@pytest.mark.parametrize("state", PROCESS.states)
@pytest.mark.parametrize("role", ROLES)
def test_administrators_alone_take_steps_and_only_while_it_waits(state: str, role: str) -> None:
    wanted = "state" if state != "asked" else None if role == "administrator" else "role"

    assert {answer(state, step, role) for step in TARGETS} == {wanted}


@pytest.mark.parametrize(
    ("relation", "closed"),
    [
        ("", set()),
        ("creator", {"confirm", "refuse"}),
        ("editor", {"confirm", "refuse"}),
        ("subject", {"confirm", "refuse"}),
        ("bystander", {"withdraw"}),
    ],
)
def test_who_asked_takes_back_and_another_one_decides(relation: str, closed: set[str]) -> None:
    found = {step for step in TARGETS if answer("asked", step, "administrator", relation)}

    assert found == closed
    assert {answer("asked", step, "administrator", relation) for step in closed} <= {"duty"}


def test_turning_down_needs_a_reason_and_confirming_an_account_as_it_was() -> None:
    changed = Request(say("changed"))

    assert [s for s in TARGETS if answer("asked", s, "administrator", reason=" ")] == ["refuse"]
    assert {s: answer("asked", s, "administrator", record=changed) for s in TARGETS} == {
        "confirm": "guard",
        "refuse": None,
        "withdraw": None,
    }


CITY, WARD, OTHER = Place(1), Place(1, "/3/17/"), Place(2)
JUNE, JULY = date(2026, 6, 30), date(2026, 7, 31)


def rights(*held: Held, roles: str = "clerk", active: bool = True) -> Rights:
    return Rights(active, frozenset(roles.split()), held=held)


WHOLE, PART = Held(CITY, None, None), Held(WARD, None, None)
BEFORE = rights(WHOLE, roles="clerk supervisor")


@pytest.mark.parametrize(
    "after",
    [
        BEFORE,
        rights(WHOLE),
        rights(WHOLE, roles=""),
        rights(PART, roles="clerk supervisor"),
        rights(Held(CITY, None, JUNE)),
        rights(PART, Held(WARD, JUNE, JULY)),
        rights(roles="supervisor"),
        rights(WHOLE, active=False),
    ],
)
def test_what_takes_away_needs_one(after: Rights) -> None:
    assert after.gives_nothing(BEFORE)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BEFORE, rights(WHOLE, roles="auditor")),
        (BEFORE, rights(WHOLE, Held(OTHER, None, None))),
        (rights(PART), rights(WHOLE)),
        (rights(Held(CITY, None, JUNE)), rights(WHOLE)),
        (rights(Held(CITY, None, JUNE)), rights(Held(CITY, None, JULY))),
        (rights(Held(CITY, JULY, None)), rights(Held(CITY, JUNE, None))),
        (rights(Held(CITY, JULY, None)), rights(WHOLE)),
        (rights(PART), rights(Held(Place(1, "/3/18/"), None, None))),
        (rights(WHOLE, active=False), rights(WHOLE)),
        (rights(WHOLE), rights(PART, roles="clerk supervisor")),
    ],
)
def test_what_gives_anything_needs_two(before: Rights, after: Rights) -> None:
    assert not after.gives_nothing(before)


def test_the_same_rights_are_the_same_text() -> None:
    one = {"id": 1, "region_id": 1, "valid_to": None}
    other = {"region_id": 2, "valid_to": "2026-06-30"}

    assert places_text([one, other]) == places_text([other, one])
    assert Rights(True, frozenset({"b", "a"})).text == Rights(True, frozenset({"a", "b"})).text
    assert regions_text((WHOLE, PART, Held(Place(12), None, None))) == "/1//12/"
