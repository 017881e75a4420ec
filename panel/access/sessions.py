"""Sessions of browsers, kept on the server: ending one is one DELETE.

The cookie holds a random token and nothing else; the table holds its hash. A session is read when
it is first looked into and written after the answer is made, each in a short transaction of its
own, never in that of the business. A token that the server did not give out is never taken on.

A visitor before the sign-in has no row: however many come, nothing is written. What his forms need
stands in his own cookie, signed, and opens nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from flask import Flask, Request, Response, request
from flask.sessions import SessionInterface, SessionMixin, session_json_serializer
from itsdangerous import BadData, URLSafeSerializer

from ..columns import now
from .keys import derived

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=10)
#: A session in use is written at most this often, unless its data changes.
TOUCH = timedelta(minutes=1)

#: All that is kept for a visitor without a row, and the longest cookie for it.
VISITORS = frozenset({"csrf_token", "fs_cc", "_flashes"})
LONGEST = 2_000

Record = sa.RowMapping


def hashed(token: str) -> str:
    """What the table keeps of a token."""
    return sha256(token.encode()).hexdigest()


class BrowserSession(SessionMixin):
    """What the application keeps for one browser; read from the table when first looked into."""

    modified = False

    def __init__(
        self,
        token: str | None,
        read: Callable[[str], Record | None],
        visitor: Callable[[str], dict[str, Any]],
    ) -> None:
        self._token = token
        self._read = read
        self._visitor = visitor
        self._data: dict[str, Any] | None = None
        #: The row as it was read; none for a session that has no row yet.
        self.record: Record | None = None
        self.account_id: int | None = None
        self.renewed = False

    @property
    def loaded(self) -> bool:
        """Whether anybody looked into it."""
        return self._data is not None

    @property
    def data(self) -> dict[str, Any]:
        """The values; the first look reads the row, or a visitor's cookie."""
        if self._data is None:
            token = self._token or ""
            self._data = self._visitor(token)
            self.record = self._read(token) if token and not self._data else None
            if self.record is not None:
                self._data = dict(session_json_serializer.loads(self.record["data"]))
                self.account_id = self.record["account_id"]
        return self._data

    @property
    def is_visitors(self) -> bool:
        """Whether nobody is signed in here, nor on his way to it."""
        return bool(self) and self.account_id is None and set(self) <= VISITORS

    def renew(self, account_id: int | None) -> None:
        """Go on under a new token as that account's: what was known before is worth nothing."""
        _ = self.data
        self.account_id = account_id
        self.renewed = self.modified = True

    def restart(self) -> None:
        """Forget everything, as after signing out."""
        self.data.clear()
        self.renew(None)

    def __getitem__(self, key: str) -> Any:
        return self.data[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.data[key] = value
        self.modified = True

    def __delitem__(self, key: str) -> None:
        del self.data[key]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)


