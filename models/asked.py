"""What a count of posts is asked for: by whom, for which day, of which programme and units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from panel.access.rules import Actor

from .clock import today
from .government import Unit
from .programme import Programme
from .training import TrainingSession

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True)
class Question:
    """Who asks, for which day, and of what: a programme, a unit with all below it; None is all."""

    actor: Actor
    day: date
    programme: Programme | None = None
    unit: Unit | None = None

    def known(self, day_of: Any) -> Condition:
        """What had happened by the day; what has no day, by today."""
        unknown = day_of.is_(None) if self.day >= today() else sa.false()
        return sa.or_(day_of <= self.day, unknown)

    def by_programme(self) -> list[Condition]:
        """Sessions of the programme, all without one."""
        chosen = self.programme
        return [] if chosen is None else [TrainingSession.programme_id == chosen.id]


def any_of(*conditions: Condition) -> sa.ColumnElement[int]:
    """1 when a row of the group fulfils all of these, else 0."""
    return sa.func.max(sa.case((sa.and_(*conditions), 1), else_=0))
