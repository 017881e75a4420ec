"""Made-up rosters for the benches: spreadsheets as offices send them, of people who are nobody."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

#: What each column holds; the running number is left unread.
FIELDS = ("", "name", "nip", "grade", "phone", "note")
HEADINGS = ("No", "Nama", "NIP", "Gol.", "No. HP/WA", "Keterangan")
GRADES = ("III/a", "III/b", "III/c", "III/d", "IV/a", "IV/b")
TITLES = (", S.E.", ", S.T., M.T.", ", S.Sos., M.Si.", ", S.H.", "")
FIRST_BORN = date(1966, 1, 1)
_BEGIN = ("ban", "ci", "de", "fa", "gu", "har", "in", "ja", "ki", "lu", "man", "na", "pra", "ra")
_END = ("dana", "gala", "karsa", "lina", "mita", "nanda", "rini", "santi", "tama", "wati", "yasa")


def people(rows: int, turn: int = 0) -> Iterator[tuple[object, ...]]:
    """The rows of a roster; `turn` makes other people of them, nobody of whom comes twice."""
    for number in range(rows):
        person = turn * rows + number
        born = FIRST_BORN + timedelta(days=person % 9000)
        began = f"{born.year + 25}{1 + person % 12:02}"
        sex, serial = 1 + person % 2, 1 + person // 9000
        prefix = "Dr. " if person % 9 == 0 else ""
        yield (
            number + 1,
            f"{prefix}{name_of(person)}{TITLES[person % len(TITLES)]}",
            f"{born:%Y%m%d} {began} {sex} {serial:03}",
            GRADES[person % len(GRADES)],
            f"0811-{person // 10000:04}-{person % 10000:04}",
            "Umpamaan" if person % 4 == 0 else "",
        )


def name_of(person: int) -> str:
    """Two words that no two people share as a pair."""
    many = len(_BEGIN) ** 2 * len(_END)
    again, first = divmod(person, many)
    return f"{_word(first)} {_word((again * 31 + first * 7) % many)}"


def _word(number: int) -> str:
    number, last = divmod(number, len(_END))
    first, second = divmod(number, len(_BEGIN))
    return f"{_BEGIN[first]}{_BEGIN[second]}{_END[last]}".capitalize()


def workbook(rows: int, turn: int = 0) -> bytes:
    """The roster as a workbook: a title, headings in row 4, the people below."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("Rekap")
    sheet.write(0, 0, "DAFTAR PEJABAT")
    sheet.write_row(3, 0, HEADINGS)
    for at, row in enumerate(people(rows, turn), 4):
        sheet.write_row(at, 0, row)
    book.close()
    return file.getvalue()


def write(path: str, rows: str) -> None:
    """The same into a file; for a process of its own."""
    Path(path).write_bytes(workbook(int(rows)))
