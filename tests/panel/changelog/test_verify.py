"""Verification as a whole, the glance of every day, and adoption of what came from outside."""

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.changelog.chain import links
from panel.changelog.records import note
from panel.changelog.rules import Command, commitment
from panel.changelog.triggers import install
from panel.changelog.verify import GLANCE, adopt, glance, verify
from tests.panel.changelog.town import ANI, KEY, Deed, Official, Tag


def look(town):
    with town.engine.connect() as connection:
        return glance(connection, town.log, town.log.triggers(town.dialect))


def words(report):
    return [str(finding.sentence) for finding in report.findings]


def break_log(town, raw, table, edit):
    """Edit a table of the log as its owner could, leaving its triggers as they were."""
    if town.dialect == "postgresql":
        raw(f"ALTER TABLE {table} DISABLE TRIGGER ALL", edit)
    else:
        names = ("u",) if table == "official" else ("kept_u", "kept_d")
        raw(*(f"DROP TRIGGER log_{table}_{name}" for name in names), edit)
    with town.engine.execution_options(write="schema").begin() as connection:
        install(connection, town.log.triggers(town.dialect))


def test_a_sound_log_says_how_much_it_holds(filled):
    report = filled.verify()

    assert (report.sound, report.deeds, report.changes, report.findings) == (True, 2, 2, ())


def test_an_empty_log_is_sound(town):
    assert town.verify().sound
    assert look(town).sound
    assert adopt(town.engine, town.log) == 0
    assert town.deeds() == []


def test_what_came_from_outside_is_adopted_once_and_then_sealed(filled, raw):
    raw("UPDATE official SET rank = 99", "INSERT INTO tag (name) VALUES ('x')")
    assert not filled.verify().sound

    assert adopt(filled.engine, filled.log) == 3
    assert adopt(filled.engine, filled.log) == 0

    assert filled.deeds()[2:] == [(3, "log.adopt", 0)]
    with Session(filled.engine) as session:
        found = session.scalars(sa.select(Deed).where(Deed.seq == 3)).one()
        assert (found.actor_kind, found.actor_name) == ("command", "log adopt")
        assert found.facts["adopted"] == 3
    assert filled.said() == []


def test_an_adopted_row_cannot_be_altered_any_more(filled, raw):
    raw("UPDATE official SET rank = 99 WHERE id = 1")
    adopt(filled.engine, filled.log)

    break_log(filled, raw, "change", "UPDATE change SET at = '' WHERE id = 3")

    assert filled.said() == ["The changes of deed 3 are not those that were sealed."]


def test_an_adoption_taken_away_is_seen(filled, raw):
    raw("UPDATE official SET rank = 99 WHERE id = 1")
    adopt(filled.engine, filled.log)

    break_log(filled, raw, "adoption", "DELETE FROM adoption")

    assert filled.said() == [
        "The changes of deed 3 are not those that were sealed.",
        "Changes made outside the application: 1, first official 1.",
    ]


def test_an_erasure_that_a_deed_names_is_sound_and_hides_only_its_fields(filled, raw):
    note(
        filled.engine,
        "log.erase",
        actor=Command("log erase"),
        details={"changes": [1], "deeds": [1]},
    )
    for table, key in (("change", "id"), ("deed", "seq")):
        ((personal, salt),) = raw(f"SELECT personal, salt FROM {table} WHERE {key} = 1")
        left = commitment(personal, salt, None).hex()
        erased = f"personal = NULL, salt = NULL, erased = '{left}'"
        break_log(filled, raw, table, f"UPDATE {table} SET {erased} WHERE {key} = 1")
    assert filled.said() == []

    edit = "UPDATE official SET phone = '+620', rank = 99 WHERE id = 1"
    break_log(filled, raw, "official", edit)
    assert filled.said() == ["official 1: rank is not as the log tells."]


def test_at_most_so_many_findings_are_collected(filled, raw):
    raw("UPDATE official SET rank = 99 WHERE id = 1")
    with filled.engine.execution_options(write="schema").begin() as connection:
        install(connection, ())

    report = filled.verify()

    assert len(report.findings) == 20
    assert {finding.kind for finding in report.findings} == {"trigger"}


def test_a_verification_that_stops_early_leaves_no_cursor_open(filled, raw):
    filled.write(*(Official(full_name=str(number)) for number in range(6000)))
    break_log(filled, raw, "official", "UPDATE official SET rank = 99 WHERE id = 1")

    report = verify(filled.engine, filled.log, filled.log.triggers(filled.dialect), most=1)

    assert [finding.kind for finding in report.findings] == ["replay"]


def test_a_glance_looks_at_what_is_new(filled):
    first, second = look(filled), look(filled)
    filled.write(Tag(name="x"), Tag(name="y"))
    third = look(filled)

    assert [(r.deeds, r.changes, r.sound) for r in (first, second, third)] == [
        (2, 2, True),
        (0, 0, True),
        (1, 2, True),
    ]


def test_a_glance_sees_strays_and_triggers_and_seals(filled, raw):
    assert look(filled).sound

    raw("UPDATE official SET rank = 99 WHERE id = 1")
    assert words(look(filled)) == ["Changes made outside the application: 1, first official 1."]
    adopt(filled.engine, filled.log)
    assert look(filled).sound

    filled.write(Tag(name="x"))
    break_log(filled, raw, "deed", "UPDATE deed SET actor_id = 8 WHERE seq = 4")
    assert words(look(filled)) == ["Deed 4 is not as it was sealed."]
    break_log(filled, raw, "deed", "UPDATE deed SET actor_id = 7 WHERE seq = 4")
    break_log(filled, raw, "change", "UPDATE change SET data = '{}' WHERE id = 4")
    assert words(look(filled)) == ["The changes of deed 4 are not those that were sealed."]


def test_a_glance_sees_that_the_end_of_the_log_is_gone(filled, raw):
    assert look(filled).sound

    break_log(filled, raw, "deed", "DELETE FROM deed WHERE seq = 2")

    assert words(look(filled))[0] == "Deed 2 is no longer the one that was verified."


def test_a_first_glance_does_not_go_back_to_the_beginning(filled):
    for _ in range(GLANCE):
        note(filled.engine, "sign-in", actor=ANI)

    report = look(filled)

    assert (report.sound, report.deeds) == (True, GLANCE)


def test_a_deed_from_another_branch_of_the_log_does_not_follow(filled, raw):
    """Well sealed with the same key, as after a restore that left later deeds behind."""
    with filled.engine.connect() as connection:
        (link, _) = next(links(connection, filled.log.tables, 1))
    other = replace(link, prev="f" * 64)

    edit = f"UPDATE deed SET prev = '{other.prev}', mac = '{other.mac(KEY)}' WHERE seq = 2"
    break_log(filled, raw, "deed", edit)

    assert filled.said() == ["Deed 2 does not follow the one before it."]


def test_a_log_sealed_with_another_key_does_not_verify(filled):
    filled.log.key = lambda: b"another key"

    assert filled.said() == [f"Deed {seq} is sealed with an unknown key." for seq in (1, 2)]
