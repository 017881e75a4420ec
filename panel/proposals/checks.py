"""Which rows would break a CHECK of their table with other values in them: asked, not tried."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .texts import key_of


def broken(
    session: Session, entity: Any, keys: Collection[Any], values: Mapping[str, Any]
) -> dict[Any, str]:
    """The name of the first rule that each row would break with `values`; one statement.

    Rules over one column's codes and over several rows are not asked: those a form has asked
    already, these the database has the last word on.
    """
    table, key = entity.__table__, key_of(entity)
    rules = [
        rule
        for rule in table.constraints
        if isinstance(rule, sa.CheckConstraint) and isinstance(rule.sqltext, sa.TextClause)
    ]
    if not rules or not keys or not values:
        return {}
    columns = [
        sa.literal(values[column.name], column.type).label(column.name)
        if column.name in values
        else column
        for column in table.c
    ]
    changed = sa.select(*columns).where(table.c[key.key].in_(keys)).subquery(table.name)
    broke: list[sa.ColumnElement[int]] = [
        sa.literal_column(f"CASE WHEN NOT ({rule.sqltext.text}) THEN 1 ELSE 0 END")
        for rule in rules
    ]
    found: dict[Any, str] = {}
    for row in session.execute(sa.select(changed.c[key.key], *broke).select_from(changed)):
        names = [str(rule.name) for rule, bad in zip(rules, row[1:], strict=True) if bad]
        if names:
            found[row[0]] = names[0]
    return found
