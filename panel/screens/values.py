"""Columns and values of one record kind as the present reader sees them: label, mask, words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import current_app, g, has_app_context
from flask_admin.tools import rec_getattr
from markupsafe import Markup

from ..access.rules import Actor
from ..changelog.past import Past, past
from ..plugin import current_panel
from ..words import say
from .acting import actor, may
from .addresses import address
from .days_past import ERASED, in_address
from .language import long_date, short_date, tell
from .marks import blank
from .paths import column_at, kinds_on, owner_at

#: Letters of a masked value that stay, and how long a value must be for them to stay.
MASK_TAIL, MASK_FROM = 3, 8


def as_label(name: str) -> str:
    """The message id that a column's name is by itself: "full_name" is "Full name"."""
    words = re.sub(r"_id$", "", name.rpartition(".")[2]).replace("_", " ")
    return words[:1].upper() + words[1:]


def worded(label: Any) -> Any:
    """A declared label: a message id becomes a sentence, labels and sentences stay."""
    return say(label) if isinstance(label, str) else label


def screen_of(entity: Any) -> Any:
    """The screen of this application that shows records of `entity` (or of a table), or None."""
    table = entity if isinstance(entity, str) else getattr(entity, "__tablename__", None)
    if "panel_screens" not in g:
        g.panel_screens = screens_by_table()
    return g.panel_screens.get(table)


def screens_by_table() -> dict[str, Any]:
    """The first screen of each table; every cell of a list may ask for one."""
    found: dict[str, Any] = {}
    for admin in current_app.extensions.get("admin", []):
        for view in admin._views:
            model = getattr(view, "model", None)
            if model is not None:
                found.setdefault(model.__tablename__, view)
    return found


def address_of(record: Any) -> str | None:
    """Where the actor reads `record`, or None where he may not or there is no screen."""
    screen = screen_of(type(record))
    if screen is None or not may("read", type(record)):
        return None
    key = sa.inspect(record).identity[0]
    return address(f"{screen.endpoint}.details_view", id=key, **in_address())


def mask(value: str) -> str:
    """The last letters of a long value behind four dots; of a short one nothing."""
    tail = value[-MASK_TAIL:] if len(value) >= MASK_FROM else ""
    return f"•••• {tail}".rstrip()


def masked(value: Any) -> Markup:
    """A masked value, with a word for who hears the page."""
    text = mask(str(value))
    tail = text[5:]
    spoken = say("masked, ends in %(tail)s", tail=tail) if tail else say("masked")
    return Markup('<span class="mono masked"><span class="vh">{} </span>{}</span>').format(
        tell(spoken), text
    )


def is_erased(read: Past, record: Any, name: str) -> bool:
    """Whether the value in a record's own column, as it was then, was erased by law."""
    key = str(sa.inspect(record).identity[0])
    return read.erased(record.__tablename__, key, name)


def found_out(who: Actor | None) -> dict[Any, bool]:
    """What was found out in this request of the columns that `who` sees; each cell asks again."""
    if not has_app_context():
        return {}
    kept: tuple[Actor | None, dict[Any, bool]] | None = g.get("panel_columns_seen")
    if kept is None or kept[0] is not who:
        kept = g.panel_columns_seen = (who, {})
    return kept[1]


class Values:
    """How records of `model` are read.

    `choices` maps a column to its codes and their labels, `formats` a column to a function of the
    record that gives what to show instead of its value, `written` one to how people write its text;
    a file has the text as it is kept.
    """

    def __init__(
        self,
        model: Any,
        labels: Mapping[str, Any] | None = None,
        choices: Mapping[str, Mapping[str, Any]] | None = None,
        formats: Mapping[str, Callable[[Any], Any]] | None = None,
        written: Mapping[str, Callable[[str], str]] | None = None,
    ) -> None:
        self.model = model
        self.labels = labels or {}
        self.choices = choices or {}
        self.formats = formats or {}
        self.written = written or {}

    def label(self, name: str) -> Any:
        """A column's label."""
        return worded(self.labels.get(name) or as_label(name))

    def reaches(self, path: str) -> bool:
        """Whether the actor may see anything at `path`: no secret, and kinds that he reads."""
        known, key = found_out(actor()), ("reaches", self.model, path)
        if key not in known:
            known[key] = self._reaches(path)
        return known[key]

    def masks(self, path: str) -> bool:
        """Whether the actor sees the value at `path` only as a mask."""
        known, key = found_out(actor()), ("masks", self.model, path)
        if key not in known:
            known[key] = self._masks(path)
        return known[key]

    def _reaches(self, path: str) -> bool:
        if not all(may("read", kind) for kind in kinds_on(self.model, path)):
            return False
        if column_at(self.model, path) is None:
            return True
        owner, last = owner_at(self.model, path), path.rpartition(".")[2]
        return current_panel().access.visible(actor(), owner, last)

    def _masks(self, path: str) -> bool:
        if column_at(self.model, path) is None:
            return False
        owner, last = owner_at(self.model, path), path.rpartition(".")[2]
        return current_panel().access.masked(actor(), owner, last)

    def codes(self, name: str) -> Mapping[str, Any] | None:
        """Codes of a column with their labels, or None: any value may stand there."""
        if name in self.choices:
            return self.choices[name]
        column = column_at(self.model, name)
        enum = getattr(column.type, "enums", None) if column is not None else None
        return {code: as_label(code) for code in enum} if enum else None

    def value(self, record: Any, name: str) -> Any:
        """The value at a column or path; None where the way ends before."""
        if name in self.formats:
            return self.formats[name](record)
        try:
            return rec_getattr(record, name)
        except AttributeError:
            return None

    def shown(self, record: Any, name: str, *, long: bool = False, link: bool = True) -> Any:
        """The value as markup or text in the reader's language; a blank says so."""
        read = past()
        if read is not None and is_erased(read, record, name):
            return blank(ERASED)
        return self.worded_value(name, self.value(record, name), long=long, link=link)

    def worded_value(self, name: str, value: Any, *, long: bool = False, link: bool = True) -> Any:
        """As `shown`, for a value that is at hand."""
        if value is None or value in ("", []):
            return blank()
        if self.masks(name):
            return masked(value)
        codes = self.codes(name) if isinstance(value, str) and name not in self.formats else None
        if codes is not None:
            return tell(worded(codes.get(value, as_label(value))))
        if name in self.written:
            return self.in_full(name, value)
        return in_markup(value, long=long, link=link)

    def in_full(self, name: str, value: Any) -> Any:
        """A value that is masked otherwise, as people write it."""
        return self.written[name](value) if name in self.written else value

    def exported(self, record: Any, name: str) -> Any:
        """The value for a file: days and numbers as they are, the rest as plain text."""
        value = self.value(record, name)
        if value is None or value in ("", []):
            return None
        if self.masks(name):
            return mask(str(value))
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number or isinstance(value, date) or name in self.written:
            return value
        shown = self.shown(record, name, link=False)
        return shown.striptags() if isinstance(shown, Markup) else str(shown)


def in_markup(value: Any, *, long: bool, link: bool) -> Any:
    """A value by its type: days in words, records as links, several in a row."""
    if isinstance(value, date):
        if long:
            return long_date(value)
        return Markup('<span class="nowrap">{}</span>').format(short_date(value))
    if isinstance(value, list | tuple | set | frozenset):
        return Markup(", ").join(in_markup(part, long=long, link=link) for part in value)
    if link and hasattr(value, "__table__"):
        address = address_of(value)
        if address:
            return Markup('<a href="{}">{}</a>').format(address, tell(value))
    return tell(value)
