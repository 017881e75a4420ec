"""The one place where scope becomes SQL: which records an actor may see at all.

Every list, count, page, form choice, lookup, export and log line goes through `in_scope`. A model
that is not named here is seen by nobody.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from panel.access.rules import Actor
from panel.workflow.records import WorkflowRecord

from . import (
    account_changes,
    apart,
    attendance,
    check_ins,
    commitments,
    extensions,
    follow_up,
    government,
    holds,
    holidays,
    make_ups,
    papers,
    people,
    programme,
    proposals,
    roster_imports,
    saved_views,
    sheet_scans,
    speaker_invitations,
    speaking,
    training,
)
from .base import Base
from .clock import today
from .concrete import (
    Account,
    AccountGrant,
    Decision,
    ProcessState,
    ProcessVersion,
    Role,
    Substitution,
)
from .files import StoredFile
from .scope_rules import (
    Condition,
    Rule,
    asked_in_scope,
    between_two,
    by_post,
    by_unit,
    common_or_own_region,
    everywhere,
    granted_in_own_region,
    handed_in,
    own_or_shared,
    own_region,
    own_region_or_whole,
    own_units,
    the_region,
    through,
    whole_region,
)

#: A rule as SQL, long to put together: kept by all that it goes by, the day among them.
_condition = lru_cache(maxsize=2_000)(lambda rule, entity, actor, _day: rule(entity, actor))


def in_scope(statement: sa.Select[Any], entity: Any, actor: Actor) -> sa.Select[Any]:
    """`statement` narrowed to the rows of `entity` that lie in the actor's scope."""
    rule = RULES.get(sa.inspect(entity).mapper.class_)
    return statement.where(_condition(rule, entity, actor, today()) if rule else sa.false())


def decided_in_scope(entity: Any, actor: Actor) -> Condition:
    """Decisions on records that are in scope."""
    kinds = [kind for kind in RULES if issubclass(kind, WorkflowRecord)]
    return sa.or_(sa.false(), *(_decided(entity, kind, actor) for kind in kinds))


def _decided(entity: Any, kind: type[Base], actor: Actor) -> Condition:
    record: Any = aliased(kind)
    return (
        sa.exists()
        .where(
            entity.record_table == kind.__tablename__,
            record.id == entity.record_id,
            RULES[kind](record, actor),
        )
        .correlate(entity)
    )


_with_session = through(training.TrainingSession, "training_session_id", own_region)
_with_official = through(people.Official, "official_id", by_post)
_with_plan = through(follow_up.ActionPlan, "plan_id", by_unit)
_with_participation = through(attendance.Participation, "participation_id", by_unit)

RULES: dict[type[Base], Rule] = {
    government.Region: the_region,
    government.Unit: own_units,
    government.Tier: everywhere,
    government.Position: by_unit,
    people.Grade: everywhere,
    people.Official: by_post,
    people.Appointment: by_unit,
    people.Spouse: _with_official,
    apart.NotDuplicate: between_two,
    programme.Programme: own_region,
    programme.Organisation: common_or_own_region,
    programme.Venue: own_region,
    programme.IntegrityValue: common_or_own_region,
    programme.RiskTag: everywhere,
    training.TrainingSession: own_region,
    training.SessionTier: _with_session,
    training.SessionOrganisation: _with_session,
    training.AgendaItem: own_region,
    speaking.Speaker: own_region,
    speaking.SpeakerAlias: through(speaking.Speaker, "speaker_id", own_region),
    speaking.SessionSpeaker: own_region,
    speaker_invitations.SpeakerInvitation: own_region,
    speaking.KeyMessage: own_region,
    speaking.NewsSource: own_region,
    papers.SessionPaper: own_region,
    attendance.Participation: by_unit,
    attendance.Attendance: _with_participation,
    attendance.AttendanceSheet: own_region,
    attendance.Score: _with_participation,
    check_ins.CheckIn: _with_participation,
    sheet_scans.SheetScan: whole_region,
    make_ups.MakeUp: own_region,
    commitments.CommitmentTemplate: common_or_own_region,
    commitments.Commitment: by_unit,
    follow_up.ActionPlan: by_unit,
    follow_up.ActionStep: _with_plan,
    follow_up.Evidence: _with_plan,
    extensions.Extension: _with_plan,
    proposals.Proposal: by_unit,
    proposals.ProposalItem: through(proposals.Proposal, "proposal_id", by_unit),
    roster_imports.RosterImport: handed_in,
    roster_imports.ImportMapping: own_region,
    saved_views.SavedView: own_or_shared,
    StoredFile: own_region,
    Account: granted_in_own_region,
    AccountGrant: through(Account, "account_id", granted_in_own_region),
    Role: everywhere,
    account_changes.AccountChange: asked_in_scope,
    Substitution: through(Account, "for_account_id", granted_in_own_region),
    holidays.Holiday: common_or_own_region,
    holds.LegalHold: own_region_or_whole,
    ProcessVersion: everywhere,
    ProcessState: everywhere,
    Decision: decided_in_scope,
}
