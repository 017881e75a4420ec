"""What a process is: states, transitions between them, and who may take them on what terms."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, get_args

from ..words import Label, Sentence, say

Category = Literal["draft", "waiting", "active", "done", "cancelled"]
Style = Literal["main", "negative", "plain"]

CATEGORIES: tuple[str, ...] = get_args(Category)
STYLES: tuple[str, ...] = get_args(Style)
#: How a state looks: as its category, or as something sent back.
TONES = (*CATEGORIES, "returned")
#: In these a record may rest for ever.
FINAL = frozenset({"done", "cancelled"})

#: Relations that the change log knows for every kind of record.
OWN_DUTIES: Mapping[str, Sentence] = {
    "creator": say("You made this record; somebody else has to decide on it."),
    "editor": say("You worked on this record; somebody else has to decide on it."),
}
#: The step of the decision by which a record passes on to a newer version; no process has it.
MIGRATE = "migrate"
#: Before a step's name: who took that step on this record since it was last submitted.
DECIDER = "decider:"


#: In a step's `tell`: those whose turn it is after it, the nearest first.
TURN = "turn"


def deciders_of(steps: Iterable[str]) -> dict[str, Sentence]:
    """The duties "decider:approve" and so on: who took one step does not take another as well."""
    why = say("You took an earlier step of this record; somebody else has to take this one.")
    return {f"{DECIDER}{step}": why for step in steps}


@dataclass(frozen=True)
class Guard:
    """A named objection: `check` answers with a sentence, or None; `field` is where to mend it.

    `parameters` are what a process file has to give with the name, each by its type, `int`, `bool`
    or `str`, or by the words that it may be; `check` takes them by name. What is given as `field`
    is where to mend it.
    """

    check: Callable[..., Sentence | None]
    field: str | None = None
    parameters: Mapping[str, type | tuple[str, ...]] = dataclasses.field(default_factory=dict)

    def given(self, values: Mapping[str, object]) -> Guard:
        """The guard with its parameters."""
        named = values.get("field", self.field)
        return Guard(partial(self.check, **values), str(named) if named else None)


@dataclass(frozen=True)
class State:
    """A place in the process. `editable`: "all", a column, "child_table.column", "child_table"."""

    code: str
    label: Label
    category: Category
    tone: str
    editable: tuple[str, ...] = ()
    initial: bool = False
    #: The same by role, where roles differ; `editable` is then what is open to any of them.
    editable_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def editable_to(self, roles: Collection[str]) -> frozenset[str]:
        """What is open to somebody with these roles."""
        if not self.editable_by:
            return frozenset(self.editable)
        return frozenset(n for role in roles for n in self.editable_by.get(role, ()))

    @property
    def final(self) -> bool:
        """Whether a record may stay here for ever."""
        return self.category in FINAL


@dataclass(frozen=True)
class Transition:
    """One declared edge."""

    name: str
    label: Label
    sources: tuple[str, ...]
    target: str
    roles: tuple[str, ...]
    #: Objections to the record as it is.
    guards: Mapping[str, Guard] = field(default_factory=dict)
    #: Relations whose people may not take this step, each with what they are told.
    duties: Mapping[str, Sentence] = field(default_factory=dict)
    needs_reason: bool = False
    #: Guards that object to the record only while no reason is given.
    reason_when: Mapping[str, Guard] = field(default_factory=dict)
    #: Columns that this step sets from what the actor gives; nothing but steps sets them.
    sets: tuple[str, ...] = ()
    #: Columns that this step empties.
    clears: tuple[str, ...] = ()
    #: The column that keeps the reason of this step, beside its decision.
    keeps_reason: str | None = None
    #: Who took this step vouches for the content: editing is counted anew from here.
    approves: bool = False
    #: Working days in which it should be taken.
    deadline_days: int | None = None
    common_reasons: tuple[Label, ...] = ()
    style: Style = "plain"
    order: int = 0
    #: What is said when it is done.
    done: Label | None = None
    #: What somebody did by it, between name and record: "mengajukan bukti untuk".
    told: Label | None = None
    #: Relations whose accounts are told that the step was taken, `TURN` among them.
    tell: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Every column that the step writes: "column", or "child_table.column"."""
        kept = (self.keeps_reason,) if self.keeps_reason else ()
        return tuple(dict.fromkeys((*self.sets, *self.clears, *kept)))


@dataclass(frozen=True)
class Passage:
    """Records of an older version, by its number, go on from one state in another."""

    from_version: int
    was: str
    becomes: str


@dataclass(frozen=True)
class Process:
    """The definition of one kind of record; `text` is the file it was read from."""

    kind: str
    table: str
    label: Label
    states: Mapping[str, State]
    transitions: Mapping[str, Transition]
    role_names: Mapping[str, Label | Sentence]
    text: str = ""
    #: What its author says of records on older versions.
    mapping: tuple[Passage, ...] = ()

    @property
    def initial(self) -> State:
        """Where records begin."""
        return next(state for state in self.states.values() if state.initial)

    def leaving(self, code: str) -> tuple[Transition, ...]:
        """The transitions that start from a state, in their order."""
        return tuple(step for step in self.transitions.values() if code in step.sources)

    @property
    def approving(self) -> frozenset[str]:
        """The steps whose taker vouches for the content."""
        return frozenset(step.name for step in self.transitions.values() if step.approves)

    @property
    def step_fields(self) -> frozenset[str]:
        """Columns that steps set or empty, and nothing else does."""
        return frozenset(name for step in self.transitions.values() for name in step.fields)
