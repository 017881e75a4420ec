"""From what was pasted to an article: its lines without the furniture, and what was dropped.

Pure. Every dropped line is told with its reason and can be put back; nothing else is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from panel.typed import PAGE, Wrong, tidy
from panel.words import Sentence, say

from . import furniture as page
from .days import day_line
from .sentences import sentences_of, unglued
from .tags import glued_before, glued_behind, tags_of

NOTHING: Final = say("Nothing was pasted.")
ONLY_FURNITURE: Final = say("This is what stands around an article, without the article itself.")

#: Longest headline, and longest one that is made of a first sentence.
TITLE, PROPOSED = 200, 90
#: From this length on a single line is a text that lost its line breaks.
UNBROKEN = 300

_DATELINE = re.compile(
    r"((?:[A-Z][A-Z.'’]+(?: [A-Z][A-Z.'’]+){0,4})(?:,\s?(?P<outlet>[\w-]+(?:\.[\w-]+)+|[A-Z]\w+))?"
    r"(?:\s?\([^()]{2,30}\))?)\s?[–—-]\s*(?=[\"“‘A-Z])"
)
_DAY_IN_ADDRESS = re.compile(r"/(\d{4})/(\d{1,2})/(\d{1,2})(?:/|$)")


@dataclass(frozen=True)
class Dropped:
    """What was taken off, and where: `place` is "after" the paragraph `near` as its own line, or

    glued to its "front" or "end"; an empty `near` is the top of the page.
    """

    key: str
    text: str
    reason: Sentence
    place: str = "after"
    near: str = ""


@dataclass(frozen=True)
class Article:
    """A news page as it would be kept; `title` is empty where the page has none."""

    title: str
    tags: tuple[str, ...]
    outlet: str
    published_on: date | None
    dateline: str
    paragraphs: tuple[str, ...]
    dropped: tuple[Dropped, ...]

    @property
    def proposed_title(self) -> str:
        """The title, or the first sentence in short where there is none."""
        if self.title or not self.paragraphs:
            return self.title
        return shortened(sentences_of(self.paragraphs[0])[0])


class _Reader:
    """Collects while the lines are gone through once from the top."""

    def __init__(self, places: Iterable[str]) -> None:
        self.places = tuple(places)
        self.body: list[str] = []
        self.tags: list[str] = []
        self.dropped: list[Dropped] = []
        self.published_on: date | None = None
        self.opened = ""

    def drop(self, key: str, text: str, reason: Sentence, place: str = "", near: str = "") -> None:
        """Take a line off; it stood under the last line that was kept."""
        last = self.body[-1] if self.body else ""
        self.dropped.append(Dropped(key, text, reason, place or "after", near or last))

    def take(self, number: int, line: str, *, edge: bool) -> None:
        """Keep a line or drop it; categories are looked for at the edges of the page alone."""
        key, found = str(number), page.furniture(line)
        if self.opened == "comments":
            self.drop(key, line, page.COMMENTS)
        elif self.opened == "link" and found is None and not page.is_text(line):
            self.opened = ""
            self.drop(key, line, page.LINK)
        elif found is not None:
            self.opened = self.opening(line, found)
            self.drop(key, line, found.reason)
        elif self.opened == "links" and not page.is_text(line):
            self.drop(key, line, page.OTHERS)
        elif (day := day_line(line)) is not None:
            self.published_on = self.published_on or day
            self.drop(key, line, page.PUBLISHED)
        elif edge and (tags := tags_of(line, self.places)):
            self.tags += tags
            self.drop(key, line, page.CATEGORY)
        else:
            self.opened = ""
            self.keep(key, line, edge=edge)

    def opening(self, line: str, found: page.Why) -> str:
        """What a dropped line opens; above the text "leave a comment" is a link and no form."""
        if page.is_bare_link(line):
            return "link"
        if found.opens == "comments" and not any(map(page.is_text, self.body)):
            return self.opened
        return found.opens or self.opened

    def keep(self, key: str, line: str, *, edge: bool) -> None:
        """Keep a line without what is glued to it."""
        tags, text, rest = glued_before(line, self.places)
        if tags and rest and edge and not self.body:
            self.tags += tags
            self.dropped.append(Dropped(f"{key}.front", text, page.CATEGORY, "front", rest))
            line = rest
        link = page.LINK_BEHIND.search(line)
        if link:
            near = line[: link.start()]
            self.drop(f"{key}.link", link[0].strip(), page.LINK, "end", near)
            line = near
        self.body.append(line)


def read_article(text: str, *, address: str = "", places: Iterable[str] = ()) -> Article:
    """The article in `text`; `Wrong` when it is too long, hides signs, or holds no article.

    `address` is that of the page: it may name the outlet and the day. `places` are names that are
    categories when they stand alone.
    """
    plain = tidy(text, most=PAGE, lines=True)
    if not plain:
        raise Wrong("empty", NOTHING)
    lines = [line for line in plain.split("\n") if line]
    if len(lines) == 1 and len(plain) > UNBROKEN:
        lines = unglued(plain)
    texts = [at for at, line in enumerate(lines) if page.is_text(line)]
    first, last = (texts[0], texts[-1]) if texts else (len(lines), -1)
    reader = _Reader(places)
    for number, line in enumerate(lines):
        reader.take(number, line, edge=number <= first or number >= last)
    if not reader.body:
        raise Wrong("furniture", ONLY_FURNITURE)
    return _composed(reader, address)


def _composed(reader: _Reader, address: str) -> Article:
    """The kept lines as title and paragraphs, their ends cleared."""
    title, paragraphs = _titled(reader.body)
    if title:
        again = [at for at, line in enumerate(paragraphs) if line == title]
        for at in reversed(again):
            del paragraphs[at]
            reader.drop(f"again.{at}", title, page.REPEATED)
    if len(paragraphs) == 1 and len(paragraphs[0]) > UNBROKEN:
        paragraphs = sentences_of(paragraphs[0])
    dateline, outlet = "", ""
    found = _DATELINE.match(paragraphs[0])
    if found:
        dateline, outlet = found[1].strip(), found["outlet"] or ""
        paragraphs[0] = paragraphs[0][found.end() :]
        reader.dropped.insert(
            0, Dropped("dateline", found[0].strip(), page.DATELINE, "front", paragraphs[0])
        )
    paragraphs[-1] = _ended(reader, paragraphs[-1])
    kept = tuple(paragraph for paragraph in paragraphs if paragraph)
    if not kept:
        raise Wrong("furniture", ONLY_FURNITURE)
    return Article(
        title=title,
        tags=tuple(dict.fromkeys(reader.tags)),
        outlet=outlet or outlet_of(address),
        published_on=reader.published_on or day_in(address),
        dateline=dateline,
        paragraphs=kept,
        dropped=tuple(reader.dropped),
    )


def _titled(body: list[str]) -> tuple[str, list[str]]:
    """The headline, if the first line is one, and the lines under it."""
    first, rest = body[0], body[1:]
    is_headline = (
        rest
        and len(first) <= TITLE
        and len(first.split()) >= 3
        and not first.endswith((".", ":", ";", ",", "”", '"'))
        and _DATELINE.match(first) is None
    )
    return (first, rest) if is_headline else ("", list(body))


def _ended(reader: _Reader, line: str) -> str:
    """The last paragraph without stars, signs of the newsroom and glued categories behind it."""
    for number in range(5):
        tags, text, rest = glued_behind(line, reader.places)
        reason = page.CATEGORY
        if not tags:
            ends = [(end, why) for pattern, why in page.ENDINGS if (end := pattern.search(line))]
            if not ends:
                break
            end, reason = ends[0]
            text, rest = end[0].strip(), line[: end.start()].rstrip()
        reader.tags += tags
        reader.dropped.append(Dropped(f"end.{number}", text, reason, "end", rest))
        line = rest
    return line


def shortened(sentence: str, most: int = PROPOSED) -> str:
    """A sentence as a headline: without its full stop, cut at a word when it is long."""
    text = sentence.rstrip(".").strip()
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(",;:–- ") + "…"


def outlet_of(address: str) -> str:
    """The site that an address names: "koran.example"; empty when it names none."""
    try:
        host = urlsplit(address.strip()).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.").removeprefix("amp.")


def day_in(address: str) -> date | None:
    """The day in an address such as /2025/11/18/, or None."""
    found = _DAY_IN_ADDRESS.search(address)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def put_back(text: str, dropped: Dropped) -> str:
    """`text`, perhaps edited since, with a dropped line again where it stood."""
    lines = text.split("\n")
    at = lines.index(dropped.near) if dropped.near in lines else None
    if at is None:
        at_top = dropped.place == "front" or not dropped.near
        return "\n".join([dropped.text, *lines] if at_top else [*lines, dropped.text])
    if dropped.place == "front":
        lines[at] = f"{dropped.text} {lines[at]}"
    elif dropped.place == "end":
        lines[at] = f"{lines[at]} {dropped.text}"
    else:
        lines.insert(at + 1, dropped.text)
    return "\n".join(lines)
