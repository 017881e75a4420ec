"""Serves the application: prepared once, then shared by forked processes of the production server.

The worker for long work runs beside them, in one process group that ends together.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from sqlalchemy.exc import DatabaseError

from ..collecting import set_apart
from ..incidents import written_down
from ..settings import Settings
from ..words import Refused
from .worker import work_beside

WORKERS = 2
THREADS = 4
#: Seconds from one start of the worker to the next, if it does not stay.
APART = 3.0
#: Seconds that what runs is given to end.
GRACE = 10


def serve(make: Callable[[], Flask], prepare: Callable[[Flask], Iterable[str]]) -> int:
    """Make the application, prepare its database, print what `prepare` says, and serve.

    Returns the exit code; a port that is taken and a database that cannot be prepared end with
    one sentence each.
    """
    app = make()
    settings: Settings = app.config["SETTINGS"]
    objection = port_objection(settings.host, settings.port)
    if objection:
        print(f"Jenjang does not start. {objection}", file=sys.stderr)
        return 1
    try:
        for line in prepare(app):
            print(line, flush=True)
    except Refused as refused:
        print(f"Jenjang does not start. {refused.sentence}", file=sys.stderr)
        return 1
    except DatabaseError as error:
        cause = str(error.orig).strip().partition("\n")[0]
        print(
            f"Jenjang does not start. The database cannot be used ({cause}): see that it runs and "
            "that JENJANG_DATABASE_URL names it.",
            file=sys.stderr,
        )
        return 1
    release_connections(app)
    set_apart()
    Server(app, settings).run()
    return 0


def port_objection(host: str, port: int) -> str | None:
    """Why one cannot listen there, or None."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return (
                    f"Port {port} is taken by another program: stop that one, or choose another "
                    f"port, such as JENJANG_PORT={port + 1 if port < 65535 else 8000}."
                )
            return f"One cannot listen on {host}, port {port}: {error.strerror}."
    return None


def release_connections(app: Flask) -> None:
    """Leave no database connection open across the fork."""
    with app.app_context():
        for engine in app.extensions["panel"].db.engines.values():
            engine.dispose()


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn around an application that is already made."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.application = app
        self.settings = settings
        super().__init__()

    def run(self) -> None:
        """Serve until told to end; a fault of the server ends with its sentence."""
        try:
            Group(self).run()
        except RuntimeError as error:
            sys.exit(f"Jenjang ends. {error}")

    def load_config(self) -> None:
        """Threads for waiting on the database, two processes for two cores."""
        host = f"[{self.settings.host}]" if ":" in self.settings.host else self.settings.host
        address = f"{host}:{self.settings.port}"
        values: dict[str, Any] = {
            "bind": address,
            "when_ready": lambda _: print(f"Open http://{address}/", flush=True),
            "workers": WORKERS,
            "threads": THREADS,
            "worker_class": "gthread",
            "control_socket_disable": True,
            "loglevel": "warning",
            "graceful_timeout": GRACE,
        }
        for name, value in values.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application that was made before the fork."""
        return self.application


class Group(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's master process, which looks after the worker as well."""

    beside = 0
    started = -APART

    def manage_workers(self) -> None:
        """Called about once a second: a worker that is gone is named and started again."""
        super().manage_workers()
        if self.beside and not self.runs():
            self.beside = 0
            print("The worker for long work ended; it is started again.", file=sys.stderr)
        if not self.beside and time.monotonic() - self.started >= APART:
            self.started = time.monotonic()
            self.beside = self.fork()

    def fork(self) -> int:
        """The worker as a process of its own; its id."""
        sys.stdout.flush()
        sys.stderr.flush()
        # what comes before the worker hears for itself would end nobody
        before = signal.pthread_sigmask(signal.SIG_BLOCK, self.SIGNALS)
        child: int = os.fork()
        if child:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            return child
        code = 1
        try:
            for number in (*self.SIGNALS, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            for listener in self.LISTENERS:
                listener.sock.close()
            work_beside(self.app.application)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except Exception as error:
            print(f"A fault of the worker: {written_down(error)}.", file=sys.stderr)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def runs(self) -> bool:
        """Whether the worker is there; the server itself may have reaped it."""
        try:
            return os.waitpid(self.beside, os.WNOHANG) == (0, 0)
        except ChildProcessError:
            return False

    def stop(self, graceful: bool = True) -> None:
        """End the worker with all others, and the hard way if it does not."""
        if self.beside and self.runs():
            os.kill(self.beside, signal.SIGTERM)
        super().stop(graceful)
        end = time.monotonic() + GRACE
        while self.beside and self.runs():
            if time.monotonic() > end:
                os.kill(self.beside, signal.SIGKILL)
            time.sleep(0.05)
        self.beside = 0
