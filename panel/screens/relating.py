"""Fields that choose: related records out of the actor's scope, codes, and yes, no or not known.

A posted key is looked up in the same scope that the choices come from: what was not offered and
cannot be found there is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from flask import g
from markupsafe import escape
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import ORMOption
from wtforms import SelectField, widgets
from wtforms.fields import SelectFieldBase
from wtforms.validators import ValidationError

from ..plugin import current_panel
from ..words import say
from .choices import ELSEWHERE
from .language import tell
from .querying import key_of, parsed_key, scoped
from .values import worded

#: Related records that a form offers at once; beyond them the lookup answers.
OFFERED = 200

NOT_OFFERED = say("Choose one of the records offered.")
EMPTY = ("", "__None")


#: Value, words and attributes of an option.
Line = tuple[str, str, dict[str, Any]]


def by_words(line: Line) -> str:
    """The order of options."""
    return line[1].lower()


def choice_text(record: Any) -> str:
    """What a choice calls a record: its `choice_name`, where its name alone repeats."""
    return tell(getattr(record, "choice_name", None) or record)


def keys_at(record: Any, of: str | Callable[[Any], Any]) -> set[str]:
    """The keys that a record says it belongs to by its attribute or by a function of it."""
    found = of(record) if callable(of) else getattr(record, of)
    several = found if isinstance(found, list | tuple | set | frozenset) else [found]
    return {str(one) for one in several if one is not None}


def key_in(value: Any) -> str:
    """A record or a code as the browser sends it."""
    return str(getattr(value, "id", value))


class Options(widgets.Select):
    """A select as WTForms has it; its options, hundreds on a page, are written at once."""

    @classmethod
    def render_option(cls, value: Any, label: Any, selected: bool, **marks: Any) -> str:
        said = "".join(f'{name}="{escape(text)}" ' for name, text in sorted(marks.items()))
        picked = "selected " if selected else ""
        return f'<option {said}{picked}value="{escape(value)}">{escape(label)}</option>'


class RecordSelect(SelectFieldBase):
    """One related record out of those in scope.

    With `on`, the name of another field of the form or several, the record must belong to what is
    chosen there: `of`, an attribute or a function of the record, gives the other's key or all keys
    that would do. A script puts away what does not belong; with `binding` false that is all, and
    what was chosen all the same is taken. `where` narrows what is offered and
    taken at all, `most` is how many are offered at once.
    """

    widget = Options()
    #: What the choice of no record is called, where there may be none.
    blank = say("not filled in")
    #: Whether a new record may be the choice, so that one is made beside it.
    makes = True

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        self.entity = options.pop("entity")
        self.order = options.pop("order", None)
        self.joins = options.pop("joins", ())
        self.allow_blank = options.pop("allow_blank", False)
        self.where, self.most = options.pop("where", None), options.pop("most", OFFERED)
        on, self.of = options.pop("on", ()), options.pop("of", "")
        self.binding = options.pop("binding", True)
        self.on: tuple[str, ...] = (on,) if isinstance(on, str) else tuple(on)
        super().__init__(label, validators, **options)
        self._key: str = key_of(self.entity).key
        if not self.allow_blank:
            self.flags.required = True
        if self.on:
            self.render_kw = {**(self.render_kw or {}), "data-depends-on": " ".join(self.on)}
        self.unknown = False
        self._records: list[Any] | None = None
        self._lines: list[Line] | None = None

    def taken(self) -> sa.Select[Any]:
        """The records in scope that may be chosen."""
        rows = scoped(self.entity)
        return rows if self.where is None else rows.where(self.where())

    def found(self, text: str) -> Any:
        """The record that may be chosen with the key that `text` spells, or None."""
        key = parsed_key(self.entity, text)
        if key is None:
            return None
        rows = self.taken().where(key_of(self.entity) == key)
        return current_panel().db.session.scalars(rows).unique().one_or_none()

    def key(self, record: Any) -> str:
        """The value of a record's option."""
        return str(getattr(record, self._key))

    def text(self, record: Any) -> str:
        """The words of a record's option."""
        return choice_text(record)

    def records(self) -> list[Any]:
        """What the field offers at once; the same field of each part of a form asks once."""
        if self._records is None:
            offered: dict[Any, list[Any]] = g.setdefault("panel_offered", {})
            asked = (self.entity, self.order, self.where, self.most, tuple(self.joins))
            if asked not in offered:
                offered[asked] = self._asked_for()
            self._records = offered[asked]
        return self._records

    def _asked_for(self) -> list[Any]:
        first = [getattr(self.entity, self.order)] if self.order else []
        joins = [j if isinstance(j, ORMOption) else joinedload(j) for j in self.joins]
        rows = self.taken().order_by(*first, key_of(self.entity)).options(*joins)
        return list(current_panel().db.session.scalars(rows.limit(self.most)).unique())

    def lines(self, chosen: dict[str, Any]) -> list[Line]:
        """What is offered and chosen, in the order of the words."""
        if self._lines is None:
            self._lines = sorted(map(self.line, self.records()), key=by_words)
        offered = {key for key, _, _ in self._lines}
        more = [self.line(record) for key, record in chosen.items() if key not in offered]
        return sorted([*self._lines, *more], key=by_words) if more else self._lines

    def line(self, record: Any) -> Line:
        """The option of a record."""
        return self.key(record), self.text(record), self.marks(record)

    def chosen(self) -> list[Any]:
        """The records that are chosen now."""
        return [] if self.data is None else [self.data]

    def iter_choices(self) -> Iterator[Any]:
        chosen = {self.key(record): record for record in self.chosen()}
        if self.allow_blank or not chosen:
            blank = self.blank if self.allow_blank else say("Choose")
            yield "", tell(blank), not chosen, {}
        for key, text, marks in self.lines(chosen):
            yield key, text, key in chosen, marks

    def marks(self, record: Any) -> dict[str, Any]:
        """What an option says of the record for the script."""
        return {"data-of": " ".join(sorted(keys_at(record, self.of)))} if self.on else {}

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.data = None
        if valuelist[0] not in EMPTY:
            self.data = self.kept_or_found(valuelist[0])
            self.unknown = self.data is None

    def kept_or_found(self, text: str) -> Any:
        """What the record refers to already stays, offered or not; else as `found`."""
        held = self.object_data
        held = held if isinstance(held, list) else [held]
        present = {self.key(one): one for one in held if isinstance(one, self.entity)}
        return present.get(text) or self.found(text)

    def pre_validate(self, form: Any) -> None:
        if self.unknown:
            raise ValidationError(tell(NOT_OFFERED))
        if self.data is None and not self.allow_blank:
            raise ValidationError(tell(say("Choose one.")))
        for name in self.on if self.binding and self.data is not None else ():
            other = form[name].data if name in form else None
            if other is not None and key_in(other) not in keys_at(self.data, self.of):
                raise ValidationError(tell(ELSEWHERE))


