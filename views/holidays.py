"""Screen of the days off: what people entered, and beside it what the national calendar says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import request, url_for

from models.base import db
from models.clock import today
from models.holidays import Holiday, without_effect
from models.national_days import YEARS, leave_is_known, national_days
from panel.screens.base import RecordView
from panel.screens.language import long_date, short_date
from panel.screens.marks import badge
from panel.screens.querying import scoped
from panel.screens.sheets import Section
from panel.words import Sentence, say

from .labels import HOLIDAY_KINDS


def where(entry: Holiday) -> Any:
    """The region in which an entry holds, or that it holds in all."""
    return entry.region or badge("line", "", say("All regions"))


class HolidayView(RecordView):
    """Days that differ from the national calendar; deadlines go by both."""

    model = Holiday
    title = say("Holidays")
    one = say("Holiday")
    icon = "sun"
    list_template = "holidays.html"
    columns = ("day", "name", "kind", "holds_in")
    details = columns
    exported = columns
    fields = (
        Section(
            say("Day"),
            say(
                "Deadlines are counted in working days: without Saturdays and Sundays, the "
                "national calendar's days and those entered here."
            ),
            ["day", "kind", "name"],
        ),
        Section(say("Holds in"), "", ["region"]),
    )
    helps = {
        "kind": "“Working day” takes a day of the national calendar away. A day that was entered "
        "by mistake is not deleted: change what it is.",
        "name": "What the day is, or the number of the decree.",
        "region": "Left empty, it holds in all regions. What is entered for one region goes before "
        "what is entered for all.",
    }
    list_joins = (Holiday.region,)
    searchable = ("name",)
    filtered = ("day", "kind", "region")
    default_order = ("-day",)
    choices = {"kind": HOLIDAY_KINDS}
    formats = {"holds_in": where, "day": lambda entry: long_date(entry.day)}
    labels = {
        "day": "Day",
        "kind": "What it is",
        "name": "Name",
        "region": "Holds in",
        "holds_in": "Holds in",
    }
    constraint_sentences = {
        "uq_holiday_region_day": ("day", say("There is an entry for this day and this region.")),
        "uq_holiday_everywhere": ("day", say("There is an entry for this day and all regions.")),
    }

    def title_of(self, record: Holiday) -> Any:
        """The day and its name."""
        return say("%(name)s, %(day)s", name=record.name, day=short_date(record.day))

    def doubts(self, record: Holiday) -> Iterable[tuple[str, Sentence]]:
        """An entry that changes nothing."""
        why = without_effect(record)
        return [("kind", why)] if why else []

    def get_empty_list_message(self) -> Any:
        """What is entered here, where nothing is yet."""
        return (
            say("Nothing is entered"),
            say("Deadlines go by the national calendar below. Enter what differs from it."),
        )

    def render(self, template: str, **context: Any) -> Any:
        """The list, with the national calendar of the year that the address asks for."""
        if template == self.list_template:
            year = year_asked()
            context |= {
                "year": year,
                "national": national_days(year),
                "leave_known": leave_is_known(year),
                "kinds": HOLIDAY_KINDS,
                "instead": entered_instead(year),
                "year_url": lambda other: url_for(".index_view", year=other) + "#national",
                "years": YEARS,
            }
        return super().render(template, **context)


def year_asked() -> int:
    """The year that the address asks for, this one when it asks for none that there is."""
    text = request.args.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return year if year in YEARS else today().year


def entered_instead(year: int) -> dict[date, list[Holiday]]:
    """Entries in scope that make working days of the year's national ones, by day."""
    found: dict[date, list[Holiday]] = {}
    rows = scoped(Holiday).where(
        Holiday.day.between(date(year, 1, 1), date(year, 12, 31)), Holiday.kind == "working_day"
    )
    for entry in db.session.scalars(rows.order_by(Holiday.id)).unique():
        found.setdefault(entry.day, []).append(entry)
    return found
