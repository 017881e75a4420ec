"""As whom somebody may take a step, and to whom a duty closes it: himself, or by letter another.

A duty binds both: who acts, and in whose place he does. Rights that somebody has by letter are not
handed on, because a `StandIn` holds the absent one's own roles and nothing that was lent to him.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..access.rules import Actor, StandIn, listed
from ..words import Sentence, say
from .case import Case, Person
from .definition import DECIDER, Process, Transition


def ways(step: Transition, actor: Actor) -> tuple[StandIn | None, ...]:
    """As whom an actor may try a step: as himself (None), else in whose place; no others."""
    if actor.roles & set(step.roles):
        return (None,)
    return tuple(one for one in actor.stands_in if one.actor.roles & set(step.roles))


def acting_for(case: Case, step: Transition, actor: Actor) -> StandIn | None:
    """In whose place an actor takes a step that is open to him; None: as himself."""
    open_ways = (way for way in ways(step, actor) if against(step, case, actor, way) is None)
    return next(open_ways, None)


def against(step: Transition, case: Case, actor: Actor, way: StandIn | None) -> Sentence | None:
    """The duty that bars this way: it binds who acts, and in whose place he does."""
    own = barred(step, case, actor.id)
    if own is not None or way is None:
        return own
    theirs = barred(step, case, way.actor.id)
    if theirs is None:
        return None
    return say(
        "You stand in for %(name)s, who may not decide here either: “%(why)s”",
        name=way.actor.name,
        why=theirs,
    )


def barred(step: Transition, case: Case, account: int) -> Sentence | None:
    """What the first duty that closes the step to this account says, or None."""
    for relation, sentence in step.duties.items():
        if account in case.parties.get(relation, frozenset()):
            return sentence
    return None


def deciders(
    process: Process,
    decisions: Iterable[Any],
    followed: Callable[[Any], Process] | None = None,
) -> dict[str, frozenset[int]]:
    """The parties of the relations "decider:STEP": who took it since it was last submitted.

    `decisions` come latest first. In whose place somebody decided has decided too. `followed` gives
    the process of a decision, for records that passed on from one version to another.
    """
    asked = {name for step in process.transitions.values() for name in (*step.duties, *step.tell)}
    found: dict[str, set[int]] = {duty: set() for duty in asked if duty.startswith(DECIDER)}
    for one in decisions if found else ():
        taken = found.get(f"{DECIDER}{one.step}")
        if taken is not None:
            taken |= {one.actor_id, one.acting_for_id} - {None}
        states = (followed(one) if followed else process).states
        was, becomes = states.get(one.was), states.get(one.becomes)
        if was and becomes and (was.category, becomes.category) == ("draft", "waiting"):
            break
    return {duty: frozenset(accounts) for duty, accounts in found.items()}


def able(case: Case, steps: Iterable[Transition], roles: Iterable[str]) -> list[object]:
    """The names of those to whom one of `steps` is open, with who stands in for them, in order."""
    steps, people = list(steps), case.people or {}
    known = {account: one for role in roles for account, one in people.get(role, {}).items()}
    persons = [(one if isinstance(one, Person) else Person(one), a) for a, one in known.items()]
    found: list[object] = []
    for person, account in sorted(persons, key=lambda pair: (pair[0].name, pair[1])):
        open_ones = [step for step in steps if barred(step, case, account) is None]
        others = [
            name
            for other, name in sorted(person.substitutes.items(), key=lambda pair: pair[1])
            if any(barred(step, case, other) is None for step in open_ones)
        ]
        if open_ones and others:
            by = listed(others)
            found.append(say("%(name)s, represented by %(other)s", name=person.name, other=by))
        elif open_ones:
            found.append(person.name)
    return found
