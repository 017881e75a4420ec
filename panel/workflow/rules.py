"""What may be done with a record now, by whom, and why not: answers, never acts.

Nobody is exempt. The order of the checks is state, stale, role, duty, guard, reason; the first one
that objects is the answer. Scope is checked by the caller before anything is asked here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from ..access.rules import Actor, listed
from ..words import Code, Label, Sentence, say
from .case import Case, Person
from .definition import Guard, Process, State, Transition
from .duties import able, acting_for, against, ways
from .reading import WrongProcess, read_process

__all__ = [
    "Case",
    "Guard",
    "Objection",
    "Offer",
    "Person",
    "Process",
    "State",
    "Transition",
    "WrongProcess",
    "acting_for",
    "closed",
    "offers",
    "read_process",
    "refusal",
    "turn",
]

#: The longest reason that is kept.
REASON_LENGTH = 4000


@dataclass(frozen=True)
class Objection:
    """Why a step is closed; `code` decides the HTTP answer, `field` where the form shows it."""

    code: Code
    sentence: Sentence
    field: str | None = None
    #: What broke in a guard; it closes the step, and nobody is told what it was.
    fault: Exception | None = dataclasses.field(default=None, compare=False)


@dataclass(frozen=True)
class Offer:
    """A transition with its objection for one actor, or None when he may take it."""

    transition: Transition
    objection: Objection | None

    @property
    def step(self) -> str:
        """The name of the transition."""
        return self.transition.name

    @property
    def label(self) -> Label:
        """The verb on the button."""
        return self.transition.label

    @property
    def needs_reason(self) -> bool:
        """Whether a reason is asked for in any case."""
        return self.transition.needs_reason

    @property
    def sets(self) -> tuple[str, ...]:
        """The columns whose values the step asks for."""
        return self.transition.sets


def offers(process: Process, case: Case, actor: Actor) -> list[Offer]:
    """Every transition that leaves the present state, open or with its objection.

    What the actor still can give with the step, a reason or a value it sets, is no objection yet.
    """
    return [
        Offer(
            step,
            _role(process, case, step, actor)
            or _duty(process, case, step, actor)
            or _guard(step, case, given=step.sets),
        )
        for step in process.leaving(case.state)
    ]


def closed(process: Process, case: Case) -> list[Offer]:
    """The transitions that start elsewhere, each refused with the state and whose turn it is."""
    return [
        Offer(step, _state(process, case, step))
        for step in process.transitions.values()
        if case.state not in step.sources
    ]


def refusal(
    process: Process, case: Case, step: str, actor: Actor, *, reason: str = "", seen: str
) -> Objection | None:
    """Why this actor may not take this step now on what he saw, or None."""
    taken = process.transitions[step]
    return (
        _state(process, case, taken)
        or _stale(case, seen)
        or _role(process, case, taken, actor)
        or _duty(process, case, taken, actor)
        or _guard(taken, case)
        or _reason(taken, case, reason)
    )


def turn(process: Process, case: Case) -> Sentence:
    """Whose turn it is, by name where names are known, and since when."""
    steps = process.leaving(case.state)
    if not steps:
        return say("No step leads on from here.")
    ahead = [step for step in steps if step.style == "main"]
    if not ahead and process.states[case.state].final:
        return say("Nothing more is to be done here.")
    ahead = ahead or list(steps)
    roles = dict.fromkeys(role for step in ahead for role in step.roles)
    who = _either(_who(process, case, ahead, role) for role in roles)
    if case.since is None:
        return say("It is the turn of %(who)s.", who=who)
    return say("It is the turn of %(who)s, since %(since)s.", who=who, since=case.since)


def _who(process: Process, case: Case, steps: list[Transition], role: str) -> Sentence:
    names = able(case, [step for step in steps if role in step.roles], [role])
    label = process.role_names[role]
    if names:
        return say("%(role)s (%(names)s)", role=label, names=listed(names))
    if case.people is None:
        return say("%(role)s", role=label)
    return say("%(role)s (nobody can at present)", role=label)


def _either(names: Iterable[object]) -> object:
    return reduce(lambda one, other: say("%(one)s or %(other)s", one=one, other=other), names)


def _state(process: Process, case: Case, step: Transition) -> Objection | None:
    if case.state in step.sources:
        return None
    present = process.states[case.state].label
    sources = _either(process.states[code].label for code in step.sources)
    sentence = say(
        "The status is “%(state)s”; “%(step)s” starts from “%(sources)s”. %(turn)s",
        state=present,
        step=step.label,
        sources=sources,
        turn=turn(process, case),
    )
    return Objection("state", sentence)


def _stale(case: Case, seen: str) -> Objection | None:
    if seen == case.seen:
        return None
    sentence = say("This was changed after you opened the page. Look at it again, then decide.")
    return Objection("stale", sentence)


def _role(process: Process, case: Case, step: Transition, actor: Actor) -> Objection | None:
    if ways(step, actor):
        return None
    sentence = say(
        "“%(step)s” is a step of %(roles)s. %(turn)s",
        step=step.label,
        roles=_either(process.role_names[role] for role in step.roles),
        turn=turn(process, case),
    )
    return Objection("role", sentence)


def _duty(process: Process, case: Case, step: Transition, actor: Actor) -> Objection | None:
    found = [against(step, case, actor, way) for way in ways(step, actor)]
    why = next((sentence for sentence in found if sentence is not None), None)
    if why is None or None in found:
        return None
    return Objection("duty", say("%(why)s %(turn)s", why=why, turn=_instead(process, case, step)))


def _instead(process: Process, case: Case, step: Transition) -> Sentence:
    """Who can take a step that a duty closes to somebody; what helps where nobody can."""
    if case.people is None:
        return turn(process, case)
    names = able(case, [step], step.roles)
    if not names:
        return say(
            "Nobody can do it at present. An administrator can give the role here to somebody "
            "else, or name a substitute by letter; neither may have had a part in it."
        )
    if case.since is None:
        return say("Who can do it instead: %(names)s.", names=listed(names))
    return say(
        "Who can do it instead: %(names)s; it has waited since %(since)s.",
        names=listed(names),
        since=case.since,
    )


def _guard(step: Transition, case: Case, given: tuple[str, ...] = ()) -> Objection | None:
    for name, guard in step.guards.items():
        objection = _asked("guard", name, guard, case)
        if objection is not None and (objection.fault or guard.field not in given):
            return objection
    return None


def _asked(code: Code, name: str, guard: Guard, case: Case) -> Objection | None:
    """What a guard objects; one that breaks objects too."""
    try:
        sentence = guard.check(case.record)
    except Exception as fault:
        broken = say(
            "“%(guard)s” cannot be checked now: something is broken on our side. Nothing was "
            "changed.",
            guard=name.replace("_", " "),
        )
        return Objection("guard", broken, fault=fault)
    return None if sentence is None else Objection(code, sentence, guard.field)


def _reason(step: Transition, case: Case, reason: str) -> Objection | None:
    if len(reason) > REASON_LENGTH:
        sentence = say("The reason may have %(length)s characters at most.", length=REASON_LENGTH)
        return Objection("reason", sentence, "reason")
    if "\x00" in reason:
        return Objection("reason", say("The reason holds a sign that is no text."), "reason")
    if reason.strip():
        return None
    if step.needs_reason:
        return Objection(
            "reason", say("Give the reason for “%(step)s”.", step=step.label), "reason"
        )
    for name, guard in step.reason_when.items():
        objection = _asked("reason", name, guard, case)
        if objection is not None:
            return dataclasses.replace(objection, field=None if objection.fault else "reason")
    return None
