"""Screen of the tiers: data like any other, with their place in the order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import request

from models.codes import free_code
from models.government import Tier
from models.tiers import put_after
from panel.screens.base import RecordView
from panel.screens.language import tell
from panel.screens.relating import RecordSelect
from panel.screens.sheets import Section
from panel.words import say

from .labels import EMPLOYMENT

FIRST = "first"


class PlaceField(RecordSelect):
    """The place of a tier: at the top, or after another one; offered in the order itself."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, entity=Tier, order="rank", **options)
        #: The tier that is placed: it does not follow itself.
        self.placed: Tier | None = None

    def iter_choices(self) -> Iterator[Any]:
        """The top, then every other tier from the top down."""
        yield FIRST, tell(say("at the top")), self.data is None, {}
        for tier in self.records():
            if tier is not self.placed:
                yield (
                    self.key(tier),
                    tell(say("after %(tier)s", tier=tier.label)),
                    (tier is self.data),
                    {},
                )

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([text for text in valuelist if text != FIRST])
        if FIRST in valuelist:
            self.data, self.unknown = None, False

    def pre_validate(self, form: Any) -> None:
        if not self.raw_data or FIRST not in self.raw_data:
            super().pre_validate(form)

    def populate_obj(self, obj: Any, name: str) -> None:
        """The view puts the tier into its place."""


class TierView(RecordView):
    """The rungs of the government, from the top down."""

    model = Tier
    restorable = False  # a tier has its place among the others
    title = say("Tiers")
    one = say("Tier")
    icon = "rank"
    columns = ("label", "rank", "echelon", "employment", "synonyms")
    details = (
        "label_id",
        "label_en",
        "code",
        "rank",
        "echelon",
        "employment",
        "synonyms",
        "description",
    )
    exported = details
    fields = (
        Section(
            say("Name"),
            say("A tier is data: it can be used everywhere as soon as it is saved."),
            ["label_id", "label_en", "synonyms", "description"],
        ),
        Section(
            say("Order"),
            say("The others move down to make room. The programme goes from the top down."),
            ["above", "echelon", "employment"],
        ),
    )
    form_extra_fields = {"above": PlaceField(say("Place in the order"))}
    long_fields = ("description",)
    searchable = ("label_id", "label_en", "synonyms")
    filtered = ("employment",)
    sort_by = {"label": "label_id"}
    default_order = ("rank",)
    choices = {"employment": EMPLOYMENT}
    labels = {
        "label": "Name",
        "label_id": "Name in Indonesian",
        "label_en": "Name in English",
        "above": "Place in the order",
        "rank": "Order from the top",
        "employment": "How it is filled",
        "synonyms": "Other words for it",
    }
    constraint_sentences = {
        "uq_tier_code": ("label_en", say("There is a tier of this name.")),
        "uq_tier_rank": ("above", say("Another tier took this place just now. Save again.")),
    }

    def create_form(self, obj: Any = None) -> Any:
        """A new tier stands last unless another place is chosen."""
        form = super().create_form(obj)
        if request.method == "GET":
            form.above.data = next(reversed(form.above.records()), None)
        return form

    def edit_form(self, obj: Any = None) -> Any:
        form = super().edit_form(obj)
        form.above.placed = obj
        return form

    def save(self, form: Any, record: Tier, token: str | None = None) -> None:
        """The tier takes its place and the others make room, in the deed of the save."""
        session = self.session.session()
        if token is not None:
            record.code = free_code(session, Tier, form.label_en.data)
        put_after(session, record, form.above.data)
        super().save(form, record, token)
