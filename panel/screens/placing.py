"""The place of a record in the list that one came from: "3 of 19", the one before and the next.

The list's address is read again and asked again, with its search, filters and order, in the
reader's scope: whoever made the address up learns nothing that the list would not show.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import sqlalchemy as sa

from .querying import key_of, scoped

#: The longest list in which places are counted, and how far one looks for the next of a sort.
COUNTED, LOOKED_AT = 1_000, 50


@dataclass(frozen=True)
class Place:
    """A record's number in its list, and the addresses of its neighbours."""

    number: int
    count: int
    previous: str | None
    next: str | None


def list_behind(view: Any, address: str | None) -> str | None:
    """The address of the view's own list that a page was opened from, or None."""
    if not address or urlsplit(address).path != view.get_url(".index_view"):
        return None
    return address


def place_in_list(view: Any, record: Any, address: str | None) -> Place | None:
    """Where the record stands in the list at `address`, or None: not there, or in a longer one."""
    if address is None:
        return None
    keys = keys_at(view, address)
    own = sa.inspect(record).identity[0]
    if len(keys) > COUNTED or own not in keys:
        return None
    at = keys.index(own)

    def neighbour(index: int) -> str | None:
        if not 0 <= index < len(keys):
            return None
        url: str = view.get_url(".details_view", id=keys[index], url=address)
        return url

    return Place(at + 1, len(keys), neighbour(at - 1), neighbour(at + 1))


def next_in_list(view: Any, record: Any, address: str, wanted: Callable[[Any], bool]) -> Any:
    """The first record after this one in the list at `address` that is `wanted`, or None."""
    keys = keys_at(view, address)
    own = sa.inspect(record).identity[0]
    after = keys[keys.index(own) + 1 :][:LOOKED_AT] if own in keys else []
    if not after:
        return None
    rows = scoped(view.model).where(key_of(view.model).in_(after)).options(*view.naming_loaders())
    found = {
        sa.inspect(one).identity[0]: one for one in view.session.session.scalars(rows).unique()
    }
    return next((found[key] for key in after if key in found and wanted(found[key])), None)


def keys_at(view: Any, address: str, most: int = COUNTED) -> list[Any]:
    """The keys of the list at `address` in its order; one more than `most` if there are more."""
    given = dict(reversed(parse_qsl(urlsplit(address).query)))
    given = {name: value for name, value in given.items() if "\x00" not in value}
    filters = [
        (index, flt.name, value)
        for index, flt, value in view.filters_in(given)
        if flt is not None and flt.validate(value)
    ]
    sort = given.get("sort", "")
    column = view._get_column_by_idx(int(sort)) if re.fullmatch(r"[0-9]{1,6}", sort) else None
    rows = view.matching(given.get("search", "")[:200], filters)
    rows = view.ordered(rows, column and column[0], given.get("desc", "") not in ("", "0"))
    rows = rows.with_only_columns(key_of(view.model)).limit(most + 1)
    return list(view.session.session.scalars(rows))
