"""`flask worker`: runs the nightly work once a day and sleeps in between, until it is told to end.

It wakes every minute and looks at the clock, so that a machine that slept, or was switched off at
the hour, makes up for the night as soon as it can. The day of the last night stands in its lock.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from types import FrameType
from typing import IO

import click
from babel.dates import get_timezone
from flask import current_app
from flask.cli import with_appcontext

from ..columns import now
from .nightly import night

#: The file in the instance folder that a running worker holds.
LOCK = "worker.lock"
#: Longest sleep in seconds; a clock that jumped is noticed after it.
NAP = 60.0


@click.command("worker")
@click.option(
    "--hour",
    type=click.IntRange(0, 23),
    default=1,
    show_default=True,
    help="Hour of the night, where the offices are.",
)
@with_appcontext
def worker(hour: int) -> None:
    """Run `flask nightly` once a day, and sleep otherwise. Ends at once on SIGTERM.

    A second worker on the same instance folder is refused.
    """
    name = current_app.config.get("PANEL_TIME_ZONE")
    zone = get_timezone(name if isinstance(name, str) else "Asia/Jakarta")
    with ended_by_signals(), held(Path(current_app.instance_path)) as lock:
        click.echo(f"Works every day at {hour:02}.00 ({zone}).")
        sys.stdout.flush()
        work(lock, hour, zone)


def work(
    lock: IO[str],
    hour: int,
    zone: tzinfo,
    *,
    nightly: Callable[[], object] = night,
    clock: Callable[[], datetime] = now,
    sleep: Callable[[float], object] = time.sleep,
) -> None:
    """For ever: do the night's work where it is due, and sleep until the next look."""
    while True:
        last = newest(clock(), hour, zone)
        if done(lock) != last.date():
            nightly()
            write(lock, last.date())
        left = (newest(clock(), hour, zone) + timedelta(days=1) - clock()).total_seconds()
        sleep(min(max(left, 0.1), NAP))


def newest(moment: datetime, hour: int, zone: tzinfo) -> datetime:
    """The last time before `moment` that the clock showed the hour."""
    here = moment.astimezone(zone)
    at = here.replace(hour=hour, minute=0, second=0, microsecond=0)
    return at if at <= here else at - timedelta(days=1)


@contextmanager
def held(folder: Path) -> Iterator[IO[str]]:
    """The lock of this instance; it is let go of however the process ends."""
    path = folder / LOCK
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written ({error.strerror}).") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise click.ClickException("A worker runs already on this instance.") from None
        yield file


def done(lock: IO[str]) -> date:
    """The day of the last night's work; one of long ago where there was none."""
    lock.seek(0)
    try:
        return date.fromisoformat(lock.read(10))
    except ValueError:
        return date.min


def write(lock: IO[str], day: date) -> None:
    """Remember the day of this night's work."""
    lock.seek(0)
    lock.write(day.isoformat())
    lock.truncate()
    lock.flush()


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """SIGTERM and SIGINT end the program here and now, with what is open undone."""

    def end(number: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    before = {one: signal.signal(one, end) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
