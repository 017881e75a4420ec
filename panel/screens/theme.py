"""The look of the panel: `PanelTheme()` for Flask-Admin, `init_app` for the application.

The views' own blueprints take their templates from here, so that no stock template of Flask-Admin
can be reached: under a strict Content-Security-Policy its delete buttons act without a question.
Templates of the host go before ours, ours before those of any other extension.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, current_app, url_for
from flask_admin import Admin
from flask_admin.theme import Theme
from jinja2 import ChoiceLoader, FileSystemLoader

from ..changelog.past import past
from ..words import say
from . import (
    checkpoint_marks,
    days_past,
    drawing,
    language,
    listing,
    making,
    marks,
    menu,
    preferences,
    reading,
    saved_views,
    sheets,
    suggesting,
)
from .assets import assets, static_url
from .standing import my_letters

TEMPLATES = str(Path(__file__).parent / "templates")

GLOBALS: dict[str, Any] = {
    "about_of": listing.about_of,
    "badge": marks.badge,
    "blank": marks.blank,
    "by_day": listing.by_day,
    "checkpoint_mark": checkpoint_marks.checkpoint_mark,
    "chips": listing.chips,
    "drawing_of": drawing.drawing_of,
    "facts_of": listing.facts_of,
    "field_kind": sheets.kind_of,
    "fields_in_sheets": sheets.fields_in_sheets,
    "filter_lines": listing.filter_groups,
    "icon": marks.icon,
    "kept_args": listing.kept_args,
    "kind_name": listing.kind_name,
    "languages": language.LANGUAGES,
    "linked": marks.linked,
    "live": reading.live,
    "lookup_choices": sheets.lookup_choices,
    "maker": making.maker,
    "menu_groups": menu.groups,
    "menu_lines": menu.lines,
    "past_read": past,
    "panel_language": language.language,
    "panel_static": static_url,
    "panel_theme": preferences.theme,
    "problems_of": sheets.problems_of,
    "record_url": listing.record_url,
    "suggestions_of": suggesting.suggestions_of,
    "saved_views": saved_views.saved_views,
    "searching": sheets.searching,
    "sheets_of": sheets.sheets_of,
    "state": marks.state,
    "title_of": listing.title_of,
    "today_here": days_past.today_here,
}

FILTERS: dict[str, Any] = {
    "clock": language.clock,
    "long_date": language.long_date,
    "number": language.number,
    "partial_date": language.partial_date,
    "short_date": language.short_date,
    "tell": language.tell,
    "within": language.within,
}


@dataclass
class PanelTheme(Theme):
    """`Admin(..., theme=PanelTheme())`."""

    folder: str = TEMPLATES
    base_template: str = "admin/base.html"


def init_app(app: Flask) -> None:
    """Give `app` the templates, the assets and the switches for theme and language.

    `PANEL_SEARCH_ENDPOINT` answers the search at the top, `PANEL_ACCOUNT_ENDPOINT` and
    `PANEL_SIGN_OUT_ENDPOINT` stand in the account menu; an endpoint that the application does not
    have is left out.
    """
    app.config.setdefault("PANEL_SEARCH_ENDPOINT", "")
    app.config.setdefault("PANEL_ACCOUNT_ENDPOINT", "security.change_password")
    app.config.setdefault("PANEL_SIGN_OUT_ENDPOINT", "security.logout")
    app.register_blueprint(assets)
    app.register_blueprint(preferences.preferences)
    own = [app.jinja_loader] if app.jinja_loader else []
    app.jinja_loader = ChoiceLoader([*own, FileSystemLoader(TEMPLATES)])
    app.jinja_env.globals.update(
        GLOBALS, panel_url=panel_url, panel_admin=panel_admin, panel_search=panel_search
    )
    app.jinja_env.globals["my_letters"] = my_letters
    app.jinja_env.filters.update(FILTERS)


def panel_admin() -> Admin | None:
    """The application's panel, also for pages outside of it, such as errors."""
    found = current_app.extensions.get("admin", [])
    return found[0] if found else None


def panel_url(setting: str) -> str | None:
    """The address of the endpoint named by a setting, if the application has it."""
    endpoint = current_app.config[setting]
    return url_for(endpoint) if endpoint in current_app.view_functions else None


@dataclass(frozen=True)
class Search:
    """Where the search at the top leads, what it says, and the name of its box."""

    url: str
    prompt: Any
    parameter: str


def panel_search() -> Search | None:
    """Where the search at the top leads, if there is such a list and the reader may open it."""
    endpoint = current_app.config["PANEL_SEARCH_ENDPOINT"]
    admin = panel_admin()
    for view in admin._views if admin else ():
        if view.endpoint == endpoint.partition(".")[0] and view.is_accessible():
            prompt = getattr(view, "prompt", None) or say("Search in %(list)s", list=view.name)
            return Search(url_for(endpoint), prompt, getattr(view, "search_parameter", "search"))
    return None
