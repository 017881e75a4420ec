"""The pages of a long change log: `python -m tests.bench.audit [CHANGES]`.

The demo's own log is copied behind itself until it is long enough, by SQL and without triggers;
the copies carry no seal. The newest deeds are real ones, as a page looks at the end of the chain.
Every page stands beside the first page of the same log at ten thousand changes.
"""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from models.people import Official
from models.records import panel
from panel.access.rules import Actor
from panel.changelog.records import deed
from seed.commands import prepare
from tests.bench.sizes import PAGED
from tests.site import sign_in, site_in

LONG, SHORT = PAGED, 10_000
#: Deeds at the end that are sealed: more than a page looks at when it glances at the chain.
SEALED = 250
TIMES = 5
#: Signs-in, refusals, exports and looks of each copy, which the demo has none of.
EVENTS = (("sign-in", 150), ("action_plan.approve.refused", 20), ("official.export", 20))
#: Days that the whole log spans.
DAYS = 2000

#: What is asked, by name.
PAGES = {
    "first page": "",
    "a page deep in the log": "before={middle}",
    "person": "actor=3",
    "kind": "table=evidence",
    "rare kind": "table=role",
    "record": "table=official&record=7",
    "field": "table=action_plan&field=status",
    "action": "action=evidence.create",
    "refusals": "what=refused",
    "address": "address=10.0.0.7",
    "address that is not there": "address=10.9.9.9",
    "one day": "from=2023-06-01&to=2023-06-01",
    "until a day long ago": "to=2022-01-31",
    "outside the application": "what=outside",
    "words": "q=bukti",
    "words that are nowhere": "q=qqxyzzy",
}


def main() -> None:
    """Fill both logs, ask every page, print the ratios."""
    changes = int(sys.argv[1]) if len(sys.argv) > 1 else LONG
    with tempfile.TemporaryDirectory(prefix="jenjang-bench-") as folder:
        instance = Path(folder) / "instance"
        app = site_in(instance)
        list(prepare(app))
        close(app)
        show(instance, changes)


def show(instance: Path, changes: int) -> None:
    """Print every page of a copy of `instance` with as many changes, beside a short one."""
    short, long = (copied(instance, name) for name in ("short", "long"))
    lengthen(short / "jenjang.sqlite3", SHORT)
    begun = time.perf_counter()
    deeds, rows = lengthen(long / "jenjang.sqlite3", changes)
    took = time.perf_counter() - begun
    print(f"{rows:,} changes in {deeds:,} deeds, filled in {took:.0f} s", flush=True)
    apps = [site_in(short), site_in(long)]
    for app in apps:
        end(app)
    first = next(asked(apps[0], {"first page": ""}, deeds))[1]
    for name, seconds in asked(apps[1], PAGES, deeds):
        times = f"{seconds * 1000:8.1f} ms against {first * 1000:8.1f} ms"
        against = f"first page at {SHORT:,} changes"
        print(f"change log, {name:30} {seconds / first:5.2f}   {times} ({against})", flush=True)


def copied(instance: Path, name: str) -> Path:
    """Another instance with the same keys and records."""
    folder = instance.parent / name
    shutil.copytree(instance, folder)
    return folder


def close(app: Flask) -> None:
    """Leave no connection open."""
    with app.app_context():
        panel.db.session.remove()
        panel.db.engine.dispose()


def end(app: Flask) -> None:
    """Deeds with their seals at the end of the log."""
    with app.app_context():
        for number in range(SEALED):
            subject = ("official", "7")
            edit = deed("official.edit", actor=Actor(1, "Ani"), subject=subject, reason="Contoh")
            with edit, Session(panel.db.engine) as session:
                session.get_one(Official, 7).note = f"Catatan {number}"
                session.commit()
    close(app)


def asked(app: Flask, pages: dict[str, str], deeds: int) -> Iterator[tuple[str, float]]:
    """Each page with the median of its seconds, as an auditor of one city gets it."""
    client = app.test_client()
    sign_in(client, "citra")
    for name, question in pages.items():
        path = f"/changes/?{question.format(middle=deeds // 2)}"
        page(client, path)
        times = []
        for _ in range(TIMES):
            begun = time.perf_counter()
            page(client, path)
            times.append(time.perf_counter() - begun)
        yield name, statistics.median(times)
    close(app)


