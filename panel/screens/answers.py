"""What a refusal and a broken constraint look like to the reader: a status, a sentence, a field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from ..columns import now
from ..plugin import current_panel
from ..words import Refused, Sentence, say
from .language import tell

STATUS = {
    "role": 403,
    "duty": 403,
    "scope": 404,
    "state": 409,
    "stale": 409,
    "locked": 409,
    "reason": 422,
    "guard": 422,
    "field": 422,
}

#: What the triggers refuse, by the code behind ``jenjang:``.
TRIGGERED = {
    "locked": ("locked", say("The record is locked in its present state.")),
    "status": ("state", say("The state changes only by a step of the process.")),
    "decided": ("locked", say("What was decided stays: the record cannot be deleted.")),
    "key": ("locked", say("The number of a record never changes.")),
    "append-only": ("locked", say("The change log is only added to.")),
}

Sentences = Mapping[str, tuple[str | None, Sentence]]


def wants_json() -> bool:
    """Whether the reader is a program that asked for JSON."""
    return request.accept_mimetypes.best == "application/json"


def answer(refused: Refused) -> ResponseReturnValue:
    """A refusal as a page, or as JSON where JSON is asked for; nothing of the request is kept."""
    current_panel().db.session.rollback()
    status = STATUS[refused.code]
    if wants_json():
        body = {"refused": refused.code, "sentence": tell(refused.sentence), "field": refused.field}
        return jsonify(body), status
    values = {"code": status, "refused": refused, "at": now()}
    return render_template(f"errors/{status}.html", **values), status


def init_app(app: Flask) -> None:
    """Every `Refused` that reaches the edge of `app` becomes an answer."""
    app.register_error_handler(Refused, answer)


def refusal_of(error: IntegrityError, table: sa.Table, sentences: Sentences) -> Refused:
    """The broken constraint as a refusal that names the field; never the database's own words.

    `sentences` maps names of constraints to the field and the sentence of the host. A rule of a
    record inside of the form names that record's table in place of a field.
    """
    text = str(error.orig)
    trigger = re.search(r"jenjang:([a-z-]+)", text)
    if trigger:
        default = ("locked", say("A rule of the database refuses this."))
        code, sentence = TRIGGERED.get(trigger[1], default)
        return Refused(code, sentence)
    owner = table_of(error, table)
    name, columns = broken(error, owner)
    field = next((column for column in reversed(columns) if column != "region_id"), None)
    sentence = in_words(text)
    if name in sentences:
        field, sentence = sentences[name]
    return Refused("field", sentence, field if owner is table else owner.name)


def table_of(error: IntegrityError, table: sa.Table) -> sa.Table:
    """The table whose rule is broken: `table`, or that of a record inside of the form."""
    text, tables = str(error.orig), table.metadata.tables
    named = getattr(getattr(error.orig, "diag", None), "table_name", None)
    if named is None and (column := re.search(r"constraint failed: (\w+)\.\w+", text)):
        named = column[1]
    if named is None and (check := re.search(r"CHECK constraint failed: (\w+)", text)):
        rules = ((one, rule.name) for one in tables.values() for rule in one.constraints)
        named = next((one.name for one, name in rules if name == check[1]), None)
    return tables.get(named or "", table)


def broken(error: IntegrityError, table: sa.Table) -> tuple[str | None, list[str]]:
    """Name and columns of the constraint, as far as the driver tells them."""
    diagnosis = getattr(error.orig, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    column = getattr(diagnosis, "column_name", None)
    if column:
        return name, [column]
    text = str(error.orig)
    if name is None and (check := re.search(r"CHECK constraint failed: (\w+)", text)):
        name = check[1]
    columns = re.findall(rf"\b{re.escape(table.name)}\.(\w+)", text)
    for rule in (*table.constraints, *table.indexes):
        keys = [key.name for key in getattr(rule, "columns", ())]
        if name is not None and rule.name == name:
            return name, keys or columns_in(rule, table)
        unique = isinstance(rule, sa.UniqueConstraint) or getattr(rule, "unique", False)
        if name is None and unique and columns and set(keys) == set(columns):
            return str(rule.name) if rule.name else None, keys
    return name, columns


def columns_in(rule: Any, table: sa.Table) -> list[str]:
    """The columns that the text of a CHECK speaks of."""
    text = str(getattr(rule, "sqltext", ""))
    return [column.name for column in table.columns if re.search(rf"\b{column.name}\b", text)]


def in_words(text: str) -> Sentence:
    """The kind of broken constraint as a sentence of its own."""
    lowered = text.lower()
    if "unique" in lowered or "duplicate" in lowered:
        return say("Another record has this value already.")
    if "not null" in lowered or "not-null" in lowered:
        return say("Fill in this field.")
    if "foreign key" in lowered:
        return say("The chosen record is no longer there.")
    return say("This value breaks a rule of the record.")
