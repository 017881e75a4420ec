"""Long tables written line by line: as many as there are, in memory that does not grow."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

import xlsxwriter

from .export import LONGEST_CELL, cell_text, harmless, told_of, write_about

#: Width of the columns in signs.
WIDTHS = (9, 17, 60, 16, 32, 24, 32, 32, 16, 12)


@dataclass(frozen=True)
class Note:
    """What a file says of itself: its title, what was asked for, by whom and when."""

    title: str
    asked: Sequence[str]
    by: str
    at: datetime

    def lines(self, count: int) -> list[tuple[str, str]]:
        """Label and text."""
        return told_of(count, self.asked, self.by, self.at)


def as_csv(
    file: IO[bytes], titles: Sequence[str], rows: Iterable[Sequence[Any]], about: Note
) -> int:
    """Write CSV; how many lines. What was asked for stands below, behind an empty line."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
    writer, count = csv.writer(text), 0
    writer.writerow([harmless(title) for title in titles])
    for row in rows:
        count += 1
        writer.writerow([v if isinstance(v, int) else harmless(cell_text(v)) for v in row])
    writer.writerow([])
    writer.writerows([harmless(label), harmless(told)] for label, told in about.lines(count))
    text.flush()
    text.detach()
    return count


def as_xlsx(
    file: IO[bytes], titles: Sequence[str], rows: Iterable[Sequence[Any]], about: Note
) -> int:
    """Write a workbook; how many lines. What was asked for stands on a sheet of its own."""
    with tempfile.TemporaryDirectory() as folder:
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        }
        with xlsxwriter.Workbook(file, options) as book:
            head = book.add_format(
                {"bold": True, "bg_color": "#E4E6E8", "border": 1, "text_wrap": True}
            )
            plain = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
            number = book.add_format({"num_format": "0", "valign": "top"})
            sheet = book.add_worksheet(about.title[:31])
            for column, title in enumerate(titles):
                sheet.set_column(column, column, WIDTHS[column])
                sheet.write_string(0, column, title, head)
            sheet.freeze_panes(1, 2)
            count = 0
            for row in rows:
                count += 1
                for column, value in enumerate(row):
                    if isinstance(value, int):
                        sheet.write_number(count, column, value, number)
                    else:
                        sheet.write_string(count, column, cell_text(value)[:LONGEST_CELL], plain)
            sheet.autofilter(0, 0, max(count, 1), len(titles) - 1)
            write_about(book, about.lines(count), head, plain)
    return count
