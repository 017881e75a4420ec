"""The history of one record: beside its details the latest deeds, on its own page all of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import abort, request, url_for
from flask_admin import expose

from ..changelog.bearers import passed_on
from ..changelog.entries import Record, among, entries_of
from ..changelog.history import history, in_deeds_about
from ..plugin import current_panel
from .acting import subject_of
from .export import Exporting
from .guarding import verb
from .querying import key_of
from .requests import number
from .telling import Teller, Told

#: Deeds beside the details, and on one page of the history.
BESIDE, PAGE = 6, 30
#: Changes listed of each deed there, and on a page of one deed alone.
LISTED, WHOLE = 20, 100
#: Records that belong to one, at most: of a larger family the newest.
FAMILY = 2000


class WithHistory(Exporting):
    """The history of records: their own, and of every record that carries the key of one."""

    #: Relations whose deeds stand beside the record's details, too; the inner forms' always do.
    children: tuple[str, ...] = ()
    #: Paths of relations to what hangs on those, for the page of the whole history.
    descendants: tuple[str, ...] = ()

    def details_page(self, record: Any, **more: Any) -> Any:
        return super().details_page(record, **{"history": self.latest(record), **more})

    def latest(self, record: Any) -> list[Told]:
        """The latest deeds on the record and what is edited with it, without their differences."""
        tables, session = current_panel().log.tables, self.session.session
        found = history(tables, session, self.near(record), limit=BESIDE, most=LISTED)
        return Teller(found, brief=True).all()

    def near(self, record: Any) -> list[Record]:
        """The record and what is edited with it, as the log names them."""
        names = dict.fromkeys((*self.children, *(inline.relation for inline in self.inlines)))
        related = [one for name in names for one in getattr(record, name)]
        return [subject_of(one) for one in (record, *related)]

    def family(self, record: Any) -> list[Record]:
        """The record and all that hangs on it, as the log names them; in one statement."""
        near = self.near(record)
        parts = [self.of_path(record, path) for path in self.paths()]
        if not parts:
            return near
        rows = sa.union_all(*parts).subquery()
        newest = sa.select(rows.c.tbl, rows.c.key).order_by(rows.c.key.desc()).limit(FAMILY)
        found = ((tbl, str(key)) for tbl, key in self.session.session.execute(newest))
        return list(dict.fromkeys((*near, *found)))

    def paths(self) -> list[str]:
        """The paths of relations to what belongs to a record."""
        return list(dict.fromkeys((*hanging_on(self.model), *self.descendants)))

    def of_path(self, record: Any, path: str) -> Any:
        """A select of table and key of what a path of relations leads to."""
        here = sa.orm.aliased(self.model)
        start = key_of(here)
        statement = sa.select(sa.literal(1)).select_from(here)
        for part in path.split("."):
            relation = getattr(here, part)
            there = sa.orm.aliased(relation.property.mapper.class_)
            statement = statement.join(relation.of_type(there))
            here = there
        table = sa.inspect(here).mapper.local_table.name
        found = statement.with_only_columns(
            sa.literal(table).label("tbl"), key_of(here).label("key")
        )
        return found.where(start == sa.inspect(record).identity[0])

    @expose("/history/")
    @verb("read")
    def history_view(self) -> Any:
        """Every deed on one record, newest first; or one of them with all that it changed there."""
        record = self.get_one(request.args.get("id"))
        key = sa.inspect(record).identity[0]
        before, seq = (number(request.args.get(name)) for name in ("before", "deed"))
        if seq is not None:
            deeds, older = self.whole(record, seq, number(request.args.get("after")) or 0)
            newest: str | None = url_for(".history_view", id=key)
        else:
            entries = history(
                current_panel().log.tables,
                self.session.session,
                self.family(record),
                limit=PAGE,
                before=before,
                most=LISTED,
                whole=subject_of(record),
            )
            deeds = Teller(entries, lambda one: url_for(".history_view", id=key, deed=one)).all()
            last = entries[-1].deed.seq if len(entries) >= PAGE and entries[-1].deed else None
            older = url_for(".history_view", id=key, before=last) if last else None
            newest = url_for(".history_view", id=key) if before else None
        return self.render(
            "panel/changelog/history.html",
            model=record,
            deeds=deeds,
            one=seq is not None,
            older=older,
            newest=newest,
            details_columns=self._details_columns,
            get_value=self.get_detail_value,
            return_url=url_for(".index_view"),
        )

    def whole(self, record: Any, seq: int, after: int) -> tuple[list[Told], str | None]:
        """One deed with the next of its changes to a record and its family; 404 for any other."""
        tables, own = current_panel().log.tables, subject_of(record)
        change = tables.change
        mine = among(change.c.tbl, change.c.pk, self.family(record)) & ~passed_on(tables)
        wanted = sa.or_(mine, in_deeds_about(tables, own))
        found = entries_of(tables, self.session.session, [seq], wanted, WHOLE, max(after, 0))
        told = Teller(found).all() if found and found[0].changes else []
        if not told:
            abort(404)
        last = found[0].changes[-1].id if found[0].cut else None
        return told, url_for(".history_view", id=own[1], deed=seq, after=last) if last else None


def hanging_on(model: Any) -> list[str]:
    """The relations to records of other kinds that carry the key of one of this kind."""
    mapper = sa.inspect(model)
    return [
        relation.key
        for relation in mapper.relationships
        if relation.direction is sa.orm.RelationshipDirection.ONETOMANY
        and relation.mapper is not mapper
        and len(relation.mapper.primary_key) == 1
    ]
