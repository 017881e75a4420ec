"""How the last verification ended, kept as a deed: sealed like any other, so nobody forges it.

Who owns the database alone can write no such deed, for its seal needs a key that is not in there;
the point from which the next verification goes on is signed by the key of the checkpoints as well.
What he can do is take the newest deeds away: checkpoints that were kept outside show that.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine

from ..carried import carried, told
from ..words import Refused
from .anchoring import begun
from .chain import Finding
from .checkpoints import Checkpoint, read
from .deeds import note
from .entries import owned
from .layout import LogTables
from .rules import Actor, Link, text_of_moment
from .stored import link_columns
from .verify import Point, Report

#: Action of the deed that tells how a verification ended.
VERIFY = "log.verify"


@dataclass(frozen=True)
class Standing:
    """The newest verification: what it found, and what came since."""

    #: Number of its deed, none where the log was never verified.
    seq: int | None = None
    at: datetime | None = None
    #: Whether the seal of its deed holds; only then is anything else of it worth reading.
    sealed: bool = True
    findings: tuple[Finding, ...] = ()
    #: When the first of them was found.
    found_at: datetime | None = None
    #: When everything was looked at and found sound for the last time.
    whole_at: datetime | None = None
    deeds: int = 0
    changes: int = 0
    #: The checkpoint of the point, as it is signed; "" where it was not sound.
    signed: str = ""
    #: Number of the newest change then.
    change: int = 0
    #: How many deeds the log has now, and the first change of no deed, if there is any.
    newest: int = 0
    stray: int | None = None

    @property
    def sound(self) -> bool:
        """Whether it was verified, and nothing was found."""
        return self.seq is not None and self.sealed and not self.findings and self.stray is None

    def point(self, key: Ed25519PrivateKey) -> Point | None:
        """Where the next verification may go on: only from what this installation signed itself."""
        if not (self.sealed and self.signed) or self.findings:
            return None
        try:
            found = read(self.signed, key.public_key())
        except Refused:
            return None
        return Point(found.size, found.root, self.change)


def keep(
    engine: Engine,
    tables: LogTables,
    report: Report,
    before: Standing,
    key: Ed25519PrivateKey,
    actor: Actor,
    **facts: Any,
) -> None:
    """Leave the deed that tells how a verification ended; `before` is how the one before did."""
    moment = datetime.now(UTC)
    details: dict[str, object] = {"deeds": report.deeds, "changes": report.changes}
    if report.sound and report.point is not None:
        with engine.connect() as connection:
            known = begun(connection, tables)
        assert known is not None, "only a log that has begun is kept account of"
        at = Checkpoint(known[0], report.point.size, report.point.root, moment)
        whole = moment if report.since is None else before.whole_at or moment
        details |= {
            "checkpoint": at.signed(key),
            "change": report.point.change,
            "whole_at": text_of_moment(whole),
        }
    else:
        same = before.sealed and before.findings[:1] == _plain(report.findings[:1])
        found_at = before.found_at if same and before.found_at else moment
        details |= {
            "findings": [_packed(one) for one in report.findings],
            "found_at": text_of_moment(found_at),
        }
        if before.sealed and before.whole_at:
            details["whole_at"] = text_of_moment(before.whole_at)
    note(engine, VERIFY, actor=actor, details=details, **facts)


def standing(connection: Connection, tables: LogTables, keys: Mapping[str, bytes]) -> Standing:
    """How the log stands by its newest verification: one statement, however long the log is."""
    deed, change = tables.deed, tables.change
    latest = (
        sa.select(*link_columns(deed), deed.c.mac)
        .where(deed.c.action == VERIFY)
        .order_by(deed.c.seq.desc())
        .limit(1)
        .subquery("latest")
    )
    source, seq = owned(tables)
    newest = sa.select(sa.func.max(deed.c.seq)).scalar_subquery()
    stray = sa.select(sa.func.min(change.c.id)).select_from(source)
    stray = stray.where(change.c.deed_id.is_(None), seq.is_(None))
    one = sa.select(newest.label("newest"), stray.scalar_subquery().label("stray")).subquery("one")
    query = sa.select(one, latest).outerjoin_from(one, latest, sa.true())
    count, first, *values, mac = connection.execute(query).one()
    now = Standing(newest=count or 0, stray=first)
    if mac is None:
        return now
    link = Link(*values)
    now = replace(now, seq=link.seq)
    try:
        key = keys[link.key_id]
        if not hmac.compare_digest(link.mac(key), mac):
            return replace(now, sealed=False)
        return _read(now, link)
    except (KeyError, TypeError, ValueError):  # a key that is not ours, or values of no trigger
        return replace(now, sealed=False)


def _read(now: Standing, link: Link) -> Standing:
    details = json.loads(link.details)
    return replace(
        now,
        at=datetime.fromisoformat(link.at),
        findings=tuple(_unpacked(one) for one in details.get("findings", ())),
        found_at=_moment(details.get("found_at")),
        whole_at=_moment(details.get("whole_at")),
        deeds=int(details["deeds"]),
        changes=int(details["changes"]),
        signed=str(details.get("checkpoint", "")),
        change=int(details.get("change", 0)),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _packed(one: Finding) -> dict[str, object]:
    places = {"seq": one.seq, "table": one.table, "pk": one.pk, "field": one.field}
    kept = {name: value for name, value in places.items() if value is not None}
    return {"kind": one.kind, "sentence": carried(one.sentence), **kept}


def _unpacked(packed: Mapping[str, Any]) -> Finding:
    return Finding(**{**packed, "sentence": told(packed["sentence"])})


def _plain(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Findings as they come back from the log."""
    return tuple(_unpacked(_packed(one)) for one in findings)
