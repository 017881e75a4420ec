"""The open deed: who acts, why, and for whom, carried in the context from request to seal.

Transactions that begin while a deed is open belong to it. Without one nothing can be written.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine

from .rules import Actor

_open: ContextVar[OpenDeed | None] = ContextVar("deed", default=None)


class NoDeed(RuntimeError):
    """Something was written outside a deed: nobody would stand for it, so it was not done."""


@dataclass
class OpenDeed:
    """A deed until its seal; the caller may still fill in what it learns on the way."""

    action: str
    actor: Actor
    reason: str = ""
    request_id: str = ""
    address: str = ""
    acting_for: int | None = None
    acting_for_name: str = ""
    letter: str = ""
    always: bool = False
    subject: tuple[str, str] | None = None
    scope: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    #: Ids under which its running transactions capture; the log's listeners keep it.
    writing: set[int] = field(default_factory=set)

    def personal(self) -> dict[str, str]:
        """What of it belongs to persons, without what is empty."""
        words = {
            "actor": self.actor.name,
            "acting_for": self.acting_for_name,
            "letter": self.letter,
            "reason": self.reason,
            "address": self.address,
        }
        return {name: text for name, text in words.items() if text}


@contextmanager
def deed(action: str, *, actor: Actor, **facts: Any) -> Iterator[OpenDeed]:
    """Open a deed for the transactions that begin inside; `facts` are fields of `OpenDeed`.

    A transaction that is already open does not join: end it first. Each transaction becomes a
    deed of its own at its commit, tied by `request_id`; one that changed nothing leaves no deed
    unless `always`.
    """
    if _open.get() is not None:
        raise RuntimeError("a deed is open already: one act, one deed")
    opened = OpenDeed(action=action, actor=actor, **facts)
    token = _open.set(opened)
    try:
        yield opened
    finally:
        _open.reset(token)


def current() -> OpenDeed | None:
    """The open deed, if there is one."""
    return _open.get()


@contextmanager
def apart() -> Iterator[None]:
    """No deed is open inside: transactions that begin there only read, and hold up no writer."""
    token = _open.set(None)
    try:
        yield
    finally:
        _open.reset(token)


def note(engine: Engine, action: str, *, actor: Actor, **facts: Any) -> None:
    """Log an event without changes (sign-in, refusal, export) in a transaction of its own."""
    outer = _open.get()
    if outer is not None and outer.writing:
        raise RuntimeError("end the open deed's transaction before an event is noted beside it")
    token = _open.set(None)
    try:
        with deed(action, actor=actor, always=True, **facts), engine.begin():
            pass
    finally:
        _open.reset(token)


def new_id() -> int:
    """A number for a deed, made before anything is written: milliseconds, then chance; 63 bits."""
    return (time.time_ns() // 1_000_000 - 1_600_000_000_000) << 21 | secrets.randbits(21)
