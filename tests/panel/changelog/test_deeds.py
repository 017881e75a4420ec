"""Without an actor no write; with one, all of it sealed at commit or none of it stored."""

import threading
import time
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from panel.changelog import records as records_module
from panel.changelog import seal as seal_module
from panel.changelog.deeds import new_id
from panel.changelog.records import NoDeed, current, deed, note
from tests.panel.changelog.town import ANI, BAYU, Change, Deed, Official, Pledge, Tag, Visit


def names(town):
    with town.engine.connect() as connection:
        return list(connection.scalars(sa.select(Tag.name).order_by(Tag.id)))


def test_without_a_deed_nothing_can_be_written(town):
    with Session(town.engine) as session:
        session.add(Tag(name="x"))
        with pytest.raises(NoDeed):
            session.commit()
    with town.engine.connect() as connection, pytest.raises(NoDeed):
        connection.execute(sa.insert(Visit).values(page="/"))

    assert (names(town), town.rows(), town.deeds()) == ([], [], [])


def test_a_deed_tells_who_why_and_for_whom(town):
    with (
        deed(
            "official.create",
            actor=ANI,
            reason="new in office",
            request_id="r1",
            address="10.0.0.7",
            acting_for=8,
            acting_for_name="bayu",
            letter="800/12",
            scope="3",
        ) as act,
        Session(town.engine) as session,
    ):
        official = Official(full_name="Fulan")
        session.add(official)
        session.flush()
        act.subject = ("official", str(official.id))
        act.details = {"lines": 1}
        session.commit()

    with Session(town.engine) as session:
        found = session.scalars(sa.select(Deed)).one()
        assert (found.actor_id, found.actor_kind, found.actor_name) == (7, "account", "ani")
        assert (found.acting_for_id, found.acting_for_name, found.letter) == (8, "bayu", "800/12")
        assert (found.reason, found.address) == ("new in office", "10.0.0.7")
        assert (found.request_id, found.scope, found.facts) == ("r1", "3", {"lines": 1})
        assert (found.subject_table, found.subject_pk) == ("official", "1")
    assert town.said() == []


def test_rows_of_every_make_are_summed_for_the_seal_as_they_are_when_verified(town):
    row = {"tbl": "tag", "op": "I", "pk": "é\x1f", "data": '{"a":"\u2028😀"}', "at": "2025"}
    left = "ab" * 32
    rows = [
        {"scope": "3", "who": "", "personal": "{}", "salt": "00"},
        {"who": "a", "tx": "7", "personal": "é"},
        {"erased": left},
        {"erased": left, "salt": "00", "personal": "{}"},
        {"archived": left, "data": "{}"},
        {},
    ]
    with deed("import", actor=ANI), town.engine.begin() as connection:
        id = connection.info["jenjang.deed"][1]
        for one in rows:
            columns = {name: sa.literal(text) for name, text in {**row, **one}.items()}
            connection.execute(sa.insert(Change.__table__).values(deed_id=id, **columns))

    assert town.deeds() == [(1, "import", len(rows))]
    assert [one for one in town.verify().findings if one.kind == "rows"] == []


def test_a_lost_connection_is_said_to_be_lost_and_the_next_deed_is_written(town):
    if town.dialect == "sqlite":
        pytest.skip("a file is not lost")
    with town.engine.connect() as mine, town.engine.connect() as other:
        pid = mine.connection.driver_connection.info.backend_pid
        mine.close()
        other.exec_driver_sql(f"SELECT pg_terminate_backend({pid}, 5000)")

    with pytest.raises(OperationalError) as lost:
        town.write(Tag(name="lost"))
    town.write(Tag(name="kept"))

    assert lost.value.connection_invalidated
    assert (names(town), town.deeds()) == (["kept"], [(1, "official.create", 1)])


