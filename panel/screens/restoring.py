"""Earlier values given back: a preview, a reason, and a new change by the rules of the form.

A value comes from a deed of the change log; the new deed names it. Scope, rights, locks, the
version and every rule of the form are asked as if somebody had typed the values.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from ..changelog.bearers import RESTORES
from ..changelog.entries import Entry
from ..changelog.restoring import (
    before,
    born_after,
    changes_in,
    deed_numbered,
    deleting_deed,
    undone_by,
)
from ..changelog.undoing import Undoing
from ..plugin import current_panel
from ..words import Refused, say
from .acting import doing, may, note_refusal, subject_of
from .answers import STATUS
from .files import UploadField
from .given_back import Given, Overlay, as_sent, given_back, only_own
from .guarding import verb
from .language import tell
from .querying import key_of, parsed_key
from .sight import Sight
from .tallying import Tallying

NO_REASON = say("Say why: the reason stands in the change log.")
STALE = say("Somebody changed this record since you looked. Look again before you confirm.")
WAYS = say("Earlier values of this kind are not given back by themselves: use its form.")


class Restoring(Tallying):
    """The ways back from a deed of the change log."""

    #: Whether earlier values are given back at all; kinds with a way of saving of their own say no.
    restorable: bool = True
    #: Fields of the form that hold several columns: ``{"held": ("held_on", "date_precision")}``.
    stands_for: dict[str, tuple[str, ...]] = {}

    # A record that is there

    @expose("/restore/", methods=("GET", "POST"))
    @verb("edit")
    def restore_view(self) -> Any:
        """What one deed took from a record: the preview, and the change that gives it back."""
        id = request.args.get("id")
        if request.method == "GET":
            record = self.get_one(id)
            self.refuse_if_shut(record)
            return self.restore_page(record, self.deed_asked(record))
        with doing(f"{self.kind_name}.restore", reason=self.reason()) as deed:
            record = self.locked(id)
            restored = self.deed_asked(record)
            deed.subject = subject_of(record)
            deed.details = {**deed.details, RESTORES: restored.seq}
            return self.restore(record, restored)

    def restore(self, record: Any, restored: Any) -> Any:
        """The answer to a sent preview."""
        self.refuse_if_shut(record)
        names = request.form.getlist("field")
        if request.form.get("version") != self.version_of(record):
            return self.restore_page(record, restored, [STALE], 409)
        found = self.taken_by(record, restored)
        values = {one.name: one.value for one in found if one.why is None and one.name in names}
        wrong = [] if self.reason() else [NO_REASON]
        if not values or not set(names) <= set(values):
            wrong.append(say("Tick at least one field that shall stand again."))
        if wrong:
            return self.restore_page(record, restored, wrong, 422)
        form = only_own(self, self.cut(self._edit_form_class(obj=Overlay(record, values))))
        form = only_own(self, self.cut(self._edit_form_class(as_sent(form), obj=record)))
        if not form.validate():
            return self.restore_page(record, restored, told_errors(form), 422)
        for name, field in form._fields.items():
            field.kept = name not in values
        key = sa.inspect(record).identity[0]
        try:
            self.save(form, record)
        except StaleDataError:
            self.session.session.rollback()
            return self.restore_page(self.get_one(key), restored, [STALE], 409)
        except (Refused, IntegrityError) as error:
            refused = self.refusal(error, "restore", record)
            page, again = ([refused.sentence], STATUS[refused.code]), self.get_one(key)
            return self.restore_page(again, self.deed_asked(again), *page)
        return self.saved(record)

    def taken_by(self, record: Any, restored: Any) -> list[Given]:
        """What the deed took from the record, as far as it is otherwise now."""
        tables, table = current_panel().log.tables, self.model.__table__
        key = subject_of(record)[1]
        changes = changes_in(self.session.session, tables, restored, table, key)
        if not changes:
            return []
        born = born_after(self.session.session, tables, restored, table, key)
        if born not in (None, f"{self.kind_name}.restore"):
            raise Refused(
                "state", say("That deed was about another record, which had this number before.")
            )
        stood = before(changes, table)
        return given_back(self, record, stood.known, stood.erased) if stood.here else []

    def restore_page(
        self, record: Any, restored: Any, wrong: Any = (), status: int = 200
    ) -> tuple[str, int]:
        """The preview: what stands, what would stand, and what stays as it is."""
        page = self.render(
            "panel/restore.html",
            model=record,
            title=self.title_of(record),
            id=sa.inspect(record).identity[0],
            restored=restored,
            found=self.taken_by(record, restored),
            ticked=request.form.getlist("field") if request.method == "POST" else None,
            version=self.version_of(record),
            wrong=wrong,
            reason=self.reason(),
        )
        return page, status

    # A record that is gone

    @expose("/bring-back/", methods=("GET", "POST"))
    @verb("create")
    def bring_back_view(self) -> Any:
        """A deleted record with what its deletion kept: the preview, and the new record."""
        key = parsed_key(self.model, request.args.get("id"))
        if key is None:
            abort(404)
        if request.method == "GET":
            return self.bring_back_page(key, *self.deleted(key))
        with doing(f"{self.kind_name}.restore", reason=self.reason()) as deed:
            made = self.sent_before(self.token(self.create_form()))
            if made:
                return redirect(made, 303)
            restored, left = self.deleted(key)
            deed.details = {**deed.details, RESTORES: restored.seq}
            return self.bring_back(key, restored, left)

    def bring_back(self, key: Any, restored: Any, left: Undoing) -> Any:
        """The answer to a sent preview."""
        found = given_back(self, None, left.known, left.erased)
        values = {one.name: one.value for one in found if one.why is None}
        if not self.reason():
            return self.bring_back_page(key, restored, left, [NO_REASON], 422)
        draft = only_own(self, self.cut(self._create_form_class(obj=Overlay(None, values))))
        sent = as_sent(draft)
        sent["once"] = request.form.get("once", "")
        form = only_own(self, self.cut(self._create_form_class(sent)))
        if not form.validate():
            return self.bring_back_page(key, restored, left, told_errors(form), 422)
        record = self.build_new_instance()
        if self.is_free(key):
            setattr(record, key_of(self.model).key, key)
        try:
            self.save(form, record, self.token(form))
        except (Refused, IntegrityError) as error:
            refused = self.refusal(error, "restore", None)
            return self.bring_back_page(
                key, *self.deleted(key), [refused.sentence], STATUS[refused.code]
            )
        if sa.inspect(record).identity[0] != key:
            flash(tell(say("Its old number is taken: it stands under a new one.")), "warning")
        return self.saved(record)

    def bring_back_page(
        self, key: Any, restored: Any, left: Undoing, wrong: Any = (), status: int = 200
    ) -> tuple[str, int]:
        """The preview: what would stand again, and what does not come back."""
        found = given_back(self, None, left.known, left.erased)
        page = self.render(
            "panel/bring_back.html",
            id=key,
            restored=restored,
            found=[one for one in found if one.then is not None or one.why is not None],
            free=self.is_free(key),
            once=self.create_form().once,
            inside=[one.one for one in self.inlines],
            wrong=wrong,
            reason=self.reason(),
        )
        return page, status

    def deleted(self, key: Any) -> tuple[Any, Undoing]:
        """The deed of the deletion and what it left; 404 where the reader knows of none."""
        session, tables = self.session.session, current_panel().log.tables
        table = self.model.__table__
        restored = deleting_deed(session, tables, table, str(key))
        if restored is None:
            self.get_one(key)  # 404 where the reader knows of none
            raise Refused("state", say("This record is there; it was not deleted."))
        changes = changes_in(session, tables, restored, table, str(key))
        if not Sight([Entry(restored, tuple(changes))]).sees(changes[-1]):
            abort(404)
        back = undone_by(session, tables, restored, f"{self.kind_name}.restore")
        if back is not None:
            raise Refused(
                "state", say("It was brought back already, by deed %(number)s.", number=back)
            )
        left = before(changes, table)
        if not self.restorable:
            raise Refused("guard", WAYS)
        if left.erased:
            raise Refused(
                "guard",
                say("Personal data of this record were erased by law: it does not come back."),
            )
        if any(isinstance(field, UploadField) for field in self.create_form()):
            raise Refused(
                "guard",
                say("Its file does not come back with it: attach the file to a new record."),
            )
        return restored, left

    def is_free(self, key: Any) -> bool:
        """Whether the old number is no other record's now."""
        taken = sa.select(key_of(self.model)).where(key_of(self.model) == key)
        return self.session.session.scalar(taken) is None

    # Both

    def way_back(self, key: Any) -> str | None:
        may_it = self.restorable and may("create", self.model)
        return url_for(".bring_back_view", id=key) if may_it else None

    def refuse_if_shut(self, record: Any) -> None:
        """Refuse what the form would: no right, or a lock; the attempt is logged."""
        if not self.restorable:
            raise Refused("guard", WAYS)
        closed = self.closed(record, "edit")
        if closed is not None:
            if request.method == "POST":
                note_refusal(
                    f"{self.kind_name}.restore", closed.sentence, subject=subject_of(record)
                )
            raise closed

    def deed_asked(self, record: Any) -> Any:
        """The deed that the address names; 404 where none of that number changed the record."""
        number = request.args.get("deed", type=int)
        if number is None or not 0 < number < 2**53:
            abort(404)
        tables, key = current_panel().log.tables, subject_of(record)[1]
        found = deed_numbered(self.session.session, tables, number)
        if found is None or not changes_in(
            self.session.session, tables, found, self.model.__table__, key
        ):
            abort(404)
        return found


def told_errors(form: Any) -> list[str]:
    """What is wrong with each field of a form, with its label."""
    return [
        f"{tell(form[name].label.text)}: {sentence}" if name in form else str(sentence)
        for name, sentences in form.errors.items()
        for sentence in sentences
        if not isinstance(sentence, dict)
    ]
