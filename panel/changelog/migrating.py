"""A migration told to the log in its own transaction: neither is stored without the other.

The deed names the schema that was and the one that is now; under it stand the rows and columns that
the migration filled, which no trigger could see.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlalchemy import Connection

from .deeds import OpenDeed
from .filling import tell_filled
from .records import ChangeLog
from .rules import Actor

#: Action of the deed that a migration leaves.
MIGRATED = "schema.upgrade"


def tell_migration(
    connection: Connection,
    log: ChangeLog,
    *,
    actor: Actor,
    was: str | None,
    becomes: str,
    filled: Mapping[str, Collection[str]],
) -> None:
    """Write what a migration did; the last thing in its transaction, when the triggers stand.

    `was` and `becomes` are revisions, none before the first one; `filled` names columns by table.
    """
    act = OpenDeed(MIGRATED, actor, always=True, details={"from": was, "to": becomes})
    log.join(connection, act)
    tell_filled(connection, log.tables, filled)


def told_schema(connection: Connection, log: ChangeLog) -> str | None:
    """The revision that the log was told last; none where there is no log yet, or nobody told."""
    deed = log.tables.deed
    if not connection.dialect.has_table(connection, deed.name):
        return None
    query = sa.select(deed.c.details).where(deed.c.action == MIGRATED).order_by(deed.c.seq.desc())
    text = connection.scalar(query.limit(1))
    try:
        return str(json.loads(text or "")["to"])
    except (KeyError, TypeError, ValueError):  # none, or altered since: its seal is broken, too
        return None
