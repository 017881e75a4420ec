"""A small office for the tests of access: own tables and application."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, abort, g, session
from flask.testing import FlaskClient
from flask_admin import Admin
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, registry, relationship

from panel.access.accounts import add_account
from panel.access.records import (
    Access,
    AccountMixin,
    AttemptMixin,
    GrantMixin,
    RoleMixin,
    WebSessionMixin,
)
from panel.access.rules import Actor, Place, read_policy
from panel.access.sessions import TableSessions
from panel.access.throttle import Throttle
from panel.changelog.records import (
    PLAIN,
    AdoptionMixin,
    ChangeLog,
    ChangeMixin,
    DeedMixin,
    LogContextMixin,
    Logged,
    deed,
    plain,
)
from panel.changelog.rules import Command
from panel.changelog.triggers import install
from panel.columns import Utc, now
from panel.commands.account import account as account_commands
from panel.plugin import Panel
from panel.screens import answers, errors, language, requests, signin, theme

PASSWORD = "kuda kuning naik sepeda"


class Base(DeclarativeBase):
    registry = registry(type_annotation_map={str: sa.Text(), datetime: Utc()})


db = SQLAlchemy(model_class=Base)


class Deed(DeedMixin, Base): ...


class Change(ChangeMixin, Base): ...


class LogContext(LogContextMixin, Base): ...


class Adoption(AdoptionMixin, Base): ...


account_role = sa.Table(
    "account_role",
    Base.metadata,
    sa.Column("account_id", sa.ForeignKey("account.id"), primary_key=True, info=PLAIN),
    sa.Column("role_id", sa.ForeignKey("role.id"), primary_key=True, info=PLAIN),
    info={"logged": True},
)


class Role(RoleMixin, Logged, Base):
    __tablename__ = "role"


class Grant(GrantMixin, Logged, Base):
    __tablename__ = "account_grant"

    region_id: Mapped[int] = plain(nullable=False)
    unit_path: Mapped[str] = plain(nullable=False, default="")

    def place(self) -> Place:
        return Place(self.region_id, self.unit_path)


class Account(AccountMixin, Logged, Base):
    __tablename__ = "account"

    roles: Mapped[list[Role]] = relationship(secondary=account_role)
    grants: Mapped[list[Grant]] = relationship()


class WebSession(WebSessionMixin, Base):
    __tablename__ = "web_session"


class Attempt(AttemptMixin, Base):
    __tablename__ = "sign_in_attempt"


class Memo(Logged, Base):
    __tablename__ = "memo"

    id: Mapped[int] = plain(primary_key=True)
    region_id: Mapped[int] = plain(nullable=False)
    text: Mapped[str] = plain(nullable=False)


def in_scope(select: sa.Select[Any], entity: Any, actor: Actor) -> sa.Select[Any]:
    return select.where(entity.region_id.in_([place.region_id for place in actor.places]))


def locate(_: Any, place: str) -> dict[str, object]:
    region, _, path = place.partition("/")
    return {"region_id": int(region), "unit_path": f"/{path}" if path else ""}


access = Access(
    policy=read_policy(
        {"memo": {"clerk": "rce", "auditor": "r"}, "account": {"administrator": "rce"}}
    ),
    masks=frozenset({("auditor", "memo", "text")}),
    account=Account,
    role=Role,
    grant=Grant,
    web_session=WebSession,
    attempt=Attempt,
    scope=in_scope,
    locate=locate,
)
log = ChangeLog(
    deed=Deed,
    change=Change,
    context=LogContext,
    adoption=Adoption,
    metadata=Base.metadata,
    key=lambda: b"a key outside the database",
)
panel = Panel(db, log=log, access=access)


class Clock:
    """A clock that tests put forward."""

    def __init__(self) -> None:
        self.moment = now()

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **much: float) -> None:
        self.moment += timedelta(**much)


def make_app(url: str, clock: Clock, **settings: Any) -> Flask:
    """The application with ani (clerk), citra (auditor), eka (administrator) of region 1."""
    app = Flask("office")
    app.config.update(
        SQLALCHEMY_DATABASE_URI=url,
        SECRET_KEY="not a secret",
        SECURITY_PASSWORD_SALT="salt",
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS={
            "argon2__time_cost": 1,
            "argon2__memory_cost": 64,
            "argon2__parallelism": 1,
        },
        PROPAGATE_EXCEPTIONS=False,
        SESSION_COOKIE_SECURE=False,
    )
    app.config.update(settings)
    db.init_app(app)
    panel.init_app(app)
    language.init_app(app)
    theme.init_app(app)
    Admin(app, name="Office", theme=theme.PanelTheme())
    requests.init_app(app)
    errors.init_app(app)
    answers.init_app(app)
    signin.init_app(app)
    app.session_interface = TableSessions(WebSession, lambda: db.engine, signin.release, clock)
    app.extensions["throttle"] = Throttle(Attempt, lambda: db.engine, clock)
    app.cli.add_command(account_commands)
    add_pages(app)
    with app.app_context():
        create_tables()
        add_people()
    return app


def create_tables() -> None:
    with db.engine.connect().execution_options(write="schema") as connection:
        Base.metadata.create_all(connection)
        install(connection, log.triggers(connection.dialect.name))
        connection.execute(sa.insert(LogContext).values(id=1, erasing=False))
        connection.commit()


def add_people() -> None:
    with deed("seed", actor=Command("tests")):
        for username, role in (("ani", "clerk"), ("citra", "auditor"), ("eka", "administrator")):
            made, _ = add_account(
                access,
                db.session(),
                username=username,
                name=username.title(),
                roles=[role],
                places=["1"],
                password=PASSWORD,
            )
            made.password_changed_at = now()
        db.session.commit()
    db.session.remove()


def add_pages(app: Flask) -> None:
    @app.get("/")
    def home() -> str:
        return g.actor.name if g.actor else "nobody"

    @app.get("/memos/<int:id>/")
    def memo(id: int) -> str:
        return str(id)

    @app.get("/marks/<int:size>/")
    def mark(size: int) -> str:
        return str(size)

    @app.get("/inside/")
    def inside() -> str:
        if g.actor is None:
            abort(401)
        return "inside"

    @app.route("/memos/", methods=["GET", "POST"])
    def memos() -> str:
        db.session.add(Memo(region_id=1, text="written"))
        db.session.commit()
        return "written"

    @app.get("/ended/")
    def ended() -> str:
        session["note"] = "changed"
        with db.engine.connect().execution_options(write=True) as connection:
            connection.execute(sa.delete(WebSession))
            connection.commit()
        return "ended"

    @app.get("/before/")
    def before() -> str:
        return "again" if signin.previous_sign_in() else "first time"

    @app.post("/memos/half/")
    def half() -> str:
        db.session.add(Memo(region_id=1, text="half"))
        db.session.flush()
        return "not committed"

    @app.post("/memos/broken/")
    def broken() -> str:
        db.session.add(Memo(region_id=1, text="half"))
        db.session.flush()
        raise ValueError("secret value 199001012020011001")

    @app.get("/locked/")
    def locked() -> str:
        raise sa.exc.OperationalError("SELECT nip", {"nip": "199"}, Exception("database is locked"))


def token(page: str) -> str:
    """The CSRF token in a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page
    return found[1]


def sign_in(client: FlaskClient, username: str, password: str = PASSWORD, **more: Any) -> Any:
    """Sign in by the form, as a browser does."""
    page = client.get("/login").text
    form = {"csrf_token": token(page), "username": username, "password": password}
    return client.post("/login", data=form | more.pop("data", {}), **more)


def csrf(client: FlaskClient) -> str:
    """The CSRF token of whoever uses the client."""
    path = "/change" if client.get("/").text != "nobody" else "/login"
    return token(client.get(path).text)


def rows(app: Flask, query: Any) -> list[tuple[Any, ...]]:
    """What the database holds."""
    with app.app_context(), db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def deeds(app: Flask) -> list[tuple[str, int]]:
    """Actions and actors of the log after the seeding, in order."""
    query = sa.select(Deed.action, Deed.actor_id).where(Deed.action != "seed").order_by(Deed.seq)
    return [(action, actor) for action, actor in rows(app, query)]
