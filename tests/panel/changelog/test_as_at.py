"""What the log says of a past moment is what stood in the tables then."""

import random
import time
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from panel.changelog.as_at import beginning, then
from panel.changelog.erasing import erase
from panel.changelog.past import Past, day_read, past
from panel.changelog.records import deed
from panel.changelog.replay import living
from panel.changelog.undoing import Undoing
from panel.columns import now
from tests.panel.changelog.town import ANI, BAYU, Official, Pledge, Tag

GONE = "dihapus menurut hukum"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def moment():
    """A moment with nothing in its millisecond, on either side."""
    time.sleep(0.003)
    found = now()
    time.sleep(0.003)
    return found


def reading(town, when):
    return Past(town.log.tables, date(2025, 11, 18), when, GONE)


def rows_of(connection, table):
    """The rows by their keys, as texts; of secrets the log keeps no values."""
    return {pk: row | {"password": None} for pk, row in living(connection, table)}


def tables_as_they_are(town):
    """Every row of every logged table, as texts."""
    with town.engine.connect() as connection:
        return {table.name: rows_of(connection, table) for table in town.log.tables.logged()}


def tables_as_at(town, when):
    """The same, read through the statements that also read the present."""
    found = {}
    with Session(town.engine) as session, reading(town, when).reading(session):
        for table in town.log.tables.logged():
            found[table.name] = rows_of(session.connection(), table)
    return found


def some_values(chance):
    return {
        "full_name": chance.choice(["Fulan", "Pak 'Fulan' \"x\"", "Fülan\n🙂"]),
        "phone": chance.choice([None, "+6281", ""]),
        "password": chance.choice([None, "rahasia"]),
        "status": chance.choice([None, "active", "retired"]),
        "rank": chance.choice([None, 0, -3, 2**31 - 1]),
        "active": chance.choice([None, True, False]),
        "born": chance.choice([None, date(1970, 2, 28)]),
        "seen_at": chance.choice([None, LONG_AGO, now()]),
        "photo": chance.choice([None, b"", b"\x00\xff"]),
        "notes": chance.choice([None, {"a": [1, None, "x"]}, []]),
    }


def random_edit(session, chance):
    """One thing that somebody does: add, change, delete, link, in bulk or one by one."""
    officials = list(session.scalars(sa.select(Official)))
    tags = list(session.scalars(sa.select(Tag)))
    act = chance.choice(["add", "add", "edit", "edit", "edit", "bulk", "delete", "pledge", "tag"])
    if act == "add" or not officials:
        session.add(Official(**some_values(chance)))
    elif act == "bulk":
        session.execute(sa.update(Official).values(rank=chance.randrange(100)))
    elif act == "pledge":
        session.add(Pledge(official_id=chance.choice(officials).id, text="janji"))
    elif act == "tag":
        official = chance.choice(officials)
        if official.tags and chance.random() < 0.5:
            official.tags.pop()
        else:
            official.tags.append(chance.choice(tags) if tags else Tag(name=str(chance.random())))
    elif act == "delete":
        official = chance.choice(officials)
        official.tags.clear()
        session.flush()
        session.delete(official)
    else:
        values = some_values(chance)
        for name in chance.sample(sorted(values), 3):
            setattr(chance.choice(officials), name, values[name])


def test_any_past_moment_reads_as_the_tables_stood_then(town):
    chance = random.Random(18112025)
    snapshots = []
    for _ in range(25):
        snapshots.append((moment(), tables_as_they_are(town)))
        with deed("town.edit", actor=ANI), Session(town.engine) as session:
            for _ in range(chance.randrange(1, 4)):
                random_edit(session, chance)
                session.flush()
            session.commit()
    snapshots.append((moment(), tables_as_they_are(town)))

    for when, stood in snapshots:
        assert tables_as_at(town, when) == stood


