"""A step with everything: lock, snapshot, rules, decision, log and seal, each committed by itself.

Beside it what a program would do that only wants the new status and a line about it: an UPDATE and
an INSERT in one transaction, on the same file without triggers.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.follow_up import ActionPlan
from models.records import Decision, panel, workflow
from panel.changelog.records import deed

MOVES = 20
#: Taken in turns by the clerk: the plan ends where it began.
STEPS = {"submit": ("draft", "submitted"), "withdraw": ("submitted", "draft")}


def plan_of_ani() -> tuple[Any, int]:
    """The clerk as an actor, and a draft of hers that can be submitted."""
    session = panel.db.session()
    ani = panel.access.actor_of(panel.access.find(session, username="ani"))
    ready = sa.select(ActionPlan.id).where(
        ActionPlan.status == "draft",
        ActionPlan.created_by_id == ani.id,
        ActionPlan.target.is_not(None),
        ActionPlan.indicator.is_not(None),
        ActionPlan.due_on.is_not(None),
    )
    number = session.scalars(ready.order_by(ActionPlan.id)).first()
    session.rollback()
    if number is None:
        raise SystemExit("the demo has no draft of ani's that can be submitted")
    return ani, number


def moving(engine: sa.Engine, ani: Any, number: int) -> Callable[[], None]:
    """So many steps, each in a transaction of its own."""
    steps = cycle(STEPS)

    def go() -> None:
        for _ in range(MOVES):
            step = next(steps)
            with deed("bench.move", actor=ani), Session(engine) as session:
                plan = session.get_one(ActionPlan, number)
                seen = workflow.snapshot(session, plan)[1]
                workflow.move(session, plan, step, seen=seen)
                session.commit()

    return go


def updating(bare: sa.Engine, number: int) -> Callable[[], None]:
    """As many pairs of UPDATE and INSERT."""
    steps = cycle(STEPS.items())
    plan, decision = ActionPlan.__table__, Decision.__table__
    with bare.connect() as connection:
        follows = sa.select(plan.c.process_version_id).where(plan.c.id == number)
        version = connection.scalar(follows)

    def go() -> None:
        for _ in range(MOVES):
            step, (was, becomes) = next(steps)
            with bare.begin() as connection:
                line = {"record_table": "action_plan", "record_id": number, "step": step}
                told = {"was": was, "becomes": becomes, "actor_id": 1, "actor_name": "Ani"}
                rest = {"process_version_id": version, "at": sa.func.current_timestamp()}
                row = {**line, **told, **rest, "seen_hash": "", "snapshot": ""}
                made = connection.execute(sa.insert(decision).values(row)).inserted_primary_key
                change = sa.update(plan).where(plan.c.id == number)
                connection.execute(change.values(status=becomes, decision_id=made[0]))

    return go
