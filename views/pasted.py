"""A pasted news page as one looks at it: its form, what was left out, what it says, in words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from flask_admin.form import BaseForm
from wtforms.validators import InputRequired, Optional

from models.articles import Article, Dropped, Proposal, propose
from models.training import TrainingSession
from panel.screens.fields import LongTextField, TextField
from panel.screens.relating import RecordSelect
from panel.screens.values import screen_of
from panel.words import Refused, say

from .comparing import known_for, with_everything
from .labels import SPEAKER_ROLES

FIELD_LABELS = {
    "held": say("Date"),
    "venue": say("Venue"),
    "tiers": say("Meant for"),
    "includes_spouses": say("With spouses"),
    "organisers": say("Organised by"),
    "speakers": say("Speaker"),
    "values": say("Integrity values"),
    "risks": say("Risks named"),
    "places": say("Place named"),
}
#: What stands beside a proposal: tone, icon and word of a badge.
STATES = {
    "new": ("info", "", say("new")),
    "same": ("done", "s-done", say("recorded already")),
    "contradicts": ("stop", "alert", say("differs from the record")),
    "unknown": ("wait", "alert", say("not known here")),
    "told": ("line", "", say("for reading")),
}
ROLES = {
    "organisers": {"organiser": say("Organiser"), "partner": say("Partner")},
    "speakers": SPEAKER_ROLES,
}
STALE = say(
    "The session was changed in the meantime. Look at the proposals again; nothing is saved."
)
OTHER_TEXT = say("What you ticked is not in the text any more. Look again; nothing is saved.")


class PasteForm(BaseForm):
    """What is pasted, from where, and for which session."""

    session = RecordSelect(
        say("Session"), [Optional()], entity=TrainingSession, order="name", allow_blank=True
    )
    address = TextField(
        say("Address"),
        [Optional()],
        description=say("Of the page. It may name the paper and the day."),
    )
    pasted = LongTextField(
        say("Text of the news page"),
        [InputRequired()],
        description=say("Pick everything on the page, copy it, paste it here."),
    )


@dataclass(frozen=True)
class Sight:
    """One look at a pasted page: as it was read, what is left out, what it says."""

    article: Article
    dropped: list[Dropped]
    proposals: list[Proposal]
    training: TrainingSession | None
    version: str
    closed: Refused | None

    @property
    def open(self) -> dict[str, Proposal]:
        """What can be ticked now."""
        if self.training is None or self.closed is not None:
            return {}
        return {one.key: one for one in self.proposals if one.is_open}


def look(form: Any, article: Article, back: Collection[str]) -> Sight:
    """The text as it stands in the form now, compared with the chosen session.

    `back` are the keys of dropped lines that were put back.
    """
    chosen, screen = form.session.data, screen_of(TrainingSession)
    training = with_everything(chosen.id) if chosen is not None else None
    now = replace(
        article,
        title=form.title.data or "" if article.title else "",
        published_on=form.published_on.data,
        paragraphs=tuple(line for line in (form.text.data or "").split("\n") if line),
    )
    return Sight(
        article=article,
        dropped=[one for one in article.dropped if one.key not in back],
        proposals=propose(now, known_for(training)),
        training=training,
        version=screen.version_of(training) if training is not None else "",
        closed=screen.closed(training, "edit") if training is not None else None,
    )
