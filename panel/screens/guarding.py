"""The door of every screen: one verb per endpoint, asked of the policy, closed by default."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import Flask, abort, g, has_request_context, request
from flask_admin import BaseView, expose
from flask_admin.contrib.sqla import ModelView

from ..words import Refused, Sentence, say
from .acting import actor, may, note_refusal, objection
from .addresses import address

F = TypeVar("F", bound=Callable[..., Any])

#: The verb of the policy that opens each endpoint of Flask-Admin.
VERBS = {
    "index_view": "read",
    "details_view": "read",
    "create_view": "create",
    "edit_view": "edit",
    "delete_view": "delete",
    "action_view": "read",  # each action is asked for by itself
    "export": "export",
    "ajax_lookup": "read",  # and the lookup asks the kind that it looks up
    "ajax_update": "edit",
}

#: Opens an endpoint to everybody who is signed in; the page itself asks for each record.
SIGNED_IN = "signed-in"


def verb(name: str) -> Callable[[F], F]:
    """Declare the verb that opens an exposed method; without it the endpoint is closed."""

    def mark(function: F) -> F:
        function.verb = name
        return function

    return mark


def takes_steps(function: F) -> F:
    """Declare that an exposed method takes steps of a process, also in the place of another.

    What lies in the places lent to the actor by letter is found by it, as by every page that reads.
    """
    function.takes_steps = True
    return function


class Guarded(BaseView):
    """A screen that asks the policy before each of its endpoints.

    `kind` is the record kind (a class, or the name of a row of the policy) that the page is about.
    """

    kind: Any = None

    def verb_of(self, endpoint: str) -> str | None:
        """The verb that opens `endpoint`, or None: closed."""
        marked: str | None = getattr(getattr(type(self), endpoint, None), "verb", None)
        return marked or VERBS.get(endpoint)

    def objection_to(self, verb: str | None) -> Sentence | None:
        """Why the actor may not come in for `verb`, or None."""
        if verb is None or (verb != SIGNED_IN and self.kind is None):
            return say("No rule opens this.")
        if actor() is None:
            return say("Sign in first.")
        return None if verb == SIGNED_IN else objection(verb, self.kind)

    def is_accessible(self) -> bool:
        """Whether the menu shows this screen to the actor."""
        if not has_request_context():
            return True
        return self.objection_to(self.verb_of(self._default_view)) is None

    def get_url(self, endpoint: str, **kwargs: Any) -> str:
        return address(endpoint, **kwargs)

    def _handle_view(self, name: str, **kwargs: Any) -> Any:
        if actor() is None:
            abort(401)
        wanted = self.verb_of(name)
        sentence = self.objection_to(wanted)
        if sentence is not None:
            note_refusal(f"{self.kind_name}.{wanted or name}", sentence)
            raise Refused("role", sentence)
        reads = wanted in ("read", SIGNED_IN) and request.method in ("GET", "HEAD")
        g.reads_lent = reads or hasattr(getattr(type(self), name, None), "takes_steps")
        return None

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return fn(self, *args, **kwargs)  # stock retries on TypeError and hides its cause

    @property
    def kind_name(self) -> str:
        """The kind as the log names it."""
        return getattr(self.kind, "__tablename__", None) or str(self.kind or self.endpoint)


class GuardedRecords(Guarded, ModelView):
    """A screen of one record kind: what may be done is asked anew in each request."""

    can_view_details = True

    @property
    def kind(self) -> Any:
        return self.model

    def asked(self, verb: str) -> bool:
        """Whether the actor may; true outside of requests, where Flask-Admin only looks around."""
        return not has_request_context() or may(verb, self.model)

    @property
    def can_create(self) -> bool:
        return self.asked("create")

    @property
    def can_edit(self) -> bool:
        return self.asked("edit")

    @property
    def can_delete(self) -> bool:
        return self.asked("delete")

    @property
    def can_export(self) -> bool:
        return self.asked("export")

    #: The verb that each action asks for; an action that is not named here is closed.
    action_verbs: dict[str, str] = {"delete": "delete"}

    def is_action_allowed(self, name: str) -> bool:
        wanted = self.action_verbs.get(name)
        return wanted is not None and self.asked(wanted)

    @expose("/action/", methods=("POST",))
    def action_view(self) -> Any:
        """An action on several records; a refused one is said and logged, never passed over."""
        name = request.form.get("action", "")
        if not self.is_action_allowed(name):
            wanted = self.action_verbs.get(name)
            sentence = self.objection_to(wanted) or say("No rule opens this.")
            note_refusal(f"{self.kind_name}.{wanted or 'action'}", sentence)
            raise Refused("role", sentence)
        return self.handle_action()


def routes_without_rule(app: Flask, open_endpoints: Iterable[str] = ()) -> list[str]:
    """Endpoints of `app` that no rule opens or closes; the start refuses when there are any.

    A static file needs no rule; `open_endpoints` are those that are meant for strangers as well.
    """
    known = set(open_endpoints)
    screens = {
        view.endpoint: view for admin in app.extensions.get("admin", []) for view in admin._views
    }
    missing = set()
    for rule in app.url_map.iter_rules():
        blueprint, _, function = rule.endpoint.rpartition(".")
        if function == "static" or rule.endpoint in known:
            continue
        screen = screens.get(blueprint)
        if not isinstance(screen, Guarded) or screen.verb_of(function) is None:
            missing.add(rule.endpoint)
    return sorted(missing)