def test_orm_queries_joins_and_recursion_find_the_past(filled):
    filled.write(Pledge(official_id=1, text="a"), Tag(name="x"))
    with deed("town.edit", actor=ANI), Session(filled.engine) as session:
        fulan = session.get_one(Official, 1)
        fulan.tags.append(session.get_one(Tag, 1))
        session.commit()
    when = moment()
    with deed("town.edit", actor=ANI), Session(filled.engine) as session:
        fulan = session.get_one(Official, 1)
        fulan.full_name, fulan.rank, fulan.seen_at = "Baru", 9, LONG_AGO
        fulan.tags.clear()
        session.delete(session.get_one(Official, 2))
        session.delete(session.get_one(Pledge, 1))
        session.add(Official(full_name="Nanti"))
        session.commit()

    with Session(filled.engine) as session, reading(filled, when).reading(session):
        rows = sa.select(Official).order_by(Official.id).options(selectinload(Official.tags))
        found = [
            (o.full_name, o.rank, o.seen_at, [t.name for t in o.tags])
            for o in session.scalars(rows)
        ]
        ranks = sa.select(Official.rank).where(Official.id == 1).cte("ranks", recursive=True)
        ranks = ranks.union_all(sa.select(ranks.c.rank + 1).where(ranks.c.rank < 5))
        counted = session.scalars(sa.select(ranks.c.rank)).all()
        joined = session.execute(sa.select(Official.full_name, Pledge.text).join(Pledge)).all()
        assert session.get(Official, 3) is None

    assert found == [("Fulan", 3, None, ["x"]), ("Fulanah", 4, None, [])]
    assert counted == [3, 4, 5]
    assert [tuple(row) for row in joined] == [("Fulan", "a")]


def test_the_past_cannot_be_written_and_ends_with_its_reading(filled):
    when = moment()
    filled.write(Official(full_name="Nanti"))
    with Session(filled.engine) as session:
        with reading(filled, when).reading(session):
            assert past() is not None
            assert day_read() == date(2025, 11, 18)
            session.get_one(Official, 1).full_name = "Lain"
            with pytest.raises(Exception, match=r"(?i)no open deed"):
                session.flush()
        assert past() is None
        assert session.scalar(sa.select(sa.func.count()).select_from(Official)) == 3


def test_erased_values_are_told_as_such_and_everything_else_stays_known(filled):
    when = moment()
    with deed("official.edit", actor=ANI), Session(filled.engine) as session:
        fulan = session.get_one(Official, 1)
        fulan.phone, fulan.rank = "+62999", 8
        session.commit()
    with deed("person.erase", actor=BAYU), Session(filled.engine) as session:
        fulan = session.get_one(Official, 1)
        fulan.full_name, fulan.phone = "–", None
        erase(session, filled.log.tables, [("official", "1")])
        session.commit()

    read = reading(filled, when)
    with Session(filled.engine) as session, read.reading(session):
        fulan = session.get_one(Official, 1)
        assert (fulan.full_name, fulan.phone, fulan.rank) == (GONE, GONE, 3)
        assert session.get_one(Official, 2).full_name == "Fulanah"
    assert read.erased("official", "1", "full_name")
    assert not read.erased("official", "1", "rank")
    assert not read.erased("official", "2", "full_name")


def test_a_stray_counts_from_its_own_moment_and_the_log_tells_its_beginning(filled, raw):
    when = moment()
    raw("UPDATE official SET rank = 77 WHERE id = 1", "DELETE FROM official WHERE id = 2")

    with filled.engine.connect() as connection:
        table = Official.__table__
        found = then(connection, filled.log.tables, table, when)
        began = beginning(connection, filled.log.tables)
        nothing = then(connection, filled.log.tables, table, moment())

    assert (found.changed, found.gone) == ({"1", "2"}, {"2"})
    assert {pk: row["rank"] for pk, row in found.rows.items()} == {"1": "3", "2": "4"}
    assert began is not None
    assert timedelta() < when - began < timedelta(minutes=5)
    assert (nothing.changed, nothing.rows) == (set(), {})


@pytest.mark.parametrize(("whole", "seen"), [({3}, ["A", "Fulan"]), (set(), ["Fulan"])])
def test_what_is_gone_is_seen_in_the_places_that_are_held_whole(filled, whole, seen):
    filled.write(Official(full_name="A", region_id=3))
    when = moment()
    with deed("town.edit", actor=ANI), Session(filled.engine) as session:
        session.delete(session.get_one(Official, 3))
        session.commit()

    read = reading(filled, when)
    with Session(filled.engine) as session, read.reading(session):
        mine = read.narrowed(
            sa.select(Official.full_name).order_by(Official.full_name),
            Official,
            lambda rows, entity: rows.where(entity.id != 2),
            "ani",
            whole,
        )
        assert session.scalars(mine).all() == seen


def test_undoing_stops_at_the_first_row_that_tells_all():
    row = {"id": "1", "a": "x", "b": "y"}
    later = [("U", {"a": ["w", "x"]}), ("D", row), ("I", {"id": "1", "a": "new", "b": None})]
    one = Undoing(())
    for op, values in later:
        one.take(op, values)
    assert (one.here, one.whole, one.known) == (True, True, {"id": "1", "a": "w", "b": "y"})

    made = Undoing(())
    made.take("I", row)
    made.take("U", {"a": ["x", "z"]})
    assert not made.here
