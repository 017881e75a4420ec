"""Screens of follow-up: commitments, action plans with steps and evidence, evidence by itself."""

from __future__ import annotations

from datetime import date
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import joinedload

from models.follow_up import ActionPlan, ActionStep, Commitment, Evidence
from models.government import Unit
from models.people import Appointment
from panel.screens.base import RecordView
from panel.screens.lookup import Inline
from panel.screens.marks import badge, blank, sub
from panel.screens.sheets import Section
from panel.screens.showing import Related
from panel.screens.workflow import WorkflowView
from panel.words import Refused, say

from .labels import AREAS, COMMITMENT_CATEGORIES, PARTIES, PLAN_KINDS, RESULTS, VERDICTS

OPEN = ("draft", "waiting", "active")


def signed(commitment: Commitment) -> Any:
    """Who has signed, and when."""
    lines = [
        say("%(who)s, %(day)s", who=PARTIES[party], day=day)
        for party, day in (
            ("official", commitment.official_signed_on),
            ("spouse", commitment.spouse_signed_on),
        )
        if day is not None
    ]
    return lines or blank(say("not signed"))


class CommitmentView(RecordView):
    """Promises of officials and spouses, signed by each."""

    model = Commitment
    title = say("Commitments")
    one = say("Commitment")
    icon = "pledge"
    columns = ("text", "official", "party", "category", "signed")
    details = (
        "text",
        "indicator",
        "official",
        "appointment",
        "unit",
        "party",
        "spouse",
        "category",
        "area",
        "risks",
        "session",
        "template",
        "signed",
    )
    fields = (
        Section(
            say("Whose promise"),
            say("Of the official, of the spouse, or of both; each signs for himself."),
            ["official", "appointment", "party", "spouse", "session"],
        ),
        Section(
            say("Promise"),
            say("A measure makes it possible to see later whether it was kept."),
            ["category", "area", "text", "indicator", "template", "risks"],
        ),
        Section(say("Signatures"), "", ["official_signed_on", "spouse_signed_on"]),
    )
    long_fields = ("text",)
    lookups = {"official": ("full_name",)}
    choice_joins = {"appointment": (Appointment.official, Appointment.position)}
    searchable = ("text", "official.full_name")
    filtered = ("category", "party", "area", "session", "unit")
    sort_by = {"official": "official.full_name"}
    default_order = ("official.full_name",)
    formats = {
        "signed": signed,
        "unit": lambda one: one.unit.place if one.unit else None,
        "appointment": lambda one: one.appointment.position if one.appointment else None,
    }
    list_joins = (joinedload(Commitment.unit).joinedload(Unit.parent),)
    choices = {"category": COMMITMENT_CATEGORIES, "area": AREAS, "party": PARTIES}
    labels = {
        "text": "Promise",
        "party": "Whose promise",
        "appointment": "Post on the day",
        "unit": "Unit on the day",
        "signed": "Signed",
        "official_signed_on": "Signed by the official",
        "spouse_signed_on": "Signed by the spouse",
        "risks": "Risks it answers",
        "session": "Given at",
        "template": "Started from",
    }
    related = (Related(say("Action plans"), "action_plans", ("title", "due_on", "status")),)
    constraint_sentences = {
        "ck_commitment_party_has_spouse": (
            "spouse",
            say("Name the spouse, or choose the official alone."),
        ),
        "ck_commitment_signature_has_spouse": (
            "spouse_signed_on",
            say("Name the spouse who signed, or leave the day empty."),
        ),
    }

    def before_save(self, record: Commitment, created: bool) -> None:
        """Post and spouse are the official's own; the unit is that of the post."""
        belongs_to_official(record)
        if record.spouse is not None and record.spouse.official is not record.official:
            raise Refused("field", say("This is another official's spouse."), "spouse")


def belongs_to_official(record: Commitment | ActionPlan) -> None:
    """Take region and unit from the official and the post, which must be the official's own."""
    if record.official is None:
        return
    record.region_id = record.official.region_id
    if record.appointment is None:
        return
    if record.appointment.official is not record.official:
        raise Refused("field", say("This is another official's post."), "appointment")
    record.unit_id = record.appointment.unit_id


def due(plan: ActionPlan) -> Any:
    """The due date, and how late it is while the plan is open."""
    if plan.due_on is None:
        return blank()
    today = date.today()
    category = WorkflowView.category_of(plan)
    if category in OPEN and plan.overdue_on(today):
        late = badge("stop", "s-over", say("%(days)s days late", days=(today - plan.due_on).days))
        return Markup("{} {}").format(_short(plan.due_on), late)
    return plan.due_on


def _short(day: date) -> str:
    from panel.screens.language import short_date

    return short_date(day)


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
            labels={
                "number": "No.",
                "text": "What is done",
                "due_on": "By",
                "done_on": "Done on",
                "progress_note": "How it went",
            },
        ),
    )
    lookups = {"official": ("full_name",)}
    choice_joins = {
        "appointment": (Appointment.official, Appointment.position),
        "commitment": (Commitment.official,),
    }
    list_joins = (joinedload(ActionPlan.unit).joinedload(Unit.parent),)
    searchable = ("title", "code", "official.full_name", "target")
    filtered = ("status", "due_on", "result_class", "kind", "unit")
    sort_by = {"official": "official.full_name", "title": "title"}
    default_order = ("-id",)
    formats = {
        "title": lambda plan: Markup("{}{}").format(plan.title, sub(plan.code)),
        "due_on": due,
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
    related = (
        Related(say("Steps"), "steps", ("number", "text", "due_on", "done_on", "progress_note")),
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

    def before_save(self, record: ActionPlan, created: bool) -> None:
        """Post and commitment are the official's own."""
        belongs_to_official(record)
        if record.commitment is not None and record.commitment.official is not record.official:
            raise Refused("field", say("This is another official's commitment."), "commitment")
        for step in record.steps:
            step.region_id = record.region_id


class EvidenceView(RecordView):
    """Files that show what was done; added while the plan runs."""

    model = Evidence
    title = say("Evidence")
    one = say("Piece of evidence")
    path = "evidence"
    icon = "clip"
    columns = ("title", "plan", "file", "sufficient", "competent", "relevant")
    details = (*columns, "file.media_type", "file.size", "file.sha256")
    fields = ("plan", "title")
    lookups = {"plan": ("title", "code")}
    searchable = ("title", "plan.title", "plan.code")
    filtered = ("sufficient", "competent", "relevant")
    sort_by = {"plan": "plan.title", "file": "file.name"}
    default_order = ("-id",)
    choices = dict.fromkeys(("sufficient", "competent", "relevant"), VERDICTS)
    labels = {
        "title": "What it shows",
        "file.media_type": "Kind of file",
        "file.size": "Size in bytes",
        "file.sha256": "Fingerprint (SHA-256)",
    }
