"""What lies in scope as SQL, rule by rule: by region, by unit, by post, through another record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from panel.access.rules import Actor

from . import government, people
from .clock import today
from .concrete import Account, AccountGrant
from .relations import held_on

Condition = sa.ColumnElement[bool]
#: Whether a row of an entity lies in the scope of an actor.
Rule = Callable[[Any, Actor], Condition]


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