def test_a_deed_that_changes_nothing_leaves_none_and_an_event_does(town):
    with deed("save", actor=ANI), Session(town.engine) as session:
        session.add(Visit(page="/"))
        session.commit()
    assert town.deeds() == []

    note(town.engine, "sign-in.refused", actor=ANI, reason="wrong password")

    assert town.deeds() == [(1, "sign-in.refused", 0)]
    assert town.said() == []


def test_each_transaction_of_a_deed_is_sealed_by_itself(town):
    with deed("import", actor=ANI, request_id="r1"), Session(town.engine) as session:
        session.add(Tag(name="x"))
        session.commit()
        session.add(Tag(name="y"))
        session.commit()
        session.add(Tag(name="z"))
        session.flush()
        session.rollback()

    assert names(town) == ["x", "y"]
    assert town.deeds() == [(1, "import", 1), (2, "import", 1)]
    with Session(town.engine) as session:
        assert session.scalars(sa.select(Deed.request_id)).all() == ["r1", "r1"]


def test_a_savepoint_rolled_back_takes_its_rows_out_of_the_deed(town):
    with deed("create", actor=ANI), Session(town.engine) as session:
        session.add(Tag(name="x"))
        session.flush()
        with session.begin_nested() as savepoint:
            session.add(Tag(name="y"))
            session.flush()
            savepoint.rollback()
        session.commit()

    assert (names(town), town.deeds(), town.said()) == (["x"], [(1, "create", 1)], [])


def test_a_deed_does_not_join_an_open_transaction_or_savepoint(town):
    with Session(town.engine) as session:
        session.execute(sa.select(Tag))
        with session.begin_nested(), deed("create", actor=ANI):
            session.add(Tag(name="x"))
            with pytest.raises(NoDeed):
                session.flush()

    assert (names(town), town.deeds()) == ([], [])


def test_a_deed_inside_a_deed_is_refused_and_so_is_a_note_beside_its_transaction(town):
    with deed("create", actor=ANI):
        with pytest.raises(RuntimeError, match="one act, one deed"), deed("other", actor=ANI):
            pass
        with town.engine.begin(), pytest.raises(RuntimeError, match="end the open deed"):
            note(town.engine, "refused", actor=ANI)
        note(town.engine, "refused", actor=BAYU)
        assert current().actor is ANI

    assert current() is None
    assert town.deeds() == [(1, "refused", 0)]


def test_write_true_serves_tables_outside_the_log_and_only_them(town):
    writing = town.engine.execution_options(write=True)
    with Session(writing) as session:
        session.add(Visit(page="/"))
        session.commit()

    with Session(writing) as session:
        session.add(Tag(name="x"))
        with pytest.raises(NoDeed, match="logged tables"):
            session.commit()

    with town.engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(Visit)) == 1
    assert (names(town), town.rows()) == ([], [])


def test_old_strays_do_not_stop_later_writes_outside_the_log(town, raw):
    raw("INSERT INTO tag (name) VALUES ('foreign')")

    with Session(town.engine.execution_options(write=True)) as session:
        session.add(Visit(page="/"))
        session.commit()

    with town.engine.connect() as connection:
        assert connection.scalar(sa.select(Visit.page)) == "/"


def test_an_autocommit_connection_is_refused(town):
    loose = town.engine.execution_options(isolation_level="AUTOCOMMIT")
    insert = sa.insert(Tag).values(name="x")

    with loose.connect() as connection, pytest.raises(NoDeed, match="AUTOCOMMIT"):
        connection.execute(insert)
    with (
        deed("create", actor=ANI),
        loose.execution_options(write=True).connect() as connection,
        pytest.raises(NoDeed, match="AUTOCOMMIT"),
    ):
        connection.execute(insert)

    town.write(Tag(name="y"))

    assert (names(town), town.said()) == (["y"], [])


