"""Running records pass on to a newer version, by its published mapping alone, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from panel.access.rules import Actor
from panel.changelog.deeds import NoDeed, deed
from panel.changelog.verify import verify
from panel.words import Refused
from panel.workflow.approval import outdated
from panel.workflow.choosing import choose, mapping_rows, ways_to
from panel.workflow.passing import pass_on, waiting
from panel.workflow.proposals import decide, propose
from panel.workflow.reading import WrongProcess
from panel.workflow.records import UnknownStep
from tests.databases import ON_SQLITE
from tests.panel.workflow.office import (
    ANI,
    ASEP,
    BAYU,
    BOTH,
    DEWI,
    PROCESS,
    LeaveRequest,
    Office,
    ProcessMapping,
    ProcessVersion,
)

MAPPING = '\n[[mapping]]\nfrom_version = 1\nwas = "asked"\nbecomes = "wanted"\n'
#: "asked" is called otherwise, and so is the step that grants.
RENAMED = PROCESS.replace('"asked"', '"wanted"').replace('name = "grant"', 'name = "allow"')


def _proposed(office: Office, text: str = RENAMED + MAPPING, actor: Actor = BAYU) -> int:
    with office.acting(actor, "process_version.propose") as (session, _):
        number: int = propose(office.workflow, session, text, actor=actor, reason="as agreed").id
    return number


def _published(office: Office, text: str = RENAMED + MAPPING) -> int:
    number = _proposed(office, text)
    with office.acting(DEWI, "process_version.publish") as (session, _):
        version = session.get_one(ProcessVersion, number)
        decide(office.workflow, session, version, "publish", actor=DEWI, reason="so be it")
    return number


def _pass(office: Office, record: int, version: int = 2, actor: Actor = BOTH) -> None:
    with office.acting(actor, "leave_request.migrate") as (session, _):
        found = session.get_one(LeaveRequest, record)
        to = session.get_one(ProcessVersion, version)
        pass_on(office.workflow, session, found, to, "letter 12")


def _stands(office: Office, record: int) -> tuple[str, int, Any]:
    with office.sessions() as session:
        found = session.get_one(LeaveRequest, record)
        return found.status, found.process_version_id, found.decision_id


def _choose(office: Office, version: int, actor: Actor, picked: dict[tuple[int, str], str]) -> None:
    with office.acting(actor, "process_version.map") as (session, _):
        found = session.get_one(ProcessVersion, version)
        process = office.workflow.read(found.text)
        choose(office.workflow, session, found, process, picked, actor=actor)


def _refused(office: Office, code: str, act: Callable[[], object]) -> str:
    before = office.stored()
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.code == code
    assert office.stored() == before
    return str(refused.value.sentence)


def _raw(office: Office, *statements: str) -> None:
    with deed("raw", actor=ANI), office.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def _raw_refused(office: Office, code: str, *statements: str) -> None:
    before = office.stored()
    with pytest.raises(IntegrityError, match=f"jenjang:{code}"):
        _raw(office, *statements)
    assert office.stored() == before


# What passes on, and as what


def test_a_running_record_passes_on_and_everything_about_it_stays(office: Office) -> None:
    number = office.at("asked")
    with office.sessions() as session:
        case = office.workflow.case(session, session.get_one(LeaveRequest, number))
    _, _, step = _stands(office, number)
    version = _published(office)

    _pass(office, number)

    assert _stands(office, number) == ("wanted", version, step)
    with office.sessions() as session:
        record = session.get_one(LeaveRequest, number)
        latest, earlier = office.workflow.decisions(session, record)
        assert (latest.step, latest.was, latest.becomes) == ("migrate", "asked", "wanted")
        assert (latest.was_version_id, latest.process_version_id) == (1, version)
        assert (latest.actor_name, latest.reason) == ("Both", "letter 12")
        assert (earlier.step, earlier.was_version_id, earlier.process_version_id) == ("ask", 1, 1)
        now = office.workflow.case(session, record)
        assert (now.since, now.parties) == (case.since, case.parties)
    assert "creator" in now.parties
    assert verify(office.engine, office.log, office.triggers()).sound
    office.move(BAYU, number, "allow", values={"pay": "paid"})
    assert _stands(office, number)[0] == "granted"


@ON_SQLITE
def test_passing_on_is_no_edit_and_no_approval(office: Office) -> None:
    number = office.at("granted")
    _published(office)
    with office.sessions() as session:
        before = office.workflow.parties(session, session.get_one(LeaveRequest, number))

    _pass(office, number, actor=BOTH)

    with office.sessions() as session:
        record = session.get_one(LeaveRequest, number)
        assert office.workflow.parties(session, record) == before
        assert BOTH.id not in before["editor"]
        assert outdated(office.workflow, session, [record]) == {}


@ON_SQLITE
def test_what_was_approved_before_is_held_against_the_approval_after_it(office: Office) -> None:
    number = office.at("granted")
    with office.acting(ANI) as (session, _):
        session.get_one(LeaveRequest, number).note = "foreseen"
    # what is open by its name in the old version is part of what was approved in the new one
    text = RENAMED.replace('["note", "leave_day.note", "leave_paper"]', '["leave_paper"]')
    _published(office, text)

    _pass(office, number)

    with office.sessions() as session:
        record = session.get_one(LeaveRequest, number)
        found = outdated(office.workflow, session, [record])[number]
        assert (found.decision.step, [d.field for d in found.differences]) == ("grant", ["note"])


def test_records_at_their_end_stay_unless_they_are_mapped(office: Office) -> None:
    over, asked, draft = office.at("over"), office.at("asked"), office.ask()
    version = _published(office)

    with office.sessions() as session:
        found = session.get_one(ProcessVersion, version)
        process = office.workflow.process_in(found)
        [earlier] = ways_to(office.workflow, session, found, process)
        assert waiting(office.workflow, session, found, 9) == [asked, draft]
        assert waiting(office.workflow, session, found, 1) == [asked]
        assert waiting(office.workflow, session, found, 9, after=asked) == [draft]
    assert (earlier.passing, earlier.staying) == (2, 1)
    assert _refused(office, "state", lambda: _pass(office, over)) == (
        "No mapping leads on from “Over”."
    )


@ON_SQLITE
def test_a_record_that_was_mapped_at_its_end_passes_on_too(office: Office) -> None:
    over = office.at("over")
    _published(office, RENAMED + MAPPING.replace("asked", "over").replace("wanted", "over"))

    _pass(office, over)

    assert _stands(office, over)[:2] == ("over", 2)


@ON_SQLITE
def test_a_record_passes_over_versions_that_it_never_followed(office: Office) -> None:
    number = office.at("asked")
    _published(office, RENAMED)
    third = RENAMED.replace('"wanted"', '"sought"')
    _published(office, third + MAPPING.replace("wanted", "sought"))

    _pass(office, number, version=3)

    assert _stands(office, number)[:2] == ("sought", 3)
    _refused(office, "state", lambda: _pass(office, number, version=3))
    _refused(office, "state", lambda: _pass(office, number, version=2))


def test_a_draft_that_passed_on_is_kept(office: Office) -> None:
    number = office.ask()
    _published(office)
    _pass(office, number)

    def delete() -> None:
        with office.acting(ANI) as (session, _):
            session.delete(session.get_one(LeaveRequest, number))
            session.flush()

    _refused(office, "locked", delete)
    _raw_refused(office, "decided", "DELETE FROM leave_request")


def test_what_a_step_alone_sets_from_now_on_is_not_brought_along_by_hand(office: Office) -> None:
    filled, empty = office.ask(note="by hand"), office.ask()
    _published(
        office,
        RENAMED.replace('["note", "leave_day.note", "leave_paper"]', "[]").replace(
            'sets = ["pay",', 'sets = ["note", "leave_day.note", "pay",'
        ),
    )

    assert "“note” is filled in" in _refused(office, "locked", lambda: _pass(office, filled))
    _raw_refused(office, "status", _migrated(filled, "draft", "draft"), _to(filled, "draft"))
    _pass(office, empty)


@ON_SQLITE
def test_without_a_deed_nothing_passes_on(office: Office) -> None:
    number = office.at("asked")
    version = _published(office)

    with office.sessions() as session:
        record = session.get_one(LeaveRequest, number)
        to = session.get_one(ProcessVersion, version)
        with pytest.raises(NoDeed):
            pass_on(office.workflow, session, record, to, "x")


# Choosing


@ON_SQLITE
def test_who_proposed_says_what_becomes_of_records_and_another_publishes_that(
    office: Office,
) -> None:
    number = office.at("asked")
    version = _proposed(office, RENAMED)
    why = _refused(office, "duty", lambda: _choose(office, version, DEWI, {(1, "asked"): "wanted"}))
    assert why == "Who proposed the change says what becomes of records."
    for wrong in ("granted", "draft", "nowhere"):
        _refused(
            office,
            "field",
            lambda: _choose(office, version, BAYU, {(1, "asked"): wrong}),  # noqa: B023 - called at once
        )

    _choose(office, version, BAYU, {(1, "asked"): "wanted", (1, "draft"): "granted"})

    with office.acting(DEWI, "process_version.publish") as (session, _):
        found = session.get_one(ProcessVersion, version)
        shown = mapping_rows(
            ways_to(office.workflow, session, found, office.workflow.read(found.text))
        )
        decide(office.workflow, session, found, "publish", actor=DEWI, reason="so be it")
    rows = [(1, "draft", "draft"), (1, "asked", "wanted"), (1, "granted", "granted")]
    assert shown == rows
    with office.sessions() as session:
        way = ProcessMapping
        laid = session.execute(sa.select(way.was_version_id, way.was, way.becomes))
        assert sorted(map(tuple, laid)) == sorted(rows)
    _refused(office, "state", lambda: _choose(office, version, BAYU, {}))
    _pass(office, number)


@ON_SQLITE
def test_a_choice_is_taken_back(office: Office) -> None:
    number = office.at("asked")
    version = _proposed(office)

    _choose(office, version, BAYU, {})

    with office.acting(DEWI, "process_version.publish") as (session, _):
        found = session.get_one(ProcessVersion, version)
        decide(office.workflow, session, found, "publish", actor=DEWI, reason="so be it")
    _refused(office, "state", lambda: _pass(office, number))


@ON_SQLITE
@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("from_version = 1", "from_version = 7", "Line 79, column 1: No version 7 is published."),
        ('was = "asked"', 'was = "lost"', "Line 80, column 1: There is no state “lost”."),
        ('becomes = "wanted"', 'becomes = "granted"', "Line 81, column 1: “Asked” is waiting"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_with_its_line(
    office: Office, was: str, becomes: str, said: str
) -> None:
    before = office.stored()

    with pytest.raises(WrongProcess) as wrong:
        _proposed(office, RENAMED + MAPPING.replace(was, becomes))

    assert str(wrong.value.sentences[0]).startswith(said)
    assert office.stored() == before


# Past the application


def _migrated(
    record: int, was: str, becomes: str, *, old: int = 1, new: int = 2, step: str = "migrate"
) -> str:
    """A decision to pass on that another program writes."""
    return (
        "INSERT INTO decision (id, record_table, record_id, process_version_id, was_version_id,"
        " step, was, becomes, at, actor_id, actor_name, reason, seen_hash, snapshot, request_id)"
        f" VALUES (900, 'leave_request', {record}, {new}, {old}, '{step}', '{was}', '{becomes}',"
        " '2026-11-21 00:00:00.000000', 3, 'Bayu', '', '', '', '')"
    )


def _to(record: int, status: str, version: int = 2, more: str = "") -> str:
    return (
        f"UPDATE leave_request SET status = '{status}', process_version_id = {version}{more}"
        f" WHERE id = {record}"
    )


def test_another_program_passes_nothing_on_past_the_mapping(office: Office) -> None:
    asked, over, other = office.at("asked"), office.at("over"), office.at("asked")
    _published(office)
    _proposed(office, RENAMED + "\n# third\n" + MAPPING)
    good = _migrated(asked, "asked", "wanted")

    for statements in (
        [_to(asked, "wanted")],
        [_to(asked, "asked")],
        [_to(asked, "wanted", 3)],
        [_to(asked, "wanted", 2, ", decision_id = 900")],
        # decisions that no mapping bears
        [_migrated(asked, "asked", "granted")],
        [_migrated(asked, "asked", "draft")],
        [_migrated(asked, "draft", "draft")],
        [_migrated(over, "over", "over")],
        [_migrated(asked, "asked", "wanted", step="ask")],
        [_migrated(asked, "asked", "asked", new=1)],
        [_migrated(asked, "asked", "wanted", new=3)],
        [_migrated(asked, "wanted", "wanted", old=2)],
        # a sound decision, and another act
        [good, _to(asked, "granted")],
        [good, _to(asked, "wanted", 3)],
        [good, _to(other, "wanted")],
        [good, _to(asked, "wanted", 2, ", decision_id = 900")],
        [good, f"UPDATE leave_request SET status = 'wanted' WHERE id = {asked}"],
        [good, f"UPDATE leave_request SET decision_id = 900 WHERE id = {asked}"],
        [good, _to(asked, "wanted", 2, ", created_by_id = 3")],
        [good, _to(asked, "wanted"), _to(asked, "asked", 1)],
    ):
        _raw_refused(office, "status", *statements)
    _raw_refused(office, "locked", good, _to(asked, "wanted", 2, ", why = 'x'"))
    _raw(office, good, _to(asked, "wanted"))


LAY = "INSERT INTO process_mapping (version_id, was_version_id, was, becomes) VALUES "


def test_a_mapping_is_laid_down_before_publication_and_by_its_rules(office: Office) -> None:
    published = _published(office)
    proposal = _proposed(
        office,
        RENAMED.replace('"wanted"', '"sought"')
        + MAPPING.replace("asked", "over").replace("wanted", "over"),
    )

    for row in (
        "(3, 1, 'draft', 'sought')",
        "(3, 1, 'asked', 'granted')",
        "(3, 1, 'granted', 'over')",
        "(3, 2, 'asked', 'sought')",
        "(3, 3, 'draft', 'draft')",
        "(2, 3, 'draft', 'draft')",
        "(3, 1, 'draft', 'nowhere')",
    ):
        code = "append-only" if row.startswith("(2") else "status"
        _raw_refused(office, code, LAY + row)
    for statement in (
        f"{LAY}({published}, 1, 'over', 'over')",
        f"DELETE FROM process_mapping WHERE version_id = {published}",
        "UPDATE process_mapping SET becomes = 'granted'",
        f"UPDATE process_mapping SET version_id = {proposal}",
    ):
        _raw_refused(office, "append-only", statement)
    _raw(office, f"{LAY}({proposal}, 2, 'wanted', 'sought')")


@ON_SQLITE
def test_no_replace_lays_a_mapping_anew(office: Office) -> None:
    _published(office)

    _raw_refused(
        office,
        "append-only",
        LAY.replace("INSERT", "INSERT OR REPLACE") + "(2, 1, 'asked', 'wanted')",
    )


@ON_SQLITE
def test_the_gate_says_kindly_what_the_triggers_refuse(office: Office) -> None:
    number = office.at("asked")
    version = _published(office)

    def jump() -> None:
        with office.acting(ASEP) as (session, _):
            record = session.get_one(LeaveRequest, number)
            record.process_version_id, record.status = version, "wanted"
            session.flush()

    assert "by a published mapping only" in _refused(office, "locked", jump)


@pytest.mark.parametrize("first", ["grant", "migrate"])
def test_a_step_and_passing_on_at_once_have_one_effect_each(office: Office, first: str) -> None:
    """Whoever read the record before acts on what stands there when it is his turn."""
    number = office.at("asked")
    version = _published(office)
    with office.sessions() as late:
        record, to = late.get_one(LeaveRequest, number), late.get_one(ProcessVersion, version)
        seen = office.workflow.snapshot(late, record)[1]
        late.commit()
        if first == "grant":
            office.move(BAYU, number, "grant", values={"pay": "paid"})
            with deed("late", actor=BOTH):
                pass_on(office.workflow, late, record, to, "x")
                late.commit()
            assert _stands(office, number)[:2] == ("granted", version)
        else:
            _pass(office, number)
            with deed("late", actor=BAYU), pytest.raises(UnknownStep):
                office.workflow.move(late, record, "grant", seen=seen, values={"pay": "paid"})
            late.rollback()
            assert _stands(office, number)[:2] == ("wanted", version)
