"""The inbox as its address asks for it: filtered, counted, ordered, in pages, with neighbours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import current_app, request, url_for

from ..words import say
from .placing import Place
from .waiting import Waits, waiting

#: Lines on a page.
PAGE = 25
#: The parts of the inbox: what is the reader's, his next steps, what others nearer have before him.
VIEWS = ("", "next", "also")
#: What the address may ask, beside the dimensions of the kinds.
KEPT = ("view", "kind", "late", "search", "by")
#: Codes of a record that has none in a dimension.
NONE = "-"

INBOX = "inbox.index_view"
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Choice:
    """One value to filter by, how many wait with it, and the address that asks for it."""

    text: Any
    count: int
    url: str
    chosen: bool


@dataclass(frozen=True)
class Following:
    """What can be opened after a decision, how many still wait, and the list itself."""

    url: str | None
    count: int
    list_url: str


@dataclass(frozen=True)
class Facet:
    """One question to filter by; `chosen` is the value in force."""

    name: str
    label: Any
    choices: list[Choice]
    chosen: Choice | None
    #: The address of the list without it.
    without: str


class InboxList:
    """What waits for the actor, as the arguments of an address narrow and order it."""

    def __init__(self, args: Mapping[str, str]) -> None:
        self.args = {name: value[:200] for name, value in args.items() if "\x00" not in value}
        self.view = self.args.get("view", "")
        if self.view not in VIEWS:
            self.view = ""
        self.search = self.args.get("search", "").strip()

    @cached_property
    def found(self) -> list[Waits]:
        """Everything that waits and is found by the search, in both views."""
        return waiting(self.search)

    def in_view(self, view: str) -> list[Waits]:
        """What belongs to one of the views, unfiltered."""
        return [one for one in self.found if one.view == view]

    @property
    def next_steps(self) -> bool:
        """Whether the view is that of one's next steps."""
        return self.view == "next"

    @cached_property
    def keys(self) -> list[Waits]:
        """What the address asks for, in its order."""
        return sorted(self.matching(), key=self.order)

    def matching(self, without: str = "") -> list[Waits]:
        """What the filters leave, all of them or all but one."""
        asked = {n: self.args[n] for n in self.questions if self.args.get(n) and n != without}
        return [
            one
            for one in self.in_view(self.view)
            if all(value_of(one, name) == value for name, value in asked.items())
        ]

    def order(self, one: Waits) -> tuple[Any, ...]:
        """The longest waiting first, or the most overdue."""
        age = (one.clock.first if one.clock else date.min, one.since or LONG_AGO, one.kind, one.id)
        if self.args.get("by") == "overdue":
            return (-one.days_late, one.due is None, one.due or date.max, *age)
        return age

    @cached_property
    def questions(self) -> dict[str, Any]:
        """What can be asked, by its parameter, with the word for it."""
        found = {"kind": say("Kind"), "late": say("Late")}
        for one in self.found:
            found |= {dimension.name: dimension.label for dimension in one.screen.waits_by}
        return found

    def names(self, name: str, values: set[str]) -> dict[str, Any]:
        """The words for the values of a question, in their order."""
        if name == "late":
            return {"1": say("Late")}
        if name == "kind":
            return {one.kind: one.screen.one_title for one in self.found}
        known: dict[str, Any] = {}
        for screen in {one.screen.endpoint: one.screen for one in self.found}.values():
            for dimension in screen.waits_by:
                if dimension.name == name:
                    codes = {one.codes[name] for one in self.found if name in one.codes} - {None}
                    known |= {str(c): text for c, text in dimension.names(codes).items()}
        return {**known, NONE: say("none or not known")} if NONE in values else known

    @cached_property
    def facets(self) -> list[Facet]:
        """The questions that part the list, each with its values and their counts."""
        facets = []
        for name, label in self.questions.items():
            counts = Counter(value_of(one, name) for one in self.matching(name))
            values = {value for value in counts if value}
            chosen = self.args.get(name, "")
            names = self.names(name, values)
            choices = [
                Choice(text, counts[value], self.url(**{name: value}), value == chosen)
                for value, text in names.items()
                if counts[value] or value == chosen
            ]
            if len(choices) > (name == "kind") or chosen:
                now = next((one for one in choices if one.chosen), None)
                facets.append(Facet(name, label, choices, now, self.url(**{name: ""})))
        return facets

    def url(self, **changed: str) -> str:
        """The address of the list with some arguments changed; an empty one is left out."""
        named = (*KEPT, *self.questions)
        kept = {name: self.args.get(name, "") for name in named} | changed
        return url_for(INBOX, **{name: value for name, value in kept.items() if value})

    @property
    def page(self) -> int:
        """The page asked for, or the nearest that there is; counted from 0."""
        text = self.args.get("page", "")
        asked = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
        return min(asked, max(len(self.keys) - 1, 0) // PAGE)

    def shown(self) -> list[Waits]:
        """The lines of the page."""
        return self.keys[self.page * PAGE : (self.page + 1) * PAGE]

    def index(self, kind: str, id_: int) -> int | None:
        """Where a record stands in the list, or None."""
        return next(
            (at for at, one in enumerate(self.keys) if (one.kind, one.id) == (kind, id_)), None
        )

    def url_at(self, at: int) -> str | None:
        """The page of the record at a place of the list, or None beyond its ends."""
        if not 0 <= at < len(self.keys):
            return None
        one = self.keys[at]
        return url_for(f"{one.screen.endpoint}.details_view", id=one.id, url=self.url())

    def place(self, kind: str, id_: int) -> Place | None:
        """Where a record stands, with its neighbours; None when it does not wait any more."""
        at = self.index(kind, id_)
        if at is None:
            return None
        return Place(at + 1, len(self.keys), self.url_at(at - 1), self.url_at(at + 1))


def value_of(one: Waits, name: str) -> str:
    """The value of a record for a question; empty where the question does not touch it."""
    if name == "kind":
        return one.kind
    if name == "late":
        return "1" if one.late else ""
    if name not in one.codes:
        return ""
    code = one.codes[name]
    return NONE if code is None else str(code)


def from_inbox() -> dict[str, str]:
    """The address of the inbox that the present page was opened from, as an argument."""
    address = request.args.get("url", "")
    return {"url": address} if list_behind(address) is not None else {}


def in_the_inbox(kind: str, id_: int) -> dict[str, Any]:
    """What a record's page says of the inbox it was opened from: place, way back, what follows."""
    behind = list_behind(from_inbox().get("url"))
    if behind is None:
        return {}
    said = {"return_url": behind.url(), "list_name": say("Waiting for me")}
    place = behind.place(kind, id_)
    if place is not None or "at" not in request.args:
        return {**said, "place": place, "opened_to_decide": True}
    text = request.args["at"]
    at = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    following = behind.url_at(at) or behind.url_at(0)
    return {**said, "after": Following(following, len(behind.keys), behind.url())}


def place_after(kind: str, id_: int) -> dict[str, Any]:
    """The arguments by which the answer to a decision finds what stood after it in the inbox."""
    back = from_inbox()
    behind = list_behind(back.get("url"))
    at = behind.index(kind, id_) if behind is not None else None
    return {**back, "at": at} if at is not None else back


def list_behind(address: str | None) -> InboxList | None:
    """The inbox at the address that a page was opened from, or None: it was another page."""
    if not address or INBOX not in current_app.view_functions:
        return None
    if urlsplit(address).path != url_for(INBOX):
        return None
    return InboxList(dict(reversed(parse_qsl(urlsplit(address).query))))
