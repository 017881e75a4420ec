"""What every request passes before a screen sees it, and what every answer carries.

In this order: a request id, what no honest browser sends, the request's origin, the CSRF token.
Answers carry the headers also when they are errors.
"""

from __future__ import annotations

import re
import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request
from flask_wtf import CSRFProtect

#: The largest number that a key of a record can have: PostgreSQL asks for no larger one.
MOST = 2**31 - 1
#: Numbers in paths that are the log's own, which go on to 64 bits: how many deeds a checkpoint has.
LONG, LONGEST = frozenset({"size"}), 10**18 - 1

#: A path of our own: one slash, no second one, no backslash, blank or control character.
OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
REDIRECTS = ("url", "next")
COUNT = re.compile(r"[0-9]{1,6}")
COUNTS = ("page", "page_size", "sort", "desc")
#: Keys in addresses: numbers that every database can hold.
KEY = re.compile(r"[0-9]{1,18}")
KEYS = ("before", "actor")

#: Largest request: a piece of evidence of 10 MB and its form.
LARGEST = 12 * 1024 * 1024
#: Largest form without its files: a text of a megabyte reaches the field that refuses it by name.
LARGEST_FORM = 4 * 1024 * 1024
#: Fields of a form; a body of nothing but fields would keep a worker busy for seconds.
MOST_FIELDS = 5_000

#: `app.config` key: endpoints that take larger requests, and how large, in bytes.
LARGER = "PANEL_LARGER_REQUESTS"

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def init_app(app: Flask) -> None:
    """Stand before everything else of `app`: call it first, sign-in comes after."""
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    app.config.setdefault(LARGER, {})
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_FORM
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # the token lives as long as its session
    app.config["WTF_CSRF_SSL_STRICT"] = False  # asks for a Referer; the Origin check is stricter
    app.before_request(begin)
    app.before_request(refuse_endless)
    app.before_request(refuse_malformed)
    app.before_request(refuse_foreign)
    CSRFProtect(app)
    app.after_request(add_headers)


def begin() -> None:
    """Give the request its id, and the room that its page needs; nobody acts yet."""
    request.max_content_length = current_app.config[LARGER].get(request.endpoint, LARGEST)
    g.request_id = secrets.token_hex(8)
    g.actor = None


def is_own_path(target: str) -> bool:
    """Whether a redirect to `target` stays on this site, in every browser."""
    return OWN_PATH.fullmatch(target) is not None


def refuse_endless() -> None:
    """413 for a form of more fields than any page has, before they are taken apart."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return  # the parts of other forms are counted where they are read
    if (request.content_length or 0) > LARGEST_FORM:
        abort(413)
    if request.get_data().count(b"&") >= MOST_FIELDS:
        abort(413)


def refuse_malformed() -> None:
    """400 or 415 for what no page of ours sends; 404 for keys that no record can have."""
    if request.is_json:  # forms are all that is read; a reader of JSON would walk around this
        abort(415)
    values, args = request.values, request.args
    texts = [request.path, *values.keys(), *(v for vs in values.listvalues() for v in vs)]
    if any("\x00" in text for text in texts):
        abort(400)
    for name in REDIRECTS:
        if any(target and not is_own_path(target) for target in values.getlist(name)):
            abort(400)
    for names, shape in ((COUNTS, COUNT), (KEYS, KEY)):
        given = [text for name in names for text in args.getlist(name)]
        if any(text and not shape.fullmatch(text) for text in given):
            abort(400)
    if any(text.isdecimal() and int(text[:20]) > MOST for text in args.getlist("id")):
        abort(404)
    keys = {name: key for name, key in (request.view_args or {}).items() if isinstance(key, int)}
    if any(key > (LONGEST if name in LONG else MOST) for name, key in keys.items()):
        abort(404)


def number(text: str | None) -> int | None:
    """A whole number that every database holds; of anything else a number that nobody has."""
    if text is None:
        return None
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else -1


def refuse_foreign() -> None:
    """403 for an unsafe request that a page of another site sent."""
    if request.method not in SAFE_METHODS and not is_own_origin():
        abort(403)


def is_own_origin() -> bool:
    """Whether the browser says that a page of this site sent the request; programs say nothing."""
    origin = request.headers.get("Origin")
    if origin is not None:
        try:
            return urlsplit(origin).netloc == request.host
        except ValueError:  # no browser sends such a thing
            return False
    return request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}


def is_asset() -> bool:
    """Whether a file is asked for that is the same for everybody."""
    return (request.endpoint or "").rpartition(".")[2] == "static"


def add_headers(response: Response) -> Response:
    """Closed by default: no frames, no foreign scripts, nothing kept of a page with data."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if not is_asset():
        response.headers["Cache-Control"] = "no-store"
    response.headers["X-Request-Id"] = g.get("request_id", "")
    return response
