"""Brings a database to the present schema, and tells whether it is there already."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask_migrate import upgrade

from panel.changelog.triggers import differences, install

from .records import panel
from .tables import tree  # noqa: F401 - a server that migrates nothing keeps paths as well

MIGRATIONS = Path(__file__).parent / "migrations"


@cache
def head() -> str | None:
    """The newest migration in the program."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def revision() -> str | None:
    """The migration that the database is at; none when it is empty."""
    with panel.db.engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return found


def is_current() -> bool:
    """Whether no migration is pending."""
    return revision() == head()


def knows(found: str | None) -> bool:
    """Whether the program has this migration; one of a newer program it has not."""
    try:
        return ScriptDirectory(str(MIGRATIONS)).get_revision(found or "") is not None
    except CommandError:
        return False


def mend_triggers() -> list[str]:
    """Put back triggers that are not those of this program; what differed, in words.

    A new program brings new triggers without a migration, and a hand may have changed them: who
    calls this logs what it found.
    """
    engine = panel.db.engine
    triggers = panel.triggers(engine.dialect.name)
    with engine.connect().execution_options(write="schema") as connection:
        found = [str(one) for one in differences(connection, triggers)]
        if found:
            install(connection, triggers)
            connection.commit()
    return found


def migrate() -> bool:
    """Run the pending migrations; whether there were any."""
    if is_current():
        return False
    upgrade(str(MIGRATIONS))
    return True
