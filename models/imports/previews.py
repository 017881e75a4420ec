"""What a check found, kept in a file beside the import: a page of it is read in no time.

The file says what it was worked out of; it is asked only while all of that is as it was. Runs of
rows that only add a record are kept as a proposal takes them, and shown out of the sheet; others as
the preview shows them, and no longer than the file that was handed in.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate, pairwise
from typing import Any, Final

from panel.proposals.bundles import LEAST, MOST
from panel.proposals.entries import Bundle, bundled_as
from panel.sheets.cells import letters_of
from panel.sheets.shelf import Shelf

from .checking import Progress, Reading, Recorded, Report, check
from .outcomes import CLASSES, Class, Draft, Outcome, is_plain
from .packing import Blocks, opened, outcome_of, packed, problem_of, squeezed, told_report
from .rows import Row

#: Rows that are squeezed together as a page shows them, and as a proposal takes them.
BLOCK: Final = 50
DRAFTS: Final = 500
_END: Final = ".rows"
_SIGNS: Final[dict[Class, str]] = {kind: chr(97 + at) for at, kind in enumerate(CLASSES)}
_KINDS: Final[dict[str, Class]] = {sign: kind for kind, sign in _SIGNS.items()}

#: Gives the row of the sheet with this number.
RowAt = Callable[[int], Row]


class Preview:
    """A check that was kept: what it is of, and its rows as they are asked for."""

    def __init__(self, data: memoryview) -> None:
        self._data = data
        at = int.from_bytes(data[-8:], "big")
        head = opened(data[at:-8])
        #: What it was worked out of.
        self.of: Mapping[str, Any] = head["of"]
        #: The column of each field, counted from 0 in the sheet, and the letters of each column.
        self.columns: dict[str, int] = head["columns"]
        self.letters: dict[str, str] = head["letters"]
        self.sheet: str = head["sheet"]
        self._report = head["report"]
        #: None of the following in a file of an earlier form, which is read no further than `of`.
        self._kinds: str = head.get("kinds", "")
        self._blocks: list[int] = head.get("blocks", [])
        self._runs: list[dict[str, Any]] = head.get("runs", [])

    def report(self) -> Report:
        """What the check found, without a page."""
        kept = self._report
        return Report(
            counts={one: kept["counts"][one] for one in CLASSES},
            problems=[(outcome_of(row), problem_of(one)) for row, one in kept["problems"]],
            rest=[outcome_of(row) for row in kept["rest"]],
            page=[],
            **kept["told"],
        )

    def page(self, kind: Class | None, start: int, size: int, row_at: RowAt) -> list[Outcome]:
        """So many rows, of a class or of all of them, from the `start`-th on."""
        ends = [*accumulate(run["count"] for run in self._runs)]
        bundles: dict[int, Bundle] = {}
        blocks: dict[int, list[Any]] = {}
        found = []
        for place in self._places(kind, start, size):
            at = bisect_right(ends, place)
            run, number = self._runs[at], place - (ends[at - 1] if at else 0)
            if "table" in run:
                if at not in bundles:
                    bundles[at] = self._bundle(run)
                row = row_at(bundles[at].numbers[number])
                found.append(Outcome(row.number, "new", bundles[at].rows[number][0], row=row))
                continue
            block, number = divmod(run["first"] + number, BLOCK)
            if block not in blocks:
                blocks[block] = opened(self._data[self._blocks[block] : self._blocks[block + 1]])
            kept = blocks[block][number]
            row = row_at(kept["number"]) if "texts" not in kept else None
            found.append(outcome_of({**kept, "row": row}))
        return found

    def found(self) -> Iterator[Outcome | Bundle]:
        """What every row asks for and who stands in none, in their order; no more of each."""
        place = 0
        for run in self._runs:
            if "table" in run:
                yield self._bundle(run)
            else:
                kinds = self._kinds[place : place + run["count"]]
                rows = opened(self._data[slice(*run["place"])])
                for (number, drafts), sign in zip(rows, kinds, strict=True):
                    told = [Draft(*one) for one in drafts]
                    yield Outcome(number, _KINDS[sign], "", drafts=told)
            place += run["count"]
        yield from map(outcome_of, self._report["rest"])

    def _bundle(self, run: Mapping[str, Any]) -> Bundle:
        """The rows of a run that only add records, numbered as in the sheet."""
        body = str(self._data[slice(*run["place"])], "utf-8")
        numbers = run.get("numbers") or range(run["first"], run["first"] + run["count"])
        return Bundle(numbers, run["table"], run["columns"], body, run["label"])

    def _places(self, kind: Class | None, start: int, size: int) -> list[int]:
        """Which rows a page shows, counted from 0 over all of them."""
        if kind is None:
            return list(range(len(self._kinds))[start : start + size])
        found, sign = [], _SIGNS[kind]
        at = self._kinds.find(sign)
        for number in range(start + size):
            if at < 0:
                break
            if number >= start:
                found.append(at)
            at = self._kinds.find(sign, at + 1)
        return found


class _Keeping:
    """The rows of a check as they come: runs that only add records, and the others."""

    def __init__(self) -> None:
        self.kinds: list[str] = []
        self.shown = Blocks(BLOCK)
        self.parts: list[bytes] = []
        self.runs: list[dict[str, Any]] = []
        self._plain: list[Outcome] = []
        self._others: list[Outcome] = []

    def add(self, outcome: Outcome) -> None:
        """One more row."""
        self.kinds.append(_SIGNS[outcome.kind])
        if is_plain(outcome):
            outcome.row = None  # a page takes it out of the sheet
            self._plain.append(outcome)
            if len(self._plain) == MOST:
                self._end_plain()
            return
        self._end_plain()
        self._others.append(outcome)
        if len(self._others) >= DRAFTS:
            self._end_others()

    def end(self) -> None:
        """There are no more."""
        self._end_plain()
        self._end_others()
        self.shown.end()

    def _end_plain(self) -> None:
        rows, self._plain = self._plain, []
        drafts = [row.drafts[0] for row in rows]
        bundle = None
        if len(rows) >= LEAST and len({one.table for one in drafts}) == 1:
            told = [(one.label, one.values) for one in drafts]
            bundle = bundled_as(drafts[0].table, told, [row.number for row in rows])
        if bundle is None:
            self._others += rows
            return
        self._end_others()
        run = {"table": bundle.table, "columns": bundle.columns, "label": bundle.label}
        if isinstance(bundle.numbers, range):
            run["first"] = bundle.number
        else:
            run["numbers"] = bundle.numbers
        self._keep(bundle.body.encode(), count=len(rows), **run)

    def _end_others(self) -> None:
        rows, self._others = self._others, []
        if rows:
            drafts = squeezed([(row.number, row.drafts) for row in rows])
            self._keep(drafts, count=len(rows), first=self.shown.count)
            for row in rows:
                self.shown.add(packed(row))

    def _keep(self, part: bytes, **run: Any) -> None:
        self.parts.append(part)
        self.runs.append(run)


def preview_of(shelf: Shelf, key: str) -> Preview | None:
    """The check that was kept last under this key, or None."""
    data = shelf.open(key + _END)
    return Preview(data) if data is not None else None


def work_out(
    shelf: Shelf,
    key: str,
    of: Mapping[str, Any],
    reading: Reading,
    known: Recorded,
    progress: Progress | None = None,
) -> Preview:
    """Check the whole file and keep what is found under `key`."""
    keeping = _Keeping()
    report = check(reading, known, size=0, progress=progress, each=keeping.add)
    keeping.end()
    blocks = keeping.shown.ends(0)
    ends = [*accumulate(map(len, keeping.parts), initial=blocks[-1])]
    for run, place in zip(keeping.runs, pairwise(ends), strict=True):
        run["place"] = place
    sheet = reading.sheet
    head = {
        "of": of,
        "sheet": sheet.name,
        "columns": dict(reading.columns),
        "letters": {
            name: letters_of(column + sheet.first_column)
            for name, column in reading.columns.items()
        },
        "report": told_report(report),
        "kinds": "".join(keeping.kinds),
        "blocks": blocks,
        "runs": keeping.runs,
    }
    whole = [*keeping.shown.parts, *keeping.parts, squeezed(head), ends[-1].to_bytes(8, "big")]
    shelf.write(key + _END, whole)
    # out of the file, which takes no memory; or as it was written, if somebody has dropped it
    return preview_of(shelf, key) or Preview(memoryview(b"".join(whole)))
