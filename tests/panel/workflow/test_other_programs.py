"""Other programs at the same database: the drivers alone, none of our code, on both databases."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import make_url

from panel.changelog.verify import verify
from tests.panel.workflow.office import ANI, BAYU, Office

Program = Callable[..., None]

REFUSED = (sqlite3.IntegrityError, psycopg.errors.IntegrityError)


@pytest.fixture
def program(office: Office) -> Program:
    """Runs statements in one transaction, as a shell of the database does."""
    url = office.engine.url

    def run(*statements: str) -> None:
        if url.get_backend_name() == "sqlite":
            lite = sqlite3.connect(str(url.database), timeout=5)
            try:
                with lite:
                    for statement in statements:
                        lite.execute(statement)
            finally:
                lite.close()
            return
        server = str(make_url(url).query["host"])
        with psycopg.connect(host=server, user="postgres", dbname=url.database) as postgres:
            for statement in statements:
                postgres.execute(statement)

    return run


def forged(step: str, was: str, becomes: str, *, record: int = 1, version: int = 1) -> str:
    """A decision that nobody took."""
    return (
        "INSERT INTO decision (id, record_table, record_id, process_version_id, was_version_id,"
        " step, was, becomes, at, actor_id, actor_name, reason, seen_hash, snapshot, request_id)"
        f" VALUES (900, 'leave_request', {record}, {version}, {version}, '{step}', '{was}',"
        f" '{becomes}',"
        " '2026-11-21 00:00:00.000000', 3, 'Bayu', '', '', '', '')"
    )


BY_900 = "UPDATE leave_request SET status = '{}', decision_id = 900 WHERE id = 1"

#: What is tried on a request that is asked for, and the code of the refusal.
TRIED = [
    # the status
    ("status", "UPDATE leave_request SET status = 'granted'"),
    ("status", "UPDATE leave_request SET status = 'draft'"),
    ("status", "UPDATE leave_request SET status = 'draft', decision_id = NULL"),
    ("status", "UPDATE leave_request SET process_version_id = 2"),
    ("status", "UPDATE leave_request SET created_by_id = 3"),
    # the record and what it holds
    ("locked", "UPDATE leave_request SET why = 'another'"),
    ("locked", "UPDATE leave_request SET pay = 'paid'"),
    ("decided", "DELETE FROM leave_request WHERE id = 1"),
    ("locked", "UPDATE leave_day SET note = 'n'"),
    ("locked", "UPDATE leave_day SET verdict = 'v'"),
    ("locked", "UPDATE leave_day SET request_id = 2 WHERE request_id = 1"),
    ("locked", "INSERT INTO leave_day (request_id, day) VALUES (1, '2026-01-01')"),
    ("locked", "DELETE FROM leave_day"),
    ("locked", "DELETE FROM leave_paper"),
    # decisions
    ("append-only", "UPDATE decision SET actor_id = 1"),
    ("append-only", "DELETE FROM decision"),
    ("status", forged("grant", "draft", "granted")),
    ("status", forged("grant", "asked", "nowhere")),
    ("status", forged("grant", "asked", "granted", record=99)),
    ("status", forged("grant", "asked", "granted", version=2)),
    # the process
    ("append-only", "UPDATE process_version SET text = ''"),
    ("append-only", "DELETE FROM process_version"),
    ("append-only", "UPDATE process_state SET initial = TRUE"),
    ("append-only", "DELETE FROM process_state"),
    (
        "append-only",
        "INSERT INTO process_field (version_id, state, field) VALUES (1, 'asked', '*')",
    ),
    ("append-only", "DELETE FROM process_field"),
]


def test_what_the_process_closes_is_closed_to_every_program(
    office: Office, program: Program
) -> None:
    office.at("asked")
    before = office.stored()

    for code, statement in TRIED:
        with pytest.raises(REFUSED, match=f"jenjang:{code}"):
            program(statement)

    assert office.stored() == before


def test_a_forged_decision_carries_no_other_status_than_its_own(
    office: Office, program: Program
) -> None:
    office.at("asked")
    before = office.stored()

    for becomes in ("granted", "over", "asked"):
        with pytest.raises(REFUSED, match="jenjang:status"):
            program(forged("withdraw", "asked", "draft"), BY_900.format(becomes))

    assert office.stored() == before


def test_a_decision_forged_in_every_part_is_found_by_the_log(
    office: Office, program: Program
) -> None:
    office.at("asked")

    program(forged("grant", "asked", "granted"), BY_900.format("granted"))

    report = verify(office.engine, office.log, office.triggers())
    assert not report.sound
    assert ("decision", "900") in {(one.table, one.pk) for one in report.findings}


def test_what_is_open_stays_open_and_is_kept_as_from_outside(
    office: Office, program: Program
) -> None:
    number = office.ask()

    program(f"UPDATE leave_request SET why = 'another' WHERE id = {number}")

    report = verify(office.engine, office.log, office.triggers())
    assert [(one.table, one.pk) for one in report.findings] == [("leave_request", str(number))]
    office.move(ANI, number, "ask")
    office.move(BAYU, number, "grant", values={"pay": "paid"})
