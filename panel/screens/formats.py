"""How list, details and export show a value by its type; for `column_type_formatters`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from ..words import Label, Sentence
from .language import long_date, short_date, tell
from .marks import blank

Format = Callable[[Any, Any, str], Any]


def _blank(view: Any, value: None, name: str) -> Markup:
    return blank()


def _empty(view: Any, value: None, name: str) -> str:
    return ""


def _told(view: Any, value: Any, name: str) -> str:
    return tell(value)


def _short(view: Any, value: date, name: str) -> str:
    return short_date(value)


def _long(view: Any, value: date, name: str) -> str:
    return long_date(value)


_WORDS: dict[Any, Format] = {
    bool: _told,
    list: _told,
    Sentence: _told,
    Label: _told,
    Decimal: _told,
    float: _told,
}

LIST_FORMATS: dict[Any, Format] = {type(None): _blank, **_WORDS, date: _short}
DETAIL_FORMATS: dict[Any, Format] = {type(None): _blank, **_WORDS, date: _long}
EXPORT_FORMATS: dict[Any, Format] = {
    type(None): _empty,
    list: _told,
    Sentence: _told,
    Label: _told,
}
