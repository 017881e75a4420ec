"""The first page: what waits for this person, what is late, what comes next, how far things are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from babel.dates import format_date
from flask import url_for
from flask_admin import AdminIndexView, expose

from models.base import db
from models.coverage import coverage
from models.follow_up import ActionPlan
from models.government import Position
from models.records import Account
from models.today import OPEN, came_back, falling_due, latest_session, next_sessions
from models.training import TrainingSession
from panel.columns import now
from panel.screens.acting import may, the_actor
from panel.screens.chain import state_of_chain
from panel.screens.changes import latest_deeds
from panel.screens.guarding import SIGNED_IN, Guarded, verb
from panel.screens.inbox import Line, lines_of
from panel.screens.language import language, local
from panel.screens.querying import scoped
from panel.screens.values import address_of, screen_of
from panel.screens.waiting import waiting
from panel.screens.workflow import note_outdated, state_badge
from panel.words import Sentence, say

from .rows import by_language

#: Lines per block of the page.
LINES = 5
#: What nobody took a step on yet stands below what waits.
NEVER = datetime.max.replace(tzinfo=UTC)
ACCOUNT_COLUMNS = ("name", "roles", "grants", "last_sign_in_at")


class HomeView(Guarded, AdminIndexView):
    """What a supervisor has to decide, a clerk to mend, an auditor to read; and the coverage."""

    title = say("Home")

    @expose("/")
    @verb(SIGNED_IN)
    def index(self) -> Any:
        """The blocks that the roles of this account open."""
        actor, session, today = the_actor(), db.session(), local(now()).date()
        blocks: dict[str, Any] = {}
        if "supervisor" in actor.roles or "administrator" in actor.roles:
            found = to_decide(LINES)
            if found[1] or "supervisor" in actor.roles:
                blocks["waiting"] = found
        if "clerk" in actor.roles:
            blocks["returned"] = came_back(session, actor, LINES)
        if may("create", "account"):
            blocks["accounts"] = accounts_in_sight(LINES + 3)
        if may("read", ActionPlan):
            others = ("draft", "active") if "waiting" in blocks else OPEN
            blocks["due"] = falling_due(session, actor, today, LINES, others)
            note_outdated([plan for plan, _decision in blocks["due"][0]])
        if may("read", "change"):
            blocks["deeds"] = latest_deeds(limit=LINES + 1)
            blocks["chain"] = state_of_chain()
        if may("read", TrainingSession):
            blocks["sessions"] = next_sessions(session, actor, today, 3)
            blocks["last_session"] = latest_session(session, actor, today)
        if may("read", Position):
            blocks["coverage"] = coverage(session, actor, today)
        return self.render(
            "home.html",
            greeting=greeting(local(now())),
            today=today,
            days_late=days_late,
            in_pattern=in_pattern,
            plan_state=state_badge,
            tier_name=by_language,
            **blocks,
        )


def to_decide(limit: int) -> tuple[list[Line], int]:
    """What waits for a decision of this account, the most overdue first; and how much does."""
    found = sorted(
        (one for one in waiting() if one.turn == "decide" and one.view == ""),
        key=lambda one: (-one.days_late, one.since or NEVER, one.id),
    )
    return lines_of(found[:limit], url_for("inbox.index_view", by="overdue")), len(found)


@dataclass(frozen=True)
class Accounts:
    """The accounts that want a look, how many there are, and how many were never used."""

    columns: list[Any]
    rows: list[tuple[str | None, list[Any]]]
    count: int
    unused: int


def accounts_in_sight(limit: int) -> Accounts:
    """The open accounts in scope, those first that were never used or not for long."""
    values = screen_of("account").values
    open_ones = (
        scoped(Account)
        .where(Account.active)
        .order_by(Account.last_sign_in_at.is_not(None), Account.last_sign_in_at, Account.name)
    )
    found = db.session.scalars(open_ones).unique().all()
    rows = [
        (address_of(one), [values.shown(one, name) for name in ACCOUNT_COLUMNS])
        for one in found[:limit]
    ]
    unused = sum(one.last_sign_in_at is None for one in found)
    return Accounts([values.label(name) for name in ACCOUNT_COLUMNS], rows, len(found), unused)


def greeting(moment: datetime) -> Sentence:
    """Good morning until eleven, good day until three, good afternoon until six, then evening."""
    name = the_actor().name
    if moment.hour < 11:
        return say("Good morning, %(name)s", name=name)
    if moment.hour < 15:
        return say("Good day, %(name)s", name=name)
    if moment.hour < 18:
        return say("Good afternoon, %(name)s", name=name)
    return say("Good evening, %(name)s", name=name)


def in_pattern(day: date, pattern: str) -> str:
    """A part of a date in the reader's language: "Sel", "Nov"."""
    return format_date(day, pattern, locale=language())


def days_late(plan: ActionPlan, today: date) -> int:
    """How many days the last day lies back; 0 while it does not."""
    return max((today - plan.last_day).days, 0) if plan.last_day else 0
