"""Somebody at the panel: opens pages, fills in forms, presses buttons; all without script."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.journey.pages import Form, forms_of, words_of

JSON = {"Accept": "application/json"}


@dataclass
class Person:
    """One signed-in account and its browser."""

    client: FlaskClient

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path)

    def read(self, path: str) -> str:
        """What a page says."""
        answer = self.get(path)
        assert answer.status_code == 200, words_of(answer.text)
        return words_of(answer.text)

    def form(self, path: str) -> Form:
        """The form that one fills in on a page."""
        answer = self.get(path)
        assert answer.status_code == 200, words_of(answer.text)
        return form_in(answer)

    def add(self, form: Form, part: str) -> Form:
        """Press the button that adds a repeated part; the server sends the form with it."""
        values = form.values.copy()
        values["_add"] = part
        answer = self.client.post(form.action, data=values)
        assert answer.status_code == 200, words_of(answer.text)
        return form_in(answer)

    def send(self, form: Form) -> TestResponse:
        """Press the button that saves."""
        return self.client.post(form.action, data=form.values)

    def save(self, form: Form) -> int:
        """Save, see that it was done, and give the number of the record."""
        answer = self.send(form)
        assert answer.status_code == 303, problems_in(answer)
        number = re.search(r"/details/\?id=(\d+)$", answer.location)
        assert number is not None
        return int(number[1])

    def decision(self, plan: int) -> Form:
        """The form of a plan's page from which its steps are taken."""
        page = self.get(f"/action-plans/details/?id={plan}")
        return next(form for form in forms_of(page.text) if "seen" in form.values)

    def post(self, path: str, *, json: bool = False, **data: str) -> TestResponse:
        """Send something that no page offers, with a valid token."""
        headers = JSON if json else {}
        return self.client.post(path, data={**data, "csrf_token": self.token}, headers=headers)

    @cached_property
    def token(self) -> str:
        """The token of all forms of this sign-in."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/policy/").text)
        assert found is not None
        return found[1]

    def move(
        self, plan: int, step: str, reason: str = "", seen: str = "", json: bool = False
    ) -> TestResponse:
        """Take a step as its button does, on what the page shows or on an older `seen`."""
        path = f"/action-plans/{plan}/move/{step}/"
        return self.post(path, json=json, reason=reason, seen=seen or self.seen(plan))

    def seen(self, plan: int) -> str:
        """The hash of what this person's page of the plan shows; blank where there is no form."""
        page = self.get(f"/action-plans/details/?id={plan}").text
        found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
        return found[1] if found else ""


def form_in(answer: TestResponse) -> Form:
    """The form that saves; where it has no address of its own it goes where it came from."""
    form = next(f for f in forms_of(answer.text) if {"once", "version"} & set(f.values))
    form.action = form.action or answer.request.full_path.rstrip("?")
    return form


def problems_in(answer: TestResponse) -> list[str]:
    """What a form says about its fields."""
    found = re.findall(r'<p class="err".*?</p>|<div class="note stop.*?</div>', answer.text, re.S)
    return [words_of(part) for part in found] or [f"{answer.status_code} {words_of(answer.text)}"]
