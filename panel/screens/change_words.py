"""Free text in the change log: reasons, names, labels, and values that the reader may read.

The database looks only into what this reader sees unmasked, so that neither hits nor the way a page
ends tell of a masked value; an erased one is nowhere. Every hit is looked at again as it is told.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from babel.dates import get_month_names

from ..changelog.entries import Condition, Entry, among
from ..plugin import current_panel
from .differences import Part
from .finding import kinds
from .forgiving import contains, words_of
from .language import language, tell
from .querying import key_of
from .stored import entities, state_label, values_of
from .telling import Told, act_named
from .values import worded

#: Letters of a search, and records of one kind that it may be the name of.
LONGEST, NAMED = 200, 100


@dataclass(frozen=True)
class Word:
    """One word, and everything else that it may stand for in this reader's language."""

    text: str
    actions: frozenset[str]
    #: Stored codes whose labels have the word.
    codes: frozenset[str]

    def on_deed(self, deed: sa.Table) -> Condition:
        """Whether the word is in what a deed says of itself."""
        found = [like(deed.c.personal, self.text)]
        if self.actions:
            found.append(deed.c.action.in_(self.actions))
        return sa.or_(*found)

    def on_change(self, change: sa.Table, readable: Iterable[str], dialect: str) -> Condition:
        """Whether it is in a value that the reader sees unmasked."""
        texts = {self.text, *self.codes, *months(self.text)}
        plain, ways = [], list[Any]()
        for table in readable:
            hidden = hidden_columns(table)
            if not hidden:
                plain.append(table)
                continue
            open_parts = (
                without(part, hidden, dialect) for part in (change.c.data, change.c.personal)
            )
            has = sa.or_(*(like(part, text) for part in open_parts for text in sorted(texts)))
            ways.append(sa.and_(change.c.tbl == table, has))
        parts = (change.c.data, change.c.personal)
        has = sa.or_(*(like(part, text) for part in parts for text in sorted(texts)))
        return sa.or_(sa.and_(change.c.tbl.in_(plain), has), *ways)


@dataclass(frozen=True)
class FreeText:
    """What a reader typed: words that all must be there, or the name of records."""

    words: list[Word]
    records: list[tuple[str, str]]

    def conditions(self, readable: list[str]) -> tuple[tuple[Condition, Condition], ...]:
        """For each word: a condition on deeds and one on changes."""
        tables, session = current_panel().log.tables, current_panel().db.session
        dialect = session.get_bind().dialect.name
        change, deed = tables.change, tables.deed
        about = among(deed.c.subject_table, deed.c.subject_pk, self.records)
        of_them = among(change.c.tbl, change.c.pk, self.records)
        return tuple(
            (
                sa.or_(word.on_deed(deed), about),
                sa.or_(word.on_change(change, readable, dialect), of_them),
            )
            for word in self.words
        )

    def found_in(self, entry: Entry, told: Told) -> bool:
        """Whether a deed, as it is told to the reader, has every word or is about such a record."""
        named = {(one.tbl, one.pk) for one in entry.changes}
        action = ""
        if entry.deed is not None:
            action = entry.deed.action
            named.add((entry.deed.subject_table or "", entry.deed.subject_pk or ""))
        if told.url is not None and named & set(self.records):
            return True
        text = text_of(told)
        return all(word.text.casefold() in text or action in word.actions for word in self.words)


def free_text(typed: str, actions: Iterable[str]) -> FreeText | None:
    """What was typed, understood; None where nothing was."""
    typed = typed.strip()[:LONGEST]
    texts = words_of(typed)
    if not texts:
        return None
    labels = [(one, tell(act_named(one)).casefold()) for one in actions]
    words = [
        Word(
            text,
            frozenset(one for one, label in labels if text.casefold() in label),
            codes_of(text),
        )
        for text in texts
    ]
    return FreeText(words, records_named(typed))


def records_named(typed: str) -> list[tuple[str, str]]:
    """Records in scope that the whole text is found by, as the search at the top finds them."""
    session = current_panel().db.session
    found = []
    for view in kinds():
        keys = view.matching(typed, ()).with_only_columns(key_of(view.model)).limit(NAMED)
        found += [(view.model.__tablename__, str(key)) for key in session.scalars(keys)]
    return found


def codes_of(text: str) -> frozenset[str]:
    """Stored codes, of any kind, whose labels have this word."""
    found = set()
    for table, entity in entities().items():
        values = values_of(table)
        for column in entity.__table__.c if values is not None else ():
            codes = values.codes(column.name) if values is not None else None
            for code, label in (codes or {}).items():
                if text.casefold() in tell(worded(label)).casefold():
                    found.add(code)
    workflow = current_panel().workflow
    for process in workflow.processes() if workflow else ():
        entity = entities().get(process.table)
        for code in process.states:
            label = state_label(entity, "status", code) if entity is not None else None
            if label is not None and text.casefold() in tell(label).casefold():
                found.add(code)
    return frozenset(found)


def months(text: str) -> list[str]:
    """The part of a stored day that stands for a month's name: "november" is "-11-"."""
    names = get_month_names("wide", locale=language()).items()
    return [
        f"-{n:02}-" for n, name in names if len(text) > 2 and name.casefold() == text.casefold()
    ]


def hidden_columns(table: str) -> list[str]:
    """The columns whose values this reader sees masked or not at all."""
    entity, values = entities().get(table), values_of(table)
    if entity is None or values is None:
        return []
    names = [column.name for column in entity.__table__.c]
    return [one for one in names if values.masks(one) or not values.reaches(one)]


def without(column: Any, names: list[str], dialect: str) -> Any:
    """JSON of the log without these keys, as text."""
    if not names:
        return column
    if dialect == "sqlite":
        return sa.func.json_remove(column, *(f'$."{name}"' for name in names))
    kept = sa.cast(column, sa.dialects.postgresql.JSONB)
    for name in names:
        kept = kept.op("-")(sa.literal(name, sa.Text))
    return sa.cast(kept, sa.Text)


def like(column: Any, text: str) -> Condition:
    """Whether JSON as text has a word in it, however its case."""
    found: Condition = contains(column, json.dumps(text, ensure_ascii=False)[1:-1])
    return found


def text_of(told: Told) -> str:
    """All that a page says of a deed, in small letters."""
    facts = [told.sentence, told.reason, told.address, told.account]
    return " ".join(tell(one) for one in [*facts, *cells(told.parts)] if one).casefold()


def cells(parts: Iterable[Part]) -> Iterable[Any]:
    """Names, labels and values of the differences."""
    for part in parts:
        yield part.title
        for row in part.rows:
            yield from row
