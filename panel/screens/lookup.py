"""The lookup of related records for lists too long for a page: scoped, forgiving, best first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Response, abort, jsonify, request, url_for
from flask_admin import expose
from rapidfuzz import fuzz

from ..spelling import folded
from .acting import may
from .converting import Converter, Inline, InlineConverter
from .forgiving import conditions_of, contains, holds, words_of
from .language import tell
from .listing import belonging
from .paths import anywhere
from .querying import key_of, scoped, within
from .showing import Showing
from .values import Values, screen_of

__all__ = ["Inline", "Lookup"]

#: Related records that one lookup answers with, and those that it chooses the best of.
FOUND, WEIGHED = 20, 200
#: Letters of a query; what follows is left out.
LONGEST = 100


class Lookup(Showing):
    """Forms whose related records are those of the actor's scope, and a lookup for long lists.

    `lookups` names, per relation, the columns of the related kind that the lookup searches beside
    those that the kind's own list searches.
    """

    model_form_converter = Converter
    inline_model_form_converter = InlineConverter
    lookups: dict[str, tuple[str, ...]] = {}
    #: Text columns that take several lines.
    long_fields: tuple[str, ...] = ()

    @expose("/ajax/lookup/")
    def ajax_lookup(self) -> Response:
        """Related records in scope that each term of the query finds, best first; at most 20."""
        name = request.args.get("name", "")
        relation = sa.inspect(self.model).relationships.get(name)
        if relation is None or name not in self.lookups:
            abort(404)
        entity = relation.mapper.class_
        if not (may("create", self.model) or may("edit", self.model)) or not may("read", entity):
            abort(403)
        query = request.args.get("query", "")[:LONGEST]
        offset = request.args.get("offset", 0, type=int)
        named = [(key, line_of(record)) for key, record in self.looked_up(entity, name, query)]
        start = min(max(offset, 0), WEIGHED)
        return jsonify(best_first(query, named)[start : start + FOUND])

    def looked_up(self, entity: Any, name: str, query: str) -> list[tuple[Any, Any]]:
        """Keys and records that the query finds, at most `WEIGHED`; those with all of it first."""
        screen, values = screen_of(entity), Values(entity)
        named = (*self.lookups[name], *getattr(screen, "searchable", ()))
        paths = [p for p in dict.fromkeys(named) if values.reaches(p) and not values.masks(p)]

        def held_by(held: Callable[[Any], Any]) -> Any:
            return anywhere(entity, [(path, held) for path in paths], within)

        def found_by(word: str, held: Callable[[Any, str], Any] = holds) -> Any:
            return held_by(lambda column: held(column, word))

        words = words_of(query, getattr(screen, "ignored_words", frozenset()))
        rows = scoped(entity).where(*conditions_of(words, found_by))
        if words:
            whole = held_by(lambda column: contains(column, " ".join(words)))
            rows = rows.order_by(sa.case((whole, 0), else_=1))
        rows = rows.order_by(key_of(entity)).limit(WEIGHED if words else FOUND)
        if screen is not None:
            rows = rows.options(*screen.naming_loaders())
        key = key_of(entity).key
        found = self.session.session.scalars(rows).unique()
        return [(getattr(record, key), record) for record in found]

    def lookup_url(self, name: str) -> str:
        """The address that answers for a relation."""
        return url_for(".ajax_lookup", name=name)


def line_of(record: Any) -> str:
    """What a record is called, and where it belongs: there are two Lurah Sukawana."""
    name = getattr(record, "choice_name", None)
    if name:
        return tell(name)
    return " · ".join([str(record), *belonging(screen_of(type(record)), record)])


def best_first(query: str, named: list[tuple[Any, str]]) -> list[tuple[Any, str]]:
    """Keys and names, those first whose name is most like the query; the same in their order."""
    sought = folded(query)
    if not sought:
        return named

    def unlike(pair: tuple[Any, str]) -> float:
        return -fuzz.WRatio(sought, folded(pair[1]))

    return sorted(named, key=unlike)
