"""Proposals of changes, and the rows that each of them holds."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from panel.changelog.records import Logged, plain
from panel.proposals.records import ProposalItemMixin, ProposalMixin
from panel.workflow.records import WorkflowRecord

from .base import Base, InRegion, Keyed, Versioned, filled, inside, reached_inside
from .government import Unit


class Proposal(ProposalMixin, Keyed, InRegion, Versioned, WorkflowRecord, Logged, Base):
    """Changes of many records that a supervisor applies at once, or returns."""

    __table_args__ = (
        inside("unit_id", "unit"),
        inside("undoes_id", "proposal"),
        reached_inside(),
        filled("title"),
        sa.Index("ix_proposal_region_status", "region_id", "status", "id"),
        sa.Index("ix_proposal_undoes", "undoes_id"),
    )

    #: The smallest unit that holds all of its records; none for the whole region.
    unit_id: Mapped[int | None] = plain()

    unit: Mapped[Unit | None] = relationship(foreign_keys=[unit_id])
    undoes: Mapped[Proposal | None] = relationship(
        foreign_keys="Proposal.undoes_id", remote_side="Proposal.id"
    )
    items: Mapped[list[ProposalItem]] = relationship(
        back_populates="proposal",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="ProposalItem.number",
        foreign_keys="ProposalItem.proposal_id",
    )


class ProposalItem(ProposalItemMixin, Keyed, InRegion, Logged, Base):
    """One row of a proposal."""

    __table_args__ = (
        inside("proposal_id", "proposal", ondelete="CASCADE"),
        sa.UniqueConstraint("proposal_id", "number"),
    )

    proposal: Mapped[Proposal] = relationship(
        foreign_keys="ProposalItem.proposal_id", back_populates="items"
    )
