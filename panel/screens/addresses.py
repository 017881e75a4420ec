"""Addresses of the screens' own pages; a list has a hundred of them, so they are put together here.

Flask knows where a page lies, and is asked once in a request for each; what is asked of a page is
written behind that as Werkzeug writes it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

from flask import current_app, g, request, url_for

#: Values in addresses whose spelling is kept: the way back to a list stands in all of its rows.
KEPT = 4096
#: Signs that stand in a query as they are.
PLAIN = "!$'()*,/:;?@"


def address(endpoint: str, **values: Any) -> str:
    """What `url_for` gives for `endpoint`, "." before it for the present screen."""
    pages: dict[str, str] = g.setdefault("panel_pages", {})
    if endpoint not in pages:
        pages[endpoint] = _page(endpoint)
    page = pages[endpoint]
    if not page or any(name[0] == "_" or isinstance(v, list) for name, v in values.items()):
        return url_for(endpoint, **values)
    asked = [f"{name}={spelled(str(v))}" for name, v in values.items() if v is not None]
    return f"{page}?{'&'.join(asked)}" if asked else page


def _page(endpoint: str) -> str:
    """Where a page lies; nothing where that depends on what is asked of it."""
    name = f"{request.blueprint}{endpoint}" if endpoint.startswith(".") else endpoint
    varies = any(rule.arguments for rule in current_app.url_map.iter_rules(name))
    return "" if varies else url_for(endpoint)


@lru_cache(maxsize=KEPT)
def spelled(text: str) -> str:
    """A value as it stands in an address."""
    return quote_plus(text, safe=PLAIN)
