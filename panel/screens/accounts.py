"""Accounts: who may sign in, with which roles, in which part of the unit tree.

Passwords are made up and shown once; no hash is ever shown. Nobody changes his own roles or places.
What ends sessions ends them in the same transaction.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import g, url_for
from flask_admin import expose

from ..access.accounts import hand_over_password, read_roles, read_username, set_active
from ..access.rules import ROLE_NAMES
from ..plugin import Panel
from ..words import Refused, say
from .acting import doing, note_refusal, subject_of, the_actor
from .base import RecordView
from .converting import Inline
from .guarding import verb
from .language import tell
from .marks import blank
from .relating import RecordSelectMultiple
from .sheets import Section

TAKEN = ("username", say("This user name is taken. Choose another one."))


class RoleSelect(RecordSelectMultiple):
    """Roles under their names in the reader's language."""

    def text(self, record: Any) -> str:
        return tell(ROLE_NAMES[record.code])


class AccountView(RecordView):
    """The accounts of an installation; `grant_fields` are the host's columns of a grant."""

    title = say("Accounts")
    one = say("Account")
    icon = "lock"
    details_template = "panel/account.html"
    columns = ("name", "username", "roles", "grants", "active", "last_sign_in_at")
    details = (*columns, "email", "password_changed_at")
    fields = (
        Section(
            say("Account"),
            say("The user name stays as it is: the change log speaks of people by it."),
            ["username", "name", "email"],
        ),
        Section(
            say("Roles"),
            say("Who watches or hands out rights does not also do the work."),
            ["roles"],
        ),
        Section(
            say("Scope"),
            say("A region as a whole, or one of its units with all below it."),
            ["grants"],
        ),
    )
    searchable = ("name", "username")
    filtered = ("active",)
    default_order = ("name",)
    form_overrides = {"roles": RoleSelect}
    formats = {
        "roles": lambda account: [ROLE_NAMES[role.code] for role in account.roles],
        "last_sign_in_at": lambda account: account.last_sign_in_at or blank(say("never")),
        "password_changed_at": lambda account: (
            account.password_changed_at or blank(say("still the one handed over"))
        ),
    }
    labels = {
        "username": "User name",
        "grants": "Scope",
        "active": "May sign in",
        "last_sign_in_at": "Last sign-in",
        "email": "E-mail",
        "password_changed_at": "Own password since",
        "valid_from": "From",
        "valid_to": "Until",
    }
    constraint_sentences = {"uq_account_username": TAKEN, "ck_account_username_lower": TAKEN}
    grant_fields: tuple[str, ...] = ("region", "unit", "valid_from", "valid_to")

    def __init__(self, panel: Panel, **options: Any) -> None:
        self.model = panel.access.account
        grant = panel.access.grant
        held = [name for name in self.grant_fields if hasattr(grant, name)]
        self.inlines = (Inline("grants", grant, tuple(held), labels=self.labels),)
        super().__init__(panel, **options)

    def edit_form(self, obj: Any = None) -> Any:
        form = super().edit_form(obj)
        if "username" in form:
            del form["username"]  # the log speaks of him by it
        return form

    def before_save(self, record: Any, created: bool) -> None:
        """Roles fit together, a new account has a password, one's own rights are others' to set."""
        read_roles(role.code for role in record.roles)
        if created:
            record.username = read_username(record.username)
            record.active = True
            g.handed_password = hand_over_password(record)
        elif record.id == the_actor().id and self.rights_changed(record):
            raise Refused("duty", say("Another administrator changes your roles and places."))

    def rights_changed(self, record: Any) -> bool:
        """Whether roles or places are not as they were."""
        grants = [*record.grants, *self.session.session.deleted]
        touched = any(self.session.session.is_modified(grant) for grant in grants)
        attributes = sa.inspect(record).attrs
        moved = any(attributes[name].history.has_changes() for name in ("roles", "grants"))
        return moved or touched

    def saved(self, record: Any) -> Any:
        handed = g.pop("handed_password", None)
        if handed is None:
            return super().saved(record)
        return self.password_page(record, handed)

    def password_page(self, record: Any, password: str) -> Any:
        """The password, shown once."""
        key = sa.inspect(record).identity[0]
        return self.render(
            "panel/account_password.html",
            model=record,
            password=password,
            return_url=url_for(".details_view", id=key),
        )

    @expose("/<int:id>/password/", methods=("POST",))
    @verb("edit")
    def password_view(self, id: int) -> Any:
        """A new password, made up and shown once; the account's sessions end."""
        with doing("account.password", reason=self.reason()) as deed:
            record = self.locked(str(id))
            deed.subject = subject_of(record)
            password = hand_over_password(record)
            self.session.session.commit()
        return self.password_page(record, password)

    @expose("/<int:id>/active/", methods=("POST",))
    @verb("edit")
    def active_view(self, id: int) -> Any:
        """Close the account and end its sessions, or open it again."""
        with doing("account.edit", reason=self.reason()) as deed:
            record = self.locked(str(id))
            deed.subject, active = subject_of(record), record.active
            deed.action = "account.deactivate" if active else "account.activate"
            if record.id == the_actor().id:
                refused = Refused("duty", say("Another administrator closes your account."))
                note_refusal(deed.action, refused.sentence, subject=deed.subject)
                raise refused
            set_active(record, not active)
            self.session.session.commit()
        return self.back_to(record)
