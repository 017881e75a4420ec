"""Filters of lists, one small class per question; a value that makes no sense is not applied."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from flask_admin.model.filters import BaseFilter

from ..words import Sentence, say
from .forgiving import contains
from .paths import column_at, values_at, where

Choices = Callable[[], list[tuple[str, Any]]]


class PathFilter(BaseFilter, ABC):
    """A question about the column at a dotted path of the model."""

    #: What stands in the address behind the column, and never changes with the language.
    code = ""
    #: What the reader sees.
    asks: Sentence = say("is")
    #: Whether a second answer takes the place of the first one, instead of narrowing further.
    replaces = True
    #: Whether a choice leaves those who do not have its value.
    leaves_out = False

    def __init__(self, model: Any, path: str, name: Any, options: Choices | None = None) -> None:
        super().__init__(name, options=options, data_type=self.data_type_of())
        self.model, self.path = model, path

    def data_type_of(self) -> str | None:
        """The input that the browser offers."""
        return None

    def operation(self) -> Any:
        return self.asks

    def apply(self, query: Any, value: Any, alias: Any = None) -> Any:
        return query.where(where(self.model, self.path, lambda column: self.of(column, value)))

    def pairs(self) -> sa.SelectBase | None:
        """Each choice, as `value`, beside the key of a record that has it, as `id`; to be counted.

        None where there is nothing to choose from.
        """
        return None

    @abstractmethod
    def of(self, column: Any, value: Any) -> Any:
        """The condition on the column."""


class Contains(PathFilter):
    """Text that holds the value, whatever its case."""

    code, asks = "contains", say("contains")
    replaces = False

    def clean(self, value: str) -> str:
        if not value or len(value) > 200:
            raise ValueError
        return value

    def of(self, column: Any, value: Any) -> Any:
        return contains(column, value)


class Chosen(PathFilter):
    """One of the values that the column may have."""

    code, asks = "is", say("is")

    def clean(self, value: str) -> str:
        if value not in {str(code) for code, _label in self.options()}:
            raise ValueError
        return value

    def pairs(self) -> sa.SelectBase | None:
        return values_at(self.model, self.path, lambda column: column)

    def of(self, column: Any, value: Any) -> Any:
        return column == (int(value) if isinstance(column.type, sa.Integer) else value)


class YesNo(PathFilter):
    """True or false."""

    code, asks = "is", say("is")

    def __init__(self, model: Any, path: str, name: Any, options: Choices | None = None) -> None:
        super().__init__(model, path, name, options or yes_and_no)

    def clean(self, value: str) -> bool:
        if value not in ("1", "0"):
            raise ValueError
        return value == "1"

    def pairs(self) -> sa.SelectBase | None:
        return values_at(self.model, self.path, lambda c: sa.case((c.is_(True), 1), else_=0))

    def of(self, column: Any, value: Any) -> Any:
        return column.is_(value)


class Since(PathFilter):
    """On that day or later."""

    code, asks = "since", say("from")

    def data_type_of(self) -> str | None:
        return "datepicker"

    def clean(self, value: str) -> date:
        return date.fromisoformat(value)

    def of(self, column: Any, value: Any) -> Any:
        return column >= (beginning(value) if is_moment(column) else value)


class Until(Since):
    """On that day or before."""

    code, asks = "until", say("to")

    def of(self, column: Any, value: Any) -> Any:
        if is_moment(column):
            return column < beginning(value + timedelta(days=1))
        return column <= value


class Blank(PathFilter):
    """Whether the column is filled in at all."""

    code, asks = "blank", say("is filled in")

    def __init__(self, model: Any, path: str, name: Any, options: Choices | None = None) -> None:
        super().__init__(model, path, name, yes_and_no)

    def clean(self, value: str) -> bool:
        if value not in ("1", "0"):
            raise ValueError
        return value == "1"

    def pairs(self) -> sa.SelectBase | None:
        return values_at(self.model, self.path, lambda c: sa.case((c.is_(None), 0), else_=1))

    def of(self, column: Any, value: Any) -> Any:
        return column.is_not(None) if value else column.is_(None)


def yes_and_no() -> list[tuple[str, Any]]:
    """The two answers."""
    return [("1", say("yes")), ("0", say("no"))]


def is_moment(column: Any) -> bool:
    """Whether the column holds a time of day as well."""
    kind = getattr(column.type, "impl_instance", column.type)
    return isinstance(kind, sa.DateTime)


def beginning(day: date) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time(), UTC)


def filters_for(model: Any, path: str, name: Any, options: Choices | None) -> list[PathFilter]:
    """The questions that make sense for the column at `path`."""
    if options is not None:
        return [Chosen(model, path, name, options)]
    column = column_at(model, path)
    if column is None:
        raise ValueError(f"{model.__name__}.{path} is no column: name one to filter by")
    kind = getattr(column.type, "impl_instance", column.type)
    if isinstance(kind, sa.Boolean):
        made: list[type[PathFilter]] = [YesNo]
    elif isinstance(kind, sa.Date | sa.DateTime):
        made = [Since, Until]
    else:
        made = [Contains]
    if getattr(column, "nullable", True):  # what is computed may be nothing
        made.append(Blank)
    return [filter_class(model, path, name) for filter_class in made]
