"""The office's application, its people, and a browser for each of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, g, request
from flask_admin import Admin, AdminIndexView, expose
from flask_admin.actions import action
from flask_admin.contrib.sqla import ModelView
from flask_babel import Babel

from panel.access.rules import Actor, Place
from panel.changelog import verify
from panel.changelog.records import deed
from panel.changelog.triggers import install
from panel.screens import answers, catalogues, errors, language, shell, signin, theme
from panel.screens import requests as guard
from panel.screens.accounts import AccountView
from panel.screens.base import RecordView
from panel.screens.changes import ChangesView
from panel.screens.converting import Inline
from panel.screens.guarding import SIGNED_IN, Guarded, verb
from panel.screens.inbox import InboxView
from panel.screens.processes import ProcessesView
from panel.screens.showing import Related
from panel.screens.workflow import WorkflowView
from tests.keeping import SqliteKept
from tests.panel.screens import office
from tests.panel.screens.office import (
    Desk,
    Ledger,
    Person,
    Plan,
    Region,
    Step,
    Tag,
    Visit,
    db,
)

SERANG, METRO = 1, 2
PHONE = "+6281200001234"
FULAN, DADAP = "198001012005011001", "197001012005011003"

PEOPLE = {
    "ani": Actor(1, "Ani", frozenset({"clerk"}), (Place(SERANG),)),
    "bayu": Actor(2, "Bayu", frozenset({"supervisor"}), (Place(SERANG),)),
    "citra": Actor(3, "Citra", frozenset({"auditor"}), (Place(SERANG),)),
    "mira": Actor(4, "Mira", frozenset({"clerk"}), (Place(METRO),)),
    "eka": Actor(5, "Eka", frozenset({"administrator"}), (Place(SERANG), Place(METRO))),
}
#: Hashes that nobody has to fear to crack.
QUICK_HASHES = {
    "argon2__time_cost": 1,
    "argon2__memory_cost": 64,
    "argon2__parallelism": 1,
}
SYSTEM = Actor(0, "tests", kind="command")


class PersonView(RecordView):
    model = Person
    columns = ("name", "nip", "kind", "desk", "desk.code", "tags", "born_on")
    details = (*columns, "note", "pin", "phone")
    exported = ("name", "nip", "kind", "born_on", "note")
    fields = ("name", "nip", "kind", "born_on", "note", "desk", "tags", "phone")
    searchable = ("name", "nip", "desk.name")
    exact_search = ("nip",)
    filtered = ("name", "nip", "kind", "desk", "born_on")
    sort_by = {"desk": "desk.name"}
    ignored_words = frozenset({"drs", "hj"})
    lookups = {"desk": ("name",)}
    column_editable_list = ("name",)
    inlines = (Inline("visits", Visit, ("purpose",)),)
    related = (Related("Visits", "visits", ("purpose",)),)

    @action("shout", "Shout")
    def shout(self, ids: Any) -> str:
        return f"shouted {len(ids)}"


class DeskView(RecordView):
    model = Desk
    columns = ("name", "code")
    fields = ("name", "code")


class RegionView(RecordView):
    model = Region
    columns = ("name",)
    fields = ("name",)


class VisitView(RecordView):
    model = Visit
    columns = ("purpose", "person")
    fields = ("purpose", "person")


class LedgerView(RecordView):
    model = Ledger
    columns = ("name",)
    fields = ("name",)


class PlanView(WorkflowView):
    model = Plan
    columns = ("title", "status", "person")
    details = ("title", "target", "note", "due_on", "person", "result")
    fields = ("title", "target", "note", "due_on", "person")
    filtered = ("status",)
    searchable = ("title",)
    inlines = (Inline("steps", Step, ("text", "progress")),)
    related = (Related("Steps", "steps", ("text", "progress")),)

    def before_save(self, record: Any, created: bool) -> None:
        for step in record.steps:
            step.region_id = record.region_id


class StepView(RecordView):
    model = Step
    columns = ("text", "plan")
    fields = ("text", "progress", "plan")


class Home(Guarded, AdminIndexView):
    @expose("/")
    @verb(SIGNED_IN)
    def index(self) -> Any:
        return self.render("panel/processes.html", versions=[])


class StockView(ModelView):
    """What Flask-Admin does by itself with the same table."""

    can_edit = False
    column_editable_list = ("name",)
    column_searchable_list = ("name",)
    column_filters = ("desk", "kind")
    form_columns = ("name", "nip", "kind", "desk")
    form_ajax_refs = {"desk": {"fields": ("name",)}}
    can_export = True
    can_view_details = True

    def get_query(self) -> Any:
        return super().get_query().filter(Person.region_id == SERANG)

    def build_new_instance(self) -> Any:
        return Person(region_id=SERANG)

    @action("shout", "Shout")
    def shout(self, ids: Any) -> str:
        return f"shouted {len(ids)}"


class EditableStockView(StockView):
    can_edit = True


def make_stock(url: str) -> Flask:
    """The same tables under Flask-Admin as it comes."""
    app = Flask("stock")
    app.config.update(SECRET_KEY="x", SQLALCHEMY_DATABASE_URI=url)
    Babel(app)
    db.init_app(app)
    admin = Admin(app, url="/")
    admin.add_view(StockView(Person, db, endpoint="readonly", url="/readonly"))
    admin.add_view(EditableStockView(Person, db, endpoint="persons", url="/persons"))
    return app


SCREENS = (PersonView, DeskView, RegionView, VisitView, LedgerView, PlanView, StepView)


def make_app(url: str) -> Flask:
    """The application of the office, with the stock views beside ours, signed in by a header."""
    app = Flask("office")
    app.config.update(
        SECRET_KEY="only for tests",
        SECURITY_PASSWORD_SALT="only for tests",
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=QUICK_HASHES,
        THROTTLE=False,
        SQLALCHEMY_DATABASE_URI=url,
        WTF_CSRF_ENABLED=False,
        SESSION_COOKIE_SECURE=False,
        PANEL_SEARCH_ENDPOINT="person.index_view",
    )
    db.init_app(app)
    office.panel.init_app(app)
    language.init_app(app)
    catalogues.init_app(app)
    guard.init_app(app)

    @app.before_request
    def sign_in() -> None:
        g.actor = PEOPLE.get(request.headers.get("X-Person", ""))

    theme.init_app(app)
    errors.init_app(app)
    answers.init_app(app)
    signin.init_app(app)
    shell.init_app(app)
    admin = Admin(app, name="Office", url="/", theme=theme.PanelTheme(), index_view=Home(url="/"))
    for view in (*SCREENS, AccountView, ChangesView, InboxView, ProcessesView):
        admin.add_view(view(office.panel))
    return app


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, SqliteKept]:
    """The filled office, built once, and its database, which can be put back."""
    path = tmp_path_factory.mktemp("office") / "office.db"
    app = make_app(f"sqlite:///{path}")
    fill_with_tables(app)
    kept = SqliteKept(path, lambda: close(app))
    kept.keep()
    return app, kept


@pytest.fixture
def app(built: tuple[Flask, SqliteKept]) -> Iterator[Flask]:
    """The office with two regions, two desks each, and some people, as it was filled."""
    app, kept = built
    with app.app_context():
        db.session.remove()
    verify._points.clear()  # a glance tells a log that went back from one that is whole
    kept.put_back()
    configured = dict(app.config)
    yield app
    app.config.clear()
    app.config.update(configured)
    with app.app_context():
        db.session.remove()


def opened(url: str) -> Iterator[Flask]:
    """An office of its own, filled in an empty database; closed in the end."""
    app = make_app(url)
    fill_with_tables(app)
    yield app
    close(app)


def close(app: Flask) -> None:
    """Leave no connection open."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def fill_with_tables(app: Flask) -> None:
    """Tables, triggers, and everybody in them."""
    with app.app_context():
        with db.engine.execution_options(write="schema").begin() as connection:
            office.Base.metadata.create_all(connection)
            install(connection, office.panel.triggers(connection.dialect.name))
        with deed("test.fill", actor=SYSTEM):
            fill()
            office.workflow.sync(db.session)
            db.session.commit()
        db.session.remove()


