"""The one `Panel` of the installation: log, access and workflow over the tables of `concrete`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from panel.access.changes import HANDED, carry_out
from panel.access.records import Access
from panel.access.rules import Actor
from panel.changelog.records import ChangeLog
from panel.plugin import Panel
from panel.proposals.records import Proposals
from panel.words import Refused, say
from panel.workflow.hooks import Decided
from panel.workflow.notices import Notices
from panel.workflow.records import Workflow

from .account_changes import AccountChange
from .account_guards import ACCOUNT_DUTIES, ACCOUNT_GUARDS
from .acts import ACT_NAMES, ACTS
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
from .erasure import WAYS, erase_again
from .extension_guards import EXTENSION_GUARDS
from .government import Region, Unit
from .guards import DUTIES, GUARDS
from .holds import LegalHold, holds
from .holidays import calendars
from .nearness import nearer_in_turn
from .policy import MASKS, POLICY
from .proposal_guards import GUARDS as PROPOSAL_GUARDS
from .proposals import Proposal, ProposalItem
from .proposed_places import place
from .queries import in_scope
from .saved_views import SavedView, unshareable
from .session_guards import SESSION_GUARDS
from .sheet_guards import SHEET_DUTIES, SHEET_GUARDS
from .turns import accounts_of_same_people, people_in_turn, reaches
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
    "LegalHold",
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
notices = Notices(workflow, Notice, account=Account, nearer=nearer_in_turn, letter=Substitution)


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
    regions = db.session.execute(_regions(), {"ids": list(ids)}).all()
    names = " · ".join(region.name for region in regions)
    codes = " · ".join(region.kemendagri_code for region in regions)
    return names, codes


@cache
def _regions() -> sa.Select[Any]:
    named = sa.select(Region.name, Region.kemendagri_code).order_by(Region.kemendagri_code)
    return named.where(Region.id.in_(sa.bindparam("ids", expanding=True)))


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
    holds=holds,
    erase_again=erase_again,
    persons=tuple(WAYS),
    saved_view=SavedView,
    unshareable=unshareable,
)
