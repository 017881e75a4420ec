"""Whose turn it is: those nearest to a record, those farther off, and who is told of a step.

Pure. Nearness counts per role: who has the narrower place that holds the record comes first, and
the others when the deadline has passed. Only who could really take a step counts: where a duty
closes it to everybody near, those farther off are the nearest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from .case import Case, Person
from .deadlines import expected
from .definition import TURN, Process, Transition
from .duties import barred


@dataclass(frozen=True)
class InTurn:
    """Accounts to which an expected step is open, those who stand in by letter among them."""

    nearest: frozenset[int] = frozenset()
    #: The others, to whom it comes when the deadline has passed.
    wider: frozenset[int] = frozenset()


def in_turn(process: Process, case: Case) -> InTurn:
    """Whose turn it is in the state of a case; nobody's where nothing is expected."""
    steps = expected(process, case.state)
    roles = dict.fromkeys(role for step in steps for role in step.roles)
    nearest: set[int] = set()
    others: set[int] = set()
    for role in roles:
        own = [step for step in steps if role in step.roles]
        people = (case.people or {}).get(role, {})
        able: dict[int, set[int]] = {}
        for account, one in people.items():
            person = one if isinstance(one, Person) else Person(one)
            hands = _hands(own, case, account, person)
            able.setdefault(person.near, set()).update(hands)
        able = {near: hands for near, hands in able.items() if hands}
        if able:
            nearest |= able.pop(max(able))
            others = others.union(*able.values())
    return InTurn(frozenset(nearest), frozenset(others - nearest))


def _hands(steps: Iterable[Transition], case: Case, account: int, person: Person) -> Iterable[int]:
    """Who could take one of the steps in somebody's place: himself, and who stands in for him."""
    open_ones = [step for step in steps if barred(step, case, account) is None]
    if not open_ones:
        return ()
    lent = [
        other
        for other in person.substitutes
        if any(barred(step, case, other) is None for step in open_ones)
    ]
    return (account, *lent)


def told(
    step: Transition,
    parties: Mapping[str, Collection[int]],
    turn: InTurn,
    without: Collection[int] = (),
) -> dict[int, str]:
    """Who is told that a step was taken, each with the kind of the notice: "decided" or "turn".

    `without` are those who know already: who took the step, under each of his accounts.
    """
    relations = [relation for relation in step.tell if relation != TURN]
    found = {account: "decided" for name in relations for account in parties.get(name, ())}
    if TURN in step.tell:
        found |= dict.fromkeys(turn.nearest, "turn")
    return {account: kind for account, kind in found.items() if account not in without}
