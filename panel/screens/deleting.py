"""Deleting records: asked first, refused while something refers to them, all at once or none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.actions import action
from flask_admin.babel import lazy_gettext
from flask_admin.helpers import get_redirect_target
from sqlalchemy.exc import IntegrityError

from ..plugin import current_panel
from ..words import Refused, Sentence, say
from .acting import doing, may, note_refusal, subject_of
from .answers import STATUS, refusal_of
from .guarding import verb
from .language import tell
from .querying import key_of, scoped
from .saving import Saving
from .values import as_label, screen_of

#: As many records as one mass deletion takes.
AT_ONCE = 200


@dataclass(frozen=True)
class Reference:
    """Records of one kind that refer to another record: how many the actor sees, and does not."""

    kind: Sentence
    seen: int
    unseen: int


def referring(record: Any) -> list[Reference]:
    """What refers to `record`, by its foreign keys; rows that go with it are left out."""
    session = current_panel().db.session
    owned = {
        relation.mapper.local_table
        for relation in sa.inspect(type(record)).relationships
        if relation.cascade.delete or relation.secondary is not None
    }
    entities = {m.local_table: m.class_ for m in sa.inspect(type(record)).registry.mappers}
    found = []
    for table in record.__table__.metadata.sorted_tables:
        if table in owned or table not in entities:
            continue
        condition = pointing_at(table, record)
        if condition is None:
            continue
        entity = entities[table]
        everything = sa.select(sa.func.count()).select_from(table).where(condition)
        total = session.scalar(everything) or 0
        if total:
            inside = scoped(entity, key_of(entity)).where(condition).subquery()
            counted = sa.select(sa.func.count()).select_from(inside)
            seen = (session.scalar(counted) or 0) if may("read", entity) else 0
            found.append(Reference(plural_of(entity), seen, total - seen))
    return found


def pointing_at(table: sa.Table, record: Any) -> Any:
    """The condition under which a row of `table` refers to `record`, or None: it never does."""
    here, ways = record.__table__, []
    for constraint in table.foreign_key_constraints:
        if constraint.referred_table is not here or constraint.ondelete in ("CASCADE", "SET NULL"):
            continue
        pairs = [(key.parent, getattr(record, key.column.key)) for key in constraint.elements]
        ways.append(sa.and_(*(column == value for column, value in pairs)))
    return sa.or_(*ways) if ways else None


def plural_of(entity: Any) -> Sentence:
    """What several records of a kind are called: as their screen, or their table, says it."""
    screen = screen_of(entity)
    name = screen.name if screen is not None else as_label(entity.__tablename__)
    return name if isinstance(name, Sentence) else say(str(name))


def kept_by(record: Any, title: Any, references: Sequence[Reference]) -> Refused:
    """The refusal that names what refers to a record; nothing is told of what is out of scope."""
    parts = [
        say("%(count)s %(kind)s", count=reference.seen, kind=reference.kind)
        for reference in references
        if reference.seen
    ]
    if any(reference.unseen for reference in references):
        parts.append(say("other records"))
    sentence = say(
        "%(record)s is kept, because these refer to it: %(references)s.",
        record=title,
        references=tuple(parts),
    )
    return Refused("guard", sentence)


class Deleting(Saving):
    """Deletion of records that nothing refers to; what was decided on is never deleted."""

    fast_mass_delete = False
    delete_template = "panel/delete.html"

    @expose("/delete/", methods=("GET",))
    @verb("delete")
    def delete_confirm(self) -> Any:
        """Asks for the reason, or says why the record is kept."""
        record = self.get_one(request.args.get("id"))
        return self.delete_page([record], self.kept(record))

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> Any:
        """Deletes one record; a refusal says what refers to it."""
        with doing(f"{self.kind_name}.delete", reason=self.reason()) as deed:
            record = self.locked(request.form.get("id") or request.args.get("id"))
            deed.subject, title = subject_of(record), tell(self.title_of(record))
            refused = self.removed([record])
            if refused is not None:
                return self.delete_page([self.get_one(deed.subject[1])], refused)
        flash(tell(say("Deleted: %(record)s", record=title)), "success")
        back = get_redirect_target() or url_for(".index_view")
        gone = re.search(r"/(details|edit|history)/", back)
        return redirect(url_for(".index_view") if gone else back, 303)

    @action("delete", lazy_gettext("Delete"))
    def action_delete(self, ids: Sequence[str]) -> Any:
        """Delete all of the chosen records, or none of them; asks first on a page of its own."""
        if not 0 < len(ids) <= AT_ONCE:
            abort(400)
        if "confirmed" not in request.form:
            return self.delete_page([self.get_one(id) for id in ids], None)
        with doing(f"{self.kind_name}.delete", reason=self.reason()):
            records = [self.locked(id) for id in sorted(set(ids))]
            refused = self.removed(records)
            if refused is not None:
                return self.delete_page([self.get_one(id) for id in ids], refused)
        flash(tell(say("Deleted: %(count)s", count=len(records))), "success")
        return redirect(get_redirect_target() or url_for(".index_view"), 303)

    def delete_page(self, records: Sequence[Any], refused: Refused | None) -> Any:
        """The question, or the refusal; what was typed as the reason is kept."""
        page = self.render(
            self.delete_template,
            records=records,
            keys=[sa.inspect(record).identity[0] for record in records],
            refused=refused,
            reason=self.reason(),
            return_url=get_redirect_target() or url_for(".index_view"),
        )
        return (page, self.status_of(refused)) if refused and request.method == "POST" else page

    def status_of(self, refused: Refused) -> int:
        """The answer's status; what is kept by others is in a state that conflicts."""
        return 409 if refused.code == "guard" else STATUS[refused.code]

    def kept(self, record: Any) -> Refused | None:
        """Why this record cannot be deleted now, or None."""
        refused = self.closed(record, "delete")
        if refused is not None:
            return refused
        references = referring(record)
        return kept_by(record, self.title_of(record), references) if references else None

    def removed(self, records: Sequence[Any]) -> Refused | None:
        """Delete all records and commit; else nothing is deleted, and this is why."""
        session = self.session.session
        refused, subject = None, None
        try:
            for record in records:
                subject = subject_of(record)
                refused = self.kept(record)
                if refused is not None:
                    break
                self.before_delete(record)
                session.delete(record)
                session.flush()
            else:
                session.commit()
                return None
        except Refused as error:
            refused = error
        except IntegrityError as error:
            refused = refusal_of(error, self.model.__table__, self.constraint_sentences)
            if refused.code == "field":
                refused = kept_by(records[0], self.kind_title(), [])
        assert refused is not None
        note_refusal(f"{self.kind_name}.delete", refused.sentence, subject=subject)
        return refused

    def before_delete(self, record: Any) -> None:
        """What the host refuses before a record is deleted."""

    def kind_title(self) -> Any:
        """What records of this kind are called."""
        return self.name
