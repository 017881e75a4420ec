"""A changed process from its proposal to publication, which needs two people. Nothing commits here.

A proposal is a text and its author; what it opens is laid down when it is published. The triggers
know the same: no version of a kind that has one is published by the account that proposed it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..access.rules import Actor
from ..columns import now
from ..words import Refused, Sentence, say
from .choosing import lay_given, mapping_rows, ways_to
from .comparing import Change, compare
from .definition import Process
from .reading import WrongProcess
from .records import Workflow
from .rules import REASON_LENGTH, Objection
from .snapshot import fingerprint

Act = Literal["take_up", "publish", "withdraw"]


def propose(workflow: Workflow, session: Session, text: str, *, actor: Actor, reason: str) -> Any:
    """A new version by an account; raises `WrongProcess` and `Refused`."""
    process = workflow.read(text, strictly=True)
    if process.table not in workflow.records():
        raise Refused("state", say("No records of this installation follow such a process."))
    latest = workflow.latest(session, process.table)
    if latest is not None and latest.kind != process.kind:
        raise Refused("state", say("The process of these records has another kind: it stays."))
    if latest is not None and latest.sha256 == fingerprint(text):
        raise Refused("state", say("This is the published process; nothing is changed."))
    by = (actor.id, actor.name)
    version = workflow.proposed(session, process, by=by, reason=reason_given(reason))
    lay_given(workflow, session, version, process)
    return version


def objection(
    workflow: Workflow, session: Session, version: Any, act: Act, actor: Actor
) -> Objection | None:
    """Why this actor may not take up, publish or turn down a version, or None."""
    if version.published_at is not None:
        return Objection("state", say("This version is published and never changes."))
    if version.withdrawn_at is not None:
        return Objection("state", say("This proposal was turned down."))
    if act == "withdraw":
        return None
    latest = workflow.latest(session, version.record_table)
    if latest is not None and latest.number > version.number:
        return Objection("state", say("A newer version is published; propose the change anew."))
    if act == "take_up":
        if version.proposed_by_id is None:
            return None
        return Objection("state", say("Somebody has taken this up already."))
    if version.proposed_by_id is None:
        sentence = say(
            "This came with the program, and nobody stands for it yet: one administrator takes it "
            "up, another one publishes it."
        )
        return Objection("state", sentence)
    if actor.id in _same(workflow, session, version.proposed_by_id):
        return Objection("duty", say("You proposed this; another administrator publishes it."))
    return None


def decide(
    workflow: Workflow, session: Session, version: Any, act: Act, *, actor: Actor, reason: str
) -> None:
    """Take up, publish or turn down; the row is locked, everything is asked anew."""
    model = workflow.process_version
    session.execute(sa.select(model.id).where(model.id == version.id).with_for_update())
    session.refresh(version)
    why = objection(workflow, session, version, act, actor)
    if why is not None:
        raise Refused(why.code, why.sentence, why.field)
    given = reason_given(reason)
    if act == "withdraw":
        version.withdrawn_at = now()
    elif act == "take_up":
        version.proposed_by_id, version.proposed_by_name = actor.id, actor.name
        version.proposed_reason = given
        with suppress(WrongProcess):  # a file that came along need not fit the versions here
            lay_given(workflow, session, version, _readable(workflow, version))
    else:
        process = _readable(workflow, version)
        rows = mapping_rows(ways_to(workflow, session, version, process))
        workflow.publish(session, version, process, (actor.id, actor.name), rows)
    session.flush()


def difference(workflow: Workflow, session: Session, process: Process) -> list[Change]:
    """What a process would change; nothing, where there is none yet."""
    latest = workflow.latest(session, process.table)
    return compare(workflow.process_in(latest), process) if latest is not None else []


def _same(workflow: Workflow, session: Session, account: int) -> set[int]:
    others = workflow.same_people(session, [account]) if workflow.same_people else {}
    return {account, *others.get(account, ())}


def _readable(workflow: Workflow, version: Any) -> Process:
    """The process of a version, if the program still takes it."""
    try:
        return workflow.read(version.text, strictly=True)
    except WrongProcess as wrong:
        what: Sentence = wrong.sentences[0]
        sentence = say("The program does not take this process any more. %(what)s", what=what)
        raise Refused("state", sentence) from wrong


def reason_given(reason: str) -> str:
    """The reason without blanks around it; refused when there is none."""
    reason = reason.strip()
    if not reason:
        raise Refused("reason", say("Give a reason."), "reason")
    if len(reason) > REASON_LENGTH:
        sentence = say("The reason may have %(length)s characters at most.", length=REASON_LENGTH)
        raise Refused("reason", sentence, "reason")
    if "\x00" in reason:
        raise Refused("reason", say("The reason holds a sign that is no text."), "reason")
    return reason
