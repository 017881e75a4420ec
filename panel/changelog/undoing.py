"""One record taken back: its later changes undone from the first of them on. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

State = dict[str, str | None]


@dataclass
class Undoing:
    """What the changes of a record after a moment say of it at that moment.

    `take` them in their order. Afterwards `known` holds what is otherwise now: of a record that
    is gone the whole row (`whole`), else the columns that changed.
    """

    #: Columns whose values a lawful erasure may have taken from the log.
    personal: Collection[str]
    known: State = field(default_factory=dict)
    #: Whether the record was there at the moment.
    here: bool = True
    #: Whether `known` is the row, as its deletion keeps it.
    whole: bool = False
    #: Personal columns whose values at the moment were erased from the log.
    erased: set[str] = field(default_factory=set)
    _begun: bool = False

    def take(self, op: str, values: Mapping[str, Any], *, emptied: bool = False) -> None:
        """One later change; `emptied` of its personal values by an erasure."""
        if self.whole or not self.here:
            return
        if op == "I":
            # without a deletion before it the row was replaced: the new one tells what is left
            self.here, self.whole = self._begun, True
            old: Mapping[str, Any] = values
        elif op == "D":
            self.whole, old = True, values
        else:
            old = {name: pair[0] for name, pair in values.items()}
        self._begun = True
        if emptied:
            self.erased |= set(self.personal) - set(self.known) - set(old)
        for name, value in old.items():
            if name not in self.erased:
                self.known.setdefault(name, value)
