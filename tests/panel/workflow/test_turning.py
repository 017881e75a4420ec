"""Whose turn it is, the nearest first, and who is told that a step was taken."""

from __future__ import annotations

from dataclasses import replace

import pytest

from panel.workflow.case import Case, Person
from panel.workflow.reading import read_process
from panel.workflow.turning import InTurn, in_turn, told
from tests.panel.workflow.office import DUTIES, GUARDS, PROCESS, ROLES

READ = read_process(PROCESS, guards=GUARDS, duties=DUTIES, roles=ROLES)
CITY, DISTRICT, VILLAGE = 0, 2, 3
NEAR, FAR, OTHER, SUBSTITUTE = 11, 12, 13, 14


def asked(people: dict[int, Person], *creators: int) -> Case:
    """A request that waits for the chief, made by these."""
    return Case("asked", None, {"creator": frozenset(creators)}, people={"chief": people})


def person(near: int, *substitutes: int) -> Person:
    """A chief with a place of that width, and who stands in for him."""
    return Person("N", dict.fromkeys(substitutes, "S"), near)


#: Chiefs by account, who made the request -> the nearest, and the others.
TABLE = {
    "nobody": ({}, (), set(), set()),
    "one": ({FAR: person(CITY)}, (), {FAR}, set()),
    "both equally near": ({NEAR: person(2), FAR: person(2)}, (), {NEAR, FAR}, set()),
    "one nearer": ({NEAR: person(DISTRICT), FAR: person(CITY)}, (), {NEAR}, {FAR}),
    "three rungs": (
        {NEAR: person(VILLAGE), OTHER: person(DISTRICT), FAR: person(CITY)},
        (),
        {NEAR},
        {OTHER, FAR},
    ),
    "the nearer made it": ({NEAR: person(DISTRICT), FAR: person(CITY)}, (NEAR,), {FAR}, set()),
    "one of two near made it": (
        {NEAR: person(2), OTHER: person(2), FAR: person(CITY)},
        (NEAR,),
        {OTHER},
        {FAR},
    ),
    "the nearer by letter": (
        {NEAR: person(DISTRICT, SUBSTITUTE), FAR: person(CITY)},
        (),
        {NEAR, SUBSTITUTE},
        {FAR},
    ),
    "who stands in made it": (
        {NEAR: person(DISTRICT, SUBSTITUTE), FAR: person(CITY)},
        (SUBSTITUTE,),
        {NEAR},
        {FAR},
    ),
    "in the place of who made it nobody acts": (
        {NEAR: person(DISTRICT, SUBSTITUTE), FAR: person(CITY)},
        (NEAR,),
        {FAR},
        set(),
    ),
    "the farther stands in for the nearer": (
        {NEAR: person(DISTRICT, FAR), FAR: person(CITY)},
        (),
        {NEAR, FAR},
        set(),
    ),
    "everybody is closed out": (
        {NEAR: person(DISTRICT), FAR: person(CITY)},
        (NEAR, FAR),
        set(),
        set(),
    ),
}


@pytest.mark.parametrize(("people", "creators", "nearest", "wider"), TABLE.values(), ids=TABLE)
def test_the_nearest_who_could_act_come_first(
    people: dict[int, Person], creators: tuple[int, ...], nearest: set[int], wider: set[int]
) -> None:
    found = in_turn(READ, asked(people, *creators))

    assert found == InTurn(frozenset(nearest), frozenset(wider))


def test_another_role_is_no_farther_away() -> None:
    people = {"staff": {1: person(VILLAGE)}, "chief": {2: person(CITY)}}
    step = READ.transitions["grant"]
    both = {**READ.transitions, "grant": replace(step, roles=("staff", "chief"))}
    process = replace(READ, transitions=both)

    assert in_turn(process, Case("asked", people=people)).nearest == {1, 2}


def test_nobody_has_the_turn_where_a_record_rests() -> None:
    assert in_turn(READ, Case("over", people={"chief": {FAR: person(CITY)}})) == InTurn()


PARTIES = {"creator": {1, 3}, "editor": {3, 4}, "decider:ask": {2}}
TURN = InTurn(frozenset({3, 5}), frozenset({6}))

#: What a step tells -> the kinds by account.
TOLD = {
    (): {},
    ("creator",): {1: "decided", 3: "decided"},
    ("turn",): {3: "turn", 5: "turn"},
    ("turn", "creator"): {1: "decided", 3: "turn", 5: "turn"},
    ("creator", "editor", "decider:ask"): {
        1: "decided",
        2: "decided",
        3: "decided",
        4: "decided",
    },
    ("stand_in",): {},
}


@pytest.mark.parametrize("tell", TOLD, ids=str)
@pytest.mark.parametrize("without", [(), (3,), (1, 5)])
def test_those_whom_a_step_names_are_told_once(tell: tuple[str, ...], without: tuple[int]) -> None:
    step = replace(READ.transitions["grant"], tell=tell)

    found = told(step, PARTIES, TURN, without)

    assert found == {one: kind for one, kind in TOLD[tell].items() if one not in without}
    assert 6 not in found, "who is farther off is told when the deadline has passed"
