"""The night's part for lists: files whose time is over, and what was worked out of files that went.

Each file goes by a deed of its own. The bytes are deleted after it is stored; a night that was cut
off between the two is made up for by the next one.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from flask import Flask, current_app
from sqlalchemy.orm import Session

from models.base import db
from models.erasure import erase_again as erase_person_again
from models.imports.retention import due, forget, gone, kept, naming, words_of
from models.roster_imports import RosterImport
from panel.changelog.layout import LogTables
from panel.changelog.records import deed
from panel.changelog.rules import Command
from panel.columns import now
from panel.plugin import Panel
from panel.screens.files import stored_files

from .data_subjects import PEOPLE
from .import_kept import shelf


def init_app(app: Flask) -> None:
    """Give the night its part, and an erasure after a restore the lists that came back with it."""
    panel: Panel = app.extensions["panel"]
    panel.nightly["Lists"] = tidy_lists
    panel.erase_again = erase_again


def erase_again(session: Session, log: LogTables, table: str, key: str) -> bool:
    """Erase once more whom a restore brought back, and let go of the lists that name the person.

    Whether anything was left; the caller commits, and the night's part deletes the content.
    """
    person = session.get(PEOPLE[table], int(key))
    if person is not None:
        region, words = person.region_id, words_of(person)
        forget(naming(session, stored_files(), shelf(), region, words))
        session.flush()
    return erase_person_again(session, log, table, key)


def tidy_lists(panel: Panel) -> str:
    """Delete the content of lists whose time is over; how many."""
    closed, open_ = (
        now() - timedelta(days=current_app.config[name]) for name in ("KEEP_LISTS", "KEEP_UPLOADS")
    )
    late = delete(list(gone(db.session())))
    numbers = due(db.session(), panel.log.tables, closed, open_)
    db.session.rollback()
    for number in numbers:
        with deed(
            "roster_import.forget",
            actor=Command("nightly"),
            subject=("roster_import", str(number)),
        ):
            record = db.session.get_one(RosterImport, number)
            key = record.file.key
            forget([record])
            db.session.commit()
        delete([key])
    clear()
    return f"the content of {len(numbers)} lists was deleted, of {late} late."


def clear() -> None:
    """Delete what was worked out of files that no import holds, and previews of closed ones."""
    open_ = {record.file.key: record.is_open for record in db.session.scalars(kept())}
    db.session.rollback()
    for key in shelf().held():
        if not open_.get(key):
            shelf().drop(key, book=key not in open_)


def delete(keys: Collection[str]) -> int:
    """Delete files that their records have let go of; how many were still there."""
    for key in keys:
        shelf().drop(key)
    return sum(map(stored_files().delete, keys))
