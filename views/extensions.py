"""Screen of requests for a later due date."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import joinedload

from models.extensions import settle, why_kept
from models.follow_up import ActionPlan, Extension
from panel.screens.base import RecordView
from panel.screens.marks import badge
from panel.screens.sheets import Section
from panel.words import Refused, say

from .labels import EXTENSION_STATUS

TONES = {"requested": ("wait", "s-wait"), "granted": ("done", "s-done"), "refused": ("stop", "x")}


class ExtensionView(RecordView):
    """Requests of clerks; what became of one is shown and not typed."""

    model = Extension
    title = say("Extensions")
    one = say("Extension")
    icon = "wait"
    columns = ("plan", "official", "present", "asked_due_on", "status")
    details = (*columns, "reason")
    exported = (
        "plan.code",
        "plan.title",
        "official",
        "present",
        "asked_due_on",
        "reason",
        "status",
    )
    fields = (
        Section(
            say("Request"),
            say("Ask for a later day before the due date has passed."),
            ["plan", "asked_due_on", "reason"],
        ),
    )
    long_fields = ("reason",)
    lookups = {"plan": ("title", "code")}
    list_joins = (joinedload(Extension.plan).joinedload(ActionPlan.official),)
    searchable = ("plan.title", "plan.code", "plan.official.full_name", "reason")
    filtered = ("status", "asked_due_on", "plan.unit")
    sort_by = {
        "plan": "plan.code",
        "official": "plan.official.full_name",
        "present": "plan.due_on",
    }
    default_order = ("-id",)
    choices = {"status": EXTENSION_STATUS}
    formats = {
        "official": lambda one: one.plan.official,
        "present": lambda one: one.plan.due_on,
        "status": lambda one: badge(*TONES[one.status], EXTENSION_STATUS[one.status]),
    }
    labels = {
        "plan": "Action plan",
        "plan.code": "Number",
        "plan.title": "Plan",
        "plan.unit": "Unit on the day",
        "plan.official.full_name": "Official",
        "present": "Present due date",
        "asked_due_on": "Asked until",
        "reason": "Why more time is needed",
    }

    def before_save(self, record: Extension, created: bool) -> None:
        """A later day, and a plan in the clerk's scope."""
        settle(record)

    def closed(self, record: Extension, verb: str) -> Refused | None:
        """What was decided on stays."""
        sentence = why_kept(record)
        return super().closed(record, verb) or (Refused("locked", sentence) if sentence else None)

    def title_of(self, record: Extension) -> Any:
        """The plan that wants more time."""
        return record.plan
