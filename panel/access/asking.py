"""The one place that is asked who may do what to which records, and which rows and columns he sees.

Nothing here commits. A change of password, activity, roles, grants or letters ends the account's
sessions in the transaction of that change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache, partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, Session, joinedload, object_session

from ..changelog.past import past
from ..words import Sentence
from .rules import Actor, Masks, Policy, is_masked, objection
from .substitutes import lent_by
from .two import ByTwo

Scope = Callable[["sa.Select[Any]", Any, Actor], "sa.Select[Any]"]


class Access:
    """Policy, scope and masks over the host's accounts.

    `scope` narrows a select over an entity to the rows of an actor's places. `locate` turns what a
    command was given (a region's code, a unit's path) into the values of a grant's own columns.
    With `change`, the host's requests, no administrator gives rights alone.
    """

    def __init__(
        self,
        *,
        policy: Policy,
        account: Any,
        role: Any,
        grant: Any,
        web_session: Any,
        attempt: Any,
        form_token: Any = None,
        substitution: Any = None,
        change: Any = None,
        scope: Scope,
        masks: Masks = frozenset(),
        locate: Callable[[Session, str], Mapping[str, object]] | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self.policy = policy
        self.account = account
        self.role = role
        self.grant = grant
        self.web_session = web_session
        self.attempt = attempt
        self.form_token = form_token
        self.substitution = substitution
        self.change = change
        self.by_two = ByTwo(self) if change is not None else None
        self.scope = scope
        self.masks = masks
        self.locate = locate
        self.today = today
        self._finding: dict[tuple[str, ...], sa.Select[Any]] = {}
        self._end_sessions_on_change()

    def may(self, actor: Actor | None, verb: str, target: Any) -> Sentence | None:
        """Why the actor may not do `verb` to a record, a class or a kind by name; None if he may.

        It asks the policy; that a single record lies in scope is shown by finding it in `scoped`.
        """
        return objection(self.policy, actor, verb, kind_of(target))

    def scoped(
        self, select: sa.Select[Any], entity: Any, actor: Actor | None, *, lent: bool = False
    ) -> sa.Select[Any]:
        """`select` over `entity`, narrowed to the rows of the actor; nothing for a stranger.

        With `lent` also those in the places of the people in whose stead he acts: to read them.
        While the past is being read they are the rows that he sees today, as they were.
        """
        if actor is None:
            return select.where(sa.false())
        if lent and actor.stands_in:
            places = (place for one in actor.stands_in for place in one.actor.places)
            actor = replace(actor, places=tuple(dict.fromkeys((*actor.places, *places))))
        read = past()
        if read is None:
            return self.scope(select, entity, actor)
        whole = {place.region_id for place in actor.places if not place.unit_path}
        rule = partial(self._scope_of, actor)
        return read.narrowed(select, entity, rule, actor, whole)

    def _scope_of(self, actor: Actor, rows: sa.Select[Any], entity: Any) -> sa.Select[Any]:
        return self.scope(rows, entity, actor)

    def visible(self, actor: Actor | None, entity: Any, column: str) -> bool:
        """Whether the column is there at all for this actor; secrets are there for nobody."""
        table = sa.inspect(entity).local_table
        if column in table.c and table.c[column].info.get("log") == "secret":
            return False
        return self.may(actor, "read", entity) is None

    def masked(self, actor: Actor | None, entity: Any, column: str) -> bool:
        """Whether the actor sees only a mask: such a column is not searched, sorted or filtered."""
        return is_masked(self.policy, self.masks, actor, kind_of(entity), column)

    def find(self, session: Session, **by: object) -> Any | None:
        """The one account with these values, in one statement with its roles and grants.

        What was lent to it by letter comes with it, where the host has substitutions.
        """
        names = tuple(by)
        asked = self._finding.get(names)
        if asked is None:
            asked = self._finding[names] = self._found_by(names)
        return session.scalars(asked, by).unique().one_or_none()

    def _found_by(self, names: Iterable[str]) -> sa.Select[Any]:
        """The accounts with the values that are given under these names of columns."""
        joined = [self.account.roles, self.account.grants]
        if self.substitution is not None:
            joined.append(self.account.lent)
        asked = sa.select(self.account).options(*map(joinedload, joined))
        return asked.filter_by(**{name: sa.bindparam(name) for name in names})

    def actor_of(self, account: Any) -> Actor:
        """The account as an actor, with the grants in force today.

        No statement after `find`, but one for each person in whose place it acts today.
        """
        day = self.today()
        actor = self.himself(account)
        letters = account.lent if self.substitution is not None else ()
        lent = [one for one in letters if one.holds_on(day)]
        if not lent:
            return actor
        session = object_session(account)
        assert session is not None, "an account is asked where it was found"
        absent = [(self.find(session, id=one.for_account_id), one) for one in lent]
        known = [(self.himself(who), one) for who, one in absent if who and who.active]
        found = (lent_by(actor, who, one.letter_no, one.valid_to) for who, one in known)
        return replace(actor, stands_in=tuple(one for one in found if one is not None))

    def himself(self, account: Any) -> Actor:
        """The account as an actor with what is its own: nothing that was lent to it by letter."""
        day = self.today()
        return Actor(
            id=account.id,
            name=account.name,
            roles=frozenset(role.code for role in account.roles),
            places=tuple(grant.place() for grant in account.grants if grant.holds_on(day)),
            official_id=getattr(account, "official_id", None),
        )

    def end_sessions(self, connection: Session | sa.Connection, account_id: int) -> None:
        """End every session of the account, in the caller's transaction."""
        table = sa.inspect(self.web_session).local_table
        connection.execute(sa.delete(table).where(table.c.account_id == account_id))

    def _end_sessions_on_change(self) -> None:
        """Listen where the classes are made, once; screens and commands need not remember."""

        def account_changed(_: Mapper[Any], connection: sa.Connection, account: Any) -> None:
            state = sa.inspect(account)
            if any(state.attrs[name].history.has_changes() for name in ENDING):
                self.end_sessions(connection, account.id)

        def given_changed(_: Mapper[Any], connection: sa.Connection, given: Any) -> None:
            self.end_sessions(connection, given.account_id)

        sa.event.listen(self.account, "after_update", account_changed)
        given = [one for one in (self.grant, self.substitution) if one is not None]
        for happening in ("after_insert", "after_update", "after_delete"):
            for entity in given:
                sa.event.listen(entity, happening, given_changed)


#: What ends the sessions of an account when it changes.
ENDING = ("active", "password", "fs_uniquifier", "roles")


def kind_of(target: Any) -> str:
    """The name under which the policy knows a record, a class, or a kind by name."""
    if isinstance(target, str):
        return target
    return _table_of(target if isinstance(target, type) else type(target))


@cache
def _table_of(entity: type) -> str:
    return str(sa.inspect(entity).local_table.name)
