"""Statements of the seal, built and compiled once: what every commit asks costs no thinking."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, CursorResult


class Prepared:
    """A statement whose text is kept for each kind of database; values go to the driver as given.

    Its columns must be of types that need no conversion: text and whole numbers.
    """

    def __init__(self, statement: sa.ClauseElement) -> None:
        self.statement = statement
        self._texts: dict[str, tuple[str, list[str] | None, dict[str, Any]]] = {}

    def run(self, connection: Connection, **values: Any) -> CursorResult[Any]:
        """The result of the statement with these values by name."""
        text, order, given = self._texts.get(connection.dialect.name) or self._compile(connection)
        named = {**given, **values}
        return connection.exec_driver_sql(
            text, named if order is None else tuple(named[name] for name in order)
        )

    def _compile(self, connection: Connection) -> tuple[str, list[str] | None, dict[str, Any]]:
        compiled: Any = self.statement.compile(dialect=connection.dialect)
        order = list(compiled.positiontup) if compiled.positional else None
        kept = (str(compiled), order, dict(compiled.params))
        self._texts[connection.dialect.name] = kept
        return kept
