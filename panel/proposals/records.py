"""Proposals of an installation: made, brought up to date, taken back, and written at the decision.

What a proposal says is written in the transaction of the step that ends its process, by the rules
that a form would keep: nothing of it, or all of it. The mixins of the tables are found here too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..access.asking import Access
from ..access.rules import Actor
from ..changelog.deeds import current
from ..collecting import seldom_collected
from ..words import Refused, Sentence, say
from ..workflow.hooks import Decided
from ..workflow.records import Workflow
from .bundles import alone, entries_in, outcome_of, outcome_text, stored, together
from .entries import Entry, columns_of, count_of, numbered, parted, spread, unreadable
from .keeping import Keeper, keeper_for
from .mixins import ORIGINS, ProposalItemMixin, ProposalMixin
from .reach import refuse_out_of_reach, refuse_unseen
from .rules import (
    Item,
    Moved,
    carried_on,
    in_order,
    moved,
    renewed,
    resolved,
    turned_round,
)
from .texts import points_at, presents, refers
from .writing import Writing

__all__ = ["ORIGINS", "ProposalItemMixin", "ProposalMixin", "Proposals"]

#: Gives a new proposal what its scope goes by: `place(session, proposal, keys by class, author)`.
Place = Callable[[Session, Any, Mapping[Any, Sequence[Any]], Actor], object]

#: Rows that a sentence names; the page lists all of them.
NAMED = 5


class Proposals:
    """The proposals of one installation; applying them hangs on the end of their process."""

    def __init__(
        self, *, workflow: Workflow, access: Access, proposal: Any, item: Any, place: Place
    ) -> None:
        self.workflow = workflow
        self.access = access
        self.proposal = proposal
        self.item = item
        self.place = place
        #: Gives the rules of a kind of record, by its table; the screens set it.
        self.keeper: Callable[[str], Keeper | None] = lambda table: None
        self._entities: dict[str, Any] = {}
        workflow.before_commit(self._decided)

    # questions

    def entity(self, table: str) -> Any:
        """The mapped class of a table."""
        if table not in self._entities:
            mappers = self.proposal.registry.mappers
            self._entities |= {one.local_table.name: one.class_ for one in mappers}
        return self._entities[table]

    def items(self, session: Session, proposal: Any) -> list[Item]:
        """The items of a proposal in their order."""
        return spread(self.entries(session, proposal))

    def entries(self, session: Session, proposal: Any) -> list[Entry]:
        """The same, as far as new rows are bundled in their bundles.

        Raises `Refused` where what is stored cannot be read.
        """
        return self._entries(self._stored(session, proposal))

    def _entries(self, rows: Iterable[Any]) -> list[Entry]:
        found = [one for row in rows for one in entries_in(row)]
        tables = self.proposal.metadata.tables
        named = {(one.table, tuple(columns_of(one))): one.number for one in found}
        for (table, columns), number in named.items():
            if table not in tables or {*columns} - {*tables[table].c.keys()}:
                raise unreadable(number)
        return found

    def _stored(self, session: Session, proposal: Any) -> Sequence[Any]:
        """The stored rows of a proposal; without records in the session."""
        held = self.item
        columns = (held.number, held.record_id, held.op, held.label, held.changes)
        rows = sa.select(*columns).where(held.proposal_id == proposal.id).order_by(held.number)
        return session.execute(rows).all()

    def moved(self, session: Session, proposal: Any) -> list[Moved]:
        """The rows that are not as they were when they were proposed; one query for each table."""
        return self.moved_of(session, self.entries(session, proposal))

    def moved_of(self, session: Session, entries: Iterable[Entry]) -> list[Moved]:
        """As `moved`, for what is at hand; new rows do not move."""
        items, _ = parted(entries)
        present = presents(session, items, self.entity)
        found = (moved(item, present.get((item.table, item.key))) for item in items)
        return [one for one in found if one is not None]

    def taken_back(self, session: Session, ids: Collection[int]) -> set[int]:
        """Those of these proposals that were taken back: another one that does so was applied."""
        if not ids:
            return set()
        found = session.scalars(sa.select(self.proposal).where(self.proposal.undoes_id.in_(ids)))
        return {one.undoes_id for one in found if self._category(session, one) == "done"}

    def _category(self, session: Session, proposal: Any) -> str:
        states = self.workflow.process_of(session, proposal).states
        return states[proposal.status].category

    def _rows(self, session: Session, proposal: Any) -> list[tuple[Any, list[Item]]]:
        rows = session.scalars(
            sa.select(self.item)
            .where(self.item.proposal_id == proposal.id)
            .order_by(self.item.number)
        )
        return [(row, spread(self._entries((row,)))) for row in rows]

    # making

    def propose(
        self, session: Session, proposal: Any, entries: Sequence[Entry], author: Actor
    ) -> Any:
        """Write a new proposal of these items, within the author's scope and rights."""
        if not entries:
            raise Refused("guard", say("Nothing is left to change: there would be no proposal."))
        records = refuse_out_of_reach(session, self.access, entries, author, self.entity)
        self.place(session, proposal, records, author)
        proposal.item_count = sum(map(count_of, entries))
        session.add(proposal)
        session.flush()
        # the proposal is new, so its items are open: the gate need not look at each
        own = {"proposal_id": proposal.id, "region_id": proposal.region_id}
        rows = [own | vars(row) for row in stored(numbered(entries))]
        session.execute(sa.insert(self.item.__table__), rows)
        return proposal

    def bring_up_to_date(self, session: Session, proposal: Any, actor: Actor) -> list[Moved]:
        """Carry every item on from what stands there now; gives back what had moved.

        What is done already, and rows that are gone, leave the proposal. Its state has to be open.
        """
        rows = self._rows(session, proposal)
        found = self.moved_of(session, [item for _, items in rows for item in items])
        present = presents(session, [one.item for one in found], self.entity)
        by_number = {row.number: row for row, _ in rows}
        for one in found:  # none of them is bundled: new rows do not move
            row = by_number[one.item.number]
            item = carried_on(one.item, present.get((one.item.table, one.item.key)))
            if item is None:
                session.delete(row)
                proposal.item_count -= 1
            else:
                row.changes = alone(item).changes
        if proposal.item_count == 0:
            raise Refused("guard", say("Nothing is left to change: withdraw this proposal."))
        session.flush()
        refuse_out_of_reach(session, self.access, self.items(session, proposal), actor, self.entity)
        return found

    def drop(self, session: Session, proposal: Any, numbers: Collection[int]) -> int:
        """Take rows out of a proposal; how many. Its state has to be open, and one has to stay."""
        rows = self._rows(session, proposal)
        count = sum(item.number in numbers for _, items in rows for item in items)
        if not count:
            raise Refused("field", say("Pick at least one record."))
        if count == proposal.item_count:
            raise Refused("guard", say("Nothing is left to change: withdraw this proposal."))
        for row, items in rows:
            left = [item for item in items if item.number not in numbers]
            if not left:
                session.delete(row)
            elif len(left) < len(items):
                kept = together(left)
                row.label, row.changes = kept.label, kept.changes
        proposal.item_count -= count
        session.flush()
        return count

    def reverse(self, session: Session, applied: Any) -> list[Item]:
        """The items that take an applied proposal back; refused where something moved since."""
        rows = self._rows(session, applied)
        outcomes = {number: key for row, _ in rows for number, key in outcome_of(row).items()}
        held = [item for _, items in rows for item in items]
        order = in_order(held, partial(refers, self.entity))
        points = partial(points_at, self.entity)
        items = [turned_round(resolved(one, outcomes), outcomes[one.number]) for one in order]
        items = renewed(items, [one.key if one.op == "delete" else None for one in order], points)
        found = self.moved_of(session, items)
        if found:
            sentence = say(
                "Since it was applied, %(count)s of its rows changed, so it cannot be taken back "
                "as a whole: %(rows)s.",
                count=len(found),
                rows=self.named(found),
            )
            raise Refused("stale", sentence)
        return items

    # applying

    def _decided(self, decided: Decided, session: Session) -> None:
        """Write a proposal when its process ends well: the step and its changes are one act."""
        if decided.record_table != self.proposal.__tablename__:
            return
        proposal = session.get_one(self.proposal, decided.record_id)
        states = self.workflow.process_of(session, proposal).states
        if states[decided.becomes].category != "done" or states[decided.was].category == "done":
            return
        with seldom_collected():
            self._apply(session, proposal)

    def _apply(self, session: Session, proposal: Any) -> None:
        """All that a proposal says, with the rules and rights of now."""
        rows = self._stored(session, proposal)
        entries = self._entries(rows)
        items, bundles = parted(entries)
        author = self._author(session, proposal)
        writing = Writing(session, self.access, author, self.entity, cache(self._keeper))
        writing.hold(items)
        self._refuse_moved(session, items)
        touched = refuse_out_of_reach(session, self.access, entries, author, self.entity)
        deed = current()
        if deed is not None and isinstance(deed.actor, Actor):
            refuse_unseen(session, self.access, touched, deed.actor)
        made = writing.write(items, bundles, proposal.region_id)
        self._note_outcomes(session, proposal, rows, made)

    def _note_outcomes(
        self, session: Session, proposal: Any, rows: Iterable[Any], made: Mapping[int, str]
    ) -> None:
        """Keep the keys of the rows that were made: what no lock holds, so past the gate."""
        table = self.item.__table__
        told = ((row.number, outcome_text(row, made)) for row in rows)
        outcomes = [{"n": number, "o": text} for number, text in told if text is not None]
        if outcomes:
            noted = table.update().where(
                table.c.proposal_id == proposal.id, table.c.number == sa.bindparam("n")
            )
            session.connection().execute(noted.values(outcome=sa.bindparam("o")), outcomes)

    def _refuse_moved(self, session: Session, items: Sequence[Item]) -> None:
        found = self.moved_of(session, items)
        if found:
            sentence = say(
                "Nothing was applied: %(count)s rows changed since this was proposed: %(rows)s. "
                "The proposal has to be brought up to date and submitted again.",
                count=len(found),
                rows=self.named(found),
            )
            raise Refused("stale", sentence)

    def _author(self, session: Session, proposal: Any) -> Actor:
        account = self.access.find(session, id=proposal.created_by_id)
        if account is None or not account.active:
            raise Refused("guard", say("The author of this proposal has no access any more."))
        return self.access.himself(account)

    def _keeper(self, table: str) -> Keeper:
        return keeper_for(self.keeper, table)

    def named(self, found: Iterable[Moved]) -> tuple[Sentence, ...]:
        """Rows that moved, and in which fields, for a sentence; the first few of many."""
        found = list(found)
        lines = [self._line(one) for one in found[:NAMED]]
        if len(found) > NAMED:
            lines.append(say("%(count)s more", count=len(found) - NAMED))
        return tuple(lines)

    def _line(self, one: Moved) -> Sentence:
        label = one.item.label
        if one.gone:
            return say("row %(number)s, %(record)s: gone", number=one.item.number, record=label)
        keeper = self.keeper(one.item.table)
        fields = tuple(keeper.label(column) if keeper else column for column in one.now)
        return say(
            "row %(number)s, %(record)s: %(fields)s",
            number=one.item.number,
            record=label,
            fields=fields,
        )
