"""As whom one takes a step, and who is named when a duty closes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from panel.access.rules import Actor, StandIn
from panel.workflow.case import Case, Person
from panel.workflow.duties import acting_for, deciders
from panel.workflow.rules import offers, read_process, refusal, turn
from tests.panel.workflow.office import ANI, BAYU, DEWI, DUTIES, GUARDS, PROCESS, ROLES

READ = read_process(PROCESS, guards=GUARDS, duties=DUTIES, roles=ROLES)
SINCE = datetime(2026, 11, 12, 2, 14, tzinfo=UTC)
UNTIL = date(2026, 12, 31)


def lent(*absent: Actor, to: Actor = ANI) -> Actor:
    """The actor who stands in for these."""
    letters = tuple(StandIn(one, f"ST {one.id}", UNTIL) for one in absent)
    return Actor(to.id, to.name, to.roles, stands_in=letters)


def case_of(*creators: Actor, people: object = None) -> Case:
    """A request for leave, asked by these."""
    record = SimpleNamespace(days=[1], pay="paid")
    accounts = frozenset(one.id for one in creators)
    return Case("asked", record, {"creator": accounts}, "now", SINCE, people)


#: Own role, duty on oneself, duty on the absent one -> in whose place, or the code of the refusal.
WAYS = {
    (True, False, False): None,
    (True, False, True): None,
    (True, True, False): "duty",
    (True, True, True): "duty",
    (False, False, False): BAYU.id,
    (False, False, True): "duty",
    (False, True, False): "duty",
    (False, True, True): "duty",
}


@pytest.mark.parametrize(("own", "self_barred", "other_barred"), list(WAYS))
def test_duties_bind_both_and_one_acts_for_himself_first(
    own: bool, self_barred: bool, other_barred: bool
) -> None:
    actor = lent(BAYU, to=DEWI if own else ANI)
    creators = [actor] * self_barred + [BAYU] * other_barred
    case, step = case_of(*creators), READ.transitions["grant"]

    refused = refusal(READ, case, "grant", actor, seen="now")
    way = acting_for(case, step, actor)

    answer = refused.code if refused else way and way.actor.id
    assert answer == WAYS[own, self_barred, other_barred]


def test_of_several_absent_ones_the_first_free_one_is_stood_in_for() -> None:
    actor = lent(BAYU, DEWI)
    step = READ.transitions["grant"]

    assert acting_for(case_of(BAYU), step, actor) == actor.stands_in[1]
    assert acting_for(case_of(), step, actor) == actor.stands_in[0]


def test_a_substitute_of_somebody_without_the_role_has_it_not() -> None:
    refused = refusal(READ, case_of(), "grant", lent(Actor(2, "Asep", ANI.roles)), seen="now")

    assert refused is not None
    assert refused.code == "role"


def test_what_an_absent_one_has_by_letter_is_not_handed_on() -> None:
    asep = lent(BAYU, to=Actor(2, "Asep", ANI.roles))

    refused = refusal(READ, case_of(), "grant", lent(asep), seen="now")

    assert refused is not None
    assert refused.code == "role"


def test_the_refusal_of_a_substitute_says_whose_duty_it_is() -> None:
    refused = refusal(READ, case_of(BAYU), "grant", lent(BAYU), seen="now")

    assert refused is not None
    assert str(refused.sentence).startswith(
        "You stand in for Bayu, who may not decide here either: “You made this record;"
    )


CHIEFS = {3: "Bayu", 4: "Dewi"}


@pytest.mark.parametrize(
    ("creators", "people", "instead"),
    [
        ((BAYU,), CHIEFS, f"Who can do it instead: Dewi; it has waited since {SINCE}."),
        (
            (BAYU,),
            {4: Person("Dewi", {1: "Ani", 3: "Bayu"})},
            f"Who can do it instead: Dewi, represented by Ani; it has waited since {SINCE}.",
        ),
        (
            (BAYU, ANI),
            {4: Person("Dewi", {1: "Ani"})},
            f"Who can do it instead: Dewi; it has waited since {SINCE}.",
        ),
        (
            (BAYU, DEWI),
            {3: "Bayu", 4: Person("Dewi", {1: "Ani"})},
            "Nobody can do it at present. An administrator can give the role here to somebody "
            "else, or name a substitute by letter; neither may have had a part in it.",
        ),
    ],
)
def test_the_refusal_names_who_can_instead(
    creators: Iterable[Actor], people: object, instead: str
) -> None:
    case = case_of(*creators, people={"chief": people})

    refused = refusal(READ, case, "grant", BAYU, seen="now")

    assert refused is not None
    assert str(refused.sentence) == f"{DUTIES['creator']} {instead}"
    offered = {one.step: one.objection for one in offers(READ, case, BAYU)}["grant"]
    assert offered == refused


def test_the_turn_names_the_substitute_and_says_when_nobody_can() -> None:
    people = {"chief": {3: "Bayu", 4: Person("Dewi", {1: "Ani"})}}

    assert str(turn(READ, case_of(BAYU, people=people))) == (
        f"It is the turn of Chief (Dewi, represented by Ani), since {SINCE}."
    )
    assert str(turn(READ, case_of(BAYU, DEWI, people=people))) == (
        f"It is the turn of Chief (nobody can at present), since {SINCE}."
    )


SIGNED = PROCESS.replace('duties = ["creator", "editor"]\n', 'duties = ["decider:grant"]\n')


def decision(step: str, actor: Actor, was: str, becomes: str, instead_of: int | None = None):
    return SimpleNamespace(
        step=step, actor_id=actor.id, acting_for_id=instead_of, was=was, becomes=becomes
    )


def test_who_took_the_named_step_since_the_submission_does_not_take_the_other() -> None:
    process = read_process(SIGNED, guards=GUARDS, duties=DUTIES, roles=ROLES)
    old = [decision("grant", ANI, "asked", "granted"), decision("ask", ANI, "draft", "asked")]
    new = [decision("grant", BAYU, "asked", "granted", 4), decision("ask", ANI, "draft", "asked")]

    parties = deciders(process, [*new, *old])

    assert parties == {"decider:grant": {BAYU.id, DEWI.id}}
    case = Case("granted", SimpleNamespace(days=[1], pay="paid"), parties, "now")
    codes = [
        (refused := refusal(process, case, "end", actor, seen="now")) and refused.code
        for actor in (BAYU, DEWI, Actor(6, "Fulan", BAYU.roles))
    ]
    assert codes == ["duty", "duty", None]
    assert deciders(READ, new) == {}


def test_a_duty_names_a_step_of_its_own_process() -> None:
    wrong = SIGNED.replace("decider:grant", "decider:gran")

    with pytest.raises(ValueError, match="decider:gran"):
        read_process(wrong, guards=GUARDS, duties=DUTIES, roles=ROLES)
