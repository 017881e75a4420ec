"""What is asked of a list, out of its address: search, filters, order, page size and columns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode

from ..typed import Wrong, tidy
from ..words import Refused, say
from .arranging import COLUMNS

#: Parameters of a list's address, beside its filters.
KEPT = frozenset({"search", "sort", "desc", "page_size", COLUMNS})
FILTER = re.compile(r"flt[0-9]{0,3}_(.+)")
#: Longest query, in signs of the address, and most parts of it.
LONGEST, MOST = 2_000, 60


def canonical(items: Iterable[tuple[str, str]]) -> str:
    """The query that asks the same, always in the same words: place in the list and day left out.

    Filters are numbered anew.
    """
    kept = sorted((name, text) for name, text in items if name in KEPT and text)
    found = sorted((m[1], text) for name, text in items if (m := FILTER.fullmatch(name)) and text)
    filters = [(f"flt{place}_{name}", text) for place, (name, text) in enumerate(found)]
    return urlencode([*kept, *filters])


def sent(query: str) -> str:
    """A query as a form sent it, in canonical form; `Refused` for one that no list has."""
    wrong = Refused("field", say("This is no address of a list."), "query")
    if len(query) > LONGEST:
        raise wrong
    try:
        pairs = parse_qsl(query.removeprefix("?"), max_num_fields=MOST)
        for _name, text in pairs:
            tidy(text, most=LONGEST)
        found = canonical(pairs)
    except (ValueError, Wrong) as error:
        raise wrong from error
    if len(found) > LONGEST:
        raise wrong
    return found
