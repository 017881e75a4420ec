"""The text form of every type: how a value is written in the log, the same on both databases.

Triggers write these forms and the replay reads the tables through them. A type without a form is
refused when the triggers are made, and so is a column without a mark: nothing is left out quietly.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from .rules import MARK

DIALECTS: dict[str, Dialect] = {
    "sqlite": sqlite.dialect(),
    "postgresql": postgresql.dialect(),  # type: ignore[no-untyped-call]  # by SQLAlchemy
}
#: PostgreSQL takes 100 arguments for one JSON object, two for each column.
WIDEST = 50


@dataclass(frozen=True)
class Form:
    """A column of a logged table: its place in the log and its text form."""

    name: str
    mark: str
    text: str
    compared: str

    def of(self, row: str) -> str:
        """The text form of the column in `row` (OLD, NEW or an alias), masked if it is secret."""
        if self.mark == "secret":
            return f"CASE WHEN {self.bare(row)} IS NOT NULL THEN '{MARK}' END"
        return self._place(self.text, row)

    def bare(self, row: str) -> str:
        """What is compared to see whether the column changed."""
        return self._place(self.compared, row)

    @staticmethod
    def _place(text: str, row: str) -> str:
        return text.replace("{row}", row)


def forms(table: sa.Table, dialect_name: str) -> list[Form]:
    """The columns of `table` with their forms; TypeError names what is not marked or unknown."""
    found = [_form(table, column, dialect_name) for column in table.columns]
    for mark in (("plain", "secret"), ("personal",)):
        if sum(form.mark in mark for form in found) > WIDEST:
            raise TypeError(f"{table.name}: more than {WIDEST} columns cannot be logged as one")
    return found


def key_of(table: sa.Table, dialect_name: str, row: str) -> str:
    """The primary key of `row` as text; of several columns a JSON list, equal on both databases."""
    found = {form.name: form for form in forms(table, dialect_name)}
    parts = [found[column.name] for column in table.primary_key.columns]
    if not parts or any(form.mark != "plain" for form in parts):
        raise TypeError(f"{table.name}: a logged table has a primary key of plain columns")
    if len(parts) == 1:
        return parts[0].of(row)
    if dialect_name == "sqlite":
        return f"json_array({', '.join(form.of(row) for form in parts)})"
    quoted = " || ',' || ".join(f"to_json({form.of(row)})::text" for form in parts)
    return f"'[' || {quoted} || ']'"


def quote(name: str, dialect_name: str) -> str:
    """A name as it must be written in a statement."""
    return DIALECTS[dialect_name].identifier_preparer.quote(name)


def literal(text: str) -> str:
    """A text as it must be written in a statement."""
    return "'" + text.replace("'", "''") + "'"


def _form(table: sa.Table, column: sa.Column[object], dialect_name: str) -> Form:
    mark = column.info.get("log")
    where = f"{table.name}.{column.name}"
    if mark not in ("plain", "personal", "secret"):
        raise TypeError(f"{where} is not marked plain, personal or secret")
    place = "{row}." + quote(column.name, dialect_name)
    stored = stored_type(column.type, dialect_name)
    write = _sqlite if dialect_name == "sqlite" else _postgresql
    text = write(stored, place)
    if text is None:
        raise TypeError(f"{where}: {stored!r} has no text form on {dialect_name}")
    # json has no equality on PostgreSQL
    json = dialect_name == "postgresql" and isinstance(stored, sa.JSON)
    return Form(column.name, mark, text, f"{place}::text" if json else place)


def stored_type(type_: TypeEngine[object], dialect_name: str) -> TypeEngine[object]:
    """The type under decorators and variants."""
    dialect = DIALECTS[dialect_name]
    found = type_.dialect_impl(dialect)
    while isinstance(found, TypeDecorator):
        found = found.impl_instance
    return found


def _sqlite(type_: TypeEngine[object], place: str) -> str | None:
    # any type may hold anything here: a foreign blob must not make the trigger fail
    text = f"CAST({place} AS TEXT)"
    safe = f"CASE typeof({place}) WHEN 'blob' THEN 'blob:' || hex({place}) ELSE {text} END"
    if isinstance(type_, sa.Boolean):
        return f"CASE {place} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE {safe} END"
    if isinstance(type_, sa.DateTime):
        zone = " || 'Z'" if type_.timezone else ""
        return f"replace({safe}, ' ', 'T'){zone}"
    if isinstance(type_, sa.LargeBinary):
        return f"CASE WHEN {place} IS NOT NULL THEN lower(hex({place})) END"
    if isinstance(type_, sa.Integer | sa.Date | sa.Time | sa.String | sa.JSON | sa.Uuid):
        return safe
    return None


def _postgresql(type_: TypeEngine[object], place: str) -> str | None:
    if isinstance(type_, postgresql.JSONB):
        return None  # reorders keys and rewrites numbers
    if isinstance(type_, sa.DateTime):
        if type_.timezone:
            return f"""to_char({place} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
        return f"""to_char({place}, 'YYYY-MM-DD"T"HH24:MI:SS.US')"""
    if isinstance(type_, sa.Date):
        return f"to_char({place}, 'YYYY-MM-DD')"
    if isinstance(type_, sa.Time):
        return f"to_char({place}, 'HH24:MI:SS.US')"
    if isinstance(type_, sa.LargeBinary):
        return f"encode({place}, 'hex')"
    if isinstance(type_, sa.Uuid):
        return f"replace({place}::text, '-', '')"
    if isinstance(type_, sa.Numeric) and type_.asdecimal and not isinstance(type_, sa.Float):
        return f"{place}::text"
    if isinstance(type_, sa.Integer | sa.Boolean | sa.String | sa.JSON):
        return f"{place}::text"
    return None
