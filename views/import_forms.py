"""What the pages of an import ask: a file or pasted cells, the columns, the answers to problems."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from flask import request
from flask_admin.form import BaseForm
from werkzeug.datastructures import FileStorage
from wtforms import FileField
from wtforms.validators import Optional

from models.government import Region, Unit
from models.imports.fields import FIELDS, missing
from models.training import AgendaItem
from panel.files.names import SHEETS
from panel.screens.fields import DateField, LongTextField, OnceField, TextField
from panel.screens.relating import CodeSelect, RecordSelect
from panel.sheets.cells import Sheet
from panel.sheets.headings import Headings
from panel.sheets.reading import LARGEST
from panel.words import Refused, say

from .attendance_sheets import taking_attendance
from .import_words import KINDS, SKIPPED

#: Most signs of pasted cells.
LONGEST = 1_000_000
#: As many units as a choice offers at once.
UNITS = 2_000
#: Longest text that a cell is mended with, most cells and questions of a file, and what a question
#: of a row is called; who stays in a post is no question of a row.
MENDED, MOST_MENDED = 500, 2_000
QUESTION = re.compile(r"([0-9]{1,7}):(?!stays)[a-z]{1,20}")


class SheetField(FileField):
    """A spreadsheet: `data` is its bytes and its name, or None; nothing of it is parsed here."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        accept = ",".join(end for ends in SHEETS.values() for end in ends)
        super().__init__(label, validators, render_kw={"accept": accept}, **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """The first file that was posted."""
        posted = [one for one in valuelist if isinstance(one, FileStorage) and one.filename]
        self.data = None
        if posted:
            self.data = (posted[0].stream.read(LARGEST + 1), posted[0].filename or "")


class UploadForm(BaseForm):
    """What comes in, and what it is a list of."""

    once = OnceField(say("Form"))
    kind = CodeSelect(
        say("Kind of list"),
        codes={code: name for code, (name, _) in KINDS.items()},
        default="officials",
    )
    region = RecordSelect(say("Region"), entity=Region, order="name")
    part = RecordSelect(
        say("Session part"),
        [Optional()],
        description=say("For a list of attendance alone."),
        entity=AgendaItem,
        joins=(AgendaItem.session,),
        where=taking_attendance,
        allow_blank=True,
    )
    file = SheetField(
        say("File"),
        [Optional()],
        description=say("Excel (.xlsx, .xls), LibreOffice (.ods) or .csv, up to 25 MB, as it is."),
    )
    pasted = LongTextField(
        say("Or paste the cells"),
        [Optional()],
        description=say("Pick the table in Excel with its headings, copy it, paste it here."),
    )

    def of_part(self, region: int) -> AgendaItem | None:
        """The session part of a list of attendance; `Refused` without one of that region."""
        if self.kind.data != "attendance":
            return None
        part: AgendaItem | None = self.part.data
        if part is None or part.region_id != region:
            raise Refused("field", say("Choose the session part of this list."), "part")
        return part

    def handed(self) -> tuple[bytes, str, bool]:
        """The bytes, their name, and whether they were pasted; `Refused` for none or too many."""
        if self.file.data:
            return *self.file.data, False
        text = (request.form.get("pasted") or "").strip("\r\n")
        if not text.strip():
            raise Refused("field", say("Choose a file, or paste the cells."), "file")
        if len(text) > LONGEST:
            raise Refused("field", say("This is too much to paste. Upload the file."), "pasted")
        return text.encode(), "", True


class Held(RecordSelect):
    """A record that is there: none is made beside the form."""

    makes = False


class EveryForm(BaseForm):
    """What holds for all appointments of a file whose row says nothing else."""

    on_day = DateField(
        say("First day in the post"),
        [Optional()],
        description=say("For rows without TMT. Whoever holds the post leaves it the day before."),
    )
    decree_no = TextField(say("Decree"), [Optional()], description=say("For rows without one."))
    unit = Held(
        say("Only in this unit"),
        [Optional()],
        description=say(
            "With all that is below it: only posts there count as vacant when the list does not "
            "name them. Without a tier, the list is complete for all posts of the unit."
        ),
        entity=Unit,
        joins=(Unit.parent,),
        allow_blank=True,
        most=UNITS,
    )


@dataclass(frozen=True)
class Column:
    """A column of the sheet: its letters, its heading, some cells, and the field it is read as."""

    at: int
    letters: str
    label: str
    samples: tuple[str, ...]
    field: str


def columns_of(sheet: Sheet, found: Headings, chosen: dict[str, int]) -> list[Column]:
    """The columns that hold anything, each with the first cells of the list."""
    by_column = {column: name for name, column in chosen.items()}
    first = [sheet.rows[at] for at in found.data_rows[:40]]
    listed = []
    for at in range(sheet.width):
        texts = dict.fromkeys(row[at].text.replace("\n", " / ") for row in first if row[at].text)
        label = found.labels[at] if at < len(found.labels) else ""
        if texts or label:
            letters = re.sub(r"\d", "", sheet.address(0, at))
            listed.append(Column(at, letters, label, tuple(texts)[:3], by_column.get(at, "")))
    return listed


def chosen_columns(kind: str, sheet: Sheet) -> dict[str, int]:
    """The columns as the form names them; `Refused` where two are one thing, or one is missing."""
    known = {one.name for one in FIELDS[kind]}
    chosen: dict[str, int] = {}
    for at in range(sheet.width):
        name = request.form.get(f"c{at}", "")
        if not name:
            continue
        if name not in known:
            raise Refused("scope", say("This was not offered."))
        if name in chosen:
            sentence = say(
                "Two columns are chosen as “%(field)s”. Choose one of them.",
                field=next(one.label for one in FIELDS[kind] if one.name == name),
            )
            raise Refused("field", sentence)
        chosen[name] = at
    lacking = missing(kind, chosen)
    if lacking is not None:
        raise Refused("field", lacking)
    return chosen


def heading_rows(sheet: Sheet) -> tuple[int, int] | None:
    """The rows that a person has said name the columns, counted from 0 in the sheet."""
    texts = [request.form.get(name, "").strip() for name in ("first_heading", "last_heading")]
    if not any(texts):
        return None
    first, last = (text or texts[0] or texts[1] for text in texts)
    if not (re.fullmatch(r"[0-9]{1,7}", first) and re.fullmatch(r"[0-9]{1,7}", last)):
        raise Refused("field", say("Type the number of a row, as Excel shows it."))
    found = int(first) - 1 - sheet.first_row, int(last) - 1 - sheet.first_row
    if not 0 <= found[0] <= found[1] < len(sheet.rows) or found[1] - found[0] > 4:
        raise Refused("field", say("There are no headings in these rows of the sheet."))
    return found


def mended_in_form(sheet: Sheet) -> dict[str, str]:
    """What was typed or chosen for problems, by the key of each: a cell or a row of the sheet."""
    found: dict[str, str] = {}
    for number in range(400):
        key = request.form.get(f"k{number}")
        if key is None:
            break
        text = request.form.get(f"t{number}", "").strip() or request.form.get(f"m{number}", "")
        if text.strip():
            question = QUESTION.fullmatch(key)
            if not (sheet.has_row(int(question[1])) if question else sheet.holds(key)):
                raise Refused("scope", say("This was not offered."))
            if len(text) > MENDED:
                raise Refused("field", say("This text is too long for a cell."))
            found[key] = text.strip()
    return found


def refuse_endless(cells: Iterable[str], answers: Iterable[str]) -> None:
    """Refuse more mended cells and answered questions of rows than a page bears."""
    if len([*cells, *filter(QUESTION.fullmatch, answers)]) > MOST_MENDED:
        sentence = say(
            "At most %(most)s cells are mended here. Mend the others in the file itself, and "
            "upload it again.",
            most=MOST_MENDED,
        )
        raise Refused("field", sentence)


def typed_columns(columns: list[Column]) -> list[Column]:
    """The columns as they were chosen in the form that was refused."""
    return [replace(one, field=request.form.get(f"c{one.at}", "")) for one in columns]


def skipped(found: Headings) -> list[tuple[Any, int]]:
    """Why rows are no rows of the list, and how many."""
    counts = Counter(why for why in found.skipped.values() if why != "blank")
    return [(SKIPPED[why], count) for why, count in counts.most_common()]
