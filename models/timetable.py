"""Rules of time between programmes, sessions and their agenda; half-known dates by their span."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.words import Refused, Sentence, say

from .attendance import Participation
from .programme import Programme
from .training import AgendaItem, TrainingSession


def number(agenda: Sequence[AgendaItem]) -> None:
    """Give each item without a number the next one of its session."""
    last = max((item.number for item in agenda if item.number is not None), default=0)
    for item in agenda:
        if item.number is None:
            item.number = last = last + 1


def settle(session: TrainingSession) -> None:
    """Refuse a session outside of its programme, in a circle, or too short for its agenda."""
    objection = outside_of_programme(session)
    if objection is not None:
        raise Refused("field", objection, "held")
    if session.previous is not session and in_a_circle(session):
        sentence = say("So the sessions would come before each other in a circle. Choose another.")
        raise Refused("field", sentence, "previous")
    for item in session.agenda:
        wrong = outside_of_session(item)
        if wrong is not None:
            sentence = say("%(item)s: %(sentence)s", item=item.title, sentence=wrong[1])
            raise Refused("field", sentence, "agenda")


def outside_of_programme(session: TrainingSession) -> Sentence | None:
    """Why no day that the date may mean lies in the programme; None for an unknown date."""
    held, programme = session.held, session.programme
    if held is None or programme is None:
        return None
    if programme.started_on is not None and held.last < programme.started_on:
        return say(
            "The programme begins on %(day)s; no session lies before.", day=programme.started_on
        )
    if programme.ended_on is not None and held.first > programme.ended_on:
        return say("The programme ended on %(day)s; no session lies after.", day=programme.ended_on)
    return None


def settle_programme(session: Session, programme: Programme) -> None:
    """Refuse a beginning or an end that leaves sessions of the programme outside."""
    with session.no_autoflush:
        held = session.scalars(
            sa.select(TrainingSession)
            .where(TrainingSession.programme_id == programme.id)
            .order_by(TrainingSession.held_on, TrainingSession.id)
        ).all()
    for one in held:
        if outside_of_programme(one) is None:
            continue
        assert one.held is not None
        early = programme.started_on is not None and one.held.last < programme.started_on
        sentence = say("The session “%(name)s” lies outside of this time.", name=one.name)
        raise Refused("field", sentence, "started_on" if early else "ended_on")


def in_a_circle(session: TrainingSession) -> bool:
    """Whether the way along the predecessors leads back to the session."""
    seen, before = {session}, session.previous
    while before is not None and before not in seen:
        seen.add(before)
        before = before.previous
    return before is session


def outside_of_session(item: AgendaItem) -> tuple[str, Sentence] | None:
    """Where an agenda item lies outside of its session's times: field and sentence."""
    session = item.session
    if session is None:
        return None
    for field, at in (("starts_at", item.starts_at), ("ends_at", item.ends_at)):
        sentence = _beyond(at, session.starts_at, session.ends_at)
        if sentence is not None:
            return field, sentence
    return None


def _beyond(at: time | None, first: time | None, last: time | None) -> Sentence | None:
    if at is not None and first is not None and at < first:
        return say("The session begins at %(time)s only.", time=first)
    if at is not None and last is not None and at > last:
        return say("The session ends at %(time)s already.", time=last)
    return None


def post_not_held(participation: Participation) -> Sentence | None:
    """A doubt, no refusal: the post was not held on any day that the session's date may mean."""
    post, session = participation.appointment, participation.session
    held = session.held if session is not None else None
    if post is None or held is None:
        return None
    early = post.started_on is not None and post.started_on > held.last
    late = post.ended_on is not None and post.ended_on < held.first
    if not (early or late):
        return None
    return say(
        "%(post)s was not held by %(name)s on the day of the session. Check the post.",
        post=post.position.name,
        name=post.official.display_name,
    )
