"""Which tables make a log, which it watches over, and which are only added to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from .tables import AdoptionMixin, ChangeMixin, DeedMixin, LogContextMixin


@dataclass(frozen=True)
class LogTables:
    """The log's four models as the host declared them, and the metadata that they watch over."""

    deeds: type[DeedMixin]
    changes: type[ChangeMixin]
    contexts: type[LogContextMixin]
    adoptions: type[AdoptionMixin]
    metadata: sa.MetaData
    #: Column by which readers are let in; the log copies its value where a table has it.
    scope: str | None = None

    @property
    def deed(self) -> sa.Table:
        """Table of deeds."""
        return _table(self.deeds)

    @property
    def change(self) -> sa.Table:
        """Table of changes."""
        return _table(self.changes)

    @property
    def context(self) -> sa.Table:
        """Table of one row, for SQLite."""
        return _table(self.contexts)

    @property
    def adoption(self) -> sa.Table:
        """Table of adopted changes."""
        return _table(self.adoptions)

    def logged(self) -> list[sa.Table]:
        """Tables whose changes are captured, by name."""
        tables = self.metadata.tables.values()
        return sorted((t for t in tables if t.info.get("logged")), key=lambda t: t.name)

    def append_only(self) -> list[sa.Table]:
        """Tables that are only ever added to: the log's own, and those marked so."""
        own = {self.deed, self.change, self.adoption}
        tables = self.metadata.tables.values()
        return sorted(own | {t for t in tables if t.info.get("append_only")}, key=lambda t: t.name)


def _table(model: type[Any]) -> sa.Table:
    found: sa.Table = model.__table__
    return found
