"""Arithmetic of the change log: canonical JSON, commitments, digests of rows, links of the chain.

Pure, and small enough to be written again by somebody who does not trust this program. Rows of
the log are hashed as they are stored; canonical JSON (RFC 8785 without fractions) is for what a
deed says of itself and for snapshots.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple, Protocol

#: What stands in the log for the value of a secret.
MARK = "***"
#: What the first deed has for the link before it.
GENESIS = "0" * 64
#: Action of the deed that names the key by which all later ones are sealed.
ROTATE = "log.rotate-key"
#: Largest whole number that every reader of JSON takes exactly.
_EXACT = 2**53 - 1


class Actor(Protocol):
    """Who acts, as far as the log must know."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True)
class Command:
    """The system acting by itself, under the name of its command."""

    name: str
    id: int = 0
    kind: str = "command"


def canonical(value: object) -> str:
    """The one JSON text of `value`: null, booleans, whole numbers, text, lists and objects."""
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _ordered(value: object) -> object:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        if abs(value) > _EXACT:
            raise ValueError("canonical JSON holds whole numbers up to 2**53 - 1; use text")
        return value
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("canonical JSON has text for its keys")
        # RFC 8785 sorts by UTF-16 units, which differs from Python's order beyond U+FFFF
        return {key: _ordered(value[key]) for key in sorted(value, key=_utf16)}
    raise TypeError(f"canonical JSON cannot hold {type(value).__name__}")


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")


def text_of_moment(moment: datetime) -> str:
    """An aware moment as the log writes it, in UTC: ``2025-11-18T01:02:03.004Z``."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def commitment(personal: str | None, salt: str | None, erased: str | None) -> bytes:
    """What a digest covers in place of personal values, so that they can be erased later.

    Of an erased row what was left, and never that where values stand in it again.
    """
    if personal is None and salt is None:
        return bytes(32) if erased is None else bytes.fromhex(str(erased))
    return hashlib.sha256(f"{erased or ''}{salt or ''}{personal or ''}".encode()).digest()


def digest_of(data: object) -> bytes:
    """What a digest covers of a row's plain values, so that they can be archived later."""
    return hashlib.sha256(str(data).encode()).digest()


class Row(NamedTuple):
    """A row of the log, every value as stored; moments and JSON stay text."""

    id: int
    deed_id: int | None
    tbl: str
    op: str
    scope: str | None
    at: str
    who: str | None
    tx: str | None
    pk: str
    data: str
    personal: str | None
    salt: str | None
    erased: str | None
    #: Digest of `data` where that has gone into an archive.
    archived: str | None = None

    def digest(self) -> bytes:
        """SHA-256 over head, data and commitment; the key stands last, for it is free text."""
        [(_, found)] = digests((self,))
        return found


def digests(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, bytes]]:
    """Number and digest of each row; of its values, which need not have been made into a `Row`.

    One loop, for bulk writes spend a good part of their time here.
    """
    sha, nothing = hashlib.sha256, bytes(32)
    for row in rows:
        id, deed_id, tbl, op, scope, at, who, tx, pk, data, personal, salt, erased, archived = row
        # as text throughout: SQLite may hold anything in a tampered row, and that is a difference
        claimed = "" if deed_id is None else deed_id
        head = (
            f"{id}\x1f{claimed}\x1f{tbl}\x1f{op}\x1f{scope or ''}\x1f{at}"
            f"\x1f{who or ''}\x1f{tx or ''}\x1f{pk}"
        ).encode()
        if archived is None:
            values = sha(str(data).encode()).digest()
        else:
            values = bytes.fromhex(str(archived))
        if personal is None and salt is None and erased is None:
            persons = nothing
        elif erased is None:
            persons = sha(f"{salt or ''}{personal or ''}".encode()).digest()
        else:
            persons = commitment(personal, salt, erased)
        yield id, sha(head + values + persons).digest()


class Rows:
    """A growing digest of rows: how many, the last one's number, and all of them."""

    def __init__(self) -> None:
        self.n = 0
        self.last = 0
        self._sum = hashlib.sha256()

    def add(self, row: Row) -> None:
        """Take in the next row; rows come in the order of their numbers."""
        self.extend((row,))

    def extend(self, rows: Iterable[Sequence[Any]]) -> None:
        """The same for the values of many rows."""
        update, n, last = self._sum.update, self.n, self.last
        for id, digest in digests(rows):
            update(digest)
            n, last = n + 1, id
        self.n, self.last = n, last

    def take(self, id: int, digest: bytes) -> None:
        """The same for a row of which only the digest is at hand."""
        self.n += 1
        self.last = id
        self._sum.update(digest)

    @property
    def digest(self) -> str:
        """The digest of the rows so far, in hexadecimal."""
        return self._sum.hexdigest()


@dataclass(frozen=True)
class Link:
    """A deed as the chain sees it: every stored value that its seal covers."""

    seq: int
    id: int
    action: str
    subject_table: str | None
    subject_pk: str | None
    actor_id: int
    actor_kind: str
    acting_for_id: int | None
    request_id: str
    scope: str | None
    at: str
    details: str
    personal: str | None
    salt: str | None
    erased: str | None
    n: int
    last: int
    rows: str
    prev: str
    key_id: str

    def meta(self) -> str:
        """What the deed says of itself, in canonical JSON; ids as text, for they are large."""
        return canonical(
            {
                "action": self.action,
                "subject": [self.subject_table, self.subject_pk],
                "actor": [self.actor_kind, str(self.actor_id)],
                "acting_for": None if self.acting_for_id is None else str(self.acting_for_id),
                "request": self.request_id,
                "scope": self.scope,
                "at": self.at,
                "details": self.details,
                "personal": commitment(self.personal, self.salt, self.erased).hex(),
                "key": self.key_id,
            }
        )

    @cached_property
    def text(self) -> str:
        """What is sealed: number, link before, digest of meta, and the rows."""
        meta = hashlib.sha256(self.meta().encode()).hexdigest()
        return "|".join(
            (str(self.seq), self.prev, str(self.id), meta, str(self.n), str(self.last), self.rows)
        )

    def mac(self, key: bytes) -> str:
        """The seal: HMAC-SHA-256 over `text`, in hexadecimal."""
        return hmac.new(key, self.text.encode(), hashlib.sha256).hexdigest()

    def leaf(self, mac: str) -> bytes:
        """The deed as a leaf of the tree whose root a checkpoint holds (RFC 6962)."""
        return hashlib.sha256(b"\x00" + f"{self.text}|{mac}".encode()).digest()


def next_key(action: str, details: str, key_id: str) -> str:
    """Name of the key that seals after a deed: its own, or the one that it passed on to."""
    if action != ROTATE:
        return key_id
    try:
        return str(json.loads(details)["key"])
    except (TypeError, ValueError, KeyError):  # altered since: its own seal is broken, too
        return key_id


def key_id(key: bytes) -> str:
    """A short name of a key that does not give it away."""
    return hashlib.sha256(b"jenjang key" + key).hexdigest()[:16]
