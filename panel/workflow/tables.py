"""Which tables a workflow guards: the records with a process and the children under their lock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, registry

from .mixins import MACHINERY, WorkflowRecord


@dataclass(frozen=True)
class Guarded:
    """One mapped table: its key, and the columns that the lock holds."""

    entity: type[Any]
    table: sa.Table
    key: str
    content: tuple[str, ...]

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name


@dataclass(frozen=True)
class Child(Guarded):
    """A table whose rows share the lock of the record that `owner` points at."""

    relation: str
    owner: str


@dataclass(frozen=True)
class Record(Guarded):
    """A table of records with a process, and what is locked with them."""

    children: tuple[Child, ...]

    @property
    def fields(self) -> dict[str, tuple[str, ...]]:
        """Every column that a process file may name, by table."""
        return {self.name: self.content} | {child.name: child.content for child in self.children}


def records(of: registry) -> dict[str, Record]:
    """The records with a process among the mapped classes, by table."""
    of.configure()
    mappers = sorted(of.mappers, key=lambda mapper: mapper.class_.__name__)
    children = [child for mapper in mappers for child in _children(mapper)]
    found = {}
    for mapper in mappers:
        if issubclass(mapper.class_, WorkflowRecord):
            if mapper.primary_key[0].name != "id":
                raise TypeError(f"{mapper.class_.__name__} needs a key column with the name id")
            held = tuple(child for owner, child in children if owner is mapper.class_)
            record = Record(*_guarded(mapper, MACHINERY), children=held)
            found[record.name] = record
    return found


def _children(mapper: Mapper[Any]) -> Iterator[tuple[type[Any], Child]]:
    relation = getattr(mapper.class_, "__locked_with__", None)
    if relation is None:
        return
    owner = mapper.relationships[relation]
    if not issubclass(owner.mapper.class_, WorkflowRecord):
        raise TypeError(f"{mapper.class_.__name__}.{relation} leads to no record with a process")
    key = owner.mapper.primary_key[0]
    column = next(local.name for local, remote in owner.local_remote_pairs if remote is key)
    yield (
        owner.mapper.class_,
        Child(*_guarded(mapper, frozenset({"version"})), relation=relation, owner=column),
    )


def _guarded(
    mapper: Mapper[Any], machinery: frozenset[str]
) -> tuple[type[Any], sa.Table, str, tuple[str, ...]]:
    table = mapper.local_table
    name = mapper.class_.__name__
    if not isinstance(table, sa.Table) or len(mapper.primary_key) != 1:
        raise TypeError(f"{name} needs a table of its own with one key column")
    if any(mapper.get_property_by_column(column).key != column.name for column in table.columns):
        raise TypeError(f"{name} names a column otherwise than its table does")
    key = mapper.primary_key[0].name
    exempt = machinery | getattr(mapper.class_, "__machinery__", frozenset()) | {key}
    content = tuple(column.name for column in table.columns if column.name not in exempt)
    return mapper.class_, table, key, content
