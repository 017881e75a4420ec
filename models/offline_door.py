"""A page for a hall without network: what it may carry, and what comes back from it.

Pure. The page holds names, numbers and hashes of codes, and a secret of its own by which it chains
its rows. Whoever holds the page can make rows, so a good chain proves no more than that a file is
whole and of that page: it becomes a proposal, never a mark.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from panel.words import Refused, say

from .attendance import PARTIES
from .check_ins import WAYS

FORMAT = "door-1"
#: Rounds of the hash of a code: a few hundredths of a second on a cheap telephone.
ROUNDS = 2048
#: Largest file, and most rows in it.
LARGEST, MOST_ROWS = 1024 * 1024, 4000
#: Moments beyond this, in milliseconds, are no moments of this century.
LAST = 4_102_444_800_000

NOT_OURS = say("This is not the export of a page of this installation. Choose the .json file.")


@dataclass(frozen=True)
class Page:
    """A page that was handed out: its name, for which part, to whom, and for which station."""

    name: str
    part: int
    account: int
    station: str
    token: str
    #: By which it chains its rows and hides the codes.
    secret: str


@dataclass(frozen=True)
class Row:
    """One check-in of a page."""

    number: int
    participation: int
    party: str
    way: str
    at: datetime


def issue(key: bytes, part: int, account: int, station: str) -> Page:
    """A new page, signed."""
    facts = {"n": secrets.token_hex(8), "p": part, "a": account, "s": station}
    body = urlsafe_b64encode(json.dumps(facts, separators=(",", ":")).encode()).decode()
    page = opened(key, f"{body}.{_signed(key, body)}")
    assert page is not None
    return page


def opened(key: bytes, token: object) -> Page | None:
    """The page that a token names, or None: it is not signed by this installation."""
    body, _, mac = str(token)[:1000].partition(".")
    if not (mac.isascii() and hmac.compare_digest(_signed(key, body), mac)):
        return None
    facts = json.loads(urlsafe_b64decode(body))
    token = f"{body}.{mac}"
    secret = hmac.new(key, f"page {token}".encode(), hashlib.sha256).hexdigest()
    return Page(facts["n"], facts["p"], facts["a"], facts["s"], token, secret)


def _signed(key: bytes, body: str) -> str:
    return hmac.new(key, f"issued {body}".encode(), hashlib.sha256).hexdigest()[:32]


def hidden(page: Page, code: str) -> str:
    """A code as the page knows it."""
    made = hashlib.pbkdf2_hmac("sha256", code.encode(), page.secret.encode(), ROUNDS)
    return made[:12].hex()


def linked(page: Page, before: str, *values: object) -> str:
    """The link of the chain after `before`."""
    said = "|".join((before, *map(str, values)))
    return hmac.new(page.secret.encode(), said.encode(), hashlib.sha256).hexdigest()


def exported(page: Page, rows: Iterable[tuple[int, str, str, int]]) -> dict[str, Any]:
    """What the page writes into its file; rows as participation, party, way, milliseconds."""
    last, lines = page.token, []
    for number, row in enumerate(rows, 1):
        last = linked(page, last, number, *row)
        lines.append([*row, last])
    end = linked(page, last, "end", len(lines))
    return {"format": FORMAT, "page": page.token, "rows": lines, "end": end}


def read_export(key: bytes, data: bytes) -> tuple[Page, list[Row]]:
    """Page and rows of a file; `Refused` for what is not ours, not whole, or was changed."""
    if len(data) > LARGEST:
        raise Refused("field", say("This file is too large for an export of the page."), "file")
    try:
        told = json.loads(data.decode())
        lines, end = told["rows"], told["end"]
        page = opened(key, told["page"]) if told["format"] == FORMAT else None
    except (ValueError, TypeError, KeyError, RecursionError):
        page = None
    if page is None or not isinstance(lines, list) or len(lines) > MOST_ROWS:
        raise Refused("field", NOT_OURS, "file")
    last, rows = page.token, []
    for number, line in enumerate(lines, 1):
        row = _row(page, last, number, line)
        if row is None:
            sentence = say(
                "This file is not as the page wrote it: from row %(row)s on it was changed, or "
                "rows are missing. Export it once more.",
                row=number,
            )
            raise Refused("field", sentence, "file")
        rows.append(row)
        last = line[4]
    if not _same(linked(page, last, "end", len(lines)), end):
        sentence = say("This file is not as the page wrote it: its end is missing or was changed.")
        raise Refused("field", sentence, "file")
    return page, rows


def _row(page: Page, last: str, number: int, line: Any) -> Row | None:
    """A row that is linked to the one before it, or None."""
    if not (isinstance(line, list) and len(line) == 5):
        return None
    person, party, way, at, link = line
    if not (type(person) is int and type(at) is int and party in PARTIES and way in WAYS):
        return None
    if not _same(linked(page, last, number, person, party, way, at), link) or not 0 <= at < LAST:
        return None
    return Row(number, person, party, way, datetime.fromtimestamp(at / 1000, UTC))


def _same(one: str, other: object) -> bool:
    return isinstance(other, str) and other.isascii() and hmac.compare_digest(one, other)