class Narrowing(RecordSelect):
    """A choice that only narrows those of the fields after it; nothing of it is kept."""

    #: The save and the comparison of two saves leave it out.
    kept = True
    blank = say("all of them")

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, **{"allow_blank": True, **options})

    def populate_obj(self, obj: Any, name: str) -> None:
        """The record has no such column."""


class RecordSelectMultiple(RecordSelect):
    """Several related records out of those in scope."""

    widget = Options(multiple=True)

    def chosen(self) -> list[Any]:
        return list(self.data or [])

    def iter_choices(self) -> Iterator[Any]:
        return (choice for choice in super().iter_choices() if choice[0])

    def process_formdata(self, valuelist: list[str]) -> None:
        found = [self.kept_or_found(value) for value in valuelist if value not in EMPTY]
        self.unknown = None in found
        self.data = [record for record in found if record is not None]

    def pre_validate(self, form: Any) -> None:
        if self.unknown:
            raise ValidationError(tell(NOT_OFFERED))


class CodeSelect(SelectField):
    """One of a column's codes, under labels in the reader's language."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        self.allow_blank = options.pop("allow_blank", False)
        self.codes = options.pop("codes")
        options["coerce"] = lambda value: None if value in (None, *EMPTY) else str(value)
        options["choices"] = []
        super().__init__(label, validators, **options)
        blank = say("not filled in") if self.allow_blank else say("Choose")
        texts = {"": blank, **{code: worded(text) for code, text in self.codes.items()}}
        self.choices = [(code, tell(text)) for code, text in texts.items()]

    def pre_validate(self, form: Any) -> None:
        if self.data is None and self.allow_blank:
            return
        if self.data not in self.codes:
            raise ValidationError(tell(say("Choose one.")))


class YesNoUnknown(SelectField):
    """Yes, no, or not known; never a tick box that takes silence for no."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        answers = {"": say("not filled in"), "1": say("yes"), "0": say("no")}
        options["coerce"] = known
        options["choices"] = [(code, tell(text)) for code, text in answers.items()]
        super().__init__(label, validators, **options)

    def iter_choices(self) -> Iterator[Any]:
        for code, text in self.choices:
            yield code, text, known(code) is self.data, {}

    def pre_validate(self, form: Any) -> None:
        """Every answer is one."""


def known(answer: Any) -> bool | None:
    """An answer as true, false or not known."""
    return {"1": True, "0": False, True: True, False: False}.get(answer)
