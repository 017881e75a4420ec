"""Attempts to break the log with the database's own shell: refused, or seen and named."""

import re

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from panel.changelog.rules import commitment
from panel.changelog.triggers import install
from tests.databases import ON_POSTGRESQL, ON_SQLITE
from tests.panel.changelog.town import Ruling, Tag


@pytest.fixture
def ruled(filled):
    filled.write(Ruling(official_id=1, number=1))
    return filled


def columns(town, table):
    return ", ".join(f'"{c.name}"' for c in town.log.tables.metadata.tables[table].columns)


def refuses(raw, statement, code):
    with pytest.raises(IntegrityError, match=f"jenjang:{code}"):
        raw(statement)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE change SET data = '{}'", "append-only change"),
        ("DELETE FROM change WHERE id = 1", "append-only change"),
        ("UPDATE deed SET actor_id = 8", "append-only deed"),
        ("DELETE FROM deed WHERE seq = 2", "append-only deed"),
        ("UPDATE ruling SET number = 2", "append-only ruling"),
        ("DELETE FROM ruling", "append-only ruling"),
        ("UPDATE official SET id = 9 WHERE id = 1", "key official"),
    ],
)
def test_the_log_is_only_added_to_and_keys_stay(ruled, raw, statement, code):
    before = ruled.rows(), ruled.deeds()

    refuses(raw, statement, code)

    assert (ruled.rows(), ruled.deeds(), ruled.said()) == (*before, [])


@ON_POSTGRESQL
@pytest.mark.parametrize("table", ["change", "deed", "adoption", "official", "ruling"])
def test_truncate_is_refused(ruled, raw, table):
    refuses(raw, f"TRUNCATE {table} CASCADE", "append-only")

    assert ruled.said() == []


@pytest.mark.parametrize("key", ["id", "seq", "prev"])
def test_a_deed_cannot_be_replaced_by_any_of_its_unique_keys(ruled, raw, key):
    stored = dict(zip(*raw_row(ruled, raw, "deed"), strict=True))
    other = {"seq": 99, "id": 99, "prev": "'other'"}
    other.pop(key)
    names = ", ".join(f'"{name}"' for name in stored)
    values = ", ".join(str(other.get(name, f'"{name}"')) for name in stored)
    insert = f"INSERT OR REPLACE INTO deed ({names}) SELECT {values} FROM deed WHERE seq = 1"
    if ruled.dialect == "postgresql":
        insert = insert.replace(" OR REPLACE", "") + f" ON CONFLICT ({key}) DO UPDATE SET n = 9"

    refuses(raw, insert, "append-only deed")

    assert ruled.said() == []


def raw_row(town, raw, table):
    names = [c.name for c in town.log.tables.metadata.tables[table].columns]
    return names, raw(f"SELECT {columns(town, table)} FROM {table}")[0]


@ON_SQLITE
def test_a_ruling_and_a_row_of_the_log_cannot_be_replaced(ruled, raw):
    refuses(raw, "INSERT OR REPLACE INTO ruling VALUES (1, 2, 2)", "append-only ruling")
    refuses(raw, "INSERT OR REPLACE INTO ruling VALUES (9, 1, 1)", "append-only ruling")
    row = "1, NULL, 'tag', 'I', '1', NULL, '{}', NULL, NULL, '', NULL, NULL, NULL, NULL, NULL"
    refuses(raw, f"INSERT OR REPLACE INTO change VALUES ({row})", "append-only change")

    assert ruled.said() == []


def test_a_foreign_write_is_captured_and_reads_as_outside(filled, raw):
    raw("UPDATE official SET rank = 99 WHERE id = 1")

    assert filled.rows()[-1] == ("official", "U", "1", {"rank": ["3", "99"]})
    assert filled.said() == ["Changes made outside the application: 1, first official 1."]


@pytest.mark.parametrize("claimed", ["4242", "(SELECT id FROM deed WHERE seq = 1)"])
def test_a_foreign_write_cannot_claim_a_deed(filled, raw, claimed):
    if filled.dialect == "sqlite":
        raw(f"UPDATE log_context SET deed_id = {claimed}", "UPDATE official SET rank = 99")
    else:
        raw(
            f"SELECT set_config('jenjang.deed', ({claimed})::text, false)",
            "UPDATE official SET rank = 99",
        )

    filled.write(Tag(name="x"))

    assert filled.said() == ["Changes made outside the application: 2, first official 1."]
    assert filled.deeds()[-1] == (3, "official.create", 1)


@ON_POSTGRESQL
def test_garbage_instead_of_a_deed_stops_the_writer(filled, raw):
    with pytest.raises(DBAPIError, match="bigint"):
        raw("SET jenjang.deed = 'x'", "UPDATE official SET rank = 99")

    assert filled.said() == []


def drop(town, raw, table, *names):
    """Switch triggers off, as an owner of the database can."""
    if town.dialect == "sqlite":
        raw(*(f"DROP TRIGGER log_{table}_{name}" for name in names))
    else:
        raw(f"ALTER TABLE {table} DISABLE TRIGGER ALL")


