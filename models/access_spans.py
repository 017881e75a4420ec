"""Who had what from when to when, put together from the rows of the change log; pure.

A right is a role of an account, or a place of it. What the log never saw beginning was there
before it; what the present tables hold and the log does not know was there always.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations

from panel.access.rules import TOXIC

#: A role: ("role", number). A place: ("place", region, unit, first day, last day), "" for none.
Right = tuple[str, ...]
PLACE = ("region_id", "unit_id", "valid_from", "valid_to")


@dataclass(frozen=True)
class Row:
    """One change of a membership or a grant, oldest first; `by` is who did it."""

    table: str
    key: str
    op: str
    values: Mapping[str, object]
    at: datetime
    by: str = ""


@dataclass(frozen=True)
class Span:
    """One right of one account; `since` is none where it began before the log."""

    account: int
    right: Right
    since: datetime | None = None
    until: datetime | None = None
    given_by: str = ""
    taken_by: str = ""

    def meets(self, since: datetime, until: datetime) -> bool:
        """Whether it held at any moment from `since` to before `until`."""
        begun = self.since is None or self.since < until
        return begun and (self.until is None or self.until > since)

    def overlaps(self, other: Span) -> bool:
        """Whether both held at one moment."""
        ends = [one.until for one in (self, other) if one.until is not None]
        begins = [one.since for one in (self, other) if one.since is not None]
        return not ends or not begins or min(ends) > max(begins)


def spans(
    rows: Iterable[Row], present: Iterable[tuple[str, str, Mapping[str, object]]]
) -> list[Span]:
    """The rights that `rows` tell of; `present` are (table, key, values) as they stand now."""
    open_: dict[tuple[str, str], tuple[dict[str, str], Span]] = {}
    found: list[Span] = []
    for row in rows:
        place = (row.table, row.key)
        values, span = open_.pop(place, (None, None))
        if span is not None:
            found.append(replace(span, until=row.at, taken_by=row.by))
        elif row.op == "D":
            found.append(_span(row.table, _after(row.values), until=row.at, taken_by=row.by))
        if row.op == "D" or (row.op == "U" and values is None):
            continue
        new = {**(values or {}), **_after(row.values)}
        begun = _span(row.table, new, since=row.at, given_by=row.by)
        if span is not None and (begun.account, begun.right) == (span.account, span.right):
            found.pop()
            begun = span
        open_[place] = new, begun
    for table, key, known in present:
        if (table, key) not in open_:
            found.append(_span(table, _after(known)))
    found += [span for _, span in open_.values()]
    return sorted(found, key=_order)


def toxic(found: Iterable[Span], codes: Mapping[str, str]) -> Iterator[tuple[Span, Span]]:
    """Pairs of roles that exclude each other and that one account held at one moment.

    `codes` are the codes of roles by their numbers as text.
    """
    forbidden = {frozenset(pair) for pair in TOXIC}
    roles = [one for one in found if one.right[0] == "role"]
    for one, other in combinations(roles, 2):
        both = frozenset(codes.get(span.right[1], "") for span in (one, other))
        if one.account == other.account and both in forbidden and one.overlaps(other):
            yield one, other


def values_of(data: str) -> dict[str, object]:
    """A row of the log as it is stored."""
    found: dict[str, object] = json.loads(data)
    return found


def _after(values: Mapping[str, object]) -> dict[str, str]:
    """The newer value of each column as text, "" for none."""
    newest = {n: v[1] if isinstance(v, list) else v for n, v in values.items()}
    return {name: "" if value is None else str(value) for name, value in newest.items()}


def _span(
    table: str,
    values: Mapping[str, str],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    given_by: str = "",
    taken_by: str = "",
) -> Span:
    right: Right = ("place", *(values.get(name, "") for name in PLACE))
    if table == "account_role":
        right = ("role", values["role_id"])
    return Span(int(values["account_id"]), right, since, until, given_by, taken_by)


def _order(span: Span) -> tuple[object, ...]:
    return span.account, span.right[0], span.since is not None, span.since, span.right
