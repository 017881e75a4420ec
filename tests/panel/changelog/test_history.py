"""Questions to the log: history of a record, the latest deeds, authors."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.changelog.authorship import authors, inserted
from panel.changelog.erasing import erase
from panel.changelog.history import history
from panel.changelog.looking import recent
from panel.changelog.records import deed, note
from panel.changelog.searching import Search
from panel.changelog.verify import adopt
from tests.panel.changelog.town import ANI, BAYU, Change, Official, Pledge, Tag

FULAN = ("official", "1")


def edit(town, actor=ANI, action="official.edit", model=Official, id=1, **values):
    with deed(action, actor=actor), Session(town.engine) as session:
        for name, value in values.items():
            setattr(session.get_one(model, id), name, value)
        session.commit()


def shown(entries):
    """Number of the deed, and table, key and kind of its changes."""
    return [
        (entry.deed and entry.deed.seq, [(row.tbl, row.pk, row.op) for row in entry.changes])
        for entry in entries
    ]


@pytest.fixture
def told(filled):
    """Deed 3 edits Fulan, 4 gives him a pledge, 5 a tag, 6 refuses something about him."""
    edit(filled, BAYU, phone=None, rank=5)
    filled.write(Pledge(official_id=1, text="a"), action="pledge.create")
    filled.write(Tag(name="x"), action="tag.create")
    note(filled.engine, "official.refused", actor=BAYU, subject=("official", "1"), scope="3")
    return filled


def test_history_of_a_record_newest_first_with_events_about_it(told):
    with Session(told.engine) as session:
        alone = history(told.log.tables, session, [FULAN])
        with_children = history(told.log.tables, session, [FULAN, ("pledge", "1")])

    assert shown(alone) == [
        (6, []),
        (3, [("official", "1", "U")]),
        (1, [("official", "1", "I")]),
    ]
    assert shown(with_children)[1] == (4, [("pledge", "1", "I")])
    assert alone[1].changes[0].values == {"rank": ["3", "5"], "phone": ["+6281", None]}
    assert alone[1].deed.actor_name == "bayu"


def test_history_is_paged_by_deed(told):
    with Session(told.engine) as session:
        first = history(told.log.tables, session, [FULAN], limit=2)
        second = history(told.log.tables, session, [FULAN], limit=2, before=first[-1].deed.seq)

    assert [entry.deed.seq for entry in first + second] == [6, 3, 1]


def test_a_stray_stands_on_top_until_it_is_adopted(told, raw):
    raw("UPDATE official SET rank = 77 WHERE id = 1")
    with Session(told.engine) as session:
        before = history(told.log.tables, session, [FULAN])

    adopt(told.engine, told.log)

    with Session(told.engine) as session:
        after = history(told.log.tables, session, [FULAN])
    assert shown(before)[0] == (None, [("official", "1", "U")])
    assert shown(after)[0] == (7, [("official", "1", "U")])
    assert [entry.outside for entry in after] == [True, False, False, False]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (Search(), [6, 5, 4, 3, 2, 1]),
        (Search(actor=8), [6, 3]),
        (Search(action="tag.create"), [5]),
        (Search(table="official"), [6, 3, 2, 1]),
        (Search(table="official", pk="1"), [6, 3, 1]),
        (Search(table="official", field="phone"), [3, 1]),
        (Search(field="text"), [4]),
        (Search(field='x" or 1=1'), []),
        (Search(actor=7, table="official"), [2, 1]),
        (Search(until=datetime(2020, 1, 1, tzinfo=UTC)), []),
        (Search(since=datetime.now(UTC) - timedelta(days=1)), [6, 5, 4, 3, 2, 1]),
    ],
    ids=lambda value: str(value) if isinstance(value, list) else "search",
)
def test_deeds_are_found_by_who_what_where_and_when(told, search, found):
    with Session(told.engine) as session:
        assert [entry.deed.seq for entry in recent(told.log.tables, session, search)] == found


def test_the_latest_deeds_are_paged_and_long_ones_cut(told):
    told.write(*(Tag(name=str(number)) for number in range(5)), action="import")

    with Session(told.engine) as session:
        first = recent(told.log.tables, session, Search(), limit=2, most=3)
        second = recent(told.log.tables, session, Search(), limit=2, before=first[-1].deed.seq)

    assert [(e.deed.seq, len(e.changes), e.more) for e in first] == [(7, 3, 2), (6, 0, 0)]
    assert [entry.deed.seq for entry in second] == [5, 4]


def test_a_reader_sees_only_rows_and_events_of_his_scope(told):
    told.write(Official(full_name="A", region_id=3), Official(full_name="B", region_id=4))
    change, deeds = told.log.tables.change, told.log.tables.deed

    def visible(scope):
        search = Search(changes_seen=change.c.scope == scope, deeds_seen=deeds.c.scope == scope)
        with Session(told.engine) as session:
            return shown(recent(told.log.tables, session, search))

    assert visible("3") == [(7, [("official", "3", "I")]), (6, [])]
    assert visible("4") == [(7, [("official", "4", "I")])]
    assert visible("5") == []


def test_questions_take_the_same_number_of_queries_with_one_row_and_with_three(told):
    statements = []
    sa.event.listen(told.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))

    def count(action):
        statements.clear()
        with Session(told.engine) as session:
            action(session)
        return len([text for text in statements if text.lstrip().startswith("SELECT")])

    one = count(lambda s: history(told.log.tables, s, [("official", "2")]))
    three = count(lambda s: history(told.log.tables, s, [FULAN]))
    assert (one, three) == (4, 5)  # one more where a deed is about a record
    assert count(lambda s: recent(told.log.tables, s, Search(), limit=2)) == 5
    assert count(lambda s: recent(told.log.tables, s, Search(), limit=3)) == 5


def test_authors_are_those_who_wrote_and_not_those_who_only_moved(told):
    edit(told, BAYU, model=Pledge, text="b")

    def written(*records, **options):
        with Session(told.engine) as session:
            return authors(told.log.tables, session, records, **options)

    assert written(("official", "1")) == {7, 8}
    assert written(("official", "1"), ignoring=("phone",)) == {7, 8}
    assert written(("official", "1"), ignoring=("phone", "rank")) == {7}
    assert written(("official", "2")) == {7}
    assert written(("official", "2"), ("pledge", "1")) == {7, 8}
    with Session(told.engine) as session:
        made = inserted(told.log.tables, session, "pledge", 1)
    assert written(("pledge", "1"), since=made) == {8}
    assert written() == set()


def test_the_running_deed_counts_among_the_authors(filled):
    with deed("edit", actor=BAYU), Session(filled.engine) as session:
        session.get_one(Official, 1).rank = 9
        session.flush()

        running = filled.log.deed_id(session)
        assert authors(filled.log.tables, session, [FULAN], writing=running) == {7, 8}
        assert authors(filled.log.tables, session, [FULAN]) == {7}
        ignored = {"ignoring": {"rank"}, "writing": running}
        assert authors(filled.log.tables, session, [FULAN], **ignored) == {7}
        session.rollback()

    with Session(filled.engine) as session:
        assert authors(filled.log.tables, session, [FULAN]) == {7}


def test_a_stray_that_claims_a_deed_makes_nobody_an_author(filled, raw):
    edit(filled, BAYU, id=2, rank=8)
    claimed = "(SELECT id FROM deed WHERE seq = 3)"
    if filled.dialect == "sqlite":
        raw(f"UPDATE log_context SET deed_id = {claimed}", "UPDATE official SET rank = 9")
    else:
        raw(
            f"SELECT set_config('jenjang.deed', {claimed}::text, false)",
            "UPDATE official SET rank = 9",
        )
    with Session(filled.engine) as session:
        assert authors(filled.log.tables, session, [FULAN]) == {7}

    with Session(filled.engine) as session:
        forged = session.scalars(sa.select(Change.id).order_by(Change.id.desc())).first()
    raw(f"INSERT INTO adoption (change_id, deed_id) VALUES ({forged}, {claimed})")

    with Session(filled.engine) as session:
        assert authors(filled.log.tables, session, [FULAN]) == {7}
        assert shown(history(filled.log.tables, session, [("official", "2")]))[1:] == [
            (3, [("official", "2", "U")]),
            (2, [("official", "2", "I")]),
        ]
    assert f"Change {forged} is adopted by no deed of the log." in filled.said()


@pytest.fixture
def passed_on(told):
    """Deed 7 deletes Fulanah, 8 gives number 2 to Ratna, 9 refuses something about Ratna."""
    note(told.engine, "official.unmask", actor=BAYU, subject=("official", "2"), reason="surat")
    with deed("official.delete", actor=ANI), Session(told.engine) as session:
        session.delete(session.get_one(Official, 2))
        session.commit()
    return told


RATNA = ("official", "2")


def seen(town, **restores):
    """Deeds in the history of number 2, and in the log those of whoever had it before."""
    action = "official.restore" if restores else "official.create"
    with deed(action, actor=ANI, details=restores), Session(town.engine) as session:
        session.add(Official(id=2, full_name="Ratna", region_id=4))
        session.commit()
    note(town.engine, "official.refused", actor=BAYU, subject=RATNA)
    with Session(town.engine) as session:
        own = [entry.deed.seq for entry in history(town.log.tables, session, [RATNA], whole=RATNA)]
        every = recent(town.log.tables, session, Search(table="official", pk="2"))
    return own, [one.deed.seq for one in every if one.subject_passed_on or one.passed_on]


def test_who_gets_a_number_again_does_not_get_what_was_done_to_its_earlier_bearer(passed_on):
    assert seen(passed_on) == ([10, 9], [8, 7, 2])


def test_who_was_brought_back_under_the_old_number_is_the_same(passed_on):
    assert seen(passed_on, restores=8) == ([10, 9, 8, 7, 2], [])


def test_a_restored_record_under_the_number_of_another_is_another(passed_on):
    assert seen(passed_on, restores=3) == ([10, 9], [8, 7, 2])


def test_an_erasure_takes_nothing_of_others_who_had_the_number_or_have_it(passed_on):
    seen(passed_on)
    with deed("log.erase", actor=BAYU), Session(passed_on.engine) as session:
        session.get_one(Official, 2).full_name = "(dihapus)"
        new = erase(session, passed_on.log.tables, [RATNA])
        session.commit()
    with deed("log.erase", actor=BAYU), Session(passed_on.engine) as session:
        old = erase(session, passed_on.log.tables, [], [RATNA])
        session.commit()

    with Session(passed_on.engine) as session:
        names = {row.id: row.op for row in session.scalars(sa.select(Change)) if row.pk == "2"}
    assert ([names[id] for id in new.changes], new.deeds) == (["I", "U"], (10,))
    assert ([names[id] for id in old.changes], old.deeds) == (["I", "D"], (7,))
    assert passed_on.said() == []
