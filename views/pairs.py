"""Report of pairs who decide on each other: for auditors, over a period, to look at and to print.

A pair in it has done nothing wrong: in a small office one decides often on another's records.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from babel.dates import get_timezone
from flask import request
from flask_admin import expose

from models.base import db
from models.clock import ZONE, today
from models.pairs import counts, names_of, pairs
from panel.plugin import Panel
from panel.screens.acting import the_actor
from panel.screens.guarding import Guarded, verb
from panel.words import Sentence, say

#: The period without another one, the share and the number of decisions that make a pair.
YEAR, PERCENT, LEAST = timedelta(days=365), 50, 3


@dataclass(frozen=True)
class Asked:
    """What the report is asked for; `wrong` says what of it makes no sense."""

    first: date
    last: date
    percent: int
    least: int
    one_sided: bool
    wrong: Sentence | None = None


def asked() -> Asked:
    """The question in the address, or the usual one."""
    given, day = request.args, today()
    one_sided = given.get("sides") == "one"
    try:
        last = date.fromisoformat(given.get("last") or day.isoformat())
        first = date.fromisoformat(given.get("first") or (last - YEAR).isoformat())
        percent, least = whole("percent", PERCENT, 100), whole("least", LEAST, 1000)
    except (ValueError, OverflowError):
        wrong = say("Type days as in a calendar, and whole numbers: a share up to 100.")
        return Asked(day - YEAR, day, PERCENT, LEAST, one_sided, wrong)
    if last < first or first.year < 1900 or last.year > 2200:
        wrong = say("The end lies before the beginning.")
        return Asked(day - YEAR, day, PERCENT, LEAST, one_sided, wrong)
    return Asked(first, last, percent, least, one_sided)


def whole(name: str, usual: int, most: int) -> int:
    """A whole number from 1 to `most` in the address."""
    text = request.args.get(name) or str(usual)
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= most:
        raise ValueError(text)
    return int(text)


def beginning(day: date) -> datetime:
    """The moment at which a day begins where the offices are."""
    return datetime.combine(day, time(), tzinfo=get_timezone(ZONE))


class PairsView(Guarded):
    """Who decides again and again on whose records, and each on each."""

    icon = "pair"
    kind = "change"

    def __init__(self, _panel: Panel, *, category: Any = None) -> None:
        super().__init__(
            say("Pairs"),
            category=category,
            endpoint="pairs",
            url="/pairs",
            menu_icon_value=self.icon,
        )

    @expose("/")
    @verb("verify")
    def index_view(self) -> Any:
        """The pairs of a period, the closest first."""
        question, session = asked(), db.session()
        until = beginning(question.last + timedelta(days=1))
        found = counts(session, the_actor(), beginning(question.first), until)
        closest = pairs(
            found,
            percent=question.percent,
            least=question.least,
            one_sided=question.one_sided,
        )
        people = [account for pair in closest for account in (pair.one, pair.other)]
        page = self.render(
            "pairs.html",
            asked=question,
            pairs=closest,
            names=names_of(session, people) if people else {},
            decided=sum(one.number for one in found),
        )
        return page, 422 if question.wrong else 200
