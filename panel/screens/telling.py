"""Deeds as sentences: who did what to which record, why, with the differences by label.

Nothing is told that the reader may not read: rows out of his scope or of kinds closed to him are
left out, masked values stay masked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import url_for

from ..changelog.bearers import RESTORES
from ..changelog.entries import Entry, Record
from ..plugin import current_panel
from ..words import Sentence, say
from .deciding import step_told
from .deed_words import ACTS, CHOICES
from .differences import Part, Words, parts_of
from .language import tell
from .readable import called
from .sight import Sight, is_silent
from .stored import Known, keys_in, kind_of, label_of
from .values import screen_of
from .ways_back import Way, ways_back

#: As many fields as a sentence names; beyond them it counts.
NAMED = 3
#: Letters of a value that a sentence quotes; a longer one stands below it.
QUOTED = 60
#: Acts that are about no kind of record.
APART = ("sign-in", "log")

FROM_TO = say("%(who)s changed %(field)s on %(record)s from %(old)s to %(new)s.")

REFUSED = ("stop", "s-over", say("Refused"))
DECISION = ("done", "s-done", say("Decision"))
PERSONAL = ("plum", "eye", say("Personal data"))
OUTSIDE = ("wait", "alert", say("Outside the application"))


@dataclass(frozen=True)
class Told:
    """One deed, ready for the page."""

    at: datetime
    sentence: Any
    reason: str = ""
    tag: tuple[str, str, Any] | None = None
    #: What it did to each record, as far as it is listed.
    parts: list[Part] = field(default_factory=list)
    url: str | None = None
    address: str = ""
    request_id: str = ""
    number: int | None = None
    #: What the database knows of a program outside: its account there.
    account: str = ""
    #: Where the rest of a long deed is read.
    more: str | None = None
    #: Where what it took is given back.
    ways: list[Way] = field(default_factory=list)

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """Label, before and after of everything, the label with the name of any other record."""
        return [
            (
                say("%(record)s: %(field)s", record=part.title, field=label)
                if part.title
                else label,
                old,
                new,
            )
            for part in self.parts
            for label, old, new in part.rows
        ]


class Teller:
    """Tells a page of entries; asks the database once per table, not once per row."""

    def __init__(
        self,
        entries: Iterable[Entry],
        more: Callable[[int], str] | None = None,
        *,
        brief: bool = False,
    ) -> None:
        """`more` gives the address where the deed with that number is read to its end.

        `brief`: the sentences alone, without the differences below them.
        """
        self.entries = list(entries)
        self.more = more
        self.brief = brief
        self.sight = Sight(self.entries)
        self.seen = self.sight.seen

    def all(self) -> list[Told]:
        """What the reader may know of the entries, in their order."""
        return [told_one for _, told_one in self.pairs()]

    def pairs(self) -> list[tuple[Entry, Told]]:
        """The same, each with its entry."""
        return [(entry, told) for entry in self.entries if (told := self.tell_one(entry))]

    def tell_one(self, entry: Entry) -> Told | None:
        """One entry, or None: nothing of it is the reader's to know."""
        changes = [change for change in entry.changes if self.sight.sees(change)]
        deed = entry.deed
        if deed is None or entry.outside:
            return self.outside(entry, changes) if changes else None
        table, pk = about(deed, changes)
        about_it, known = self.sight.is_about(entry, table, pk), self.sight.known_in(entry)
        if not (changes or about_it or self.sight.sees_event(deed)):
            return None
        listed = [] if self.brief and len(changes) != 1 else without_decision(changes)
        parts = parts_of(listed, (table, pk), known)
        return Told(
            at=deed.at,
            sentence=self.sentence(deed, changes, (table, pk), parts, known),
            reason=deed.reason,
            tag=self.tag(deed),
            parts=parts,
            url=url_of(table, pk, known),
            address=deed.address,
            request_id=deed.request_id[:8],
            number=deed.seq,
            more=self.rest(entry),
            ways=[] if self.brief else ways_back(deed.seq, changes, (table, pk), known),
        )

    def rest(self, entry: Entry) -> str | None:
        """Where a deed is read to its end, if it is longer than what is listed."""
        if not entry.cut or entry.deed is None or self.more is None:
            return None
        return self.more(entry.deed.seq)

    def sentence(
        self, deed: Any, changes: list[Any], subject: Record, parts: list[Part], known: Known
    ) -> Sentence:
        """Who did what; a refused act says that it was tried."""
        table, pk = subject
        action = deed.action.removesuffix(".refused")
        kind, _, act = action.rpartition(".")
        fields = named_fields(changes, table)
        template = ACTS.get(action) or ACTS.get(act) or step_of(kind, act) or hosts_words(action)
        record = tell(name_of(table, pk, known.get(table, {}).get(pk))).removesuffix(".")
        values = {"who": who(deed), "record": record, "fields": fields, "kind": kind_of(table)}
        values["number"] = deed.facts.get(RESTORES, "")
        if act == "edit" and (only := the_only(changes, parts)):
            said = say(FROM_TO.id, **values, **only)
        elif template is None:
            said = say("%(who)s: %(act)s.", who=who(deed), act=action)
        elif isinstance(template, Sentence):
            said = say(template.id, **values)
        else:
            said = step_told(values["who"], template, record)
        if deed.action == "sign-in.refused":
            return say("A sign-in was refused.")
        return say("Refused: %(act)s", act=said) if deed.action.endswith(".refused") else said

    def tag(self, deed: Any) -> tuple[str, str, Any] | None:
        """The badge of a deed that is no plain change."""
        kind, _, act = deed.action.removesuffix(".refused").rpartition(".")
        if deed.action.endswith(".refused"):
            return REFUSED
        if act == "unmask":
            return PERSONAL
        return DECISION if step_of(kind, act) is not None else None

    def outside(self, entry: Entry, changes: list[Any]) -> Told:
        """Rows that another program wrote."""
        first, known = changes[0], self.sight.known_in(entry)
        record = name_of(first.tbl, first.pk, known.get(first.tbl, {}).get(first.pk))
        sentence = say(
            "A program outside the application changed %(fields)s on %(record)s.",
            fields=named_fields(changes, first.tbl),
            record=record,
        )
        number = entry.deed.seq if entry.deed is not None else None
        accounts = dict.fromkeys(one.who for one in changes if one.who)
        return Told(
            first.at,
            sentence,
            tag=OUTSIDE,
            parts=parts_of(changes, (first.tbl, first.pk), known),
            url=url_of(first.tbl, first.pk, known),
            number=number,
            account=", ".join(accounts),
            more=self.rest(entry),
        )


