"""Connections that read and connections that write: as long as there is room, none is turned."""

from collections import Counter

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.changelog.pooling import ApartPool
from panel.changelog.records import deed
from tests.panel.changelog.town import ANI, Tag, open_town


@pytest.fixture
def pooled(tmp_path):
    """An engine on a database that was just made, and how often its connections turn since."""
    engines = []

    def open_pool(size):
        url = f"sqlite:///{tmp_path}/town{size}.sqlite3"
        engine, _ = open_town(url, poolclass=ApartPool, pool_size=size, max_overflow=0)
        engines.append(engine)
        said = Counter()

        @sa.event.listens_for(engine, "before_cursor_execute")
        def note(connection, cursor, statement, *rest):
            said.update([statement] if "query_only" in statement else [])

        return engine, said

    yield open_pool
    for engine in engines:
        engine.dispose()


def read(engine):
    with Session(engine) as session:
        return session.scalars(sa.select(Tag.name)).all()


def write(engine, text):
    with deed("create", actor=ANI), Session(engine) as session:
        session.add(Tag(name=text))
        session.commit()


def test_who_reads_and_who_writes_have_connections_of_their_own(pooled):
    engine, said = pooled(2)

    for text in "abc":
        write(engine, text)
        assert read(engine)[-1] == text

    assert said == {"PRAGMA query_only=ON": 1}
    assert engine.pool.checkedin() == 2


def test_where_there_is_no_room_the_one_connection_is_turned(pooled):
    engine, said = pooled(1)

    for text in "abc":
        write(engine, text)
        assert read(engine)[-1] == text

    assert said == {"PRAGMA query_only=OFF": 2, "PRAGMA query_only=ON": 3}
    assert engine.pool.checkedin() == 1
