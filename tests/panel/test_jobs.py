"""Long work: its state outlives every process, and each way in which it ends has its words."""

import json
import logging
import multiprocessing
import os
import signal
import stat
import sys
import time
from datetime import date

import pytest
from flask import Flask, current_app

from panel.access.rules import Actor
from panel.carried import carried, told
from panel.changelog.deeds import deed
from panel.commands.worker import held
from panel.jobs import INTERRUPTED, LOCK, UNSERVED, Jobs, State, current_jobs
from panel.words import Label, Refused, Sentence, say


def made(folder, **config):
    """An application of its own with these jobs: another process would make the same."""
    app = Flask("alone", instance_path=str(folder))
    app.config.update(config)
    jobs = Jobs(app)

    @jobs.task("count")
    def count(progress, up_to):
        for number in range(up_to):
            progress(number + 1, up_to)
        return f"{current_app.name} {up_to}"

    @jobs.task("refuse")
    def refuse(progress):
        progress(2, 5)
        raise Refused("guard", say("Sheet %(name)s has no heading.", name="Data"))

    @jobs.task("break")
    def break_(progress):
        raise ZeroDivisionError("Siti Rahma 081234567890")

    @jobs.task("for ever")
    def for_ever(progress):
        progress(1, 9)
        signal.pause()

    return jobs


@pytest.fixture
def jobs(tmp_path):
    jobs = made(tmp_path)
    yield jobs
    jobs.close()


def test_work_waits_until_somebody_does_it_and_tells_how_it_ended(jobs, tmp_path):
    first, second = jobs.start("count", up_to=3), jobs.start("refuse")
    another = made(tmp_path)  # as the worker, or the web after a restart

    waiting = another.state(first)
    assert another.step() is True
    jobs.serve(0.01)

    assert waiting == State("waiting", sentence=UNSERVED)
    assert jobs.state(first) == another.state(first) == State("done", 3, 3, "alone 3")
    refusal = say("Sheet %(name)s has no heading.", name="Data")
    assert jobs.state(second) == State("failed", 2, 5, None, refusal)
    assert another.step() is False
    assert stat.S_IMODE((tmp_path / "jobs.sqlite3").stat().st_mode) == 0o600
    another.close()


def test_a_fault_leaves_a_sentence_with_the_incidents_number_and_no_values(jobs, caplog):
    with caplog.at_level(logging.ERROR, "panel.incident"):
        state = jobs.state(jobs.now("break"))

    line = json.loads(caplog.records[0].message)
    assert state.stage == "failed"
    assert str(state.sentence).endswith(f"looks after the program: {line['incident']}.")
    assert line["job"] == "break"
    assert "Siti" not in caplog.text + str(state)


def test_in_tests_work_is_done_where_it_is_started_but_as_elsewhere(tmp_path):
    jobs = made(tmp_path, TESTING=True)
    with jobs.app.app_context():
        assert current_jobs().state(jobs.start("count", up_to=1)).stage == "done"
        assert not jobs.step()
    jobs.close()


def test_work_is_not_asked_for_before_its_deed_is_stored(jobs):
    with deed("sheet.import", actor=Actor(1, "Ani", frozenset({"clerk"}))) as opened:
        opened.writing.add(7)  # as at the beginning of its transaction
        with pytest.raises(RuntimeError, match="when the deed is stored"):
            jobs.start("count", up_to=1)
    with pytest.raises(LookupError):
        jobs.start("unknown")
    with pytest.raises(TypeError):
        jobs.start("count", up_to=date(2026, 3, 1))
    with pytest.raises(Refused):
        jobs.state("never")
    assert not jobs.step()


def in_another_process(folder, act):
    process = multiprocessing.get_context("fork").Process(target=lambda: act(made(folder)))
    process.start()
    return process


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_killed_work_is_named_as_interrupted_and_the_rest_still_waits(jobs, tmp_path, end):
    doomed, later = jobs.start("for ever"), jobs.start("count", up_to=1)

    def act(jobs):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        jobs.step()

    process = in_another_process(tmp_path, act)
    while jobs.state(doomed).done != 1:
        time.sleep(0.01)
    os.kill(process.pid, end)
    process.join(10)

    assert jobs.state(doomed) == State("failed", 1, 9, None, INTERRUPTED)
    assert jobs.state(later) == State("waiting", sentence=UNSERVED)
    assert jobs.step()
    assert jobs.state(later).stage == "done"
    assert list((tmp_path / "jobs").iterdir()) == []


def test_work_that_was_taken_and_never_begun_is_named_by_the_next_worker(jobs):
    taken, waits = jobs.start("count", up_to=1), jobs.start("count", up_to=2)
    jobs._huey().dequeue()  # here the machine lost its current

    jobs.recover()

    assert jobs.state(taken) == State("failed", sentence=INTERRUPTED)
    with held(jobs.folder):
        assert jobs.state(waits) == State("waiting")


def test_whether_a_worker_runs_is_known_by_its_lock(jobs, tmp_path):
    before = jobs.served()
    with held(tmp_path):
        during = jobs.served()

    assert (before, during, jobs.served()) == (False, True, False)
    assert (tmp_path / LOCK).exists()


def test_a_sentence_keeps_its_words_and_kinds_on_its_way():
    sentence = say(
        "%(a)s %(b)s %(c)s %(d)s",
        a=say("All of %(n)s.", n=3),
        b=Label({"id": "Draf", "en": "Draft"}),
        c=date(2026, 3, 1),
        d=None,
    )

    assert told(json.loads(json.dumps(carried(sentence)))) == sentence
    assert isinstance(told(carried(sentence)), Sentence)
