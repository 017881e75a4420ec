"""The seal: at commit one row of `deed` is written over the rows that its transaction captured.

The rows are summed before the chain is locked; number and link are taken under the lock.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy import Connection

from .covering import look
from .deeds import OpenDeed
from .prepared import Prepared
from .rules import Link, canonical, text_of_moment
from .stored import LINK


class NoKey(LookupError):
    """The key by which the log is sealed at present is not among those of the settings."""


def seal(
    connection: Connection,
    change: sa.Table,
    deed: sa.Table,
    act: OpenDeed,
    id: int,
    keys: Mapping[str, bytes],
) -> bool:
    """Write the deed; False when it changed nothing and need not be kept.

    `keys` by their short names: the first one begins a log, from then on a deed names the next.
    """
    sums, head = look(connection, change, deed, id)
    if not sums.n and not act.always:
        return False
    seq, prev, key_id = head
    key_id = key_id or next(iter(keys))
    if key_id not in keys:
        raise NoKey(f"the log is sealed with the key {key_id}, which the settings do not give")
    words = act.personal()
    link = Link(
        seq=seq + 1,
        id=id,
        action=act.action,
        subject_table=act.subject[0] if act.subject else None,
        subject_pk=str(act.subject[1]) if act.subject else None,
        actor_id=act.actor.id,
        actor_kind=act.actor.kind,
        acting_for_id=act.acting_for,
        request_id=act.request_id,
        scope=act.scope,
        at=text_of_moment(datetime.now(UTC)),
        details=canonical(act.details),
        personal=canonical(words) if words else None,
        salt=secrets.token_hex(16) if words else None,
        erased=None,
        n=sums.n,
        last=sums.last,
        rows=sums.rows,
        prev=prev,
        key_id=key_id,
    )
    values = {name: getattr(link, name) for name in LINK}
    _inserting(deed).run(connection, **values, mac=link.mac(keys[key_id]))
    return True


@cache
def _inserting(deed: sa.Table) -> Prepared:
    kinds = {name: sa.Text() if name == "at" else deed.c[name].type for name in (*LINK, "mac")}
    given = {name: sa.bindparam(name, type_=kind) for name, kind in kinds.items()}
    return Prepared(sa.insert(deed).values(given))
