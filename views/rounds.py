"""Sessions as rounds of their programme: when, for whom, and in which order down the tiers."""

from __future__ import annotations

from datetime import date
from typing import Any

from babel.dates import format_date
from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import joinedload, selectinload

from models.base import db
from models.programme import Programme
from models.training import SessionTier, TrainingSession
from panel.screens.acting import may
from panel.screens.base import RecordView
from panel.screens.language import language, partial_date, short_date
from panel.screens.marks import blank
from panel.screens.querying import scoped
from panel.screens.values import screen_of
from panel.screens.workflow import WorkflowView, state_badge
from panel.words import Sentence, say

from .rows import record_link, tier_names


class ProgrammePage(RecordView):
    """The details page of programmes, for their screen."""

    details_template = "programme.html"

    def details_page(self, record: Programme, **more: Any) -> Any:
        """The facts with the sessions from the top tier down."""
        context = {
            "rounds": rounds_of(record),
            "new_session": new_session(record),
            **{one.__name__: one for one in (audience_of, day_mark, record_link, when)},
        }
        return super().details_page(record, **{**context, **more})


def rounds_of(programme: Programme) -> list[TrainingSession] | None:
    """The programme's sessions in scope by tier from the top, then by date; unknown days last."""
    if not may("read", TrainingSession):
        return None
    found = db.session.scalars(
        scoped(TrainingSession)
        .where(TrainingSession.programme_id == programme.id)
        .options(
            selectinload(TrainingSession.tiers).joinedload(SessionTier.tier),
            joinedload(TrainingSession.venue),
        )
    )

    def place(one: TrainingSession) -> tuple[bool, int, date, int]:
        ranks = [link.tier.rank for link in one.tiers]
        return not ranks, min(ranks, default=0), one.held_on or date.max, one.id

    return sorted(found, key=place)


def new_session(programme: Programme) -> str | None:
    """The form of a new session of this programme; None for who may not."""
    if not may("create", TrainingSession):
        return None
    endpoint = screen_of(TrainingSession).endpoint
    return url_for(f"{endpoint}.create_view", programme=programme.id)


def date_of(session: TrainingSession) -> Any:
    """The date as far as it is known."""
    if session.held_on is None:
        return blank(say("date not known"))
    return partial_date(session.held_on, session.date_precision)


def is_cancelled(session: TrainingSession) -> bool:
    """Whether the session was called off; it stays in sight and counts nowhere."""
    return WorkflowView.category_of(session) == "cancelled"


def when(session: TrainingSession) -> Any:
    """The date as far as it is known; of a session that was called off, also that it was."""
    if not is_cancelled(session):
        return date_of(session)
    return Markup("{} {}").format(date_of(session), state_badge(session))


def day_of(session: TrainingSession) -> Any:
    """The date as far as it is known, in short."""
    if session.date_precision == "day" and session.held_on is not None:
        return Markup('<span class="nowrap">{}</span>').format(short_date(session.held_on))
    return date_of(session)


def day_mark(session: TrainingSession) -> Markup:
    """The day beside a line of dates; as much of it as is known."""
    day = session.held_on
    if day is None:
        return Markup('<span class="day" aria-hidden="true">–</span>')
    if session.date_precision != "day":
        short = partial_date(day, session.date_precision, short=True)
        return Markup('<span class="day">{}</span>').format(short)
    week, month = (format_date(day, part, locale=language()) for part in ("EEE", "MMM"))
    return Markup('<span class="day">{}<b>{}</b>{}</span>').format(week, day.day, month)


def audience_of(session: TrainingSession) -> Sentence | list[Any] | Markup:
    """The tiers, and whether there are more than those named."""
    names = tier_names(session.tiers)
    if not names:
        return blank()
    return names if session.tiers_complete else say("%(tiers)s, among others", tiers=names)
