"""The lines of the menu as markup: a page has dozens of them, so they are made in one go.

Which lines there are, and their words, depend on the reader and his language alone where a screen
asks the policy: they are kept, for every page shows them. Any other item is asked each time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any

from flask import current_app, request
from flask_admin import BaseView
from markupsafe import Markup, escape

from ..words import say
from .acting import actor
from .guarding import Guarded
from .language import language, number, tell
from .marks import icon

LINE = '<li><a href="{}"{}>{}{}</a></li>'
#: What the menu counts, by the class of an item: the attribute of the shell, and the word for it.
COUNTED = {"inbox": ("inbox_count", say("waiting")), "notices": ("notice_count", say("unread"))}
WAITING = Markup('<span class="n">{}<span class="vh"> {}</span></span>')
TARGET = Markup(' target="{}"')
HERE = Markup(' aria-current="page"')
#: Readers whose lines are kept; those asked longest ago are forgotten.
KEPT = 256

#: Address, and symbol with word, of one line.
Words = tuple[Markup, Markup]


def groups(items: Iterable[Any], viewed: Any, shell: Any) -> Iterator[tuple[Any, Markup]]:
    """Heading and lines of each group that the reader may open; first those under no heading."""
    items, kept = list(items), _kept()
    yield None, _joined((one for one in items if not one.is_category()), kept, viewed, shell)
    for group in items:
        if group.is_category():
            inside = (one for one in group._children if not one.is_category())
            shown = _joined(inside, kept, viewed, shell)
            if shown:
                yield group.name, shown


def lines(items: Iterable[Any], viewed: Any, shell: Any) -> Markup:
    """The lines of those items that the reader may open."""
    return _joined(items, _kept(), viewed, shell)


def _joined(items: Iterable[Any], kept: dict[Any, Words | None], viewed: Any, shell: Any) -> Markup:
    found = ((item, _words(item, kept)) for item in items)
    return Markup("".join(_line(item, words, viewed, shell) for item, words in found if words))


def _line(item: Any, words: Words, viewed: Any, shell: Any) -> str:
    """What waits or is unread is counted, the page at hand is marked."""
    attribute, word = COUNTED.get(item.get_class_name(), ("", "")) if shell else ("", "")
    count = getattr(shell, attribute) if attribute else 0
    marks = HERE if item.is_active(viewed) else ""
    target = TARGET.format(item.target) if item.target else ""
    waits = WAITING.format(number(count), tell(word)) if count else ""
    return LINE.format(words[0], marks + target, words[1], waits)


def _words(item: Any, kept: dict[Any, Words | None]) -> Words | None:
    """What the line of an item says; None where the reader may not open it."""
    if item in kept:
        return kept[item]
    words = None
    if item.is_accessible() and item.is_visible():
        picture = item.get_icon_value()
        word = escape(tell(item.name))
        words = (escape(item.get_url()), icon(picture) + word if picture else word)
    if _goes_by_policy(getattr(item, "_view", None)):
        kept[item] = words
    return words


def _goes_by_policy(view: Any) -> bool:
    """Whether the reader's roles and places alone say if the menu shows a screen."""
    return isinstance(view, Guarded) and type(view).is_visible is BaseView.is_visible


def _kept() -> dict[Any, Words | None]:
    """The words that are kept for this reader in this language at this address."""
    menus: OrderedDict[Any, dict[Any, Words | None]] = current_app.extensions.setdefault(
        "panel_menus", OrderedDict()
    )
    key = (actor(), language(), request.script_root)
    kept = menus.pop(key, {})
    menus[key] = kept
    while len(menus) > KEPT:
        menus.popitem(last=False)
    return kept
