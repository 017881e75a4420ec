"""What a proposal keeps in the database: the set of changes, and each change as an item of it.

Mixins without tables of their own. The host makes them concrete under these names, beside
`WorkflowRecord`, and gives the proposal what its scope goes by.
"""

from __future__ import annotations

from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from ..changelog.tables import personal, plain
from ..columns import one_of
from .rules import OPS

ORIGINS = ("bulk", "undo", "import", "merge")


class ProposalMixin:
    """A set of changes that somebody else approves and that is applied as a whole.

    The host declares ``items`` (relationship, by their number) and the key of `undoes_id`.
    """

    __tablename__ = "proposal"

    #: What it is about, in one line.
    title: Mapped[str] = plain(sa.Text, nullable=False)
    #: Where it comes from: a bulk change of a list, the undoing of a proposal, an import, the merge
    #: of two entries.
    origin: Mapped[str] = plain(one_of("origin", ORIGINS), nullable=False)
    #: Table of the records that it is about.
    record_table: Mapped[str] = plain(sa.Text, nullable=False)
    #: Why, in the words of its author.
    note: Mapped[str | None] = plain(sa.Text)
    #: How many changes it holds.
    item_count: Mapped[int] = plain(sa.Integer, nullable=False, default=0)
    #: Picked records that were as asked for already.
    unchanged_count: Mapped[int] = plain(sa.Integer, nullable=False, default=0)
    #: Picked records that were left out because a rule refused their change.
    refused_count: Mapped[int] = plain(sa.Integer, nullable=False, default=0)
    #: The applied proposal that this one takes back.
    undoes_id: Mapped[int | None] = plain(sa.Integer)

    def __str__(self) -> str:
        return self.title


class ProposalItemMixin:
    """One row that shall be added, changed or deleted, with what it was when it was proposed; or a
    run of new rows, told in `bundles`.

    The host declares ``proposal`` (relationship) and the key of `proposal_id`.
    """

    __tablename__ = "proposal_item"
    __locked_with__ = "proposal"
    #: Written when the proposal is applied, after its lock has closed.
    __machinery__: ClassVar[frozenset[str]] = frozenset({"outcome"})

    #: The proposal.
    proposal_id: Mapped[int] = plain(sa.Integer, nullable=False)
    #: Place in the proposal, from 1.
    number: Mapped[int] = plain(sa.Integer, nullable=False)
    #: Table of the row.
    record_table: Mapped[str] = plain(sa.Text, nullable=False)
    #: Number of the row; none for a new one.
    record_id: Mapped[int | None] = plain(sa.Integer)
    #: Whether the row is added, changed or deleted.
    op: Mapped[str] = plain(one_of("op", tuple(OPS)), nullable=False)
    #: What the record was called then.
    label: Mapped[str] = personal(sa.Text, nullable=False)
    #: Canonical JSON: {table: {column: [was, becomes]}}, or the list of a bundle.
    changes: Mapped[str] = personal(sa.Text, nullable=False, info={"holds_changes": True})
    #: What came of it: the number of the row that it added, those of a bundle as a JSON list;
    #: none for all others.
    outcome: Mapped[str | None] = plain(sa.Text)

    def __str__(self) -> str:
        return f"{self.number}. {self.label}"
