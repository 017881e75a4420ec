"""Asking for what gives rights: one request for an account at a time, and who could confirm it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ..access.changes import request_for
from ..access.rights import Rights
from ..access.rules import listed
from ..changelog.entries import Record
from ..changelog.records import current
from ..plugin import current_panel
from ..words import Refused, Sentence, say
from ..workflow.duties import able
from .acting import objection, subject_of, the_actor
from .querying import find, scoped
from .values import address_of
from .workflow import the_workflow

ONE_AT_A_TIME = say("A change of this account waits already. It is decided or taken back first.")
NOT_ONES_OWN = say("Another administrator asks for a change of your account.")
ELSEWHERE = say(
    "This account has, or would have, places outside of your regions. An administrator of all of "
    "them asks for this."
)


def by_two() -> bool:
    """Whether what gives rights takes two in this installation."""
    return current_panel().access.change is not None


def open_request(account_id: int) -> Any:
    """The request for an account that waits, whoever may see it, or None."""
    change, state = current_panel().access.change, the_workflow().process_state
    if change is None:
        return None
    rows = (
        sa.select(change)
        .join(
            state,
            sa.and_(state.version_id == change.process_version_id, state.code == change.status),
        )
        .where(change.account_id == account_id, state.category == "waiting")
    )
    return current_panel().db.session.scalars(rows.limit(1)).one_or_none()


def requests_of(account: Any) -> list[Record]:
    """The requests for an account that lie in the reader's scope, as the log names them."""
    change = current_panel().access.change
    if change is None or objection("read", change) is not None:
        return []
    rows = scoped(change, change.id).where(change.account_id == account.id)
    numbers = current_panel().db.session.scalars(rows)
    return [(change.__tablename__, str(number)) for number in numbers]


def ask(account: Any, before: Rights, wanted: Rights, *, reason: str, **more: bool) -> Any:
    """A request, flushed under the lock that the caller has on the account; `Refused` with why.

    `more` says whether a password is made up and whether the authenticator is forgotten.
    """
    panel = current_panel()
    session = panel.db.session
    if account.id == the_actor().id:
        raise Refused("duty", NOT_ONES_OWN)
    sentence = objection("edit", account)
    if sentence is not None:
        raise Refused("role", sentence)
    if open_request(account.id) is not None:
        raise Refused("state", ONE_AT_A_TIME)
    made = request_for(panel.access, account, before, wanted, reason=reason, **more)
    session.add(made)
    session.flush()
    if find(panel.access.change, made.id) is None:
        raise Refused("role", ELSEWHERE)
    open_deed = current()
    if open_deed is not None and open_deed.action != "account.create":
        open_deed.action, open_deed.subject = "account_change.create", subject_of(made)
    return made


def can_confirm(request: Any) -> list[object]:
    """The names of those who can confirm a request."""
    session, workflow = current_panel().db.session, the_workflow()
    case, process = workflow.case(session, request), workflow.process_of(session, request)
    steps = [step for step in process.leaving(request.status) if step.style == "main"]
    return able(case, steps, [role for step in steps for role in step.roles])


def waits_for(request: Any) -> Sentence:
    """Who has to confirm a request before anything of it holds."""
    names = can_confirm(request)
    if names:
        return say(
            "Waiting for %(names)s to confirm; until then nothing changes.", names=either(names)
        )
    return NOBODY


#: What helps where there is only one administrator.
NOBODY = say(
    "Nobody can confirm this: there is no other administrator for these regions. Who runs the "
    "server makes one with `flask account add`."
)


def seen_at(request: Any) -> str | None:
    """The address of a request, where it lies in the reader's scope."""
    return address_of(request) if find(type(request), request.id) is not None else None


def either(names: list[object]) -> object:
    """Names of whom one is enough."""
    if len(names) < 2:
        return names[0]
    return say("%(one)s or %(other)s", one=listed(names[:-1]), other=names[-1])
