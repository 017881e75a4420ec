"""The one `Panel` of the installation: log, access and workflow over the tables of `concrete`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session, aliased

from panel.access.changes import HANDED, carry_out
from panel.access.records import Access
from panel.access.rules import Actor
from panel.changelog.records import ChangeLog
from panel.plugin import Panel
from panel.proposals.records import Proposals
from panel.words import Refused, say
from panel.workflow.case import Person
from panel.workflow.hooks import Decided
from panel.workflow.notices import Notices
from panel.workflow.records import Workflow

from .account_changes import AccountChange, people_to_confirm
from .account_guards import ACCOUNT_DUTIES, ACCOUNT_GUARDS
from .base import Base, db
from .clock import today
from .concrete import (
    EXEMPT,
    Account,
    AccountGrant,
    Adoption,
    Change,
    Decision,
    Deed,
    FormToken,
    LogContext,
    Notice,
    ProcessField,
    ProcessMapping,
    ProcessState,
    ProcessVersion,
    Role,
    SignInAttempt,
    Substitution,
    WebSession,
    account_role,
)
from .extension_guards import EXTENSION_GUARDS
from .government import Region, Unit
from .guards import DUTIES, GUARDS
from .holidays import calendars
from .nearness import nearer_in_turn
from .policy import MASKS, POLICY
from .proposal_guards import GUARDS as PROPOSAL_GUARDS
from .proposals import Proposal, ProposalItem
from .proposed_places import place
from .queries import in_scope
from .session_guards import SESSION_GUARDS
from .sheet_guards import SHEET_DUTIES, SHEET_GUARDS
from .wording import TITLES, synonyms

__all__ = [
    "EXEMPT",
    "Account",
    "AccountChange",
    "AccountGrant",
    "Adoption",
    "Change",
    "Decision",
    "Deed",
    "FormToken",
    "LogContext",
    "Notice",
    "ProcessField",
    "ProcessMapping",
    "ProcessState",
    "ProcessVersion",
    "Proposal",
    "ProposalItem",
    "Role",
    "SignInAttempt",
    "Substitution",
    "WebSession",
    "access",
    "account_role",
    "log",
    "notices",
    "panel",
    "proposals",
    "workflow",
]


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
    """The key by which a new log is sealed; it stands outside the database."""
    key: bytes = current_app.config["LOG_KEYS"][0]
    return key


def other_log_keys() -> Sequence[bytes]:
    """Keys that the log was sealed with earlier, or will be passed on to."""
    keys: Sequence[bytes] = current_app.config["LOG_KEYS"][1:]
    return keys


def people_in_turn(
    session: Session, record: Any, roles: Collection[str]
) -> Mapping[str, Mapping[int, Person]]:
    """The active accounts that hold one of `roles` where the record lies; who stands in for them.

    A substitute is named where the engine would let him act: active, at work in that region, and
    neither auditor nor administrator.
    """
    if isinstance(record, AccountChange):
        return people_to_confirm(session, record, roles)
    # what lies in no unit is the whole region's: who has a part of it only has no turn there
    path = sa.select(Unit.path).where(Unit.id == getattr(record, "unit_id", None)).scalar_subquery()
    top, letter, substitute = aliased(Unit), aliased(Substitution), aliased(Account)
    day = today()
    rows = session.execute(
        sa.select(Role.code, Account.id, Account.name, top.path, substitute.id, substitute.name)
        .join(account_role, account_role.c.role_id == Role.id)
        .join(Account, Account.id == account_role.c.account_id)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .outerjoin(top, top.id == AccountGrant.unit_id)
        .outerjoin(
            letter,
            sa.and_(
                letter.for_account_id == Account.id,
                letter.valid_from <= day,
                letter.valid_to >= day,
            ),
        )
        .outerjoin(
            substitute,
            sa.and_(
                substitute.id == letter.account_id,
                substitute.active,
                works_in(substitute, record.region_id, day),
                ~watches(substitute),
            ),
        )
        .where(
            Role.code.in_(roles),
            Account.active,
            AccountGrant.region_id == record.region_id,
            in_force(AccountGrant, day),
            sa.or_(AccountGrant.unit_id.is_(None), path.startswith(top.path)),
        )
        .order_by(Account.id)
    )
    found: dict[str, dict[int, Person]] = {}
    for role, account_id, name, path_of_place, other_id, other in rows:
        people = found.setdefault(role, {})
        known = people.get(account_id, Person(name))
        lent = {**known.substitutes, other_id: other} if other_id else known.substitutes
        people[account_id] = Person(name, lent, max(known.near, depth(path_of_place)))
    return found


def depth(path: str | None) -> int:
    """How narrow a place is, by the path of the unit at its top; 0 for a whole region."""
    return path.count("/") if path else 0


def in_force(grant: Any, day: date) -> sa.ColumnElement[bool]:
    """Whether a grant holds on that day."""
    return sa.and_(
        sa.or_(grant.valid_from.is_(None), grant.valid_from <= day),
        sa.or_(grant.valid_to.is_(None), grant.valid_to >= day),
    )


def works_in(account: Any, region_id: int, day: date) -> sa.ColumnElement[bool]:
    """Whether an account has a place in that region on that day."""
    grant = aliased(AccountGrant)
    return (
        sa.exists()
        .where(grant.account_id == account.id, grant.region_id == region_id, in_force(grant, day))
        .correlate(account)
    )


def watches(account: Any) -> sa.ColumnElement[bool]:
    """Whether an account has a role that does no work itself."""
    watcher = aliased(Role)
    return (
        sa.exists()
        .where(
            account_role.c.account_id == account.id,
            watcher.id == account_role.c.role_id,
            watcher.code.in_(["auditor", "administrator"]),
        )
        .correlate(account)
    )


def reaches(session: Session, record: Any, actor: Actor) -> bool:
    """Whether a record lies in the actor's places."""
    entity = type(record)
    inside = in_scope(sa.select(entity.id).where(entity.id == record.id), entity, actor)
    return session.scalar(inside) is not None


