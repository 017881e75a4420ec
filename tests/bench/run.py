"""`make bench`: ratios against something run side by side; prints a table and asserts nothing.

Both sides of a ratio take turns, so that what else the machine does falls on both; the table has
the median of each. Everything is made in a temporary folder.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_babel import Babel
from sqlalchemy.orm import Session

from models.follow_up import ActionPlan
from models.people import Official
from models.records import log, panel
from panel.changelog.records import deed
from panel.changelog.rules import Command
from panel.changelog.verify import verify
from seed.commands import prepare
from tests.bench import audit, engines, importing, moves, verifying, weighing, writing
from tests.bench.bare import copy_of, without_triggers
from tests.site import PASSWORD, sign_in, site_in

ROOT = Path(__file__).parents[2]

ROUNDS = 5
ROWS, EDITS = 500, 50
PAGES = 20


def main() -> None:
    """Run everything and print it."""
    with tempfile.TemporaryDirectory(prefix="jenjang-bench-") as folder:
        instance = Path(folder) / "instance"
        app = site_in(instance)
        list(prepare(app))
        with app.app_context():
            panel.db.engine.dispose()
        show("second start, until /healthz answers", *starts(instance), "bare gunicorn wsgi:app")
        show("list of 25 action plans", *lists(app, instance), "stock Flask-Admin")
        insert, edit = writes(app, instance)
        show(f"ORM, {ROWS} officials added at once", *insert, "without triggers and seal")
        show(f"ORM, {EDITS} officials edited one by one", *edit, "without triggers and seal")
        show(f"{moves.MOVES} steps on an action plan", *steps(app, instance), "UPDATE and INSERT")
        rules()
        verified(app)
        writing.main()
        importing.main()
        weighing.main()
        verifying.main()
        audit.show(instance, audit.LONG)


def show(what: str, ours: float, other: float, against: str) -> None:
    """One line: both times and their ratio."""
    times = f"{ours * 1000:8.1f} ms against {other * 1000:8.1f} ms"
    print(f"{what:42} {ours / other:5.2f}   {times} ({against})", flush=True)


def in_turns(ours: Callable[[], Any], other: Callable[[], Any], rounds: int) -> tuple[float, float]:
    """The median of each, in seconds; each runs once before it is timed."""
    times: tuple[list[float], list[float]] = ([], [])
    for run in range(rounds + 1):
        for act, found in zip((ours, other), times, strict=True):
            begun = time.perf_counter()
            act()
            if run:
                found.append(time.perf_counter() - begun)
    return statistics.median(times[0]), statistics.median(times[1])


# Starting


def starts(instance: Path) -> tuple[float, float]:
    """`python wsgi.py` on a prepared database, and gunicorn with as many workers and threads."""
    bare = ["-m", "gunicorn", "--workers", "2", "--threads", "4", "--no-control-socket"]
    return in_turns(
        lambda: start(instance, ["wsgi.py"]),
        lambda: start(instance, [*bare, "--bind", "127.0.0.1:{port}", "wsgi:app"]),
        2,
    )


def start(instance: Path, words: list[str]) -> None:
    """Start a server, wait for its first good answer, and end it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {"INSTANCE": str(instance), "PORT": str(port), "DEMO_PASSWORD": PASSWORD}
    server = subprocess.Popen(
        [sys.executable, *(word.format(port=port) for word in words)],
        cwd=ROOT,
        env={**os.environ, **{f"JENJANG_{name}": value for name, value in own.items()}},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not answers(f"http://127.0.0.1:{port}/healthz"):
            if server.poll() is not None:
                raise SystemExit(f"{words} ended with {server.returncode}")
            time.sleep(0.02)
    finally:
        # at once: how long it takes to end is not what is measured
        server.kill()
        server.wait()


def answers(address: str) -> bool:
    """Whether a server answers there."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


# Lists


class StockPlans(ModelView):
    """The same columns, search and filters, as Flask-Admin shows them by itself."""

    column_list = ("title", "official", "status", "due_on", "result_class")
    column_searchable_list = ("title", "code", "official.full_name", "target")
    column_filters = ("status", "due_on", "result_class", "kind", "unit.name")
    column_default_sort = ("id", True)
    page_size = 25


def lists(app: Flask, instance: Path) -> tuple[float, float]:
    """A supervisor's list, and the stock list of the same table without sign-in."""
    bare = Flask("stock")
    database = f"sqlite:///{instance / 'jenjang.sqlite3'}"
    bare.config.update(SECRET_KEY="stock", SQLALCHEMY_DATABASE_URI=database)
    Babel(bare)
    panel.db.init_app(bare)
    Admin(bare, url="/").add_view(StockPlans(ActionPlan, panel.db, url="/plans"))
    ours, stock = app.test_client(), bare.test_client()
    sign_in(ours, "bayu")
    times = in_turns(
        lambda: page(ours, "/action-plans/?page_size=25"), lambda: page(stock, "/plans/"), PAGES
    )
    with bare.app_context():
        panel.db.engine.dispose()
    return times


def page(client: FlaskClient, path: str) -> None:
    """Get a page, which has to be there."""
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answers {answer.status_code}")


# Writing


def writes(app: Flask, instance: Path) -> tuple[tuple[float, float], tuple[float, float]]:
    """Inserts and single edits, captured and sealed, and on a copy without triggers."""
    copy = copy_of(instance, "bare.sqlite3")
    with app.app_context():
        captured = panel.db.engine
        bare = without_triggers(copy)
        try:
            added = in_turns(lambda: add(captured), lambda: add(bare), ROUNDS)
            edited = in_turns(lambda: edit(captured), lambda: edit(bare), ROUNDS)
        finally:
            bare.dispose()
            captured.dispose()
    return added, edited


def add(engine: sa.Engine) -> None:
    """Many officials in one transaction."""
    with deed("bench.add", actor=Command("bench")), Session(engine) as session:
        session.add_all(
            Official(region_id=1, full_name=f"Contoh {number}", employment_type="other")
            for number in range(ROWS)
        )
        session.commit()


def edit(engine: sa.Engine) -> None:
    """A few officials, each in a transaction of its own."""
    newest = sa.select(Official.id).order_by(Official.id.desc()).limit(EDITS)
    with engine.connect() as connection:
        ids = connection.scalars(newest).all()
    for id in ids:
        with deed("bench.edit", actor=Command("bench")), Session(engine) as session:
            official = session.get_one(Official, id)
            official.note = f"edited at {time.perf_counter()}"
            session.commit()


# Steps


def steps(app: Flask, instance: Path) -> tuple[float, float]:
    """Steps with decision, log and seal, and the bare statements on a copy without triggers."""
    with app.app_context():
        ani, number = moves.plan_of_ani()
        captured, bare = panel.db.engine, without_triggers(copy_of(instance, "moves.sqlite3"))
        try:
            everything = moves.moving(captured, ani, number)
            return in_turns(everything, moves.updating(bare, number), ROUNDS)
        finally:
            bare.dispose()
            captured.dispose()


def rules() -> None:
    """Offers and steps without a database, beside each of two state machines."""
    for other, name in ((1, "transitions"), (2, "python-statemachine")):
        both = engines.engines()
        engines.same(both[0], both[other])
        both = engines.engines()
        ours, theirs = both[0], both[other]
        taken = in_turns(engines.moving(ours), engines.moving(theirs), ROUNDS)
        for engine in (ours, theirs):
            engine.move(engines.ANI, "submit", "")
        offered = in_turns(engines.offering(ours), engines.offering(theirs), ROUNDS)
        show(f"rules, {2 * engines.TIMES} times all offers", *offered, name)
        show(f"rules, {4 * engines.TIMES} steps", *taken, name)


# Verifying


def verified(app: Flask) -> None:
    """How fast the whole log is checked and replayed."""
    with app.app_context():
        begun = time.perf_counter()
        report = verify(panel.db.engine, log, panel.triggers("sqlite"))
        took = time.perf_counter() - begun
        panel.db.engine.dispose()
    rate = f"{report.changes / took:,.0f} changes a second"
    print(f"{'flask log verify':42} {rate}, {report.changes} changes in {took:.2f} s")
    if not report.sound:
        raise SystemExit(str(report.findings[0].sentence))


if __name__ == "__main__":
    main()
