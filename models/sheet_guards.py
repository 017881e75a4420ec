"""What an attendance sheet must be before it is signed or corrected, and who does not sign it.

Pure: a guard looks at the sheet and at the day that it is, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Protocol, cast

from panel.words import Sentence, say
from panel.workflow.definition import Guard

from .clock import today

#: So many people are named in a sentence.
NAMED = 3


class Sheet(Protocol):
    """What the guards read of a sheet."""

    @property
    def recorded(self) -> int: ...
    @property
    def day(self) -> date | None: ...
    @property
    def unrecorded(self) -> Collection[str]: ...
    @property
    def unnamed(self) -> Collection[str]: ...
    @property
    def corrected(self) -> Collection[object]: ...


def has_marks(sheet: Sheet) -> Sentence | None:
    """An empty list is not signed."""
    return None if sheet.recorded else say("Nobody is recorded on this sheet yet.")


def day_has_come(sheet: Sheet) -> Sentence | None:
    """Nobody signs for a day that is still to come; an unknown day is in the past."""
    if sheet.day is None or sheet.day <= today():
        return None
    return say("The session is on %(day)s. The sheet is signed then.", day=sheet.day)


def everybody_recorded(sheet: Sheet) -> Sentence | None:
    """Of each official on the session's list it is said who came and who did not."""
    names = sheet.unrecorded
    if not names:
        return None
    return say(
        "Not recorded yet, %(count)s in all: %(names)s.", count=len(names), names=some(names)
    )


def delegates_named(sheet: Sheet) -> Sentence | None:
    """Where somebody else came in a person's place, it is said who."""
    names = sheet.unnamed
    if not names:
        return None
    return say(
        "Represented, and not said by whom, %(count)s in all: %(names)s.",
        count=len(names),
        names=some(names),
    )


def something_corrected(sheet: Sheet) -> Sentence | None:
    """A correction that changes nothing is dropped, not signed."""
    if sheet.corrected:
        return None
    return say("No row differs from what was signed. Change one, or drop the correction.")


def as_it_was_signed(sheet: Sheet) -> Sentence | None:
    """A correction is dropped when every row is again as it was signed."""
    if not sheet.corrected:
        return None
    # no names: a clerk of one district does not see those of another
    return say(
        "Not as they were signed, %(count)s in all. Put these rows back first.",
        count=len(sheet.corrected),
    )


def some(names: Collection[str]) -> tuple[object, ...]:
    """The first of these names, and how many more there are."""
    shown = tuple(names)[:NAMED]
    more = len(names) - len(shown)
    return (*shown, say("%(count)s more", count=more)) if more else shown


def _of_sheet(check: Callable[[Sheet], Sentence | None]) -> Guard:
    return Guard(cast(Callable[[object], Sentence | None], check))


#: By the names that process files use.
SHEET_GUARDS: Mapping[str, Guard] = {
    "has_marks": _of_sheet(has_marks),
    "day_has_come": _of_sheet(day_has_come),
    "everybody_recorded": _of_sheet(everybody_recorded),
    "delegates_named": _of_sheet(delegates_named),
    "something_corrected": _of_sheet(something_corrected),
    "as_it_was_signed": _of_sheet(as_it_was_signed),
}

#: Relations of a sheet whose people do not sign it, with what each is told.
SHEET_DUTIES: Mapping[str, Sentence] = {
    "part_of_region": say(
        "You have a part of the region only, and the sheet is of the whole session; somebody who "
        "sees all of it has to sign."
    ),
}
