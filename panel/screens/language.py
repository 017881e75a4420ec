"""The reader's language, and how sentences, dates and numbers are told in it.

Everything that a reader sees goes through `tell` or one of its kin; below this edge values stay
values. A year is text, not a number: `tell(2025)` says "2.025".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, get_timezone
from babel.numbers import format_decimal
from babel.support import NullTranslations
from flask import Flask, current_app, g, has_app_context, has_request_context, request
from flask_babel import Babel, get_locale, get_translations
from flask_login import current_user
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from ..words import Label, Sentence

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
DEFAULT = "id"
TRANSLATIONS = Path(__file__).parent / "translations"

#: Written days, and whole numbers, that are kept.
KEPT = 4096

#: What people call their zone; others are shown by the abbreviation of the zone database.
ZONES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


def init_app(app: Flask, catalogues: Sequence[Path] = ()) -> None:
    """Speak Indonesian unless asked otherwise; `catalogues` are the host's, over the plugin's.

    `PANEL_TIME_ZONE` is the name of a zone, or a function that gives one for the reader.
    """
    app.config.setdefault("PANEL_TIME_ZONE", "Asia/Jakarta")
    Babel(
        app,
        default_locale=DEFAULT,
        default_translation_directories=";".join(map(str, (TRANSLATIONS, *catalogues))),
        locale_selector=chosen,
    )
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)
    counted = app.jinja_env.globals["ngettext"]

    @pass_context
    def in_figures(context: Context, one: str, many: str, num: int, **more: Any) -> str:
        told: str = counted(context, one, many, num, **{"num": number(num), **more})
        return told

    app.jinja_env.globals["_"] = in_markup
    app.jinja_env.globals["ngettext"] = in_figures  # it would say 1500 rows, not 1.500


def chosen() -> str:
    """The language picked in this browser, else the account's, else Indonesian."""
    if not has_request_context():
        return DEFAULT
    picked = request.cookies.get("language", "")
    if picked in LANGUAGES:
        return picked
    known = getattr(current_app, "login_manager", None) is not None
    own = getattr(current_user, "language", None) if known else None
    return own if own in LANGUAGES else DEFAULT


def spoken() -> tuple[Locale, Any]:
    """Language and catalogue of this request, looked up once: a page asks for hundreds of words."""
    if not has_app_context():
        return Locale(DEFAULT), NullTranslations()
    known: tuple[Locale, Any] | None = g.get("panel_spoken")
    if known is None:
        known = g.panel_spoken = (get_locale(), get_translations())
    return known


def language() -> str:
    """Code of the language that is spoken now: "id", "en"."""
    return str(spoken()[0].language)


def zone() -> tuple[tzinfo, str]:
    """The reader's time zone and what people call it."""
    name = current_app.config["PANEL_TIME_ZONE"]
    name = name() if callable(name) else name
    here = get_timezone(name)
    return here, ZONES.get(name) or datetime.now(here).strftime("%Z")


def gettext(message: str) -> str:
    """The text of a message id in the reader's language."""
    return str(spoken()[1].ugettext(message))


def ngettext(one: str, many: str, count: int) -> str:
    """As `gettext`, of two message ids the one that goes with `count`."""
    return str(spoken()[1].ungettext(one, many, count))


def in_markup(message: str, /, **values: Any) -> Markup:
    """As `gettext`, for pages: what of `values` is no markup is escaped."""
    text = Markup(gettext(message))
    return text % values if values or "%" in text else text


def tell(value: Any) -> str:
    """Any value in the reader's words; markup stays markup."""
    match value:
        case str():
            return value
        case None:
            return gettext("not filled in")
        case Sentence():
            return value.text(gettext, tell)
        case Label():
            return value.text(language())
        case bool():
            return gettext("yes") if value else gettext("no")
        case int() | float() | Decimal():
            return number(value)
        case date():
            return long_date(value)
        case time():
            return clock(value)
        case list() | tuple() | set() | frozenset():
            return ", ".join(tell(item) for item in value)
        case _:
            label = getattr(value, "label", None)
            return label.text(language()) if isinstance(label, Label) else str(value)


def within(name: str) -> str:
    """A name that stands within a sentence: English begins it small, unless it is an acronym."""
    return name if language() != "en" or name[1:2].isupper() else name[:1].lower() + name[1:]


def number(value: float | Decimal) -> str:
    """1.234,5 in Indonesian."""
    figures = whole if isinstance(value, int) else format_decimal
    return str(figures(value, locale=spoken()[0]))


@lru_cache(maxsize=KEPT)
def whole(value: int, locale: Locale) -> str:
    """A whole number by the pattern of its language; a page tells the same few again and again."""
    return str(format_decimal(value, locale=locale))


def local(moment: datetime) -> datetime:
    """A moment as the reader's clock shows it; one without a zone is UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(zone()[0])


def clock(moment: datetime | time) -> str:
    """The time alone: 07.30, in English 07:30."""
    at = local(moment) if isinstance(moment, datetime) else moment
    return f"{at:%H:%M}" if language() == "en" else f"{at:%H.%M}"


@lru_cache(maxsize=KEPT)
def written(day: date, pattern: str, locale: Locale) -> str:
    """A day by a pattern of its language; the same few days stand in every row of a page."""
    return str(format_date(day, pattern, locale=locale))


def long_date(value: date) -> str:
    """Selasa, 18 November 2025; for a moment also its time, 07.30 WIB."""
    if isinstance(value, datetime):
        day = written(local(value).date(), "EEEE, d MMMM y", spoken()[0])
        return f"{day}, {clock(value)} {zone()[1]}"
    return written(value, "EEEE, d MMMM y", spoken()[0])


def short_date(value: date) -> str:
    """18 Nov 2025; for a moment also its time, 07.30."""
    if isinstance(value, datetime):
        day = written(local(value).date(), "d MMM y", spoken()[0])
        return f"{day}, {clock(value)}"
    return written(value, "d MMM y", spoken()[0])


def partial_date(value: date, precision: str = "day", *, short: bool = False) -> str:
    """A date as far as it is known: to the "day", the "month" or the "year"."""
    if precision == "year":
        return written(value, "y", spoken()[0])
    if precision == "month":
        return written(value, "MMM y" if short else "MMMM y", spoken()[0])
    return short_date(value) if short else long_date(value)
