"""Writing with capture and seal beside the bare statements, on SQLite and on PostgreSQL.

The same model of thirteen columns, once with the log and once without. Measured is the CPU time of
this process and, on PostgreSQL, of the server's that works for it: what else the machine does at
the time is no part of it, nor is waiting for the disk.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from panel.changelog.records import PRAGMAS, deed
from tests.databases import server_of_its_own
from tests.panel.changelog.town import ANI, Official, open_town

ROOT = Path(__file__).parents[2]
ROWS, MANY, EDITS, ROUNDS = 1000, 5000, 200, 9
WRITERS, TURNS = 8, 50
#: What is at most asked for, as times of the bare write.
LIMITS = {
    "ORM insert": 2.0,
    "ORM update": 2.0,
    "insertmanyvalues": 2.0,
    "executemany": 2.0,
    "single edits": 2.4,
}

Write = Callable[[Engine, Any], None]


def values(number: int) -> dict[str, Any]:
    """An official as a clerk enters him."""
    return {
        "full_name": f"Contoh {number}",
        "phone": f"+62811{number:06}",
        "rank": number % 9,
        "status": "active",
        "active": True,
        "notes": {"from": "roster", "line": number},
    }


def insert(engine: Engine, model: Any) -> None:
    """Many objects in one transaction."""
    with deed("bench.add", actor=ANI), Session(engine) as session:
        session.add_all(model(**values(number)) for number in range(ROWS))
        session.commit()


def update(engine: Engine, model: Any) -> None:
    """As many objects changed in one transaction."""
    with deed("bench.edit", actor=ANI), Session(engine) as session:
        newest = sa.select(model).order_by(model.id.desc()).limit(ROWS)
        for one in session.scalars(newest):
            one.rank += 1
            one.full_name += "."
        session.commit()


def many(engine: Engine, model: Any) -> None:
    """Rows by statements of many rows each, which give the new keys back."""
    with deed("bench.import", actor=ANI), Session(engine) as session:
        adding = sa.insert(model).returning(model.id)
        session.scalars(adding, [values(number) for number in range(MANY)]).all()
        session.commit()


def one_by_one(engine: Engine, model: Any) -> None:
    """As many rows by one statement that is run for each, and gives nothing back."""
    with deed("bench.import", actor=ANI), Session(engine) as session:
        session.execute(sa.insert(model), [values(number) for number in range(MANY)])
        session.commit()


def single(engine: Engine, model: Any) -> None:
    """Objects changed one by one, each in a transaction of its own."""
    for number in range(EDITS):
        with deed("bench.edit", actor=ANI), Session(engine) as session:
            one = session.get_one(model, number + 1)
            one.rank += 1
            session.commit()


WRITES: dict[str, tuple[Write, int]] = {
    "ORM insert": (insert, ROWS),
    "ORM update": (update, ROWS),
    "insertmanyvalues": (many, MANY),
    "executemany": (one_by_one, MANY),
    "single edits": (single, EDITS),
}


def bare_town(url: str) -> Engine:
    """The same tables, and nothing that captures."""
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _pragmas)
    Official.metadata.create_all(engine)
    return engine


def _pragmas(driver: Any, _: Any) -> None:
    for pragma in PRAGMAS:
        driver.execute(f"PRAGMA {pragma}")


def spent(engine: Engine) -> float:
    """Seconds of CPU time so far, of this process and of the server's that works for it."""
    if engine.dialect.name == "sqlite":
        return time.process_time()
    with engine.connect() as connection:
        pid = connection.scalar(sa.select(sa.func.pg_backend_pid()))
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def seconds(write: Write, engine: Engine, model: Any) -> float:
    """What that takes."""
    begun = spent(engine)
    write(engine, model)
    return spent(engine) - begun


def in_turns(write: Write, ours: Engine, bare: Engine) -> tuple[float, float]:
    """The best of each, which take turns: a busy machine only adds. Each runs once before."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(ROUNDS + 1):
        for engine, found in zip((ours, bare), times, strict=True):
            took = seconds(write, engine, Official)
            if turn:
                found.append(took)
    return min(times[0]), min(times[1])


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, tuple[str, str]]]:
    """Addresses by kind, one for the log and one to write bare in."""
    found = {"SQLite": (f"sqlite:///{folder / 'ours.db'}", f"sqlite:///{folder / 'bare.db'}")}
    with server_of_its_own() as server:
        if server is not None:
            engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                for name in ("ours", "bare"):
                    connection.exec_driver_sql(f"CREATE DATABASE {name}")
            engine.dispose()
            ours, bare = (server.replace("/postgres?", f"/{name}?") for name in ("ours", "bare"))
            found["PostgreSQL"] = (ours, bare)
        yield found


def main() -> None:
    """Print what a write with its seal costs, and what one with Continuum, as times of bare."""
    with (
        tempfile.TemporaryDirectory(prefix="jenjang-bench-") as folder,
        databases(Path(folder)) as found,
    ):
        for kind, (ours, bare) in found.items():
            logged, plain = open_town(ours)[0], bare_town(bare)
            for name, (write, rows) in WRITES.items():
                mine, other = in_turns(write, logged, plain)
                show(f"{kind}, {name} ({rows:,})", mine, other, "bare", LIMITS[name])
            for engine in (logged, plain):
                engine.dispose()
            eight(kind, ours)
            other = [sys.executable, "-m", "tests.bench.continuum", bare, kind]
            subprocess.run(other, cwd=ROOT, check=True)


def show(what: str, ours: float, other: float, against: str, limit: float | None = None) -> None:
    """One line: the ratio, what is asked for, and both times."""
    asked = "" if limit is None else f" of {limit}" if ours <= limit * other else f" OVER {limit}"
    times = f"{ours * 1000:8.1f} ms against {other * 1000:8.1f} ms"
    print(f"{what:42} {ours / other:5.2f}{asked}   {times} ({against})", flush=True)


# Eight at once


def work(url: str, number: int, said: Any) -> None:
    """One of the writers: single edits of an official of his own; says how many were refused."""
    engine, _ = open_town(url)
    refused = 0
    for turn in range(TURNS):
        try:
            with deed("bench.edit", actor=ANI), Session(engine) as session:
                session.get_one(Official, number + 1).rank = turn
                session.commit()
        except sa.exc.DBAPIError:
            refused += 1
    engine.dispose()
    said.put(refused)


def eight(kind: str, url: str) -> None:
    """Eight processes that write at once, and how many of their commits were refused."""
    context = multiprocessing.get_context("spawn")
    said = context.SimpleQueue()
    workers = [context.Process(target=work, args=(url, number, said)) for number in range(WRITERS)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    refused = sum(said.get() for _ in workers)
    print(f"{f'{kind}, {WRITERS} writers':42} {refused} of {WRITERS * TURNS} commits refused")


if __name__ == "__main__":
    main()
