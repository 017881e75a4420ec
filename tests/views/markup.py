"""A page as a tree of elements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser

#: Tags that have no end.
VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "use",
        "wbr",
    ]
)
#: What nobody reads on a page.
UNREAD = frozenset({"script", "style", "svg", "template"})
#: What stands on a line of its own.
BLOCKS = frozenset(
    [
        "p",
        "div",
        "li",
        "tr",
        "td",
        "th",
        "dt",
        "dd",
        "h1",
        "h2",
        "h3",
        "h4",
        "form",
        "section",
        "option",
        "br",
        "label",
    ]
)


class Element:
    """One element of a page, with what stands in it."""

    def __init__(self, tag: str, given: dict[str, str]) -> None:
        self.tag, self.given = tag, given
        self.parts: list[Element | str] = []

    def all(self, tag: str = "", **given: str) -> list[Element]:
        """The elements inside with this tag and these attributes; `class_` is one of several."""
        inside = self.inside()
        return [one for one in inside if (not tag or one.tag == tag) and one.has(given)]

    def one(self, tag: str = "", **given: str) -> Element:
        """The first of them."""
        for one in self.inside():
            if (not tag or one.tag == tag) and one.has(given):
                return one
        raise AssertionError(f"no <{tag} {given}>")

    def inside(self) -> Iterator[Element]:
        """All elements inside, in the order in which they stand."""
        left = [part for part in reversed(self.parts) if isinstance(part, Element)]
        while left:
            one = left.pop()
            yield one
            if one.tag != "template":  # a script's pattern is no part of the page
                left += [part for part in reversed(one.parts) if isinstance(part, Element)]

    def has(self, given: dict[str, str]) -> bool:
        """Whether it has these attributes."""
        return not given or all(
            value in self.given.get("class", "").split()
            if name == "class_"
            else self.given.get(name) == value
            for name, value in given.items()
        )

    @property
    def text(self) -> str:
        """What one reads, with single blanks."""
        return " ".join(self.raw.split())

    @property
    def raw(self) -> str:
        """What one reads, as it stands in the page."""
        if self.tag in UNREAD:
            return ""
        inner = "".join(p if isinstance(p, str) else p.raw for p in self.parts)
        apart = self.tag in BLOCKS or "sub" in self.given.get("class", "").split()
        return f" {inner} " if apart else inner


class Tree:
    """Elements, as their tags open and close them."""

    def __init__(self) -> None:
        self.root = Element("", {})
        self._open = [self.root]

    def begin(self, tag: str, given: dict[str, str]) -> None:
        """An element opens; it stays so until its end, if it has one."""
        element = Element(tag, given)
        self._open[-1].parts.append(element)
        if tag not in VOID:
            self._open.append(element)

    def end(self, tag: str) -> None:
        """The innermost element with this tag closes, and what is open in it."""
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def say(self, text: str) -> None:
        """A text stands here."""
        self._open[-1].parts.append(text)


class Patient(HTMLParser):
    """Reads whatever a browser would read as a page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tree = Tree()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tree.begin(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        self.tree.end(tag)

    def handle_data(self, data: str) -> None:
        self.tree.say(data)


#: A tag as our templates write it, with its attributes; or what is no part of a page.
TAG = re.compile(
    r"""<(?:(?P<end>/)?(?P<tag>[a-z][a-z0-9]*)"""
    r"""(?P<given>(?:\s+[a-z_][\w:.-]*(?:="[^"<>]*"|='[^'<>]*')?)*)\s*(?P<closed>/)?>"""
    r"""|!doctype[^<>]*>|!--.*?-->)""",
    re.DOTALL,
)
GIVEN = re.compile(r"""([a-z_][\w:.-]*)(?:="([^"]*)"|='([^']*)')?""")
#: What no tag is looked for in.
RAW = ("script", "style")


def tree_of(text: str) -> Element:
    """The page as a tree."""
    return quickly(text) or Patient(text).tree.root


def quickly(text: str) -> Element | None:
    """The tree of a page whose signs all stand where our templates write them; else none."""
    tree, place = Tree(), 0
    while found := TAG.search(text, place):
        if not said(tree, text[place : found.start()]):
            return None
        place, (end, tag, given, closed) = found.end(), found.groups()
        if tag and not end:
            tree.begin(tag, attributes(given) if given else {})
        if tag and (end or closed):
            tree.end(tag)
        elif tag in RAW:
            stop = text.find(f"</{tag}>", place)
            tree.say(text[place:stop])
            place = stop
    return tree.root if said(tree, text[place:]) else None


@lru_cache(5_000)
def attributes(text: str) -> dict[str, str]:
    """What stands in a tag beside its name; the menu is the same on every page."""
    read = unescape if "&" in text else str
    return {name.lower(): read(one or other) for name, one, other in GIVEN.findall(text)}


def said(tree: Tree, text: str) -> bool:
    """Whether nothing in this text could be a tag; then it stands in the tree."""
    if text:
        tree.say(unescape(text) if "&" in text else text)
    return "<" not in text
