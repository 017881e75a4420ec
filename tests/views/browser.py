"""A browser without script: reads pages as a person does, fills in their forms and sends them."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage

from tests.views.markup import Element, tree_of


class Page:
    """An answer as a tree of elements."""

    def __init__(self, text: str) -> None:
        self.markup = text

    @cached_property
    def root(self) -> Element:
        """Everything; read when first asked for."""
        return tree_of(self.markup)

    @cached_property
    def main(self) -> Element:
        """The page without its head, menu and foot."""
        return self.root.one("main")

    @property
    def text(self) -> str:
        return self.main.text

    @property
    def heading(self) -> str:
        return self.main.one("h1").text

    @property
    def titles(self) -> list[str]:
        """The column titles of the list."""
        cells = self.main.one("table", class_="list").one("thead").all("th")
        return [cell.text for cell in cells if cell.text not in ("", "Tindakan")]

    @property
    def rows(self) -> list[list[str]]:
        """The rows of the list as one reads them, without what one picks and presses."""
        tables = self.main.all("table", class_="list")
        lines = tables[0].one("tbody").all("tr") if tables else []
        return [[cell.text for cell in cells_of(line)] for line in lines]

    def cells(self, *titles: str) -> list[tuple[str, ...]]:
        """The cells of each row of the list under these titles."""
        places = [self.titles.index(title) for title in titles]
        return [tuple(row[place] for place in places) for row in self.rows]

    @property
    def names(self) -> list[str]:
        """The first cell of each row of the list, without the masked number under a name."""
        return [row[0].partition(" disamarkan, ")[0] for row in self.rows]

    @property
    def facts(self) -> dict[str, str]:
        """The facts of a details page by their label."""
        found: dict[str, str] = {}
        for sheet in self.main.all("dl", class_="facts"):
            terms, answers = sheet.all("dt"), sheet.all("dd")
            found |= {t.text: a.text for t, a in zip(terms, answers, strict=True)}
        return found

    def table(self, title: str) -> list[list[str]]:
        """The rows of the related table under this title."""
        for table in self.main.all("table"):
            captions = table.all("caption")
            if captions and captions[0].text == title:
                lines = table.one("tbody").all("tr")
                return [[cell.text for cell in cells_of(line)] for line in lines]
        return []

    @property
    def said(self) -> list[str]:
        """What the page tells about what was just done, or refused."""
        notes = self.root.all("div", class_="note") + self.root.all(class_="toast")
        return [note.text for note in notes]

    @property
    def problems(self) -> list[str]:
        """What is wrong with a form, as the summary above it says."""
        boxes = self.main.all("div", class_="errors")
        return [line.text for line in boxes[0].all("li")] if boxes else []

    @property
    def errors(self) -> dict[str, list[str]]:
        """The sentences at the fields, by the name of the field."""
        found: dict[str, list[str]] = {}
        for box in self.main.all(class_="f"):
            sentences = [one.text for one in box.all("p", class_="err")]
            inputs = [e for tag in ("input", "select", "textarea") for e in box.all(tag)]
            if sentences and inputs:
                found.setdefault(inputs[0].given["name"], []).extend(sentences)
        return found

    def form(self) -> dict[str, Any]:
        """What a browser would send of the record's form when nothing is typed."""
        forms = self.main.all("form", enctype="multipart/form-data")
        return filled_in(forms[0]) if forms else {}

    def options(self, name: str) -> dict[str, str]:
        """The choices of a select: words by value."""
        return {o.given["value"]: o.text for o in self.main.one("select", name=name).all("option")}


def cells_of(line: Element) -> list[Element]:
    """The cells of a row that say something."""
    cells = [part for part in line.parts if isinstance(part, Element)]
    quiet = {"c-pick", "c-menu"}
    return [cell for cell in cells if not quiet & set(cell.given.get("class", "").split())]


def filled_in(form: Element) -> dict[str, Any]:
    """Names and values of a form as they stand in the page."""
    found: dict[str, Any] = {}
    boxes = [box for box in form.all("input") if box.given.get("name")]
    several = Counter(box.given["name"] for box in boxes if box.given.get("type") == "checkbox")
    for box in boxes:
        kind, name = box.given.get("type", "text"), box.given["name"]
        ticked = kind not in ("checkbox", "radio") or "checked" in box.given
        text = box.given.get("value", "on" if kind == "checkbox" else "")
        if several[name] > 1:
            found[name] = found.get(name, []) + [text] * ticked
        elif ticked and kind not in ("submit", "button", "file"):
            found[name] = text
    for select in form.all("select"):
        options = select.all("option")
        chosen = [o.given["value"] for o in options if "selected" in o.given]
        if "multiple" in select.given:
            found[select.given["name"]] = chosen
        elif options:
            found[select.given["name"]] = (chosen or [options[0].given["value"]])[0]
    for area in form.all("textarea"):
        found[area.given["name"]] = re.sub(r"\A\r?\n", "", area.raw)
    return found


class Browser:
    """Somebody at the pages; "" is a stranger. `answers` are those that anybody got in a test."""

    answers: ClassVar[list[Any]] = []

    def __init__(self, app: Flask, username: str = "", session: str = "", token: str = "") -> None:
        self.username, self.token = username, token
        self.client: FlaskClient = app.test_client()
        if session:
            self.client.set_cookie("session", session)

    def get(self, path: str, **options: Any) -> Any:
        answer = self.client.get(path, **options)
        self.answers.append(answer)
        return answer

    def page(self, path: str, status: int = 200) -> Page:
        """The page at `path`, which must answer with `status`."""
        answer = self.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        return Page(answer.text)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> Any:
        """A form sent to `path`, with the token of this session."""
        sent = {"csrf_token": self.token, **(data or {})}
        if any(isinstance(value, FileStorage) for value in sent.values()):
            options.setdefault("content_type", "multipart/form-data")
        answer = self.client.post(path, data=sent, **options)
        self.answers.append(answer)
        return answer

    def exported(self, path: str, query: str = "") -> list[dict[str, str]]:
        """The whole list at `path`, as its CSV file has it."""
        answer = self.get(f"{path}export/csv/{query}")
        assert answer.status_code == 200, (path, query, answer.status_code)
        return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))

    def rows_at(self, path: str) -> list[list[str]]:
        """The rows of the first page of a list."""
        return self.page(path).rows

    def form(self, path: str) -> dict[str, Any]:
        """What the record's form at `path` would send."""
        return self.page(path).form()

    def send(self, path: str, **typed: Any) -> Any:
        """Open the form at `path`, type, send it. "appointments-0-status" adds a first part."""
        named = {name.replace("__", "-"): value for name, value in typed.items()}
        return self.post(path, {**self.form(path), **named})

    def sent(self, path: str, **typed: Any) -> Page:
        """As `send`, for the page that comes back with what is wrong."""
        answer = self.send(path, **typed)
        assert answer.status_code == 422, (path, answer.status_code, answer.location)
        return Page(answer.text)


def told(text: str, secrets: Iterable[str]) -> list[str]:
    """Which of the secrets stand in a text, as words of their own; in a page, beside its menu."""
    text = text[text.find("<main") + 1 :]
    return [one for one in secrets if one in text and re.search(rf"\b{re.escape(one)}\b", text)]
