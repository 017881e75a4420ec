"""Connections to SQLite, those that read kept apart from those that write.

One that turns from reading to writing, or back, has SQLite prepare all its statements anew, with
every trigger. So a deed is given a connection that wrote before, and who only reads another one.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlalchemy.util.queue import Empty

from .beginning import QUERY_ONLY
from .deeds import current


class ApartPool(QueuePool):
    """A pool that turns a connection only where there is no room for one of the other kind."""

    def _do_get(self) -> ConnectionPoolEntry:
        reading = current() is None
        others: list[Any] = []
        try:
            while True:
                found = self._pool.get(False)
                if found.info.get(QUERY_ONLY, reading) is reading:
                    return found
                others.append(found)
        except Empty:
            if self.overflow() < 0:
                return super()._do_get()  # a new one
        finally:
            for other in others:
                self._do_return_conn(other)
        return super()._do_get()
