"""The real tables in memory, without log and gate: for rules that only read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import tables  # noqa: F401 - fills the metadata
from models.base import Base
from models.records import ProcessState, ProcessVersion, workflow
from panel.workflow.records import WorkflowRecord
from tests.models.meetings import Meeting
from tests.models.real_tables import Made, make
from tests.models.town import Town

#: Tests of plans bring a process of their own.
LAID_DOWN = ("training_session", "attendance_sheet")


@pytest.fixture(scope="session")
def bare_engine() -> Iterator[sa.Engine]:
    """Empty tables, but for the processes of sessions and attendance lists."""
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        for number, process in enumerate(workflow.processes(), 101):
            if process.table in LAID_DOWN:
                made = {"id": number, "kind": process.kind, "record_table": process.table}
                session.add(ProcessVersion(**made, number=1, text=process.text, sha256=""))
                session.add_all(
                    ProcessState(
                        version_id=number,
                        code=state.code,
                        category=state.category,
                        initial=state.initial,
                    )
                    for state in process.states.values()
                )
        session.commit()
    yield engine
    engine.dispose()


def begin(session: Session, *_: object) -> None:
    """New records with a process begin as the gate would have it."""
    for record in session.new:
        if isinstance(record, WorkflowRecord) and record.process_version_id is None:
            table = record.__tablename__
            version = sa.select(ProcessVersion.id).where(ProcessVersion.record_table == table)
            initial = next(p.initial.code for p in workflow.processes() if p.table == table)
            with session.no_autoflush:
                record.process_version_id = session.scalar(version)
            record.status = record.status or initial
            record.created_by_id = record.created_by_id or 1


@pytest.fixture
def session(bare_engine: sa.Engine) -> Iterator[Session]:
    """A session whose work is undone after the test."""
    with bare_engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            sa.event.listen(session, "before_flush", begin)
            yield session
        transaction.rollback()


@pytest.fixture
def town(session: Session) -> Town:
    """A region with a district, two villages and a secretariat, and nobody in them yet."""
    return Town(session)


@pytest.fixture
def meeting(town: Town) -> Callable[..., Meeting]:
    """`meeting()`: a new session, each of a programme of its own; `held_on` if its day is known."""
    numbers = count(1)
    return lambda held_on=None: Meeting(town, next(numbers), held_on)


@pytest.fixture
def opened(
    database_kind: str, standing: Callable[..., Any]
) -> Iterator[Callable[[type[Made]], Made]]:
    """`opened(Town)`: tables of this kind as they were filled; they are made once."""
    with ExitStack() as stack:

        def open_again(kind: type[Made]) -> Made:
            name = f"{kind.__module__.rpartition('.')[2]}_{kind.__name__}".lower()
            made = standing(database_kind, name, partial(make, kind))
            stack.enter_context(made.app.app_context())
            return made

        yield open_again
