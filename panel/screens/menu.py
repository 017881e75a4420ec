"""The lines of the menu as markup: a page has dozens of them, so they are made in one go."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from ..words import say
from .language import number, tell
from .marks import icon

LINE = '<li><a href="{}"{}>{}{}{}</a></li>'
#: What the menu counts, by the class of an item: the attribute of the shell, and the word for it.
COUNTED = {"inbox": ("inbox_count", say("waiting")), "notices": ("notice_count", say("unread"))}
WAITING = Markup('<span class="n">{}<span class="vh"> {}</span></span>')
TARGET = Markup(' target="{}"')
HERE = Markup(' aria-current="page"')


def menu_line(item: Any, viewed: Any, shell: Any) -> Markup:
    """The line of one menu item; what waits or is unread is counted, the page at hand is marked."""
    attribute, word = COUNTED.get(item.get_class_name(), ("", "")) if shell else ("", "")
    count = getattr(shell, attribute) if attribute else 0
    return Markup(
        LINE.format(
            escape(item.get_url()),
            (HERE if item.is_active(viewed) else "")
            + (TARGET.format(item.target) if item.target else ""),
            icon(item.get_icon_value()) if item.get_icon_value() else "",
            escape(tell(item.name)),
            WAITING.format(number(count), tell(word)) if count else "",
        )
    )
