"""What one row says of a person and a post, read by the readers that the forms use.

Whatever cannot be taken is a `Problem` at its cell, with the way to mend it; nothing is guessed.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta

from panel.dates import UNCLEAR_DAY, partial_date
from panel.sheets.cells import EMPTY, Cell
from panel.typed import Wrong, tidy
from panel.words import Sentence, say

from .. import identifiers
from ..identifiers import show_phone
from .codes import (
    ACTING_MARKS,
    EMPLOYMENTS,
    MARKS,
    NOT_A_KIND,
    NOT_A_MARK,
    NOT_EMPLOYMENT,
    STATUSES,
)
from .rows import Row
from .said import Said

NO_NAME = say("The name is missing.")
TWO_NUMBERS = say("Two numbers in one cell. Choose one.")
BROKEN = say("This cell holds an error of the spreadsheet. Type what belongs here.")
NO_WHOLE_DAY = say(
    "Here a whole day is needed, not only a month or a year. Write it as 18/11/2025, or “-” if it "
    "is not known."
)
NOT_CALCULATED = say(
    "This cell holds a formula without its result. Open the file in Excel, save it, and upload it "
    "again; or type what belongs here."
)
#: Who only acts in a post, as lists write it before the post or after it.
ACTING = re.compile(
    r"^(?P<before>plt|plh|pjs?|pelaksana tugas|pelaksana harian|penjabat)\b[. ]*"
    r"(?:\((?:plt|plh|pjs?)\.?\)\s*)?"
    r"|[\s,(]+(?P<after>plt|plh|pjs?)\.?\)?$",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(r"\d(?:[ .\-]?\d){8,}")
_NIP_WORD = re.compile(r"\b(?:ni\s?pppk|nip)\b[.:\s]*", re.IGNORECASE)
_APART = re.compile(r"[/,;|&\n]| dan | atau ", re.IGNORECASE)
#: Day 0 of the serial numbers that Excel keeps days in, and those that a post may begin on.
DAY_ZERO, SERIALS = date(1899, 12, 30), range(14_611, 73_415)


def read_row(row: Row, today: date, *, needs_name: bool = True) -> Said:
    """What a row says; what cannot be read stands in `problems`.

    A list that adds nobody may name people by their NIP alone.
    """
    said = Said(row)
    for name, cell in row.cells.items():
        if cell.kind == "error":
            said.wrong(name, BROKEN)
        elif cell.kind == "formula":
            said.wrong(name, NOT_CALCULATED)
    _read_name(said, needs_name)
    said.employment = _coded(said, "employment", EMPLOYMENTS, NOT_EMPLOYMENT)
    _read_nip(said, today)
    said.grade = _read_grade(said)
    said.phone = _read_phone(said, "phone")
    said.spouse_phone = _read_phone(said, "spouse_phone")
    said.started_on = _read_day(said, "started_on")
    said.married_on = _read_day(said, "married_on")
    said.decree_no = _plain(said, "decree_no")
    said.note = _plain(said, "note", most=1000)
    said.spouse = _read_spouse(said)
    said.mark = _coded(said, "mark", MARKS, NOT_A_MARK)
    said.spouse_mark = _coded(said, "spouse_mark", MARKS, NOT_A_MARK)
    _read_post(said)
    return said


def _usable(said: Said, name: str) -> Cell:
    cell = said.row.cells.get(name, EMPTY)
    return EMPTY if cell.kind in ("error", "formula", "empty") else cell


def _read_name(said: Said, needed: bool) -> None:
    """Name and titles; a cell that holds the NIP as well is split at its digits."""
    both, cell = _usable(said, "name_nip"), _usable(said, "name")
    name = "name" if cell.text else "name_nip"
    text = cell.text or _LONG_NUMBER.sub(" ", _NIP_WORD.sub(" ", both.text))
    text = text.replace("\n", " ").strip(" /-,;:")
    if not text:
        if needed and not any(one.field in ("name", "name_nip") for one in said.problems):
            said.wrong("name" if "name" in said.row.addresses else "name_nip", NO_NAME)
        return
    try:
        checked = identifiers.person_name(text)
    except Wrong as wrong:
        said.wrong(name, wrong.sentence)
        return
    said.prefix, said.name, said.suffix = checked.value
    for column, read in (
        ("title_prefix", identifiers.titles_before),
        ("title_suffix", identifiers.titles_after),
    ):
        titles = _usable(said, column).text
        if titles:
            try:
                setattr(said, column.removeprefix("title_"), read(titles).value)
            except Wrong as wrong:
                said.wrong(column, wrong.sentence)
    said.doubts += [(name, doubt.sentence) for doubt in checked.warnings]


def _read_nip(said: Said, today: date) -> None:
    cell, name = _usable(said, "nip"), "nip"
    if cell.text in ("-", "–", "0"):
        return
    if not cell.text:
        both = _LONG_NUMBER.search(_usable(said, "name_nip").text)
        if both is None:
            return
        cell, name = Cell(both[0], "text"), "name_nip"
    kind = "number" if cell.kind == "number" else "text"
    try:
        checked = identifiers.nip(
            cell.text, cell=kind, today=today, employment_type=said.employment
        )
    except Wrong as wrong:
        said.wrong(name, wrong.sentence)
        return
    said.nip, said.nip_kind = checked.value, checked.detail[0]
    said.doubts += [(name, doubt.sentence) for doubt in checked.warnings]


def _read_grade(said: Said) -> str | None:
    cell = _usable(said, "grade")
    if not cell.text or cell.text == "-":
        return None
    kind = {"PNS": "asn_pns", "PPPK": "asn_pppk"}.get(said.nip_kind or "")
    try:
        checked = identifiers.grade(
            cell.text.replace("\n", " "), employment_type=said.employment or kind
        )
    except Wrong as wrong:
        said.wrong("grade", wrong.sentence)
        return None
    said.doubts += [("grade", doubt.sentence) for doubt in checked.warnings]
    return checked.value


def _read_phone(said: Said, name: str) -> str | None:
    cell = _usable(said, name)
    if not cell.text or cell.text in ("-", "–"):
        return None
    typed: object = cell.text
    if cell.kind == "number":
        typed = int(cell.text) if cell.text.isdigit() else float("nan")
        with suppress(ValueError):
            typed = int(cell.text) if cell.text.isdigit() else float(cell.text)
    try:
        return identifiers.phone(typed).value
    except Wrong as wrong:
        several = phones_in(cell.text)
        if len(several) > 1:
            choices = tuple((one, show_phone(one)) for one in several)
            said.wrong(name, TWO_NUMBERS, choices=choices)
        else:
            said.wrong(name, wrong.sentence)
        return None


def phones_in(text: str) -> list[str]:
    """The numbers that stand in one cell, parted by a sign or a line break; each checked."""
    found: dict[str, None] = {}
    for part in _APART.split(text):
        with suppress(Wrong):
            found[identifiers.phone(part).value] = None
    return list(found)


def _read_day(said: Said, name: str) -> date | None:
    cell = _usable(said, name)
    if not cell.text or cell.text == "-":
        return None
    if cell.kind == "number" and cell.text.isdigit() and int(cell.text) in SERIALS:
        return DAY_ZERO + timedelta(days=int(cell.text))
    text = cell.text[:10] if cell.kind == "date" else cell.text
    try:
        checked = partial_date(text)
    except Wrong as wrong:
        said.wrong(name, UNCLEAR_DAY if wrong.fault == "unclear" else wrong.sentence)
        return None
    if checked.value.precision != "day":
        said.wrong(name, NO_WHOLE_DAY)
        return None
    said.doubts += [(name, doubt.sentence) for doubt in checked.warnings]
    return checked.value.first


def _plain(said: Said, name: str, most: int = 255) -> str | None:
    text = _usable(said, name).text
    try:
        return tidy(text, most=most) or None
    except Wrong as wrong:
        said.wrong(name, wrong.sentence)
        return None


def _coded(said: Said, name: str, codes: dict[str, str], unknown: Sentence) -> str | None:
    text = _usable(said, name).text
    key = text if text in codes else re.sub(r"[\W_]+", "", text.casefold())
    if key and key not in codes:
        said.wrong(name, unknown)
    return codes.get(key)


def _read_spouse(said: Said) -> str | None:
    text = _plain(said, "spouse")
    if text is None or text in ("-", "–"):
        return None
    try:
        found = identifiers.person_name(text).value
    except Wrong as wrong:
        said.wrong("spouse", wrong.sentence)
        return None
    return identifiers.show_name(found.prefix, found.name, found.suffix)


def _read_post(said: Said) -> None:
    """The post without the mark of who only acts in it: "Plt. Lurah Unyur"."""
    said.status = _coded(said, "status", STATUSES, NOT_A_KIND)
    text = _plain(said, "post") or ""
    acting = ACTING.search(text)
    if acting:
        word = acting["before"] or acting["after"]
        status = STATUSES[word.casefold().replace(" ", "")]
        said.status = said.status or status
        said.acting = f"{ACTING_MARKS[status]} "
        text = text[: acting.start()] + text[acting.end() :]
    said.post = text
