"""Screen of substitutes: who stands in for whom by which letter, and until when."""

from __future__ import annotations

from typing import Any

from models.base import db
from models.clock import today
from models.concrete import Substitution
from models.substitutions import settle
from panel.screens.acting import the_actor
from panel.screens.base import RecordView
from panel.screens.marks import badge
from panel.screens.sheets import Section
from panel.words import Refused, say

TWICE = ("account", say("Nobody stands in for himself."))


def how_it_stands(letter: Substitution) -> Any:
    """Whether the letter holds today, will hold, or is over."""
    if letter.valid_from > today():
        return badge("line", "", say("begins later"))
    if letter.valid_to < today():
        return badge("line", "x", say("over"))
    return badge("done", "s-done", say("holds today"))


class SubstitutionView(RecordView):
    """Letters that administrators enter, and end early; what has happened stays as it was."""

    model = Substitution
    title = say("Substitutes")
    one = say("Substitute")
    icon = "pair"
    columns = ("account", "for_account", "letter_no", "valid_from", "valid_to", "stands")
    details = columns
    exported = columns
    fields = (
        Section(
            say("Who for whom"),
            say(
                "The substitute decides with the roles and in the places of the absent one, never "
                "on what either of them had a part in. Nothing of it is handed on."
            ),
            ["account", "for_account"],
        ),
        Section(
            say("Letter"),
            say("Decisions name the letter. To end it early, enter an earlier last day."),
            ["letter_no", "valid_from", "valid_to"],
        ),
    )
    helps = {
        "letter_no": "Number of the letter of assignment (surat tugas).",
        "account": "His sessions end: he signs in again, with a code where the roles ask for one.",
    }
    list_joins = (Substitution.account, Substitution.for_account)
    searchable = ("account.name", "for_account.name", "letter_no")
    filtered = ("valid_from", "valid_to")
    sort_by = {"account": "account.name", "for_account": "for_account.name"}
    default_order = ("-valid_to",)
    formats = {"stands": how_it_stands}
    labels = {
        "account": "Substitute",
        "for_account": "Stands in for",
        "account.name": "Substitute",
        "for_account.name": "Stands in for",
        "letter_no": "Letter",
        "valid_from": "First day",
        "valid_to": "Last day",
        "stands": "State",
    }
    constraint_sentences = {
        "ck_substitution_not_for_oneself": TWICE,
        "ck_substitution_valid": ("valid_to", say("The end lies before the beginning.")),
        "ck_substitution_letter_no_filled": ("letter_no", say("Fill in the number of the letter.")),
    }

    def before_save(self, record: Substitution, created: bool) -> None:
        """Two people of whom one may act for the other, on days that are free."""
        settle(db.session(), record, the_actor())

    def closed(self, record: Substitution, verb: str) -> Refused | None:
        """What is over stays as it is."""
        over = verb == "edit" and record.valid_to < today()
        sentence = say("This letter is over and stays as it is.")
        return super().closed(record, verb) or (Refused("locked", sentence) if over else None)

    def title_of(self, record: Substitution) -> Any:
        """Who for whom."""
        return say("%(name)s for %(other)s", name=record.account, other=record.for_account)
