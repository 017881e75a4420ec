"""`flask worker`: one night a day, none twice, never two workers, and an end at once."""

import signal
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import click
import pytest

from panel.commands.worker import LOCK, done, held, newest, work

WIB = timezone(timedelta(hours=7))
ROOT = Path(__file__).parents[3]
ALONE = """
import sys
from flask import Flask
from panel.commands.worker import held, worker, write, newest
from panel.columns import now
from datetime import timedelta, timezone
from pathlib import Path
app = Flask("alone", instance_path=sys.argv[1])
with held(Path(sys.argv[1])) as lock:  # this night's work is done already
    write(lock, newest(now(), 1, timezone(timedelta(hours=7))).date())
app.cli.add_command(worker)
app.cli.main(["worker"], prog_name="flask", obj=__import__("flask").cli.ScriptInfo(
    create_app=lambda: app))
"""


class Over(Exception):
    """The test has seen enough."""


def worked(folder, begin, days):
    """The moments of the night's work from `begin` on for so many days, in Jakarta."""
    moment, nights = [begin], []

    def sleep(seconds):
        assert 0 < seconds <= 60
        moment[0] += timedelta(seconds=seconds)
        if moment[0] >= begin + timedelta(days=days):
            raise Over

    def nightly():
        nights.append(moment[0].astimezone(WIB).strftime("%d %H.%M"))

    with held(folder) as lock, pytest.raises(Over):
        work(lock, 1, WIB, nightly=nightly, clock=lambda: moment[0], sleep=sleep)
    return nights


def test_every_night_at_its_hour_and_a_missed_one_at_once(tmp_path):
    noon = datetime(2026, 3, 1, 5, 0, 30, tzinfo=UTC)

    assert worked(tmp_path, noon, 3) == ["01 12.00", "02 01.00", "03 01.00", "04 01.00"]
    assert worked(tmp_path, noon + timedelta(days=3, hours=1), 1) == ["05 01.00"]
    assert worked(tmp_path, noon + timedelta(days=9), 1) == ["10 12.00", "11 01.00"]


def test_the_hour_is_that_of_the_offices():
    assert newest(datetime(2026, 3, 1, 17, 59, tzinfo=UTC), 1, WIB).date() == date(2026, 3, 1)
    assert newest(datetime(2026, 3, 1, 18, 0, tzinfo=UTC), 1, WIB).date() == date(2026, 3, 2)


def test_two_workers_on_one_instance_are_refused(tmp_path):
    refused = pytest.raises(click.ClickException, match="runs already")
    with held(tmp_path), refused, held(tmp_path):
        pass
    with held(tmp_path) as lock:
        assert done(lock) == date.min


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_and_cleanly_when_told_to(tmp_path, end):
    process = subprocess.Popen(
        [sys.executable, "-c", ALONE, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "Works every day at 01.00 (Asia/Jakarta).\n"
        process.send_signal(end)
        assert process.wait(10) == 0
        assert process.stdout.read() == ""
    finally:
        process.kill()
        process.stdout.close()
    assert [one.name for one in tmp_path.iterdir()] == [LOCK]
    with held(tmp_path):
        pass
