"""The seeded application and its people at their browsers: made once, put back before each test."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from babel import support
from flask import Flask
from flask_babel import get_locale

from models.base import db
from models.records import Deed
from panel.access.rules import Actor
from panel.changelog import verify
from panel.changelog.records import deed
from panel.collecting import set_apart
from seed.accounts import ACCOUNTS
from tests.keeping import SqliteKept
from tests.site import kept, sign_in, site_in
from tests.views.browser import Browser

SYSTEM = Actor(0, "tests", kind="command")


@pytest.fixture(autouse=True)
def _in_indonesian(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever the application says in a test has its Indonesian; a message id without is a miss.

    WTForms asks for a label of every field, also of those that nobody sees: one word counts as
    said when it stands on a page.
    """
    asked: set[str] = set()
    answers: list[Any] = []

    def recorded(say: Callable[..., str]) -> Callable[..., str]:
        def record(translations: Any, message: str, *plural: Any) -> str:
            known = getattr(translations, "_catalog", {})
            if not (message in known or (message, 0) in known or not message):
                asked.update([message] if get_locale().language == "id" else [])
            return say(translations, message, *plural)

        return record

    for kind in (support.Translations, support.NullTranslations):
        for name in ("ugettext", "ungettext"):
            monkeypatch.setattr(kind, name, recorded(getattr(kind, name)))
    monkeypatch.setattr(Browser, "answers", answers)
    yield
    pages = [answer.text for answer in answers if answer.mimetype == "text/html"] if asked else []
    assert {message for message in asked if " " in message or is_said(message, pages)} == set()


def is_said(word: str, pages: list[str]) -> bool:
    """Whether a word stands on a page by itself: as a text, or as the text of an attribute."""
    alone = re.compile(rf"""[>"]\s*{re.escape(word)}\s*[:<"]""")
    return any(word in page and alone.search(page) for page in pages)


@dataclass(frozen=True)
class Town:
    """The application with everybody signed in, and its database as it was then."""

    app: Flask
    on: SqliteKept
    #: Cookie and form token of each account.
    sessions: dict[str, tuple[str, str]]
    #: What was remembered with each state that was kept later.
    kept: dict[str, Any] = field(default_factory=dict)

    def put_back(self, name: str = "made") -> None:
        """The database as it was when everybody had signed in, or when this state was kept."""
        with self.app.app_context():
            db.session.remove()
        verify._points.clear()  # a glance tells a log that went back from one that is whole
        self.on.put_back(name)

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """What `make()` gave and did, in the first test that needed it; before all else in one."""
        if name in self.kept:
            self.put_back(name)
        else:
            self.kept[name] = make()
            with self.app.app_context():
                db.session.remove()
            self.on.keep(name)
        return self.kept[name]


@pytest.fixture(scope="session")
def town(sqlite_seed: Path, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """One application for all tests of the pages."""
    folder = tmp_path_factory.mktemp("town") / "instance"
    shutil.copytree(sqlite_seed, folder)
    app = site_in(folder)
    set_apart()
    sessions = {}
    for account in ACCOUNTS:
        client = app.test_client()
        sign_in(client, account.username)
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/").text)
        cookie = client.get_cookie("session")
        assert token is not None
        assert cookie is not None
        sessions[account.username] = (cookie.value, token[1])
    town = Town(app, kept(app), sessions)
    town.on.keep()
    return town


@pytest.fixture
def app(town: Town) -> Iterator[Flask]:
    """The application of both cities; what a test changes is gone before the next one."""
    town.put_back()
    yield town.app
    with town.app.app_context():
        db.session.remove()


@pytest.fixture
def browse(app: Flask, town: Town) -> Callable[[str], Browser]:
    """`browse("ani")`: her browser, in which she has signed in; "" is a stranger."""
    return lambda name: Browser(app, name, *town.sessions.get(name, ("", "")))


@pytest.fixture
def ani(browse: Callable[[str], Browser]) -> Browser:
    """Clerk of Serang."""
    return browse("ani")


@pytest.fixture
def bayu(browse: Callable[[str], Browser]) -> Browser:
    """Supervisor of Serang."""
    return browse("bayu")


@pytest.fixture
def citra(browse: Callable[[str], Browser]) -> Browser:
    """Auditor of Serang."""
    return browse("citra")


@pytest.fixture
def mira(browse: Callable[[str], Browser]) -> Browser:
    """Clerk of Metro."""
    return browse("mira")


@pytest.fixture
def eka(browse: Callable[[str], Browser]) -> Browser:
    """Administrator of both."""
    return browse("eka")


@pytest.fixture
def rows(app: Flask) -> Callable[..., list[Any]]:
    """The rows of a statement, read outside of any request."""

    def read(statement: Any) -> list[Any]:
        with app.app_context():
            found = [tuple(row) for row in db.session.execute(statement)]
            db.session.remove()
        return found

    return read


@pytest.fixture
def value(rows: Callable[..., list[Any]]) -> Callable[..., Any]:
    """The one value of a statement."""
    return lambda statement: rows(statement)[0][0]


@pytest.fixture
def deeds(rows: Callable[..., list[Any]]) -> Callable[[], list[str]]:
    """The actions that came into the log in this test, oldest first."""
    newest = rows(sa.select(sa.func.max(Deed.seq)))[0][0]
    since = sa.select(Deed.action).where(Deed.seq > newest).order_by(Deed.seq)
    return lambda: [action for (action,) in rows(since)]


@pytest.fixture
def write(app: Flask) -> Callable[[], Any]:
    """A session in a deed of the tests; what is written in the `with` is committed."""

    @contextmanager
    def writing() -> Iterator[Any]:
        with app.app_context():
            with deed("test.fill", actor=SYSTEM):
                yield db.session
                db.session.commit()
            db.session.remove()

    return writing


@pytest.fixture
def statements(app: Flask) -> Callable[[], Any]:
    """Collects the SELECTs that run inside of the `with`."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
            if statement.lstrip().upper().startswith(("SELECT", "WITH")):
                seen.append(statement)

        with app.app_context():
            engine = db.engine
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)

    return counting
