"""The history of one record: beside its details the latest deeds, on its own page all of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import request, url_for
from flask_admin import expose

from ..changelog.history import Record, history
from ..plugin import current_panel
from .acting import subject_of
from .export import Exporting
from .guarding import verb
from .telling import Teller, Told

#: Deeds beside the details, and on one page of the history.
BESIDE, PAGE = 6, 30


class WithHistory(Exporting):
    """The history of records; `children` names relations whose records belong to the story."""

    #: Relations whose deeds the record's history tells too; the inner forms' always are.
    children: tuple[str, ...] = ()

    def details_page(self, record: Any, **more: Any) -> Any:
        return super().details_page(record, **{"history": self.latest(record), **more})

    def latest(self, record: Any) -> list[Told]:
        """The latest deeds on the record and what belongs to it."""
        return Teller(self.entries(record, BESIDE)).all()

    def entries(self, record: Any, limit: int, before: int | None = None) -> Any:
        """The entries of the log on the record and what belongs to it."""
        tables, session = current_panel().log.tables, self.session.session
        return history(tables, session, self.family(record), limit=limit, before=before)

    def family(self, record: Any) -> list[Record]:
        """The record and its children, as the log names them."""
        names = dict.fromkeys((*self.children, *(inline.relation for inline in self.inlines)))
        related = [one for name in names for one in getattr(record, name)]
        return [subject_of(one) for one in (record, *related)]

    @expose("/history/")
    @verb("read")
    def history_view(self) -> Any:
        """Every deed on one record, newest first."""
        record = self.get_one(request.args.get("id"))
        before = request.args.get("before", type=int)
        entries = self.entries(record, PAGE, before)
        key = sa.inspect(record).identity[0]
        older = entries[-1].deed.seq if len(entries) >= PAGE and entries[-1].deed else None
        return self.render(
            "panel/changelog/history.html",
            model=record,
            deeds=Teller(entries).all(),
            older=url_for(".history_view", id=key, before=older) if older else None,
            newer=url_for(".history_view", id=key) if before else None,
            details_columns=self._details_columns,
            get_value=self.get_detail_value,
            return_url=url_for(".index_view"),
        )
