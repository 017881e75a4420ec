"""Whom we listen to already: sessions and session classes, told apart by themselves.

`sqlalchemy.event.contains` tells a target by its `id`, which Python gives out again while the
registry still knows the one that is gone; a new session would then be heard by nobody.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakSet

from sqlalchemy.orm import scoped_session, sessionmaker


class Heard:
    """The targets of one listener."""

    def __init__(self) -> None:
        self._targets: WeakSet[Any] = WeakSet()

    def first(self, target: Any) -> bool:
        """Whether `target` is met for the first time; a session's factory counts as its class."""
        if isinstance(target, scoped_session):
            target = target.session_factory
        if isinstance(target, sessionmaker):
            target = target.class_
        if target in self._targets:
            return False
        self._targets.add(target)
        return True
