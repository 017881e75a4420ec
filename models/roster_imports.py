"""Files of rosters that came in, how far each has got, and how their columns were read before.

A row of a file is never kept here: the file lies in the store as it came, and what it says is read
again each time, with the cells that were mended. What comes of it is a proposal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from panel.changelog.records import Logged, personal, plain
from panel.columns import now, one_of

from .base import Base, InRegion, Keyed, Versioned, filled, inside, reached_inside
from .files import StoredFile
from .proposals import Proposal
from .training import AgendaItem

IMPORT_KINDS = ("officials", "appointments", "rotation", "spouses", "attendance")
STAGES = ("uploaded", "mapped", "checked", "proposed", "discarded")
#: What a list is complete for, among the answers.
TIERS, UNITS = "0:tiers", "0:units"
POLICIES = ("stop", "skip", "update")


class RosterImport(Keyed, InRegion, Versioned, Logged, Base):
    """One file on its way from the upload to a proposal; what became of that, the proposal says."""

    __tablename__ = "roster_import"
    __table_args__ = (
        inside("file_id", "stored_file"),
        inside("agenda_item_id", "agenda_item"),
        inside("proposal_id", "proposal"),
        reached_inside(),
        sa.CheckConstraint(
            "(stage = 'proposed') = (proposal_id IS NOT NULL)", name="proposed_with_proposal"
        ),
        sa.Index("ix_roster_import_region", "region_id", "id"),
        sa.Index("ix_roster_import_file", "file_id"),
        sa.Index("ix_roster_import_proposal", "proposal_id"),
    )

    #: What the rows of the file are about.
    kind: Mapped[str] = plain(one_of("kind", IMPORT_KINDS), nullable=False)
    #: The file as it was handed in, or the text that was pasted.
    file_id: Mapped[int] = plain(nullable=False)
    #: The account that handed it in.
    created_by_id: Mapped[int] = plain(nullable=False)
    #: When it was handed in.
    created_at: Mapped[datetime] = plain(nullable=False, default=now)
    #: How far it has got; "mapped" once a person has confirmed the columns.
    stage: Mapped[str] = plain(one_of("stage", STAGES), nullable=False, default="uploaded")
    #: Name of the sheet that is read.
    sheet: Mapped[str | None] = plain()
    #: The first row that names the columns, counted from 0 in the sheet; -1 where none does.
    first_heading: Mapped[int] = plain(nullable=False, default=-1)
    #: The last of them.
    last_heading: Mapped[int] = plain(nullable=False, default=-1)
    #: JSON: the column of each field, counted from 0 in the sheet.
    columns: Mapped[str] = plain(nullable=False, default="{}")
    #: What happens to rows with a problem, and to records that are there already.
    policy: Mapped[str] = plain(one_of("policy", POLICIES), nullable=False, default="stop")
    #: First day of appointments whose row names none.
    on_day: Mapped[date | None] = plain()
    #: Decree of appointments whose row names none.
    decree_no: Mapped[str | None] = plain()
    #: The session part, for a list of attendance.
    agenda_item_id: Mapped[int | None] = plain()
    #: JSON: cells that were mended in the preview, by their address; the file stays as it came.
    mended: Mapped[str] = personal(nullable=False, default="{}")
    #: JSON: answers to questions of the preview, by row and question.
    answers: Mapped[str] = plain(nullable=False, default="{}")
    #: JSON: how many rows of each class the last check found.
    counts: Mapped[str | None] = plain()
    #: The proposal that came of it.
    proposal_id: Mapped[int | None] = plain()

    file: Mapped[StoredFile] = relationship(foreign_keys=[file_id])
    agenda_item: Mapped[AgendaItem | None] = relationship(foreign_keys=[agenda_item_id])
    proposal: Mapped[Proposal | None] = relationship(foreign_keys=[proposal_id])

    def __str__(self) -> str:
        return self.file.name if self.file is not None else ""

    @property
    def is_open(self) -> bool:
        """Whether its cells and columns may still be mended."""
        return self.stage not in ("proposed", "discarded")

    @property
    def column_of(self) -> dict[str, int]:
        """The column of each field."""
        return {field: int(column) for field, column in json.loads(self.columns).items()}

    @property
    def mended_cells(self) -> dict[str, str]:
        """Texts that stand in the place of cells, by address."""
        return dict(json.loads(self.mended))

    @property
    def given_answers(self) -> dict[str, str]:
        """Answers by row and question."""
        return dict(json.loads(self.answers))

    @property
    def complete_for(self) -> tuple[list[int], list[int]]:
        """Numbers of the tiers and of the units, with what is below them, of a whole list.

        No tiers: all of them, if a unit is named; no units: the whole region, if a tier is.
        """
        told = self.given_answers
        tiers, units = (told.get(key, "").split(",") for key in (TIERS, UNITS))
        return [int(one) for one in tiers if one], [int(one) for one in units if one]

    @property
    def row_answers(self) -> list[str]:
        """Questions of rows that were answered; what holds for the whole list is none."""
        return [
            key
            for key in self.given_answers
            if key not in (TIERS, UNITS) and not key.endswith(":stays")
        ]

    @property
    def counted(self) -> dict[str, int]:
        """How many rows of each class the last check found; empty before it."""
        return dict(json.loads(self.counts)) if self.counts else {}


class ImportMapping(Keyed, InRegion, Versioned, Logged, Base):
    """How the columns of a list with certain headings were read: proposed again the next time."""

    __tablename__ = "import_mapping"
    __table_args__ = (
        reached_inside(),
        sa.UniqueConstraint("region_id", "kind", "signature"),
        filled("signature"),
    )

    #: What the rows are about.
    kind: Mapped[str] = plain(one_of("kind", IMPORT_KINDS), nullable=False)
    #: SHA-256 over the headings without case, blanks and signs.
    signature: Mapped[str] = plain(sa.String(64), nullable=False)
    #: JSON: the column of each field, counted from 0.
    columns: Mapped[str] = plain(nullable=False)

    def __str__(self) -> str:
        return f"{self.kind} {self.signature[:8]}"


def as_json(values: Mapping[str, Any]) -> str:
    """Values as JSON: the same values give the same text."""
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
