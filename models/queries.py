"""The one place where scope becomes SQL: which records an actor may see at all.

Every list, count, page, form choice, lookup, export and log line goes through `in_scope`. A model
that is not named here is seen by nobody.
"""

from __future__ import annotations

from collections.abc import Callable
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
from .relations import held_on

Condition = sa.ColumnElement[bool]
Rule = Callable[[Any, Actor], Condition]

#: A rule as SQL, long to put together: kept by all that it goes by, the day among them.
_condition = lru_cache(maxsize=2_000)(lambda rule, entity, actor, _day: rule(entity, actor))


def in_scope(statement: sa.Select[Any], entity: Any, actor: Actor) -> sa.Select[Any]:
    """`statement` narrowed to the rows of `entity` that lie in the actor's scope."""
    rule = RULES.get(sa.inspect(entity).mapper.class_)
    return statement.where(_condition(rule, entity, actor, today()) if rule else sa.false())


def everywhere(_entity: Any, _actor: Actor) -> Condition:
    """Reference data without region: read by all."""
    return sa.true()


def regions_of(actor: Actor) -> list[int]:
    """Regions in which the actor has any place."""
    return sorted({place.region_id for place in actor.places})


def own_region(entity: Any, actor: Actor) -> Condition:
    """Records of a region, the same for accounts of all its units."""
    return entity.region_id.in_(regions_of(actor))


def whole_region(entity: Any, actor: Actor) -> Condition:
    """Records that tell of people of all units: only for who holds the region as a whole."""
    return entity.region_id.in_(_places(actor)[0])


def common_or_own_region(entity: Any, actor: Actor) -> Condition:
    """Records that may belong to no region (KPK, national values): then read by all."""
    return sa.or_(entity.region_id.is_(None), own_region(entity, actor))


def the_region(entity: Any, actor: Actor) -> Condition:
    """The regions themselves."""
    return entity.id.in_(regions_of(actor))


def own_region_or_whole(entity: Any, actor: Actor) -> Condition:
    """Legal holds of the region, and those of others by which the whole log stays."""
    return sa.or_(entity.scope == "whole", own_region(entity, actor))


def own_units(entity: Any, actor: Actor) -> Condition:
    """The units of the actor's subtrees, themselves included."""
    return sa.or_(
        sa.false(),
        *(
            sa.and_(
                entity.region_id == place.region_id,
                entity.path.startswith(place.unit_path, autoescape=True),
            )
            for place in actor.places
        ),
    )


def by_unit(entity: Any, actor: Actor) -> Condition:
    """Records of a unit as it was on the day; those without one only for the whole region."""
    whole, parts = _places(actor)
    conditions: list[Condition] = [entity.region_id.in_(whole)]
    if parts:
        unit = aliased(government.Unit)
        conditions.append(
            sa.exists().where(unit.id == entity.unit_id, own_units(unit, parts)).correlate(entity)
        )
    return sa.or_(*conditions)


def by_post(entity: Any, actor: Actor) -> Condition:
    """Officials through any post held today; those without one only for the whole region."""
    whole, parts = _places(actor)
    conditions: list[Condition] = [entity.region_id.in_(whole)]
    if parts:
        unit = aliased(government.Unit)
        conditions.append(
            sa.exists()
            .where(
                people.Appointment.official_id == entity.id,
                held_on(today()),
                unit.id == people.Appointment.unit_id,
                own_units(unit, parts),
            )
            .correlate(entity)
        )
    return sa.or_(*conditions)


def _places(actor: Actor) -> tuple[list[int], Actor | None]:
    """Regions held as a whole, and the actor reduced to the subtrees (none if there are none)."""
    whole = sorted({place.region_id for place in actor.places if not place.unit_path})
    parts = tuple(place for place in actor.places if place.unit_path)
    reduced = Actor(id=actor.id, name=actor.name, roles=actor.roles, places=parts)
    return whole, reduced if parts else None


def through(parent: Any, key: str, rule: Rule) -> Rule:
    """Records that are seen with the record they belong to."""

    def condition(entity: Any, actor: Actor) -> Condition:
        owner = aliased(parent)
        return (
            sa.exists()
            .where(owner.id == getattr(entity, key), rule(owner, actor))
            .correlate(entity)
        )

    return condition


def between_two(entity: Any, actor: Actor) -> Condition:
    """What is said of two officials: seen by who sees both."""
    ways = (through(people.Official, key, by_post) for key in ("one_id", "other_id"))
    return sa.and_(*(way(entity, actor) for way in ways))


def granted_in_own_region(entity: Any, actor: Actor) -> Condition:
    """Accounts with a grant in the actor's regions; those without any grant for administrators."""
    grant = aliased(AccountGrant)
    shared = (
        sa.exists()
        .where(grant.account_id == entity.id, grant.region_id.in_(regions_of(actor)))
        .correlate(entity)
    )
    conditions = [entity.id == actor.id, shared]
    if "administrator" in actor.roles:
        other = aliased(AccountGrant)
        conditions.append(~sa.exists().where(other.account_id == entity.id).correlate(entity))
    return sa.or_(*conditions)


def handed_in(entity: Any, actor: Actor) -> Condition:
    """Files of rosters: those of whole regions, and one's own; a file holds people of all units."""
    whole, _parts = _places(actor)
    own = sa.and_(entity.created_by_id == actor.id, own_region(entity, actor))
    return sa.or_(entity.region_id.in_(whole), own)


def own_or_shared(entity: Any, actor: Actor) -> Condition:
    """Views of lists: one's own, and those that others of the region share."""
    return sa.and_(
        own_region(entity, actor), sa.or_(entity.account_id == actor.id, entity.shared.is_(True))
    )


def asked_in_scope(entity: Any, actor: Actor) -> Condition:
    """Requests for accounts in scope; to administrators those that lie in their regions alone.

    Who confirms answers for every region that the account has, or is to have, a place in.
    """
    seen = through(Account, "account_id", granted_in_own_region)(entity, actor)
    if "administrator" not in actor.roles:
        return seen
    elsewhere: Any = entity.regions
    for region in regions_of(actor):
        elsewhere = sa.func.replace(elsewhere, f"/{region}/", "")
    return sa.and_(seen, elsewhere == "")


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
