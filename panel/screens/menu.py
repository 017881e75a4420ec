"""The lines of the menu as markup: a page has dozens of them, so they are made in one go."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from markupsafe import Markup, escape

from .language import number, tell
from .marks import icon

LINE = '<li><a href="{}"{}>{}{}{}</a></li>'
WAITING = Markup('<span class="n">{}<span class="vh"> {}</span></span>')
TARGET = Markup(' target="{}"')
HERE = Markup(' aria-current="page"')


def menu_line(item: Any, viewed: Any, shell: Any) -> Markup:
    """The line of one menu item; the inbox says how much waits, the page at hand is marked."""
    asked = shell and item.get_class_name() == "inbox"
    waiting = shell.inbox_count if asked else 0
    return Markup(
        LINE.format(
            escape(item.get_url()),
            (HERE if item.is_active(viewed) else "")
            + (TARGET.format(item.target) if item.target else ""),
            icon(item.get_icon_value()) if item.get_icon_value() else "",
            escape(tell(item.name)),
            WAITING.format(number(waiting), gettext("waiting")) if waiting else "",
        )
    )
