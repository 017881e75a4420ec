"""The rules of a kind of record as its screen keeps them, for proposals that are applied."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from ..words import Refused
from .answers import refusal_of
from .belonging import refuse_elsewhere, refuse_nowhere
from .deleting import kept_by
from .locks import locked
from .referring import referred, referring
from .saving import Saving
from .stored import label_of
from .values import screen_of


def loaders_of(view: Any) -> list[Any]:
    """Loader options for all that the rules of a kind look at."""
    relations = sa.inspect(view.model).relationships
    own = [joinedload(getattr(view.model, one.key)) for one in relations if not one.uselist]
    return [*own, *view.bulk_joins]


class ScreenKeeper:
    """The rules that the form of one screen keeps."""

    def __init__(self, view: Any) -> None:
        self.view = view

    def label(self, column: str) -> Any:
        """What a column is called."""
        return label_of(self.view.model.__tablename__, column)

    def loaders(self) -> list[Any]:
        """Loader options for what the rules look at."""
        return loaders_of(self.view)

    def target_loaders(self, relation: str) -> list[Any]:
        """Loader options for what the rules look at in the records that a relation names."""
        return list(self.view.target_joins.get(relation, ()))

    def settle(self, record: Any, created: bool) -> None:
        """What the form does and refuses before it saves."""
        self.view.before_save(record, created)
        refuse_nowhere(record)
        refuse_elsewhere(record, ())
        self.view.refuse_itself(record)

    def release(
        self, records: Sequence[Any], going: Mapping[str, Collection[int]]
    ) -> tuple[Any, Refused] | None:
        """What the page of the deletion refuses, of many records at once."""
        pointed = referred(records, going)
        for record in records:
            refused = locked(record, "delete")
            if refused is None and record in pointed:
                references = referring(record, going)
                title = self.view.title_of(record)
                refused = kept_by(record, title, references) if references else None
            if refused is not None:
                return record, refused
            try:
                self.view.before_delete(record)
            except Refused as error:
                return record, error
        return None

    def refusal(self, error: IntegrityError) -> Refused:
        """A broken rule of the database in the words of the screen."""
        return refusal_of(error, self.view.model.__table__, self.view.constraint_sentences)


def init_app(app: Flask) -> None:
    """Let the proposals of `app` ask its screens for the rules of each kind."""
    proposals = app.extensions["panel"].proposals
    if proposals is not None:
        proposals.keeper = keeper_of


def keeper_of(table: str) -> ScreenKeeper | None:
    """The rules of a table, or None: it has no screen on which they are said."""
    view = screen_of(table)
    return ScreenKeeper(view) if isinstance(view, Saving) and hasattr(view, "bulk_joins") else None
