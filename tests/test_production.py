"""Production: what stops its start, how one signs in there, and what its cookies are like."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from flask.cli import cli as flask

import wsgi
from models.base import db
from models.records import Account, panel
from panel.changelog.records import deed
from panel.changelog.rules import Command
from panel.columns import now
from panel.commands import start
from panel.words import Refused
from seed.accounts import ACCOUNTS
from tests.site import PASSWORD
from wsgi import ROOT, create_app, look_before_serving

TLS = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
DATABASE = "jenjang.sqlite3"
NAMES = "ani, asep, bayu, citra, dewi, edi, eka, made, maya, mira"


def settings(folder: Path) -> dict[str, str]:
    return {
        "JENJANG_ENV": "production",
        "JENJANG_INSTANCE": str(folder),
        "JENJANG_SECRET_KEY": (folder / "secret-key").read_text().strip(),
        "JENJANG_LOG_KEY": (folder / "log-key").read_text().strip(),
        "JENJANG_PROXIES": "1",
    }


@pytest.fixture(scope="module")
def installed(sqlite_seed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The instance folder of all tests of this file."""
    return Path(shutil.copytree(sqlite_seed, tmp_path_factory.mktemp("server") / "instance"))


@pytest.fixture(scope="module")
def made(installed: Path) -> Flask:
    """The application on it, made once."""
    return create_app(settings(installed))


@pytest.fixture
def folder(sqlite_seed: Path, installed: Path) -> Path:
    """An instance that once held the demo, as it was then."""
    for rest in ("-wal", "-shm"):
        (installed / f"{DATABASE}{rest}").unlink(missing_ok=True)
    shutil.copyfile(sqlite_seed / DATABASE, installed / DATABASE)
    return installed


@pytest.fixture
def app(made: Flask, folder: Path) -> Iterator[Flask]:
    configured = dict(made.config)
    yield made
    made.config.clear()
    made.config.update(configured)
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def cleared(app: Flask) -> Flask:
    """The application after the demo's accounts were closed."""
    with app.app_context(), deed("account.deactivate", actor=Command("tests")):
        for account in db.session.scalars(sa.select(Account)):
            account.active = False
        db.session.commit()
    return app


def why_not(app: Flask) -> str:
    """The sentence with which the start is refused; empty when nothing stops it."""
    try:
        look_before_serving(app)
    except Refused as refused:
        return str(refused.sentence)
    return ""


def test_active_accounts_of_the_demo_stop_it(app: Flask) -> None:
    assert ", ".join(sorted(account.username for account in ACCOUNTS)) == NAMES
    assert why_not(app).startswith(f"Accounts of the demo are active: {NAMES}. Close each")


def test_without_them_nothing_stops_it(cleared: Flask) -> None:
    assert why_not(cleared) == ""


def test_an_ani_of_the_offices_own_is_welcome(cleared: Flask) -> None:
    def rename(old: str, new: str) -> None:
        with deed("account.edit", actor=Command("tests")):
            db.session.execute(
                sa.update(Account).where(Account.username == old).values(username=new)
            )
            db.session.commit()

    with cleared.app_context():
        rename("ani", "ani.demo")
    words = ["account", "add", "ani", "--name", "Ani Wijaya", "--role", "clerk", "--reason", "SK 1"]
    result = cleared.test_cli_runner().invoke(args=words)

    assert result.exit_code == 0, result.output
    assert why_not(cleared) == ""


def test_a_trigger_that_is_missing_stops_it(cleared: Flask) -> None:
    with cleared.app_context():
        name = panel.triggers("sqlite")[0].name
        with db.engine.connect().execution_options(write="schema") as connection:
            connection.execute(sa.text(f"DROP TRIGGER {name}"))
            connection.commit()

    assert f"Trigger {name} is missing." in why_not(cleared)


def test_a_clock_before_the_newest_deed_stops_it(
    cleared: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "now", lambda: now() - timedelta(hours=1))

    assert "but the newest entry of the change log is of" in why_not(cleared)


