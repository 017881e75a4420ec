"""How a verification ended, as a sealed deed: found in one statement, forged by nobody."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from panel.changelog.anchoring import begin
from panel.changelog.records import deed
from panel.changelog.rules import Command
from panel.changelog.standing import keep, standing
from panel.changelog.triggers import install
from panel.changelog.verify import verify
from tests.panel.changelog.town import Official

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
WHO = Command("tests")


@pytest.fixture
def begun(filled):
    begin(filled.engine, filled.log, "town/1234", KEY.public_key())
    return filled


def stands(town):
    with town.engine.connect() as connection:
        return standing(connection, town.log.tables, town.log.keys())


def looked(town, *, whole=False):
    """Verify as the command does, and keep how it ended."""
    before, triggers = stands(town), town.log.triggers(town.dialect)
    since = None if whole else before.point(KEY)
    report = verify(town.engine, town.log, triggers, since=since)
    keep(town.engine, town.log.tables, report, before, KEY, WHO)
    return [str(one.sentence) for one in report.findings], report.since is not None


def off(town, raw, *edits):
    """Edits by the owner of the database, who switches every trigger off, and on again."""
    if town.dialect == "postgresql":
        names = [table.name for table in town.log.tables.metadata.sorted_tables]
        raw(*(f"ALTER TABLE {name} DISABLE TRIGGER ALL" for name in names), *edits)
    else:
        there = raw("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        raw(*(f"DROP TRIGGER {name}" for (name,) in there), *edits)
    with town.engine.execution_options(write="schema").begin() as connection:
        install(connection, town.log.triggers(town.dialect))


def test_what_was_found_is_read_back_in_one_statement(begun, raw):
    assert stands(begun).seq is None
    assert looked(begun) == ([], False)
    now = stands(begun)
    assert (now.sound, now.seq, now.newest, now.deeds) == (True, 4, 4, 3)
    assert now.at == now.whole_at.replace(microsecond=now.at.microsecond) or now.whole_at < now.at
    off(begun, raw, "UPDATE official SET rank = 99 WHERE id = 2")
    seen = []

    looked(begun, whole=True)
    first = stands(begun)
    looked(begun)
    sa.event.listen(begun.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    again = stands(begun)

    assert len([one for one in seen if one.startswith("SELECT")]) == 1
    [found] = again.findings
    assert (found.table, found.pk, found.field) == ("official", "2", "rank")
    assert (again.sound, again.found_at, again.whole_at) == (False, first.found_at, now.whole_at)
    assert datetime.now(UTC) > again.at > again.found_at


def test_a_change_of_no_deed_is_seen_without_a_verification(begun, raw):
    looked(begun)
    raw("UPDATE official SET rank = 9 WHERE id = 1")

    assert (stands(begun).stray, stands(begun).sound) == (3, False)


def test_the_next_one_reads_what_came_since_and_the_whole_one_all(begun, raw):
    assert looked(begun) == ([], False)
    assert looked(begun) == ([], True)
    begun.write(Official(full_name="Baru", rank=1))
    off(begun, raw, "UPDATE official SET rank = 99 WHERE id = 2")
    assert looked(begun) == ([], True)  # nothing has touched it since: only the whole one sees

    found, went_on = looked(begun, whole=True)

    assert (found, went_on) == (["official 2: rank is not as the log tells."], False)
    # from now on everything is read, until nothing is found
    assert looked(begun) == (found, False)
    off(begun, raw, "UPDATE official SET rank = 4 WHERE id = 2")
    assert looked(begun) == ([], False)
    assert looked(begun) == ([], True)


def test_records_that_were_touched_since_are_replayed_whole(begun, raw):
    looked(begun)
    with begun.engine.connect() as connection:
        number = connection.scalar(sa.text("SELECT max(seq) FROM deed"))
    off(begun, raw, "UPDATE official SET rank = 99 WHERE id = 2")

    with deed("official.edit", actor=WHO), begun.engine.begin() as connection:
        official = begun.log.tables.metadata.tables["official"]
        connection.execute(official.update().where(official.c.id == 2).values(full_name="Lain"))

    found, went_on = looked(begun)

    assert (found, went_on, number) == (["official 2: rank is not as the log tells."], True, 4)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "forged",
    [
        "UPDATE deed SET details = replace(details, 'changes\":2', 'changes\":3') WHERE seq = 4",
        "UPDATE deed SET mac = 'x' WHERE seq = 4",
        "UPDATE deed SET details = '{}' WHERE seq = 4",
        "UPDATE deed SET details = 'no JSON' WHERE seq = 4",
    ],
)
def test_a_forged_all_is_well_is_named_and_lets_nothing_be_skipped(begun, raw, forged):
    looked(begun)

    off(begun, raw, forged)

    now = stands(begun)
    assert (now.sealed, now.sound, now.point(KEY)) == (False, False, None)
    assert looked(begun)[1] is False


def test_who_has_the_log_key_alone_makes_no_point_to_go_on_from(begun):
    before, triggers = stands(begun), begun.log.triggers(begun.dialect)
    keep(
        begun.engine,
        begun.log.tables,
        verify(begun.engine, begun.log, triggers),
        before,
        OTHER,
        WHO,
    )

    assert stands(begun).sound
    assert stands(begun).point(KEY) is None
    assert stands(begun).point(OTHER).size == 3


def test_deeds_before_the_point_are_looked_at_all_the_same(begun, raw):
    looked(begun)

    off(begun, raw, "UPDATE deed SET actor_id = actor_id + 1 WHERE seq = 1")

    said, _ = looked(begun)
    assert said[:2] == [
        "Deed 1 is not as it was sealed.",
        "The first 3 deeds are not those that were verified.",
    ]
