"""One file from the upload to its proposal: handed in, read again, mapped, proposed.

The file lies in the store as it came, and what was read of it on a shelf beside it: a page maps it
into memory and lays what was mended over it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from panel.access.rules import Actor
from panel.files.names import display_name
from panel.files.records import Store, read
from panel.sheets import reading
from panel.sheets.cells import Book, Sheet
from panel.sheets.headings import Headings, headings
from panel.sheets.reading import PAGE, Limits
from panel.sheets.refusing import Later
from panel.sheets.shelf import Shelf

from ..files import StoredFile
from ..queries import in_scope
from ..roster_imports import ImportMapping, RosterImport, as_json
from ..training import AgendaItem
from .checking import Reading
from .fields import FIELDS, synonyms_of

MEDIA_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv",
    "pasted": "text/tab-separated-values",
}


def parsed(data: bytes, name: str, *, pasted: bool = False, limits: Limits = PAGE) -> Book:
    """The book in these bytes; raises `Unreadable` with the way to mend the file."""
    if pasted:
        return reading.pasted(data.decode("utf-8"), limits=limits)
    return reading.read(data, name, limits=limits)


def hand_in(
    session: Session,
    store: Store,
    shelf: Shelf,
    data: bytes,
    name: str,
    *,
    kind: str,
    region_id: int,
    account_id: int,
    pasted: bool = False,
    part: AgendaItem | None = None,
    limits: Limits = PAGE,
    served: bool = False,
) -> RosterImport:
    """A new import of this file, with its columns as they are guessed; the caller commits.

    A file beyond `limits` is kept unread where a worker will read it (`served`), else refused.
    """
    book: Book | None = None
    try:
        book = parsed(data, name, pasted=pasted, limits=limits)
        told = str(book.kind)
    except Later as later:
        if not served:
            raise
        told = later.kind
    media_type = MEDIA_TYPES["pasted" if pasted else told]
    file = StoredFile(
        region_id=region_id,
        key=store.put(data),
        name=display_name(name, media_type),
        media_type=media_type,
        size=len(data),
        sha256=sha256(data).hexdigest(),
    )
    made = RosterImport(
        kind=kind,
        region_id=region_id,
        created_by_id=account_id,
        file=file,
        agenda_item=part if kind == "attendance" else None,
    )
    if book is not None:
        shelf.keep(file.key, book)
        choose_sheet(session, made, best_sheet(book, kind))
    session.add(made)
    session.flush()
    return made


def best_sheet(book: Book, kind: str) -> Sheet:
    """The sheet whose headings say most; a hidden one only where no other says anything."""
    known = synonyms_of(kind)
    filled = [sheet for sheet in book.sheets if sheet.rows]
    if len(filled) == 1:
        return filled[0]

    def worth(sheet: Sheet) -> tuple[bool, int, int]:
        found = headings(sheet, known)
        return not sheet.hidden, len(found.columns), len(found.data_rows)

    return max(filled, key=worth)


def choose_sheet(
    session: Session, record: RosterImport, sheet: Sheet, rows: tuple[int, int] | None = None
) -> Headings:
    """Take this sheet, and its columns as they were read before or as they are guessed."""
    found = headings(sheet, synonyms_of(record.kind), rows=rows)
    before = remembered(session, record, found.labels)
    record.sheet = sheet.name
    record.first_heading, record.last_heading = found.first_row, found.last_row
    record.columns = as_json(before if before is not None else one_cell(found.columns))
    record.mended = record.answers = "{}"
    record.counts, record.stage = None, "uploaded"
    return found


def one_cell(columns: Mapping[str, int]) -> dict[str, int]:
    """Columns of which one holds name and NIP together."""
    told = dict(columns)
    if "name" in told and told.get("name") == told.get("nip"):
        told["name_nip"] = told.pop("name")
        del told["nip"]
    if "name_nip" in told:
        for name in ("name", "nip"):
            if told.get(name) == told["name_nip"]:
                del told[name]
    return told


def signature(labels: Iterable[str]) -> str:
    """What headings are known again by: without case, blanks and signs."""
    plain = ["".join(filter(str.isalnum, label.casefold())) for label in labels]
    return sha256("\n".join(plain).rstrip("\n").encode()).hexdigest()


def remembered(
    session: Session, record: RosterImport, labels: Iterable[str]
) -> dict[str, int] | None:
    """The columns that somebody confirmed for a list of this kind with these headings, or None."""
    found = _mapping(session, record, signature(labels)) if any(labels) else None
    names = {one.name for one in FIELDS[record.kind]}
    columns = RosterImport(columns=found.columns).column_of if found is not None else None
    return columns if columns is not None and set(columns) <= names else None


def remember(session: Session, record: RosterImport, labels: Iterable[str]) -> None:
    """Keep the columns of an import for the next list with the same headings."""
    mark = signature(labels)
    if not any(labels):
        return
    found = _mapping(session, record, mark)
    if found is None:
        found = ImportMapping(region_id=record.region_id, kind=record.kind, signature=mark)
        session.add(found)
    found.columns = record.columns


def _mapping(session: Session, record: RosterImport, mark: str) -> ImportMapping | None:
    with session.no_autoflush:
        return session.scalars(
            sa.select(ImportMapping).where(
                ImportMapping.region_id == record.region_id,
                ImportMapping.kind == record.kind,
                ImportMapping.signature == mark,
            )
        ).one_or_none()


def book_of(store: Store, shelf: Shelf, record: RosterImport, limits: Limits = PAGE) -> Book:
    """The file of an import, read; `Damaged` where it is not what was handed in.

    `Later` while a file beyond `limits` was not read yet.
    """
    book = shelf.find(record.file.key)
    if book is None:
        data = read(store, record.file)
        pasted = record.file.media_type == MEDIA_TYPES["pasted"]
        book = parsed(data, record.file.name, pasted=pasted, limits=limits)
        shelf.keep(record.file.key, book)
    return book


def sheet_of(book: Book, record: RosterImport) -> Sheet:
    """The sheet that is read."""
    return next(
        (one for one in book.sheets if one.name == record.sheet and one.rows),
        next(one for one in book.sheets if one.rows),
    )


def headings_of(record: RosterImport, sheet: Sheet) -> Headings:
    """The headings as they were confirmed."""
    return headings(
        sheet, synonyms_of(record.kind), rows=(record.first_heading, record.last_heading)
    )


def reading_of(record: RosterImport, sheet: Sheet) -> Reading:
    """How the file of an import is read."""
    return Reading(
        kind=record.kind,
        sheet=sheet,
        columns=record.column_of,
        data_rows=headings_of(record, sheet).data_rows,
        mended=record.mended_cells,
        answers=record.given_answers,
    )


def handed_in_before(session: Session, actor: Actor, record: RosterImport) -> list[RosterImport]:
    """Other imports of the same bytes in the actor's scope, the latest first."""
    rows = (
        sa.select(RosterImport)
        .join(RosterImport.file)
        .where(
            StoredFile.sha256 == record.file.sha256,
            RosterImport.region_id == record.region_id,
            RosterImport.id != record.id,
        )
        .options(joinedload(RosterImport.file), joinedload(RosterImport.proposal))
        .order_by(RosterImport.id.desc())
    )
    return list(session.scalars(in_scope(rows, RosterImport, actor).limit(5)))
