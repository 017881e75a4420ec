"""What a changed process changes: states, steps, roles, conditions, duties, fields, words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from ..access.rules import listed
from ..words import Label, Sentence, say
from .definition import Process, State, Transition

One = TypeVar("One", State, Transition)
#: What one aspect of a state or a step reads as, in its process; None: nothing.
Aspect = tuple[Sentence, Callable[[Process, One], object]]


@dataclass(frozen=True)
class Change:
    """One thing that is not as it was; None where it is not there."""

    about: Sentence
    was: object
    now: object


def compare(before: Process, after: Process) -> list[Change]:
    """Everything that differs, states first."""
    found = []
    if before.label != after.label:
        found.append(Change(say("Name of the process"), _both(before.label), _both(after.label)))
    found += _compared(
        before, after, before.states, after.states, say("State “%(name)s”"), STATE_ASPECTS
    )
    found += _compared(
        before, after, before.transitions, after.transitions, say("Step “%(name)s”"), STEP_ASPECTS
    )
    return found


def _compared(
    before: Process,
    after: Process,
    old: Mapping[str, One],
    new: Mapping[str, One],
    named: Sentence,
    aspects: Iterable[Aspect[One]],
) -> Iterator[Change]:
    for name in dict.fromkeys((*old, *new)):
        about = say(named.id, name=name)
        if name not in new:
            yield Change(about, _both(old[name].label), None)
        elif name not in old:
            yield Change(about, None, _both(new[name].label))
        else:
            for aspect, read in aspects:
                was, now = read(before, old[name]), read(after, new[name])
                if was != now:
                    yield Change(say("%(one)s: %(what)s", one=about, what=aspect), was, now)


def _both(label: Label | None) -> str | None:
    """A text in both languages: a change in one alone is seen by readers of the other too."""
    return " / ".join(dict.fromkeys((label.text("id"), label.text("en")))) if label else None


def _names(names: Iterable[str]) -> str | None:
    return ", ".join(names) or None


def _yes(value: bool) -> Sentence | None:
    return say("yes") if value else None


def _roles(process: Process, roles: Iterable[str]) -> object:
    labels = [process.role_names.get(role, role) for role in roles]
    if not labels:
        return None
    return listed([say("%(role)s", role=label) for label in labels])


def _open(process: Process, state: State) -> object:
    if not state.editable_by:
        return _names(state.editable)
    parts = [
        say(
            "%(role)s: %(fields)s", role=process.role_names.get(role, role), fields=", ".join(names)
        )
        for role, names in state.editable_by.items()
    ]
    return listed(parts) if parts else None


STATE_ASPECTS: tuple[Aspect[State], ...] = (
    (say("name"), lambda _, state: _both(state.label)),
    (say("category"), lambda _, state: state.category),
    (say("look"), lambda _, state: state.tone if state.tone != state.category else None),
    (say("beginning"), lambda _, state: _yes(state.initial)),
    (say("what may be edited"), _open),
)
STEP_ASPECTS: tuple[Aspect[Transition], ...] = (
    (say("name"), lambda _, step: _both(step.label)),
    (say("from"), lambda _, step: _names(step.sources)),
    (say("to"), lambda _, step: step.target),
    (say("roles"), lambda process, step: _roles(process, step.roles)),
    (say("conditions"), lambda _, step: _names(step.guards)),
    (say("duties kept apart"), lambda _, step: _names(step.duties)),
    (say("reason is obligatory"), lambda _, step: _yes(step.needs_reason)),
    (say("reason when"), lambda _, step: _names(step.reason_when)),
    (say("sets"), lambda _, step: _names(step.sets)),
    (say("empties"), lambda _, step: _names(step.clears)),
    (say("keeps the reason in"), lambda _, step: step.keeps_reason),
    (say("vouches for the content"), lambda _, step: _yes(step.approves)),
    (say("deadline in working days"), lambda _, step: step.deadline_days),
    (say("common reasons"), lambda _, step: _names(str(_both(r)) for r in step.common_reasons)),
    (say("look"), lambda _, step: step.style),
    (say("place in the order"), lambda _, step: step.order),
    (say("said when done"), lambda _, step: _both(step.done)),
    (say("told in the history"), lambda _, step: _both(step.told)),
    (say("who is told"), lambda _, step: _names(step.tell)),
)
