"""The real tables in memory, without log and gate: for rules that only read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import tables  # noqa: F401 - fills the metadata
from models.base import Base
from tests.models.meetings import Meeting
from tests.models.town import Town


@pytest.fixture(scope="session")
def bare_engine() -> Iterator[sa.Engine]:
    """Empty tables."""
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(bare_engine: sa.Engine) -> Iterator[Session]:
    """A session whose work is undone after the test."""
    with bare_engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
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
