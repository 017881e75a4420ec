"""Screens of follow-up: commitments, action plans with steps and evidence, evidence by itself."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import joinedload

from models.commitments import Commitment
from models.extensions import Extension
from models.follow_up import ActionPlan, ActionStep
from models.government import Unit
from models.more_time import waits_until
from panel.columns import now
from panel.screens.language import local, short_date, tell
from panel.screens.lookup import Inline
from panel.screens.marks import badge, blank, sub
from panel.screens.prefilled import new_url
from panel.screens.sheets import Section
from panel.screens.showing import Related
from panel.screens.workflow import WorkflowView
from panel.words import Refused, say

from .choosing import APPOINTMENT_NAMES
from .commitments import belongs_to_official
from .extensions import LISTED
from .inbox import DISTRICT, TIER
from .labels import AREAS, PLAN_KINDS, RESULTS

OPEN = ("draft", "waiting", "active")
RUNNING = ("waiting", "active")
STEP_LABELS = {
    "number": "No.",
    "text": "What is done",
    "due_on": "Due date",
    "done_on": "Done on",
    "progress_note": "How it went",
}


def due(plan: ActionPlan) -> Any:
    """The day that counts, what it was extended from, and how late it is while the plan is open."""
    if plan.last_day is None:
        return blank()
    today, before = local(now()).date(), plan.extended_from
    shown = Markup('<span class="nowrap">{}</span>').format(short_date(plan.last_day))
    if before is not None:
        shown += Markup(", {}").format(tell(say("extended from %(day)s", day=short_date(before))))
    if WorkflowView.category_of(plan) in OPEN and plan.overdue_on(today):
        days = (today - plan.last_day).days
        shown += Markup(" {}").format(badge("stop", "s-over", say("%(days)s days late", days=days)))
    return shown


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
    descendants = ("evidence.file",)
    details_template = "action_plan.html"
    title = say("Action plans")
    one = say("Action plan")
    icon = "target"
    columns = ("title", "official", "status", "due", "result_class")
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
        "due",
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
        "last_day",
        "extended_from",
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
    filtered = ("status", "last_day", "result_class", "kind", "unit")
    sort_by = {"official": "official.full_name", "title": "title", "due": "last_day"}
    default_order = ("-id",)
    formats = {
        "title": title_line,
        "due": due,
        "result_class": result,
        "unit": lambda plan: plan.unit.place if plan.unit else None,
        "appointment": lambda one: one.appointment.position if one.appointment else None,
    }
    choices = {"kind": PLAN_KINDS, "area": AREAS, "result_class": RESULTS}
    labels = {
        "code": "Number",
        "title": "Plan",
        "kind": "Kind of plan",
        "due": "Due date",
        "due_on": "Due date",
        "last_day": "Due date",
        "extended_from": "Extended from",
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
    due_column = "last_day"
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
        Related(say("Extensions"), "extensions", LISTED, addable=False),
    )
    constraint_sentences = {
        "uq_action_plan_region_id_code": ("code", say("Another plan has this number.")),
        "uq_action_step_plan_id_number": ("steps", say("Two steps have the same number.")),
        "ck_action_plan_audience_count": ("audience_count", say("Type a number, 0 or more.")),
    }

    def details_page(self, record: ActionPlan, **more: Any) -> Any:
        """The page of the decision, and the way to ask for more time while the plan is running."""
        return super().details_page(record, **{"ask_url": self.ask_url(record), **more})

    def ask_url(self, plan: ActionPlan) -> str | None:
        """The form that asks for more time for a plan; None where none can be asked for now."""
        if self.category_of(plan) not in RUNNING or plan.last_day is None:
            return None
        if (url := new_url(Extension, plan=plan.id)) is None:
            return None
        return None if waits_until(self.session.session, plan.id) else url

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
