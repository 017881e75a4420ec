"""Made-up action plans in every state of their process, moved there step by step.

Every step is a deed of its own by the account that may take it, through `Workflow.move`, the way
the screens do it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from models.follow_up import ActionPlan, ActionStep, Commitment
from models.records import workflow
from models.training import TrainingSession
from panel.access.rules import Actor

from .acting import act
from .evidence import add_evidence
from .rows import toml

#: What is planned, by the template of the commitment.
IDEAS = toml("plan_ideas")
#: Steps from the first draft to the state in which a plan is left; "evidence" attaches a file.
TO_PROGRESS = ("submit", "approve", "start")
TO_EVIDENCE = (*TO_PROGRESS, "evidence", "submit_evidence")
WAYS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "submitted": ("submit",),
    "resubmitted": ("submit", "return", "submit"),
    "returned": ("submit", "return"),
    "approved": ("submit", "approve"),
    "in_progress": TO_PROGRESS,
    "sent_back": (*TO_EVIDENCE, "send_back"),
    "evidence_submitted": TO_EVIDENCE,
    "verified": (*TO_EVIDENCE, "verify"),
    "closed": (*TO_EVIDENCE, "verify", "close"),
    "cancelled": ("submit", "cancel"),
}
#: How many plans take each way; at least forty in Serang, ten of them waiting.
SERANG = {
    "submitted": 9,
    "draft": 5,
    "resubmitted": 2,
    "returned": 4,
    "approved": 5,
    "in_progress": 4,
    "sent_back": 1,
    "evidence_submitted": 4,
    "verified": 3,
    "closed": 4,
    "cancelled": 2,
}
METRO = {
    "submitted": 2,
    "draft": 1,
    "returned": 1,
    "approved": 1,
    "in_progress": 1,
    "evidence_submitted": 1,
    "closed": 1,
}
CLERK_STEPS = frozenset({"submit", "start", "evidence", "submit_evidence"})
REASONS = {
    "return": "Indikator belum terukur.",
    "send_back": "Bukti belum cukup.",
    "cancel": "Pejabat pindah tugas.",
}
#: Due dates run on from here, one every nine days.
FIRST_DUE = date(2025, 12, 15)


@dataclass(frozen=True)
class Office:
    """Who makes plans in a city and who decides on them."""

    clerks: tuple[Actor, ...]
    supervisors: tuple[Actor, ...]


def make_plans(
    session: Session, main: TrainingSession, ways: dict[str, int], office: Office
) -> None:
    """The plans of one city that are not there yet, by its clerks in turn."""
    region_id, session_id = main.region_id, main.id
    standing = set(
        session.scalars(sa.select(ActionPlan.code).where(ActionPlan.region_id == region_id))
    )
    commitments = session.scalars(
        sa.select(Commitment.id)
        .where(Commitment.training_session_id == session_id)
        .order_by(Commitment.id)
    ).all()
    turns = [way for way, count in ways.items() for _ in range(count)]
    people = zip(cycle(office.clerks), cycle(office.supervisors), strict=False)
    for number, (way, commitment, (clerk, supervisor)) in enumerate(
        zip(turns, commitments, people, strict=False), 1
    ):
        code = f"RTL-{number:04d}"
        if code not in standing:
            with act("action_plan.create", clerk):
                plan_id = draft(session, code, number, commitment)
            for step in WAYS[way]:
                actor = clerk if step in CLERK_STEPS else supervisor
                take(plan_id, step, actor, result_for(way, number))


def draft(session: Session, code: str, number: int, commitment_id: int) -> int:
    """A new plan that carries out the commitment, with its steps."""
    commitment = session.scalars(
        sa.select(Commitment)
        .where(Commitment.id == commitment_id)
        .options(joinedload(Commitment.template), joinedload(Commitment.unit))
    ).one()
    idea = idea_of(commitment)
    due = FIRST_DUE + timedelta(days=9 * number)
    plan = ActionPlan(
        region_id=commitment.region_id,
        code=code,
        title=idea["title"].format(unit=commitment.unit.full_name),
        kind=idea["kind"],
        official_id=commitment.official_id,
        appointment_id=commitment.appointment_id,
        unit_id=commitment.unit_id,
        commitment_id=commitment.id,
        area=idea["area"],
        target=idea["target"],
        indicator=idea["indicator"],
        due_on=due,
        audience=idea.get("audience"),
        steps=[
            ActionStep(
                region_id=commitment.region_id,
                number=place,
                text=text,
                due_on=due - timedelta(days=30 * (len(idea["steps"]) - place)),
            )
            for place, text in enumerate(idea["steps"], 1)
        ],
    )
    session.add(plan)
    session.flush()
    return plan.id


def take(plan_id: int, step: str, actor: Actor, result: str) -> None:
    """Take one step with a plan, or attach a piece of evidence, in a deed of its own."""
    if step == "evidence":
        with act("evidence.create", actor) as session:
            plan = session.get_one(ActionPlan, plan_id)
            add_evidence(session, plan, idea_of(plan.commitment)["evidence"], actor)
        return
    with act(f"action_plan.{step}", actor) as session:
        plan = session.get_one(ActionPlan, plan_id)
        _, seen = workflow.snapshot(session, plan)
        workflow.move(
            session,
            plan,
            step,
            reason=reason_for(step, result),
            seen=seen,
            values={"result_class": result} if step == "verify" else None,
        )


def reason_for(step: str, result: str) -> str:
    """What is said with the step, where something has to be said."""
    if step in ("verify", "close") and result == "cannot_be_followed_up":
        return "Unit kerja digabung; kegiatan dilanjutkan oleh unit yang baru."
    return REASONS.get(step, "")


def result_for(way: str, number: int) -> str:
    """What a verification finds: some plans are not there yet, some cannot be followed up."""
    if way == "verified" and number % 3 == 0:
        return "not_yet_conforming"
    if way == "closed" and number % 4 == 0:
        return "cannot_be_followed_up"
    return "conforming"


def idea_of(commitment: Commitment) -> dict[str, Any]:
    """The made-up plan that goes with the commitment's template."""
    idea: dict[str, Any] = IDEAS[commitment.template.code]
    return idea