class TableSessions(SessionInterface):
    """Flask's sessions over the table `web_session`.

    `engine` is asked when it is needed. `release` lets go of the request's own transaction, so that
    writing the session never waits for it.
    """

    def __init__(
        self,
        web_session: Any,
        engine: Callable[[], sa.Engine],
        release: Callable[[], None],
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._table: sa.Table = sa.inspect(web_session).local_table
        self._engine = engine
        self._release = release
        self._clock = clock

    def open_session(self, app: Flask, request: Request) -> BrowserSession:
        """The session of the cookie; the table is not asked yet."""
        token = request.cookies.get(self.get_cookie_name(app))
        return BrowserSession(token, self._find, lambda text: self._read_visitor(app, text))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep what changed, under a new token where one is due, and set the cookie."""
        assert isinstance(session, BrowserSession)
        if session.accessed:
            response.vary.add("Cookie")
        if not session.loaded:
            return
        if session.is_visitors:
            if session.record is not None:
                self._end(session.record)
            if session.modified:
                self._set_cookie(app, response, self._visitors_cookie(app, session.data))
        elif session and (session.record is None or session.renewed):
            self._set_cookie(app, response, self._begin(session))
        elif session.record is not None and not self._keep(session, session.record):
            self._set_cookie(app, response, None)

    def _signer(self, app: Flask) -> URLSafeSerializer:
        key = derived(str(app.secret_key), "visitors")
        return URLSafeSerializer(key, serializer=session_json_serializer)

    def _visitors_cookie(self, app: Flask, data: dict[str, Any]) -> str:
        """A visitor's values with the time, signed; unread messages go before it grows too long."""
        moment = self._clock().timestamp()
        text = str(self._signer(app).dumps([moment, data]))
        if len(text) > LONGEST:
            few = {name: value for name, value in data.items() if name != "_flashes"}
            text = str(self._signer(app).dumps([moment, few]))
        return text

    def _read_visitor(self, app: Flask, text: str) -> dict[str, Any]:
        """A visitor's values, if we signed them today; the token of an account has no signature."""
        if "." not in text:
            return {}
        try:
            moment, data = self._signer(app).loads(text)
        except BadData:
            return {}
        fresh = moment > (self._clock() - ABSOLUTE).timestamp()
        return dict(data) if fresh else {}

    def _end(self, record: Record) -> None:
        with self._writing() as connection:
            connection.execute(sa.delete(self._table).where(self._table.c.id == record["id"]))

    def _find(self, token: str) -> Record | None:
        moment = self._clock()
        asked = {"token": hashed(token), "seen": moment - IDLE, "begun": moment - ABSOLUTE}
        with self._engine().connect() as connection:
            return connection.execute(_living(self._table), asked).mappings().one_or_none()

    def _begin(self, session: BrowserSession) -> str:
        """Write a new row in place of the old one, and sweep out what has ended by itself."""
        table, moment, token = self._table, self._clock(), secrets.token_urlsafe(32)
        ended = sa.or_(table.c.seen_at <= moment - IDLE, table.c.created_at <= moment - ABSOLUTE)
        if session.record is not None:
            ended = sa.or_(ended, table.c.id == session.record["id"])
        row = {
            "id": hashed(token),
            "account_id": session.account_id,
            "data": session_json_serializer.dumps(session.data),
            "created_at": moment,
            "seen_at": moment,
            "address": request.remote_addr,
        }
        with self._writing() as connection:
            connection.execute(sa.delete(table).where(ended))
            connection.execute(sa.insert(table).values(row))
        return token

    def _keep(self, session: BrowserSession, record: Record) -> bool:
        """Write data and time of use where due; False when the session is over."""
        table, moment = self._table, self._clock()
        this = table.c.id == record["id"]
        if not session:
            self._end(record)
            return False
        if not session.modified and record["seen_at"] > moment - TOUCH:
            return True
        values: dict[str, Any] = {"seen_at": moment}
        if session.modified:
            values["data"] = session_json_serializer.dumps(session.data)
        with self._writing() as connection:
            # no row: it was ended while this request ran, and stays ended
            return connection.execute(sa.update(table).where(this).values(values)).rowcount == 1

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        self._release()
        writing = self._engine().connect().execution_options(write=True)
        with writing as connection, connection.begin():
            yield connection

    def _set_cookie(self, app: Flask, response: Response, token: str | None) -> None:
        response.set_cookie(
            self.get_cookie_name(app),
            token or "",
            max_age=None if token else 0,
            expires=None if token else 0,
            domain=self.get_cookie_domain(app),
            path=self.get_cookie_path(app),
            secure=self.get_cookie_secure(app),
            httponly=self.get_cookie_httponly(app),
            samesite=self.get_cookie_samesite(app),
        )


@cache
def _living(table: sa.Table) -> sa.Select[Any]:
    """The session under a `token`, if it was `seen` and has `begun` after these moments."""
    return sa.select(table).where(
        table.c.id == sa.bindparam("token"),
        table.c.seen_at > sa.bindparam("seen"),
        table.c.created_at > sa.bindparam("begun"),
    )
