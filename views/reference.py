"""Screens of the lists that an installation starts with: grades, integrity values, risks."""

from __future__ import annotations

from models.base import db
from models.codes import free_code
from models.people import Grade
from models.programme import IntegrityValue, RiskTag
from panel.screens.base import RecordView
from panel.screens.marks import badge
from panel.words import say

NAMES = {"label_id": "Name in Indonesian", "label_en": "Name in English", "label": "Name"}


class GradeView(RecordView):
    """Grades of civil servants with the names of their ranks."""

    model = Grade
    title = say("Grades")
    one = say("Grade")
    icon = "up"
    columns = ("code", "name", "rank")
    fields = ("code", "name", "rank")
    searchable = ("code", "name")
    default_order = ("rank",)
    form_args = {"rank": {"least": 1, "most": 100}}
    labels = {"code": "Grade", "name": "Name of the rank", "rank": "Order, the lowest first"}
    constraint_sentences = {
        "uq_grade_code": ("code", say("There is a grade of this code.")),
        "uq_grade_rank": ("rank", say("Another grade stands at this place in the order.")),
    }


class IntegrityValueView(RecordView):
    """KPK's nine values, and those that a region added."""

    model = IntegrityValue
    title = say("Integrity values")
    one = say("Integrity value")
    icon = "heart"
    columns = ("label", "rank", "origin")
    details = ("label_id", "label_en", "code", "rank", "origin")
    exported = ("label_id", "label_en", "code", "rank", "origin")
    fields = ("label_id", "label_en", "region", "rank")
    helps = {"region": "Left empty, the value is a national one and read in every region."}
    form_args = {"rank": {"least": 1, "most": 1000}}
    list_joins = (IntegrityValue.region,)
    searchable = ("label_id", "label_en")
    filtered = ("is_national", "region")
    sort_by = {"label": "label_id"}
    default_order = ("-is_national", "rank")
    formats = {
        "origin": lambda value: (
            badge("line", "", say("National")) if value.region is None else value.region
        )
    }
    labels = {
        **NAMES,
        "rank": "Place in the list",
        "origin": "Added by",
        "region": "Added by",
        "is_national": "National",
    }
    constraint_sentences = {
        "uq_integrity_value_code": ("label_en", say("There is a value of this name.")),
    }

    def before_save(self, record: IntegrityValue, created: bool) -> None:
        """A value without a region is a national one."""
        record.region_id = record.region.id if record.region is not None else None
        record.is_national = record.region is None
        if created:
            record.code = free_code(db.session(), IntegrityValue, record.label_en)


class RiskTagView(RecordView):
    """Dangers that sessions and commitments name."""

    model = RiskTag
    title = say("Risks")
    one = say("Risk")
    icon = "alert"
    columns = ("label", "description")
    details = ("label_id", "label_en", "code", "description")
    exported = details
    fields = ("label_id", "label_en", "description")
    long_fields = ("description",)
    searchable = ("label_id", "label_en", "description")
    sort_by = {"label": "label_id"}
    default_order = ("label_id",)
    labels = NAMES
    constraint_sentences = {
        "uq_risk_tag_code": ("label_en", say("There is a risk of this name.")),
    }

    def before_save(self, record: RiskTag, created: bool) -> None:
        """The code comes from the English name."""
        if created:
            record.code = free_code(db.session(), RiskTag, record.label_en)