@pytest.fixture(scope="session")
def stock_built(built: tuple[Flask, SqliteKept]) -> Flask:
    """Stock Flask-Admin over the same database."""
    return make_stock(f"sqlite:///{built[1].path}")


@pytest.fixture
def stock(app: Flask, stock_built: Flask) -> Iterator[Browser]:
    """A browser at it."""
    yield Browser(stock_built, "")
    close(stock_built)


def fill() -> None:
    """Everybody and everything; ids are those of the order."""
    db.session.add_all([Region(id=SERANG, name="Serang"), Region(id=METRO, name="Metro")])
    db.session.flush()
    codes = ("clerk", "supervisor", "auditor", "administrator")
    roles_made = [office.Role(code=code) for code in codes]
    db.session.add_all(roles_made)
    for person in PEOPLE.values():
        name = person.name
        roles = [role for role in roles_made if role.code in person.roles]
        grants = [office.Grant(region_id=place.region_id) for place in person.places]
        db.session.add(
            office.Account(
                id=person.id,
                username=name.lower(),
                name=name,
                fs_uniquifier=name,
                roles=roles,
                grants=grants,
            )
        )
    desks = [
        Desk(id=1, region_id=SERANG, name="Front desk", code="F1"),
        Desk(id=2, region_id=SERANG, name="Archive", code="A1"),
        Desk(id=3, region_id=METRO, name="Harbour", code="H1"),
    ]
    db.session.add_all([*desks, Tag(id=1, name="early"), Tag(id=2, name="late")])
    db.session.flush()
    db.session.add_all(
        [
            Person(id=1, region_id=SERANG, name="Fulan Contoh", nip=FULAN, desk_id=1, phone=PHONE),
            Person(id=2, region_id=SERANG, name="Badu 100% Misal", desk_id=2),
            Person(id=3, region_id=METRO, name="Dadap Metro", nip=DADAP, desk_id=3),
        ]
    )
    db.session.flush()
    db.session.add(Visit(id=1, region_id=SERANG, person_id=1, purpose="Asks for a stamp"))