def put_back(town):
    with town.engine.execution_options(write="schema").begin() as connection:
        install(connection, town.log.triggers(town.dialect))


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ("UPDATE official SET rank = 99 WHERE id = 1", "official 1: rank is not as the log tells."),
        (
            "UPDATE official SET full_name = 'X' WHERE id = 2",
            "official 2: full_name is not as the log tells.",
        ),
        ("DELETE FROM official WHERE id = 1", "official 1 is in the log, not in the table."),
        (
            "INSERT INTO official (id, full_name) VALUES (10, 'X')",
            "official 10 is in the table, not in the log.",
        ),
        (
            "UPDATE official SET password = 'x' WHERE id = 1",
            "official 1: password is not as the log tells.",
        ),
    ],
)
def test_an_edit_behind_dropped_triggers_is_named_by_the_replay_alone(filled, raw, edit, said):
    drop(filled, raw, "official", "u", "d", "i")
    raw(edit)
    put_back(filled)

    assert filled.said() == [said]
    (finding,) = filled.verify().findings
    assert (finding.kind, finding.table) == ("replay", "official")


def test_dropped_triggers_are_named_while_they_are_away(filled, raw):
    drop(filled, raw, "official", "u")

    said = filled.said()

    if filled.dialect == "sqlite":
        assert said == ["Trigger log_official_u is missing."]
    else:
        assert said == [
            f"Trigger log_official{name} is switched off." for name in ("", "_emptied", "_key")
        ]


@pytest.mark.parametrize(
    ("table", "edit", "said"),
    [
        ("deed", "UPDATE deed SET actor_id = 8 WHERE seq = 1", "Deed 1 is not as it was sealed."),
        ("deed", "UPDATE deed SET at = '2020-01-01T00:00:00.000Z' WHERE seq = 2", "Deed 2 is not"),
        ("deed", 'UPDATE deed SET personal = \'{"actor":"x"}\' WHERE seq = 1', "Deed 1 is not"),
        ("deed", "DELETE FROM deed WHERE seq = 1", "Deed 1 is missing from the log."),
        ("deed", "UPDATE deed SET key_id = 'x' WHERE seq = 1", "Deed 1 is sealed with an unknown"),
        ("change", "UPDATE change SET data = '{}' WHERE id = 1", "The changes of deed 1 are not"),
        ("change", "UPDATE change SET personal = '{}' WHERE id = 2", "The changes of deed 2 are"),
        ("change", "DELETE FROM change WHERE id = 2", "The changes of deed 2 are not those"),
        ("change", "UPDATE change SET pk = '7' WHERE id = 1", "The changes of deed 1 are not"),
    ],
)
def test_a_log_edited_behind_dropped_triggers_no_longer_verifies(filled, raw, table, edit, said):
    drop(filled, raw, table, "kept_u", "kept_d")
    raw(edit)
    put_back(filled)

    found = filled.said()

    assert re.match(re.escape(said), found[0])
    assert not filled.verify().sound


def test_a_forged_erasure_is_named(filled, raw):
    drop(filled, raw, "change", "kept_u")
    ((personal, salt),) = raw("SELECT personal, salt FROM change WHERE id = 1")
    left = commitment(personal, salt, None).hex()
    raw(f"UPDATE change SET personal = NULL, salt = NULL, erased = '{left}' WHERE id = 1")
    put_back(filled)

    assert filled.said() == ["Change 1 was erased, but no deed says so."]


def test_the_end_of_the_log_cut_off_with_its_rows_is_seen_while_the_data_remain(filled, raw):
    drop(filled, raw, "deed", "kept_d")
    drop(filled, raw, "change", "kept_d")
    raw("DELETE FROM deed WHERE seq = 2", "DELETE FROM change WHERE id = 2")
    put_back(filled)

    assert filled.said() == ["official 2 is in the table, not in the log."]


@ON_SQLITE
def test_a_row_replaced_by_a_foreign_writer_is_named(filled, raw):
    filled.write(Tag(name="x"))
    raw("INSERT OR REPLACE INTO tag (id, name) VALUES (9, 'x')")

    assert filled.said() == [
        "Changes made outside the application: 1, first tag 9.",
        "tag 1 is in the log, not in the table.",
    ]


@ON_SQLITE
def test_a_value_of_a_wrong_type_is_a_finding_not_a_fault(filled, raw):
    drop(filled, raw, "deed", "kept_u")
    raw("UPDATE deed SET last = 'x', at = x'00' WHERE seq = 1")
    put_back(filled)

    assert filled.said()[0] == "Deed 1 is not as it was sealed."


@ON_POSTGRESQL
def test_a_replica_session_is_captured_too(filled, raw):
    raw("SET session_replication_role = replica", "UPDATE official SET rank = 99 WHERE id = 1")

    assert filled.rows()[-1] == ("official", "U", "1", {"rank": ["3", "99"]})


@ON_POSTGRESQL
def test_a_temporary_table_cannot_stand_in_for_the_log(filled, raw):
    raw(
        "CREATE TEMP TABLE change (LIKE public.change)",
        "CREATE SCHEMA evil",
        "CREATE FUNCTION evil.json_object_agg(text, json) RETURNS json "
        "LANGUAGE sql AS 'SELECT null::json'",
        "SET search_path = evil, pg_temp, public, pg_catalog",
        "UPDATE public.official SET rank = 99 WHERE id = 1",
    )

    assert filled.rows()[-1] == ("official", "U", "1", {"rank": ["3", "99"]})
