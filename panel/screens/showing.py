"""The details of one record: its facts, what hangs on it, and what its masks hide, on request."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import abort, jsonify, redirect, request, url_for
from flask_admin import expose
from jinja2 import pass_context
from sqlalchemy.orm import with_parent

from ..columns import now
from ..plugin import current_panel
from ..words import Refused, Sentence, say
from .acting import doing, may, note_refusal, objection, opened, subject_of, the_actor
from .answers import wants_json
from .guarding import verb
from .language import tell
from .locks import locked, owner_of
from .paths import loader
from .placing import list_behind, next_in_list, place_in_list
from .pruning import Pruned
from .querying import key_of, only_lent, scoped
from .values import Values, address_of, screen_of, worded

READ_ONLY = say("You read this in somebody's place: only the steps are open to you here.")
#: Rows of a related table on the details page, and unmaskings of one account in an hour.
RELATED_ROWS, UNMASKED_AN_HOUR = 50, 30


@dataclass(frozen=True)
class Related:
    """A table of records on the details page: those of `relation`, with these columns.

    Labels, codes and formats are those of the related kind's screen unless they are given here.
    """

    title: Any
    relation: str
    columns: tuple[str, ...]
    labels: dict[str, Any] = field(default_factory=dict)
    choices: dict[str, dict[str, Any]] = field(default_factory=dict)
    formats: dict[str, Any] = field(default_factory=dict)
    #: Whether the heading leads to the form of a new one.
    addable: bool = True

    def values(self, entity: Any) -> Values:
        """How its records are read."""
        screen = screen_of(entity)
        known = getattr(screen, "values", None)
        if known is not None and not (self.labels or self.choices or self.formats):
            return known
        written = getattr(known, "written", None)
        return Values(entity, self.labels, self.choices, self.formats, written)


@dataclass(frozen=True)
class Table:
    """Related records, ready for the page: titles, and per row its address and cells."""

    id: str
    title: str
    columns: list[str]
    rows: list[tuple[str | None, list[Any]]]
    more: int
    new_url: str | None


class Showing(Pruned):
    """Details of a record, and the way to see what is masked."""

    details_template = "panel/record.html"
    #: Tables of related records under the facts.
    related: tuple[Related, ...] = ()

    @pass_context
    def get_list_value(self, context: Any, model: Any, name: str) -> Any:
        """The value of a cell; the first of a row opens the row, whatever it names."""
        first = name == next((one for one, _ in context.get("list_columns", ())), None)
        return self.values.shown(model, name, link=not first)

    @pass_context
    def get_detail_value(self, context: Any, model: Any, name: str) -> Any:
        return self.values.shown(model, name, long=True)

    def get_export_value(self, model: Any, name: Any) -> Any:
        return self.values.exported(model, name)

    def title_of(self, record: Any) -> Any:
        """What a record is called on the screen."""
        return tell(record)

    @expose("/details/")
    def details_view(self) -> Any:
        """The record's facts, its related tables and its history."""
        return self.details_page(self.get_one(request.args.get("id")))

    def details_page(self, record: Any, **more: Any) -> Any:
        """The page, as any answer about this record shows it."""
        shut = self.closed(record, "edit") if self.can_edit else None
        back = list_behind(self, request.args.get("url"))
        context = {
            "model": record,
            "shut": shut,
            "closed_for_editing": shut is not None,
            "closed_acts": self.closed_acts(record, shut),
            "details_columns": self._details_columns,
            "get_value": self.get_detail_value,
            "related": self.related_tables(record),
            "masked_columns": self.unmaskable(record),
            "history": [],
            "place": place_in_list(self, record, back),
            "return_url": back or url_for(".index_view"),
        }
        return self.render(self.details_template, **{**context, **more})

    def closed(self, record: Any, verb: str) -> Refused | None:
        """Why this record cannot be changed or deleted now, by policy or process, or None."""
        sentence = objection(verb, record) or (only_lent(record) and READ_ONLY) or None
        return Refused("role", sentence) if sentence is not None else locked(record, verb)

    def closed_acts(self, record: Any, shut: Refused | None) -> dict[str, Sentence]:
        """Why this record is not changed or not deleted, by verb; `shut` if it is known already.

        What the policy opens to nobody is no act that is closed to somebody.
        """
        found: dict[str, Sentence] = {}
        for act in ("edit", "delete"):
            if not opened(self.kind_name, act):
                continue
            why = self.shut_act(record, act, shut)
            if why is not None:
                found[act] = why.sentence
        return found

    def shut_act(self, record: Any, act: str, shut: Refused | None) -> Refused | None:
        """Why one act is closed; a lock that shuts a part against changes keeps it, too."""
        part = shut is not None and shut.code == "locked" and owner_of(record) is not record
        known = part or (act == "edit" and self.can_edit)
        return shut if known else self.closed(record, act)

    def related_tables(self, record: Any) -> list[Table]:
        """The related records in scope, of the kinds that the actor reads."""
        tables = []
        for declared in self.related:
            relation = getattr(self.model, declared.relation)
            entity = relation.property.mapper.class_
            if may("read", entity):
                tables.append(self.related_table(record, declared, relation, entity))
        return tables

    def related_table(self, record: Any, declared: Related, relation: Any, entity: Any) -> Table:
        """One of them; related names in it are joined."""
        session = self.session.session
        values = declared.values(entity)
        columns = [name for name in declared.columns if values.reaches(name)]
        statement = scoped(entity).where(with_parent(record, relation))
        order = relation.property.order_by or (key_of(entity),)
        screen = screen_of(entity)
        if screen is not None:
            options = screen.loaders([(name, None) for name in columns])
        else:
            options = [one for name in columns if (one := loader(entity, name)) is not None]
        found = session.scalars(
            statement.order_by(*order).options(*options).limit(RELATED_ROWS + 1)
        )
        records = found.unique().all()
        if screen is not None:
            screen.look_at(records[:RELATED_ROWS])
        rows = [
            (address_of(one), [values.shown(one, name, long=True) for name in columns])
            for one in records[:RELATED_ROWS]
        ]
        new_url = None
        if declared.addable and screen is not None and may("create", entity):
            new_url = url_for(f"{screen.endpoint}.create_view")
        titles = [tell(values.label(name)) for name in columns]
        more = max(len(records) - RELATED_ROWS, 0)
        return Table(declared.relation, tell(worded(declared.title)), titles, rows, more, new_url)

    # Masks

    def unmaskable(self, record: Any) -> list[str]:
        """The masked columns of the details that the actor may see after giving a reason."""
        if not may("unmask", self.model):
            return []
        names = [name for name, _label in self._details_columns]
        return [n for n in names if self.masks(n) and self.values.value(record, n) is not None]

    @expose("/unmask/", methods=("POST",))
    @verb("unmask")
    def unmask_view(self) -> Any:
        """One masked value, shown once: with a reason, logged, and so many in an hour."""
        record = self.get_one(request.form.get("id"))
        column = request.form.get("column", "")
        reason = request.form.get("reason", "").strip()[:1000]
        if column not in self.unmaskable(record):
            abort(404)
        subject, action = subject_of(record), f"{self.kind_name}.unmask"
        if not reason:
            raise Refused("reason", say("Say why you need to see this."), "reason")
        label, value = tell(self.label(column)), self.values.value(record, column)
        title = self.title_of(record)
        with doing(action, subject=subject, reason=f"{label}: {reason}") as deed:
            before = self.unmasked_lately()
            if before >= UNMASKED_AN_HOUR:
                sentence = say("At most %(count)s in an hour. Go on later.", count=UNMASKED_AN_HOUR)
                note_refusal(action, sentence, subject=subject)
                raise Refused("guard", sentence)
            deed.always = True
            self.session.session.commit()
        if wants_json():
            return jsonify({"column": column, "label": label, "value": value})
        back = list_behind(self, request.form.get("url"))
        return self.render(
            "panel/unmasked.html",
            model=record,
            title=title,
            label=label,
            value=self.values.in_full(column, value),
            link=self.unmasked_link(column, value),
            return_url=url_for(".details_view", id=subject[1], url=back),
            list_url=back,
            following=back and self.unmasked_next(record, column, back),
            sent={"column": column, "reason": reason, "url": back},
            left=UNMASKED_AN_HOUR - before - 1,
        )

    def unmasked_next(self, record: Any, column: str, address: str) -> tuple[str, Any] | None:
        """Number and name of the next record of the list that has such a value, masked."""
        found = next_in_list(self, record, address, lambda one: column in self.unmaskable(one))
        return (str(sa.inspect(found).identity[0]), self.title_of(found)) if found else None

    def unmasked_link(self, column: str, value: Any) -> tuple[str, Any] | None:
        """Where a value that is shown whole leads, and in which words; None: nowhere."""
        return None

    def unmasked_lately(self) -> int:
        """How many values the actor has unmasked in the last hour; holds up his other requests."""
        account = current_panel().access.account
        own = sa.select(account.id).where(account.id == the_actor().id)
        self.session.session.execute(own.with_for_update(key_share=True))
        deed = current_panel().log.tables.deed.c
        since = now() - timedelta(hours=1)
        counted = sa.select(sa.func.count()).where(
            deed.actor_id == the_actor().id, deed.action.like("%.unmask"), deed.at >= since
        )
        return self.session.session.scalar(counted) or 0

    def look_at(self, records: list[Any]) -> None:
        """Find out at once what the cells of these records will be asked for one by one."""

    def back_to(self, record: Any) -> Any:
        """The redirect to a record's details."""
        return redirect(url_for(".details_view", id=sa.inspect(record).identity[0]), 303)
