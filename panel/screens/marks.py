"""Small marks of a page as markup: icon, badge, state, blank; everything in them is escaped."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import g
from markupsafe import Markup

from .assets import static_url
from .language import gettext, tell

#: Tone and icon of a badge for each tone of a state: the word is the state's own, never the colour.
STATES = {
    "draft": ("", "s-draft"),
    "waiting": ("wait", "s-wait"),
    "active": ("info", "s-run"),
    "done": ("done", "s-done"),
    "returned": ("stop", "s-back"),
    "cancelled": ("", "x"),
}


def icon(name: str, label: Any = "") -> Markup:
    """A symbol of icons.svg; decoration unless it is given a label."""
    if "panel_icons" not in g:
        g.panel_icons = static_url("icons.svg")
    if not label:
        return drawn(g.panel_icons, name)
    role = Markup('role="img" aria-label="{}"').format(tell(label))
    return Markup('<svg class="i" {}><use href="{}#{}"/></svg>').format(role, g.panel_icons, name)


@lru_cache(maxsize=512)
def drawn(symbols: str, name: str) -> Markup:
    """A symbol that only decorates."""
    return Markup('<svg class="i" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        symbols, name
    )


def badge(tone: str, icon_name: str, text: Any) -> Markup:
    """A state in a word, with tone and icon; "line" is the outline for what is no state."""
    picture = icon(icon_name) if icon_name else ""
    classes = f"badge {tone}".rstrip()
    return Markup('<span class="{}">{}{}</span>').format(classes, picture, tell(text))


def state(of: Any) -> Markup:
    """The badge of a state of a process: tone by its `tone` or category, word by its label."""
    tone, name = STATES.get(getattr(of, "tone", of.category), STATES["draft"])
    return badge(tone, name, of.label)


def blank(text: Any = None) -> Markup:
    """What is not known, said in words: never 0, never red."""
    words = gettext("not filled in") if text is None else tell(text)
    return Markup('<span class="blank">{}</span>').format(words)


def sub(text: Any) -> Markup:
    """The quiet second line of a cell."""
    return Markup(' <span class="sub">{}</span>').format(tell(text))


def linked(value: Any, url: str | None) -> Markup | str:
    """The first cell of a row as a link; its quiet second line stays outside of the link."""
    text = tell(value)
    if not url or (isinstance(text, Markup) and "<a " in text):
        return text
    head, mark, tail = (
        text.partition('<span class="sub">') if isinstance(text, Markup) else (text, "", "")
    )
    return Markup('<a href="{}">{}</a>{}').format(url, head.rstrip(), Markup(mark) + Markup(tail))
