"""Tables of access as mixins: accounts, roles, grants, sessions, attempts, form tokens.

The host makes them concrete and calls the table of accounts `account`. Account, role, membership
and grant are logged; web sessions, sign-in attempts and form tokens are not, and stand in the
host's list of exemptions.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..changelog.records import personal, plain, secret
from ..columns import Utc, now, one_of
from .asking import Access
from .rules import ROLE_NAMES, SECOND_FACTOR, Place

if TYPE_CHECKING:

    class UserMixin:
        """What the checker may know of Flask-Security's class, whose `id` is no column."""

        def __init__(self, **values: Any) -> None: ...
        def get_id(self) -> str: ...

else:
    from flask_security import UserMixin

__all__ = [
    "Access",
    "AccountMixin",
    "AttemptMixin",
    "FormTokenMixin",
    "GrantMixin",
    "RoleMixin",
    "WebSessionMixin",
]

LANGUAGES = ("id", "en")
THEMES = ("auto", "light", "dark")


class AccountMixin(UserMixin):
    """Somebody who signs in; never deleted, only deactivated, because the log speaks of him.

    The host declares ``roles`` and ``grants`` (relationships) and, where it has such records,
    ``lent`` (the substitutions by which it acts for others) and ``official_id``.
    """

    #: None, where the host has no substitutes.
    lent: Any = ()

    if TYPE_CHECKING:
        roles: Mapped[list[Any]]
        grants: Mapped[list[Any]]

    #: Number of the account.
    id: Mapped[int] = plain(primary_key=True, sort_order=-10)
    #: Name for signing in: lower case, never changed.
    username: Mapped[str] = personal(
        sa.Text,
        sa.CheckConstraint("username = lower(username)", name="username_lower"),
        nullable=False,
        unique=True,
    )
    #: Name that screens and the change log show.
    name: Mapped[str] = personal(sa.Text, nullable=False)
    #: E-mail address, if the office wants reminders there; nobody signs in with it.
    email: Mapped[str | None] = personal(sa.Text)
    #: Argon2id hash of the password.
    password: Mapped[str | None] = secret(sa.Text)
    #: Whether the account may sign in.
    active: Mapped[bool] = plain(sa.Boolean, nullable=False, default=True)
    #: Random text that sessions point at; a new one ends them all.
    fs_uniquifier: Mapped[str] = secret(sa.Text, nullable=False, unique=True)
    #: Language of the screens.
    language: Mapped[str] = plain(
        one_of("language", LANGUAGES), nullable=False, default="id", server_default="id"
    )
    #: Colours of the screens.
    theme: Mapped[str] = plain(
        one_of("theme", THEMES), nullable=False, default="auto", server_default="auto"
    )
    #: When the owner last chose the password; none while it is the one handed over.
    password_changed_at: Mapped[datetime | None] = plain(Utc)
    #: When the account last signed in; shown at the next sign-in.
    last_sign_in_at: Mapped[datetime | None] = plain(Utc)
    #: Second factor in use: "authenticator", or none.
    tf_primary_method: Mapped[str | None] = plain(sa.Text)
    #: Encrypted secret of the authenticator.
    tf_totp_secret: Mapped[str | None] = secret(sa.Text)
    #: Counter of the last code taken, so that no code serves twice.
    tf_last_counter: Mapped[int | None] = plain(sa.BigInteger)
    #: Keyed hashes of the recovery codes that are left, separated by commas.
    mf_recovery_codes: Mapped[str | None] = secret(sa.Text)
    #: Flask-Security looks for it; codes are never sent to a telephone.
    tf_phone_number: ClassVar[str | None] = None

    def check_tf_required_setup(self) -> bool:
        """Whether a role of this account needs a second factor: its own, or one lent to it."""
        roles = [*self.roles, *(r for one in self.lent if one.lasts for r in one.for_account.roles)]
        return any(role.code in SECOND_FACTOR for role in roles)

    def check_tf_required(
        self, methods: list[tuple[str, str]], fresh: bool
    ) -> tuple[bool, list[tuple[str, str]]]:
        """Whether a code is asked for after the password, and `methods` as they are.

        Who set up an authenticator of his own accord is asked too; no browser is ever trusted.
        """
        return bool(methods) or self.check_tf_required_setup(), methods

    def __str__(self) -> str:
        return self.name


