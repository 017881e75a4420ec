"""The tables of a process file, read key by key; each wrong key is a complaint at its place."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..words import Label, Sentence, say
from .definition import Guard
from .places import Path, Place

LANGUAGES = ("id", "en")
#: What stands where a name could not be read; nothing is said about it a second time.
UNREAD = "?"
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
LONGEST_LABEL = 500
MOST_DAYS = 1000


@dataclass(frozen=True)
class Complaint:
    """What is wrong, and the table, key or item that it is wrong with."""

    path: Path
    what: Sentence

    def told(self, place: Place) -> Sentence:
        """The complaint with its line and column."""
        line, column = str(place.line), str(place.column)
        return say(
            "Line %(line)s, column %(column)s: %(what)s", line=line, column=column, what=self.what
        )


def is_text(value: object) -> bool:
    """Whether people can read it: a text that is not blank and holds no control signs."""
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


@dataclass
class Block:
    """One table of the file: keys are taken one by one, what is left over is unknown."""

    where: Sentence
    path: Path
    data: Mapping[str, Any]
    complaints: list[Complaint]
    taken: set[str] = field(default_factory=set)

    def inner(self, data: Mapping[str, Any], path: Path, name: object) -> Block:
        """A table inside of this one, called by its name."""
        shown = name if is_text(name) and len(str(name)) < LONGEST_LABEL else UNREAD
        where = say("%(process)s, %(name)s", process=self.where, name=shown)
        return Block(where, path, data, self.complaints)

    def wrong(self, key: str, what: Sentence, *item: int | str) -> None:
        """Complain about a key, or an item of its list."""
        sentence = say("%(where)s: “%(key)s” %(what)s.", where=self.where, key=key, what=what)
        self.complaints.append(Complaint((*self.path, key, *item), sentence))

    def take(self, key: str, default: object = None) -> Any:
        """The value as it stands there; from now on the key is known."""
        self.taken.add(key)
        return self.data.get(key, default)

    def name(self, key: str) -> str:
        """A code of states, steps, tables: small letters, digits, underscores."""
        value = self.take(key)
        if isinstance(value, str) and NAME.fullmatch(value):
            return value
        self.wrong(key, say("must be a name of small letters, digits and underscores"))
        return UNREAD

    def label(self, key: str) -> Label:
        """A text in both languages."""
        return self._label(key, self.take(key))

    def optional_label(self, key: str) -> Label | None:
        """A text in both languages, or None where the key is not there."""
        return self.label(key) if key in self.data else None

    def _label(self, key: str, value: object, *item: int) -> Label:
        if isinstance(value, dict) and set(value) == set(LANGUAGES):
            texts = value.values()
            if all(is_text(text) and len(text) <= LONGEST_LABEL for text in texts):
                return Label(value)
        self.wrong(key, say("must give its text as id and as en"), *item)
        return Label({"en": UNREAD})

    def labels(self, key: str) -> tuple[Label, ...]:
        """Texts in both languages."""
        value = self.take(key, [])
        if isinstance(value, list):
            return tuple(self._label(key, item, at) for at, item in enumerate(value))
        self.wrong(key, say("must be a list"))
        return ()

    def names(self, key: str) -> tuple[str, ...]:
        """A list of names, each once."""
        value = self.take(key, [])
        if isinstance(value, list) and all(isinstance(name, str) for name in value):
            for at, name in enumerate(value):
                if name in value[:at]:
                    self.wrong(key, say("must be a list of names, each once"), at)
            return tuple(dict.fromkeys(value))
        self.wrong(key, say("must be a list of names, each once"))
        return ()

    def known(self, key: str, registry: Mapping[str, Sentence]) -> dict[str, Sentence]:
        """Names that the program knows, with what it knows of them."""
        found = {}
        for at, name in enumerate(self.names(key)):
            if name in registry:
                found[name] = registry[name]
            else:
                what = say("names “%(name)s”, which is not registered", name=name)
                self.wrong(key, what, at)
        return found

    def guards(self, key: str, registry: Mapping[str, Guard]) -> dict[str, Guard]:
        """Guards, each a name, or a table of a name and the parameters that it takes."""
        value = self.take(key, [])
        if not isinstance(value, list):
            self.wrong(key, say("must be a list of names, each once"))
            return {}
        found: dict[str, Guard] = {}
        for at, item in enumerate(value):
            made = self._guard(key, item, registry, at)
            if made is not None and made[0] in found:
                self.wrong(key, say("must be a list of names, each once"), at)
            elif made is not None:
                found[made[0]] = made[1]
        return found

    def _guard(
        self, key: str, item: object, registry: Mapping[str, Guard], at: int
    ) -> tuple[str, Guard] | None:
        given: Mapping[str, Any] = item if isinstance(item, dict) else {"name": item}
        name = given.get("name")
        if not isinstance(name, str):
            self.wrong(key, say("must give each guard by its name"), at)
            return None
        if name not in registry:
            self.wrong(key, say("names “%(name)s”, which is not registered", name=name), at)
            return None
        guard, before = registry[name], len(self.complaints)
        path = (*self.path, key, at)
        inner = Block(say("%(process)s, %(name)s", process=self.where, name=name), path, given, [])
        inner.taken.add("name")
        values = {wanted: inner.parameter(wanted, k) for wanted, k in guard.parameters.items()}
        inner.close()
        self.complaints.extend(inner.complaints)
        if len(self.complaints) > before:
            return None
        if not values:
            return name, guard
        told = ", ".join(f"{wanted} {value}" for wanted, value in values.items())
        return f"{name} ({told})", guard.given(values)

    def parameter(self, key: str, kind: type | tuple[str, ...]) -> object:
        """What a guard is given: a whole number, a truth, a text, or one of some words."""
        value = self.take(key)
        if isinstance(kind, tuple):
            return self.choice(key, kind)
        if kind is int and (type(value) is not int or value < 0):
            self.wrong(key, say("must be a whole number from 0"))
        elif kind is bool and not isinstance(value, bool):
            self.wrong(key, say("must be true or false"))
        elif kind is str and not is_text(value):
            self.wrong(key, say("must be a text that is not empty"))
        return value

    def editable(self, key: str) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
        """Fields that are open, and to which role; no role where everybody may."""
        if not isinstance(self.data.get(key), dict):
            return self.names(key), {}
        value = self.take(key)
        inner = Block(self.where, (*self.path, key), value, self.complaints)
        by_role = {role: inner.names(role) for role in value}
        together = dict.fromkeys(name for names in by_role.values() for name in names)
        return tuple(together), by_role

    def flag(self, key: str) -> bool:
        """True or false; false where nothing is said."""
        value = self.take(key, False)
        if not isinstance(value, bool):
            self.wrong(key, say("must be true or false"))
        return value is True

    def number(self, key: str) -> int | None:
        """A whole number above 0."""
        value = self.take(key)
        if value is None or (type(value) is int and 0 < value <= MOST_DAYS):
            return value
        self.wrong(key, say("must be a whole number from 1 to %(most)s", most=MOST_DAYS))
        return None

    def choice(self, key: str, values: Collection[str], default: str | None = None) -> str:
        """One of some words."""
        value = self.take(key, default)
        if isinstance(value, str) and value in values:
            return value
        self.wrong(key, say("must be one of %(values)s", values=", ".join(values)))
        return next(iter(values))

    def blocks(self, key: str, most: int) -> list[Mapping[str, Any]]:
        """The tables ``[[key]]``, so many at most."""
        value = self.take(key, [])
        if not isinstance(value, list) or not all(isinstance(block, dict) for block in value):
            self.wrong(key, say("must be written as [[%(key)s]]", key=key))
            return []
        if len(value) > most:
            self.wrong(key, say("may stand here %(most)s times at most", most=most), most)
            return []
        return value

    def close(self) -> None:
        """Complain about each key that nobody took."""
        for key in self.data:
            if key not in self.taken:
                shown = key if is_text(key) and len(key) < LONGEST_LABEL else UNREAD
                sentence = say(
                    "%(where)s: “%(key)s” %(what)s.",
                    where=self.where,
                    key=shown,
                    what=say("is not a word of a process file"),
                )
                self.complaints.append(Complaint((*self.path, key), sentence))
