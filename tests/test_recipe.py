"""The README's recipe for an application with users of its own, as it stands, on both databases."""

from __future__ import annotations

import importlib.util
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from types import ModuleType

import psycopg
import pytest
from flask.testing import FlaskClient
from sqlalchemy import make_url
from werkzeug.security import generate_password_hash

from panel.adopting import user_key
from panel.changelog.deeds import NoDeed
from panel.workflow.hooks import Decided

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
PEOPLE = {"ani": "clerk", "bayu": "supervisor", "dewi": "supervisor", "citra": "auditor"}


def block(language: str, holding: str) -> str:
    [found] = [
        text
        for text in re.findall(rf"^```{language}\n(.*?)^```$", README, re.S | re.M)
        if holding in text
    ]
    return str(found)


RECIPE = block("python", "Adopted(")
#: What the README's hooks need beside the recipe.
HOOKS = "from sqlalchemy.orm import Session\nfrom panel import Decided\n"


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine_url: str) -> Iterator[ModuleType]:
    """The application, prepared, with four users."""
    (tmp_path / "leave.toml").write_text(block("toml", 'kind = "leave"'), "utf-8")
    (tmp_path / "leave.py").write_text(RECIPE, "utf-8")
    monkeypatch.setenv("LEAVE_SECRET_KEY", "a long secret of the example, for tests only")
    monkeypatch.setenv("LEAVE_LOG_KEY", "another secret, for tests only")
    monkeypatch.setenv("LEAVE_SQLALCHEMY_DATABASE_URI", engine_url)
    spec = importlib.util.spec_from_file_location("leave", tmp_path / "leave.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "leave", module)
    spec.loader.exec_module(module)
    assert run(module, "setup") == ""
    with module.app.app_context():
        hashed = generate_password_hash("x", "pbkdf2:sha256:1")
        users = [module.User(name=n, password=hashed, role=r) for n, r in PEOPLE.items()]
        module.db.session.add_all(users)
        module.db.session.commit()
    yield module
    with module.app.app_context():
        module.db.session.remove()
        module.db.engine.dispose()


def run(host: ModuleType, *words: str) -> str:
    done = host.app.test_cli_runner().invoke(args=words)
    assert done.exit_code == 0, done.output
    return str(done.output)


def signed_in(host: ModuleType, name: str) -> FlaskClient:
    client: FlaskClient = host.app.test_client()
    assert client.post("/sign-in", data={"name": name, "password": "x"}).location == "/"
    return client


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page."""
    tags = re.findall(r'<input[^>]*type="hidden"[^>]*>', page)
    given = [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in tags]
    return {one["name"]: unescape(one.get("value", "")) for one in given if "name" in one}


def ask(client: FlaskClient, purpose: str = "A wedding") -> str:
    """A new leave, submitted; the address of its page."""
    typed = {"purpose": purpose, "phone": "+6281200001234"}
    made = client.post("/leaves/new/", data={**hidden(client.get("/leaves/new/").text), **typed})
    assert made.status_code == 303, made.text
    number = made.location.partition("=")[2]
    asked = client.post(f"/leaves/{number}/move/ask/", data=hidden(client.get(made.location).text))
    assert asked.status_code == 303, asked.text
    return str(made.location)


def outside(engine_url: str, statement: str) -> None:
    """A statement of another program, which knows nothing of ours."""
    if engine_url.startswith("sqlite"):
        with sqlite3.connect(engine_url.removeprefix("sqlite:///"), timeout=5) as lite:
            lite.execute(statement)
        return
    url = make_url(engine_url)
    with psycopg.connect(
        host=str(url.query["host"]), user="postgres", dbname=url.database
    ) as connection:
        connection.execute(statement)


REFUSED = (sqlite3.IntegrityError, psycopg.errors.IntegrityError)


def status(host: ModuleType, number: int = 1) -> str:
    with host.app.app_context():
        return str(host.db.session.get(host.Leave, number).status)


def test_it_takes_ten_lines() -> None:
    code = [line for line in RECIPE.splitlines() if line.strip() and not line.startswith("#")]
    begun, ended = code.index("panel = Adopted("), code.index("panel.init_app(app, admin)")
    own = [
        *(line for line in code if re.match(r"(from|import) panel", line)),
        *code[begun : ended + 1],
        *(line for line in code[ended + 1 :] if "panel" in line),
    ]

    assert len(own) == 10
    assert all(len(line) <= 100 for line in own)


def test_a_leave_runs_through_its_process(host: ModuleType, engine_url: str) -> None:
    ani, bayu, citra = (signed_in(host, name) for name in ("ani", "bayu", "citra"))
    decided: list[Decided] = []
    host.panel.steps.after_commit(decided.append)

    page = ask(ani)
    locked = ani.get("/leaves/edit/?id=1").status_code
    waits = bayu.get("/inbox/").text
    own = ani.post("/leaves/1/move/grant/", data=hidden(ani.get(page).text))
    with pytest.raises(REFUSED, match="jenjang:status"):
        outside(engine_url, "UPDATE leave SET status = 'granted'")
    with pytest.raises(REFUSED, match="jenjang:locked"):
        outside(engine_url, "UPDATE leave SET purpose = 'something else'")
    granted = bayu.post("/leaves/1/move/grant/", data=hidden(bayu.get(page).text))
    told = bayu.get("/leaves/history/?id=1")
    log = citra.get("/changes/")

    assert (locked, own.status_code, granted.status_code) == (409, 403, 303)
    assert "A wedding" in waits
    assert status(host) == "granted"
    assert [(one.step, one.actor_name) for one in decided] == [("ask", "ani"), ("grant", "bayu")]
    assert told.status_code == log.status_code == 200
    assert "bayu" in told.text
    assert ani.get("/changes/").status_code == 403
    assert run(host, "log", "verify").startswith("The log verifies:")


def test_nobody_approves_his_own_leave_whatever_his_role(host: ModuleType) -> None:
    ani = signed_in(host, "ani")
    page = ask(ani)
    with host.app.app_context():
        host.db.session.get(host.User, 1).role = "supervisor"
        host.db.session.commit()

    refused = ani.post("/leaves/1/move/grant/", data=hidden(ani.get(page).text))

    assert (refused.status_code, status(host)) == (403, "asked")


def test_the_hosts_own_pages_and_tables_stay_as_they_were(host: ModuleType) -> None:
    stranger, ani = host.app.test_client(), signed_in(host, "ani")

    # a form without a token, by a stranger, into a table that is not logged
    made = stranger.post("/room/new/", data={"name": "Hall"})
    edited = ani.post("/room/edit/?id=1", data={"name": "Great Hall"})
    page = ani.get("/room/")

    assert (made.status_code, edited.status_code) == (302, 302)
    assert "Great Hall" in page.text
    assert "Content-Security-Policy" not in page.headers
    assert "Content-Security-Policy" in ani.get("/leaves/").headers
    assert "jejak perubahan" not in ani.get("/room/new/").text
    assert "jejak perubahan" in ani.get("/leaves/new/").text


def test_the_panels_pages_are_closed_to_strangers_and_forgers(host: ModuleType) -> None:
    stranger, ani, citra = host.app.test_client(), signed_in(host, "ani"), signed_in(host, "citra")
    token = hidden(ani.get("/leaves/new/").text)
    typed = {**token, "purpose": "A wedding", "phone": "1"}

    answers = [
        stranger.get("/leaves/").location,
        stranger.post("/leaves/new/", data=typed).location,
        ani.post("/leaves/new/", data={**typed, "csrf_token": ""}).status_code,
        ani.post("/leaves/new/", data=typed, headers={"Origin": "http://else.where"}).status_code,
        ani.get("/leaves/details/?id=1%00").status_code,
        citra.get("/leaves/").status_code,
    ]

    assert [str(one).partition("?")[0] for one in answers] == [
        "/sign-in",
        "/sign-in",
        "400",
        "403",
        "400",
        "403",
    ]
    with host.app.app_context():
        assert host.db.session.scalar(host.db.select(host.db.func.count(host.Leave.id))) == 0


def test_a_logged_table_is_written_under_a_deed_alone(host: ModuleType) -> None:
    with host.app.app_context():
        host.db.session.add(host.Leave(purpose="quietly", created_by_id=1))
        with pytest.raises(NoDeed):
            host.db.session.commit()
        host.db.session.rollback()
        assert host.db.session.scalar(host.db.select(host.db.func.count(host.Leave.id))) == 0


def test_it_is_safe_to_prepare_again(host: ModuleType) -> None:
    ask(signed_in(host, "ani"))

    assert run(host, "setup") == ""

    assert status(host) == "asked"
    assert run(host, "log", "verify").startswith("The log verifies:")


def test_a_users_key_is_a_whole_number(host: ModuleType) -> None:
    class Guest(host.db.Model):
        id = host.db.Column(host.db.Uuid, primary_key=True)

    with pytest.raises(TypeError, match="whole number"):
        user_key(Guest)


def test_types_are_complete(tmp_path: Path) -> None:
    wrong = RECIPE.replace("frozenset({user.role})", "{user.role}").replace("guards=", "guardz=")
    assert wrong.count("guardz") == 1
    (tmp_path / "right.py").write_text(HOOKS + RECIPE + block("py", "before_commit("), "utf-8")
    (tmp_path / "wrong.py").write_text(wrong, "utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", *sorted(map(str, tmp_path.glob("*.py")))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    # what others leave without types
    theirs = r"UserMixin|\(has type \"Any\"\)|\"db\.Model\" is not defined|\[untyped-decorator\]"
    said = [
        line for line in done.stdout.splitlines() if re.search(r"(right|wrong)\.py:.*error:", line)
    ]
    ours = [line for line in said if not re.search(theirs, line)]
    assert said
    assert [line for line in ours if "wrong.py" not in line] == []
    assert [re.findall(r"\[([a-z-]+)\]$", line) for line in ours] == [["call-arg"], ["arg-type"]]
