"""Theme and language of this browser: two cookies, set by a form, read by the server.

Open to everybody, also before signing in; nothing is written but the cookie.
"""

from __future__ import annotations

import re

from flask import Blueprint, abort, current_app, redirect, request
from flask.typing import ResponseReturnValue

from .language import LANGUAGES

THEMES = ("light", "dark")
PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
YEAR = 365 * 24 * 60 * 60

preferences = Blueprint("preferences", __name__)


@preferences.post("/preferences/")
def save() -> ResponseReturnValue:
    """Keep the chosen theme or language; "auto" follows the device again."""
    back = request.form.get("next", "/")
    response = redirect(back if PATH.fullmatch(back) else "/", 303)
    for name, known in (("theme", THEMES), ("language", tuple(LANGUAGES))):
        value = request.form.get(name)
        if value is None:
            continue
        if value == "auto":
            response.delete_cookie(name)
        elif value in known:
            response.set_cookie(
                name,
                value,
                max_age=YEAR,
                secure=current_app.config["SESSION_COOKIE_SECURE"],
                httponly=True,
                samesite="Lax",
            )
        else:
            abort(400)
    return response


def theme() -> str:
    """The theme chosen in this browser, or nothing: the device's own."""
    value = request.cookies.get("theme", "")
    return value if value in THEMES else ""
