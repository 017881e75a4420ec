"""One search for everything that the reader may read: some hits of each kind, a question each."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import current_app, request, url_for
from flask_admin import expose

from ..changelog.past import past
from ..phrases import Term
from ..plugin import Panel, current_panel
from ..words import say
from .acting import actor, reads_lent
from .addresses import address as page_address
from .base import RecordView
from .forgiving import ESCAPE, as_text, escaped, is_text, met_by, named, read
from .guarding import SIGNED_IN, Guarded, verb
from .listing import belonging, title_of
from .querying import scoped
from .suggesting import Suggestion, alike, values_of

#: Statements that are kept; a search has one for each of some thirty kinds.
KEPT = 400
#: The name of the whole search in a statement.
WHOLE = "whole"
#: Hits shown of each kind, letters of a search, rows of each kind that suggestions are made of.
HITS, LONGEST, WEIGHED = 5, 200, 500


@dataclass(frozen=True)
class Hit:
    """A record that was found: its name, where it is read, and whom and what it is about."""

    title: str
    url: str
    about: list[str]


@dataclass(frozen=True)
class Group:
    """The hits of one kind, how many there are in all, and the list that has them."""

    id: str
    title: Any
    icon: str
    count: int
    url: str
    hits: list[Hit]


class FindingView(Guarded):
    """The page of the search at the top."""

    title = say("Search")
    #: What the search at the top says it looks in, and the name of its box.
    prompt = say("Search everything")
    search_parameter = "q"

    def __init__(self, _panel: Panel, *, category: Any = None) -> None:
        super().__init__(self.title, category=category, endpoint="search", url="/search")

    def is_visible(self) -> bool:
        """It stands at the top of every page and not in the menu."""
        return False

    @expose("/")
    @verb(SIGNED_IN)
    def index_view(self) -> Any:
        """What was found, by kind in the order of the menu, or what may have been meant."""
        search = request.args.get("q", "").strip()[:LONGEST]
        groups = [group for view in kinds() if (group := found_in(view, search))] if search else []
        meant = suggested(search) if search and not groups else []
        return self.render("panel/found.html", search=search, groups=groups, suggestions=meant)


def kinds() -> Iterator[RecordView]:
    """The screens with a search whose records the reader may read, each kind once."""
    seen = set()
    for admin in current_app.extensions.get("admin", []):
        for view in admin._views:
            searched = isinstance(view, RecordView) and view.searchable
            if searched and view.model not in seen and view.is_accessible():
                seen.add(view.model)
                yield view


def found_in(view: RecordView, search: str) -> Group | None:
    """The hits of one kind, those with the whole search in a column of theirs first."""
    words, texts = named(read(search, view.ignored_words))
    rows = asked(view, words, tuple(texts))
    found = view.session.session.execute(rows, {**texts, WHOLE: escaped(search)}).unique().all()
    if not found:
        return None
    url = url_for(f"{view.endpoint}.index_view", search=search)
    hits = [
        Hit(title_of(view, one), address(view, one, url), belonging(view, one))
        for one, _count in found
    ]
    return Group(view.endpoint, view.name, view.icon, found[0][1], url, hits)


def asked(view: RecordView, words: list[Term], names: tuple[str, ...]) -> Any:
    """The statement for a search of these words, whose texts have these names.

    To build it takes longer than to ask it. It goes by the reader, the day, and which texts there
    are, and is kept under these; what the texts are is given when it is asked.
    """
    kept: OrderedDict[Any, Any] = current_app.extensions.setdefault("panel_searches", OrderedDict())
    key = (view.endpoint, actor(), reads_lent(), current_panel().access.today(), names)
    rows = kept.pop(key, None) if past() is None else None
    if rows is None:
        rows = built(view, words)
    if past() is None:
        kept[key] = rows
    while len(kept) > KEPT:
        kept.popitem(last=False)
    return rows


def built(view: RecordView, words: list[Term]) -> Any:
    """The first hits of one kind with the number of all, as SQL."""
    rows = scoped(view.model).where(*met_by(words, view.found_by))
    columns = [getattr(view.model, path) for path in view.searchable if is_open_text(view, path)]
    if columns:
        text = sa.bindparam(WHOLE, type_=sa.Text())
        whole = sa.or_(*(as_text(column).icontains(text, escape=ESCAPE) for column in columns))
        rows = rows.order_by(sa.case((whole, 0), else_=1))
    rows = view.ordered(rows, None, False).add_columns(sa.func.count().over())
    return rows.options(*view.naming_loaders()).limit(HITS)


def address(view: RecordView, record: Any, back: str) -> str:
    """Where a record is read, with the way back to the list of what was found."""
    key = view.get_pk_value(record)
    return page_address(f"{view.endpoint}.details_view", id=key, url=back)


def is_open_text(view: RecordView, path: str) -> bool:
    """Whether `path` is a text column of the kind itself that the reader sees unmasked."""
    return "." not in path and view.open(path) and is_text(getattr(view.model, path).type)


def suggested(search: str) -> list[Suggestion]:
    """What may have been meant, out of every kind that the reader may read."""
    texts: Iterable[str] = (text for view in kinds() for text in values_of(view, (), WEIGHED))
    return [Suggestion(text, url_for(".index_view", q=text)) for text in alike(search, texts)]
