"""Workbooks read by calamine, with what was scanned beside it laid over the cells."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from itertools import chain, islice, repeat

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from .extent import Found
from .packing import MOST_LETTERS, NOTHING, Fault, Packed, Room, Store, packed
from .plainly import plainly

#: Most sheets of one book, and rows that all merged cells of a sheet may come to.
SHEETS = 100
MERGED = 4_000_000
#: What a hidden row takes where the sheet is kept, in bytes; a merged range takes three times that.
_KEPT = 64

Head = dict[str, object]
Area = tuple[int, int, int, int]
Change = Callable[[Packed], Packed]


def sheets(
    data: bytes, scan: Callable[[str], Found], room: Room, takes: Callable[..., None]
) -> Iterator[tuple[Head, Store]]:
    """Each sheet of cells with its head; `scan` says by name what calamine does not.

    `takes` leaves a sheet of too many rows to the worker.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        listed = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
        if len(listed) > SHEETS:
            raise Fault("bomb")
        for meta in listed:
            found = scan(meta.name)
            takes(rows=found.extent.rows)
            sheet = book.get_sheet_by_name(meta.name)
            yield _read(sheet, meta.visible != SheetVisibleEnum.Visible, found, Store(room))
    except PasswordError:
        raise Fault("password") from None
    except CalamineError as error:
        raise Fault("password" if "assword" in str(error) else "broken") from None


def _read(sheet: CalamineSheet, hidden: bool, found: Found, store: Store) -> tuple[Head, Store]:
    area = top, left, bottom, right = _area(sheet, found)
    listed = found.merged or [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
    merged = [kept for kept in (_clipped(one, area) for one in listed) if kept]
    changes, spread, above = _changes(found), _spread(merged), dict[int, Packed]()
    for number, values in enumerate(_rows(sheet, area)):
        laid_over, along = changes.get(number + top), spread.get(number)
        plain = None if laid_over or along else plainly(values)
        if plain is not None:
            store.add(plain)
            continue
        cells = _cells(sheet, values, number + top, left)
        cells += [NOTHING] * (right - left + 1 - len(cells))
        for column, change in laid_over or ():
            if left <= column <= right:
                cells[column - left] = change(cells[column - left])
        for column, first in along or ():
            if first:
                above[column] = cells[column]._replace(copied=True)
            elif above[column].text:
                cells[column] = above[column]
        store.add(packed(cells))
    hidden_rows = [row - top for row in found.hidden_rows if top <= row <= bottom]
    store.keep(len(sheet.name) + _KEPT * (len(hidden_rows) + 3 * len(merged)))
    head: Head = {
        "sheet": sheet.name,
        "hidden": hidden,
        "first_row": top,
        "first_column": left,
        "width": right - left + 1,
        "hidden_rows": hidden_rows,
        "hidden_columns": [at - left for at in found.hidden_columns if left <= at <= right],
        "merged": merged,
    }
    return head, store


def _area(sheet: CalamineSheet, found: Found) -> Area:
    """First and last row and column of what is filled; a formula without a value is, too."""
    places = [*found.uncalculated]
    if sheet.start and sheet.end:
        places += [sheet.start, sheet.end]
    if not places:
        return 0, 0, -1, -1
    rows, columns = [row for row, _ in places], [column for _, column in places]
    return min(rows), min(columns), max(rows), max(columns)


def _rows(sheet: CalamineSheet, area: Area) -> Iterator[Sequence[object]]:
    """The values of each row of the area; calamine's rectangle may be smaller than that."""
    top, left, bottom, _ = area
    start = sheet.start or (0, left)
    before = [""] * (start[1] - left)
    rows = chain(islice(sheet.iter_rows(), top, None) if sheet.start else (), repeat([]))
    for _, found in zip(range(top, bottom + 1), rows, strict=False):
        yield [*before, *found] if before else found


@cache
def _cell() -> Callable[[object], Packed]:
    """What makes a cell of a value; most lists have no row that needs it."""
    from .cleaning import cell

    return cell


def _cells(sheet: CalamineSheet, values: Sequence[object], row: int, left: int) -> list[Packed]:
    cell = _cell()
    try:
        return [NOTHING if value == "" else cell(value) for value in values]
    except Fault as fault:
        at = next(at for at, value in enumerate(values) if len(str(value)) > MOST_LETTERS)
        raise Fault(fault.code, sheet=sheet.name, row=row, column=left + at) from None


def _clipped(one: Area, area: Area) -> Area | None:
    """A merged range counted from the first used cell, as far as the sheet is used."""
    top, left = max(one[0], area[0]), max(one[1], area[1])
    bottom, right = min(one[2], area[2]), min(one[3], area[3])
    if top > bottom or left > right:
        return None
    return top - area[0], left - area[1], bottom - area[0], right - area[1]


def _spread(merged: list[Area]) -> dict[int, list[tuple[int, bool]]]:
    """For each row the columns that belong to a cell merged over rows, and whether it begins."""
    if sum(last - first + 1 for first, _, last, _ in merged) > MERGED:
        raise Fault("bomb")
    rows: dict[int, list[tuple[int, bool]]] = {}
    for first, column, last, _ in merged:
        if last > first:
            for row in range(first, last + 1):
                rows.setdefault(row, []).append((column, row == first))
    return rows


def _changes(found: Found) -> dict[int, list[tuple[int, Change]]]:
    """What is laid over the cells of each row of the file."""
    rows: dict[int, list[tuple[int, Change]]] = {}
    for (row, column), text in found.errors.items():
        rows.setdefault(row, []).append((column, partial(_error, text)))
    for row, column in found.formulas:
        rows.setdefault(row, []).append((column, _calculated))
    for row, column in found.uncalculated:
        rows.setdefault(row, []).append((column, _uncalculated))
    return rows


def _error(text: str, _: Packed) -> Packed:
    return Packed(text, "error")


def _calculated(cell: Packed) -> Packed:
    return NOTHING if cell == NOTHING else cell._replace(formula=True)


def _uncalculated(_: Packed) -> Packed:
    return Packed("", "formula", "", True)
