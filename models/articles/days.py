"""Dates in a news text: "Selasa (18/11/2025)", "Maret 2024", "tahun 2024 ini", with their words.

Pure. What the words do not give is not guessed, but for a year that the day of publication gives:
then a doubt says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from panel.dates import PartialDate, partial_date
from panel.typed import Doubt, Wrong
from panel.words import Sentence, say

_MONTHS = (
    "januari|februari|pebruari|maret|april|mei|juni|juli|agustus|september|oktober|november|"
    "nopember|desember|january|february|march|may|june|july|august|october|december|"
    "jan|feb|mar|apr|jun|jul|agt|agu|ags|aug|sept?|okt|oct|nov|nop|des|dec"
)
_WEEKDAYS = "senin|selasa|rabu|kamis|jumat|jum['’]at|sabtu|minggu|ahad"
_WEEKDAY = rf"(?:(?P<weekday>{_WEEKDAYS})\s*,?\s*)?"

_SHAPES: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?P<from>\d{{1,2}})\s*(?:-|–|hingga|sampai|s\.?d\.?)\s*\d{{1,2}}\s+"
        rf"(?P<month>(?:{_MONTHS})\s+\d{{4}})\b",
        rf"\b{_WEEKDAY}\(?(?<![\d/])(?P<date>\d{{1,2}}/\d{{1,2}}/\d{{4}})(?![\d/])\)?",
        rf"\b{_WEEKDAY}\(?\b(?P<date>\d{{1,2}}-\d{{1,2}}-\d{{4}})\b\)?",
        rf"\b{_WEEKDAY}\(?(?P<date>\b\d{{1,2}}\s+(?:{_MONTHS})\.?\s+\d{{4}})\b\)?",
        rf"\b(?P<weekday>{_WEEKDAYS})\s*,?\s*\((?P<short>\d{{1,2}}/\d{{1,2}})\)",
        rf"(?<!\d )\b(?P<date>(?:{_MONTHS})\s+\d{{4}})\b",
        r"\btahun\s+(?:anggaran\s+)?(?P<date>\d{4})\b(?:\s+(?:ini|lalu|silam))?",
    )
)
_LINE = re.compile(
    rf"(?:(?:dipublikasikan|diterbitkan|terbit|published|posted)(?: pada| on)?\s?:?\s?)?"
    rf"(?:(?:{_WEEKDAYS})\s?,?\s?)?(?P<day>\d{{1,2}}[ /-](?:\d{{1,2}}|{_MONTHS})[ /-]\d{{4}})"
    rf"(?:[\s|,\-–•]*(?:pukul |jam )?\d{{1,2}}[.:]\d{{2}}(?: ?wib| ?wita| ?wit)?)?",
    re.IGNORECASE,
)
YEAR_OF_PUBLICATION: Final = say("The text names no year; this is the year of publication.")


@dataclass(frozen=True)
class Found:
    """A date, where its words stand in the sentence, and what is doubtful about it."""

    value: PartialDate
    start: int
    end: int
    doubts: tuple[Sentence, ...] = ()


def dates_in(sentence: str, published_on: date | None = None) -> list[Found]:
    """The dates in a sentence in order, each place in the text read once, the fullest first."""
    found: list[Found] = []
    for shape in _SHAPES:
        for match in shape.finditer(sentence):
            taken = any(match.start() < one.end and one.start < match.end() for one in found)
            read = None if taken else _read(match, published_on)
            if read is not None:
                value, doubts = read
                found.append(Found(value, match.start(), match.end(), tuple(doubts)))
    return sorted(found, key=lambda one: one.start)


def day_line(line: str) -> date | None:
    """The day in a line that is nothing but a day and an hour, as pages print under a headline."""
    match = _LINE.fullmatch(line.strip("()[] ")) if len(line) <= 80 else None
    if match is None:
        return None
    try:
        return partial_date(match["day"].replace("-", "/")).value.first
    except Wrong:
        return None


def _read(
    match: re.Match[str], published_on: date | None
) -> tuple[PartialDate, list[Sentence]] | None:
    groups, doubts = match.groupdict(), []
    words = groups.get("date") or ""
    if groups.get("from"):
        words = f"{groups['from']} {groups['month']}"
    if groups.get("short"):
        if published_on is None:
            return None
        words = f"{groups['short']}/{published_on.year}"
        doubts.append(YEAR_OF_PUBLICATION)
    weekday = f"{groups['weekday']}, " if groups.get("weekday") else ""
    try:
        checked = partial_date(weekday.replace("’", "'") + words)
    except Wrong:
        return None
    return checked.value, [*doubts, *_sentences(checked.warnings)]


def _sentences(doubts: tuple[Doubt, ...]) -> Iterator[Sentence]:
    return (doubt.sentence for doubt in doubts)
