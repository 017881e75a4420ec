"""Runs the migrations in one transaction: foreign keys off on SQLite, checked at the end.

Triggers are dropped before and made anew after the last step, because Alembic's batch mode drops a
table's triggers silently and a renamed column would leave a trigger that speaks of the old name.
A deed says from which schema to which: what is left at an older one is told by the next upgrade.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import context
from alembic.script.revision import RevisionError
from flask import current_app

from models.records import panel
from models.tables import records  # noqa: F401 - fills the metadata
from panel.access.rules import Actor
from panel.changelog.migrating import tell_migration, told_schema
from panel.changelog.records import LogTime
from panel.changelog.triggers import install
from panel.columns import Utc

TARGET = panel.db.metadata
ACTOR = Actor(id=0, name="Migration", kind="command")
#: What the migrations of this run filled, by table: each says so in its `FILLED`.
filled: dict[str, set[str]] = {}


def render_item(kind: str, item: object, autogen_context: object) -> str | bool:
    """Write our own types as what they are in the database."""
    if kind == "type" and isinstance(item, Utc):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, LogTime):
        return "sa.Text()"
    return False


def run() -> None:
    """Upgrade or downgrade, then put every trigger back."""
    engine: sa.Engine = current_app.extensions["migrate"].db.engine
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect().execution_options(write="schema") as connection:
        if sqlite:
            _foreign_keys(connection, on=False)
        context.configure(
            connection=connection,
            target_metadata=TARGET,
            render_as_batch=True,
            render_item=render_item,
            compare_type=True,
            transactional_ddl=True,
            on_version_apply=_note_filled,
        )
        try:
            with context.begin_transaction():
                autogenerating = getattr(context.config.cmd_opts, "autogenerate", False)
                if not autogenerating:
                    install(connection, ())
                was = ",".join(context.get_context().get_current_heads())
                context.run_migrations()
                if not autogenerating:
                    if sqlite:
                        _check_foreign_keys(connection)
                    if _at_head():  # the triggers speak of the newest columns
                        install(connection, panel.triggers(engine.dialect.name))
                        _tell(connection, was)
        finally:
            if sqlite:
                _foreign_keys(connection, on=True)


def _tell(connection: sa.Connection, was: str) -> None:
    """The deed of this run, and of what earlier ones did that ended below the newest schema."""
    becomes = ",".join(context.get_context().get_current_heads())
    told = told_schema(connection, panel.log)
    if was == becomes and told in (None, becomes):
        return
    if told is not None and was:
        try:
            for step in context.script.iterate_revisions(was, told):
                _gather(step)
        except RevisionError:  # it was run down since: all that is to tell is of this run
            told = None
    tell_migration(
        connection,
        panel.log,
        actor=ACTOR,
        was=told or was or None,
        becomes=becomes,
        filled=filled,
    )


def _note_filled(*, step: Any, **_: Any) -> None:
    """Keep in mind which columns a migration that has just been run up has filled."""
    if step.is_upgrade:
        _gather(step.up_revision)


def _gather(step: Any) -> None:
    for table, columns in getattr(step.module, "FILLED", {}).items():
        filled.setdefault(table, set()).update(columns)


def _at_head() -> bool:
    """Whether the newest migration has been run."""
    done: tuple[str, ...] = context.get_context().get_current_heads()
    return bool(done) and set(done) == set(context.script.get_heads())


def _foreign_keys(connection: sa.Connection, *, on: bool) -> None:
    """Switch the checking outside of any transaction, where alone SQLite heeds it."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def _check_foreign_keys(connection: sa.Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise RuntimeError(f"the migration left a row without what it refers to: {tuple(broken)}")


if context.is_offline_mode():
    raise SystemExit("Migrations run on a database only: `flask init` or `flask db upgrade`.")
run()
