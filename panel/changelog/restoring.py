"""What a deed took from a record: the values that stood before it, for giving them back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from ..words import Refused, say
from .bearers import RESTORES
from .entries import owned
from .layout import LogTables
from .tables import ChangeMixin, DeedMixin
from .undoing import Undoing


def deed_numbered(session: Session, tables: LogTables, number: int) -> DeedMixin | None:
    """The deed with this number in the chain."""
    numbered = sa.select(tables.deeds).where(tables.deed.c.seq == number)
    return session.scalars(numbered).one_or_none()


def changes_in(
    session: Session, tables: LogTables, deed: DeedMixin, table: sa.Table, pk: str
) -> Sequence[ChangeMixin]:
    """What one deed did to one record, in order."""
    source, seq = owned(tables)
    change = tables.change
    rows = (
        sa.select(change)
        .select_from(source)
        .where(change.c.tbl == table.name, change.c.pk == pk, seq == deed.seq)
        .subquery()
    )
    found = aliased(tables.changes, rows)
    return session.scalars(sa.select(found).order_by(rows.c.id)).all()


def before(changes: Iterable[ChangeMixin], table: sa.Table) -> Undoing:
    """The record as it was before these changes; `Refused` where an archive has the values."""
    found = Undoing(frozenset(c.name for c in table.columns if c.info.get("log") == "personal"))
    for change in changes:
        if change.archived is not None:
            raise Refused("guard", say("The values that this deed took lie in an archive."))
        found.take(change.op, change.values, emptied=change.erased is not None)
    return found


def deleting_deed(
    session: Session, tables: LogTables, table: sa.Table, pk: str
) -> DeedMixin | None:
    """The deed in which the record was deleted last; None where the log knows of none."""
    source, seq = owned(tables)
    change = tables.change
    last = (
        sa.select(sa.func.max(seq))
        .select_from(source)
        .where(change.c.tbl == table.name, change.c.pk == pk, change.c.op == "D")
    )
    number = session.scalar(last)
    return deed_numbered(session, tables, number) if number is not None else None


def born_after(
    session: Session, tables: LogTables, deed: DeedMixin, table: sa.Table, pk: str
) -> str | None:
    """The action by which a record got this key after the deed; None where it kept it since."""
    source, seq = owned(tables)
    change, acts = tables.change, tables.deed.alias("acts")
    born = (
        sa.select(acts.c.action)
        .select_from(source.join(acts, acts.c.seq == seq))
        .where(change.c.tbl == table.name, change.c.pk == pk, change.c.op == "I")
        .where(seq > deed.seq)
    )
    return session.scalar(born.order_by(change.c.id.desc()).limit(1))


def undone_by(session: Session, tables: LogTables, deed: DeedMixin, action: str) -> int | None:
    """The number of a deed under the name `action` that gave back what this one took, or None."""
    other = tables.deed
    said = f'"{RESTORES}":{deed.seq}'
    again = sa.or_(*(other.c.details.contains(f"{said}{end}", autoescape=True) for end in ",}"))
    found = sa.select(sa.func.min(other.c.seq))
    found = found.where(other.c.action == action, other.c.seq > deed.seq, again)
    number: int | None = session.scalar(found)
    return number
