"""Long work outside of a request: kept by huey in the instance folder, done by `flask worker`.

A job's state outlives the process that asked for it and the one that does it. Who does it holds a
lock which the system lets go of, so that work that was killed is named as interrupted.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar
from uuid import uuid4

from flask import Flask, current_app
from huey import SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer

from .carried import carried, told
from .changelog.deeds import current
from .collecting import seldom_collected
from .columns import now
from .incidents import written_down
from .words import Refused, Sentence, say

Progress = Callable[[int, int], None]
Task = TypeVar("Task", bound=Callable[..., "str | None"])

#: The file in the instance folder that a running worker holds.
LOCK = "worker.lock"
#: Seconds between two looks for work, and at least between two stored marks of progress.
NAP, MARK = 1.0, 0.5
#: How long it stays known how a job ended.
KEPT = timedelta(days=30)
INTERRUPTED = say(
    "This work was interrupted before it could say how it ended. See what is there, then start it "
    "again."
)
UNSERVED = say(
    "No worker runs on this installation, so this does not begin. Ask for one to be started: what "
    "was asked for is kept until then."
)


@dataclass(frozen=True)
class State:
    """How far a job is: `done` of `total` parts; what it returned; what is wrong, in words."""

    stage: Literal["waiting", "running", "done", "failed"]
    done: int = 0
    total: int = 0
    result: str | None = None
    sentence: Sentence | None = None


class Jobs:
    """The long work of one application; in tests (`JOBS_IMMEDIATE`) done where it is started.

    A task runs in an application context of its own, without actor or open deed: its arguments,
    which are what JSON can say, tell on whose behalf it works.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.folder = Path(app.instance_path)
        self.tasks: dict[str, Callable[..., str | None]] = {}
        self._opened: tuple[int, SqliteHuey] | None = None
        app.extensions["panel_jobs"] = self

    def task(self, name: str) -> Callable[[Task], Task]:
        """Register `f(progress, **plain) -> str | None`; `progress(done, total)` at any time."""

        def register(task: Task) -> Task:
            if name in self.tasks:
                raise ValueError(f"{name} is a task already")
            self.tasks[name] = task
            return task

        return register

    def start(self, name: str, /, **plain: Any) -> str:
        """Ask for that work; the id of the job. Not within a deed, whose end nobody knows yet."""
        if self.app.config.get("JOBS_IMMEDIATE", self.app.testing):
            return self.now(name, **plain)
        job, huey = self._asked(name, plain), self._huey()
        huey.enqueue(huey.job.s(job, name, plain))
        huey.storage.put_if_empty(job, _written(State("waiting")))  # it may have begun by now
        return job

    def now(self, name: str, /, **plain: Any) -> str:
        """Do that work here, where nobody else does; the id of the job, which has ended."""
        job = self._asked(name, plain)
        Context().run(self._work, job, name, plain)
        return job

    def state(self, job: str) -> State:
        """How far it is; `Refused` where there is no such job."""
        found = self._get(job)
        if found.stage == "running" and not is_held(self._lock(job)):
            found = self._get(job)  # it may have ended in between
            if found.stage == "running":
                found = replace(found, stage="failed", sentence=INTERRUPTED)
                self._put(job, found)
                self._lock(job).unlink(missing_ok=True)
        if found.stage == "waiting" and not self.served():
            return replace(found, sentence=UNSERVED)
        return found

    def served(self) -> bool:
        """Whether a worker runs on this instance."""
        return is_held(self.folder / LOCK)

    def step(self) -> bool:
        """Do the job that waits longest; whether there was one. For the worker alone."""
        task = self._huey().dequeue()
        if task is not None:
            task.execute()
        return task is not None

    def serve(self, seconds: float, look: Callable[[], object] = bool) -> None:
        """Do what waits and what comes for so long; a job that was begun is brought to its end.

        `look` is called before each one and every second; it may raise to end the process.
        """
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            look()
            if not self.step():
                time.sleep(min(left, NAP))

    def recover(self) -> None:
        """Name what an earlier worker took and never began; forget what ended long ago."""
        huey = self._huey()
        queued = {huey.deserialize_task(data).args[0] for data in huey.storage.enqueued_items()}
        for job, value in huey.storage.result_items().items():
            kept = json.loads(bytes(value))
            if kept["stage"] == "waiting" and job not in queued:
                self._put(job, State("failed", sentence=INTERRUPTED))
            elif job not in queued and datetime.fromisoformat(kept["at"]) < now() - KEPT:
                huey.storage.delete_data(job)

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        if self._opened:
            self._opened[1].storage.close()
            self._opened = None

    def _asked(self, name: str, plain: Mapping[str, Any]) -> str:
        """An id for that work, if it can be asked for now."""
        if name not in self.tasks:
            raise LookupError(f"there is no task {name}")
        act = current()
        if act is not None and act.writing:
            raise RuntimeError("work is asked for when the deed is stored, not before")
        json.dumps(plain)
        return uuid4().hex

    def _work(self, job: str, name: str, plain: Mapping[str, Any]) -> None:
        state, marked = State("running"), 0.0

        def progress(done: int, total: int) -> None:
            nonlocal state, marked
            state = replace(state, done=done, total=total)
            if done == total or time.monotonic() - marked >= MARK:
                marked = time.monotonic()
                self._put(job, state)

        with self._held(job):
            self._put(job, state)
            try:
                with self.app.app_context(), seldom_collected():
                    result = self.tasks[name](progress, **plain)
                ended = replace(state, stage="done", result=result)
            except Refused as refused:
                ended = replace(state, stage="failed", sentence=refused.sentence)
            except Exception as error:
                number = written_down(error, job=name)
                ended = replace(state, stage="failed", sentence=fault(number))
            except BaseException:  # the process is told to end
                self._put(job, replace(state, stage="failed", sentence=INTERRUPTED))
                raise
            self._put(job, ended)

    def _huey(self) -> SqliteHuey:
        """The queue: opened when first asked for, by every process for itself."""
        if self._opened is None or self._opened[0] != os.getpid():
            self.folder.mkdir(parents=True, exist_ok=True)
            file = self.folder / "jobs.sqlite3"
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
            huey = SqliteHuey(
                "jobs", results=False, serializer=_Plain(), filename=str(file), timeout=15
            )
            huey.job = huey.task(name="job")(self._work)
            self._opened = (os.getpid(), huey)
        return self._opened[1]

    def _get(self, job: str) -> State:
        storage = self._huey().storage
        if not storage.has_data_for_key(job):
            raise Refused("scope", say("There is no such work."))
        kept = json.loads(bytes(storage.peek_data(job)))
        del kept["at"]
        return State(**{**kept, "sentence": kept["sentence"] and told(kept["sentence"])})

    def _put(self, job: str, state: State) -> None:
        self._huey().storage.put_data(job, _written(state))

    def _lock(self, job: str) -> Path:
        return self.folder / "jobs" / job

    @contextmanager
    def _held(self, job: str) -> Iterator[None]:
        """Hold the job's lock, which says that somebody is at it."""
        path = self._lock(job)
        path.parent.mkdir(exist_ok=True)
        with open(path, "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                path.unlink(missing_ok=True)


class _Plain(Serializer):  # type: ignore[misc]  # huey has no types
    """Jobs in the file as JSON: who can write there has no say over what is run."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> Message:
        return Message(*json.loads(bytes(data)))


def current_jobs() -> Jobs:
    """The long work of the running application."""
    jobs: Jobs = current_app.extensions["panel_jobs"]
    return jobs


def fault(number: str) -> Sentence:
    """What is said of work that a fault of ours stopped; the number is that of the incident."""
    return say(
        "A fault of the program stopped this work. Tell its number to whoever looks after the "
        "program: %(number)s.",
        number=number,
    )


def is_held(path: Path) -> bool:
    """Whether some process holds the lock of that file."""
    try:
        with open(path) as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _written(state: State) -> bytes:
    kept = {**vars(state), "sentence": state.sentence and carried(state.sentence)}
    return json.dumps({**kept, "at": now().isoformat()}).encode()
