"""What the list page tells about itself: filters to choose, filters in force, place in the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask import request
from flask_admin.contrib.sqla.filters import FilterEqual
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from .days_past import in_address
from .filters import PathFilter
from .language import local, short_date, tell
from .marks import blank

#: Parameters of a list that its small forms carry along, beside the filters.
KEPT = ("search", "sort", "desc", "page_size")

#: The parameter that has the choices of the filters counted, for browsers without script.
COUNTED = "counts"

#: As many choices as stand one below the other, each to be pressed.
FEW = 10

INPUTS = {"date": "date", "datepicker": "date"}


@dataclass(frozen=True)
class FilterLine:
    """One way to filter: the address parameter, its words, and what may be typed or picked."""

    name: str
    operation: str
    options: list[tuple[str, str]]
    input: str
    #: The answer in force, which another one would replace.
    value: str = ""
    #: Whether each choice is one press, instead of picking one and sending it.
    pressed: bool = False
    #: The question without its place in an address; by it the choices are counted.
    question: str = ""
    #: The number of records by choice, where it was asked for.
    counts: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Chip:
    """A filter in force, in words, and the address of the list without it."""

    text: str
    without: str


@pass_context
def filter_groups(context: Context) -> dict[str, list[FilterLine]]:
    """The filters of the view by what they filter.

    Each stands under the next free parameter, or under its own where its answer is replaced.
    """
    view, place = context["admin_view"], len(context["filter_args"])
    groups: dict[str, list[FilterLine]] = {}
    chosen = zip(context["active_filters"] or (), context["filter_args"], strict=True)
    in_force = {index: (name, value) for (index, _, value), name in chosen}
    counts = counts_asked(context)
    for rule in context["filters"] or ():
        index = view._filters.index(rule)
        options = [(str(key), tell(text)) for key, text in rule.get_options(view) or ()]
        question = view.get_filter_arg(index, rule)
        name, value = f"flt{place}_{question}", ""
        if getattr(rule, "replaces", False) and index in in_force:
            name, value = in_force[index]
        line = FilterLine(
            name,
            tell(rule.operation()),
            options,
            INPUTS.get(rule.data_type or "", "text"),
            value,
            isinstance(rule, PathFilter) and 0 < len(options) <= FEW,
            question,
            counts.get(question),
        )
        groups.setdefault(tell(rule.name), []).append(line)
    return groups


def counts_asked(context: Context) -> Mapping[str, Mapping[str, int]]:
    """The number of records by choice and question, where the address asks for it."""
    view = context["admin_view"]
    if COUNTED not in request.args or not hasattr(view, "counts"):
        return {}
    counts: Mapping[str, Mapping[str, int]] = view.counts(
        context["search"], context["active_filters"] or ()
    )
    return counts


@pass_context
def kept_args(context: Context, *without: str) -> dict[str, Any]:
    """Parameters of the present list for the hidden fields of its small forms."""
    kept = {name: value for name, value in request.args.items() if name in KEPT}
    kept |= {**context["extra_args"], **context["filter_args"]}
    return {name: value for name, value in kept.items() if name not in without and value}


@pass_context
def chips(context: Context) -> list[Chip]:
    """The filters in force, each with the address of the list without it."""
    view, get_url = context["admin_view"], context["get_url"]
    args: Mapping[str, Any] = kept_args(context)
    found = []
    pairs = zip(context["active_filters"] or (), context["filter_args"], strict=True)
    for (index, _, value), name in pairs:
        rest = {key: text for key, text in args.items() if key != name}
        found.append(
            Chip(filter_words(view, view._filters[index], value), get_url(".index_view", **rest))
        )
    return found


def choices_of(view: Any, rule: Any) -> dict[str, str]:
    """The words of a filter's choices, as the reader has them."""
    return {str(key): tell(text) for key, text in rule.get_options(view) or ()}


def filter_words(view: Any, rule: Any, value: str, known: Mapping[str, str] | None = None) -> str:
    """A filter in force, in words; `known` are its choices where they are at hand."""
    options = choices_of(view, rule) if known is None else known
    shown = options.get(value, value)
    cleaned = rule.clean(value)
    if isinstance(cleaned, date):
        shown = short_date(cleaned)
    name = tell(rule.name)
    if isinstance(rule, FilterEqual) or getattr(rule, "code", "") == "is":
        return f"{name}: {shown}"
    return f"{name} {tell(rule.operation())}: {shown}"


def title_of(view: Any, record: Any) -> str:
    """What a record is called on the screen: the view's word for it, else the record's own."""
    name = getattr(view, "title_of", None)
    return tell(name(record) if name else str(record))


def kind_name(view: Any) -> str:
    """What one record of a view is called; its list, where it does not say."""
    return tell(getattr(view, "one_title", view.name))


def about_of(view: Any, record: Any) -> list[str]:
    """Whom and what a record is about, for the line under its name."""
    about = getattr(view, "about", None)
    return [tell(part) for part in about(record) if part] if about else []


def belonging(view: Any, record: Any) -> list[str]:
    """Where a record belongs, for a line among many: the view's `belongs`, else its `about`."""
    belongs = getattr(view, "belongs", None)
    parts = [tell(part) for part in belongs(record)] if belongs else about_of(view, record)
    return [Markup(part).striptags() if isinstance(part, Markup) else part for part in parts]


@pass_context
def facts_of(
    context: Context, record: Any, columns: Iterable[tuple[str, Any]], shown: Any
) -> list[tuple[Any, Any]]:
    """Label and value of each column; nothing reads as blank."""
    facts = [(label, shown(context, record, name)) for name, label in columns]
    return [(label, blank() if value in (None, "") else value) for label, value in facts]


def record_url(view: Any, record: Any, back: str | None = None) -> str | None:
    """Where the name of a record leads in a list: to its details, else to its form."""
    page = (view.can_view_details and ".details_view") or (view.can_edit and ".edit_view")
    if not page:
        return None
    url: str = view.get_url(page, id=view.get_pk_value(record), url=back, **in_address())
    return url


def by_day(deeds: Iterable[Any]) -> list[tuple[date, list[Any]]]:
    """Deeds, newest first, by the reader's day."""
    days = groupby(deeds, lambda deed: local(deed.at).date())
    return [(day, list(group)) for day, group in days]
