"""The end of files of lists: what of them goes when their time is over, or when a person is erased.

The content goes, and what was read of it; name, size and fingerprint stay, so that the log can tell
for ever which file an import came from. The store is told after the commit: `gone` says of what.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from panel.changelog.layout import LogTables
from panel.files.records import GONE, Damaged, Store
from panel.sheets.reading import WORKER
from panel.sheets.refusing import Unreadable
from panel.sheets.shelf import Shelf

from ..concrete import ProcessState
from ..files import StoredFile
from ..holds import LegalHold
from ..proposals import Proposal
from ..roster_imports import RosterImport
from .batches import book_of

#: Letters that a name has at least: fewer stand in half of all words.
SHORTEST = 4
_BETWEEN = r"[ .\-/]{0,2}"


def kept() -> sa.Select[tuple[RosterImport]]:
    """Imports whose file is there, with it."""
    rows = sa.select(RosterImport).join(RosterImport.file).options(joinedload(RosterImport.file))
    return rows.where(~StoredFile.key.startswith(GONE)).order_by(RosterImport.id)


def due(
    session: Session, log: LogTables, closed_before: datetime, open_before: datetime
) -> list[int]:
    """Imports that nothing was done with since then, nor with their proposal; none under a hold.

    A closed one without a proposal, or with one that is decided, and an open one have times of
    their own. While a legal hold stands in a region its files stay.
    """
    held = sa.select(LegalHold.region_id).where(LegalHold.lifted_at.is_(None))
    rows = kept().outerjoin(RosterImport.proposal).where(RosterImport.region_id.not_in(held))
    state = sa.exists().where(
        ProcessState.version_id == Proposal.process_version_id,
        ProcessState.code == Proposal.status,
        ProcessState.category.in_(("done", "cancelled")),
    )
    decided = sa.or_(RosterImport.proposal_id.is_(None), state)
    found = []
    for record in session.scalars(rows.where(decided)):
        before = open_before if record.is_open else closed_before
        if record.created_at < before and _last(session, log, record) < before:
            found.append(record.id)
    return found


def _last(session: Session, log: LogTables, record: RosterImport) -> datetime:
    """When something was done with an import or its proposal for the last time."""
    deed = log.deed.c
    about = [("roster_import", record.id), ("proposal", record.proposal_id)]
    moments = (
        session.scalar(
            sa.select(deed.at)
            .where(deed.subject_table == table, deed.subject_pk == str(key))
            .order_by(deed.seq.desc())
            .limit(1)
        )
        for table, key in about
    )
    return max((moment for moment in moments if moment is not None), default=record.created_at)


def forget(records: Iterable[RosterImport]) -> None:
    """Let go of the content of these files, and of what was typed into their cells; no commit."""
    for record in records:
        record.file.key = GONE + record.file.key
        record.mended = "{}"
        if record.is_open:
            record.stage = "discarded"


def gone(session: Session) -> Iterator[str]:
    """The keys under which nothing may lie any more."""
    keys = sa.select(StoredFile.key).where(StoredFile.key.startswith(GONE))
    for key in session.scalars(keys):
        yield key.removeprefix(GONE)


def words_of(person: Any) -> list[str]:
    """By what a text can name a person: name, other spellings, numbers."""
    aliases = getattr(person, "aliases", None) or ()
    if isinstance(aliases, str):
        spelled: Iterable[str] = (part.strip() for part in aliases.split(","))
    else:
        spelled = (alias.name for alias in aliases)
    numbers = (getattr(person, name, None) for name in ("nip", "phone"))
    return [text for text in (person.full_name, *spelled, *numbers) if text]


def naming(
    session: Session, store: Store, shelf: Shelf, region_id: int, words: Collection[str]
) -> list[RosterImport]:
    """Imports of a region whose file names a person, by number or by the whole name."""
    patterns = [one for one in map(_pattern, words) if one is not None]
    found = []
    for record in session.scalars(kept().where(RosterImport.region_id == region_id)):
        try:
            book = book_of(store, shelf, record, WORKER)
        except (Damaged, Unreadable):  # nothing can be read out of it any more
            continue
        texts = (*(sheet.rows.text() for sheet in book.sheets), record.mended)
        if any(one.search(text.casefold()) for text in texts for one in patterns):
            found.append(record)
    return found


def _pattern(word: str) -> re.Pattern[str] | None:
    """A name or a number as lists write it."""
    digits = "".join(filter(str.isdigit, word.removeprefix("+62")))
    if len(digits) > 8:
        return re.compile(_BETWEEN.join(digits))
    parts = word.casefold().split()
    if sum(map(len, parts)) < SHORTEST:
        return None
    name = r"[\s.,]+".join(map(re.escape, parts))
    return re.compile(rf"(?<!\w){name}(?!\w)")
