"""Whoever writes in the application without a deed is refused, whichever way the write takes."""

import sqlite3
from contextlib import closing

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.changelog.records import NoDeed
from tests.panel.changelog.town import Official, Pledge, Tag, official_tag


def flush(engine, *objects):
    with Session(engine) as session:
        session.add_all(objects)
        session.commit()


def orm_edit(engine):
    with Session(engine) as session:
        session.get_one(Official, 1).rank = 9
        session.commit()


def orm_delete(engine):
    with Session(engine) as session:
        session.delete(session.get_one(Official, 2))
        session.commit()


def relation(engine):
    with Session(engine) as session:
        official = session.get_one(Official, 1)
        official.tags.append(session.get_one(Tag, 1))
        session.commit()


def bulk(statement, *values):
    def write(engine):
        with Session(engine) as session:
            session.execute(statement, *values)
            session.commit()

    return write


def core(statement):
    def write(engine):
        with engine.begin() as connection:
            connection.execute(statement)

    return write


def raw(text):
    def write(engine):
        with engine.begin() as connection:
            connection.exec_driver_sql(text)

    return write


def drivers_cursor(engine):
    with engine.begin() as connection, closing(connection.connection.cursor()) as cursor:
        cursor.execute("UPDATE official SET rank = 9")


def savepoint(engine):
    with Session(engine) as session:
        with session.begin_nested():
            session.add(Tag(name="inner"))
        session.commit()


#: A refusal, in words of the log's or of the driver's own where it was asked alone.
REFUSED = (NoDeed, sqlite3.OperationalError, psycopg.errors.ReadOnlySqlTransaction)
ROADS = {
    "an object added": lambda engine: flush(engine, Tag(name="x")),
    "an object changed": orm_edit,
    "an object deleted": orm_delete,
    "objects tied to each other": relation,
    "a child added": lambda engine: flush(engine, Pledge(official_id=1, text="x")),
    "many rows at once": bulk(sa.insert(Tag), [{"name": "x"}, {"name": "y"}]),
    "a bulk update": bulk(sa.update(Official).values(rank=9)),
    "a bulk delete": bulk(sa.delete(Official)),
    "a Core insert": core(sa.insert(Tag).values(name="x")),
    "a pair of an association": core(official_tag.insert().values(official_id=1, tag_id=1)),
    "raw SQL": raw("UPDATE official SET full_name = 'X'"),
    "a raw delete that cascades": raw("DELETE FROM official WHERE id = 1"),
    "the driver's own cursor": drivers_cursor,
    "a savepoint": savepoint,
}


@pytest.fixture
def peopled(filled):
    filled.write(Tag(name="first"), Pledge(official_id=1, text="kept"))
    return filled


@pytest.mark.parametrize("reads_only", [True, False], ids=["own", "adopted"])
def test_no_road_leads_past_the_deed(peopled, reads_only):
    """Also not in a foreign host, whose own tables are written without deeds."""
    peopled.log.reads_only = reads_only
    before = peopled.rows(), peopled.deeds()

    passed = []
    for name, write in ROADS.items():
        try:
            write(peopled.engine)
        except REFUSED:
            continue
        passed.append(name)

    assert passed == []
    assert (peopled.rows(), peopled.deeds()) == before
    peopled.write(Tag(name="later"))
    assert peopled.said() == []


def commit_behind_the_back(engine):
    """A commit of the driver's, which SQLAlchemy and so the seal hears nothing of."""
    with engine.connect() as connection:
        connection.exec_driver_sql("UPDATE official SET rank = 9 WHERE id = 1")
        connection.connection.commit()


def test_a_commit_of_the_driver_itself_is_refused_or_seen(peopled):
    with pytest.raises(NoDeed):
        commit_behind_the_back(peopled.engine)
    assert peopled.said() == []

    peopled.log.reads_only = False  # a foreign host's transactions may write
    commit_behind_the_back(peopled.engine)

    assert peopled.said() == ["Changes made outside the application: 1, first official 1."]
