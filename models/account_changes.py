"""What is asked for an account, who is tied to the request, and who can confirm it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, aliased, relationship

from panel.access.changes import AccountChangeMixin
from panel.changelog.records import Logged
from panel.workflow.case import Person
from panel.workflow.records import WorkflowRecord

from .base import Base, Versioned, filled
from .clock import today
from .concrete import Account, AccountGrant, Role, account_role


class AccountChange(AccountChangeMixin, WorkflowRecord, Versioned, Logged, Base):
    """A change of one account that waits for a second administrator."""

    __tablename__ = "account_change"
    __table_args__ = (filled("reason"),)

    account: Mapped[Account] = relationship()
    #: Who asked; the column is no foreign key, because the log speaks of accounts too.
    asker: Mapped[Account | None] = relationship(
        primaryjoin="foreign(AccountChange.created_by_id) == Account.id", viewonly=True
    )

    def parties(self, session: Session) -> Mapping[str, frozenset[int]]:
        """Accounts tied to this request: the one that it is about, and all who did not ask it."""
        return {
            "subject": frozenset({self.account_id}),
            "bystander": bystanders(session, self.created_by_id),
        }


def bystanders(session: Session, asker: int) -> frozenset[int]:
    """The administrators who are other people than the one who asked."""
    himself = aliased(Account)
    same_person = sa.exists().where(himself.id == asker, himself.official_id == Account.official_id)
    rows = sa.select(Account.id).where(
        Account.id != asker, _is_administrator(), ~same_person.correlate(Account)
    )
    return frozenset(session.scalars(rows))


def people_to_confirm(
    session: Session, request: AccountChange, roles: Collection[str]
) -> Mapping[str, Mapping[int, Person]]:
    """The active administrators with a place in every region that the request is about."""
    if "administrator" not in roles:
        return {}
    rows = sa.select(Account.id, Account.name).where(Account.active, _is_administrator())
    regions = [int(number) for number in request.regions.split("/") if number]
    rows = rows.where(*(_at_work_in(region) for region in regions)).order_by(Account.id)
    return {"administrator": {id_: Person(name) for id_, name in session.execute(rows)}}


def _is_administrator() -> sa.ColumnElement[bool]:
    member = account_role.c.account_id == Account.id
    return (
        sa.exists()
        .where(member, Role.id == account_role.c.role_id, Role.code == "administrator")
        .correlate(Account)
    )


def _at_work_in(region: int) -> sa.ColumnElement[bool]:
    grant, day = aliased(AccountGrant), today()
    return (
        sa.exists()
        .where(
            grant.account_id == Account.id,
            grant.region_id == region,
            sa.or_(grant.valid_from.is_(None), grant.valid_from <= day),
            sa.or_(grant.valid_to.is_(None), grant.valid_to >= day),
        )
        .correlate(Account)
    )
