"""What an administrator does with an account: at once what takes away, by two what gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import flash, g
from flask_admin import expose

from ..access.accounts import hand_over_password, reset_second_factor, set_active
from ..access.changes import refuse_no_administrator, rights_of
from ..access.two import giving
from ..changelog.entries import Record
from ..plugin import current_panel
from ..words import Refused, Sentence, say
from .account_asking import ask, by_two, requests_of, waits_for
from .account_words import in_short
from .acting import doing, note_refusal, subject_of, the_actor
from .base import RecordView
from .guarding import verb
from .language import tell

#: The fields of the form that give rights.
RIGHTS = ("roles", "grants")


def asked_text(request: Any) -> Sentence:
    """What is said when something was asked for."""
    return say("Asked for: %(what)s. %(waits)s", what=in_short(request), waits=waits_for(request))


class AccountActs(RecordView):
    """Saving an account and the buttons on its page."""

    restorable = False  # rights are given by two, and never by the way
    #: The page that shows a password once: account and password; of the screen.
    password_page: Callable[[Any, str], Any]

    def save(self, form: Any, record: Any, token: str | None = None) -> None:
        """As every save; what gives rights is tried, undone, and left as a request."""
        if not by_two():
            super().save(form, record, token)
            return
        created = token is not None
        self.write(form, record, created, [name for name in form._fields if name not in RIGHTS])
        g.asked = self.rights_saved(form, record, created)
        if token is not None:
            self.remember(token, record)
        self.session.session.commit()

    def rights_saved(self, form: Any, record: Any, created: bool) -> Any:
        """Take away what the form takes away; else the request for what it gives."""
        session, access = self.session.session, current_panel().access
        before = rights_of(record)
        trial = session.begin_nested()
        with giving(record.id):
            self.write(form, record, False, [name for name in RIGHTS if name in form])
        wanted = rights_of(record)
        if wanted.gives_nothing(before) and not created:
            if wanted.text != before.text:
                refuse_no_administrator(access, session)
            trial.commit()
            return None
        trial.rollback()
        session.expire(record)
        asked = replace(wanted, active=created or wanted.active)
        return ask(record, before, asked, reason=self.reason(), new_password=created)

    def near(self, record: Any) -> list[Record]:
        """The account, its places, and what was asked for it."""
        return [*super().near(record), *requests_of(record)]

    def saved_text(self, record: Any) -> Sentence:
        """Who has to confirm what was asked for, if anything was."""
        asked = g.pop("asked", None)
        return super().saved_text(record) if asked is None else asked_text(asked)

    def asked_for(self, id: int, act: str, **more: bool) -> Any:
        """Leave a request on the account's page: a sign-in, a password, a new authenticator."""
        with doing(f"account.{act}", reason=self.reason()) as deed:
            record = self.locked(str(id))
            deed.subject = subject_of(record)
            before = rights_of(record)
            active = more.pop("active", before.active)
            try:
                asked = ask(
                    record, before, replace(before, active=active), reason=self.reason(), **more
                )
            except Refused as refused:
                return self.not_done(id, f"account.{act}", refused)
            self.session.session.commit()
        flash(tell(asked_text(asked)), "success")
        return self.back_to(record)

    def not_done(self, id: int, action: str, refused: Refused) -> Any:
        """The account's page with what was refused; what is missing is no entry of the log."""
        self.session.session.rollback()
        if refused.code != "field":
            note_refusal(action, refused.sentence, subject=(self.model.__tablename__, str(id)))
            raise refused
        return self.details_page(self.get_one(id), refused=refused, tried=action), 422

    @expose("/<int:id>/password/", methods=("POST",))
    @verb("edit")
    def password_view(self, id: int) -> Any:
        """A new password, made up and shown once; the account's sessions end."""
        if by_two():
            return self.asked_for(id, "password", new_password=True)
        with doing("account.password", reason=self.reason()) as deed:
            record = self.locked(str(id))
            deed.subject = subject_of(record)
            password = hand_over_password(record)
            self.session.session.commit()
        return self.password_page(record, password)

    @expose("/<int:id>/authenticator/", methods=("POST",))
    @verb("edit")
    def authenticator_view(self, id: int) -> Any:
        """Forget the authenticator of a lost telephone; the account's sessions end."""
        if self.get_one(id).tf_primary_method is None:
            raise Refused("state", say("This account has no authenticator."))
        if by_two():
            return self.asked_for(id, "totp-reset", new_authenticator=True)
        with doing("account.totp-reset", reason=self.reason()) as deed:
            record = self.locked(str(id))
            deed.subject = subject_of(record)
            if not deed.reason:
                raise Refused("reason", say("Give the reason."), "reason")
            reset_second_factor(record)
            self.session.session.commit()
        return self.back_to(record)

    @expose("/<int:id>/active/", methods=("POST",))
    @verb("edit")
    def active_view(self, id: int) -> Any:
        """Close the account and end its sessions, or open it again."""
        if by_two() and not self.get_one(id).active:
            return self.asked_for(id, "activate", active=True, new_password=self.has_none(id))
        with doing("account.edit", reason=self.reason()) as deed:
            record = self.locked(str(id))
            deed.subject, active = subject_of(record), record.active
            deed.action = "account.deactivate" if active else "account.activate"
            if record.id == the_actor().id:
                refused = Refused("duty", say("Another administrator closes your account."))
                note_refusal(deed.action, refused.sentence, subject=deed.subject)
                raise refused
            set_active(record, not active)
            self.session.session.flush()
            if active:
                refuse_no_administrator(current_panel().access, self.session.session)
            self.session.session.commit()
        return self.back_to(record)

    def has_none(self, id: int) -> bool:
        """Whether the account never got a password, so that opening it has to make one."""
        return self.get_one(id).password is None