def url_of(table: str, pk: str, known: Known) -> str | None:
    """Where a record that is seen can be opened."""
    screen = screen_of(table)
    if screen is None or pk not in known.get(table, {}):
        return None
    return url_for(f"{screen.endpoint}.details_view", id=pk)


def about(deed: Any, changes: list[Any]) -> tuple[str, str]:
    """Table and key of the record that a deed is about; a new one is known by its rows alone."""
    table = deed.subject_table or deed.action.removesuffix(".refused").rpartition(".")[0]
    if deed.subject_pk or not changes:
        return table, deed.subject_pk or ""
    first = next((one for one in changes if one.tbl == table), changes[0])
    return first.tbl, first.pk


def without_decision(changes: list[Any]) -> list[Any]:
    """The rows without that of the decision: the sentence of its deed tells all of it."""
    workflow = current_panel().workflow
    told_by_deed = workflow.decision.__tablename__ if workflow else ""
    return [change for change in changes if change.tbl != told_by_deed]


def act_named(action: str) -> Any:
    """An action of the log as a choice: its kind and what was done."""
    plain = action.removesuffix(".refused")
    kind, _, act = plain.rpartition(".")
    step, hosts = step_of(kind, act), current_panel().act_names
    done = hosts.get(plain) or CHOICES.get(plain) or CHOICES.get(act)
    done = done or (step.label if step is not None else act)
    about_kind = bool(kind) and kind not in APART
    told_act = say("%(kind)s: %(act)s", kind=kind_of(kind), act=done) if about_kind else done
    return say("%(act)s, refused", act=told_act) if plain != action else told_act


def hosts_words(action: str) -> Sentence | None:
    """What the host calls an act of its own: the whole action, or all that begin so."""
    acts = current_panel().acts
    return acts.get(action) or acts.get(action.partition(".")[0])


def who(deed: Any) -> Any:
    """Who acted, and in whose place."""
    name = deed.actor_name or say("No. %(id)s", id=str(deed.actor_id))
    if deed.acting_for_name and deed.letter:
        return say(
            "%(name)s for %(other)s (%(letter)s)",
            name=name,
            other=deed.acting_for_name,
            letter=deed.letter,
        )
    if deed.acting_for_name:
        return say("%(name)s for %(other)s", name=name, other=deed.acting_for_name)
    return name


def name_of(table: str, pk: str | None, record: Any) -> Any:
    """What a record is called; its kind and number where it is gone, or makes no sense."""
    title = called(table, record) if record is not None else None
    if title is not None:
        return title
    number = ", ".join(keys_in(pk)) if pk else ""
    return say("%(kind)s %(id)s", kind=kind_of(table), id=number) if pk else kind_of(table)


def the_only(changes: list[Any], parts: list[Part]) -> dict[str, Any] | None:
    """The one field that a deed changed, before and after, if a sentence can hold it."""
    rows = [row for part in parts for row in part.rows]
    if len(changes) != 1 or changes[0].op != "U" or len(rows) != 1:
        return None
    label, *values = rows[0]
    if any(isinstance(one, Words) or len(tell(one)) > QUOTED for one in values):
        return None
    old, new = (say("“%(text)s”", text=one) if one is not None else None for one in values)
    nothing = say("not filled in")
    return {"field": label, "old": old or nothing, "new": new or nothing}


def named_fields(changes: list[Any], table: str) -> Any:
    """The labels of the fields that changed, or how many there are."""
    names = [
        label_of(change.tbl, column)
        for change in changes
        if change.op == "U"
        for column in change.values
        if not is_silent(change.tbl, column)
    ]
    names = list(dict.fromkeys(tell(name) for name in names))
    if not names and changes:
        names = list(dict.fromkeys(tell(kind_of(change.tbl)) for change in changes))
    if len(names) > NAMED:
        return say("%(count)s fields", count=len(names))
    return ", ".join(names) if names else say("nothing")


def step_of(kind: str, step: str) -> Any:
    """A step of that kind's process, or None."""
    workflow = current_panel().workflow
    for process in workflow.processes() if workflow else ():
        if kind in (process.kind, process.table) and step in process.transitions:
            return process.transitions[step]
    return None
