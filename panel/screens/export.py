"""Lists as files: at most so many rows, masked as on the screen, safe to open, and logged."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter
from flask import Response, abort, request
from flask_admin import expose

from ..columns import now
from ..words import Refused, say
from .acting import note_event, the_actor
from .asked_words import search_words
from .deleting import Deleting
from .language import local, tell
from .listing import filter_words

#: Rows of one file; more of them are a report's work.
MOST_ROWS = 5_000
#: Signs that the log keeps of what was asked for.
LONGEST = 1_000
#: Signs that one cell of a workbook holds.
LONGEST_CELL = 32_000
#: What a spreadsheet takes for the beginning of a formula, full-width forms included.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: Where a cell may begin in the middle: a spreadsheet set to Indonesian splits at semicolons.
CELL = re.compile(r'([;\r\n]"?)(?=[=+\-@＝＋－＠])')

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def harmless(text: str) -> str:
    """Text that no spreadsheet calculates, also where it takes semicolons for commas."""
    return CELL.sub(r"\1'", f"'{text}" if text.startswith(FORMULA) else text)


def cell_text(value: Any) -> str:
    """A value of a file as text; days as 2025-11-18."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return local(value).strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)


def as_csv(titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as CSV with a mark of UTF-8 for spreadsheets."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([harmless(title) for title in titles])
    for row in rows:
        writer.writerow([v if isinstance(v, int) else harmless(cell_text(v)) for v in row])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(
    titles: Sequence[str], rows: Iterable[Sequence[Any]], about: Sequence[tuple[str, str]] = ()
) -> bytes:
    """A table as a workbook whose texts are texts: no formula, no lost digit.

    What the file says of itself stands on a second sheet, label by label.
    """
    held = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(held, options) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True, "bg_color": "#E4E6E8"})
        plain = book.add_format({"num_format": "@"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for column, title in enumerate(titles):
            sheet.write_string(0, column, title, bold)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, date) and not isinstance(value, datetime):
                    sheet.write_datetime(line, column, value, day)
                elif isinstance(value, int | float) and not isinstance(value, bool):
                    sheet.write_number(line, column, value)
                else:
                    sheet.write_string(line, column, cell_text(value)[:LONGEST_CELL], plain)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
        if about:
            write_about(book, about, bold, plain)
    return held.getvalue()


def write_about(book: Any, about: Iterable[tuple[str, str]], bold: Any, plain: Any) -> None:
    """The sheet on which a workbook says what it is, label by label, in these two formats."""
    sheet = book.add_worksheet(tell(say("About this file")))
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 80)
    for line, (label, words) in enumerate(about):
        sheet.write_string(line, 0, label, bold)
        sheet.write_string(line, 1, words[:LONGEST_CELL], plain)


@dataclass(frozen=True)
class File:
    """A list as a file: what is in it, how many rows, and what was asked for in words."""

    content: bytes
    type: str
    rows: int
    asked: list[str]
    #: The past day at whose end the rows stood so; None: today.
    day: date | None


def told_of(
    rows: int, asked: Sequence[str], by: str, at: datetime, day: date | None = None
) -> list[tuple[str, str]]:
    """What a file says of itself: filters, rows, by whom and when by the reader's clock.

    One about the past says at the end of which day it stood so.
    """
    past = [(tell(say("As at the end of")), day.isoformat())] if day is not None else []
    return [
        *past,
        (tell(say("Filtered by")), "; ".join(asked) or tell(say("without filter"))),
        (tell(say("Lines")), str(rows)),
        (tell(say("Made by")), by),
        (tell(say("Made at")), at.strftime("%Y-%m-%d %H:%M %z")),
    ]


def note_export(action: str, rows: int, type: str, asked: Iterable[str] = ()) -> None:
    """The deed of an export: how many rows, and what was asked for in words and as address.

    What was asked for may name people, so it is kept where an erasure reaches it.
    """
    words = "; ".join(asked) or tell(say("without filter"))
    told = say("%(rows)s rows as %(type)s, %(filter)s", rows=rows, type=type, filter=words)
    query = request.query_string.decode("ascii", "replace")
    reason = f"{tell(told)} (?{query})" if query else tell(told)
    note_event(action, reason=reason[:LONGEST], details={"rows": rows, "type": type})


class Exporting(Deleting):
    """The list that is on the screen, as CSV or XLSX."""

    export_types = ["csv", "xlsx"]
    export_max_rows = MOST_ROWS

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> Any:
        """The rows that search and filters leave, in the list's order; logged with both."""
        return self.sent_file(self.as_file(export_type))

    def as_file(self, export_type: str, day: date | None = None) -> File:
        """The list of the address; `day` is the past day that is being read."""
        if export_type not in TYPES:
            abort(404)
        args = self._get_list_extra_args()
        chosen = self._get_column_by_idx(args.sort)
        matching = self.matching(args.search, args.filters)
        ordered = self.ordered(matching, chosen[0] if chosen else None, bool(args.sort_desc))
        session = self.session.session
        found = ordered.options(*self.loaders(self._export_columns)).limit(MOST_ROWS + 1)
        records = session.scalars(found).unique().all()
        if len(records) > MOST_ROWS:
            raise Refused("guard", say("More than %(rows)s rows. Filter first.", rows=MOST_ROWS))
        columns = self._export_columns
        titles = [str(title) for _name, title in columns]
        rows = [[self.get_export_value(one, name) for name, _ in columns] for one in records]
        asked = self.in_force(args)
        if export_type == "csv":
            made = as_csv(titles, rows)
        else:
            about = told_of(len(rows), asked, the_actor().name, local(now()), day)
            made = as_xlsx(titles, rows, about)
        return File(made, export_type, len(rows), asked, day)

    def sent_file(self, file: File) -> Response:
        """The answer with a file, which is logged."""
        asked, about = file.asked, local(now()).date().isoformat()
        if file.day is not None:
            about = f"as-at-{file.day.isoformat()}"
            asked = [tell(say("as at the end of %(day)s", day=file.day)), *asked]
        note_export(f"{self.kind_name}.export", file.rows, file.type, asked)
        name = f"{self.endpoint.replace('_', '-')}-{about}.{file.type}"
        return Response(
            file.content,
            content_type=TYPES[file.type],
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Cache-Control": "no-store",
            },
        )

    def in_force(self, args: Any) -> list[str]:
        """Search and filters in words."""
        found = [filter_words(self, self._filters[i], value) for i, _, value in args.filters or ()]
        return [*search_words(args.search), *found]