def page(client: FlaskClient, path: str) -> str:
    """A page, which has to be there."""
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answers {answer.status_code}")
    return answer.text


# Filling


def lengthen(path: Path, changes: int) -> tuple[int, int]:
    """Copy the log of a database behind itself up to so many changes; deeds and changes then."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        run = connection.execute
        run("PRAGMA journal_mode=OFF")
        run("PRAGMA synchronous=OFF")
        run("PRAGMA cache_size=-400000")
        triggers = run("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        named = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        indexes = run(f"{named} AND tbl_name IN ('change', 'deed')").fetchall()
        for kind, rows in (("TRIGGER", triggers), ("INDEX", indexes)):
            for name, _sql in rows:
                run(f'DROP {kind} "{name}"')
        run("BEGIN")
        fill(connection, changes)
        run("COMMIT")
        for _name, sql in (*indexes, *triggers):
            run(sql)
        run("PRAGMA journal_mode=WAL")
        counts = "SELECT (SELECT max(seq) FROM deed), (SELECT max(id) FROM change)"
        deeds, rows = run(counts).fetchone()
        return deeds, rows


def fill(connection: sqlite3.Connection, changes: int) -> None:
    """Copy upon copy of the deeds and their changes, with numbers that go on and days that pass."""
    run = connection.execute
    run("CREATE TEMP TABLE kept_deed AS SELECT * FROM deed")
    run("CREATE TEMP TABLE kept_change AS SELECT * FROM change")
    rows, deeds = run(
        "SELECT (SELECT max(id) FROM kept_change), (SELECT max(seq) FROM kept_deed)"
    ).fetchone()
    events = sum(count for _, count in EVENTS)
    copies = (changes - rows) // rows
    step, day = deeds + events, DAYS / max(copies, 1)
    moment = f"strftime('%Y-%m-%dT%H:%M:%fZ', '2021-01-01', '+' || (:copy * {day}) || ' days')"
    for table in ("change", "deed"):
        run(f"UPDATE {table} SET at = {moment}", {"copy": 0})
    for copy in range(1, copies + 1):
        given: dict[str, Any] = {
            "copy": copy,
            "rows": copy * rows,
            "deeds": deeds + (copy - 1) * step,
            "far": copy << 42,
        }
        run(
            copying(
                "kept_change",
                "change",
                {
                    "id": "id + :rows",
                    "deed_id": "deed_id + :far",
                    "at": moment,
                },
                names(connection, "change"),
            ),
            given,
        )
        run(
            copying(
                "kept_deed",
                "deed",
                {
                    "seq": "seq + :deeds",
                    "id": "id + :far",
                    "at": moment,
                    "last": "CASE WHEN n THEN last + :rows ELSE 0 END",
                    "prev": "prev || :copy",
                    "mac": "mac || :copy",
                },
                names(connection, "deed"),
            ),
            given,
        )
        add_events(connection, given, deeds, moment)


def names(connection: sqlite3.Connection, table: str) -> list[str]:
    """The columns of a table."""
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def copying(source: str, target: str, new: dict[str, str], columns: list[str]) -> str:
    """The statement that copies rows with some of their values made anew."""
    values = ", ".join(new.get(name, f'"{name}"') for name in columns)
    return f"INSERT INTO {target} SELECT {values} FROM {source}"


def add_events(
    connection: sqlite3.Connection, given: dict[str, Any], deeds: int, moment: str
) -> None:
    """Deeds without changes, from addresses of their own."""
    first = 0
    for action, count in EVENTS:
        new = {
            "seq": f":deeds + {deeds + first} + number",
            "id": f":far + {first} + number",
            "action": f"'{action}'",
            "actor_id": "1 + number % 6",
            "actor_kind": "'account'",
            "scope": "'1'",
            "at": moment,
            "personal": """'{"actor":"Contoh","address":"10.0.0.' || (number % 20) || '"}'""",
            "n": "0",
            "last": "0",
            "prev": f"'{action}' || :deeds || '-' || number",
            "mac": f"'seal of {action}' || :deeds || '-' || number",
        }
        many = (
            f"(WITH RECURSIVE n(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM n"
            f" WHERE number < {count}) SELECT * FROM n, (SELECT * FROM kept_deed LIMIT 1))"
        )
        run = connection.execute
        run(copying(many, "deed", new, names(connection, "deed")), given)
        first += count


if __name__ == "__main__":
    main()
