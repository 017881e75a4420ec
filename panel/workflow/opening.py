"""What a state opens for editing, and the sentence for whom it does not open."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce

from ..access.rules import Actor
from ..words import Refused, say
from .definition import Process
from .rules import Case, turn

WHOLE = "all"


def roles_of(actor: object) -> frozenset[str]:
    """The roles of who acts; a command has none."""
    return actor.roles if isinstance(actor, Actor) else frozenset()


def is_open(
    process: Process, code: str, roles: Collection[str], names: Collection[str] = ()
) -> bool:
    """Whether the state opens one of these names, or everything, to these roles."""
    return not process.states[code].editable_to(roles).isdisjoint({WHOLE, *names})


def shut(
    process: Process,
    case: Case,
    names: Collection[str] = (),
    field: str | None = None,
) -> Refused:
    """Why nobody edits this now, or who does in your place."""
    state = process.states[case.state]
    wanted = {WHOLE, *names}
    others = [role for role, opened in state.editable_by.items() if wanted & set(opened)]
    if others:
        labels: list[object] = [process.role_names[role] for role in others]
        sentence = say(
            "The status is “%(state)s”: this is changed by %(roles)s now.",
            state=state.label,
            roles=reduce(
                lambda one, other: say("%(one)s or %(other)s", one=one, other=other), labels
            ),
        )
        return Refused("role", sentence, field)
    sentence = say(
        "The status is “%(state)s”: this is not changed now. %(turn)s",
        state=state.label,
        turn=turn(process, case),
    )
    return Refused("locked", sentence, field)
