"""What the address asks of the change log: the questions of the form, the chips, the search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from flask import request, url_for

from ..changelog.entries import ADOPT
from ..changelog.searching import Search, actions, of_kinds
from ..plugin import current_panel
from ..words import Sentence, say
from .acting import may, the_actor
from .change_words import FreeText, free_text
from .language import long_date, tell, zone
from .querying import find
from .readable import readable_rows
from .requests import number
from .sight import whole_regions
from .stored import entities, kind_of, label_of
from .telling import act_named, name_of

#: Questions of the address, in the order of the form; the first ones are always in sight.
NAMES = ("q", "actor", "what", "from", "to", "action", "table", "record", "field", "address")
AT_HAND = 5
#: Questions that make sense once a kind of record is chosen.
OF_A_KIND = ("record", "field")
#: Acts that change nothing but who is here.
PRESENCE = ("sign-in", "sign-out")
#: Signs of an answer; nothing that is asked for is longer.
LONGEST = 200
#: The number of a command, by which the system acts for itself.
SYSTEM = "0"

WHAT = {
    "changed": say("Changes alone"),
    "events": say("Without changes"),
    "presence": say("Signing in and out"),
    "refused": say("Refused attempts"),
    "export": say("Exports"),
    "unmask": say("Looks at masked data"),
    "outside": say("Outside the application"),
}


@dataclass(frozen=True)
class Ask:
    """One question to the log as the page's form asks it."""

    name: str
    label: Sentence
    value: str
    options: list[tuple[str, Any]] | None = None
    input: str = "text"


@dataclass(frozen=True)
class Asked:
    """A question that is in force: its words, and the address without it."""

    label: Any
    words: str
    url: str


class Asking:
    """The questions of one request; what makes no sense there asks for nothing."""

    def __init__(self, given: Mapping[str, str] | None = None) -> None:
        given = request.args if given is None else given
        self.given = {
            name: text for name in NAMES if (text := (given.get(name) or "").strip()[:LONGEST])
        }
        if self.given.get("table") not in self.readable:
            for name in ("table", *OF_A_KIND):
                self.given.pop(name, None)

    @cached_property
    def readable(self) -> list[str]:
        """The tables whose rows the reader may see at all."""
        return readable_tables()

    @cached_property
    def known(self) -> list[str]:
        """The actions that the log knows, of the kinds that the reader reads."""
        return known_actions(self.readable)

    @cached_property
    def text(self) -> FreeText | None:
        """The words to look for."""
        return free_text(self.given.get("q", ""), self.known) if "q" in self.given else None

    def search(self) -> Search:
        """What is asked, as the log is asked for it."""
        given = self.given
        chosen = Search(
            actor=number(given.get("actor")),
            action=given.get("action"),
            table=given.get("table"),
            pk=given.get("record"),
            field=given.get("field"),
            since=self.moment("from", 0),
            until=self.moment("to", 1),
            address=given.get("address"),
            **for_reader(self.readable, self.known),
        )
        if self.text is not None:
            chosen = replace(chosen, words=self.text.conditions(list(chosen.kinds or ())))
        return replace(chosen, **self.of_what(given.get("what", "")))

    def of_what(self, what: str) -> dict[str, Any]:
        """The kind of deed that is asked for, as the log is asked for it."""
        if what in ("changed", "events"):
            return {"events": what == "events"}
        if what not in WHAT or "action" in self.given:
            return {}
        return {"actions": tuple(one for one in self.known if is_what(one, what))}

    @property
    def wants_strays(self) -> bool:
        """Whether what no deed has taken in yet may be among what is asked for."""
        by_deed = {"actor", "action", "address"} & set(self.given)
        return not by_deed and self.given.get("what", "outside") in ("outside", "changed")

    def moment(self, name: str, later: int) -> datetime | None:
        """The beginning of a day by the reader's clock, or of the one after it."""
        try:
            day = date.fromisoformat(self.given.get(name, "")) + timedelta(days=later)
            return datetime.combine(day, time(), zone()[0]).astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    # The form

    def asks(self) -> list[Ask]:
        """The questions of the form, with what is asked now."""
        labels = {
            "q": say("Words"),
            "actor": say("Person"),
            "what": say("Kind of deed"),
            "from": say("From day"),
            "to": say("To day"),
            "action": say("Action"),
            "table": say("Kind of record"),
            "record": say("Number of the record"),
            "field": say("Field"),
            "address": say("Network address"),
        }
        inputs = {"q": "search", "from": "date", "to": "date"}
        chosen = "table" in self.given
        return [
            Ask(name, label, self.given.get(name, ""), self.options(name), inputs.get(name, "text"))
            for name, label in labels.items()
            if chosen or name not in OF_A_KIND
        ]

    def options(self, name: str) -> list[tuple[str, Any]] | None:
        """What there is to choose from; None where anything may be typed."""
        if name == "actor":
            return self.people
        if name == "what":
            return list(WHAT.items())
        if name == "action":
            return sorted(((one, tell(act_named(one))) for one in self.known), key=by_words)
        if name == "table":
            return sorted(((one, tell(kind_of(one))) for one in self.readable), key=by_words)
        if name == "field":
            table = self.given.get("table", "")
            columns = entities()[table].__table__.columns if table else ()
            return [(column.name, label_of(table, column.name)) for column in columns]
        return None

    @cached_property
    def people(self) -> list[tuple[str, Any]]:
        """The accounts in scope, and the system."""
        account = current_panel().access.account
        if not may("read", account):
            return []
        rows = current_panel().access.scoped(sa.select(account), account, the_actor())
        session, asked = current_panel().db.session(), rows.order_by(account.id)
        found = readable_rows(session, asked, account, {})
        named = sorted(((str(one.id), str(one)) for (one,) in found), key=by_words)
        return [*named, (SYSTEM, say("The system"))]

    def chips(self) -> list[Asked]:
        """The questions in force in words, each with the address that takes it back."""
        found = []
        for ask in self.asks():
            if ask.value:
                gone = {ask.name, *(OF_A_KIND if ask.name == "table" else ())}
                rest = {name: text for name, text in self.given.items() if name not in gone}
                found.append(
                    Asked(ask.label, self.words(ask), url_for("changes.index_view", **rest))
                )
        return found

    def words(self, ask: Ask) -> str:
        """An answer as the reader knows it."""
        if ask.options is not None:
            return tell(dict(ask.options).get(ask.value, ask.value))
        if ask.input == "date" and self.moment(ask.name, 0) is not None:
            return long_date(date.fromisoformat(ask.value))
        if ask.name == "record":
            table = self.given["table"]
            return tell(name_of(table, ask.value, find(entities()[table], ask.value)))
        return ask.value


