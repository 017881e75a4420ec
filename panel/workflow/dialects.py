"""How SQLite and PostgreSQL say the same in the workflow's triggers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from ..changelog.forms import quote
from ..changelog.triggers import Trigger, on_postgresql, on_sqlite, refusal
from .tables import Guarded

Event = Literal["INSERT", "UPDATE", "DELETE"]


@dataclass(frozen=True)
class Check:
    """A row is refused with this code when the condition holds."""

    code: str
    condition: str
    #: Columns of a unique key: then the refusal is that of the key, which screens know to explain.
    key: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dialect:
    """How the two databases say the same."""

    dialect: str

    @property
    def sqlite(self) -> bool:
        return self.dialect == "sqlite"

    def name(self, name: str) -> str:
        """A table or column as it must be written."""
        return quote(name, self.dialect)

    def differs(self, column: str, json: bool = False) -> str:
        """Whether an update changes the column."""
        name = self.name(column)
        if self.sqlite:
            return f"OLD.{name} IS NOT NEW.{name}"
        cast = "::text" if json else ""  # the type json knows no equality
        return f"OLD.{name}{cast} IS DISTINCT FROM NEW.{name}{cast}"

    def changed(self, table: Guarded) -> str:
        """Rows of (column, whether it changed)."""
        rows = (
            f"('{name}', {self.differs(name, isinstance(table.table.c[name].type, sa.JSON))})"
            for name in table.content
        )
        return f"(VALUES {', '.join(rows)})"

    def filled(self, table: Guarded) -> str:
        """Rows of (column, whether the new row fills it)."""
        rows = (f"('{name}', NEW.{self.name(name)} IS NOT NULL)" for name in table.content)
        return f"(VALUES {', '.join(rows)})"

    def decided(self, table: Guarded, row: str) -> str:
        """Whether there is a decision on the record in this row."""
        return (
            f"({row}.decision_id IS NOT NULL OR EXISTS (SELECT 1 FROM decision d"
            f" WHERE d.record_table = '{table.name}'"
            f" AND d.record_id = {row}.{self.name(table.key)}))"
        )

    def replaced(self, table: Guarded, protected: str, *, other_than: bool = False) -> list[Check]:
        """On SQLite, OR REPLACE deletes without a delete trigger: refused where `o` is kept."""
        if not self.sqlite:
            return []
        key = self.name(table.key)
        other = f" AND o.{key} <> OLD.{key}" if other_than else ""
        return [
            Check(
                "locked",
                f"EXISTS (SELECT 1 FROM {self.name(table.name)} o"
                f" WHERE {self._same(columns)}{other} AND {protected})",
                columns,
            )
            for columns in _unique_keys(table.table)
        ]

    def kept(self, table: sa.Table) -> list[Check]:
        """On SQLite, OR REPLACE is refused on every key of what is never deleted."""
        if not self.sqlite:
            return []
        return [
            Check("append-only", f"EXISTS (SELECT 1 FROM {table.name} o WHERE {self._same(key)})")
            for key in _unique_keys(table)
        ]

    def _same(self, columns: tuple[str, ...]) -> str:
        return " AND ".join(f"o.{self.name(name)} = NEW.{self.name(name)}" for name in columns)

    def trigger(self, table: str, event: Event, checks: Iterable[Check], lock: str = "") -> Trigger:
        """A trigger that refuses a row by the first check that holds; `lock` is for PostgreSQL."""
        name = f"gate_{table}_{event.lower()}"
        if self.sqlite:
            refused = (f"{_raise(table, check)} WHERE {check.condition}" for check in checks)
            return on_sqlite(name, table, f"BEFORE {event}", ";\n ".join(refused))
        refused = (
            f" IF {check.condition} THEN {refusal(check.code, self.dialect)} END IF;"
            for check in checks
        )
        result = "OLD" if event == "DELETE" else "NEW"
        body = "\n".join((*([f" {lock}"] if lock else []), *refused, f" RETURN {result};"))
        return on_postgresql(name, table, f"BEFORE {event}", body)


def _raise(table: str, check: Check) -> str:
    """A refusal of SQLite; that of a key in the words that SQLite has for it."""
    if not check.key:
        return refusal(check.code, "sqlite")
    columns = ", ".join(f"{table}.{name}" for name in check.key)
    return f"SELECT RAISE(ABORT, 'UNIQUE constraint failed: {columns}')"


def _unique_keys(table: sa.Table) -> list[tuple[str, ...]]:
    """The columns of every unique key; indexes on expressions or on some rows are none."""
    keys = [tuple(table.primary_key.columns)]
    for rule in table.constraints:
        if isinstance(rule, sa.UniqueConstraint):
            keys.append(tuple(rule.columns))
    for index in table.indexes:
        whole = index.dialect_options["sqlite"]["where"] is None
        if index.unique and whole and all(isinstance(e, sa.Column) for e in index.expressions):
            keys.append(tuple(index.columns))
    return sorted(tuple(column.name for column in key) for key in keys)
