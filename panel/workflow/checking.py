"""What can be wrong with a process that is well written: edges to nowhere, traps, dead ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from ..words import Sentence, say
from .blocks import UNREAD
from .definition import MIGRATE, Process, State, Transition
from .places import Path

Flaw = tuple[Path, Sentence]
#: Keys without which nobody can tell where ways lead.
WAYS = frozenset({"code", "initial", "category", "from", "to"})


def flaws(
    process: Process,
    states: list[State],
    steps: list[Transition],
    fields: Mapping[str, Collection[str]] | None,
    said: Collection[Path] = (),
) -> Iterator[Flaw]:
    """Every flaw as a sentence, and the key that it is about.

    `states` and `steps` are those of the file, in its order and with every double; `said` are the
    keys that could not be read, from which nothing is concluded.
    """
    yield from _named_twice(process, states, steps)
    yield from _unknown_names(process, states, steps)
    yield from _untaken(process, steps)
    yield from _mapping(process)
    if not any(path[-1] in WAYS for path in said):
        yield from _initial(process, states)
        yield from _stranded(process, states, steps)
    if fields is not None and process.table != UNREAD:
        yield from _unknown_fields(process, states, steps, fields)
    yield from _fields_opened_twice(process, states)


def _named_twice(process: Process, states: list[State], steps: list[Transition]) -> Iterator[Flaw]:
    seen: Counter[str] = Counter()
    for at, state in enumerate(states):
        seen[state.code] += 1
        if seen[state.code] > 1:
            yield (
                ("state", at, "code"),
                say("Process %(process)s has two states %(state)s.", **_of(process, state.code)),
            )
    seen.clear()
    for at, step in enumerate(steps):
        if step.name == MIGRATE:
            yield (
                ("transition", at, "name"),
                say(
                    "Process %(process)s: no transition is called %(step)s; by this name records "
                    "pass on to a newer version.",
                    **_by(process, step.name),
                ),
            )
        seen[step.name] += 1
        if seen[step.name] > 1:
            yield (
                ("transition", at, "name"),
                say("Process %(process)s has two transitions %(step)s.", **_by(process, step.name)),
            )


def _mapping(process: Process) -> Iterator[Flaw]:
    seen: Counter[tuple[int, str]] = Counter()
    for at, one in enumerate(process.mapping):
        seen[one.from_version, one.was] += 1
        if seen[one.from_version, one.was] > 1:
            yield (
                ("mapping", at, "was"),
                say("Process %(process)s maps state %(state)s twice.", **_of(process, one.was)),
            )
        if one.becomes not in process.states:
            yield (
                ("mapping", at, "becomes"),
                say(
                    "Process %(process)s: there is no state %(state)s to map to.",
                    **_of(process, one.becomes),
                ),
            )


def _initial(process: Process, states: list[State]) -> Iterator[Flaw]:
    initial = [at for at, state in enumerate(states) if state.initial]
    wrong = say("Process %(process)s needs exactly one initial state.", process=process.kind)
    if not initial:
        yield ("state",), wrong
    for at in initial[1:]:
        yield ("state", at, "initial"), wrong


def _unknown_names(
    process: Process, states: list[State], steps: list[Transition]
) -> Iterator[Flaw]:
    for at, step in enumerate(steps):
        named: list[tuple[Path, str]] = [
            (("transition", at, "from", number), code) for number, code in enumerate(step.sources)
        ]
        for path, code in [*named, (("transition", at, "to"), step.target)]:
            if code not in process.states:
                yield (
                    path,
                    say(
                        "Process %(process)s, transition %(step)s: there is no state %(state)s.",
                        **_by(process, step.name, state=code),
                    ),
                )
        for number, role in enumerate(step.roles):
            if role not in process.role_names:
                yield (
                    ("transition", at, "roles", number),
                    say(
                        "Process %(process)s, transition %(step)s: there is no role %(role)s.",
                        **_by(process, step.name, role=role),
                    ),
                )
    for at, state in enumerate(states):
        for role in state.editable_by:
            if role not in process.role_names:
                yield (
                    ("state", at, "editable", role),
                    say(
                        "Process %(process)s, state %(state)s: there is no role %(role)s.",
                        **_of(process, state.code, role=role),
                    ),
                )


def _untaken(process: Process, steps: list[Transition]) -> Iterator[Flaw]:
    for at, step in enumerate(steps):
        if not step.roles:
            yield (
                ("transition", at, "roles"),
                say(
                    "Process %(process)s, transition %(step)s: nobody may take it; name its roles.",
                    **_by(process, step.name),
                ),
            )
        if not step.sources:
            yield (
                ("transition", at, "from"),
                say(
                    "Process %(process)s, transition %(step)s: it starts from no state.",
                    **_by(process, step.name),
                ),
            )


def _stranded(process: Process, states: list[State], steps: list[Transition]) -> Iterator[Flaw]:
    edges = {(source, step.target) for step in steps for source in step.sources}
    initial = [code for code, state in process.states.items() if state.initial]
    reached = _closure(initial, edges)
    finals = [code for code, state in process.states.items() if state.final]
    ending = _closure(finals, {(target, source) for source, target in edges})
    for at, state in enumerate(states):
        if initial and state.code not in reached:
            yield (
                ("state", at, "code"),
                say(
                    "Process %(process)s, state %(state)s: no transition leads there.",
                    **_of(process, state.code),
                ),
            )
        if state.code not in ending:
            yield (
                ("state", at, "code"),
                say(
                    "Process %(process)s, state %(state)s: no way out to a state that is final.",
                    **_of(process, state.code),
                ),
            )


def _closure(start: Iterable[str], edges: set[tuple[str, str]]) -> set[str]:
    reached, waiting = set(start), list(start)
    while waiting:
        here = waiting.pop()
        fresh = {target for source, target in edges if source == here} - reached
        reached |= fresh
        waiting.extend(fresh)
    return reached


def _unknown_fields(
    process: Process,
    states: list[State],
    steps: list[Transition],
    fields: Mapping[str, Collection[str]],
) -> Iterator[Flaw]:
    if process.table not in fields:
        yield (
            ("table",),
            say(
                "Process %(process)s: there is no table %(table)s.",
                process=process.kind,
                table=process.table,
            ),
        )
        return

    def is_column(name: str) -> bool:
        table, _, column = name.rpartition(".")
        return column in fields.get(table or process.table, ())

    for at, state in enumerate(states):
        for path, name in _opened(at, state):
            if name != "all" and name not in fields and not is_column(name):
                yield (
                    path,
                    say(
                        "Process %(process)s, state %(state)s: there is no field %(field)s.",
                        **_of(process, state.code, field=name),
                    ),
                )
    for at, step in enumerate(steps):
        named: list[tuple[Path, str]] = [
            (("transition", at, key, number), name)
            for key, names in (("sets", step.sets), ("clears", step.clears))
            for number, name in enumerate(names)
        ]
        if step.keeps_reason:
            named.append((("transition", at, "keeps_reason"), step.keeps_reason))
        for path, name in named:
            if not is_column(name):
                yield (
                    path,
                    say(
                        "Process %(process)s, transition %(step)s: there is no field %(field)s.",
                        **_by(process, step.name, field=name),
                    ),
                )


def _fields_opened_twice(process: Process, states: list[State]) -> Iterator[Flaw]:
    fixed = process.step_fields
    for at, state in enumerate(states):
        for path, name in _opened(at, state):
            if name in fixed:
                yield (
                    path,
                    say(
                        "Process %(process)s, state %(state)s: %(field)s is set by a step and "
                        "cannot be edited as well.",
                        **_of(process, state.code, field=name),
                    ),
                )


def _opened(at: int, state: State) -> Iterator[tuple[Path, str]]:
    """The fields that a state opens, with where the file says so."""
    if not state.editable_by:
        for number, name in enumerate(state.editable):
            yield ("state", at, "editable", number), name
    for role, names in state.editable_by.items():
        for number, name in enumerate(names):
            yield ("state", at, "editable", role, number), name


def _of(process: Process, state: str, **names: str) -> dict[str, str]:
    return {"process": process.kind, "state": state, **names}


def _by(process: Process, step: str, **names: str) -> dict[str, str]:
    return {"process": process.kind, "step": step, **names}
