"""The records of a bulk decision: as the preview shows each, as it is decided, what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for
from sqlalchemy.exc import IntegrityError

from ..incidents import written_down
from ..plugin import current_panel
from ..words import Refused, say
from ..workflow.approval import outdated
from ..workflow.definition import Transition
from ..workflow.records import UnknownStep
from ..workflow.rules import Objection
from .acting import doing, note_refusal, the_actor
from .answers import refusal_of
from .deciding import Changes, changes_since
from .listing import about_of
from .querying import find
from .waiting import screens, versions_of
from .workflow import state_of, the_workflow

GONE = say("This record is not there any more.")
NO_STEP = say("The process of this record has no such step.")


@dataclass(frozen=True)
class Wanted:
    """The step that is asked for, and the screen of the records it is for."""

    screen: Any
    transition: Transition

    @property
    def kind(self) -> str:
        """The kind of record."""
        return str(self.screen.model.__tablename__)

    @property
    def value(self) -> str:
        """Kind and step, as forms send them."""
        return f"{self.kind}.{self.transition.name}"


@dataclass(frozen=True)
class Item:
    """One record of the preview: what is decided on, and what stands against it."""

    key: str
    title: Any
    about: list[str]
    state: Any
    due: Any
    seen: str
    changes: Changes
    outdated: bool
    objection: Objection | None
    url: str | None


@dataclass(frozen=True)
class Result:
    """What became of one record."""

    title: Any
    url: str | None
    done: bool
    sentence: Any


def wanted_step(value: str) -> Wanted | None:
    """The step named as "kind.step", or None: no such one, or one that asks for more."""
    kind, _, name = value.partition(".")
    screen = screen_for(kind)
    for process in reversed(versions_of(kind).values()) if screen is not None else ():
        step = process.transitions.get(name)
        if step is not None and not step.sets and name not in screen.one_by_one:
            return Wanted(screen, step)
    return None


def screen_for(kind: str) -> Any:
    """The screen of a kind of record that the actor reads, or None."""
    return next((one for one in screens() if one.model.__tablename__ == kind), None)


def item_of(wanted: Wanted, key: str, shown: str, back: str) -> Item:
    """One record of the preview; `shown` is the hash of what it showed before, if it did."""
    session, workflow = current_panel().db.session, the_workflow()
    kind, _, number = key.partition(":")
    screen = screen_for(kind)
    record = find(screen.model, number) if screen is not None else None
    if screen is None or record is None:
        gone = Objection("scope", GONE)
        title = say("No. %(id)s", id=number[:20])
        return Item(key, title, [], None, None, "", Changes(), False, gone, None)
    objection = objection_of(wanted, kind, record)
    text, seen = workflow.snapshot(session, record)
    decisions = workflow.decisions(session, record)
    return Item(
        key,
        screen.title_of(record),
        about_of(screen, record),
        state_of(record),
        getattr(record, screen.due_column) if screen.due_column else None,
        shown or seen,
        changes_since(decisions, text, seen),
        record.id in outdated(workflow, session, [record]),
        objection,
        url_for(f"{screen.endpoint}.details_view", id=record.id, url=back),
    )


def objection_of(wanted: Wanted, kind: str, record: Any) -> Objection | None:
    """Why the step is closed to the actor for this record, or None."""
    session, workflow = current_panel().db.session, the_workflow()
    if kind != wanted.kind:
        return Objection("state", say("This is another kind of record."))
    case = workflow.case(session, record)
    offers = workflow.offers(session, record, the_actor(), case)
    for one in (*offers, *workflow.closed(session, record, case)):
        if one.step == wanted.transition.name:
            return one.objection
    return Objection("state", NO_STEP)


def decide(wanted: Wanted, key: str, seen: str, reason: str) -> None:
    """One record, in its own deed and transaction; a refusal is logged alone."""
    panel, step = current_panel(), wanted.transition.name
    session, workflow = panel.db.session, the_workflow()
    kind, _, pk = key.partition(":")
    action = f"{wanted.kind}.{step}"
    with doing(action, subject=(wanted.kind, pk[:20]), reason=reason):
        try:
            record = find(wanted.screen.model, pk) if kind == wanted.kind else None
            if record is None:
                raise Refused("scope", GONE)
            workflow.move(session, record, step, reason=reason, seen=seen)
            session.commit()
        except UnknownStep:
            why: Any = NO_STEP
        except Refused as error:
            why = error.sentence
        except IntegrityError as error:
            session.rollback()
            table = wanted.screen.model.__table__
            why = refusal_of(error, table, wanted.screen.constraint_sentences).sentence
        except Exception as error:
            session.rollback()
            facts = {"request": g.get("request_id", ""), "endpoint": request.endpoint}
            number = written_down(error, **facts)
            why = say("Something broke on our side: %(number)s.", number=number)
        else:
            return
        note_refusal(action, why, subject=(wanted.kind, pk[:20]))


def result_of(deed: Any) -> Result:
    """What one deed says of its record."""
    screen = screen_for(deed.subject_table)
    record = find(screen.model, deed.subject_pk) if screen is not None else None
    done = not deed.action.endswith(".refused")
    if screen is None or record is None:
        title, url = say("No. %(id)s", id=deed.subject_pk), None
    else:
        title = screen.title_of(record)
        url = url_for(f"{screen.endpoint}.details_view", id=record.id)
    if not done:
        return Result(title, url, False, deed.reason)
    return Result(title, url, True, state_of(record).label if record is not None else "")
