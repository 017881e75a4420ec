"""The review of access: who had which rights in a period, to look at, to print and to sign off.

Auditors sign it off; administrators read it. A sign-off is a deed with the SHA-256 of the text that
was shown, so that anybody can tell later what was signed.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from babel.dates import get_timezone
from flask import Response, redirect, request, url_for
from flask_admin import expose

from models.access_review import review
from models.base import db
from models.clock import ZONE, today
from models.concrete import Deed
from models.records import workflow
from models.reviewed import Period, Review
from models.scope_rules import regions_of
from panel.access.rules import ROLE_NAMES
from panel.plugin import Panel
from panel.screens.account_words import in_short
from panel.screens.acting import actor, doing, may, objection, the_actor
from panel.screens.guarding import Guarded, verb
from panel.words import Refused, Sentence, say

from .pairs import LEAST, PERCENT

#: The deed of a sign-off, and how many of them the page lists.
SIGN_OFF, LISTED = "access_review.sign-off", 20
#: Days without a sign-in after which an account counts as idle, and the most that is asked for.
IDLE, MOST = 90, 3650
#: Longest remark.
LONGEST = 1000


@dataclass(frozen=True)
class Asked:
    """The period and the days that the page is asked for; `wrong` says what makes no sense."""

    first: date
    last: date
    days: int
    wrong: Sentence | None = None

    @property
    def period(self) -> Period:
        """The same as moments, where the offices are."""
        return Period(beginning(self.first), beginning(self.last + timedelta(days=1)), self.days)

    @property
    def address(self) -> dict[str, str]:
        """The arguments of the address that ask the same."""
        return {
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "days": str(self.days),
        }


def half_year(day: date) -> date:
    """The first day of the half-year in which `day` lies."""
    return date(day.year, 1 if day.month < 7 else 7, 1)


def asked(given: Any) -> Asked:
    """The question in an address or a form, or the running half-year."""
    day = today()
    usual = Asked(half_year(day), day, IDLE)
    try:
        last = date.fromisoformat(given.get("to") or day.isoformat())
        first = date.fromisoformat(given.get("from") or half_year(last).isoformat())
        days = given.get("days") or str(IDLE)
        if not re.fullmatch(r"[0-9]{1,4}", days) or not 1 <= int(days) <= MOST:
            raise ValueError(days)
    except ValueError:
        wrong = say("Type days as in a calendar, and a whole number of days without sign-in.")
        return Asked(usual.first, usual.last, IDLE, wrong)
    if last < first or first.year < 1900:
        return Asked(usual.first, day, IDLE, say("The end lies before the beginning."))
    if last > day:
        return Asked(usual.first, day, IDLE, say("What is to come cannot be reviewed yet."))
    return Asked(first, last, int(days))


def beginning(day: date) -> datetime:
    """The moment at which a day begins where the offices are."""
    return datetime.combine(day, time(), tzinfo=get_timezone(ZONE))


class AccessReviewView(Guarded):
    """Who has access, for whoever reads accounts; signed off by whoever verifies the log."""

    icon = "card"
    kind = "account"

    def __init__(self, _panel: Panel, *, category: Any = None) -> None:
        super().__init__(
            say("Access review"),
            category=category,
            endpoint="access_review",
            url="/access-review",
            menu_icon_value=self.icon,
        )

    def objection_to(self, verb: str | None) -> Sentence | None:
        """As the policy has it for accounts; signing off is for those who verify the log."""
        if verb == "verify" and actor() is not None:
            return objection(verb, "change")
        return super().objection_to(verb)

    @expose("/")
    @verb("read")
    def index_view(self) -> Any:
        """The review of a period."""
        question = asked(request.args)
        page = self.page(question, self.found(question))
        return page, 422 if question.wrong else 200

    @expose("/text/")
    @verb("read")
    def text_view(self) -> Any:
        """The text that a sign-off stands for, to be kept and hashed elsewhere."""
        question = asked(request.args)
        if question.wrong:
            raise Refused("field", question.wrong)
        name = f"access-review-{question.first}-{question.last}.json"
        return Response(
            self.found(question).text,
            mimetype="application/json",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    @expose("/sign-off/", methods=("POST",))
    @verb("verify")
    def sign_off_view(self) -> Any:
        """Leave the deed; refused where something else is there now than what was shown."""
        form, question = request.form, asked(request.form)
        found = self.found(question)
        remark = form.get("remark", "").strip()
        if question.wrong:
            return self.page(question, found), 422
        if not hmac.compare_digest(form.get("sha256", "").encode(), found.digest.encode()):
            changed = say("Something changed since this page was shown. Look at it anew.")
            return self.page(question, found, refused=Refused("stale", changed)), 409
        if not remark or len(remark) > LONGEST:
            wanted = say("Say in up to %(most)s characters what you found.", most=LONGEST)
            return self.page(question, found, refused=Refused("field", wanted, "remark")), 422
        if not self.signed_before(found):
            self.sign(question, found, remark)
        return redirect(url_for(".index_view", **question.address), 303)

    def found(self, question: Asked) -> Review:
        """What there is to review."""
        who, period = the_actor(), question.period
        return review(db.session(), who, period, percent=PERCENT, least=LEAST)

    def signed_before(self, found: Review) -> bool:
        """Whether the reader has signed off exactly this already, as by a doubled click."""
        mine = [one for one in reviews() if one.actor_id == the_actor().id]
        return any(one.facts["sha256"] == found.digest for one in mine)

    def sign(self, question: Asked, found: Review, remark: str) -> None:
        """The deed of the sign-off, in the place of the reader."""
        regions, digest = regions_of(the_actor()), found.digest
        one = str(regions[0]) if len(regions) == 1 else None
        with doing(SIGN_OFF, subject=("region", one) if one else None, reason=remark) as deed:
            deed.always, deed.scope = True, one
            deed.details = {
                "first": question.first.isoformat(),
                "last": question.last.isoformat(),
                "days": question.days,
                "sha256": digest,
                "regions": regions,
            }
            db.session.connection()  # nothing but the deed is written
            db.session.commit()

    def page(self, question: Asked, found: Review, *, refused: Refused | None = None) -> Any:
        """The page, with what was refused."""
        listed = reviews()
        return self.render(
            "access_review.html",
            asked=question,
            review=found,
            refused=refused,
            reviews=listed,
            signed=[one for one in listed if one.facts["sha256"] == found.digest],
            day=date.fromisoformat,
            may_sign=may("verify", "change") and not self.signed_before(found),
            role_names=ROLE_NAMES,
            region_names={str(one.id): one for one in found.regions},
            in_short=in_short,
            step_words=step_words(),
        )


def reviews() -> list[Deed]:
    """Sign-offs of regions that the reader has, newest first."""
    own = regions_of(the_actor())
    rows = (
        sa.select(Deed)
        .where(
            Deed.action == SIGN_OFF,
            sa.or_(Deed.scope.is_(None), Deed.scope.in_([str(one) for one in own])),
        )
        .order_by(Deed.seq.desc())
        .limit(10 * LISTED)
    )
    found = [one for one in db.session.scalars(rows) if set(one.facts["regions"]) <= set(own)]
    return found[:LISTED]


def step_words() -> dict[str, Any]:
    """What the steps of a request for an account are called."""
    return {
        name: step.label
        for process in workflow.processes()
        if process.table == "account_change"
        for name, step in process.transitions.items()
    }
