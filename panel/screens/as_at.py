"""Lists and records as they stood at the end of a past day, read from the change log.

The list is the ordinary one; a record has a page of its own, with its facts, its related records
and what of it is otherwise today. Nothing can be done there but read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import abort, request, url_for
from flask_admin import expose
from markupsafe import Markup

from ..changelog.past import present
from ..words import Refused, say
from .acting import may
from .answers import STATUS
from .changing import Changing
from .days_past import ARGUMENT, day_asked, first_day, reading
from .language import tell
from .marks import blank
from .querying import find, parsed_key
from .showing import Related, Table
from .values import screen_of

#: Columns of a related kind that its own list has and a page of the past shows.
COLUMNS = 4


@dataclass(frozen=True)
class Fact:
    """One field of a record, as markup to be read."""

    label: Any
    value: Any

    @property
    def text(self) -> str:
        """The value without its markup."""
        return self.value.striptags() if isinstance(self.value, Markup) else str(self.value)


@dataclass(frozen=True)
class Look:
    """A record as one sees it at one time: what it is called, its facts, what hangs on it."""

    title: Any
    facts: list[Fact]
    tables: list[Table]

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """Label and value of each fact."""
        return [(one.label, one.value) for one in self.facts]

    def unlike(self, other: Look) -> list[tuple[Any, str, str]]:
        """Label and the texts here and there of the facts that are not the same."""
        there = {tell(fact.label): fact.text for fact in other.facts}
        pairs = [(one.label, one.text, there.get(tell(one.label), "")) for one in self.facts]
        name = (say("Name"), self.title, other.title)
        if name[1:] not in [one[1:] for one in pairs]:
            pairs.insert(0, name)
        empty = str(Markup(blank()).striptags())
        return [
            (label, *("" if text == empty else text for text in texts))
            for label, *texts in pairs
            if texts[0] != texts[1]
        ]

    def lines(self, table: str) -> set[str]:
        """The rows of one related table, as texts."""
        return {line_of(cells) for one in self.tables if one.id == table for _, cells in one.rows}


def line_of(cells: list[Any]) -> str:
    """A row of a table as one text."""
    texts = (one.striptags() if isinstance(one, Markup) else str(one) for one in cells)
    return " | ".join(texts)


class AsAt(Changing):
    """The pages of the past of one kind of record."""

    @expose("/")
    def index_view(self) -> Any:
        """The list; with `as_at` as it stood at the end of that day."""
        listed = super().index_view.__wrapped__
        if ARGUMENT not in request.args:
            return listed(self)
        if not request.args[ARGUMENT].strip():
            return self.ask_day(None, url_for(".index_view"), self.name)
        try:
            day = day_asked(request.args[ARGUMENT].strip())
        except Refused as refused:
            return self.ask_day(refused, url_for(".index_view"), self.name)
        with reading(day):
            return listed(self)

    @property
    def can_export(self) -> bool:
        """As in the present: a file of the past changes nothing either."""
        with present():
            return self.asked("export")

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> Any:
        """The list as a file; with `as_at` as it stood at the end of that day."""
        if ARGUMENT not in request.args:
            return super().export.__wrapped__(self, export_type)
        day = day_asked(request.args[ARGUMENT].strip())
        with reading(day):
            file = self.as_file(export_type, day)
        return self.sent_file(file)

    @expose("/details/")
    def details_view(self) -> Any:
        """The record; with `as_at` as it stood at the end of that day."""
        if ARGUMENT not in request.args:
            return super().details_view.__wrapped__(self)
        return self.past_page(request.args.get("id"))

    def past_page(self, id: Any) -> Any:
        """One record as it was, beside what it is."""
        key, now = parsed_key(self.model, id), find(self.model, id)
        today = self.look(now) if now is not None else None
        back_url = self.way_back(key) if today is None else None
        typed, refused = request.args[ARGUMENT].strip(), None
        try:
            day = day_asked(typed) if typed else None
        except Refused as error:
            day, refused = None, error
        if day is None:
            if now is None:
                abort(404)
            return self.ask_day(refused, url_for(".details_view", id=key), self.title_of(now))
        with reading(day) as read:
            record = find(self.model, id)
            if record is None and today is None:
                abort(404)
            then = self.look(record) if record is not None else None
            return self.render(
                "panel/as_at/record.html",
                id=key,
                day=day,
                first_day=first_day(),
                then=then,
                today=today,
                unlike=then.unlike(today) if then is not None and today is not None else [],
                line_of=line_of,
                back_url=back_url,
                again=read.deleted_since(self.model.__tablename__, str(key)),
                name=(then or today).title,
            )

    def ask_day(self, refused: Refused | None, address: str, name: Any) -> Any:
        """A box for a day; with it why the one that was asked for cannot be read."""
        page = self.render(
            "panel/as_at/ask.html",
            refused=refused,
            address=address,
            name=name,
            typed=request.args[ARGUMENT][:40],
            id=request.args.get("id"),
            first_day=first_day(),
        )
        return page, STATUS[refused.code] if refused is not None else 200

    def way_back(self, key: Any) -> str | None:
        """Where a record that is gone today is brought back, if the reader may."""
        return None

    def look(self, record: Any) -> Look:
        """The record as the reader sees it now, in the present or in the past."""
        facts = [
            Fact(label, self.values.shown(record, name, long=True))
            for name, label in self.facts_past()
        ]
        tables = [
            self.related_table(record, declared, relation, relation.property.mapper.class_)
            for declared in self.related_past()
            if may(
                "read", (relation := getattr(self.model, declared.relation)).property.mapper.class_
            )
        ]
        return Look(tell(self.title_of(record)), facts, tables)

    def facts_past(self) -> list[tuple[str, Any]]:
        """The columns of the details, and fields of the form that the details leave to the page."""
        names = dict(self._details_columns)
        tables = {one.relation for one in self.related_past()}
        for name in self.form_columns or ():
            new = name not in names and name not in tables and hasattr(self.model, name)
            if new and self.reaches(name):
                names[name] = tell(self.label(name))
        return list(names.items())

    def related_past(self) -> list[Related]:
        """The tables of related records: those of the page, of the form, and of the history."""
        found = {one.relation: one for one in self.related}
        for inline in self.inlines:
            names = (n for n in inline.form_columns[1:] if is_shown(inline.model, n))
            known = (inline.values.labels, inline.values.choices)
            label = self.label(inline.relation)
            found.setdefault(inline.relation, Related(label, inline.relation, tuple(names), *known))
        for relation in self.children:
            entity = getattr(self.model, relation).property.mapper.class_
            columns = getattr(screen_of(entity), "columns", ())[:COLUMNS]
            if columns:
                found.setdefault(relation, Related(self.label(relation), relation, columns))
        return list(found.values())


def is_shown(model: Any, name: str) -> bool:
    """Whether a field of an inner form is a column or a relation of its record."""
    return name in sa.inspect(model).attrs
