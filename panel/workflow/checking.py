"""What can be wrong with a process that is well written: edges to nowhere, traps, dead ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from ..words import Sentence, say
from .definition import Process, State, Transition


def flaws(
    process: Process,
    states: Iterable[State],
    steps: Iterable[Transition],
    fields: Mapping[str, Collection[str]] | None,
) -> Iterator[Sentence]:
    """Every flaw as a sentence that names the process and its state or transition."""
    states, steps = list(states), list(steps)
    yield from _named_twice(process, states, steps)
    yield from _unknown_names(process)
    yield from _untaken(process)
    yield from _stranded(process)
    if fields is not None:
        yield from _unknown_fields(process, fields)
    yield from _fields_opened_twice(process)


def _named_twice(
    process: Process, states: list[State], steps: list[Transition]
) -> Iterator[Sentence]:
    for code, times in Counter(state.code for state in states).items():
        if times > 1:
            yield say("Process %(process)s has two states %(state)s.", **_at(process, state=code))
    for name, times in Counter(step.name for step in steps).items():
        if times > 1:
            yield say(
                "Process %(process)s has two transitions %(step)s.", **_at(process, step=name)
            )
    if sum(state.initial for state in states) != 1:
        yield say("Process %(process)s needs exactly one initial state.", **_at(process))


def _unknown_names(process: Process) -> Iterator[Sentence]:
    for step in process.transitions.values():
        for code in (*step.sources, step.target):
            if code not in process.states:
                yield say(
                    "Process %(process)s, transition %(step)s: there is no state %(state)s.",
                    **_at(process, step=step.name, state=code),
                )
        for role in step.roles:
            if role not in process.role_names:
                yield say(
                    "Process %(process)s, transition %(step)s: there is no role %(role)s.",
                    **_at(process, step=step.name, role=role),
                )


def _untaken(process: Process) -> Iterator[Sentence]:
    for step in process.transitions.values():
        if not any(role in process.role_names for role in step.roles):
            yield say(
                "Process %(process)s, transition %(step)s: nobody may take it; name its roles.",
                **_at(process, step=step.name),
            )
        if not step.sources:
            yield say(
                "Process %(process)s, transition %(step)s: it starts from no state.",
                **_at(process, step=step.name),
            )


def _stranded(process: Process) -> Iterator[Sentence]:
    edges = {
        (source, step.target) for step in process.transitions.values() for source in step.sources
    }
    initial = [code for code, state in process.states.items() if state.initial]
    reached = _closure(initial, edges)
    finals = [code for code, state in process.states.items() if state.final]
    ending = _closure(finals, {(target, source) for source, target in edges})
    for code in process.states:
        if initial and code not in reached:
            yield say(
                "Process %(process)s, state %(state)s: no transition leads there.",
                **_at(process, state=code),
            )
        if code not in ending:
            yield say(
                "Process %(process)s, state %(state)s: no way out to a state that is final.",
                **_at(process, state=code),
            )


def _closure(start: Iterable[str], edges: set[tuple[str, str]]) -> set[str]:
    reached, waiting = set(start), list(start)
    while waiting:
        here = waiting.pop()
        fresh = {target for source, target in edges if source == here} - reached
        reached |= fresh
        waiting.extend(fresh)
    return reached


def _unknown_fields(process: Process, fields: Mapping[str, Collection[str]]) -> Iterator[Sentence]:
    own = fields.get(process.table)
    if own is None:
        yield say("Process %(process)s: there is no table %(table)s.", **_at(process))
        return

    def is_column(name: str) -> bool:
        table, _, column = name.rpartition(".")
        return column in fields.get(table or process.table, ())

    for state in process.states.values():
        for name in state.editable:
            if name != "all" and name not in fields and not is_column(name):
                yield say(
                    "Process %(process)s, state %(state)s: there is no field %(field)s.",
                    **_at(process, state=state.code, field=name),
                )
    for step in process.transitions.values():
        for name in step.fields:
            if not is_column(name):
                yield say(
                    "Process %(process)s, transition %(step)s: there is no field %(field)s.",
                    **_at(process, step=step.name, field=name),
                )


def _fields_opened_twice(process: Process) -> Iterator[Sentence]:
    for state in process.states.values():
        for name in sorted(process.step_fields & set(state.editable)):
            yield say(
                "Process %(process)s, state %(state)s: %(field)s is set by a step and cannot be "
                "edited as well.",
                **_at(process, state=state.code, field=name),
            )


def _at(process: Process, **names: str) -> dict[str, str]:
    return {"process": process.kind, "table": process.table, **names}