def accounts_of_same_people(
    session: Session, accounts: Collection[int]
) -> Mapping[int, frozenset[int]]:
    """All accounts of the official behind each of these; two accounts are one person."""
    other = aliased(Account)
    rows = session.execute(
        sa.select(Account.id, other.id)
        .join(other, other.official_id == Account.official_id)
        .where(Account.id.in_(accounts))
    )
    found: dict[int, frozenset[int]] = {}
    for one, another in rows:
        found[one] = found.get(one, frozenset()) | {another}
    return found


log = ChangeLog(
    deed=Deed,
    change=Change,
    context=LogContext,
    adoption=Adoption,
    metadata=Base.metadata,
    key=log_key,
    other_keys=other_log_keys,
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
    substitution=Substitution,
    change=AccountChange,
    scope=in_scope,
    today=today,
    locate=locate,
)
workflow = Workflow(
    log=log,
    process_version=ProcessVersion,
    process_state=ProcessState,
    process_field=ProcessField,
    process_mapping=ProcessMapping,
    decision=Decision,
    guards={
        **GUARDS,
        **ACCOUNT_GUARDS,
        **EXTENSION_GUARDS,
        **SESSION_GUARDS,
        **SHEET_GUARDS,
        **PROPOSAL_GUARDS,
    },
    duties={**DUTIES, **ACCOUNT_DUTIES, **SHEET_DUTIES},
    people=people_in_turn,
    same_people=accounts_of_same_people,
    reaches=reaches,
)
for path in sorted((Path(__file__).parent / "processes").glob("*.toml")):
    workflow.define(path)
proposals = Proposals(
    workflow=workflow, access=access, proposal=Proposal, item=ProposalItem, place=place
)
notices = Notices(workflow, Notice, account=Account, nearer=nearer_in_turn)


def carried_out(taken: Decided, session: Session) -> None:
    """What was asked for an account is done with the confirmation, or neither is."""
    if taken.step == "confirm":
        request = session.get_one(AccountChange, taken.record_id)
        password = carry_out(access, session, request)
        if password is not None:
            session.info[HANDED] = password


workflow.before_commit(carried_out, kind="account_change")


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
    "schema": say("%(who)s put back triggers that differed."),
    "process_version.publish": say("%(who)s published a process."),
    "process_version.map": say("%(who)s said how records pass on to a changed process."),
    "process_version.migrate": say("%(who)s passed records on to a changed process."),
    "process_version.propose": say("%(who)s proposed a changed process."),
    "process_version.take_up": say("%(who)s took up a changed process."),
    "process_version.withdraw": say("%(who)s turned down a changed process."),
    "proposal.renew": say("%(who)s brought a proposal up to date: %(record)s."),
    "proposal.drop": say("%(who)s took rows out of a proposal: %(record)s."),
    "account.official": say("%(who)s changed which official %(record)s is."),
    "appointment.rotate": say("%(who)s recorded a new holder: %(record)s."),
    "appointment.vacate": say("%(who)s recorded that a holder leaves: %(record)s."),
    "appointment.swap": say("%(who)s let two holders change posts, one of them %(record)s."),
}
#: The same acts in a word, to choose from.
ACT_NAMES = {
    "process_version.publish": say("published"),
    "proposal.renew": say("brought up to date"),
    "proposal.drop": say("rows taken out"),
    "account.official": say("official named"),
    "appointment.rotate": say("new holder recorded"),
    "appointment.vacate": say("post vacated"),
    "appointment.swap": say("posts swapped"),
}

panel = Panel(
    db,
    log=log,
    access=access,
    workflow=workflow,
    notices=notices,
    proposals=proposals,
    region_text=region_text,
    acts=ACTS,
    act_names=ACT_NAMES,
    synonyms=synonyms,
    ignored_words=TITLES,
    calendars=calendars,
)
