"""Signing in and out, and who acts in each request: Flask-Security over the panel's accounts.

An unsafe request runs under one deed of its actor. Sign-ins, refused ones and sign-outs are deeds
of their own. The session is renewed at sign-in and gone at sign-out.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

from flask import (
    Flask,
    Response,
    after_this_request,
    current_app,
    g,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import user_logged_out
from flask_security import Security, current_user, password_changed, user_authenticated

from ..access.rules import Actor
from ..access.sessions import TableSessions
from ..access.throttle import Throttle
from ..changelog.records import deed, note
from ..columns import now
from ..plugin import current_panel
from ..words import say
from . import second_factor
from .account_store import Accounts, before_sign_in, name_deed, subject
from .acting import origin
from .errors import to_sign_in
from .guarding import routes_without_rule
from .requests import SAFE_METHODS, is_asset
from .second_factor_forms import WRONG_CODE, CodeForm, RecoveryForm, RescueForm
from .signin_forms import ChangeForm, SignInForm, VerifyForm

#: Flask-Security says these; everything else it could say is switched off or said by our forms.
MESSAGES = {
    "PASSWORD_CHANGE": (say("Your password is changed."), "success"),
    "REAUTHENTICATION_REQUIRED": (say("Type your password again to go on."), "info"),
    "REAUTHENTICATION_SUCCESSFUL": (say("Thank you. Go on."), "success"),
    "TWO_FACTOR_INVALID_TOKEN": (WRONG_CODE, "error"),
    "TWO_FACTOR_PERMISSION_DENIED": (say("First the password, then the code."), "info"),
    "UNAUTHORIZED": (say("This page is not open to you."), "error"),
}

SETTINGS: dict[str, Any] = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_NORMALIZE_FORM": None,  # the panel's own forms have done it
    "SECURITY_USER_IDENTITY_ATTRIBUTES": [{"username": {"mapper": str.lower}}],
    "SECURITY_REGISTERABLE": False,
    "SECURITY_RECOVERABLE": False,
    "SECURITY_CHANGEABLE": True,
    "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
    "SECURITY_POST_CHANGE_VIEW": "/",
    "SECURITY_POST_LOGOUT_VIEW": "/login",
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_FRESHNESS": timedelta(minutes=5),
    "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(0),  # a grace period renews itself for ever
    "SECURITY_CACHE_CONTROL": None,  # its directives are not valid ones; requests.py has ours
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_CLI_USERS_NAME": False,  # they know no deeds; `flask account` does
    "SECURITY_CLI_ROLES_NAME": False,
    "SESSION_PROTECTION": None,  # sessions live on the server; an address may change
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
}

#: Pages of Flask-Security that exist with these settings, each closed or opened by itself.
OWN_ENDPOINTS = (
    "security.login",
    "security.logout",
    "security.change_password",
    "security.verify",
    *second_factor.ENDPOINTS,
)
#: What stays open to somebody who has to choose a password or write down recovery codes first.
ALWAYS_OPEN = ("security.verify", "security.logout", "preferences.save")


def init_app(app: Flask) -> None:
    """Sign-in for `app`: after the panel, the request guard and the language.

    Reads SECRET_KEY, SECURITY_PASSWORD_SALT, SESSION_COOKIE_SECURE, THROTTLE (True unless set),
    and, False unless set, TOTP (supervisors and administrators need a second factor) and REAUTH (a
    supervisor's step asks for the password).
    """
    panel = app.extensions["panel"]
    app.config.setdefault("THROTTLE", True)
    app.config.setdefault("TOTP", False)
    app.config.setdefault("REAUTH", False)
    for name, value in {**SETTINGS, **second_factor.settings(app)}.items():
        app.config[name] = value
    for name, (sentence, category) in MESSAGES.items():
        app.config[f"SECURITY_MSG_{name}"] = (sentence.id, category)
    app.config["SESSION_COOKIE_NAME"] = (
        "__Host-session" if app.config["SESSION_COOKIE_SECURE"] else "session"
    )
    access, db = panel.access, panel.db
    app.session_interface = TableSessions(access.web_session, lambda: db.engine, release)
    app.extensions["throttle"] = Throttle(access.attempt, lambda: db.engine)
    security = Security(
        app,
        Accounts(db, access.account, access.role),
        login_form=SignInForm,
        change_password_form=ChangeForm,
        verify_form=VerifyForm,
        two_factor_verify_code_form=CodeForm,
        two_factor_rescue_form=RescueForm,
        mf_recovery_form=RecoveryForm,
        totp_cls=second_factor.Codes,
        mf_recovery_codes_util_cls=second_factor.RecoveryCodes,
    )
    security.unauthn_handler(to_sign_in)
    # neither tokens nor remembered browsers: a session is the only way in
    app.login_manager._request_callback = None
    app.login_manager._load_user_from_remember_cookie = lambda _: None
    user_authenticated.connect(signed_in, app)
    user_logged_out.connect(signed_out, app)
    password_changed.connect(password_chosen, app)
    app.before_request(enter)
    app.teardown_request(lambda _: release())


def enter() -> ResponseReturnValue | None:
    """Find out who acts, and open the deed of an unsafe request."""
    if is_asset():
        return None
    account = current_user._get_current_object()
    if not account.is_authenticated:
        return None
    panel = current_panel()
    g.actor = panel.access.actor_of(account)
    # from here on the account is a plain value: no rollback makes it ask the database again
    panel.db.session.expunge_all()
    if (first := due_first(account)) and request.endpoint not in (first, *ALWAYS_OPEN):
        return redirect(url_for(first), 303)
    if request.endpoint == "security.two_factor_token_validation":
        return redirect("/", 303)  # stock signs out who comes back here with the browser's button
    if request.method not in SAFE_METHODS:
        panel.db.session.rollback()
        g.deed = ExitStack()
        g.deed.enter_context(deed(request.endpoint or "request", actor=g.actor, **origin()))
    return None


def due_first(account: Any) -> str | None:
    """The page that the account's owner has to deal with before anything else."""
    if account.password_changed_at is None:
        return "security.change_password"
    if current_app.config["TOTP"] and account.tf_primary_method and not account.mf_recovery_codes:
        return "security.mf_recovery_codes"
    return None


def release() -> None:
    """Let go of the request's transaction and close its deed; what was not committed is undone."""
    current_panel().db.session.rollback()
    if open_deed := g.pop("deed", None):
        open_deed.close()


def signed_in(app: Flask, user: Any, authn_via: Iterable[str] | None, **_: Any) -> None:
    """A new session, and a deed that says so; the sign-in before is kept for the reader."""
    browser = session._get_current_object()
    browser.renew(user.id)
    browser.pop(app.config["WTF_CSRF_FIELD_NAME"], None)
    if "change" in (authn_via or ()):
        return
    rehashed, before = user.password, user.last_sign_in_at
    with before_sign_in("sign-in", user, always=True) as account:
        account.password, account.last_sign_in_at = rehashed, now()
    browser["previous_sign_in"] = before


def signed_out(app: Flask, user: Any, **_: Any) -> None:
    """Forget the session, on the server and in the browser."""
    actor: Actor | None = g.get("actor")
    session._get_current_object().restart()
    after_this_request(clear_browser)
    if actor is not None:
        panel = current_panel()
        panel.db.session.rollback()
        note(panel.db.engine, "sign-out", actor=actor, subject=subject(actor.id), **origin())


def clear_browser(response: Response) -> Response:
    """Let the browser forget the pages that it still holds; the cookies of the look stay."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def password_chosen(app: Flask, user: Any, **_: Any) -> None:
    """The owner's own password; the listeners of `Access` end his other sessions."""
    user.password_changed_at = now()
    name_deed("account.password", user.id)


def previous_sign_in() -> datetime | None:
    """When this account signed in before the present session; for the reader's own eyes."""
    return session.get("previous_sign_in")


def check_routes(app: Flask, public: Iterable[str] = ()) -> None:
    """Stop the start when a route has no rule; `public` endpoints are meant for strangers too."""
    missing = routes_without_rule(app, {*OWN_ENDPOINTS, "preferences.save", *public})
    if missing:
        names = ", ".join(missing)
        raise RuntimeError(
            str(say("No rule opens or closes these routes: %(names)s.", names=names))
        )
