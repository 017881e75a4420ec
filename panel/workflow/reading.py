"""Reads a process from TOML and refuses it whole, with every complaint in words and its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path as File
from typing import Any, cast

from ..access.rules import ROLE_NAMES
from ..words import Label, Sentence, say
from .blocks import UNREAD, Block, Complaint, is_text
from .checking import flaws
from .definition import (
    CATEGORIES,
    STYLES,
    TONES,
    TURN,
    Category,
    Guard,
    Passage,
    Process,
    State,
    Style,
    Transition,
    deciders_of,
)
from .places import DEEPEST, Path, Place, places_of, too_deep

Fields = Mapping[str, Collection[str]]

#: No process that people can follow is longer, in bytes.
LONGEST = 256 * 1024
MOST_STATES, MOST_STEPS = 100, 300
MOST_PASSAGES = 500


class WrongProcess(ValueError):
    """A process that is not taken; `found` has every complaint with its place, by lines."""

    def __init__(self, found: list[tuple[Place, Complaint]]) -> None:
        self.found = sorted(found, key=lambda one: one[0])
        #: The complaints with line and column, in the order of lines.
        self.sentences = [complaint.told(place) for place, complaint in self.found]
        super().__init__("\n".join(map(str, self.sentences)))


def read_file(file: File) -> str:
    """The text of a process file; one that is too large or no text is refused before it is read.

    Raises `WrongProcess`, and `OSError` for what cannot be opened.
    """
    with file.open("rb") as opened:
        content = opened.read(LONGEST + 1)
    if len(content) > LONGEST:
        raise _too_long()
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        place = Place(before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
        raise _at(place, say("This is no text in UTF-8.")) from error


def read_process(
    text: str,
    *,
    guards: Mapping[str, Guard],
    duties: Mapping[str, Sentence],
    roles: Mapping[str, Label | Sentence] = ROLE_NAMES,
    fields: Fields | None = None,
) -> Process:
    """The process in `text`; names are checked against those given, `fields` when known."""
    data = _parsed(text)
    complaints: list[Complaint] = []
    kind = data.get("kind")
    shown = kind if is_text(kind) else UNREAD
    head = Block(say("Process %(name)s", name=shown), (), data, complaints)
    process_kind, table, label = head.name("kind"), head.name("table"), head.label("label")
    states = [
        _state(head.inner(block, ("state", at), block.get("code")))
        for at, block in enumerate(head.blocks("state", MOST_STATES))
    ]
    blocks = head.blocks("transition", MOST_STEPS)
    duties = {**duties, **deciders_of(str(block.get("name")) for block in blocks)}
    steps = [
        _transition(head.inner(block, ("transition", at), block.get("name")), guards, duties)
        for at, block in enumerate(blocks)
    ]
    passages = [
        _passage(head.inner(block, ("mapping", at), block.get("was")))
        for at, block in enumerate(head.blocks("mapping", MOST_PASSAGES))
    ]
    head.close()
    process = Process(
        kind=process_kind,
        table=table,
        label=label,
        states={state.code: state for state in states},
        transitions={step.name: step for step in sorted(steps, key=lambda step: step.order)},
        role_names=roles,
        text=text,
        mapping=tuple(passages),
    )
    said = {complaint.path for complaint in complaints}
    if not any(path[0] in ("state", "transition") and len(path) < 3 for path in said):
        complaints.extend(
            Complaint(path, what)
            for path, what in flaws(process, states, steps, fields, said)
            if not any(path[:length] in said for length in range(1, len(path) + 1))
        )
    if complaints:
        places = places_of(text)
        raise WrongProcess([(_place(places, one.path), one) for one in complaints])
    return process


def _parsed(text: str) -> Mapping[str, Any]:
    """The data of the text; everything that would cost a parser dear is looked at before."""
    if len(text) > LONGEST:
        raise _too_long()
    if "\x00" in text:
        raise _at(_place_of(text, text.index("\x00")), say("A sign here is no text."))
    deep = too_deep(text)
    if deep is not None:
        raise _at(deep, say("Lists and tables go deeper than %(most)s here.", most=DEEPEST))
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, _, where = str(error).partition(" (at ")
        numbers = re.findall(r"\d+", where)
        place = Place(*map(int, numbers)) if len(numbers) == 2 else _place_of(text, len(text))
        raise _at(place, say("This is no TOML: %(error)s.", error=what)) from error


def _place_of(text: str, index: int) -> Place:
    return Place(text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


def _place(places: Mapping[Path, Place], path: Path) -> Place:
    """The place of a path, or of what it stands in: a missing key is told at its table."""
    while path and path not in places:
        path = path[:-1]
    return places.get(path, Place(1, 1))


def _at(place: Place, what: Sentence) -> WrongProcess:
    return WrongProcess([(place, Complaint((), what))])


def _too_long() -> WrongProcess:
    sentence = say("A process file has %(most)s kB at most.", most=LONGEST // 1024)
    return _at(Place(1, 1), sentence)


def _state(block: Block) -> State:
    category = block.choice("category", CATEGORIES)
    editable, by_role = block.editable("editable")
    state = State(
        code=block.name("code"),
        label=block.label("label"),
        category=cast(Category, category),
        tone=block.choice("tone", TONES, category),
        editable=editable,
        editable_by=by_role,
        initial=block.flag("initial"),
    )
    block.close()
    return state


def _passage(block: Block) -> Passage:
    version = block.number("from_version") if "from_version" in block.data else None
    if "from_version" not in block.data:
        block.wrong("from_version", say("must say the number of a version"))
        block.taken.add("from_version")
    passage = Passage(version or 0, block.name("was"), block.name("becomes"))
    block.close()
    return passage


def _transition(
    block: Block, guards: Mapping[str, Guard], duties: Mapping[str, Sentence]
) -> Transition:
    step = Transition(
        name=block.name("name"),
        label=block.label("label"),
        sources=block.names("from"),
        target=block.name("to"),
        roles=block.names("roles"),
        guards=block.guards("guards", guards),
        duties=block.known("duties", duties),
        needs_reason=block.flag("needs_reason"),
        reason_when=block.guards("reason_when", guards),
        sets=block.names("sets"),
        clears=block.names("clears"),
        keeps_reason=block.name("keeps_reason") if "keeps_reason" in block.data else None,
        approves=block.flag("approves"),
        deadline_days=block.number("deadline_days"),
        common_reasons=block.labels("common_reasons"),
        style=cast(Style, block.choice("style", STYLES, "plain")),
        order=block.number("order") or 0,
        done=block.optional_label("done"),
        told=block.optional_label("told"),
        tell=tuple(block.known("tell", {**duties, TURN: say("those whose turn it is")})),
    )
    block.close()
    return step
