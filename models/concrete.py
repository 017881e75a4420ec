"""The plugin's tables made concrete: the log, processes, accounts, sessions.

What is not logged is named in `EXEMPT`; a test finds any table that is neither logged nor named.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from panel.access.records import (
    AccountMixin,
    AttemptMixin,
    FormTokenMixin,
    GrantMixin,
    RoleMixin,
    SubstitutionMixin,
    WebSessionMixin,
)
from panel.access.rules import Place
from panel.changelog.records import (
    PLAIN,
    AdoptionMixin,
    ChangeMixin,
    DeedMixin,
    LogContextMixin,
    Logged,
    plain,
)
from panel.workflow.notices import NoticeMixin
from panel.workflow.records import (
    DecisionMixin,
    ProcessFieldMixin,
    ProcessMappingMixin,
    ProcessStateMixin,
    ProcessVersionMixin,
)

from .base import Base, InRegion, Versioned, filled, inside, period
from .government import Region, Unit
from .people import Official

#: Tables that are not captured: the log itself, and what lives for hours only.
EXEMPT = {
    "deed": "the log itself",
    "change": "the log itself",
    "log_context": "the log itself",
    "adoption": "the log itself",
    "web_session": "a browser's session; its beginning and end are deeds",
    "sign_in_attempt": "counts failures; each refusal is a deed",
    "form_token": "tells a doubled form from a new one",
    "notice": "tells people of decisions, which are logged themselves",
}


class Deed(DeedMixin, Base):
    """One act by one actor, with its seal."""


class Change(ChangeMixin, Base):
    """One captured change of one row."""


class LogContext(LogContextMixin, Base):
    """Tells SQLite's triggers which deed is open."""


class Adoption(AdoptionMixin, Base):
    """A change from outside that a later deed has sealed."""


class ProcessVersion(ProcessVersionMixin, Logged, Base):
    """One text of a process."""


class ProcessState(ProcessStateMixin, Logged, Base):
    """A state of one version of a process."""


class ProcessField(ProcessFieldMixin, Logged, Base):
    """A field that a state opens, or a step sets."""


class ProcessMapping(ProcessMappingMixin, Logged, Base):
    """In which state of a version records of an older one go on."""


class Decision(DecisionMixin, Logged, Base):
    """The row that a move leaves."""


account_role = sa.Table(
    "account_role",
    Base.metadata,
    sa.Column("account_id", sa.ForeignKey("account.id"), primary_key=True, info=PLAIN),
    sa.Column("role_id", sa.ForeignKey("role.id"), primary_key=True, info=PLAIN),
    info={"logged": True},
)


class Role(RoleMixin, Logged, Base):
    """Clerk, supervisor, auditor or administrator."""

    __tablename__ = "role"


class Account(AccountMixin, Versioned, Logged, Base):
    """Somebody who signs in."""

    __tablename__ = "account"

    #: The official to whom the account belongs; it never decides on that person's plans.
    official_id: Mapped[int | None] = plain(sa.ForeignKey("official.id"), index=True)

    roles: Mapped[list[Role]] = relationship(secondary=account_role, order_by=Role.id)
    grants: Mapped[list[AccountGrant]] = relationship(
        back_populates="account",
        foreign_keys="AccountGrant.account_id",
        order_by="AccountGrant.id",
    )
    official: Mapped[Official | None] = relationship()
    lent: Mapped[list[Substitution]] = relationship(
        foreign_keys="Substitution.account_id",
        back_populates="account",
        order_by="Substitution.id",
    )


class AccountGrant(GrantMixin, InRegion, Logged, Base):
    """A region, or a subtree of its units, that an account may see and touch."""

    __tablename__ = "account_grant"
    __table_args__ = (inside("unit_id", "unit"), period("valid", "valid_from", "valid_to"))

    #: The unit at the top of the subtree; none for the whole region.
    unit_id: Mapped[int | None] = plain()

    account: Mapped[Account] = relationship(back_populates="grants")
    region: Mapped[Region] = relationship()
    unit: Mapped[Unit | None] = relationship(foreign_keys=[unit_id], lazy="joined")

    def place(self) -> Place:
        """The region, narrowed to the unit's path."""
        return Place(self.region_id, self.unit.path if self.unit else "")

    def __str__(self) -> str:
        return self.unit.place if self.unit else str(self.region)


class Substitution(SubstitutionMixin, Versioned, Logged, Base):
    """Who stands in for whom by letter (surat tugas), and for how long."""

    __tablename__ = "substitution"
    __table_args__ = (
        sa.CheckConstraint("account_id <> for_account_id", name="not_for_oneself"),
        period("valid", "valid_from", "valid_to"),
        filled("letter_no"),
    )

    account: Mapped[Account] = relationship(
        foreign_keys="Substitution.account_id", back_populates="lent"
    )
    for_account: Mapped[Account] = relationship(foreign_keys="Substitution.for_account_id")

    def __str__(self) -> str:
        return f"{self.account} a.n. {self.for_account}"


class WebSession(WebSessionMixin, Base):
    """A browser's session, known by the hash of its token."""

    __tablename__ = "web_session"


class SignInAttempt(AttemptMixin, Base):
    """Failed sign-ins of one account or address."""

    __tablename__ = "sign_in_attempt"


class FormToken(FormTokenMixin, Base):
    """A form already sent."""

    __tablename__ = "form_token"


class Notice(NoticeMixin, Base):
    """What one account is told about one decision."""
