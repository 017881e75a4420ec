"""Pages as somebody without script has them: forms with what stands in them, deeds of the log."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from html.parser import HTMLParser

from werkzeug.datastructures import MultiDict


@dataclass
class Form:
    """A form of a page: where it goes, what stands in its controls, what its selects offer."""

    action: str
    values: MultiDict[str, str] = field(default_factory=MultiDict)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)

    def fill(self, **typed: str) -> None:
        """Type into fields; one that the form does not have is an error of the test."""
        for name, text in typed.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        """Type into one field, or tick it."""
        assert name in self.values or name in self.choices, f"{name}: {sorted(self.values)}"
        self.values[name] = text

    def pick(self, name: str, words: str) -> None:
        """Pick the one choice of a select that reads so, or holds these words."""
        named = {text: value for value, text in self.choices[name].items()}
        found = [words] if words in named else [text for text in named if words in text]
        assert len(found) == 1, f"{name}: {words!r} is {found}"
        self.values[name] = named[found[0]]


class _Reader(HTMLParser):
    """Collects the forms of a page; what stands in a <template> is not there yet."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.hidden = 0
        self.select: tuple[str, bool] | None = None
        self.option: tuple[str, bool] | None = None
        self.area: str | None = None
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.hidden += tag == "template"
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        if self.hidden or not self.forms:
            return
        form, name = self.forms[-1], given.get("name", "")
        if tag == "input" and name:
            self._input(form, name, given)
        elif tag == "select" and name:
            self.select = (name, "multiple" in given)
            form.choices[name] = {}
        elif tag == "option" and self.select:
            self.option, self.text = (given.get("value", ""), "selected" in given), ""
        elif tag == "textarea":
            self.area, self.text = name, ""

    @staticmethod
    def _input(form: Form, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in ("checkbox", "radio"):
            form.choices.setdefault(name, {})[given.get("value", "on")] = name
            if "checked" in given:
                form.values.add(name, given.get("value", "on"))
        elif kind not in ("submit", "button", "file"):
            form.values.add(name, given.get("value", ""))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag == "template"
        if self.hidden or not self.forms:
            return
        form = self.forms[-1]
        if tag == "option" and self.select and self.option:
            (name, several), (value, selected) = self.select, self.option
            form.choices[name][value] = " ".join(self.text.split())
            if selected or (not several and name not in form.values):
                form.values[name] = value
            self.option = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.area is not None:
            form.values[self.area] = self.text.removeprefix("\n")
            self.area = None


def forms_of(page: str) -> list[Form]:
    """The forms in the main part of a page."""
    reader = _Reader()
    reader.feed(page[page.index("<main") : page.index("</main>")])
    return reader.forms


def words_of(markup: str) -> str:
    """What a reader sees of a piece of a page, with single blanks."""
    seen = re.sub(r"<(script|style|template|svg)\b.*?</\1>", " ", markup, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", seen)).split())


@dataclass(frozen=True)
class Deed:
    """A deed as the change log tells it: its sentence with the reason, and its differences."""

    at: datetime
    sentence: str
    rows: list[tuple[str, str, str]]


def deeds_of(page: str) -> list[Deed]:
    """The deeds of a page of the change log, newest first."""
    deeds = []
    for part in page.split('<details class="deed"')[1:]:
        moment = re.search(r'<time datetime="([^"]+)"', part)
        sentence = re.search(r"</time><span>(.*?)</span><span>", part, re.DOTALL)
        assert moment is not None
        assert sentence is not None
        rows = []
        for row in re.findall(r'<tr><th scope="row">(.*?)</tr>', part, re.DOTALL):
            label, old, new = (words_of(cell) for cell in re.split(r"<td[^>]*>", row))
            rows.append((label, old, new))
        deeds.append(Deed(datetime.fromisoformat(moment[1]), words_of(sentence[1]), rows))
    return deeds
