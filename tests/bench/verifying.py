"""Verifying beside a plain loop that reads and hashes the same rows, and how much memory it takes.

Logs of ten thousand changes and of many more, written and sealed by the program itself; each is
verified, replayed and exported in a process of its own, whose greatest size is told.
"""

from __future__ import annotations

import hashlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine

from panel.changelog.anchoring import begin
from panel.changelog.bundle import write_bundle
from panel.changelog.chain import check_links, check_rows, links
from panel.changelog.records import ChangeLog
from panel.changelog.stored import link_columns, row_columns
from panel.changelog.verify import snapshot, verify
from tests.bench.peaks import peak
from tests.bench.sizes import VERIFIED
from tests.bench.writing import many, show
from tests.panel.changelog.town import Official, open_town

ROOT = Path(__file__).parents[2]
SHORT, LONG = 10_000, VERIFIED
TIMES = 3
#: How many times the plain loop the chain may cost.
LIMIT = 3.0
SIGNING = Ed25519PrivateKey.from_private_bytes(bytes(32))


def filled(path: Path, changes: int) -> None:
    """A log of so many changes, a deed to every five thousand."""
    engine, log = open_town(f"sqlite:///{path}")
    begin(engine, log, "bench", SIGNING.public_key())
    with engine.connect() as connection:
        newest = sa.select(sa.func.max(log.tables.change.c.id))
        while (connection.scalar(newest) or 0) < changes:
            connection.rollback()
            many(engine, Official)
    engine.dispose()


def plain(connection: Connection, log: ChangeLog) -> None:
    """Read every row of the log by the driver alone, and hash each."""
    change, deed = log.tables.change, log.tables.deed
    asked = (
        sa.select(*link_columns(deed), deed.c.mac).order_by(deed.c.seq),
        sa.select(*row_columns(change)).order_by(change.c.deed_id, change.c.id),
    )
    for query in asked:
        text = str(query.compile(dialect=connection.dialect))
        with closing(connection.connection.cursor()) as cursor:
            cursor.execute(text)
            while rows := cursor.fetchmany(5000):
                for row in rows:
                    hashlib.sha256("\x1f".join(map(str, row)).encode()).digest()


def chain(connection: Connection, log: ChangeLog) -> None:
    """Numbers, links, seals, and the changes under each deed."""
    found = [*check_links(links(connection, log.tables, 0), log.keys())]
    found += check_rows(connection, log.tables)
    if found:
        raise SystemExit(str(found[0].sentence))


def in_turns(engine: Engine, log: ChangeLog) -> tuple[float, float]:
    """Medians of both in CPU time."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(TIMES):
        for act, kept in zip((chain, plain), times, strict=True):
            with engine.connect() as connection:
                begun = time.process_time()
                act(connection, log)
                kept.append(time.process_time() - begun)
    return statistics.median(times[0]), statistics.median(times[1])


def looked_at(path: Path) -> dict[str, Any]:
    """Everything about the log in that file, and how far the process grew for each part of it."""
    engine, log = open_town(f"sqlite:///{path}")
    grown = {}

    def grow(name: str, act: Callable[[], Any]) -> None:
        before = peak()
        act()
        grown[name] = peak() - before

    def whole() -> None:
        report = verify(engine, log, log.triggers("sqlite"))
        if not report.sound:
            raise SystemExit(str(report.findings[0].sentence))

    def export() -> None:
        with open(path.with_suffix(".zip"), "wb") as file, snapshot(engine) as connection:
            write_bundle(file, connection, log.tables, SIGNING)

    grow("verify", whole)
    grow("export", export)
    ours, other = in_turns(engine, log)
    engine.dispose()
    return {"grown": grown, "size": peak(), "chain": ours, "plain": other}


def main() -> None:
    """Fill both logs, look at each in a process of its own, print."""
    with tempfile.TemporaryDirectory(prefix="jenjang-bench-") as folder:
        for changes in (SHORT, LONG):
            path = Path(folder) / f"{changes}.db"
            filled(path, changes)
            told = subprocess.run(
                [sys.executable, "-m", "tests.bench.verifying", str(path)],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=True,
            )
            found = json.loads(told.stdout)
            what = f"chain of {changes:,} changes"
            show(what, found["chain"], found["plain"], "plain loop with hashlib", LIMIT)
            grown = ", ".join(f"{name} {more:.1f} MB" for name, more in found["grown"].items())
            print(f"{f'memory at {changes:,} changes':42} {found['size']:.0f} MB; grown by {grown}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(looked_at(Path(sys.argv[1]))))
    else:
        main()
