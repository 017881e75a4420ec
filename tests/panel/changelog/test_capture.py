"""Whatever writes, the log has it, in the same words on both databases."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.changelog.forms import forms, key_of
from panel.changelog.records import deed, plain
from panel.changelog.triggers import differences
from tests.panel.changelog.town import ANI, KEY, Change, Deed, Official, Pledge, Tag, open_town

EMPTY = dict.fromkeys(
    ("region_id", "password", "status", "rank", "active", "born", "seen_at", "photo", "notes")
)
FULAN = {"id": "1", **EMPTY, "full_name": "Fulan", "phone": "+6281", "rank": "3"}
FULANAH = {"id": "2", **EMPTY, "full_name": "Fulanah", "phone": None, "rank": "4"}


def test_forms_of_every_type(town):
    seen = datetime(2025, 11, 18, 1, 2, 3, 4, UTC)
    values = {
        "region_id": 3,
        "full_name": 'Ni\u2028Luh "Ayu" \\ \U0001f600\t',
        "phone": "",
        "password": "argon",
        "status": "active",
        "rank": -12,
        "active": True,
        "born": date(1970, 1, 2),
        "seen_at": seen,
        "photo": b"\x00\xff",
        "notes": {"b": [1e2, "é"], "a": None},
    }

    town.write(Official(**values))

    assert town.rows() == [
        (
            "official",
            "I",
            "1",
            {
                "id": "1",
                "region_id": "3",
                "full_name": 'Ni\u2028Luh "Ayu" \\ \U0001f600\t',
                "phone": "",
                "password": "***",
                "status": "active",
                "rank": "-12",
                "active": "true",
                "born": "1970-01-02",
                "seen_at": "2025-11-18T01:02:03.000004Z",
                "photo": "00ff",
                "notes": '{"b": [100.0, "\\u00e9"], "a": null}',
            },
        )
    ]
    assert town.said() == []


def test_orm_core_bulk_and_associations_are_captured(filled):
    tag = Tag(name="x")
    with deed("many", actor=ANI), Session(filled.engine) as session:
        fulan = session.get_one(Official, 1)
        fulan.phone = None
        fulan.active = False
        fulan.tags.append(tag)
        session.flush()
        session.execute(sa.update(Official).values(rank=Official.rank + 1))
        session.execute(sa.insert(Pledge), [{"official_id": 2, "text": t} for t in "ab"])
        session.connection().execute(Pledge.__table__.delete().where(Pledge.text == "b"))
        fulan.tags.clear()
        session.execute(sa.text("UPDATE official SET full_name = 'Fulan B' WHERE id = 1"))
        session.commit()

    found = filled.rows()
    assert found[:2] == [("official", "I", "1", FULAN), ("official", "I", "2", FULANAH)]
    in_any_order = [
        ("tag", "I", "1", {"id": "1", "name": "x"}),
        ("official", "U", "1", {"active": [None, "false"], "phone": ["+6281", None]}),
        ("official_tag", "I", '["1","1"]', {"official_id": "1", "tag_id": "1"}),
        ("official", "U", "1", {"rank": ["3", "4"]}),
        ("official", "U", "2", {"rank": ["4", "5"]}),
        ("pledge", "I", "1", {"id": "1", "official_id": "2", "text": "a"}),
        ("pledge", "I", "2", {"id": "2", "official_id": "2", "text": "b"}),
        ("pledge", "D", "2", {"id": "2", "official_id": "2", "text": "b"}),
        ("official_tag", "D", '["1","1"]', {"official_id": "1", "tag_id": "1"}),
        ("official", "U", "1", {"full_name": ["Fulan", "Fulan B"]}),
    ]
    assert sorted(found[2:], key=str) == sorted(in_any_order, key=str)
    assert filled.deeds() == [(1, "official.create", 1), (2, "official.create", 1), (3, "many", 10)]
    assert filled.said() == []


def test_a_cascade_is_captured_and_a_change_of_nothing_is_not(filled):
    filled.write(Pledge(official_id=1, text="a"))
    with deed("nothing", actor=ANI), filled.engine.begin() as connection:
        connection.execute(sa.update(Official).values(rank=Official.rank))

    with deed("official.delete", actor=ANI), filled.engine.begin() as connection:
        connection.execute(sa.delete(Official).where(Official.id == 1))

    assert {row[:3] for row in filled.rows()[3:]} == {
        ("pledge", "D", "1"),
        ("official", "D", "1"),
    }
    assert filled.deeds()[3:] == [(4, "official.delete", 2)]
    assert filled.said() == []


def test_personal_values_stand_apart_under_a_salt_of_their_own(filled):
    with deed("edit", actor=ANI), Session(filled.engine) as session:
        session.get_one(Official, 1).phone = "+6282"
        session.get_one(Official, 2).rank = 9
        session.commit()

    with Session(filled.engine) as session:
        made, _, phone, rank = session.scalars(sa.select(Change).order_by(Change.id))
        assert made.personal_values == {"full_name": "Fulan", "phone": "+6281"}
        assert (phone.data, phone.values) == ("{}", {"phone": ["+6281", "+6282"]})
        assert (rank.personal, rank.salt) == (None, None)
        assert len({made.salt, phone.salt}) == 2
        assert len(made.salt) == len(phone.salt) == 32


def test_a_secret_leaves_that_it_changed_and_no_more(town):
    town.write(Official(full_name="Fulan", password="first-hash"))
    with deed("password", actor=ANI), Session(town.engine) as session:
        session.get_one(Official, 1).password = "second-hash"
        session.commit()

    assert town.rows()[1] == ("official", "U", "1", {"password": ["***", "***"]})
    with town.engine.connect() as connection:
        stored = [str(row) for t in (Change, Deed) for row in connection.execute(sa.select(t))]
    assert not [text for text in stored if "-hash" in text or KEY.decode() in text]


def test_the_scope_column_is_copied_and_follows_the_row(town):
    town.write(Official(full_name="Fulan", region_id=3), Tag(name="x"))
    with deed("move", actor=ANI), Session(town.engine) as session:
        session.get_one(Official, 1).region_id = 4
        session.commit()

    with Session(town.engine) as session:
        found = session.execute(sa.select(Change.tbl, Change.scope).order_by(Change.id)).all()
    assert sorted(found[:2]) == [("official", "3"), ("tag", None)]
    assert found[2] == ("official", "4")


def test_a_blob_in_a_text_column_does_not_stop_the_writer(tmp_path):
    engine, _ = open_town(f"sqlite:///{tmp_path / 'a.db'}")

    with deed("raw", actor=ANI), engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO official (full_name, rank, active) VALUES (x'00ff', 'much', x'01')"
        )

    with Session(engine) as session:
        values = session.scalars(sa.select(Change)).one().values
    assert (values["full_name"], values["rank"], values["active"]) == (
        "blob:00FF",
        "much",
        "blob:01",
    )
    engine.dispose()


def test_a_database_in_memory_is_logged_too():
    engine, log = open_town("sqlite://", poolclass=sa.pool.StaticPool)

    with deed("create", actor=ANI), Session(engine) as session:
        session.add(Tag(name="x"))
        session.commit()

    with engine.connect() as connection:
        assert connection.scalar(sa.select(Deed.n)) == 1
        assert differences(connection, log.triggers("sqlite")) == []
    engine.dispose()


@pytest.mark.parametrize(
    ("column", "why"),
    [
        (lambda: sa.Column("x", sa.Text), "other.x is not marked plain, personal or secret"),
        (lambda: sa.Column("x", sa.Float, info={"log": "plain"}), r"other\.x: .* has no text form"),
        (
            lambda: sa.Column("key", sa.Text, primary_key=True, info={"log": "personal"}),
            "plain columns",
        ),
    ],
    ids=["unmarked", "float", "personal key"],
)
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_what_cannot_be_logged_is_refused_by_name(column, why, dialect):
    key = sa.Column("id", sa.Integer, primary_key=True, info={"log": "plain"})
    table = sa.Table("other", sa.MetaData(), key, column())

    with pytest.raises(TypeError, match=why):
        (forms(table, dialect), key_of(table, dialect, "NEW"))


def test_marks_keep_other_information_of_a_column():
    assert plain(info={"width": 3}).column.info == {"width": 3, "log": "plain"}
