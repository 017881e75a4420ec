"""A whole file looked through, row by row: counts, problems, and the rows of one page.

Rows are made, looked at and let go one by one, so that a hundred thousand cost no more memory than
what is remembered of who came before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from panel.sheets.cells import Sheet

from .outcomes import CLASSES, Class, Outcome, wanted
from .reading import read_row
from .rows import Problem, Row, rows_of
from .said import Said

#: As many problems as a report lists; the others are counted.
LISTED = 200
#: Rows between two marks of progress.
STEP = 500

Progress = Callable[[int, int], None]


class Looking(Protocol):
    """Looks at the rows of one file in their order."""

    def look(self, said: Said) -> Outcome:
        """What becomes of one row."""

    def rest(self) -> Iterable[Outcome]:
        """What becomes of those who stand in no row, after the last one."""


class Recorded(Protocol):
    """What is recorded beside a file; `adds_people`: rows may be about people who are not."""

    today: date
    adds_people: bool

    def looking(self, kind: str, answers: Mapping[str, str]) -> Looking:
        """Who looks at the rows of one file of this kind."""


@dataclass(frozen=True)
class Reading:
    """How a file is read: what of, which columns, and what was mended and answered."""

    kind: str
    sheet: Sheet
    columns: Mapping[str, int]
    data_rows: Sequence[int]
    mended: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)

    def rows(self) -> Iterator[Row]:
        """The rows that say anything."""
        return rows_of(
            self.sheet, self.columns, self.data_rows, mended=self.mended, answers=self.answers
        )


@dataclass
class Report:
    """What a check found."""

    counts: dict[Class, int]
    #: The first problems, each with its row.
    problems: list[tuple[Outcome, Problem]]
    #: How many problems there are.
    problem_count: int
    #: The rows of the asked page, and how many rows of its class there are.
    page: list[Outcome]
    #: Rows that would go into the proposal, by policy.
    proposed: dict[str, int]
    #: Rows of hidden lines of the sheet.
    hidden: int
    first_row: int = 0
    last_row: int = 0
    #: All rows that say anything.
    total: int = 0
    #: Those who stand in no row and leave, and the posts that are empty then.
    rest: list[Outcome] = field(default_factory=list)


def outcomes_of(
    reading: Reading, known: Recorded, progress: Progress | None = None
) -> Iterator[Outcome]:
    """What becomes of each row, in their order."""
    looking = known.looking(reading.kind, reading.answers)
    total = len(reading.data_rows)
    for done, row in enumerate(reading.rows()):
        if progress is not None and done % STEP == 0:
            progress(done, total)
        said = read_row(row, known.today, needs_name=known.adds_people)
        outcome = looking.look(said)
        outcome.row = row
        yield outcome
    yield from looking.rest()
    if progress is not None:
        progress(total, total)


def check(
    reading: Reading,
    known: Recorded,
    *,
    kind: str | None = None,
    start: int = 0,
    size: int = 50,
    progress: Progress | None = None,
    each: Callable[[Outcome], None] | None = None,
) -> Report:
    """Look through the file; `kind`, `start` and `size` say which rows the page shows.

    `each` is called with the outcome of every row, in their order.
    """
    counts: dict[Class, int] = dict.fromkeys(CLASSES, 0)
    report = Report(counts, [], 0, [], dict.fromkeys(("stop", "skip", "update"), 0), 0)
    at = 0
    for outcome in outcomes_of(reading, known, progress):
        counts[outcome.kind] += 1
        if wanted(outcome, "update"):
            report.proposed["stop"] += 1
            report.proposed["update"] += 1
            report.proposed["skip"] += outcome.only_new
        if not outcome.number:
            report.rest.append(outcome)
            continue
        if each is not None:
            each(outcome)
        report.total += 1
        report.first_row = report.first_row or outcome.number
        report.last_row = outcome.number
        report.hidden += outcome.hidden
        report.problem_count += len(outcome.problems)
        if len(report.problems) < LISTED:
            report.problems += [(outcome, one) for one in outcome.problems]
        if kind is None or outcome.kind == kind:
            if start <= at < start + size:
                report.page.append(outcome)
            at += 1
    if counts["problem"]:
        report.proposed["stop"] = 0
    return report
