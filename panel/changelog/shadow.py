"""A table as it was, as a common table expression that stands before the table of the same name.

Rows that changed since are left out of the table and read from a JSON list of texts instead: any
statement that names the table reads the past, and its other rows come with their indexes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from .as_at import Then, listed, placed
from .forms import DIALECTS, key_of, quote, stored_type
from .undoing import State

#: Bytes that SQLite cannot read from text by itself.
UNHEX = "jenjang_unhex"


@dataclass(frozen=True)
class Shadow:
    """The expression with its two parameters: keys that are left out, and rows in their place."""

    text: str
    parameters: tuple[str, str]


def shadow(connection: Connection, table: sa.Table, found: Then, erased: str) -> Shadow:
    """What stands for `table`; `erased` is what an erased text says."""
    name = connection.dialect.name
    keys, rows = (f"{table.name}_keys", f"{table.name}_rows")
    columns = ", ".join(f"t.{quote(column.name, name)}" for column in table.columns)
    read = ", ".join(
        _read(column, place, name) + f" AS {quote(column.name, name)}"
        for place, column in enumerate(table.columns)
    )
    source = "json_each" if name == "sqlite" else "json_array_elements"
    kept = f"({key_of(table, name, 't')}) NOT IN ({listed(name, _asked(keys, name))})"
    text = (
        f"{quote(table.name, name)} AS NOT MATERIALIZED ("
        f"SELECT {columns} FROM {placed(connection, table)} AS t WHERE {kept} "
        f"UNION ALL SELECT {read} FROM {source}({_given(rows, name)}) AS r)"
    )
    lines = [_line(table, found, pk, row, erased, name) for pk, row in sorted(found.rows.items())]
    as_json = json.dumps(lines, ensure_ascii=False)
    return Shadow(text, (json.dumps(sorted(found.changed)), as_json))


def before(statement: str, parameters: Any, shadows: Iterable[Shadow], names: Sequence[str]) -> Any:
    """The statement and its parameters with the shadows of the tables of these `names` before."""
    found = list(shadows)
    own = re.match(r"\s*WITH\s+(RECURSIVE\s+)?", statement, re.IGNORECASE)
    rest = f", {statement[own.end() :]}" if own else f" {statement}"
    text = "WITH RECURSIVE " + ", ".join(one.text for one in found) + rest
    if isinstance(parameters, dict) or "%(" in text:
        given = dict(parameters or {})
        for name, one in zip(names, found, strict=True):
            given |= {f"{name}_keys": one.parameters[0], f"{name}_rows": one.parameters[1]}
        return text, given
    return text, (*(value for one in found for value in one.parameters), *parameters)


def unhex(text: str | None) -> bytes | None:
    """Bytes from the log's text form, for SQLite."""
    return None if text is None else bytes.fromhex(text)


def _asked(parameter: str, name: str) -> str:
    return "?" if name == "sqlite" else f"%({parameter})s"


def _given(parameter: str, name: str) -> str:
    return "?" if name == "sqlite" else f"CAST(%({parameter})s AS json)"


def _read(column: sa.Column[Any], place: int, name: str) -> str:
    """A value of a row of the list, with the type of its column."""
    kind = stored_type(column.type, name)
    if name == "sqlite":
        value = f"json_extract(r.value, '$[{place}]')"
        return f"{UNHEX}({value})" if isinstance(kind, sa.LargeBinary) else value
    value = f"(r.value->>{place})"
    if isinstance(kind, sa.LargeBinary):
        return f"decode({value}, 'hex')"
    return f"CAST({value} AS {kind.compile(dialect=DIALECTS[name])})"


def _line(
    table: sa.Table, found: Then, pk: str, row: State, erased: str, name: str
) -> list[str | int | None]:
    gone = found.erased.get(pk, frozenset())
    return [
        erased
        if column.name in gone and _is_text(column)
        else _value(column, row[column.name], name)
        for column in table.columns
    ]


def _is_text(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.String) and not isinstance(column.type, sa.Enum)


def _value(column: sa.Column[Any], text: str | None, name: str) -> str | int | None:
    """A text of the log as the database stores it."""
    kind = stored_type(column.type, name)
    if text is None or name != "sqlite":
        return text
    if isinstance(kind, sa.Boolean):
        return {"true": 1, "false": 0}.get(text, text)
    if isinstance(kind, sa.Integer):
        return int(text) if re.fullmatch(r"-?[0-9]+", text) else text
    if isinstance(kind, sa.DateTime):
        return text.replace("T", " ", 1).removesuffix("Z")
    return text
