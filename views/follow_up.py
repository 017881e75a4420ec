"""Screens of follow-up: commitments, action plans with steps and evidence, evidence by itself."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import joinedload

from models.commitments import Commitment
from models.follow_up import ActionPlan, ActionStep
from models.government import Unit
from panel.columns import now
from panel.screens.language import local, short_date
from panel.screens.lookup import Inline
from panel.screens.marks import badge, blank, sub
from panel.screens.sheets import Section
from panel.screens.showing import Related
from panel.screens.workflow import WorkflowView
from panel.words import Refused, say

from .choosing import APPOINTMENT_NAMES
from .commitments import belongs_to_official
from .inbox import DISTRICT, TIER
from .labels import AREAS, PLAN_KINDS, RESULTS

OPEN = ("draft", "waiting", "active")
STEP_LABELS = {
    "number": "No.",
    "text": "What is done",
    "due_on": "Due date",
    "done_on": "Done on",
    "progress_note": "How it went",
}


def due(plan: ActionPlan) -> Any:
    """The due date, and how late it is while the plan is open."""
    if plan.due_on is None:
        return blank()
    today = local(now()).date()
    category = WorkflowView.category_of(plan)
    if category in OPEN and plan.overdue_on(today):
        late = badge("stop", "s-over", say("%(days)s days late", days=(today - plan.due_on).days))
        return Markup("{} {}").format(short_date(plan.due_on), late)
    return plan.due_on


def title_line(plan: ActionPlan) -> Markup:
    """What will be done, over its number and the unit under which it was made."""
    known = (plan.code, plan.unit.place if plan.unit else "")
    return Markup("{}{}").format(plan.title, sub(" · ".join(filter(None, known))))


def result(plan: ActionPlan) -> Any:
    """What came of it; not judged while nobody verified it."""
    return RESULTS[plan.result_class] if plan.result_class else blank(say("not judged yet"))


class ActionPlanView(WorkflowView):
    """Plans with their steps and evidence; every change of status is a step of the process."""

    model = ActionPlan
    title = say("Action plans")
    one = say("Action plan")
    icon = "target"
    columns = ("title", "official", "status", "due_on", "result_class")
    details = (
        "code",
        "kind",
        "official",
        "appointment",
        "unit",
        "commitment",
        "area",
        "target",
        "indicator",
        "due_on",
        "responsible",
        "audience",
        "audience_count",
        "progress_note",
        "result_class",
        "result_note",
    )
    exported = (
        "code",
        "title",
        "official",
        "unit.name",
        "status",
        "target",
        "indicator",
        "due_on",
        "result_class",
    )
    fields = (
        Section(
            say("Whose plan"),
            say("The official, the post under which it is made, and the promise behind it."),
            ["official", "appointment", "commitment"],
        ),
        Section(
            say("Plan"),
            say("What shall be different, how one can tell, and by when."),
            ["code", "title", "kind", "area", "target", "indicator", "due_on", "responsible"],
        ),
        Section(
            say("Reach"),
            say("Only for plans that pass something on to the community."),
            ["audience", "audience_count"],
        ),
        Section(say("Steps"), say("In order, each with its day."), ["steps"]),
        Section(say("Progress"), "", ["progress_note"]),
    )
    long_fields = ("target", "indicator", "progress_note")
    inlines = (
        Inline(
            "steps",
            ActionStep,
            ("number", "text", "due_on", "done_on", "progress_note"),
            one=say("Step"),
            labels=STEP_LABELS,
        ),
    )
    form_widget_args = {"code": {"w": 2}, "title": {"w": 4}}
    lookups = {"official": ("full_name",)}
    form_args = {
        key: {"on": "official", "of": "official_id"} for key in ("appointment", "commitment")
    }
    choice_joins = {
        "appointment": APPOINTMENT_NAMES,
        "commitment": (Commitment.official,),
    }
    list_joins = (joinedload(ActionPlan.unit).joinedload(Unit.parent),)
    searchable = ("title", "code", "official.full_name", "target")
    filtered = ("status", "due_on", "result_class", "kind", "unit")
    sort_by = {"official": "official.full_name", "title": "title"}
    default_order = ("-id",)
    formats = {
        "title": title_line,
        "due_on": due,
        "result_class": result,
        "unit": lambda plan: plan.unit.place if plan.unit else None,
        "appointment": lambda one: one.appointment.position if one.appointment else None,
    }
    choices = {"kind": PLAN_KINDS, "area": AREAS, "result_class": RESULTS}
    labels = {
        "code": "Number",
        "title": "Plan",
        "kind": "Kind of plan",
        "due_on": "Due date",
        "result_class": "Result",
        "result_note": "Reason of the result",
        "appointment": "Post on the day",
        "unit": "Unit on the day",
        "responsible": "Carried out with",
        "audience": "Whom it wants to reach",
        "audience_count": "People reached",
        "progress_note": "Progress",
        "status": "Status",
        "steps": "Steps",
    }
    due_column = "due_on"
    waits_by = (DISTRICT, TIER)
    related = (
        Related(
            say("Steps"),
            "steps",
            ("number", "text", "due_on", "done_on", "progress_note"),
            labels=STEP_LABELS,
        ),
        Related(
            say("Evidence"), "evidence", ("title", "file", "sufficient", "competent", "relevant")
        ),
    )
    constraint_sentences = {
        "uq_action_plan_region_id_code": ("code", say("Another plan has this number.")),
        "uq_action_step_plan_id_number": ("steps", say("Two steps have the same number.")),
        "ck_action_plan_audience_count": ("audience_count", say("Type a number, 0 or more.")),
    }

    def title_of(self, record: ActionPlan) -> str:
        """The line that says what will be done."""
        return record.title

    def about(self, record: ActionPlan) -> tuple[Any, ...]:
        """Whose plan it is, and where."""
        return record.official, record.unit.place if record.unit else None

    def before_save(self, record: ActionPlan, created: bool) -> None:
        """Post and commitment are the official's own."""
        belongs_to_official(record)
        if record.commitment is not None and record.commitment.official is not record.official:
            raise Refused("field", say("This is another official's commitment."), "commitment")
        for step in record.steps:
            step.region_id = record.region_id