@pytest.mark.parametrize("next_one", ["deed", "write"])
def test_a_seal_that_fails_leaves_nothing_for_the_next_user_of_the_connection(
    town, monkeypatch, next_one
):
    def fail(*_):
        raise OSError("the key cannot be read")

    monkeypatch.setattr(records_module, "seal", fail)
    with deed("create", actor=ANI), Session(town.engine) as session:
        session.add(Tag(name="lost"))
        with pytest.raises(OSError, match="the key"):
            session.commit()
    monkeypatch.undo()

    if next_one == "deed":
        town.write(Tag(name="kept"))
    else:
        with Session(town.engine.execution_options(write=True)) as session:
            session.add(Visit(page="/"))
            session.commit()

    assert names(town) == (["kept"] if next_one == "deed" else [])
    assert (len(town.deeds()), town.said()) == (len(names(town)), [])


def test_a_connection_goes_on_after_a_seal_that_failed(town, monkeypatch):
    def fail(*_):
        raise OSError("the key cannot be read")

    with deed("create", actor=ANI), town.engine.connect() as connection:
        with monkeypatch.context() as broken:
            broken.setattr(records_module, "seal", fail)
            connection.execute(sa.insert(Tag).values(name="lost"))
            with pytest.raises(OSError, match="the key"):
                connection.commit()
        connection.rollback()
        connection.execute(sa.insert(Tag).values(name="kept"))
        connection.commit()

    assert (names(town), town.deeds(), town.said()) == (["kept"], [(1, "create", 1)], [])


def test_a_commit_that_the_database_refuses_leaves_nothing(filled):
    before = filled.rows(), filled.deeds()
    with deed("pledge", actor=ANI), Session(filled.engine) as session:
        session.add(Pledge(official_id=404, text="deferred until commit"))
        with pytest.raises(IntegrityError):
            session.commit()

    filled.write(Official(full_name="Third"))

    assert filled.rows()[:2] == before[0]
    assert filled.deeds() == [*before[1], (3, "official.create", 1)]
    assert filled.said() == []


def test_a_row_written_while_the_deed_is_sealed_does_not_belong_to_it(town):
    """What a deferred trigger writes at COMMIT comes after the seal."""
    with deed("create", actor=ANI), town.engine.connect() as connection:
        sealed = town.log._seal

        def late(inner):
            sealed(inner)
            inner.execute(sa.insert(Tag).values(name="late"))

        town.log._seal = late
        connection.execute(sa.insert(Tag).values(name="x"))
        connection.commit()
        town.log._seal = sealed

    assert town.deeds() == [(1, "create", 1)]
    assert town.said() == ["Changes made outside the application: 1, first tag 2."]


def test_eight_writers_make_one_chain(town):
    refused = []

    def work(number):
        try:
            for turn in range(5):
                town.write(Tag(name=f"{number}-{turn}"))
        except Exception as error:
            refused.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == []
    assert [seq for seq, _, n in town.deeds() if n == 1] == list(range(1, 41))
    assert town.said() == []


def test_the_order_is_that_of_the_seals_also_when_the_clock_goes_back(town, monkeypatch):
    town.write(Tag(name="first"))
    long_ago = time.time_ns() - 3600 * 10**9

    with monkeypatch.context() as clock:
        clock.setattr(time, "time_ns", lambda: long_ago)  # of which numbers of deeds are made
        clock.setattr(seal_module, "datetime", Earlier)
        town.write(Tag(name="second"))
    town.write(Tag(name="third"))

    with Session(town.engine) as session:
        kept = session.scalars(sa.select(Deed).order_by(Deed.seq)).all()
        assert kept[1].at < kept[0].at
        assert kept[1].id < kept[0].id
        assert [one.prev for one in kept[1:]] == [one.mac for one in kept[:-1]]
    assert town.said() == []


class Earlier(datetime):
    """A clock that somebody put back by a year."""

    @classmethod
    def now(cls, zone):
        return datetime.now(zone) - timedelta(days=365)


def test_numbers_of_deeds_grow_and_fit_into_63_bits():
    first, second = new_id(), new_id()

    assert 0 < first < 2**63
    assert first >> 21 <= second >> 21
