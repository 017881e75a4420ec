"""In which state of a newer version a record goes on that runs on an older one: the rules, pure.

A state that both versions have stays itself; one that is gone becomes one of the same category.
Never is it one that lies behind more approvals: passing on to another version approves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..words import Sentence, say
from .definition import Process, State
from .places import Path


def approvals(process: Process) -> dict[str, int]:
    """How many approvals lie at least between the beginning and each state that can be reached."""
    found = {process.initial.code: 0}
    waiting = [process.initial.code]
    while waiting:
        here = waiting.pop()
        for step in process.leaving(here):
            count = found[here] + step.approves
            if count < found.get(step.target, count + 1):
                found[step.target] = count
                waiting.append(step.target)
    return found


def objection(before: Process, after: Process, was: str, becomes: str) -> Sentence | None:
    """Why records in a state of `before` do not go on in this one of `after`, or None."""
    if was not in before.states or becomes not in after.states:
        gone = becomes if was in before.states else was
        return say("There is no state “%(state)s”.", state=gone)
    old, new = before.states[was], after.states[becomes]
    if was in after.states and was != becomes:
        return say("“%(state)s” is in both versions and stays itself.", state=old.label)
    if old.category != new.category:
        return say(
            "“%(was)s” is %(one)s and “%(becomes)s” is %(other)s: the category stays the same.",
            was=old.label,
            one=old.category,
            becomes=new.label,
            other=new.category,
        )
    if approvals(after).get(becomes, 0) > approvals(before).get(was, 0):
        return say(
            "“%(becomes)s” lies behind an approval that “%(was)s” has not had; no mapping leads "
            "round it.",
            was=old.label,
            becomes=new.label,
        )
    return None


def candidates(before: Process, after: Process, was: str) -> list[State]:
    """The states in which records from this one may go on; none: they stay on their version."""
    return [
        state for code, state in after.states.items() if objection(before, after, was, code) is None
    ]


def given(before: Process, after: Process) -> dict[str, str]:
    """What needs no choice: states of running records that are in both versions."""
    return {
        code: code
        for code, state in before.states.items()
        if code in after.states and not state.final and objection(before, after, code, code) is None
    }


def mapped(before: Process, after: Process, chosen: Mapping[str, str]) -> dict[str, str]:
    """The whole mapping: what needs no choice, and what was chosen as far as it is allowed."""
    found = given(before, after)
    for was, becomes in chosen.items():
        if was not in found and objection(before, after, was, becomes) is None:
            found[was] = becomes
    return found


def flaws(process: Process, earlier: Mapping[int, Process]) -> Iterator[tuple[Path, Sentence]]:
    """What is wrong with the mapping of a file, once the earlier versions are known by number."""
    for at, one in enumerate(process.mapping):
        before = earlier.get(one.from_version)
        if before is None:
            sentence = say("No version %(number)s is published.", number=one.from_version)
            yield ("mapping", at, "from_version"), sentence
            continue
        why = objection(before, process, one.was, one.becomes)
        if why is not None:
            key = "becomes" if one.was in before.states else "was"
            yield ("mapping", at, key), why
