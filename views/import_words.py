"""An import in words: kinds of lists, classes of rows, how they differ, what is hidden of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from markupsafe import Markup

from models.identifiers import mask_nip, mask_phone, show_grade, show_phone
from models.imports.batches import MEDIA_TYPES
from models.imports.fields import FIELDS
from models.imports.outcomes import Difference, Outcome
from models.roster_imports import RosterImport
from panel.screens.language import short_date, tell
from panel.screens.marks import badge
from panel.screens.taken_back import proposal_badge
from panel.words import Sentence, say

from .labels import ATTENDANCE, EMPLOYMENT

#: Kinds of lists, and what each is for.
KINDS: dict[str, tuple[Sentence, Sentence]] = {
    "officials": (
        say("List of officials"),
        say("People with NIP, grade, post, telephone and spouse."),
    ),
    "appointments": (
        say("List of appointments"),
        say("Who holds which post since when; the people are recorded already."),
    ),
    "rotation": (
        say("List after a rotation"),
        say("Who holds which post from one day on; who is not in it leaves, if you say so."),
    ),
    "spouses": (
        say("List of spouses"),
        say("The spouses of officials who are recorded already."),
    ),
    "attendance": (
        say("List of attendance"),
        say("Who was there at one session part, official and spouse."),
    ),
}
STEPS = (say("Upload the list"), say("Match the columns"), say("Check"), say("Submit the proposal"))
#: What the tiles call the classes of rows.
TILES: dict[str, Sentence] = {
    "matched": say("match, unchanged"),
    "changed": say("changed"),
    "moved": say("moved to another post"),
    "new": say("new"),
    "duplicate": say("twice in the file"),
    "problem": say("with a problem"),
}
#: Tone and word of a row's badge.
BADGES: dict[str, tuple[str, Sentence]] = {
    "matched": ("", say("matches")),
    "changed": ("plum", say("changed")),
    "moved": ("info", say("moved")),
    "new": ("done", say("new")),
    "duplicate": ("", say("twice")),
    "problem": ("stop", say("problem")),
}
#: What tiles and badges call the classes of a list after a rotation.
ROTATION_TILES: dict[str, Sentence] = {
    "new": say("come"),
    "moved": say("change posts"),
    "left": say("leave"),
    "vacant": say("posts vacant then"),
    "matched": say("stay"),
    "changed": say("stay, with changes"),
    "duplicate": say("twice in the file"),
    "problem": say("with a problem"),
}
ROTATION_BADGES = {**BADGES, "new": ("done", say("comes")), "matched": ("", say("stays"))}
POLICIES: dict[str, Sentence] = {
    "stop": say("Stop: propose only when no row has a problem"),
    "update": say("Leave out rows with a problem, change what differs"),
    "skip": say("Leave out rows with a problem, add only what is new"),
}
STAGES: dict[str, tuple[str, Sentence]] = {
    "uploaded": ("", say("columns not confirmed")),
    "mapped": ("wait", say("columns confirmed")),
    "checked": ("wait", say("checked, not submitted")),
    "proposed": ("info", say("submitted as a proposal")),
    "discarded": ("", say("discarded")),
}
#: Why a row below the headings is no row of the list.
SKIPPED: dict[str, Sentence] = {
    "blank": say("blank"),
    "heading": say("headings once more"),
    "numbering": say("numbers of the columns"),
    "section": say("title of a section"),
    "total": say("total"),
    "below": say("below the list"),
}
#: Fields of a record that no column of the file is named after.
OTHER_FIELDS = {
    "full_name": say("Name"),
    "employment_type": say("Employment"),
}
#: How many digits a NIP has, and any number that may be of a person, however it is parted.
NIP = 18
LONG_NUMBER = re.compile(r"\+?\d(?:[ .\-/]{0,2}\d){8,}")
PERSONAL = ("nip", "name_nip", "phone", "spouse_phone")


def title_of(record: RosterImport) -> str:
    """What an import is called: its file, or that cells were pasted."""
    pasted = record.file.media_type == MEDIA_TYPES["pasted"]
    return tell(say("Pasted cells")) if pasted else record.file.name


def stage_badge(record: RosterImport) -> Any:
    """How far an import has got; once there is a proposal, the state of that."""
    if record.proposal is not None:
        return proposal_badge(record.proposal)
    tone, word = STAGES[record.stage]
    return badge(tone, "", word)


def tiles_of(kind: str) -> dict[str, Sentence]:
    """What the tiles call the classes of rows of this kind of list."""
    return ROTATION_TILES if kind == "rotation" else TILES


def row_badge(kind: str, name: str) -> Markup:
    """The badge of a class of rows in this kind of list."""
    tone, word = (ROTATION_BADGES if kind == "rotation" else BADGES)[name]
    return badge(tone, "", word)


def label_of(kind: str, name: str) -> Any:
    """What a field of a list is called."""
    known = {one.name: one.label for one in FIELDS[kind]}
    return known.get(name) or OTHER_FIELDS.get(name, name)


def told(one: Difference) -> tuple[str | None, str | None]:
    """Both sides of a difference as a page says them; numbers of persons as masks."""
    return _told(one.field, one.was), _told(one.field, one.becomes)


def _told(name: str, text: str | None) -> str | None:
    if not text:
        return None
    match name:
        case "nip":
            return mask_nip(text)
        case "phone":
            return mask_phone(text)
        case "grade":
            return show_grade(text)
        case "mark" | "spouse_mark":
            return tell(ATTENDANCE[text])
        case "employment_type":
            return tell(EMPLOYMENT[text])
        case "started_on":
            return short_date(date.fromisoformat(text))
    return text


def masked(text: str) -> str:
    """A text in which numbers as long as those of persons are hidden but for their ends."""

    def hidden(found: re.Match[str]) -> str:
        digits = "".join(filter(str.isdigit, found[0]))
        return mask_nip(digits) if len(digits) >= NIP else mask_phone(digits)

    return LONG_NUMBER.sub(hidden, text)


def cells_of(outcome: Outcome, names: Iterable[str]) -> list[tuple[str, str]]:
    """Name and text of the cells of a row in the excerpt."""
    shown = outcome.shown
    return [(name, _cell_text(outcome, name, shown.get(name, ""))) for name in names]


def _cell_text(outcome: Outcome, name: str, text: str) -> str:
    """What stands in a cell; a number that is fine is hidden but for its end."""
    if name not in PERSONAL or not text or any(one.field == name for one in outcome.problems):
        return text
    digits = "".join(filter(str.isdigit, text))
    if name == "name_nip":
        letters = "".join(sign for sign in text if not sign.isdigit())
        return f"{' '.join(letters.split())} {mask_nip(digits)}".strip() if digits else text
    return mask_nip(digits) if name == "nip" else mask_phone(digits)


def choice_told(value: str, label: object) -> str:
    """A choice that mends a cell; telephones as people read them."""
    return show_phone(value) if value.startswith("+62") else tell(label)
