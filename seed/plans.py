"""Made-up action plans in every state of their process, moved there step by step.

Every step is a deed of its own by the account that may take it, through `Workflow.move`, the way
the screens do it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from models.commitments import Commitment
from models.follow_up import ActionPlan, ActionStep
from models.records import workflow
from models.training import TrainingSession
from panel.access.rules import Actor

from .acting import act
from .evidence import add_evidence
from .rows import toml
from .ways import CLERK_STEPS, WAYS, reason_for, result_for

#: What is planned, by the template of the commitment.
IDEAS = toml("plan_ideas")
#: Due dates are spread over fortnights from here, over all states alike.
FIRST_DUE = date(2025, 12, 15)


@dataclass(frozen=True)
class Office:
    """Who makes plans in a city and who decides on them."""

    clerks: tuple[Actor, ...]
    supervisors: tuple[Actor, ...]

    def turn(self, number: int) -> tuple[Actor, Actor]:
        """Clerk and supervisor of the plan of that number; over time everybody meets everybody."""
        clerk = self.clerks[number % len(self.clerks)]
        return clerk, self.supervisors[number // len(self.clerks) % len(self.supervisors)]


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
    for number, (way, commitment) in enumerate(zip(turns, commitments, strict=False), 1):
        code = f"RTL-{number:04d}"
        clerk, supervisor = office.turn(number)
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
    due = FIRST_DUE + timedelta(days=14 * (number * 7 % 43))
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
    if step == "mend":
        with act("action_plan.edit", actor, "Indikator dibuat terukur.") as session:
            plan = session.get_one(ActionPlan, plan_id)
            plan.indicator = f"{plan.indicator} Diukur setiap akhir bulan dari catatan tertulis."
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


def idea_of(commitment: Commitment) -> dict[str, Any]:
    """The made-up plan that goes with the commitment's template."""
    idea: dict[str, Any] = IDEAS[commitment.template.code]
    return idea
