"""The lookup of related records for lists too long for a page: scoped, word by word, capped."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Response, abort, jsonify, request, url_for
from flask_admin import expose

from .acting import may
from .converting import Converter, Inline, InlineConverter
from .querying import contains, key_of, scoped
from .showing import Showing

__all__ = ["Inline", "Lookup"]

#: Related records that one lookup answers with.
FOUND = 20


class Lookup(Showing):
    """Forms whose related records are those of the actor's scope, and a lookup for long lists.

    `lookups` names, per relation, the columns of the related kind that the lookup searches.
    """

    model_form_converter = Converter
    inline_model_form_converter = InlineConverter
    lookups: dict[str, tuple[str, ...]] = {}
    #: Text columns that take several lines.
    long_fields: tuple[str, ...] = ()

    @expose("/ajax/lookup/")
    def ajax_lookup(self) -> Response:
        """Related records in scope whose columns hold each word of the query; at most `FOUND`."""
        name = request.args.get("name", "")
        relation = sa.inspect(self.model).relationships.get(name)
        if relation is None or name not in self.lookups:
            abort(404)
        entity = relation.mapper.class_
        if not (may("create", self.model) or may("edit", self.model)) or not may("read", entity):
            abort(403)
        rows = scoped(entity).order_by(key_of(entity))
        for word in request.args.get("query", "")[:100].split():
            columns = [getattr(entity, column) for column in self.lookups[name]]
            rows = rows.where(sa.or_(*(contains(column, word) for column in columns)))
        offset = request.args.get("offset", 0, type=int)
        rows = rows.limit(FOUND).offset(min(max(offset, 0), 10_000))
        key = key_of(entity).key
        found = self.session.session.scalars(rows).unique()
        return jsonify([[getattr(record, key), str(record)] for record in found])

    def lookup_url(self, name: str) -> str:
        """The address that answers for a relation."""
        return url_for(".ajax_lookup", name=name)
