"""What of the log goes into a reader's bundle with its values: no more than his pages show.

Where a reader sees masks, no personal values leave the machine: their commitments stand for them.
"""

from __future__ import annotations

from functools import cache

import sqlalchemy as sa

from ..changelog.bundle import Sight
from ..plugin import current_panel
from .acting import may, the_actor
from .querying import key_of, scoped
from .sight import whole_regions
from .stored import entities


def sight_of() -> Sight:
    """The present reader's sight, asked of the database once for each table without regions."""
    panel, actor = current_panel(), the_actor()
    known = {name: one for name, one in entities().items() if may("read", name)}
    regions = whole_regions()
    masked = any(role in actor.roles for role, _, _ in panel.access.masks)

    @cache
    def keys(table: str) -> frozenset[str]:
        entity = known[table]
        if len(entity.__table__.primary_key.columns) > 1:
            return frozenset()
        chosen = scoped(entity).with_only_columns(key_of(entity)).order_by(None)
        return frozenset(map(str, panel.db.session.scalars(chosen)))

    def sees(table: str, pk: str, scope: str | None) -> bool:
        if scope is not None:
            return scope in regions and (not table or table in known)
        return table in known and pk in keys(table)

    for table in [name for name in known if has_no_region(name)]:
        keys(table)  # now, while the reader's own session is at hand
    withheld = frozenset(table.name for table in panel.log.tables.logged()) if masked else ()
    return Sight(sees, withheld)


def has_no_region(table: str) -> bool:
    """Whether the rows of a table belong to no region by themselves."""
    tables = current_panel().log.tables
    found: sa.Table = tables.metadata.tables[table]
    return bool(found.info.get("logged")) and (tables.scope or "") not in found.c
