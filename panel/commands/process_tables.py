"""A process as tables in Markdown: its name, its steps, its states, and who may do what when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..workflow.definition import Process, State, Transition
from ..workflow.truth import rows


def process_table(process: Process) -> str:
    """The name, the steps, the states and the truth table of a process in Markdown."""
    steps = _markdown(
        ("step", "button", "from → to", "who", "needs"),
        (
            (
                f"`{step.name}`",
                step.label.text("id"),
                f"{', '.join(step.sources)} → {step.target}",
                ", ".join(step.roles),
                "; ".join(_needs(step)),
            )
            for step in process.transitions.values()
        ),
    )
    states = _markdown(
        ("state", "label", "category", "open for editing"),
        (
            (f"`{state.code}`", state.label.text("id"), state.category, _open(state))
            for state in process.states.values()
        ),
    )
    truth = _markdown(("state", "step", *process.role_names), rows(process))
    return f"### {process.label.text('en')}: `{process.kind}`\n\n{steps}\n{states}\n{truth}"


def _needs(step: Transition) -> Iterator[str]:
    if step.duties:
        yield f"not by {', '.join(step.duties)}"
    for name in step.guards:
        yield name.replace("_", " ")
    if step.needs_reason:
        yield "reason"
    for name in step.reason_when:
        yield f"reason when {name.replace('_', ' ')}"
    if step.deadline_days:
        yield f"within {step.deadline_days} working days"
    if step.tell:
        yield f"tells {', '.join(step.tell)}"


def _open(state: State) -> str:
    if not state.editable_by:
        return _fields(state.editable)
    return "; ".join(f"{role}: {_fields(names)}" for role, names in state.editable_by.items())


def _fields(names: tuple[str, ...]) -> str:
    return "everything" if "all" in names else ", ".join(names)


def _markdown(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
