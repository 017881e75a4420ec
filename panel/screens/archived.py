"""Changes whose values stand in an archive: the pages name the file, and make nothing up."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask import g

from ..plugin import current_panel
from ..words import say
from .stored import kind_of


def archived_rows(changes: Iterable[Any]) -> list[tuple[Any, Any, Any]]:
    """A line for each file that holds values of these changes, in the form of a difference."""
    places = {(one.tbl, file_of(one)): one for one in changes if one.archived is not None}
    return [
        (
            say("%(kind)s: the values", kind=kind_of(table)),
            None,
            say("in archive %(file)s", file=file),
        )
        for table, file in places
    ]


def file_of(change: Any) -> str:
    """Name of the archive that holds the values of a change; asked once in a request."""
    known: dict[int, str] = g.setdefault("archive_files", {})
    if change.archived_by not in known:
        panel = current_panel()
        deed = panel.log.tables.deed
        query = sa.select(deed.c.details).where(deed.c.id == change.archived_by)
        text = panel.db.session.scalar(query)
        known[change.archived_by] = str(json.loads(text or "{}").get("file", "?"))
    return known[change.archived_by]
