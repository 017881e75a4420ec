"""What keeps the installation: stored files, the worker, backups, checkpoints, erasures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from ..backups.backing_up import BACKUP
from ..backups.erased import LIST, listed, unlisted
from ..changelog.anchoring import CHECKPOINT
from ..checkpointing import folder
from ..columns import now
from ..files.records import Damaged, FolderStore, Gone, read
from ..jobs import LOCK, is_held
from ..plugin import Panel
from ..words import Refused
from .saying import NOTE, Said, ok, serious, wrong

#: How old the newest backup may be, and the newest checkpoint.
BACKUP_AGE = timedelta(days=7)
CHECKPOINT_AGE = timedelta(days=2)
#: So many bad files are named.
NAMED = 5


def files(panel: Panel) -> Iterator[Said]:
    """Whether every stored file is there as it was handed in, and no other."""
    model = current_app.config.get("PANEL_FILE_RECORDS")
    if model is None:
        return
    store = FolderStore(Path(current_app.config["FILES_FOLDER"]))
    known, bad, gone = set(), [], 0
    with Session(panel.db.engine) as session:
        for record in session.scalars(sa.select(model).execution_options(yield_per=200)):
            known.add(record.key)
            try:
                read(store, record)
            except Gone:
                gone += 1
            except Damaged as damaged:
                bad.append(f"no. {record.id}: {damaged.sentence}")
    if bad:
        yield wrong(
            f"{len(bad)} of {len(known)} stored files are missing or damaged ("
            f"{' '.join(bad[:NAMED])}): take them from a backup, into {store.folder}."
        )
    else:
        rest = f"; {gone} more were deleted on purpose" if gone else ""
        yield ok(f"The {len(known) - gone} stored files are there as they were handed in{rest}.")
    orphans = len(list(store.orphans(known)))
    if orphans:
        yield Said(NOTE, f"{orphans} files in {store.folder} belong to no record; they do no harm.")


def worker(panel: Panel) -> Iterator[Said]:
    """Whether somebody does the night's work."""
    if is_held(Path(current_app.instance_path) / LOCK):
        yield ok("A worker runs.")
    else:
        yield serious(_production(), "No worker runs: start `flask worker` as a service.")


def backups(panel: Panel) -> Iterator[Said]:
    """Whether there is a backup of these days."""
    at = _newest(panel, BACKUP)
    if at is None:
        yield serious(_production(), "There is no backup yet: run `flask backup FILE`.")
    elif now() - at > BACKUP_AGE:
        days = (now() - at).days
        yield serious(_production(), f"The newest backup is {days} days old: run `flask backup`.")
    else:
        yield ok(f"The newest backup is of {at:%Y-%m-%d %H:%M} UTC.")


def checkpoints(panel: Panel) -> Iterator[Said]:
    """Whether the log has left the machine by a checkpoint of these days."""
    at = _newest(panel, CHECKPOINT)
    if at is None or now() - at > CHECKPOINT_AGE:
        last = f"The newest checkpoint is of {at:%Y-%m-%d}" if at else "There is no checkpoint yet"
        yield serious(_production(), f"{last}: run `flask worker`, or `flask log checkpoint`.")
    else:
        yield ok(f"The newest checkpoint is of {at:%Y-%m-%d %H:%M} UTC.")


def erasures(panel: Panel) -> Iterator[Said]:
    """Whether the list of erasures outlives the database."""
    try:
        count, missing = len(listed(folder())), len(unlisted(panel, folder()))
    except Refused as refused:
        yield wrong(str(refused.sentence))
        return
    if missing:
        yield wrong(
            f"{missing} erasures are not in {folder() / LIST}: a restore would bring the persons "
            "back. Run `flask nightly`."
        )
    else:
        yield ok(f"The list of erasures is whole, {count} lines.")


def _newest(panel: Panel, action: str) -> datetime | None:
    deed = panel.log.tables.deed
    query = sa.select(deed.c.at).where(deed.c.action == action).order_by(deed.c.seq.desc())
    with panel.db.engine.connect() as connection:
        found: datetime | None = connection.scalar(query.limit(1))
        return found


def _production() -> bool:
    return bool(current_app.config.get("PRODUCTION"))
