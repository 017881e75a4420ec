"""Screen of commitments: whose promise, what it says, who has signed."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import joinedload

from models.commitments import Commitment
from models.editions import newest
from models.follow_up import ActionPlan
from models.government import Unit
from models.people import Appointment, Spouse
from panel.screens.base import RecordView
from panel.screens.language import short_date, tell
from panel.screens.marks import blank
from panel.screens.relating import RecordSelect
from panel.screens.sheets import Section
from panel.screens.showing import Related
from panel.words import Refused, say

from .choosing import APPOINTMENT_NAMES
from .labels import AREAS, COMMITMENT_CATEGORIES, PARTIES


def signed(commitment: Commitment) -> Any:
    """Who has signed, and when."""
    lines = [
        tell(say("%(who)s on %(day)s", who=PARTIES[party], day=short_date(day)))
        for party, day in (
            ("official", commitment.official_signed_on),
            ("spouse", commitment.spouse_signed_on),
        )
        if day is not None
    ]
    return Markup(", <br>").join(lines) if lines else blank(say("not signed"))


class WordingSelect(RecordSelect):
    """The newest edition of each wording; an older one that was chosen stays."""

    def records(self) -> list[Any]:
        if self._records is None:
            self._records = newest(super().records())
        return self._records


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
    form_overrides = {"template": WordingSelect}
    choice_joins = {"appointment": APPOINTMENT_NAMES}
    form_args = {key: {"on": "official", "of": "official_id"} for key in ("appointment", "spouse")}
    searchable = ("text", "official.full_name")
    bulk_fields = ("session", "category", "area", "official_signed_on", "spouse_signed_on")
    bulk_joins = (
        joinedload(Commitment.appointment).joinedload(Appointment.official),
        joinedload(Commitment.spouse).joinedload(Spouse.official),
    )
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
    related = (Related(say("Action plans"), "action_plans", ("title", "due", "status")),)
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

    def about(self, record: Commitment) -> tuple[Any, ...]:
        """Whose promise it is, and where."""
        return record.official, record.unit.place if record.unit else None

    def before_save(self, record: Commitment, created: bool) -> None:
        """Post and spouse are the official's own; the unit is that of the post."""
        belongs_to_official(record)
        if created and record.continued_from is not None and not record.risks:
            record.risks = list(record.continued_from.risks)
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
