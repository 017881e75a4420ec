"""What the page of a decision shows: the path, what changed since, and what a step asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import request
from flask_admin.form import BaseForm

from ..plugin import current_panel
from ..words import Refused, Sentence, say
from ..workflow.definition import MIGRATE, Process, Transition
from ..workflow.snapshot import Difference, differences
from .converting import Converter
from .language import tell
from .passages import passage_told, process_of
from .relating import CodeSelect
from .sight import in_scope
from .standing import decider, names_stood_in_for
from .stored import Known, entity_at, kind_of, label_of, told, values_of

Rows = list[tuple[Any, Any, Any]]


@dataclass(frozen=True)
class Step:
    """A decision as the path tells it."""

    at: datetime
    sentence: Any
    reason: str
    hash: str


@dataclass(frozen=True)
class Changes:
    """What is not as it was when somebody decided or looked, and a note that says when that was."""

    rows: Rows = field(default_factory=list)
    note: Any = ""
    #: Whether it is measured by what the reader's own page showed.
    seen: bool = False


def path_of(process: Process, decisions: Iterable[Any]) -> list[Step]:
    """The decisions in words, newest first."""
    decisions = list(decisions)
    steps, names = [], names_stood_in_for(decisions)
    for one in decisions:
        name = decider(one, names)
        record = say("this %(kind)s", kind=tell(process.label).lower())
        if one.step == MIGRATE:
            sentence = passage_told(name, one, record)
        else:
            taken = process_of(one).transitions.get(one.step)
            sentence = step_told(name, taken or one.step, record)
        steps.append(Step(one.at, sentence, *_grounds(one)))
    return steps


def step_told(who: Any, step: Transition | str, record: Any) -> Sentence:
    """Who did what to which record, in the words of the process."""
    if isinstance(step, str) or step.told is None:
        label = step if isinstance(step, str) else step.label
        return say("%(who)s: %(step)s, %(record)s.", who=who, step=label, record=record)
    return say("%(who)s %(did)s %(record)s.", who=who, did=step.told, record=record)


def _grounds(decision: Any) -> tuple[str, str]:
    return decision.reason, decision.seen_hash


def changes_since(
    decisions: list[Any], text: str, seen: str, differing: Callable[[str, str], Rows] | None = None
) -> Changes:
    """What changed since the latest decision that was taken on something else."""
    taken = (one for one in decisions if one.step != MIGRATE)
    earlier = next((one for one in taken if one.seen_hash != seen), None)
    if earlier is None:
        return Changes()
    if differing is not None:
        return Changes(differing(earlier.snapshot, text), earlier.at)
    return Changes(diff_rows(differences(earlier.snapshot, text)), earlier.at)


def diff_rows(found: Iterable[Difference]) -> Rows:
    """Differences of a snapshot by label; a child that came or went is one row."""
    found = list(found)
    known = known_in(found)
    rows: Rows = []
    whole: dict[tuple[str, str], list[Difference]] = {}
    for one in found:
        if one.row is not None:
            whole.setdefault((one.table, one.row), []).append(one)
        else:
            rows.append(row_of(one, label_of(one.table, one.field), known))
    for (table, _row), parts in whole.items():
        came, went = all(p.was is None for p in parts), all(p.now is None for p in parts)
        if came or went:
            worth = [p for p in parts if not refers_back(table, p.field)]
            texts = [told(table, p.field, p.now if came else p.was, known) for p in worth]
            line = " · ".join(shortened(text) for text in texts if text)
            rows.append((kind_of(table), None if came else line, line if came else None))
            continue
        for part in parts:
            label = say(
                "%(kind)s: %(field)s", kind=kind_of(table), field=label_of(table, part.field)
            )
            rows.append(row_of(part, label, known))
    return rows


def refers_back(table: str, column: str) -> bool:
    """Whether a column names only whose child a row is, or who made it."""
    panel, values = current_panel(), values_of(table)
    known = values.model.__table__.c.get(column) if values is not None else None
    if known is None or panel.workflow is None:
        return False
    told_apart = {*panel.workflow.records(), panel.access.account.__tablename__}
    return bool({key.column.table.name for key in known.foreign_keys} & told_apart)


def shortened(text: str) -> str:
    """A fingerprint by its beginning; other texts as they are."""
    return text[:8] if re.fullmatch(r"[0-9a-f]{64}", text) else text


def known_in(found: Iterable[Difference]) -> Known:
    """The records in scope that differences name; one query for each kind."""
    asked: dict[str, set[str]] = {}
    for one in found:
        values = values_of(one.table)
        kind = entity_at(values.model, one.field) if values is not None else None
        if kind is not None:
            keys = asked.setdefault(kind.__tablename__, set())
            keys.update(key for key in (one.was, one.now) if key is not None)
    return {table: in_scope(table, keys) for table, keys in asked.items()}


def row_of(one: Difference, label: Any, known: Known) -> tuple[Any, Any, Any]:
    """One difference as label, before and after."""
    was, now = (told(one.table, one.field, text, known) for text in (one.was, one.now))
    return label, was, now


def asked_by(record: Any, transitions: Iterable[Transition]) -> Any:
    """The form of what these steps set, or None: they ask for nothing."""
    fields: dict[str, Any] = {}
    for name in dict.fromkeys(name for step in transitions for name in step.sets):
        table, _, column = name.rpartition(".")
        if not table:
            fields[name] = field_for(record, column)
            continue
        for child in children_of(record, table):
            label = say("%(row)s: %(field)s", row=str(child), field=label_of(table, column))
            fields[f"{name}.{child.id}"] = field_for(child, column, label=label)
    if not fields:
        return None
    form_class = type("StepForm", (BaseForm,), {})
    for name, made in fields.items():
        setattr(form_class, name, made)
    data = {name: before(record, name) for name in fields}
    return form_class(request.form if request.method == "POST" else None, data=data)


def field_for(record: Any, column: str, label: Any = None) -> Any:
    """The field of one column, never obligatory: the process says what it needs."""
    values = values_of(record.__tablename__)
    assert values is not None
    codes = values.codes(column)
    shown = label or values.label(column)
    if codes is not None:
        return CodeSelect(shown, codes=codes, allow_blank=True)
    view = type("Asked", (), {"model": values.model, "values": values})()
    made = Converter(current_panel().db, view)
    return made.field_of(column, values.model.__table__.c[column], {"label": shown})


def children_of(record: Any, table: str) -> list[Any]:
    """The records of `table` under the lock of `record`."""
    workflow = current_panel().workflow
    assert workflow is not None
    guarded = workflow.records()[record.__tablename__]
    child = next(child for child in guarded.children if child.name == table)
    session = current_panel().db.session
    return list(
        session.query(child.entity)
        .filter(child.table.c[child.owner] == record.id)
        .order_by(child.table.c[child.key])
    )


def before(record: Any, name: str) -> Any:
    """What a field of the form begins with."""
    table, _, rest = name.partition(".")
    if not rest:
        return record.proposed(name)
    column, _, key = rest.partition(".")
    return next((getattr(c, column) for c in children_of(record, table) if str(c.id) == key), None)


def values_given(record: Any, transition: Transition) -> dict[str, Any]:
    """What the actor gave for the columns that a step sets; refuses what makes no sense."""
    form = asked_by(record, [transition])
    if form is None:
        return {}
    if not form.validate():
        wrong = next(field for field in form if field.errors)
        sentence = say(
            "%(field)s: %(problem)s", field=wrong.label.text, problem=tell(wrong.errors[0])
        )
        raise Refused("field", sentence, wrong.name)
    given: dict[str, Any] = {}
    for name in transition.sets:
        table = name.rpartition(".")[0]
        if not table:
            if name in request.form:
                given[name] = form._fields[name].data
            continue
        keys = [child.id for child in children_of(record, table)]
        parts = {key: form._fields[f"{name}.{key}"].data for key in keys}
        parts = {key: part for key, part in parts.items() if f"{name}.{key}" in request.form}
        if parts:
            given[name] = parts
    return given
