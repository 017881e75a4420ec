"""What the processes expect from the actor: states, turns, and the one query of what waits.

A record that somebody nearer has the turn for is told apart, see `held_back`: it stands in the
actor's list when the deadline has passed. Whether a duty keeps this actor out is said on the
record's page.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

import sqlalchemy as sa
from flask import current_app, g

from ..access.rules import Actor
from ..plugin import current_panel
from ..workflow.definition import Process
from .acting import actor, may

#: Waits for a decision, was sent back, or can go on: the last hurries nobody.
Turn = Literal["decide", "mend", "next"]


def screens() -> list[Any]:
    """The screens of records with a process that the actor reads."""
    views = [v for admin in current_app.extensions.get("admin", []) for v in admin._views]
    return [v for v in views if hasattr(v, "waits_by") and may("read", v.model)]


def versions_of(table: str) -> dict[int, Process]:
    """The published versions of a table's process, oldest first; all are asked once per request."""
    panel = current_panel()
    assert panel.workflow is not None
    if "process_versions" not in g:
        g.process_versions = {}
        for one in panel.db.session.execute(_published(panel.workflow.process_version)):
            known = g.process_versions.setdefault(one.record_table, {})
            known[one.id] = panel.workflow.process_in(one)
    found_of: dict[int, Process] = g.process_versions.get(table, {})
    return found_of


@cache
def _published(version: Any) -> sa.Select[Any]:
    columns = (version.id, version.record_table, version.sha256, version.text)
    return sa.select(*columns).where(version.published_at.is_not(None)).order_by(version.id)


def turns(process: Process, who: Actor) -> dict[str, Turn]:
    """The states in which a record expects a step of this actor's roles, and what for."""
    found: dict[str, Turn] = {}
    for code, state in process.states.items():
        main = (step for step in process.leaving(code) if step.style == "main")
        ahead = [step for step in main if who.roles & set(step.roles)]
        if not ahead:
            continue
        if state.tone == "returned":
            found[code] = "mend"
        elif state.category == "waiting" or any(step.approves for step in ahead):
            found[code] = "decide"
        elif not state.initial:
            found[code] = "next"
    return found


def approves_again(process: Process, who: Actor) -> frozenset[str]:
    """Other states from which this actor's roles could approve what changed since an approval."""
    known = turns(process, who)
    return frozenset(
        code
        for code, state in process.states.items()
        if known.get(code) in (None, "next") and state.category not in ("draft", "cancelled")
        if any(step.approves and who.roles & set(step.roles) for step in process.leaving(code))
    )


def acting_as() -> list[Actor]:
    """As whom the actor may take steps: himself first, then those he stands in for."""
    who = actor()
    return [who, *(one.actor for one in who.stands_in)] if who is not None else []


def held_back(model: Any, who: Actor) -> Any:
    """Whether somebody nearer has the turn, as SQL; None: never for records of this kind."""
    notices = current_panel().notices
    if notices is None or notices.nearer is None:
        return None
    return notices.nearer(notices.notice, model, who)


def rows_expecting(screen: Any, who: Actor, *columns: Any, now_only: bool = False) -> Any:
    """What expects a step of one of them: these columns of the records; None: never any.

    With `now_only` what waits for a decision or for mending; else also what can go on, and what
    could be approved again if it changed.
    """
    states = {}
    for version, process in versions_of(screen.model.__tablename__).items():
        found = turns(process, who)
        codes = {code for code, turn in found.items() if not now_only or turn != "next"}
        states[version] = codes if now_only else codes | approves_again(process, who)
    return rows_in(screen, who, states, *columns)


def rows_to_approve_again(screen: Any, who: Actor, *columns: Any) -> Any:
    """What could be approved again if it changed since it was approved; None: never any."""
    versions = versions_of(screen.model.__tablename__).items()
    states = {version: approves_again(process, who) for version, process in versions}
    return rows_in(screen, who, states, *columns)


def rows_in(screen: Any, who: Actor, states: dict[int, Any], *columns: Any) -> Any:
    """The records of a kind in one's scope that stand in these states of these versions."""
    model = screen.model
    ways = [
        sa.and_(model.process_version_id == version, model.status.in_(sorted(codes)))
        for version, codes in states.items()
        if codes
    ]
    if not ways:
        return None
    rows = sa.select(*columns).select_from(model).where(sa.or_(*ways), *screen.waits_where())
    himself = actor()
    if himself is not None and who is not himself:  # nobody decides on what he made himself
        rows = rows.where(model.created_by_id.not_in((himself.id, who.id)))
    return current_panel().access.scoped(rows, model, who)
