"""The panel's screens in an application that has users, a sign-in and pages of its own.

What `init_screens` does to a whole application stays here with the panel's own screens: CSRF token,
origin, headers. The host's pages keep their ways; an unsafe request of somebody who is signed in is
a deed of his wherever it leads, so that the log knows who acted.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from flask import Flask, Response, abort, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms.validators import ValidationError

from ..access.rules import Actor
from ..changelog.records import deed
from ..plugin import current_panel
from . import answers, catalogues, language, shell, theme
from .acting import origin
from .assets import assets
from .guarding import Guarded
from .preferences import preferences
from .requests import SAFE_METHODS, add_headers, is_own_origin, refuse_malformed


def init_app(app: Flask, actor_of: Callable[[Any], Actor]) -> None:
    """Put what the panel's screens need into `app`, which has Flask-Login and its panel already.

    `actor_of` turns the user of Flask-Login into an actor. Babel is set up unless the host did.
    """
    if not hasattr(app, "login_manager"):
        raise TypeError("the panel needs to know who is signed in: set up Flask-Login first")
    app.config.setdefault("REAUTH", False)
    app.extensions["panel_actor_of"] = actor_of
    app.before_request(enter)
    app.after_request(leave)
    app.teardown_request(lambda _: release())
    answers.init_app(app)
    if "babel" in app.extensions:
        app.config.setdefault("PANEL_TIME_ZONE", "UTC")
        app.extensions["babel"].translation_directories.append(str(language.TRANSLATIONS))
    else:
        language.init_app(app)
    catalogues.init_app(app)
    theme.init_app(app)
    shell.init_app(app)
    app.jinja_env.globals.setdefault("csrf_token", generate_csrf)


def is_ours() -> bool:
    """Whether the request is for a screen of the panel."""
    asked = request.blueprint
    if asked in (assets.name, preferences.name):
        return True
    views = (one for admin in current_app.extensions.get("admin", []) for one in admin._views)
    return any(isinstance(one, Guarded) and one.endpoint == asked for one in views)


def enter() -> ResponseReturnValue | None:
    """Find out who acts, refuse what no page of ours sends, open the deed of an unsafe request."""
    g.request_id = secrets.token_hex(8)
    g.actor = None
    if request.blueprint == assets.name or (request.endpoint or "").endswith("static"):
        return None
    if current_user.is_authenticated:
        g.actor = current_app.extensions["panel_actor_of"](current_user._get_current_object())
    if is_ours():
        refuse_malformed()
        if g.actor is None and request.blueprint != preferences.name:
            answer: ResponseReturnValue = current_app.login_manager.unauthorized()
            return answer
        if request.method not in SAFE_METHODS:
            refuse_forged()
    if g.actor is not None and request.method not in SAFE_METHODS:
        current_panel().db.session.rollback()
        g.deed = ExitStack()
        g.deed.enter_context(deed(request.endpoint or "request", actor=g.actor, **origin()))
    return None


def refuse_forged() -> None:
    """403 or 400 for an unsafe request that no page of this site sent."""
    if not is_own_origin():
        abort(403)
    if not current_app.config.get("WTF_CSRF_ENABLED", True):
        return
    sent = request.form.get(current_app.config.get("WTF_CSRF_FIELD_NAME", "csrf_token"))
    try:
        validate_csrf(sent or request.headers.get("X-CSRFToken"))
    except ValidationError:
        abort(400)


def leave(response: Response) -> Response:
    """Headers for the panel's own pages; the host's are the host's."""
    return add_headers(response) if is_ours() else response


def release() -> None:
    """Close the request's deed; what was not committed is undone."""
    if open_deed := g.pop("deed", None):
        current_panel().db.session.rollback()
        open_deed.close()