def test_a_pending_migration_stops_it(tmp_path: Path, folder: Path) -> None:
    empty = tmp_path / "empty"
    app = create_app({**settings(folder), "JENJANG_INSTANCE": str(empty)})

    assert why_not(app) == "A migration is pending: call `flask init`."
    with app.app_context():
        db.engine.dispose()


def test_debugging_stops_it(cleared: Flask) -> None:
    cleared.debug = True

    assert why_not(cleared).startswith("Debugging is on")


def test_the_demo_is_served_as_it_is(folder: Path) -> None:
    app = create_app({"JENJANG_INSTANCE": str(folder)})

    assert why_not(app) == ""


def test_a_server_is_refused_in_one_sentence_while_commands_go_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in settings(folder).items():
        monkeypatch.setenv(name, value)
    made: list[Flask] = []
    monkeypatch.setattr(wsgi, "create_app", lambda: made.append(create_app()) or made[-1])
    monkeypatch.setitem(vars(wsgi), "app", None)  # what a command leaves there is taken away
    del vars(wsgi)["app"]
    sentence = f"Jenjang does not start. Accounts of the demo are active: {NAMES}."

    with pytest.raises(SystemExit) as server:
        vars(wsgi)["__getattr__"]("app")  # as gunicorn does

    assert (server.value.code, capsys.readouterr().err[: len(sentence)]) == (3, sentence)
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")  # as `flask` does
    monkeypatch.syspath_prepend(ROOT)
    run = CliRunner().invoke(flask, ["--app", "wsgi", "run", "--port", "0"])
    assert (run.exit_code, run.stderr[: len(sentence)]) == (3, sentence)
    command = CliRunner().invoke(flask, ["--app", "wsgi", "account", "list"])
    assert (command.exit_code, command.stdout.splitlines()[0][:3]) == (0, "ani")
    for app in made:
        with app.app_context():
            db.engine.dispose()


def test_behind_tls_the_cookie_is_bound_to_the_host(app: Flask) -> None:
    answer = app.test_client().get("/login", headers=TLS)

    [cookie] = [one for one in answer.headers.getlist("Set-Cookie") if "session" in one]
    name, *attributes = cookie.split("; ")
    assert name.startswith("__Host-session=")
    assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_without_tls_nothing_is_promised_about_it(app: Flask, folder: Path) -> None:
    alone = create_app({**settings(folder), "JENJANG_PROXIES": "0"})

    plain = app.test_client().get("/login")
    forged = alone.test_client().get("/login", headers=TLS)

    assert "Strict-Transport-Security" not in plain.headers
    assert "Strict-Transport-Security" not in forged.headers
    with alone.app_context():
        db.engine.dispose()


def test_under_a_name_that_is_not_its_own_nothing_is_answered(app: Flask, folder: Path) -> None:
    named = create_app({**settings(folder), "JENJANG_NAMES": "jejak.example, localhost"})
    sites = (app, named)

    def status(site: Flask, name: str, path: str = "/login") -> int:
        answer = site.test_client().get(path, headers={**TLS, "X-Forwarded-Host": name})
        assert "Content-Security-Policy" in answer.headers
        return answer.status_code

    assert [status(site, "jejak.example:8443") for site in sites] == [200, 200]
    for wrong in ("evil.example", "jejak.example.evil.example", "evil.example@jejak.example"):
        assert [status(named, wrong, path) for path in ("/login", "/healthz", "/x")] == [400] * 3
    assert status(app, "evil.example") == 200
    with named.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    ("username", "location"),
    [("ani", "/"), ("citra", "/"), ("bayu", "/tf-setup"), ("eka", "/tf-setup")],
)
def test_supervisors_and_administrators_need_an_authenticator(
    app: Flask, username: str, location: str
) -> None:
    client = app.test_client()
    https = {"base_url": "https://localhost", "headers": {**TLS, "Origin": "https://localhost"}}
    page = client.get("/login", **https).text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    form = {"username": username, "password": PASSWORD, "csrf_token": token}

    answer = client.post("/login", data=form, **https)

    assert (answer.status_code, answer.location) == (302, location)
