"""The rules beside two state machines: the same process, the same checks, no database.

All three read the action plan's states and steps from the same definition and ask the same
functions: roles, duties, guards, and whether a reason is given. The other two answer yes or no;
ours also says why not and whose turn it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from statemachine import State, StateMachine
from transitions import Machine

from models.records import workflow
from panel.access.rules import Actor
from panel.workflow.definition import Process, Transition
from panel.workflow.rules import Case, offers, refusal

ANI = Actor(1, "Ani", frozenset({"clerk"}))
BAYU = Actor(2, "Bayu", frozenset({"supervisor"}))
PARTIES = {"creator": frozenset({1}), "editor": frozenset({1}), "uploader": frozenset({1})}
#: A round that ends where it begins once it has been gone: who, which step, why.
ROUND = (
    (ANI, "submit", ""),
    (ANI, "withdraw", ""),
    (ANI, "submit", ""),
    (BAYU, "return", "Steps without a date."),
)
TIMES = 400

Check = Callable[..., bool]


def plan() -> Any:
    """A record that the guards are content with."""
    return SimpleNamespace(status="draft", target="t", indicator="i", due_on="2026-12-01")


def the_process() -> Process:
    """The action plan's process."""
    return next(one for one in workflow.processes() if one.kind == "action_plan")


def checks(step: Transition, record: Any) -> Iterator[Check]:
    """What the step asks, as functions of actor and reason that answer yes or no."""
    roles = frozenset(step.roles)
    yield lambda actor, reason: bool(actor.roles & roles)
    for relation in step.duties:
        parties = PARTIES.get(relation, frozenset())
        yield lambda actor, reason, parties=parties: actor.id not in parties
    for guard in step.guards.values():
        yield lambda actor, reason, guard=guard: guard.check(record) is None
    if step.needs_reason:
        yield lambda actor, reason: bool(reason.strip())


@dataclass
class Ours:
    """The panel's rules; the state is a value of the record."""

    process: Process
    record: Any

    def offer(self, actor: Actor, reason: str) -> list[str]:
        """The steps that are open."""
        case = Case(self.record.status, self.record, PARTIES)
        return [one.step for one in offers(self.process, case, actor) if one.objection is None]

    def move(self, actor: Actor, step: str, reason: str) -> None:
        """Take a step, or say why not."""
        case = Case(self.record.status, self.record, PARTIES)
        objection = refusal(self.process, case, step, actor, reason=reason, seen="")
        if objection is not None:
            raise SystemExit(str(objection.sentence))
        self.record.status = self.process.transitions[step].target


class Transitions:
    """`transitions`: a machine whose model is the record."""

    def __init__(self, process: Process, record: Any) -> None:
        self.record = record
        self.machine = Machine(
            record,
            states=list(process.states),
            initial=process.initial.code,
            auto_transitions=False,
        )
        for step in process.transitions.values():
            self.machine.add_transition(
                f"do_{step.name}",
                list(step.sources),
                step.target,
                conditions=list(checks(step, record)),
            )

    def offer(self, actor: Actor, reason: str) -> list[str]:
        record = self.record
        return [
            name
            for name in self.machine.get_triggers(record.state)
            if getattr(record, f"may_{name}")(actor, reason)
        ]

    def move(self, actor: Actor, step: str, reason: str) -> None:
        if not getattr(self.record, f"do_{step}")(actor, reason):
            raise SystemExit(f"transitions refuses {step}")


class Statemachine:
    """`python-statemachine`: a class made from the same definition."""

    def __init__(self, process: Process, record: Any) -> None:
        states = {
            code: State(initial=one.initial, final=not process.leaving(code))
            for code, one in process.states.items()
        }
        events: dict[str, Any] = {}
        for step in process.transitions.values():
            asked = list(checks(step, record))
            for source in step.sources:
                edge = states[source].to(states[step.target], cond=asked)
                name = f"do_{step.name}"
                events[name] = events[name] | edge if name in events else edge
        self.machine = type("PlanMachine", (StateMachine,), {**states, **events})()

    def offer(self, actor: Actor, reason: str) -> list[str]:
        return [event.id for event in self.machine.enabled_events(actor=actor, reason=reason)]

    def move(self, actor: Actor, step: str, reason: str) -> None:
        self.machine.send(f"do_{step}", actor=actor, reason=reason)


def engines() -> tuple[Any, Any, Any]:
    """The three, each with a record of its own at the beginning."""
    process = the_process()
    return Ours(process, plan()), Transitions(process, plan()), Statemachine(process, plan())


def same(ours: Any, other: Any) -> None:
    """Stop when the two do not answer the same, in every state of a round and for both people."""
    for actor, step, reason in (*ROUND, *ROUND):
        for who in (ANI, BAYU):
            mine, theirs = ours.offer(who, "why"), other.offer(who, "why")
            if sorted(mine) != sorted(name.removeprefix("do_") for name in theirs):
                raise SystemExit(f"{type(other).__name__}: {theirs} where the rules say {mine}")
        ours.move(actor, step, reason)
        other.move(actor, step, reason)


def moving(engine: Any) -> Callable[[], None]:
    """So many rounds of four steps."""

    def go() -> None:
        for _ in range(TIMES):
            for actor, step, reason in ROUND:
                engine.move(actor, step, reason)

    return go


def offering(engine: Any) -> Callable[[], None]:
    """The offers of the present state, as often, to one who may and one who may not."""

    def go() -> None:
        for _ in range(TIMES):
            engine.offer(BAYU, "why")
            engine.offer(ANI, "why")

    return go
