"""Error pages: what happened, what is safe, what to do; never SQL, a trace or a value.

What is our fault gets an incident number, which is found again in one JSON line of the server's
log.
"""

from __future__ import annotations

import json
from typing import Any

from flask import (
    Flask,
    Response,
    flash,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from ..columns import now
from ..incidents import LOG, written_down
from ..plugin import current_panel
from ..words import Sentence, say
from .answers import wants_json
from .language import tell
from .requests import SAFE_METHODS

#: What each page says first; the template of the same number says what to do.
SENTENCES = {
    400: say("The request cannot be read."),
    403: say("This page is not open to you."),
    404: say("There is nothing at this address."),
    405: say("This address does not take that."),
    409: say("The record has changed in the meantime."),
    413: say("What you sent is too large."),
    422: say("Something is missing or wrong."),
    429: say("Too many requests. Wait a moment."),
    500: say("Something is broken on our side."),
    503: say("The panel is busy. Nothing was lost; try again in a minute."),
}

NO_NAME = say("This panel does not go by the name in this address.")
RETRY_AFTER = "30"
#: Fields that are never carried into a page again.
NEVER_KEPT = ("csrf_token", "password")


def init_app(app: Flask) -> None:
    """Answer every error of `app`, also those of the database and of the pages themselves."""
    app.register_error_handler(HTTPException, stopped)
    app.register_error_handler(CSRFError, expired)
    app.register_error_handler(OperationalError, busy)
    app.register_error_handler(PoolTimeout, busy)
    app.register_error_handler(InternalServerError, broken)
    # Flask's own entry is a trace with values, over many lines; `broken` writes ours
    app.log_exception = lambda exc_info: None


def stopped(error: HTTPException) -> ResponseReturnValue:
    """A request that ends here: refused, not found, too large."""
    if error.response is not None:
        return error.response
    if isinstance(error, SecurityError):
        return plain(NO_NAME, None, 400)  # under a name that is not ours no page can be made
    code = error.code or 500
    if code == 401:
        return to_sign_in()
    if code < 400:
        return error
    response = page(code if code in SENTENCES else (400 if code < 500 else 500), code)
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def to_sign_in(*_: Any, **__: Any) -> ResponseReturnValue:
    """A stranger: to the sign-in page and then back to where he wanted to go."""
    if wants_json():
        return jsonify({"sentence": tell(say("Sign in first."))}), 401
    wanted = request.full_path.rstrip("?")
    back = wanted if request.method in SAFE_METHODS and wanted != "/" else None
    return redirect(url_for("security.login", next=back), 303)


def busy(error: Exception) -> Response:
    """The database does not answer now: locked, full, restarting."""
    response = page(503, 503, incident=incident(error))
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def broken(error: InternalServerError) -> Response:
    """A fault of ours."""
    return page(500, 500, incident=incident(error.original_exception or error))


def incident(error: BaseException) -> str:
    """Write the error down under a number that can be read out on the telephone."""
    number = written_down(
        error,
        request=g.get("request_id", ""),
        method=request.method,
        endpoint=request.endpoint,
    )
    # what failed may fail again while the page is made: no database, no account
    g._login_user = AnonymousUserMixin()
    return number


def page(shown: int, status: int, **values: Any) -> Response:
    """The page of an error, or its sentence as JSON; plain text when even the page fails."""
    sentence = SENTENCES[shown]
    number = values.get("incident")
    try:
        current_panel().db.session.rollback()
        if wants_json():
            body = {"sentence": tell(sentence), "incident": number}
            return make_response(jsonify(body), status)
        values |= {"code": status, "sentence": sentence, "at": now()}
        return make_response(render_template(f"errors/{shown}.html", **values), status)
    except Exception as error:
        LOG.error(json.dumps({"incident": number, "page": type(error).__name__}))
        return plain(sentence, number, status)


def plain(sentence: Sentence, number: str | None, status: int) -> Response:
    """A page that needs nothing: no template, no catalogue, no database."""
    response = make_response(f"{sentence} {number or ''}\n", status)
    response.mimetype = "text/plain"
    return response


def expired(error: CSRFError) -> ResponseReturnValue:
    """The form is older than its session: say so, and keep what was typed, never a password.

    Only what a page of our own site sent comes this far, so the new token is nobody else's gift.
    """
    if request.endpoint == "security.logout":
        return redirect("/", 303)
    if request.endpoint == "security.login" and not wants_json():
        flash(tell(say("The sign-in page was open for too long. Sign in once more.")), "error")
        return redirect(request.full_path.rstrip("?"), 303)
    if wants_json():
        return jsonify({"sentence": tell(say("The form has expired. Load the page again."))}), 400
    if request.headers.get("Origin") is None and "Sec-Fetch-Site" not in request.headers:
        return page(400, 400)
    kept = [
        (name, value)
        for name, values in request.form.lists()
        for value in values
        if not any(secret in name for secret in NEVER_KEPT)
    ]
    files = [name for name, file in request.files.items(multi=True) if file.filename]
    target = request.full_path.rstrip("?")
    return render_template("security/expired.html", kept=kept, files=files, target=target), 400
