"""Screen of requests for a later due date: what is asked, decided on, and what was granted."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import joinedload

from models.base import db
from models.extensions import Extension
from models.follow_up import ActionPlan
from models.government import Unit
from models.more_time import settle
from models.records import Account, workflow
from panel.screens.language import short_date
from panel.screens.marks import blank, sub
from panel.screens.sheets import Section
from panel.screens.showing import Related
from panel.screens.standing import decider
from panel.screens.workflow import WorkflowView, state_badge
from panel.words import say

from .inbox import DISTRICT, TIER

#: The requests of a plan, as its own page and those of its requests list them.
LISTED = ("asked_due_on", "status", "granted_until", "decided", "reason")


def decided(one: Extension) -> Any:
    """Who decided when, in whose place, and why."""
    decision = one.decision
    if decision is None:
        return blank(say("not decided yet"))
    absent = db.session.get(Account, decision.acting_for_id) if decision.acting_for_id else None
    who = decider(decision, {absent.id: absent.name} if absent else {})
    told = say("%(who)s, %(day)s", who=who, day=short_date(decision.at))
    return Markup("{}{}").format(told, sub(decision.reason) if decision.reason else "")


def request_line(one: Extension) -> Markup:
    """What the plan is that wants more time, over its number and unit."""
    plan = one.plan
    known = (plan.code, plan.unit.place if plan.unit else "")
    return Markup("{}{}").format(plan.title, sub(" · ".join(filter(None, known))))


class ExtensionView(WorkflowView):
    """Requests of clerks, decided on by supervisors; what is asked stays as it was asked."""

    model = Extension
    title = say("Extensions")
    one = say("Extension")
    icon = "wait"
    columns = ("request", "official", "present", "asked_due_on", "granted_until", "status")
    details = (
        "plan",
        "official",
        "plan_state",
        "approved",
        "present",
        "asked_due_on",
        "granted_until",
        "reason",
    )
    exported = (
        "plan.code",
        "plan.title",
        "official",
        "approved",
        "present",
        "asked_due_on",
        "granted_until",
        "reason",
        "status",
    )
    fields = (
        Section(
            say("Request"),
            say(
                "What is asked is what is decided on. Who wants to ask otherwise withdraws it and "
                "asks anew."
            ),
            ["plan", "asked_due_on", "reason"],
        ),
    )
    helps = {"granted_until": say("The day that was asked for, or an earlier one.")}
    long_fields = ("reason",)
    lookups = {"plan": ("title", "code")}
    list_joins = (
        joinedload(Extension.plan).joinedload(ActionPlan.official),
        joinedload(Extension.plan).joinedload(ActionPlan.unit).joinedload(Unit.parent),
        joinedload(Extension.decision),
    )
    searchable = ("plan.title", "plan.code", "plan.official.full_name", "reason")
    filtered = ("status", "asked_due_on", "granted_until", "plan.unit")
    sort_by = {
        "request": "plan.code",
        "official": "plan.official.full_name",
        "present": "plan.last_day",
    }
    default_order = ("-id",)
    formats = {
        "request": request_line,
        "official": lambda one: one.plan.official,
        "plan_state": lambda one: state_badge(one.plan),
        "approved": lambda one: one.plan.due_on,
        "present": lambda one: one.plan.last_day,
        "decided": decided,
    }
    labels = {
        "plan": "Action plan",
        "request": "Action plan",
        "plan.code": "Number",
        "plan.title": "Plan",
        "plan.unit": "Unit on the day",
        "plan.official.full_name": "Official",
        "plan_state": "Status of the plan",
        "approved": "Approved due date",
        "present": "Present due date",
        "asked_due_on": "Asked until",
        "granted_until": "Granted until",
        "reason": "Why more time is needed",
        "decided": "Decision",
        "status": "Status",
    }
    waits_by = (DISTRICT, TIER)
    related = (Related(say("Other extensions of this plan"), "others", LISTED, addable=False),)

    def before_save(self, record: Extension, created: bool) -> None:
        """A later day of a running plan, within the caps, one request at a time."""
        session = db.session()
        version = workflow.latest(session, Extension.__tablename__)
        settle(session, record, workflow.process_in(version))

    def title_of(self, record: Extension) -> Any:
        """The plan that wants more time."""
        return record.plan

    def about(self, record: Extension) -> tuple[Any, ...]:
        """Whose plan it is, and where."""
        plan = record.plan
        return plan.official, plan.unit.place if plan.unit else None
