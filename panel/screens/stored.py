"""Values as the log and the snapshots keep them, texts, told as the screens tell them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from functools import lru_cache, partial
from typing import Any

import sqlalchemy as sa
from flask import g

from ..columns import Utc
from ..plugin import current_panel
from ..proposals.bundles import bundled, is_bundle
from ..proposals.entries import spread
from ..proposals.rules import Item, read
from ..proposals.rules import Values as Pairs
from ..words import Refused, Sentence, say
from ..workflow.records import WorkflowRecord
from .language import tell
from .paths import KNOWN
from .querying import find
from .values import Values, as_label, mask, screen_of, worded

CHANGED = say("changed")
#: Rows that are told of a bundle of new ones; its proposal lists all of them.
FIRST = 10

#: Records in scope, by table and key.
Known = dict[str, dict[str, Any]]


def entities() -> dict[str, Any]:
    """The mapped classes of this installation, by table."""
    if "panel_entities" not in g:
        mappers = current_panel().access.account.registry.mappers
        g.panel_entities = {str(one.local_table.name): one.class_ for one in mappers}
    known: dict[str, Any] = g.panel_entities
    return known


def values_of(table: str) -> Values | None:
    """How records of a table are read: as their screen does, or plainly; None for no records."""
    known = getattr(screen_of(table), "values", None)
    if known is not None:
        return known
    entity = entities().get(table)
    return Values(entity) if entity is not None else None


def kind_of(table: str) -> Sentence:
    """What one record of a table is called."""
    one = getattr(screen_of(table), "one_title", None)
    return one if one is not None else worded(as_label(table))


def label_of(table: str, column: str) -> Any:
    """The label of a column."""
    values = values_of(table)
    return values.label(relation_name(values.model, column)) if values else worded(as_label(column))


def relation_name(entity: Any, column: str) -> str:
    """The relation that a foreign key column belongs to, where labels know it by that name."""
    relation = relation_at(entity, column)
    return str(relation.key) if relation is not None else column


@lru_cache(maxsize=KNOWN)
def relation_at(entity: Any, column: str) -> Any:
    """The many-to-one relation over a column, or None."""
    for relation in sa.inspect(entity).relationships:
        names = {local.name for local, _ in relation.local_remote_pairs} - {"region_id"}
        if not relation.uselist and names == {column} and relation.key != column:
            return relation
    return None


def entity_at(entity: Any, column: str) -> Any:
    """The kind of record that a column refers to, by a relation or its key alone, or None."""
    relation = relation_at(entity, column)
    if relation is not None:
        return relation.mapper.class_
    keys = entity.__table__.c[column].foreign_keys if column in entity.__table__.c else ()
    found = [entities().get(key.column.table.name) for key in keys if key.column.primary_key]
    return found[0] if found else None


def state_label(entity: Any, column: str, text: str) -> Any:
    """What the process calls the state in a status column, or None."""
    workflow = current_panel().workflow
    if column != "status" or workflow is None or not issubclass(entity, WorkflowRecord):
        return None
    processes = [one for one in workflow.processes() if one.table == entity.__tablename__]
    return next((one.states[text].label for one in processes if text in one.states), None)


def told(table: str, column: str, text: str | None, known: Known | None = None) -> str | None:
    """A stored text in words: days, codes, names of records in scope; None stays None.

    `known` holds records in scope by table and key, where they were asked for all at once.
    """
    return None if text is None else reader_of(table, column, known)(text)


def reader_of(table: str, column: str, known: Known | None = None) -> Callable[[str], str]:
    """How the texts of a column are told in this request; many of one need it once."""
    values = values_of(table)
    if values is None:
        return str
    if not values.reaches(column):
        return lambda text: tell(CHANGED)
    if values.masks(column):
        return mask
    if holds_changes(values.model, column):
        return told_changes
    entity = entity_at(values.model, column)
    if entity is not None:
        return partial(told_record, entity, (known or {}).get(entity.__tablename__))
    return partial(told_text, table, column, values)


def told_record(entity: Any, at_hand: dict[str, Any] | None, text: str) -> str:
    """What a key names: a record of a kind, `at_hand` by its key or looked up."""
    if text.startswith("#"):
        return tell(say("The new record of row %(number)s", number=text[1:]))
    record = find(entity, text) if at_hand is None else at_hand.get(text)
    return tell(record) if record is not None else tell(say("No. %(id)s", id=text))


def told_text(table: str, column: str, values: Values, text: str) -> str:
    """A text that names no record: a kind, a state, a code, or by the type of its column."""
    if column == "record_table" and text in entities():
        return tell(kind_of(text))
    label = state_label(values.model, column, text)
    if label is not None:
        return tell(label)
    codes = values.codes(column)
    if codes and text in codes:
        return tell(worded(codes[text]))
    in_words = getattr(screen_of(table), "readings", {}).get(column)
    if in_words is not None:
        return tell(in_words(text))
    return typed(values.model.__table__.c.get(column), text)


def holds_changes(entity: Any, column: str) -> bool:
    """Whether a column keeps changes of another record, as items of proposals do."""
    known = entity.__table__.c.get(column)
    return known is not None and bool(known.info.get("holds_changes"))


def told_changes(text: str) -> str:
    """Changes kept in one text, field by field; of many new records the first few.

    What somebody has written there past the application is shown as it is, if it makes no sense.
    """
    try:
        return told_rows(spread(bundled(text))) if is_bundle(text) else told_values(*read(text))
    except (Refused, LookupError, ValueError, TypeError, AttributeError, RecursionError):
        return text


def told_rows(items: Sequence[Item]) -> str:
    """New records of one proposal, a line each; the first few."""
    lines = [
        tell(
            say(
                "Row %(number)s, %(record)s: %(values)s",
                number=item.number,
                record=item.label,
                values=told_values(item.table, item.values, new=True),
            )
        )
        for item in items[:FIRST]
    ]
    if len(items) > FIRST:
        lines.append(tell(say("%(count)s more", count=len(items) - FIRST)))
    return "\n".join(lines)


def told_values(table: str, pairs: Pairs, *, new: bool = False) -> str:
    """The changes of one record, field by field; a record is looked up once in a request."""
    known: Known = g.setdefault("told_changes", {})
    lines = []
    for column, values in pairs.items():
        entity = entity_at(entities()[table], column)
        for value in values if entity is not None else ():
            at_hand = known.setdefault(entity.__tablename__, {})
            if value is not None and value not in at_hand and (found := find(entity, value)):
                at_hand[value] = found
        was, becomes = (told(table, column, value, known) for value in values)
        if new:
            lines.append(say("%(field)s: %(value)s", field=label_of(table, column), value=becomes))
            continue
        lines.append(
            say(
                "%(field)s: %(was)s → %(becomes)s",
                field=label_of(table, column),
                was=was if was is not None else say("not filled in"),
                becomes=becomes if becomes is not None else say("not filled in"),
            )
        )
    return "; ".join(map(tell, lines))


def typed(column: Any, text: str) -> str:
    """A text told by the type of its column."""
    kind = getattr(column, "type", None)
    try:
        if isinstance(kind, sa.Boolean):
            return tell(text in ("true", "1"))
        if isinstance(kind, Utc | sa.DateTime):
            return tell(datetime.fromisoformat(text))
        if isinstance(kind, sa.Date):
            return tell(date.fromisoformat(text))
        if isinstance(kind, sa.Time):
            return tell(time.fromisoformat(text))
    except ValueError:  # written past the application: shown as it is
        return text
    return text


def keys_in(pk: str) -> list[str]:
    """The parts of a key as the log keeps it."""
    return [str(part) for part in json.loads(pk)] if pk.startswith("[") else [pk]
