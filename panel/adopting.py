"""Process, log and policy for a Flask-Admin application that has its own database and users.

    panel = Adopted(db, user=User, actor_of=..., policy=..., records=[Leave], processes=[...], ...)
    panel.init_app(app, admin)
    panel.prepare()  # instead of db.create_all()

The panel's tables are made concrete on the host's own models. The host keeps its sign-in, its pages
and its tables; only those that are `Logged` can no longer be written without a deed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import mapped_column

from .access import records as access
from .access.rules import Actor, read_policy
from .changelog import records as log
from .changelog.rules import Command
from .changelog.triggers import install
from .plugin import Panel
from .words import Sentence
from .workflow import records as workflow
from .workflow.definition import OWN_DUTIES, Guard

if TYPE_CHECKING:
    from flask_admin import Admin
    from flask_sqlalchemy import SQLAlchemy

    from .access.asking import Scope


def everything(select: sa.Select[Any], entity: Any, actor: Actor) -> sa.Select[Any]:
    """The scope of a host that knows none: who may read a kind of record reads all of it."""
    return select


class HostAccess(access.Access):
    """Policy and scope over users that the host signs in; their sessions are the host's as well."""

    def __init__(self, *, actor_of: Callable[[Any], Actor], **parts: Any) -> None:
        super().__init__(role=None, grant=None, web_session=None, attempt=None, **parts)
        self._actor_of = actor_of

    def actor_of(self, account: Any) -> Actor:
        """The user as an actor, in the host's words."""
        return self._actor_of(account)

    def _end_sessions_on_change(self) -> None:
        """Nothing to listen to."""


class Adopted(Panel):
    """The panel of an application that has everything else already.

    `user` is the host's model of users, with a whole number called `id` as its key; `actor_of`
    turns one into an `Actor`. `policy` is the table of `read_policy`, by table name. `records` are
    models, or `RecordView` classes where a screen shall look otherwise; `processes` are TOML files
    or texts. `log_key`, or what gives it when it is needed, seals the log and is kept apart from
    the database.
    """

    def __init__(
        self,
        db: SQLAlchemy,
        *,
        user: type[Any],
        actor_of: Callable[[Any], Actor],
        policy: Mapping[str, Mapping[str, str]],
        records: Iterable[type[Any]],
        processes: Iterable[str | Path],
        log_key: bytes | Callable[[], bytes],
        guards: Mapping[str, Guard] | None = None,
        duties: Mapping[str, Sentence] = OWN_DUTIES,
        scope: Scope = everything,
    ) -> None:
        owner = mapped_column(sa.ForeignKey(user_key(user)), nullable=False, index=True)
        changelog = log.ChangeLog(
            deed=concrete(db, log.DeedMixin),
            change=concrete(db, log.ChangeMixin),
            context=concrete(db, log.LogContextMixin),
            adoption=concrete(db, log.AdoptionMixin),
            metadata=db.metadata,
            key=log_key if callable(log_key) else lambda: log_key,
            reads_only=False,
        )
        steps = workflow.Workflow(
            log=changelog,
            process_version=concrete(db, workflow.ProcessVersionMixin, log.Logged),
            process_state=concrete(db, workflow.ProcessStateMixin, log.Logged),
            process_field=concrete(db, workflow.ProcessFieldMixin, log.Logged),
            process_mapping=concrete(db, workflow.ProcessMappingMixin, log.Logged),
            decision=concrete(db, workflow.DecisionMixin, log.Logged),
            guards=guards or {},
            duties=duties,
        )
        for process in processes:
            steps.define(process)
        rights = HostAccess(
            policy=read_policy(with_readers(policy)),
            account=user,
            form_token=concrete(db, access.FormTokenMixin, account_id=owner),
            scope=scope,
            actor_of=actor_of,
        )
        super().__init__(db, log=changelog, access=rights, workflow=steps)
        self.actor_of = actor_of
        self.records = list(records)
        #: The workflow, which an adopted panel always has.
        self.steps = steps

    def init_app(self, app: Flask, admin: Admin | None = None) -> None:
        """Bind to `app`, and put the screens into its `admin`, which takes the panel's look."""
        from .commands.log import log as log_commands
        from .commands.workflow import workflow as workflow_commands
        from .screens import guest
        from .screens.adopted import add_screens

        super().init_app(app)
        guest.init_app(app, self.actor_of)
        if admin is not None:
            add_screens(admin, self, self.records)
        app.cli.add_command(log_commands)
        app.cli.add_command(workflow_commands)

    def prepare(self) -> None:
        """Make the tables that are missing and all triggers, publish processes that are new.

        In an application context; after every change of models or processes; safe to repeat.
        """
        with self.db.engine.execution_options(write="schema").begin() as connection:
            self.db.metadata.create_all(connection)
            install(connection, self.triggers(connection.dialect.name))
        with log.deed("prepare", actor=Command("prepare")):
            self.steps.sync(self.db.session())
            self.db.session.commit()


def concrete(db: SQLAlchemy, mixin: type[Any], *more: type[Any], **own: Any) -> Any:
    """A table of the panel on the host's models, called as its mixin is: `Deed` of `DeedMixin`."""
    return type(mixin.__name__.removesuffix("Mixin"), (mixin, *more, db.Model), own)


def user_key(user: type[Any]) -> sa.Column[Any]:
    """The key of the host's users; the log names who acted by a whole number."""
    table = sa.inspect(user).local_table
    [*keys] = table.primary_key.columns
    if len(keys) != 1 or keys[0].name != "id" or not isinstance(keys[0].type, sa.Integer):
        raise TypeError(f"{user.__name__} needs one key column called id, a whole number")
    key: sa.Column[Any] = keys[0]
    return key


def with_readers(policy: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
    """The policy, in which every role that it names reads decisions and processes."""
    roles = {role for row in policy.values() for role in row}
    reading = dict.fromkeys(sorted(roles), "r")
    return {"decision": reading, "process_version": reading, **policy}
