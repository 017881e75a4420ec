"""What a host does beside a step: in its transaction, or once that is really committed.

A hook before the commit may refuse: then nothing of the step happened. One after the commit learns
of the decision only when nothing can undo it any more, savepoints included; its errors undo
nothing, they are written down under a number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction, object_session

from ..incidents import written_down
from ..listening import Heard

#: Where a session keeps what was decided in it and is not committed yet.
PENDING = "workflow.decided"
#: And which of its transactions has just been committed.
COMMITTED = "workflow.committed"
#: The sessions whose transactions are listened to.
_HEARD = Heard()


@dataclass(frozen=True)
class Decided:
    """A decision as a value, for hooks: it needs no database."""

    #: Number of the decision.
    id: int
    #: Kind of the process.
    kind: str
    #: Table and number of the record.
    record_table: str
    record_id: int
    #: The step, and the states before and after it.
    step: str
    was: str
    becomes: str
    #: When, in UTC.
    at: datetime
    #: Who decided, and for whom by which letter.
    actor_id: int
    actor_name: str
    acting_for_id: int | None
    letter_no: str | None
    #: Why.
    reason: str
    #: SHA-256 of what was decided on.
    seen_hash: str
    #: The request in which it happened.
    request_id: str


def decided(kind: str, decision: Any) -> Decided:
    """The row of a decision as a value."""
    names = [name for name in Decided.__dataclass_fields__ if name != "kind"]
    return Decided(kind=kind, **{name: getattr(decision, name) for name in names})


Before = Callable[[Decided, Session], object]
After = Callable[[Decided], object]


class Hooks:
    """The hooks of one workflow, each for all processes or for one kind."""

    def __init__(self) -> None:
        self._before: list[tuple[str | None, Before]] = []
        self._after: list[tuple[str | None, After]] = []

    def before_commit(self, act: Before, *, kind: str | None = None) -> Before:
        """Call `act(decided, session)` in the step's transaction, after the step is written.

        What it writes is committed with the step; what it raises (`Refused`, to say no in words)
        leaves nothing of either.
        """
        self._before.append((kind, act))
        return act

    def after_commit(self, act: After, *, kind: str | None = None) -> After:
        """Call `act(decided)` once the step is committed, never for one that was rolled back.

        The session is free then; what `act` writes is a transaction of its own. What it raises is
        logged with an incident number and undoes nothing.
        """
        self._after.append((kind, act))
        return act

    def may_refuse(self, kind: str) -> bool:
        """Whether anything is called before the commit of such a step."""
        return any(of in (None, kind) for of, _ in self._before)

    def step_taken(self, kind: str, decision: Any) -> None:
        """Call what comes before the commit of a decision, and keep what comes after it."""
        session, taken = object_session(decision), decided(kind, decision)
        assert session is not None, "a decision just written has a session"
        for of, act in self._before:
            if of in (None, taken.kind):
                act(taken, session)
        inner = session.get_nested_transaction() or session.get_transaction()
        if inner is not None and any(of in (None, taken.kind) for of, _ in self._after):
            session.info.setdefault(PENDING, []).append((self, inner, taken))

    def committed(self, taken: Decided) -> None:
        """Call what comes after the commit; every one, whatever the others do."""
        for of, act in self._after:
            if of not in (None, taken.kind):
                continue
            try:
                act(taken)
            except Exception as error:
                written_down(error, hook=getattr(act, "__qualname__", repr(act)), decision=taken.id)


def attach(target: Any) -> None:
    """Listen to the transactions of a session, a session class or a scoped session; once."""
    if _HEARD.first(target):
        event.listen(target, "after_commit", _committed)
        event.listen(target, "after_transaction_end", _ended)


def _within(inner: SessionTransaction, outer: SessionTransaction) -> bool:
    at: SessionTransaction | None = inner
    while at is not None and at is not outer:
        at = at.parent
    return at is outer


def _committed(session: Session) -> None:
    """The innermost transaction is committed, and will end at once."""
    session.info[COMMITTED] = session.get_nested_transaction() or session.get_transaction()


def _ended(session: Session, transaction: SessionTransaction) -> None:
    """A transaction is over; the connections of an outermost one are given back."""
    outermost = transaction.parent is None
    if not (outermost or transaction.nested):
        return  # that of a flush, which ends with the one around it
    kept: list[Any] = session.info.pop(PENDING, [])
    inside = [one for one in kept if _within(one[1], transaction)]
    if session.info.pop(COMMITTED, None) is not transaction:
        kept = [one for one in kept if one not in inside]
    elif outermost:
        kept = []
        for hooks, _, taken in inside:
            hooks.committed(taken)
    if kept:
        session.info.setdefault(PENDING, []).extend(kept)
