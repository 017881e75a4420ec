"""What somebody may have meant whose search found nothing: like values that he may see.

Only values of the searched kind in the reader's scope are weighed, and none that are masked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from rapidfuzz import fuzz, process

from ..spelling import folded
from .forgiving import is_text
from .listing import kept_args
from .paths import is_relation, walk
from .querying import Querying, key_of

#: Suggestions that are made, rows that are read for them, and letters of what is suggested.
MOST, READ, LONGEST = 5, 3_000, 80
#: How alike a suggestion must be, of 100.
ALIKE = 75


@dataclass(frozen=True)
class Suggestion:
    """Another search, and the address that makes it."""

    text: str
    url: str


@pass_context
def suggestions_of(context: Context) -> list[Suggestion]:
    """Other searches for the present list, with its filters."""
    view, get_url = context["admin_view"], context["get_url"]
    if not isinstance(view, Querying):
        return []
    args = kept_args(context, "search")
    values = values_of(view, context["active_filters"])
    texts = alike(context["search"] or "", values)
    return [Suggestion(text, get_url(".index_view", **{**args, "search": text})) for text in texts]


def alike(search: str, values: Iterable[str]) -> list[str]:
    """Those of `values` that are most like the search, best first."""
    sought = folded(search)
    if not sought:
        return []
    known = {value: folded(value) for value in dict.fromkeys(values)}
    found = process.extract(sought, known, scorer=fuzz.WRatio, score_cutoff=ALIKE, limit=MOST)
    return [value for _folded, _score, value in found]


def values_of(view: Any, filters: Sequence[Any] | None = (), most: int = READ) -> list[str]:
    """Short values of the columns that the reader may search, of the first records in scope."""
    rows = view.matching("", filters)
    columns = []
    for path in view.searchable:
        steps = list(walk(view.model, path))
        single = not any(is_relation(step) and step.property.uselist for step in steps)
        if single and view.open(path) and is_text(steps[-1].type):
            rows, column = view.joined(rows, path)
            columns.append(column)
    if not columns:
        return []
    rows = rows.with_only_columns(*columns).order_by(key_of(view.model)).limit(most)
    found = view.session.session.execute(rows)
    return [text for row in found for text in row if text and len(text) <= LONGEST]
