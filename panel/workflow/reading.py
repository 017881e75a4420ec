"""Reads a process from TOML and refuses it whole, with every complaint in words."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from ..access.rules import ROLE_NAMES
from ..words import Label, Sentence, say
from .checking import flaws
from .definition import (
    CATEGORIES,
    STYLES,
    TONES,
    Category,
    Guard,
    Process,
    State,
    Style,
    Transition,
    deciders_of,
)

Fields = Mapping[str, Collection[str]]
LANGUAGES = ("id", "en")
Known = TypeVar("Known")


class WrongProcess(ValueError):
    """A process that is not taken; `sentences` say all that is wrong with it."""

    def __init__(self, sentences: list[Sentence]) -> None:
        super().__init__("\n".join(map(str, sentences)))
        self.sentences = sentences


def read_process(
    text: str,
    *,
    guards: Mapping[str, Guard],
    duties: Mapping[str, Sentence],
    roles: Mapping[str, Label | Sentence] = ROLE_NAMES,
    fields: Fields | None = None,
) -> Process:
    """The process in `text`; names are checked against those given, `fields` when known."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongProcess([say("This is no TOML: %(error)s.", error=error)]) from error
    complaints: list[Sentence] = []
    head = _Block(say("Process %(name)s", name=data.get("kind", "?")), data, complaints)
    kind, table, label = head.text("kind"), head.text("table"), head.label("label")
    states = [_state(head.inner(block, "code")) for block in head.blocks("state")]
    blocks = head.blocks("transition")
    duties = {**duties, **deciders_of(str(block.get("name")) for block in blocks)}
    steps = [_transition(head.inner(block, "name"), guards, duties) for block in blocks]
    head.close()
    if complaints:
        raise WrongProcess(complaints)
    steps.sort(key=lambda step: step.order)
    process = Process(
        kind=kind,
        table=table,
        label=label,
        states={state.code: state for state in states},
        transitions={step.name: step for step in steps},
        role_names=roles,
        text=text,
    )
    complaints.extend(flaws(process, states, steps, fields))
    if complaints:
        raise WrongProcess(complaints)
    return process


def _state(block: _Block) -> State:
    category = block.choice("category", CATEGORIES)
    state = State(
        code=block.text("code"),
        label=block.label("label"),
        category=cast(Category, category),
        tone=block.choice("tone", TONES, category),
        editable=block.names("editable"),
        initial=block.flag("initial"),
    )
    block.close()
    return state


def _transition(
    block: _Block, guards: Mapping[str, Guard], duties: Mapping[str, Sentence]
) -> Transition:
    step = Transition(
        name=block.text("name"),
        label=block.label("label"),
        sources=block.names("from"),
        target=block.text("to"),
        roles=block.names("roles"),
        guards=block.known("guards", guards),
        duties=block.known("duties", duties),
        needs_reason=block.flag("needs_reason"),
        reason_when=block.known("reason_when", guards),
        sets=block.names("sets"),
        clears=block.names("clears"),
        keeps_reason=block.text("keeps_reason") if "keeps_reason" in block.data else None,
        approves=block.flag("approves"),
        deadline_days=block.number("deadline_days"),
        common_reasons=block.labels("common_reasons"),
        style=cast(Style, block.choice("style", STYLES, "plain")),
        order=block.number("order") or 0,
        done=block.label("done") if "done" in block.data else None,
        told=block.label("told") if "told" in block.data else None,
    )
    block.close()
    return step


@dataclass
class _Block:
    """One table of the file: keys are taken one by one, what is left over is unknown."""

    where: Sentence
    data: dict[str, Any]
    complaints: list[Sentence]
    taken: set[str] = field(default_factory=set)

    def inner(self, data: dict[str, Any], key: str) -> _Block:
        name = data.get(key, "?")
        where = say("%(process)s, %(name)s", process=self.where, name=name)
        return _Block(where, data, self.complaints)

    def wrong(self, key: str, what: Sentence) -> None:
        self.complaints.append(
            say("%(where)s: “%(key)s” %(what)s.", where=self.where, key=key, what=what)
        )

    def take(self, key: str, default: object = None) -> Any:
        self.taken.add(key)
        return self.data.get(key, default)

    def text(self, key: str) -> str:
        value = self.take(key)
        if isinstance(value, str) and value.strip():
            return value
        self.wrong(key, say("must be a text that is not empty"))
        return "?"

    def label(self, key: str) -> Label:
        return self.as_label(key, self.take(key))

    def as_label(self, key: str, value: object) -> Label:
        if (
            isinstance(value, dict)
            and set(value) == set(LANGUAGES)
            and all(isinstance(text, str) and text.strip() for text in value.values())
        ):
            return Label(value)
        self.wrong(key, say("must give its text as id and as en"))
        return Label({"en": "?"})

    def labels(self, key: str) -> tuple[Label, ...]:
        value = self.take(key, [])
        if isinstance(value, list):
            return tuple(self.as_label(key, item) for item in value)
        self.wrong(key, say("must be a list"))
        return ()

    def names(self, key: str) -> tuple[str, ...]:
        value = self.take(key, [])
        if (
            isinstance(value, list)
            and all(isinstance(name, str) for name in value)
            and len(set(value)) == len(value)
        ):
            return tuple(value)
        self.wrong(key, say("must be a list of names, each once"))
        return ()

    def known(self, key: str, registry: Mapping[str, Known]) -> dict[str, Known]:
        names = self.names(key)
        for name in names:
            if name not in registry:
                self.wrong(key, say("names “%(name)s”, which is not registered", name=name))
        return {name: registry[name] for name in names if name in registry}

    def flag(self, key: str) -> bool:
        value = self.take(key, False)
        if not isinstance(value, bool):
            self.wrong(key, say("must be true or false"))
        return value is True

    def number(self, key: str) -> int | None:
        value = self.take(key)
        if value is None or (type(value) is int and value > 0):
            return value
        self.wrong(key, say("must be a whole number above 0"))
        return None

    def choice(self, key: str, values: tuple[str, ...], default: str | None = None) -> str:
        value = self.take(key, default)
        if value in values:
            return str(value)
        self.wrong(key, say("must be one of %(values)s", values=", ".join(values)))
        return values[0]

    def blocks(self, key: str) -> list[dict[str, Any]]:
        value = self.take(key, [])
        if isinstance(value, list) and all(isinstance(block, dict) for block in value):
            return value
        self.wrong(key, say("must be written as [[%(key)s]]", key=key))
        return []

    def close(self) -> None:
        for key in sorted(set(self.data) - self.taken):
            self.wrong(key, say("is not a word of a process file"))
