"""Guessing passwords gets slower and slower, but nobody is ever locked out.

Failures are counted per account and per address, named by hashes. An attempt is counted before the
password is looked at, so that a hundred at once count as a hundred. Where an account has signed in
from an address before, it is counted there by itself: strangers elsewhere cannot hold it up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from ..columns import now

#: Failures that cost no time; offices share one address, so it has more of them.
FREE_PER_ACCOUNT = 5
FREE_PER_ADDRESS = 30
LONGEST = 60
#: Failures of its address that a success makes good, so that a busy office never adds them up.
MADE_GOOD = 3
#: Quiet for so long, failures are forgotten.
FORGET = timedelta(minutes=30)
#: Quiet for so long, the row goes.
SWEEP = timedelta(days=30)

Row = tuple[int, datetime]


def wait(failures: int, free: int) -> int:
    """Seconds to wait after so many failures: none, then 1, 2, 4 and so on up to a minute."""
    over = failures - free
    return 0 if over < 0 else min(LONGEST, 2 ** min(over, 6))


def key_of(*parts: str) -> str:
    """The name under which something is counted."""
    return sha256("\0".join(parts).encode()).hexdigest()


class Throttle:
    """Counts attempts in a transaction of its own."""

    def __init__(
        self,
        attempt: Any,
        engine: Callable[[], sa.Engine],
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._table: sa.Table = sa.inspect(attempt).local_table
        self._engine = engine
        self._clock = clock

    def begin(self, username: str, address: str) -> int:
        """Count an attempt, or say how many seconds to wait before the next one is looked at.

        An attempt that has to wait is not counted: the delay ends when it said it would.
        """
        moment = self._clock()
        with self._writing() as connection:
            known = key_of("known", username, address)
            account = known if self._has(connection, known) else key_of("account", username)
            counted = [(account, FREE_PER_ACCOUNT), (key_of("address", address), FREE_PER_ADDRESS)]
            # always in one order, so that two attempts never wait for each other
            rows = {key: self._locked(connection, key, moment) for key, _ in sorted(counted)}
            left = max(_left(*rows[key], free, moment) for key, free in counted)
            if left > 0:
                return left
            for key, (failures, _) in rows.items():
                self._set(connection, key, failures + 1, moment)
        return 0

    def succeeded(self, username: str, address: str) -> None:
        """The account starts anew; a few failures of the address are made good."""
        moment, table = self._clock(), self._table
        known, here = key_of("known", username, address), key_of("address", address)
        with self._writing() as connection:
            connection.execute(sa.delete(table).where(table.c.last_at < moment - SWEEP))
            for key in sorted((known, here, key_of("account", username))):
                failures, _ = self._locked(connection, key, moment)
                left = max(failures - MADE_GOOD, 0) if key == here else 0
                self._set(connection, key, left, moment)

    def _has(self, connection: sa.Connection, key: str) -> bool:
        query = sa.select(sa.exists().where(self._table.c.key == key))
        return bool(connection.scalar(query))

    def _locked(self, connection: sa.Connection, key: str, moment: datetime) -> Row:
        """Failures and last attempt under `key`, in a row that is ours until the commit."""
        table = self._table
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        insert = dialect.insert(table).values(key=key, failures=0, last_at=moment)
        connection.execute(insert.on_conflict_do_nothing())
        query = sa.select(table.c.failures, table.c.last_at).where(table.c.key == key)
        failures, last_at = connection.execute(query.with_for_update()).one()
        return (failures, last_at) if last_at > moment - FORGET else (0, moment)

    def _set(self, connection: sa.Connection, key: str, failures: int, moment: datetime) -> None:
        update = sa.update(self._table).where(self._table.c.key == key)
        connection.execute(update.values(failures=failures, last_at=moment))

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        writing = self._engine().connect().execution_options(write=True)
        with writing as connection, connection.begin():
            yield connection


def _left(failures: int, last_at: datetime, free: int, moment: datetime) -> int:
    """Whole seconds still to wait, rounded up."""
    passed = (moment - last_at).total_seconds()
    return max(0, -int((passed - wait(failures, free)) // 1))
