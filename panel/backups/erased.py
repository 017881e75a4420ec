"""The list of lawful erasures, outside of the database: a restore must bring nobody back.

It lies beside the checkpoints, one line for each erasure, and holds hashes alone: the digest of the
change by which the person's record came to be. Who has the list learns nobody's name or number;
who restores a backup finds in it the record that must be erased again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from ..changelog.chain import ERASE
from ..changelog.deeds import deed
from ..changelog.entries import Record, among
from ..changelog.layout import LogTables
from ..changelog.rules import Command, Row
from ..changelog.stored import row_columns
from ..plugin import Panel
from ..words import Refused, say

#: Name of the list in the folder of the checkpoints.
LIST = "erasures.jsonl"


def listed(folder: Path) -> list[dict[str, Any]]:
    """The erasures of the list; `Refused` when it is damaged, for then somebody might come back."""
    path = folder / LIST
    try:
        return [_read(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise Refused(
            "state", say("%(file)s cannot be read (%(cause)s).", file=path, cause=error.strerror)
        ) from None
    except (ValueError, KeyError, TypeError):
        raise Refused(
            "guard", say("%(file)s is damaged: take it from where it is copied to.", file=path)
        ) from None


def _read(line: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(line)
    if len(found["subject"]) != 64:
        raise ValueError
    return found


def list_erasures(panel: Panel, folder: Path) -> int:
    """Add every erasure that the log tells of and the list does not; how many those were."""
    new = unlisted(panel, folder)
    if not new:
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / LIST, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("".join(json.dumps(one, sort_keys=True) + "\n" for one in new))
        file.flush()
        os.fsync(file.fileno())
    return len(new)


def unlisted(panel: Panel, folder: Path) -> list[dict[str, Any]]:
    """The erasures that the log tells of and the list does not."""
    known = {one["subject"] for one in listed(folder)}
    with panel.db.engine.connect() as connection:
        return [one for one in _told(connection, panel) if one["subject"] not in known]


def _told(connection: Connection, panel: Panel) -> Iterator[dict[str, Any]]:
    found = _erasures(connection, panel)
    records = [(one["table"], one["pk"]) for one in found]
    beginnings = {
        record: digest for digest, record in _beginnings(connection, panel.log.tables, records)
    }
    for one in found:
        digest = beginnings.get((one["table"], one["pk"]))
        if digest is not None:
            yield {"subject": digest, "deed": one["seq"], "at": one["at"].isoformat()}


def _erasures(connection: Connection, panel: Panel) -> list[Any]:
    """The erasures that the log tells of: seq, at, table and pk of each."""
    deeds = panel.log.tables.deed
    columns = (deeds.c.subject_table.label("table"), deeds.c.subject_pk.label("pk"))
    query = sa.select(deeds.c.seq, deeds.c.at, *columns)
    query = query.where(deeds.c.action == ERASE, deeds.c.subject_table.in_(panel.persons))
    return list(connection.execute(query.order_by(deeds.c.seq)).mappings())


def _beginnings(
    connection: Connection, tables: LogTables, records: list[Record] | None, kinds: Any = ()
) -> Iterator[tuple[str, Record]]:
    """The digest of the change by which each record came to be; of all of `kinds` for none."""
    change = tables.change
    wanted = among(change.c.tbl, change.c.pk, records or ())
    if records is None:
        wanted = change.c.tbl.in_(kinds)
    query = sa.select(*row_columns(change)).where(wanted, change.c.op == "I")
    for values in connection.execute(query.order_by(change.c.id)):
        row = Row._make(values)
        yield row.digest().hex(), (row.tbl, row.pk)


def erase_listed(panel: Panel, folder: Path, why: str) -> list[int]:
    """Erase again whoever stands in the list and is there all the same; the deeds of the first one.

    Whose erasure the log tells of is left alone: what came into that record later is another's.
    Each in a deed of its own that gives `why` as its reason.
    """
    wanted = {one["subject"]: one for one in listed(folder)}
    if not wanted or panel.erase_again is None:
        return []
    engine, tables = panel.db.engine, panel.log.tables
    with engine.connect() as connection:
        beginnings = _beginnings(connection, tables, None, panel.persons)
        told = {(one["table"], one["pk"]) for one in _erasures(connection, panel)}
        found = [
            (wanted[digest], record)
            for digest, record in beginnings
            if digest in wanted and record not in told
        ]
    again = []
    for one, (table, key) in found:
        with (
            deed(ERASE, actor=Command("restore"), subject=(table, key), reason=why) as act,
            Session(engine) as session,
        ):
            act.details = {"first_erased_by": one["deed"]}
            if panel.erase_again(session, tables, table, key):
                session.commit()
                again.append(int(one["deed"]))
            else:
                session.rollback()
    return again
