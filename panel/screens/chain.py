"""How the change log stands, for the first page and for who reads the log: sound, broken, or old.

It rests on the newest verification, which is a sealed deed; a glance at what came since is cast
where the log itself is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, url_for

from ..changelog.chain import Finding
from ..changelog.standing import Standing, standing
from ..changelog.verify import glance
from ..columns import now
from ..plugin import current_panel
from ..words import Sentence, say
from .acting import may
from .sight import in_scope
from .stored import entities, kind_of, label_of
from .values import screen_of

#: After this the night's work was missed.
OLD = timedelta(hours=36)
#: The page that tells more.
PAGE = "integrity.index_view"

ALTERED = say("The record of the last verification was altered: it is not as it was sealed.")
OUTSIDE = say("A program outside the application changed records; no deed stands for it.")


@dataclass(frozen=True)
class Break:
    """One difference: what is said of it, and where it lies, as label and value."""

    sentence: Sentence
    places: list[tuple[Sentence, Any]] = field(default_factory=list)
    #: Where the record can be opened, if it is the reader's to see.
    url: str | None = None


@dataclass(frozen=True)
class Chain:
    """The state of the log."""

    #: Whether nothing is known to be wrong, and whether somebody looked lately.
    sound: bool
    fresh: bool
    count: int
    breaks: list[Break] = field(default_factory=list)
    checked_at: datetime | None = None
    #: When everything was read, if that was earlier, and when the first difference was found.
    whole_at: datetime | None = None
    found_at: datetime | None = None
    #: Deeds that came after the last verification.
    since: int = 0
    #: The page that tells more, and whether the reader may have the log verified there.
    url: str | None = None
    may_check: bool = False

    @property
    def sentence(self) -> Any:
        """What is said of the first difference."""
        return self.breaks[0].sentence if self.breaks else ""


def state_of_chain(*, glanced: bool = False) -> Chain:
    """The state by the newest verification; with `glanced` also what a quick look finds now."""
    panel = current_panel()
    connection = panel.db.session.connection()
    found = standing(connection, panel.log.tables, panel.log.keys())
    breaks = breaks_of(found)
    if glanced and not breaks:
        seen = glance(connection, panel.log, panel.triggers(connection.dialect.name))
        breaks = [break_of(one) for one in seen.findings]
    url = page_url()
    return Chain(
        sound=not breaks,
        fresh=found.at is not None and now() - found.at < OLD,
        count=found.newest,
        breaks=breaks,
        checked_at=found.at,
        whole_at=None if read_at_once(found) else found.whole_at,
        found_at=found.found_at,
        since=max(found.newest - (found.seq or 0), 0),
        url=url,
        may_check=url is not None and may("verify", "change"),
    )


def read_at_once(found: Standing) -> bool:
    """Whether the newest verification is the one that read everything."""
    both = found.at is not None and found.whole_at is not None
    return both and abs(found.at - found.whole_at) < timedelta(minutes=1)


def page_url() -> str | None:
    """Where all of it is told, if the application has that page."""
    return url_for(PAGE) if PAGE in current_app.view_functions else None


def breaks_of(found: Standing) -> list[Break]:
    """What is known to be wrong."""
    if not found.sealed:
        return [Break(ALTERED, [(say("Deed"), found.seq)])]
    breaks = [break_of(one) for one in found.findings]
    if found.stray is not None and not any(one.kind == "outside" for one in found.findings):
        row = current_panel().db.session.get(current_panel().log.change, found.stray)
        if row is not None:
            breaks.append(break_of(Finding("outside", OUTSIDE, table=row.tbl, pk=row.pk)))
    return breaks


def break_of(one: Finding) -> Break:
    """A finding with the names that the reader knows for its table and field."""
    table, known = one.table or "", one.table in entities()
    pairs = (
        (say("Deed"), one.seq),
        (say("Kind of record"), kind_of(table) if table else None),
        (say("Number of the record"), one.pk),
        (say("Field"), label_of(table, one.field) if known and one.field else one.field),
    )
    url = address(table, one.pk) if known and one.pk else None
    return Break(in_words(one), [pair for pair in pairs if pair[1] is not None], url)


def in_words(one: Finding) -> Sentence:
    """The sentence with the names of the screens in place of those of the database."""
    values = dict(one.sentence.values)
    if one.table and values.get("table") == one.table:
        values["table"] = kind_of(one.table)
        if one.field and values.get("field") == one.field and one.table in entities():
            values["field"] = label_of(one.table, one.field)
    return Sentence(one.sentence.id, values)


def address(table: str, pk: str) -> str | None:
    """Where a record stands, if the reader may see it."""
    screen = screen_of(table)
    if screen is None or pk not in in_scope(table, {pk}):
        return None
    return url_for(f"{screen.endpoint}.details_view", id=pk)
