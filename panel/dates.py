"""Days and hours as people write them: "2024", "Maret 2024", "18/11/2025", "7.30".

Pure. Facts are often half known, so a date may be a month or a year; its precision is kept beside
its first day. Readers return `Checked` or raise `Wrong`, like every reader of typed text.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Final, Literal

from .typed import Checked, Doubt, Wrong, tidy
from .words import Sentence, say

Precision = Literal["day", "month", "year"]

#: years that a date may have; anything else is a slip of the finger
YEARS: Final = range(1900, 2101)

_MONTHS_ID = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
)
_MONTHS_EN = "January February March April May June July August September October November December"
_WEEKDAYS_ID = "Senin Selasa Rabu Kamis Jumat Sabtu Minggu"
_WEEKDAYS_EN = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"

_MONTH_NUMBER = {
    spelling.casefold(): number
    for names in (_MONTHS_ID, _MONTHS_EN)
    for number, name in enumerate(names.split(), start=1)
    for spelling in (name, name[:3])
} | {"agt": 8, "ags": 8, "agu": 8, "sept": 9, "nop": 11, "nopember": 11, "pebruari": 2, "peb": 2}
_WEEKDAY_NUMBER = {
    name.casefold(): number
    for names in (_WEEKDAYS_ID, _WEEKDAYS_EN)
    for number, name in enumerate(names.split())
} | {"jum'at": 4, "ahad": 6}

_WEEKDAY = re.compile(r"([^\W\d_]+'?[^\W\d_]*)(?:\s*,\s*|\s+)(?=\d)")
_ABOUT = re.compile(r"(?:sekitar|kira-kira|about|circa|ca\.?)\s+", re.IGNORECASE)
_YEAR = re.compile(r"(\d{4})")
_MONTH_YEAR = re.compile(r"(\d{1,2})\s?[/.\-]\s?(\d{4})")
_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_NAMED_MONTH = re.compile(r"([^\W\d_]+)\.?\s?,?\s?(\d{4})")
_DAY = re.compile(r"(\d{1,2})\s?([/.\-])\s?(\d{1,2})\s?\2\s?(\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NAMED_DAY = re.compile(r"(\d{1,2})[\s\-]([^\W\d_]+)\.?[\s\-,]\s?(\d{4})")
_TIME = re.compile(r"(\d{1,2})(?:\s?[.:]\s?(\d{2}))?|(\d{2})(\d{2})")
_TIME_WORDS = re.compile(r"^(?:pukul|jam|pkl\.?)\s+|\s*\b(?:wib|wita|wit)$", re.IGNORECASE)

EMPTY: Final = say("Nothing was typed.")
UNCLEAR: Final = say("This is not a date. Write it as 18/11/2025, November 2025 or 2025.")
UNCLEAR_DAY: Final = say("This is not a date. Write it as 18/11/2025.")
NO_SUCH_DAY: Final = say("The calendar has no such day.")
UNCLEAR_TIME: Final = say("This is not a time. Write it as 07.30.")


@dataclass(frozen=True, order=True)
class PartialDate:
    """A day, a month or a year, kept as its first day and how exact it is."""

    first: date
    precision: Precision = "day"

    def __post_init__(self) -> None:
        """Move `first` to the beginning of the month or year that is known."""
        if self.precision != "day":
            month = self.first.month if self.precision == "month" else 1
            object.__setattr__(self, "first", date(self.first.year, month, 1))

    @property
    def last(self) -> date:
        """The last day that is meant."""
        if self.precision == "day":
            return self.first
        month = self.first.month if self.precision == "month" else 12
        return date(self.first.year, month, monthrange(self.first.year, month)[1])

    def __str__(self) -> str:
        return self.first.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.precision]]


def partial_date(typed: object) -> Checked[PartialDate]:
    """The date meant by `typed`, or `Wrong`; warns of a wrong weekday and of "sekitar"."""
    text = _plain(typed, UNCLEAR)
    doubts = []
    about = _ABOUT.match(text)
    if about:
        text = text[about.end() :]
        sentence = say("The date is kept without “about”. Write that in the note.")
        doubts.append(Doubt("about", sentence))
    weekday = _WEEKDAY.match(text)
    named = _WEEKDAY_NUMBER.get(weekday[1].casefold()) if weekday else None
    if weekday and named is not None:
        text = text[weekday.end() :]
    found = _read(text)
    if named is not None and found.precision == "day" and found.first.weekday() != named:
        sentence = say("The weekday does not belong to this date: %(date)s.", date=found.first)
        doubts.append(Doubt("weekday", sentence))
    return Checked(found, (found.precision,), tuple(doubts))


def whole_date(typed: object) -> Checked[date]:
    """The day meant by `typed`, or `Wrong` when it is only a month or a year."""
    try:
        checked = partial_date(typed)
    except Wrong as wrong:
        raise Wrong("unclear", UNCLEAR_DAY) if wrong.fault == "unclear" else wrong from None
    if checked.value.precision != "day":
        raise Wrong("unclear", UNCLEAR_DAY)
    return Checked(checked.value.first, checked.detail, checked.warnings)


def clock_time(typed: object) -> Checked[time]:
    """The time meant by "7.30", "07:30", "0730", "pukul 7.30 WIB" or "7", or `Wrong`."""
    text = _TIME_WORDS.sub("", _TIME_WORDS.sub("", _plain(typed, UNCLEAR_TIME)))
    match = _TIME.fullmatch(text) if text.isascii() else None
    if not match:
        raise Wrong("unclear", UNCLEAR_TIME)
    hour, minute = int(match[1] or match[3]), int(match[2] or match[4] or 0)
    if hour > 23 or minute > 59:
        raise Wrong("unclear", UNCLEAR_TIME)
    return Checked(time(hour, minute))


def show_time(value: time | None) -> str:
    """The time as it is printed: "07.30"."""
    return f"{value:%H.%M}" if value else ""


def _plain(typed: object, unclear: Sentence) -> str:
    if not isinstance(typed, str):
        raise Wrong("unclear", unclear)
    text = tidy(typed, most=60)
    if not text:
        raise Wrong("empty", EMPTY)
    return text


def _read(text: str) -> PartialDate:
    """The date in `text`, tried shape by shape; day stands before month."""
    for pattern, build in _SHAPES:
        match = pattern.fullmatch(text) if text.isascii() else None
        if match:
            return build(match)
    raise Wrong("unclear", UNCLEAR)


def _made(year: str, month: str = "1", day: str = "1", *, precision: Precision) -> PartialDate:
    number = int(month) if month.isdigit() else _MONTH_NUMBER.get(month.casefold())
    if number is None:
        raise Wrong("unclear", UNCLEAR)
    if int(year) not in YEARS:
        raise Wrong("year", say("The year lies too far away. Compare it with the source."))
    try:
        return PartialDate(date(int(year), number, int(day)), precision)
    except ValueError:
        raise Wrong("no_such_day", NO_SUCH_DAY) from None


_SHAPES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], PartialDate]], ...]] = (
    (_YEAR, lambda found: _made(found[1], precision="year")),
    (_MONTH_YEAR, lambda found: _made(found[2], found[1], precision="month")),
    (_ISO_MONTH, lambda found: _made(found[1], found[2], precision="month")),
    (_NAMED_MONTH, lambda found: _made(found[2], found[1], precision="month")),
    (_DAY, lambda found: _made(found[4], found[3], found[1], precision="day")),
    (_ISO_DAY, lambda found: _made(found[1], found[2], found[3], precision="day")),
    (_NAMED_DAY, lambda found: _made(found[3], found[2], found[1], precision="day")),
)