class Browser:
    """A person at the office's pages: fills in forms as they are shown."""

    def __init__(self, app: Flask, name: str) -> None:
        self.client = app.test_client()
        self.headers = {"X-Person": name} if name else {}

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(
            path, headers={**self.headers, **options.pop("headers", {})}, **options
        )

    def post(self, path: str, data: Any = None, **options: Any) -> Any:
        headers = {**self.headers, **options.pop("headers", {})}
        return self.client.post(path, data=data or {}, headers=headers, **options)

    def form(self, path: str) -> dict[str, Any]:
        """What a browser would send back when nothing is typed."""
        return fields_of(self.get(path).text)

    def send(self, path: str, **typed: Any) -> Any:
        """Open the form at `path`, type, and send it."""
        return self.post(path, {**self.form(path), **typed})


INPUT = re.compile(r"<input\b[^>]*>")
SELECT = re.compile(r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>', re.S)
TEXTAREA = re.compile(r'<textarea\b[^>]*name="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', re.S)


def fields_of(page: str) -> dict[str, Any]:
    """Names and values of the page's record form, as a browser would send them back."""
    page = page[page.rfind('enctype="multipart/form-data"') :]
    found: dict[str, Any] = {}
    for tag in INPUT.findall(page):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if given.get("type") not in ("submit", "checkbox", "radio") and "name" in given:
            found[given["name"]] = given.get("value", "")
    for name, options in SELECT.findall(page):
        chosen = re.findall(r'<option selected value="([^"]*)"', options)
        if chosen:
            found[name] = chosen
    found.update(TEXTAREA.findall(page))
    return found


@pytest.fixture
def browse(app: Flask) -> Callable[[str], Browser]:
    """A browser for a person, by name; "" is a stranger."""
    return lambda name: Browser(app, name)


@pytest.fixture
def ani(app: Flask) -> Browser:
    return Browser(app, "ani")


@pytest.fixture
def bayu(app: Flask) -> Browser:
    return Browser(app, "bayu")


@pytest.fixture
def citra(app: Flask) -> Browser:
    return Browser(app, "citra")


@pytest.fixture
def mira(app: Flask) -> Browser:
    return Browser(app, "mira")


@pytest.fixture
def rows(app: Flask) -> Callable[..., list[Any]]:
    """The rows of a select, read outside of any request."""

    def read(statement: Any) -> list[Any]:
        with app.app_context():
            found = [tuple(row) for row in db.session.execute(statement)]
            db.session.rollback()
        return found

    return read


@pytest.fixture
def deeds(rows: Callable[..., list[Any]]) -> Callable[[], list[str]]:
    """The actions in the log after the office was filled, oldest first."""

    def read() -> list[str]:
        found = rows(sa.select(office.Deed.action).order_by(office.Deed.seq))
        return [action for (action,) in found if action != "test.fill"]

    return read


@pytest.fixture
def statements(app: Flask) -> Callable[[], Any]:
    """Counts the SELECTs that run inside of the `with`."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
            # the session of the browser is there from its first request on, or not
            if statement.lstrip().upper().startswith("SELECT") and "web_session" not in statement:
                seen.append(statement)

        with app.app_context():
            engine = db.engine
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)

    return counting
