"""The plugin's tables made concrete, and the one `Panel` that joins them.

What is not logged is named in `EXEMPT`; a test finds any table that is neither logged nor named.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, Session, aliased, relationship

from panel.access.records import (
    Access,
    AccountMixin,
    AttemptMixin,
    FormTokenMixin,
    GrantMixin,
    RoleMixin,
    WebSessionMixin,
)
from panel.access.rules import Actor, Place
from panel.changelog.records import (
    PLAIN,
    AdoptionMixin,
    ChangeLog,
    ChangeMixin,
    DeedMixin,
    LogContextMixin,
    Logged,
    plain,
)
from panel.plugin import Panel
from panel.words import Refused, say
from panel.workflow.records import (
    DecisionMixin,
    ProcessFieldMixin,
    ProcessStateMixin,
    ProcessVersionMixin,
    Workflow,
)

from .base import Base, InRegion, Versioned, db, inside, period
from .government import Region, Unit
from .guards import DUTIES, GUARDS
from .people import Official
from .policy import MASKS, POLICY

#: Tables that are not captured: the log itself, and what lives for hours only.
EXEMPT = {
    "deed": "the log itself",
    "change": "the log itself",
    "log_context": "the log itself",
    "adoption": "the log itself",
    "web_session": "a browser's session; its beginning and end are deeds",
    "sign_in_attempt": "counts failures; each refusal is a deed",
    "form_token": "tells a doubled form from a new one",
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
        back_populates="account", foreign_keys="AccountGrant.account_id"
    )
    official: Mapped[Official | None] = relationship()


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


class WebSession(WebSessionMixin, Base):
    """A browser's session, known by the hash of its token."""

    __tablename__ = "web_session"


class SignInAttempt(AttemptMixin, Base):
    """Failed sign-ins of one account or address."""

    __tablename__ = "sign_in_attempt"


class FormToken(FormTokenMixin, Base):
    """A form already sent."""

    __tablename__ = "form_token"


def scope(statement: sa.Select[Any], entity: Any, actor: Actor) -> sa.Select[Any]:
    """`queries.in_scope`, reached late because the queries speak of these tables."""
    from .queries import in_scope  # the circle: queries need Account, Access needs the query

    return in_scope(statement, entity, actor)


def locate(session: Session, code: str) -> dict[str, int]:
    """The region or unit with this Kemendagri code, as the columns of a grant."""
    region_id = session.scalar(sa.select(Region.id).where(Region.kemendagri_code == code))
    if region_id is not None:
        return {"region_id": region_id}
    unit = session.scalar(sa.select(Unit).where(Unit.kemendagri_code == code))
    if unit is None:
        raise Refused("field", say("No region or unit has this code."), "place")
    return {"region_id": unit.region_id, "unit_id": unit.id}


def log_key() -> bytes:
    """The key of the seals; it stands outside the database."""
    key: bytes = current_app.config["LOG_KEY"]
    return key


def people_in_turn(
    session: Session, record: Any, roles: Collection[str]
) -> Mapping[str, Mapping[int, str]]:
    """Names of the active accounts that hold one of `roles` where the record lies."""
    path = sa.select(Unit.path).where(Unit.id == record.unit_id).scalar_subquery()
    top = aliased(Unit)
    today = date.today()
    rows = session.execute(
        sa.select(Role.code, Account.id, Account.name)
        .join(account_role, account_role.c.role_id == Role.id)
        .join(Account, Account.id == account_role.c.account_id)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .outerjoin(top, top.id == AccountGrant.unit_id)
        .where(
            Role.code.in_(roles),
            Account.active,
            AccountGrant.region_id == record.region_id,
            sa.or_(AccountGrant.valid_from.is_(None), AccountGrant.valid_from <= today),
            sa.or_(AccountGrant.valid_to.is_(None), AccountGrant.valid_to >= today),
            sa.or_(AccountGrant.unit_id.is_(None), path.startswith(top.path)),
        )
        .order_by(Account.id)
    )
    found: dict[str, dict[int, str]] = {}
    for role, account_id, name in rows:
        found.setdefault(role, {})[account_id] = name
    return found


log = ChangeLog(
    deed=Deed,
    change=Change,
    context=LogContext,
    adoption=Adoption,
    metadata=Base.metadata,
    key=log_key,
    scope="region_id",
)
access = Access(
    policy=POLICY,
    masks=MASKS,
    account=Account,
    role=Role,
    grant=AccountGrant,
    web_session=WebSession,
    attempt=SignInAttempt,
    form_token=FormToken,
    scope=scope,
    locate=locate,
)
workflow = Workflow(
    log=log,
    process_version=ProcessVersion,
    process_state=ProcessState,
    process_field=ProcessField,
    decision=Decision,
    guards=GUARDS,
    duties=DUTIES,
    people=people_in_turn,
)
for path in sorted((Path(__file__).parent / "processes").glob("*.toml")):
    workflow.define(path)


def region_text(actor: Actor) -> tuple[str, str]:
    """The two lines under the brand: the region, and the actor's part of it."""
    ids = {place.region_id for place in actor.places}
    regions = db.session.scalars(
        sa.select(Region).where(Region.id.in_(ids)).order_by(Region.kemendagri_code)
    ).all()
    names = " · ".join(region.name for region in regions)
    codes = " · ".join(region.kemendagri_code for region in regions)
    return names, codes


#: How the change log tells the acts that are no form and no step.
ACTS = {
    "seed": say("%(who)s brought in the reference data."),
    "demo": say("%(who)s brought in sample data."),
    "process_version.publish": say("%(who)s published a process."),
}

panel = Panel(db, log=log, access=access, workflow=workflow, region_text=region_text, acts=ACTS)