class RoleMixin:
    """A role; the policy table and the processes say what it may."""

    #: Number of the role.
    id: Mapped[int] = plain(primary_key=True, sort_order=-10)
    #: Code in policy and processes.
    code: Mapped[str] = plain(one_of("code", tuple(ROLE_NAMES)), nullable=False, unique=True)

    @property
    def name(self) -> str:
        """The code, under the name by which Flask-Security knows roles."""
        return self.code

    def get_permissions(self) -> set[str]:
        """None: the policy table decides, not the role."""
        return set()

    def __str__(self) -> str:
        return str(ROLE_NAMES[self.code])


class GrantMixin:
    """Part of the unit tree that an account may see and touch, for a time.

    The host declares the columns of region and unit and says `place`.
    """

    #: Number of the grant.
    id: Mapped[int] = plain(primary_key=True, sort_order=-10)
    #: The account to which it is given.
    account_id: Mapped[int] = plain(sa.ForeignKey("account.id"), nullable=False, index=True)
    #: First day of the grant.
    valid_from: Mapped[date | None] = plain(sa.Date)
    #: Last day of the grant; none while it has no end.
    valid_to: Mapped[date | None] = plain(sa.Date)

    if TYPE_CHECKING:

        def place(self) -> Place:
            """Region and path of the unit, from columns of the host."""

    def holds_on(self, day: date) -> bool:
        """Whether the grant is in force on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


class SubstitutionMixin:
    """Somebody who stands in for somebody else for a time, by letter; decisions then say so.

    The host declares ``account`` and ``for_account`` (relationships).
    """

    if TYPE_CHECKING:
        for_account: Mapped[Any]

    #: Number of the substitution.
    id: Mapped[int] = plain(primary_key=True, sort_order=-10)
    #: The account that stands in.
    account_id: Mapped[int] = plain(sa.ForeignKey("account.id"), nullable=False, index=True)
    #: The account whose place it takes.
    for_account_id: Mapped[int] = plain(sa.ForeignKey("account.id"), nullable=False, index=True)
    #: Number of the letter that says so.
    letter_no: Mapped[str] = plain(sa.Text, nullable=False)
    #: First day.
    valid_from: Mapped[date] = plain(sa.Date, nullable=False)
    #: Last day.
    valid_to: Mapped[date] = plain(sa.Date, nullable=False)

    def holds_on(self, day: date) -> bool:
        """Whether the substitution is in force on that day."""
        return self.valid_from <= day <= self.valid_to

    @property
    def lasts(self) -> bool:
        """Whether it is not over yet, wherever on earth the day is counted."""
        return self.valid_to >= now().date() - timedelta(days=1)


class WebSessionMixin:
    """A session of a browser; the cookie holds the random token, this table only its hash."""

    #: SHA-256 of the token, in hexadecimal.
    id: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    #: Whose session it is; none before sign-in.
    account_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    #: What the application keeps for this browser, as JSON.
    data: Mapped[str] = mapped_column(sa.Text, nullable=False)
    #: When it began.
    created_at: Mapped[datetime] = mapped_column(Utc, nullable=False, default=now)
    #: When it was last used, to the minute.
    seen_at: Mapped[datetime] = mapped_column(Utc, nullable=False, default=now, index=True)
    #: Network address at the beginning.
    address: Mapped[str | None] = mapped_column(sa.Text)


class AttemptMixin:
    """Failed sign-ins of one account or from one address, named by a hash only."""

    #: SHA-256 of what is counted.
    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    #: Failures in a row.
    failures: Mapped[int] = mapped_column(sa.Integer, nullable=False, default=0)
    #: When it was last tried.
    last_at: Mapped[datetime] = mapped_column(Utc, nullable=False, default=now, index=True)


class FormTokenMixin:
    """A form already sent: the same form sent again is answered with the first result."""

    #: SHA-256 of the token in the form.
    hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    #: Who sent it.
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), nullable=False, index=True)
    #: When it was first sent.
    at: Mapped[datetime] = mapped_column(Utc, nullable=False, default=now, index=True)
    #: Where the first answer led.
    location: Mapped[str | None] = mapped_column(sa.Text)
