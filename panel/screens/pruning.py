"""The list of one record kind: declared columns, cut per role for show, order, search, filter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import flash, has_request_context, redirect, request, url_for
from flask_admin import expose
from flask_admin.model.base import ViewArgs
from sqlalchemy.orm import joinedload

from ..words import Sentence, say
from .arranging import COLUMNS, PLACE, TICKED, picked, typed
from .filters import PathFilter, filters_for
from .language import tell
from .paths import column_at, is_relation, walk
from .querying import Querying, key_of, scoped
from .values import Values, worded

#: As many choices as a filter on a relation offers.
FILTER_CHOICES = 200

Names = tuple[str, ...]


class PerRole:
    """A cached list of Flask-Admin's that is cut down for the actor each time it is read."""

    def __init__(self, name: str, cut: str) -> None:
        self.name, self.cut = name, cut

    def __get__(self, view: Any, owner: Any = None) -> Any:
        if view is None:
            return self
        value = view.__dict__.get(self.name)
        return getattr(view, self.cut)(value) if value and has_request_context() else value

    def __set__(self, view: Any, value: Any) -> None:
        view.__dict__[self.name] = value


class Pruned(Querying):
    """What a list shows, and to whom.

    `columns` are names or dotted paths. A secret column, or one of a kind that the actor may not
    read, is left out; a masked one is shown as a mask, and neither sorted, searched nor filtered.
    """

    columns: Names = ()
    #: Columns that the list has on request, beside those that it always shows.
    more_columns: Names = ()
    details: Names = ()
    exported: Names = ()
    filtered: tuple[Any, ...] = ()
    #: Columns of the list under which a file holds another one.
    exported_as: dict[str, str] = {}
    #: Message ids of columns whose name does not say it.
    labels: dict[str, Any] = {}
    #: Codes of a column with their message ids or labels: ``{"kind": {"city": "City"}}``.
    choices: dict[str, dict[str, Any]] = {}
    #: Functions of the record that give what to show instead of a column's value.
    formats: dict[str, Callable[[Any], Any]] = {}
    #: Columns whose text people write otherwise than it is kept, and how.
    written: dict[str, Callable[[str], str]] = {}
    #: Relations that the names of related records need: ``{"unit": (Unit.parent,)}``.
    choice_joins: dict[str, tuple[Any, ...]] = {}

    named_filter_urls = True
    can_set_page_size = True
    page_size = 25
    page_size_options = (25, 50, 100)
    empty_sentence: Sentence = say("What is recorded will be listed here.")

    _list_columns = PerRole("list_columns", "arranged")
    _details_columns = PerRole("details_columns", "pruned")
    _export_columns = PerRole("export_columns", "arranged_export")
    _sortable_columns = PerRole("sortable_columns", "pruned_order")
    _filters = PerRole("filters", "pruned_filters")

    # What is declared

    def __init__(self, model: Any, *args: Any, **kwargs: Any) -> None:
        self.values = Values(model, self.labels, self.choices, self.formats, self.written)
        super().__init__(model, *args, **kwargs)

    def label(self, name: str) -> Any:
        """A column's label."""
        return self.values.label(name)

    def get_column_name(self, field: str) -> Any:
        return self.label(field)

    def get_list_columns(self) -> Any:
        return [(name, self.label(name)) for name in (*self.columns, *self.more_columns)]

    def get_details_columns(self) -> Any:
        return [(name, self.label(name)) for name in self.details or self.columns]

    def get_export_columns(self) -> Any:
        return [(name, self.label(name)) for name in self.exported or self.columns]

    def get_sortable_columns(self) -> dict[str, Any]:
        names = (*self.columns, *self.more_columns)
        return {n: n for n in names if column_at(self.model, self.sort_path(n)) is not None}

    def sort_path(self, name: str) -> str:
        """The path that a column is sorted by."""
        return self.sort_by.get(name, name)

    def init_search(self) -> bool:
        return bool(self.searchable)

    def search_placeholder(self) -> str:
        names = (self.search_label(path) for path in self.searchable if self.reaches(path))
        return ", ".join(dict.fromkeys(tell(name) for name in names))

    def search_label(self, path: str) -> Any:
        """What a searched path is called; a record that hangs on by what it is to this one."""
        return self.label(path if path in self.labels else path.partition(".")[0])

    # What the actor has of it

    def reaches(self, path: str) -> bool:
        return self.values.reaches(path)

    def masks(self, path: str) -> bool:
        return self.values.masks(path)

    def open(self, path: str) -> bool:
        """Whether the actor may ask about the value at `path`, and learn it by asking."""
        return self.reaches(path) and not self.masks(path)

    def pruned(self, columns: Any) -> Any:
        """The columns that the actor may see, under labels in his language."""
        return [(name, tell(label)) for name, label in columns if self.reaches(name)]

    def arranged(self, columns: Any) -> Any:
        """Of the list's columns that the actor may see those that the address of it names."""
        known = dict(self.pruned(columns))
        return [(n, known[n]) for n in picked(self.asked_columns(), list(known), self.columns)]

    def arranged_export(self, columns: Any) -> Any:
        """The columns of a file: those that the address names, else those that are declared."""
        if self.asked_columns() is None:
            return self.pruned(columns)
        return [(self.exported_as.get(n, n), label) for n, label in self._list_columns]

    def asked_columns(self) -> str | None:
        """What the address of this list, or of its file, says of columns."""
        own = (f"{self.endpoint}.index_view", f"{self.endpoint}.export")
        return request.args.get(COLUMNS) if request.endpoint in own else None

    def offered_columns(self) -> list[tuple[str, str, bool]]:
        """The columns to choose from, shown ones first: name, label, whether it is shown."""
        shown = dict(self._list_columns)
        known = self.pruned(self.__dict__["list_columns"])
        rest = [(name, label, False) for name, label in known if name not in shown]
        return [*((name, label, True) for name, label in shown.items()), *rest]

    def pruned_order(self, columns: dict[str, Any]) -> dict[str, Any]:
        """The columns that the actor may sort by."""
        return {
            n: c for n, c in columns.items() if self.reaches(n) and self.open(self.sort_path(n))
        }

    def pruned_filters(self, filters: list[Any]) -> list[Any]:
        """The filters that the actor may use."""
        return [flt for flt in filters if self.open(flt.path)]

    # Filters

    def get_filters(self) -> list[Any] | None:
        made: list[Any] = []
        for name in self.filtered:
            if isinstance(name, PathFilter):
                made.append(name)
            else:
                made.extend(filters_for(self.model, *self.filter_source(name)))
        return made or None

    def _refresh_filters_cache(self) -> None:
        self._filters = self.get_filters()

    def filter_source(self, name: str) -> tuple[str, Any, Any]:
        """Path of the column, label, and choices of the filter declared as `name`."""
        *_, last = walk(self.model, name)
        if is_relation(last):
            entity = last.property.mapper.class_
            columns = [own for own, _ in last.property.local_remote_pairs]
            local = [own for own in columns if own.name != "region_id"] or columns
            holder, prefix = last.property.parent, name.rpartition(".")[0]
            key = ".".join(filter(None, (prefix, holder.get_property_by_column(local[0]).key)))
            return key, self.label(name), lambda: self.records_to_choose(entity, name)
        codes = self.values.codes(name)
        if codes is None:
            return name, self.label(name), None
        return name, self.label(name), lambda: [(c, worded(text)) for c, text in codes.items()]

    def records_to_choose(self, entity: Any, name: str) -> list[tuple[str, str]]:
        """The records in scope that a filter offers."""
        rows = scoped(entity).order_by(key_of(entity)).limit(FILTER_CHOICES)
        rows = rows.options(*(joinedload(join) for join in self.choice_joins.get(name, ())))
        found = self.session.session.scalars(rows).unique()
        key = key_of(entity).key
        pairs = [(str(getattr(record, key)), tell(record)) for record in found]
        return sorted(pairs, key=lambda pair: pair[1].lower())

    def get_filter_arg(self, index: int, flt: Any) -> str:
        return f"{flt.path.replace('.', '-')}-{flt.code}"

    def _get_filter_groups(self) -> None:
        return None  # the theme asks the filters themselves

    def _get_list_filter_args(self) -> list[Any]:
        """The filters of the address; what is unknown or makes no sense is said and left out."""
        chosen = []
        for index, flt, value in self.filters_in(request.args):
            if flt is None:
                flash(tell(say("A filter of this address is not known and was left out.")), "error")
            elif flt.validate(value):
                chosen.append((index, tell(flt.name), value))
            else:
                flash(tell(say("One cannot filter by this: %(value)s", value=value[:40])), "error")
        return chosen

    def filters_in(self, args: Mapping[str, str]) -> Iterator[tuple[int, Any, str]]:
        """Place, filter and value of each filter in the arguments of a list's address.

        The filter is None where the actor has none of this name; its value is not checked.
        """
        known = {self.get_filter_arg(i, f): (i, f) for i, f in enumerate(self._filters or ())}
        for argument, value in sorted(args.items()):
            found = re.fullmatch(r"flt\d*_(.+)", argument)
            if found:
                yield *known.get(found[1], (-1, None)), value

    # The page

    def _get_list_extra_args(self) -> ViewArgs:
        args = super()._get_list_extra_args()
        args.page = min(max(args.page or 0, 0), 999_999)
        args.search = (args.search or "")[:200] or None
        return args

    def page_instead(self, page: int) -> Any:
        args = {**request.args, "page": page or None}
        return redirect(url_for(".index_view", **args))

    def get_empty_list_message(self) -> Any:
        return tell(self.empty_sentence)

    def other_columns(self, asked: str) -> Any:
        """The redirect to this list with these columns; the one that it is sorted by stays so."""
        before = [name for name, _ in self._list_columns]
        usual = [name for name, _ in self.pruned(self.__dict__["list_columns"])]
        after = picked(asked, usual, self.columns)
        args = {n: v for n, v in request.args.items() if n != TICKED and not n.startswith(PLACE)}
        place = request.args.get("sort", type=int)
        if place is not None:
            name = before[place] if 0 <= place < len(before) else None
            args["sort"] = str(after.index(name)) if name in after else None
        args[COLUMNS] = None if after == picked(None, usual, self.columns) else ",".join(after)
        return redirect(url_for(".index_view", **args), 303)

    @expose("/")
    def index_view(self) -> Any:
        """The list; its columns, filters and actions are those that the actor has."""
        asked = typed(request.args.items(multi=True))
        if asked is not None:
            return self.other_columns(asked)
        return super().index_view.__wrapped__(self)