def by_words(option: tuple[str, Any]) -> str:
    """The order of people's words."""
    return str(option[1]).casefold()


def is_what(action: str, what: str) -> bool:
    """Whether an action is of one kind of deed."""
    plain = action.removesuffix(".refused")
    if what == "refused":
        return plain != action
    if what == "presence":
        return plain.partition(".")[0] in PRESENCE
    return action == ADOPT if what == "outside" else plain.rpartition(".")[2] == what


def readable_tables() -> list[str]:
    """The tables whose rows the actor may see at all."""
    return sorted(table for table in entities() if may("read", table))


def for_reader(readable: list[str], known: list[str] | None = None) -> dict[str, Any]:
    """What the log need not even look at for this reader; the teller looks at each row again.

    `known` are the actions of the log on kinds that he reads, where they are at hand.
    """
    tables = current_panel().log.tables
    change, deed = tables.change, tables.deed
    known = known_actions(readable) if known is None else known
    links = [table.name for table in tables.logged() if table.name not in entities()]
    regions = [str(place.region_id) for place in the_actor().places]
    near = sa.and_(
        deed.c.subject_table.is_(None),
        deed.c.scope.in_(whole_regions()),
        deed.c.action.in_([one for one in known if one.partition(".")[0] in readable]),
    )
    own = deed.c.actor_id == the_actor().id
    return {
        "kinds": (*readable, *links),
        "changes_seen": sa.and_(
            of_kinds(tables, [*readable, *links]),
            sa.or_(change.c.scope.is_(None), change.c.scope.in_(regions)),
        ),
        "deeds_seen": sa.or_(deed.c.subject_table.in_(readable), own, near),
    }


def known_actions(readable: list[str]) -> list[str]:
    """The actions that the log knows, of kinds that the reader reads and of coming and going."""
    kinds = {*readable, *PRESENCE, "log"}
    found = actions(current_panel().log.tables, current_panel().db.session)
    return [one for one in found if one.partition(".")[0] in kinds]
