"""Style sheet, script and icons under one address each; the address changes with the content.

So a browser may keep them for a year and still never shows an old one.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory, url_for

FOLDER = Path(__file__).parent / "static"
YEAR = 365 * 24 * 60 * 60

assets = Blueprint("panel", __name__)


@cache
def version(filename: str) -> str:
    """The first digits of the content's SHA-256."""
    return sha256((FOLDER / filename).read_bytes()).hexdigest()[:12]


def static_url(filename: str) -> str:
    """The address of a file of the theme, with its version."""
    return url_for("panel.static", filename=filename, v=version(filename))


@assets.get("/static/panel/<path:filename>")
def static(filename: str) -> Response:
    """A file of the theme; kept for a year when it was asked for by its version."""
    response = send_from_directory(FOLDER, filename)
    if request.args.get("v") == version(filename):
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.max_age = YEAR
        response.cache_control.immutable = True
    return response
