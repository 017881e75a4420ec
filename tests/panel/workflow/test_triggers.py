"""The triggers alone: raw statements in a deed, without session and gate, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from panel.changelog.deeds import deed
from panel.changelog.triggers import differences
from tests.panel.workflow.office import ANI, BAYU, LeaveRequest, Office


def _run(office: Office, *statements: str) -> None:
    with deed("raw", actor=ANI), office.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def _refused(office: Office, code: str, *statements: str) -> None:
    before = office.stored()

    with pytest.raises(IntegrityError, match=f"jenjang:{code}"):
        _run(office, *statements)

    assert office.stored() == before


def _decision(step: str, was: str, becomes: str, *, record: int = 1, id: int = 900) -> str:
    return (
        "INSERT INTO decision (id, record_table, record_id, process_version_id, was_version_id,"
        " step, was, becomes, at, actor_id, actor_name, reason, seen_hash, snapshot, request_id)"
        f" VALUES ({id}, 'leave_request', {record}, 1, 1, '{step}', '{was}', '{becomes}',"
        " '2026-11-21 00:00:00.000000', 3, 'Bayu', '', '', '', '')"
    )


NEW = "INSERT INTO leave_request (id, why, printed, process_version_id, created_by_id, status{}"
TO = "UPDATE leave_request SET status = "


STATUS = [
    f"{TO}'granted'",
    f"{TO}'nowhere'",
    f"{TO}'draft'",
    f"{TO}'draft', decision_id = NULL",
    "UPDATE leave_request SET decision_id = NULL",
    f"{TO}'granted', decision_id = 900",
    "UPDATE leave_request SET process_version_id = 2",
    "UPDATE leave_request SET created_by_id = 3",
    NEW.format(") VALUES (9, '', 0, 1, 1, 'granted')"),
    NEW.format(") VALUES (9, '', 0, 2, 1, 'draft')"),
    NEW.format(", decision_id) VALUES (9, '', 0, 1, 1, 'draft', 1)"),
]


def test_a_raw_status_is_refused(office: Office) -> None:
    office.at("asked")

    for statement in STATUS:
        _refused(office, "status", statement)


def test_an_old_or_foreign_decision_does_not_carry_a_status(office: Office) -> None:
    first = office.at("granted")
    office.move(BAYU, first, "reopen", reason="again")
    office.move(ANI, first, "ask")
    other = office.at("granted")
    with office.sessions() as session:
        foreign = session.get_one(LeaveRequest, other).decision_id

    for old in (1, 2, foreign):
        _refused(office, "status", f"{TO}'granted', decision_id = {old} WHERE id = {first}")


def test_a_fresh_decision_carries_its_own_step_and_no_other(office: Office) -> None:
    office.at("asked")
    withdraw = _decision("withdraw", "asked", "draft")
    grant = _decision("grant", "asked", "granted", id=901)
    draft = f"{TO}'draft', decision_id = 900"

    _refused(office, "status", withdraw, f"{TO}'granted', decision_id = 900")
    _refused(office, "status", withdraw, "UPDATE leave_request SET decision_id = 900")
    _refused(office, "status", withdraw, grant, draft, f"{TO}'granted', decision_id = 901")
    _refused(office, "status", withdraw, grant, f"{TO}'granted', decision_id = 901", draft)
    _run(office, withdraw, draft)


def test_a_decision_without_its_record_is_refused(office: Office) -> None:
    office.at("asked")

    for statement in (
        _decision("grant", "draft", "granted"),
        _decision("grant", "asked", "nowhere"),
        _decision("grant", "asked", "granted", record=99),
        _decision("grant", "asked", "granted").replace("'leave_request'", "'deed'"),
        _decision("grant", "asked", "granted").replace(", 1, 'grant'", ", 2, 'grant'"),
        _decision("migrate", "asked", "granted"),
        _decision("grant", "asked", "granted").replace(", 1, 1, 'grant'", ", 2, 2, 'grant'"),
    ):
        _refused(office, "status", statement)


def test_a_decision_is_never_changed_or_deleted(office: Office) -> None:
    office.at("asked")

    _refused(office, "append-only", "UPDATE decision SET reason = 'nicer'")
    _refused(office, "append-only", "DELETE FROM decision")


LOCKED = [
    "UPDATE leave_request SET why = 'other'",
    "UPDATE leave_request SET facts = '{}'",
    "UPDATE leave_request SET pay = 'paid'",
    "UPDATE leave_day SET day = '2026-01-01'",
    "UPDATE leave_day SET note = 'n'",
    "UPDATE leave_day SET verdict = 'v'",
    "INSERT INTO leave_day (request_id, day) VALUES (1, '2026-01-01')",
    "DELETE FROM leave_day",
    "DELETE FROM leave_paper",
    "INSERT INTO leave_paper (request_id, name) VALUES (1, 'x')",
    "UPDATE leave_day SET request_id = 2 WHERE request_id = 1",
    "UPDATE leave_day SET request_id = 1 WHERE request_id = 2",
]


def test_a_locked_record_and_its_children_are_closed(office: Office) -> None:
    office.at("asked")
    office.ask()
    with deed("free", actor=ANI), office.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE leave_day SET day = '2026-02-02' WHERE request_id = 2")

    for statement in LOCKED:
        _refused(office, "locked", statement)


def test_a_draft_is_open_but_for_the_fields_of_steps(office: Office) -> None:
    office.ask()
    office.ask()

    _run(
        office,
        "UPDATE leave_request SET why = 'other', facts = '{}', printed = 3 WHERE id = 1",
        "UPDATE leave_day SET day = '2026-01-01', note = 'n' WHERE request_id = 1",
        "INSERT INTO leave_day (request_id, day) VALUES (1, '2026-01-02')",
        "UPDATE leave_day SET request_id = 2 WHERE day = '2026-01-02'",
        "DELETE FROM leave_paper WHERE request_id = 1",
    )
    _refused(office, "locked", "UPDATE leave_request SET pay = 'paid'")
    _refused(office, "locked", "UPDATE leave_day SET verdict = 'v'")


def test_a_step_field_passes_only_beside_its_own_decision(office: Office) -> None:
    office.at("asked")
    grant = _decision("grant", "asked", "granted")
    withdraw = _decision("withdraw", "asked", "draft")

    _refused(office, "locked", withdraw, f"{TO}'draft', decision_id = 900, pay = 'paid'")
    _refused(office, "locked", withdraw, "UPDATE leave_day SET verdict = 'v'")
    _refused(office, "locked", grant, f"{TO}'granted', decision_id = 900, why = 'other'")
    _run(
        office,
        grant,
        "UPDATE leave_day SET verdict = 'v'",
        f"{TO}'granted', decision_id = 900, pay = 'paid'",
    )
    _refused(office, "locked", "UPDATE leave_day SET verdict = 'w'")
    _refused(office, "locked", "UPDATE leave_request SET pay = 'double'")


def test_a_new_record_brings_no_field_of_a_step(office: Office) -> None:
    office.ask()

    _refused(office, "locked", NEW.format(", pay) VALUES (9, '', 0, 1, 1, 'draft', 'paid')"))
    _refused(
        office,
        "locked",
        "INSERT INTO leave_day (request_id, day, verdict) VALUES (1, '2026-01-01', 'fine')",
    )


def test_a_bulk_statement_meets_the_same_lock(office: Office) -> None:
    office.ask()
    office.at("asked")
    before = office.stored()

    for statement in (
        sa.update(LeaveRequest).values(why="all"),
        sa.update(LeaveRequest).values(status="granted"),
        sa.delete(LeaveRequest).where(LeaveRequest.id == 2),
    ):
        with office.acting(ANI) as (session, _):
            with pytest.raises(IntegrityError, match="jenjang:"):
                session.execute(statement)
            session.rollback()

    assert office.stored() == before


def test_what_was_decided_on_stays(office: Office) -> None:
    number = office.at("asked")
    office.move(ANI, number, "withdraw")

    _refused(office, "decided", "DELETE FROM leave_request")


def test_a_draft_is_deleted_with_its_children_by_cascade(office: Office) -> None:
    office.ask()

    _run(office, "DELETE FROM leave_paper", "DELETE FROM leave_request")

    with office.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM leave_day").scalar() == 0


def test_primary_keys_never_change(office: Office) -> None:
    office.ask()

    _refused(office, "key", "UPDATE leave_day SET id = 77")
    _refused(office, "key", "UPDATE leave_request SET id = 77")


def test_a_published_process_is_closed(office: Office) -> None:
    for statement in (
        "UPDATE process_version SET text = ''",
        "UPDATE process_version SET published_at = NULL",
        "UPDATE process_version SET published_at = '2020-01-01 00:00:00.000000'",
        "DELETE FROM process_version",
        "INSERT INTO process_state (version_id, code, category, initial)"
        " VALUES (1, 'free', 'draft', TRUE)",
        "UPDATE process_state SET initial = TRUE",
        "DELETE FROM process_state WHERE code = 'over'",
        "INSERT INTO process_field (version_id, state, field) VALUES (1, 'asked', '*')",
        "UPDATE process_field SET field = '*'",
        "DELETE FROM process_field",
    ):
        _refused(office, "append-only", statement)


VERSION = (
    "INSERT INTO process_version (id, kind, record_table, number, text, sha256, created_at,"
    " proposed_by_id{}) VALUES (2, 'leave_request', 'leave_request', 2, '', '',"
    " '2026-11-21 00:00:00.000000', 3{})"
)
MOMENT = "'2026-11-21 00:00:00.000000'"


def test_a_version_is_published_after_its_states_and_not_before(office: Office) -> None:
    office.ask()
    publish = (
        f"UPDATE process_version SET published_at = {MOMENT}, published_by_id = 4 WHERE id = 2"
    )
    state = (
        "INSERT INTO process_state (version_id, code, category, initial)"
        " VALUES (2, 'draft', 'draft', TRUE)"
    )
    record = NEW.format(") VALUES (9, '', 0, 2, 1, 'draft')")

    born = VERSION.format(", published_at", ", '2026-11-21 00:00:00.000000'")
    _refused(office, "append-only", born)
    _refused(office, "append-only", VERSION.format("", ""), publish)
    _refused(office, "status", VERSION.format("", ""), state, record)
    _run(office, VERSION.format("", ""), state, publish, record)
    _refused(office, "append-only", state.replace("'draft', 'draft'", "'other', 'draft'"))


def test_a_version_is_published_by_another_account_and_by_no_statement_of_one(
    office: Office,
) -> None:
    state = (
        "INSERT INTO process_state (version_id, code, category, initial)"
        " VALUES (2, 'draft', 'draft', TRUE)"
    )
    update = "UPDATE process_version SET {} WHERE id = 2"
    by = f"published_at = {MOMENT}, published_by_id = {{}}"
    unclaimed = VERSION.format("", "").replace(", 3)", ", NULL)")

    for change in (
        by.format("3"),
        by.format("NULL"),
        by.format("4") + ", proposed_by_id = 5",
        by.format("4") + ", text = ''",
        by.format("4") + f", withdrawn_at = {MOMENT}",
        "proposed_by_id = 5",
        "proposed_by_id = NULL",
        "published_by_id = 4",
        f"withdrawn_at = {MOMENT}, proposed_reason = 'x'",
    ):
        made = VERSION.format("", "").replace("'', ''", "'x', ''")
        _refused(office, "append-only", made, state, update.format(change))
    for change in (by.format("4"), "proposed_by_id = 5, published_by_id = 4"):
        _refused(office, "append-only", unclaimed, state, update.format(change))
    withdraw = update.format(f"withdrawn_at = {MOMENT}")
    for change in (by.format("4"), "withdrawn_at = NULL", f"withdrawn_at = {MOMENT}"):
        _refused(
            office, "append-only", VERSION.format("", ""), state, withdraw, update.format(change)
        )
    _refused(
        office, "append-only", VERSION.format("", ""), "DELETE FROM process_version WHERE id = 2"
    )
    _refused(office, "append-only", VERSION.format(", withdrawn_at", f", {MOMENT}"))
    _run(
        office, unclaimed, state, update.format("proposed_by_id = 3"), update.format(by.format("4"))
    )


def test_the_database_has_the_triggers_that_are_expected(office: Office) -> None:
    with office.engine.connect() as connection:
        assert differences(connection, office.triggers()) == []


def test_replacing_a_row_on_sqlite_does_not_go_round_the_lock(tmp_path: Path) -> None:
    office = Office(f"sqlite:///{tmp_path / 'office.db'}")
    number = office.ask(code="A")
    office.move(ANI, number, "ask")
    office.ask(code="B")
    foreign = _foreign_connection(office)

    for statement, refusal in (
        (
            NEW.format(") VALUES (1, '', 0, 1, 1, 'draft')"),
            "UNIQUE constraint failed: leave_request.id",
        ),
        (
            NEW.format(", code) VALUES (9, '', 0, 1, 1, 'draft', 'A')"),
            "UNIQUE constraint failed: leave_request.code",
        ),
        (
            "UPDATE leave_request SET code = 'A' WHERE id = 2",
            "UNIQUE constraint failed: leave_request.code",
        ),
        (
            "INSERT INTO leave_day (id, request_id, day) VALUES (1, 2, '2026-01-01')",
            "UNIQUE constraint failed: leave_day.id",
        ),
        ("UPDATE leave_day SET id = 1 WHERE id = 2", "jenjang:key"),
        (
            "INSERT INTO process_state (version_id, code, category, initial)"
            " VALUES (1, 'asked', 'draft', TRUE)",
            "jenjang:append-only",
        ),
    ):
        before = office.stored()
        verb, rest = statement.split(" ", 1)
        with pytest.raises(IntegrityError, match=refusal), foreign.begin():
            foreign.exec_driver_sql(f"{verb} OR REPLACE {rest}")
        assert office.stored() == before
    foreign.close()
    foreign.engine.dispose()
    office.engine.dispose()


def _foreign_connection(office: Office) -> Connection:
    """As another program connects: no recursive triggers, no foreign keys."""
    return sa.create_engine(office.engine.url).connect()
