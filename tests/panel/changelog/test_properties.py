"""Random deeds always verify; whatever bit of the log or of a bundle changes afterwards is found.

Chance has fixed seeds: who sees a failure sees it again.
"""

import random
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.changelog.records import deed, note
from panel.changelog.verify import adopt, verify
from tests.databases import ON_SQLITE
from tests.panel.changelog.forgeries import Forger
from tests.panel.changelog.judging import bundled, judged_here, members
from tests.panel.changelog.town import ANI, BAYU, Official, Pledge, Tag

TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
WORDS = ("Fulan", "", "O'Brien", '"{}"', "\x1f|\x1e", "Ñandú", "🙂\u2028", "a" * 3000, "\\n", "%s")


def value_of(chance, column):
    """Something that the column may hold."""
    kind = column.type
    if column.nullable and chance.random() < 0.3:
        return None
    if isinstance(kind, sa.Boolean):
        return chance.random() < 0.5
    if isinstance(kind, sa.Integer):
        return chance.randrange(-(2**31), 2**31)
    if isinstance(kind, sa.Date):
        return date(chance.randrange(1, 9999), 2, 28)
    if isinstance(kind, sa.LargeBinary):
        return chance.randbytes(chance.randrange(20))
    if isinstance(kind, sa.JSON):
        return {chance.choice(WORDS): [1, None, chance.choice(WORDS)]}
    if isinstance(kind, sa.Enum):
        return chance.choice(kind.enums)
    if "DATE" in str(kind).upper() or column.name == "seen_at":
        return datetime(2025, 11, 18, 1, 2, 3, chance.randrange(10**6), tzinfo=UTC)
    return chance.choice(WORDS)


def official(chance):
    """Values for all columns of an official but the key."""
    columns = [one for one in Official.__table__.columns if one.name != "id"]
    return {one.name: value_of(chance, one) for one in columns}


def act(chance, session, ids):
    """One random write."""
    match chance.randrange(8):
        case 0 | 1:
            session.add(Official(**official(chance)))
        case 2 if ids:
            for name, value in official(chance).items():
                if chance.random() < 0.4:
                    setattr(session.get_one(Official, chance.choice(ids)), name, value)
        case 3 if ids:
            session.execute(sa.update(Official).values(rank=chance.randrange(9)))
        case 4 if ids:
            one = session.get_one(Official, chance.choice(ids))
            one.tags.append(Tag(name=f"{chance.random()}"))
        case 5 if ids:
            session.add(Pledge(official_id=chance.choice(ids), text=chance.choice(WORDS)))
        case 6 if len(ids) > 3:
            session.execute(sa.delete(Official).where(Official.id == ids[0], ~Official.tags.any()))
        case _:
            session.execute(sa.insert(Tag), [{"name": f"{chance.random()}"} for _ in range(3)])


def live(chance, town, raw, deeds):
    """So many random deeds, some undone, some from outside, some adopted."""
    for _ in range(deeds):
        match chance.randrange(10):
            case 0:
                note(town.engine, "sign-in", actor=BAYU, reason=chance.choice(WORDS))
            case 1:
                raw("UPDATE official SET rank = rank + 1 WHERE rank < 100")
                adopt(town.engine, town.log)
            case _:
                with (
                    deed("random", actor=chance.choice((ANI, BAYU)), reason=chance.choice(WORDS)),
                    Session(town.engine) as session,
                ):
                    ids = session.scalars(sa.select(Official.id).order_by(Official.id)).all()
                    for _ in range(chance.randrange(1, 4)):
                        act(chance, session, ids)
                    if chance.random() < 0.2:
                        session.rollback()
                    else:
                        session.commit()


@pytest.mark.parametrize("seed", range(2))
def test_random_deeds_always_verify(town, raw, seed):
    live(random.Random(seed), town, raw, 25)

    report = town.verify()

    assert (report.findings, report.deeds > 15, report.changes > 40) == ((), True, True)


def flipped(chance, value):
    """The value with one bit another, or something where nothing was."""
    if value is None:
        return 0
    if isinstance(value, int):
        return value ^ 1 << chance.randrange(40)
    whole = bytearray(value.encode() or b"0")
    whole[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
    return bytes(whole)


def cells(database, tables):
    """Every value of these tables: table, row, column, value."""
    for table in tables:
        found = database.execute(f"SELECT rowid, * FROM {table}")
        names = [one[0] for one in found.description]
        for rowid, *values in found.fetchall():
            for name, value in zip(names[1:], values, strict=True):
                yield table, rowid, name, value


@ON_SQLITE
def test_any_changed_bit_of_the_log_is_found(filled, kept, raw):
    chance = random.Random(5)
    raw("UPDATE official SET rank = 4 WHERE id = 2")
    adopt(filled.engine, filled.log)
    note(filled.engine, "log.erase", actor=ANI, details={"changes": [1], "deeds": [2]})
    Forger(filled, raw).erase()
    sound = filled.said()
    filled.engine.dispose()
    path = filled.engine.url.database
    missed, asked = [], 0
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as database:
        database.execute("PRAGMA ignore_check_constraints=ON")
        for (name,) in database.execute(TRIGGERS).fetchall():
            database.execute(f"DROP TRIGGER {name}")
        same = sa.create_engine("sqlite://", creator=lambda: database, poolclass=sa.StaticPool)
        assert verify(same, filled.log, (), kept=[kept]).sound  # what begins makes it roll back
        for table, rowid, column, value in cells(database, ("deed", "change", "adoption")):
            bits = flipped(chance, value)
            new = "CAST(? AS TEXT)" if isinstance(bits, bytes) else "?"
            database.execute("BEGIN")
            try:
                where = f"{table} SET {column} = {new} WHERE rowid = {rowid}"
                database.execute(f"UPDATE {where}", (bits,))
            except sqlite3.IntegrityError:  # the database itself refuses it
                database.execute("ROLLBACK")
                continue
            asked += 1
            if verify(same, filled.log, (), kept=[kept], most=1).sound:  # and rolled back
                missed.append((table, rowid, column, value, bits))
    assert sound == []
    assert asked > 200
    assert missed == []


@ON_SQLITE
def test_any_changed_bit_of_a_bundle_is_found(filled, kept, tmp_path):
    chance, path = random.Random(6), tmp_path / "log.zip"
    bundled(filled, path)
    whole, script = path.read_bytes(), members(path)["verify.py"]

    missed = []
    for place in sorted(chance.sample(range(len(whole) * 8), 200)):
        altered = bytearray(whole)
        altered[place // 8] ^= 1 << place % 8
        path.write_bytes(altered)
        said = judged_here(path, "--checkpoint", "kept.txt", script=script)
        if not said.startswith("NOT sound. log.zip was cut off or altered"):
            missed.append((place, said))

    assert missed == []
