"""What keeps the rules of one kind of record while a proposal is written: those that a form keeps.

The screens give them, because there the host says them. A kind without is changed by no proposal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy.exc import IntegrityError

from ..words import Refused, say


class Keeper(Protocol):
    """The rules of one kind of record."""

    def label(self, column: str) -> object:
        """What a column is called."""

    def loaders(self) -> Sequence[Any]:
        """Loader options for what the rules look at, so that no row asks by itself."""

    def target_loaders(self, relation: str) -> Sequence[Any]:
        """Loader options for what the rules look at in the records that a relation names."""

    def settle(self, record: Any, created: bool) -> None:
        """Complete a record before it is written; raises `Refused`."""

    def release(
        self, records: Sequence[Any], going: Mapping[str, Collection[int]]
    ) -> tuple[Any, Refused] | None:
        """The first of these records that has to be kept, and why; None lets all of them go.

        `going` are the keys of all that goes with them, by table.
        """

    def refusal(self, error: IntegrityError) -> Refused:
        """A broken rule of the database in words."""


def keeper_for(known: Callable[[str], Keeper | None], table: str) -> Keeper:
    """The rules of a table; refused where there are none."""
    keeper = known(table)
    if keeper is None:
        raise Refused("guard", say("Records of this kind are changed by no proposal."))
    return keeper
