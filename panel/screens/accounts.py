"""Accounts: who may sign in, with which roles, in which part of the unit tree.

What gives rights, a password or a sign-in is asked by one administrator and confirmed by another,
where the host has requests for it; what takes away holds at once. Nobody changes his own rights.
Passwords are made up and shown once; no hash is ever shown.
"""

from __future__ import annotations

from secrets import token_hex
from typing import Any

import sqlalchemy as sa
from flask import g, url_for

from ..access.accounts import hand_over_password, read_roles, read_username
from ..access.rules import ROLE_NAMES
from ..plugin import Panel
from ..words import Refused, say
from .account_acts import AccountActs
from .account_asking import open_request, seen_at, waits_for
from .acting import the_actor
from .converting import Inline
from .language import tell
from .marks import blank
from .relating import RecordSelectMultiple
from .sheets import Section

TAKEN = ("username", say("This user name is taken. Choose another one."))
READ_BY_THE_OTHER = say(
    "Another administrator reads this. Once he confirms it, the account can sign in."
)
ACCOUNT = Section(
    say("Account"),
    say("The user name stays as it is: the change log speaks of people by it."),
    ["username", "name", "email"],
)
SECTIONS = (
    ACCOUNT,
    Section(
        say("Roles"), say("Who watches or hands out rights does not also do the work."), ["roles"]
    ),
    Section(
        say("Scope"), say("A region as a whole, or one of its units with all below it."), ["grants"]
    ),
)
SECTIONS_BY_TWO = (
    ACCOUNT,
    Section(
        say("Roles"),
        say(
            "Who watches or hands out rights does no other work. A role given waits for another "
            "administrator; one taken away is gone at once."
        ),
        ["roles"],
    ),
    Section(
        say("Scope"),
        say(
            "A region, or a unit with all below it. What you add waits for another administrator; "
            "what you narrow holds at once."
        ),
        ["grants"],
    ),
)


class RoleSelect(RecordSelectMultiple):
    """Roles under their names in the reader's language."""

    def text(self, record: Any) -> str:
        return tell(ROLE_NAMES[record.code])


class AccountView(AccountActs):
    """The accounts of an installation; `grant_fields` are the host's columns of a grant."""

    title = say("Accounts")
    one = say("Account")
    icon = "lock"
    details_template = "panel/account.html"
    columns = ("name", "username", "roles", "grants", "active", "last_sign_in_at")
    details = (*columns, "email", "password_changed_at")
    searchable = ("name", "username")
    filtered = ("active",)
    default_order = ("name",)
    form_overrides = {"roles": RoleSelect}
    formats = {
        "roles": lambda account: [ROLE_NAMES[role.code] for role in account.roles],
        "last_sign_in_at": lambda account: account.last_sign_in_at or blank(say("never")),
        "password_changed_at": lambda account: (
            account.password_changed_at
            or blank(say("still the one handed over") if account.password else say("none yet"))
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
        self.new_with_reason = panel.access.change is not None
        self.fields = SECTIONS_BY_TWO if self.new_with_reason else SECTIONS
        super().__init__(panel, **options)

    def create_form(self, obj: Any = None) -> Any:
        form = super().create_form(obj)
        if "deed_reason" in form:
            form.deed_reason.description = tell(READ_BY_THE_OTHER)
            form.deed_reason.flags.required = True
        return form

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
            record.active = not self.new_with_reason
            if record.active:
                g.handed_password = hand_over_password(record)
            else:
                record.fs_uniquifier = token_hex(16)
        elif record.id == the_actor().id and self.rights_changed(record):
            raise Refused("duty", say("Another administrator changes your roles and places."))

    def rights_changed(self, record: Any) -> bool:
        """Whether roles or places are not as they were."""
        grants = [*record.grants, *self.session.session.deleted]
        touched = any(self.session.session.is_modified(grant) for grant in grants)
        attributes = sa.inspect(record).attrs
        moved = any(attributes[name].history.has_changes() for name in ("roles", "grants"))
        return moved or touched

    def details_page(self, record: Any, **more: Any) -> Any:
        """The account, and the request that waits for it."""
        request = open_request(record.id) if self.new_with_reason else None
        context = {
            "by_two": self.new_with_reason,
            "request_open": request is not None,
            "request_url": seen_at(request) if request is not None else None,
            "waits_for": waits_for(request) if request is not None else None,
            "himself": record.id == the_actor().id,
        }
        return super().details_page(record, **{**context, **more})

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
