"""The real tables of either database with their triggers: for tests that go through a process."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Session, sessionmaker

from models import tables  # noqa: F401 - fills the metadata
from models.base import Base
from models.records import log, workflow
from panel.access.rules import Actor
from panel.changelog.deeds import deed
from panel.changelog.triggers import install


class RealTables:
    """Tables with log, gate and published processes; a subclass says what stands in them."""

    #: Who lays the processes down and fills the tables.
    founder: ClassVar[Actor] = Actor(1, "Ani", frozenset({"clerk"}))

    def __init__(self, url: str) -> None:
        self.app: Any = current_app._get_current_object()
        waiting = {"timeout": 20} if url.startswith("sqlite") else {}
        self.engine = sa.create_engine(url, connect_args=waiting)
        log.attach(self.engine)
        name = self.engine.dialect.name
        self.triggers = [*log.triggers(name), *workflow.triggers(name)]
        with self.engine.execution_options(write="schema").begin() as connection:
            Base.metadata.create_all(connection)
            install(connection, self.triggers)
        self.sessions = sessionmaker(self.engine)
        workflow.attach(self.sessions)
        self.attach()
        with deed("seed", actor=self.founder), self.sessions() as session:
            workflow.sync(session)
            self.fill(session)
            session.commit()

    def attach(self) -> None:
        """Attach what else watches over the sessions."""

    def fill(self, session: Session) -> None:
        """Add what the tests begin with."""


Made = TypeVar("Made", bound=RealTables)


def make(kind: type[Made], url: str) -> Made:
    """Tables of this kind on the empty database at `url`, in an application with a key."""
    app = Flask("town")
    app.config["LOG_KEYS"] = [b"a key that is not in the database"]
    with app.app_context():
        return kind(url)
