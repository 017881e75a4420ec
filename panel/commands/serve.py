"""Serves the application: prepared once, then shared by forked workers of the production server."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from sqlalchemy.exc import DatabaseError

from ..settings import Settings
from ..words import Refused

WORKERS = 2
THREADS = 4


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


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn around an application that is already made."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.application = app
        self.settings = settings
        super().__init__()

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
            "graceful_timeout": 10,
        }
        for name, value in values.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application that was made before the fork."""
        return self.application
