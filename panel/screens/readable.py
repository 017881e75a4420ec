"""Records read although somebody wrote past the application what their columns do not take.

The change log has to open then above all: what cannot be read of a record stands empty there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer
from sqlalchemy.orm.attributes import set_committed_value

from ..columns import Utc
from .values import screen_of


def readable_rows(
    session: Session, asked: Any, entity: Any, given: Mapping[str, Any]
) -> Sequence[Any]:
    """The rows of a select whose first column is `entity`."""
    try:
        return session.execute(asked, given).unique().all()
    except (LookupError, ValueError):
        narrow = asked.options(*(defer(getattr(entity, name)) for name in _picky(entity)))
        found = session.execute(narrow, given).unique().all()
    for one, *_ in found:
        for name in sa.inspect(one).unloaded & set(_picky(entity)):
            set_committed_value(one, name, None)
    return found


@cache
def _picky(entity: Any) -> tuple[str, ...]:
    """The attributes whose columns do not take every text that a database may hold."""
    kinds = sa.Enum, sa.Date, sa.Time, sa.DateTime, Utc
    columns = sa.inspect(entity).column_attrs
    return tuple(one.key for one in columns if isinstance(one.columns[0].type, kinds))


def called(table: str, record: Any) -> Any:
    """What a record is called; None where what its columns hold makes no sense."""
    screen = screen_of(table)
    with suppress(LookupError, ValueError, TypeError, AttributeError):
        return screen.title_of(record) if screen is not None else str(record)
    return None
