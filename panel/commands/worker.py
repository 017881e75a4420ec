"""`flask worker`: long work as it is asked for, the nightly work once a day, until told to end.

It looks at the clock every minute, so that a machine that slept, or was switched off at the hour,
makes up for the night as soon as it can. The day of the last night stands in its lock.
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
from functools import partial
from pathlib import Path
from types import FrameType
from typing import IO

import click
from babel.dates import get_timezone
from flask import Flask, current_app
from flask.cli import with_appcontext

from ..columns import now
from ..jobs import LOCK, Jobs, is_held
from .nightly import night

#: Longest time in seconds between two looks at the clock.
NAP = 60.0
#: The hour of the night's work, where the offices are.
HOUR = 1
#: How often the lock is tried: who asks whether a worker runs holds it for a moment.
TRIES = 5


@click.command("worker")
@click.option(
    "--hour",
    type=click.IntRange(0, 23),
    default=HOUR,
    show_default=True,
    help="Hour of the night, where the offices are.",
)
@with_appcontext
def worker(hour: int) -> None:
    """Do long work as it is asked for, and `flask nightly` once a day. Ends at once on SIGTERM.

    A second worker on the same instance folder is refused.
    """
    with ended_by_signals(), held(Path(current_app.instance_path)) as lock:
        click.echo(f"Works every day at {hour:02}.00 ({offices_zone()}).")
        sys.stdout.flush()
        work(lock, hour, offices_zone(), sleep=between_nights())


def work_beside(app: Flask) -> None:
    """The worker of `make run`, in a process of its own; ends with the one that started it.

    Where another worker runs on this instance it waits until that one is gone. An instance that
    never had a night begins with the next one: there is nothing yet to make up for.
    """
    parent, folder = os.getppid(), Path(app.instance_path)

    def look() -> None:
        if os.getppid() != parent:
            raise SystemExit(0)

    with ended_by_signals(), app.app_context():
        while is_held(folder / LOCK):
            look()
            time.sleep(1)
        zone = offices_zone()
        with held(folder) as lock:
            if done(lock) == date.min:
                write(lock, newest(now(), HOUR, zone).date())
            work(lock, HOUR, zone, sleep=between_nights(look))


def offices_zone() -> tzinfo:
    """Where the hour of the night is told."""
    name = current_app.config.get("PANEL_TIME_ZONE")
    return get_timezone(name if isinstance(name, str) else "Asia/Jakarta")


def between_nights(look: Callable[[], object] = bool) -> Callable[[float], object]:
    """How the worker spends seconds: with long work, and `look` once a second."""
    jobs: Jobs | None = current_app.extensions.get("panel_jobs")
    if jobs is None:
        return time.sleep
    jobs.recover()
    return partial(jobs.serve, look=look)


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
        for left in reversed(range(TRIES)):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if not left:
                    said = "A worker runs already on this instance."
                    raise click.ClickException(said) from None
            time.sleep(0.02)
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
