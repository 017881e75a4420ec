"""Deleting records: asked first, refused while something refers to them, all at once or none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.actions import action
from flask_admin.babel import lazy_gettext
from flask_admin.helpers import get_redirect_target
from sqlalchemy.exc import IntegrityError

from ..words import Refused, say
from .acting import doing, note_refusal, subject_of
from .answers import STATUS, refusal_of
from .guarding import verb
from .language import tell
from .referring import Reference, referring
from .saving import Saving

#: As many records as one mass deletion takes.
AT_ONCE = 200


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
