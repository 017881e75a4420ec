"""Who acts in this request, under which deed, and how a refused act is left in the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import g, has_request_context, request

from ..access.rules import Actor
from ..changelog.past import past
from ..changelog.records import current, deed, note
from ..plugin import current_actor, current_panel
from ..words import Refused, Sentence, say
from .language import tell

Subject = tuple[str, str]

PAST = say("This is how it stood in the past; only what stands today is changed.")


def actor() -> Actor | None:
    """Who acts; none for a stranger and outside of a request."""
    return current_actor() if has_request_context() else None


def reads_lent() -> bool:
    """Whether this request also finds what lies in the places lent to the actor by letter.

    It does where it reads or takes a step, and nowhere else: records are written in one's own name.
    """
    return has_request_context() and bool(g.get("reads_lent", False))


def the_actor() -> Actor:
    """Who acts; a stranger is refused."""
    who = actor()
    if who is None:
        raise Refused("role", say("Sign in first."))
    return who


def objection(verb: str, target: Any) -> Sentence | None:
    """Why the actor may not do `verb` to a record or a class of records, or None.

    While the past is being read everything but reading is closed.
    """
    if verb != "read" and past() is not None:
        return PAST
    sentence: Sentence | None = current_panel().access.may(actor(), verb, target)
    return sentence


def may(verb: str, target: Any) -> bool:
    """Whether the policy lets the actor do `verb` to a record or a class of records."""
    return objection(verb, target) is None


def opened(kind: str, verb: str) -> bool:
    """Whether the policy opens `verb` to any role at all."""
    return any(verb in verbs for verbs in current_panel().access.policy.get(kind, {}).values())


def subject_of(record: Any) -> Subject:
    """Table and key of a record, by which the log names it."""
    return record.__tablename__, str(sa.inspect(record).identity[0])


@contextmanager
def doing(action: str, *, subject: Subject | None = None, reason: str = "") -> Iterator[Any]:
    """The deed of this request under the name `action`; opens one where the request has none.

    The session begins anew, so that its transaction is one of the deed. The caller commits.
    """
    panel = current_panel()
    panel.db.session.rollback()
    open_deed = current()
    if open_deed is not None:
        open_deed.action, open_deed.subject = action, subject
        open_deed.reason = reason or open_deed.reason
        yield open_deed
        return
    with deed(action, actor=the_actor(), reason=reason, **origin()) as own:
        own.subject = subject
        yield own


def origin() -> dict[str, str]:
    """Where the request comes from, for the log."""
    if not has_request_context():
        return {}
    return {"request_id": g.get("request_id", ""), "address": request.remote_addr or ""}


def note_event(
    action: str,
    *,
    reason: str = "",
    subject: Subject | None = None,
    details: Mapping[str, object] | None = None,
) -> None:
    """Leave an event without changes in the log, in a transaction of its own.

    `details` belong to nobody, such as numbers; what speaks of people goes into the reason.
    """
    who = actor()
    if who is None:
        return
    places = {place.region_id for place in who.places}
    scope = str(places.pop()) if subject is None and len(places) == 1 else None
    facts: dict[str, Any] = {"reason": reason, "subject": subject, "scope": scope, **origin()}
    facts["details"] = details or {}
    note(current_panel().db.engine, action, actor=who, **facts)


def note_refusal(action: str, sentence: Sentence, *, subject: Subject | None = None) -> None:
    """Undo what was begun and leave the refused attempt in the log, alone."""
    current_panel().db.session.rollback()
    note_event(f"{action}.refused", reason=tell(sentence), subject=subject)
