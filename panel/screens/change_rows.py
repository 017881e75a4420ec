"""The rows of a bulk change before it is proposed: what each would become, and what refuses it.

The rules of the form are asked on the loaded records and nothing is written; those of the table
are asked of the database in one statement for all rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import url_for

from ..proposals.checks import broken
from ..proposals.rules import Item, changed
from ..proposals.texts import texts
from ..words import Refused, say
from ..workflow.snapshot import text_of
from .acting import objection
from .belonging import refuse_elsewhere
from .forms import columns_of
from .keeping import loaders_of
from .language import tell
from .locks import locked
from .querying import key_of, scoped
from .sight import in_scope
from .stored import Known, entity_at, label_of, told

GONE = say("This record is not there any more.")
BROKEN = say("This value breaks a rule of the record.")


@dataclass(frozen=True)
class Row:
    """One record: what it is called, what changes in it, and what stands against that."""

    title: str
    url: str | None
    item: Any = None
    #: Label, before and after.
    lines: tuple[tuple[Any, Any, Any], ...] = ()
    why: Any = None


@dataclass
class Looked:
    """All rows, parted by what would become of them."""

    keys: list[Any]
    changed: list[Row] = field(default_factory=list)
    unchanged: list[Row] = field(default_factory=list)
    refused: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Wish:
    """One field that shall change: its column, the value, and the value as text."""

    name: str
    column: str
    value: Any
    text: str | None


def look(view: Any, keys: list[Any], form: Any) -> Looked:
    """Look at every row with the values of the form; a known number of statements."""
    session, wishes = view.session.session, wishes_of(view, form)
    rows = scoped(view.model).where(key_of(view.model).in_(keys))
    rows = rows.options(*view.loaders(), *loaders_of(view)).execution_options(
        populate_existing=True
    )
    found = {getattr(one, key_of(view.model).key): one for one in session.scalars(rows).unique()}
    rules = broken(session, view.model, list(found), values_of(wishes))
    looked, drafts = Looked(keys), []
    with session.no_autoflush:
        for key in keys:
            record = found.get(key)
            if record is None:
                row = Row(tell(say("No. %(id)s", id=str(key))), None, why=GONE)
                looked.refused.append(row)
                continue
            drafts.append(looked_at(view, record, key, wishes, rules.get(key)))
    session.expire_all()
    known = known_in([item for item, _, _ in drafts], view.model)
    for item, url, why in drafts:
        row = row_of(item, url, why, known)
        group = looked.refused if why else looked.changed if item.values else looked.unchanged
        group.append(row)
    return looked


def wishes_of(view: Any, form: Any) -> list[Wish]:
    """What the ticked fields of a form ask for."""
    found = []
    for name in view.ticked(form):
        value = form[name].data
        value = None if value == "" else value
        columns = columns_of(view.model, name)
        if columns:
            [column] = columns
            key = None if value is None else getattr(value, key_of(type(value)).key)
            found.append(Wish(name, column, value, text_of(key)))
        else:
            found.append(Wish(name, name, value, text_of(value)))
    return found


def values_of(wishes: list[Wish]) -> dict[str, Any]:
    """The values by column, as the database takes them."""
    return {
        one.column: getattr(one.value, key_of(type(one.value)).key)
        if hasattr(one.value, "__table__")
        else one.value
        for one in wishes
    }


def looked_at(
    view: Any, record: Any, key: Any, wishes: list[Wish], rule: str | None
) -> tuple[Item, str, Any]:
    """One record as an item, its address, and why it is refused; it is changed in memory."""
    title = tell(view.title_of(record))
    was = texts(record, [one.column for one in wishes])
    values = changed({one.column: (was[one.column], one.text) for one in wishes})
    item = Item(1, view.model.__tablename__, str(key), "update", title, values)
    url = url_for(".details_view", id=key)
    if not values:
        return item, url, None
    sentence = objection("edit", record)
    if sentence is not None:
        return item, url, sentence
    shut = locked(record, "edit")
    if shut is not None:
        return item, url, shut.sentence
    try:
        for one in wishes:
            setattr(record, one.name, one.value)
        view.before_save(record, False)
        refuse_elsewhere(record, ())
        view.refuse_itself(record)
    except Refused as refused:
        return item, url, refused.sentence
    if rule is not None:
        return item, url, view.constraint_sentences.get(rule, (None, BROKEN))[1]
    return item, url, None


def row_of(item: Item, url: str | None, why: Any, known: Known) -> Row:
    """An item in words."""
    lines = tuple(
        (label_of(item.table, column), *(told(item.table, column, one, known) for one in pair))
        for column, pair in item.values.items()
    )
    return Row(item.label, url, item, lines, why)


def known_in(items: list[Item], entity: Any) -> Known:
    """The records in scope that the values of items of one table name; one query for each kind."""
    asked: dict[str, set[str]] = {}
    for item in items:
        for column, pair in item.values.items():
            kind = entity_at(entity, column)
            if kind is not None:
                asked.setdefault(kind.__tablename__, set()).update(one for one in pair if one)
    return {table: in_scope(table, keys) for table, keys in asked.items()}
