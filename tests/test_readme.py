"""The README is true: its tables are those of the code, its example runs, what it names exists."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from types import ModuleType

import click
import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import NotFound
from werkzeug.routing import RequestRedirect

from models.policy import GROUPS
from models.records import workflow
from panel.access.rules import ROLE_NAMES
from panel.settings import KNOWN
from seed.accounts import ACCOUNTS
from tests.site import site_in

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
LETTERS = {"read": "r", "create": "c", "edit": "e", "delete": "d", "export": "x"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, never asked for a page: it needs no database."""
    return site_in(tmp_path_factory.mktemp("readme"))


def part(name: str) -> str:
    """What stands between the two marks of that name."""
    found = re.findall(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", README, re.S)
    [text] = found
    return str(text).strip("\n")


def cells(name: str) -> list[list[str]]:
    """The rows of the table in a part, without its head."""
    lines = [line for line in part(name).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def blocks(language: str) -> list[str]:
    """The fenced blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.S | re.M)


# Tables


def test_the_process_table_is_what_the_command_prints(app: Flask) -> None:
    printed = app.test_cli_runner().invoke(args=["workflow", "table"])

    assert printed.exit_code == 0
    assert part("process") == printed.output.strip("\n")


def rights(verbs: frozenset[str]) -> str:
    """A role's verbs as `models/policy.py` writes them."""
    letters = "".join(letter for verb, letter in LETTERS.items() if verb in verbs)
    return " ".join([letters, *sorted(verbs - set(LETTERS))]).strip()


def test_the_policy_table_is_that_of_the_code() -> None:
    held = [[str(one.title), *(rights(one.held(role)) for role in ROLE_NAMES)] for one in GROUPS]

    assert cells("policy") == held


def test_every_setting_stands_in_its_table() -> None:
    named = [row[0].strip("`") for row in cells("settings")]

    assert sorted(named) == sorted(f"JENJANG_{name}" for name in KNOWN)


def commands(group: click.Group, before: str = "flask") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}"


def test_every_command_of_its_own_stands_in_its_table(app: Flask) -> None:
    own = {name for name in commands(app.cli) if not name.startswith("flask db ")}

    assert {row[0].strip("`") for row in cells("commands")} == own


def test_every_target_of_the_makefile_stands_in_its_table() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = re.findall(r"^\.PHONY: (.*)$", makefile, re.M)[0].split()

    assert [row[0].strip("`") for row in cells("targets")] == [f"make {name}" for name in targets]


def test_every_account_of_the_demo_stands_in_its_table() -> None:
    named = [name for row in cells("accounts") for name in re.findall(r"`(\w+)`", row[1])]

    assert sorted(named) == sorted(one.username for one in ACCOUNTS)


# Holes


def functions(path: Path) -> dict[str, list[str]]:
    """The tests in a file, with the names of their fixtures."""
    tree = ast.parse(path.read_text("utf-8"))
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {node.name: [one.arg for one in node.args.args] for node in found}


def named_tests() -> set[tuple[str, str]]:
    found = set()
    for row in cells("holes"):
        tests = re.findall(r"`(\w+\.py)::(test_\w+)`", row[-1])
        assert tests, row
        found.update(tests)
    return found


def test_every_hole_names_tests_that_there_are() -> None:
    screens = ROOT / "tests" / "panel" / "screens"

    missing = [pair for pair in named_tests() if pair[1] not in functions(screens / pair[0])]

    assert missing == []


def test_every_test_against_stock_flask_admin_closes_a_hole_of_the_table() -> None:
    shown = {
        (path.name, name)
        for path in (ROOT / "tests" / "panel" / "screens").glob("test_*.py")
        for name, fixtures in functions(path).items()
        if "stock" in fixtures and "ani" in fixtures
    }

    assert shown - named_tests() == set()


# What is named


def test_every_linked_file_is_there() -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)", README)

    assert linked
    assert [path for path in linked if not (ROOT / path).exists()] == []


def test_every_file_in_code_is_there() -> None:
    files = re.findall(r"`((?:panel|models|views|seed|tests)/[\w/.-]*)`", README)

    assert files
    assert [path for path in files if not (ROOT / path).exists()] == []


def test_every_page_that_is_named_has_a_route(app: Flask) -> None:
    routes = app.url_map.bind("localhost")

    missing = []
    for path in re.findall(r"`(/[a-z-]*(?:/[a-z0-9-]*)*)`", README):
        try:
            routes.match(path, method="GET")
        except (NotFound, RequestRedirect):
            missing.append(path)

    assert missing == []


def screen_words() -> set[str]:
    """Everything that the screens say in Indonesian."""
    found = set(labels())
    for path in ROOT.glob("*/**/id/LC_MESSAGES/*.po"):
        with path.open("rb") as file:
            found.update(str(message.string) for message in read_po(file, locale="id"))
    return found


def labels() -> Iterator[str]:
    for process in workflow.processes():
        for one in (*process.states.values(), *process.transitions.values()):
            yield one.label.text("id")


def is_said(word: str, known: set[str]) -> bool:
    """Whether the screens say `word`, or put it together from a sentence and another word."""
    if word in known:
        return True
    lowered = {one.lower() for one in known}
    for sentence in known:
        fixed = re.split(r"%\(\w+\)s", sentence)
        if len(fixed) == 2 and len(fixed[0] + fixed[1]) > 3:
            found = re.fullmatch("(.+)".join(map(re.escape, fixed)), word)
            if found and found[1].lower() in lowered:
                return True
    return False


def test_every_button_of_the_tour_is_a_word_of_the_screens() -> None:
    bold = set(re.findall(r"\*\*([^*]+)\*\*", part("tour")))
    known = screen_words()

    assert bold
    assert [word for word in bold if not is_said(word, known)] == []
    assert not is_said("Tambah jendela", known)


# The example


@pytest.fixture
def leave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The foreign site of the README, in a folder of its own."""
    (tmp_path / "leave.toml").write_text(blocks("toml")[0], "utf-8")
    (tmp_path / "leave.py").write_text(blocks("python")[1], "utf-8")
    monkeypatch.setenv("LEAVE_SECRET_KEY", "a long secret of the example, for tests only")
    monkeypatch.setenv("LEAVE_SECURITY_PASSWORD_SALT", "salt")
    monkeypatch.setenv("LEAVE_SQLALCHEMY_DATABASE_URI", f"sqlite:///{tmp_path}/leave.sqlite3")
    spec = importlib.util.spec_from_file_location("leave", tmp_path / "leave.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "leave", module)
    spec.loader.exec_module(module)
    yield module
    with module.app.app_context():
        module.db.session.remove()
        module.db.engine.dispose()


def run(app: Flask, *words: str) -> str:
    done = app.test_cli_runner().invoke(args=words)
    assert done.exit_code == 0, done.output
    return str(done.output)


def fields(page: str) -> dict[str, str]:
    """The hidden fields of a page, its last form winning."""
    tags = re.findall(r'<input[^>]*type="hidden"[^>]*>', page)
    given = [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in tags]
    return {one["name"]: unescape(one.get("value", "")) for one in given if "name" in one}


def signed_in(app: Flask, username: str) -> FlaskClient:
    """A new account's browser, its first password changed as it has to be."""
    role = {"ani": "clerk", "bayu": "supervisor"}[username]
    made = run(app, "account", "add", username, "--name", username, "--role", role, "--reason", "x")
    first, chosen = made.split()[-1], f"genteng-basah-{username}"
    client = app.test_client()
    form = {"username": username, "password": first, **fields(client.get("/login").text)}
    client.post("/login", data=form)
    token = {"csrf_token": fields(client.get("/change").text)["csrf_token"]}
    new = {"new_password": chosen, "new_password_confirm": chosen}
    assert client.post("/change", data={"password": first, **new, **token}).location == "/"
    return client


def test_the_example_is_a_whole_site(leave: ModuleType) -> None:
    app = leave.app
    run(app, "setup")
    ani, bayu = signed_in(app, "ani"), signed_in(app, "bayu")
    typed = {"purpose": "A wedding", "phone": "+6281200001234"}

    made = ani.post("/leaves/new/", data={**fields(ani.get("/leaves/new/").text), **typed})
    page = "/leaves/details/?id=1"
    asked = ani.post("/leaves/1/move/ask/", data=fields(ani.get(page).text))
    locked = ani.get("/leaves/edit/?id=1").status_code
    inbox = bayu.get("/inbox/").text
    own = ani.post("/leaves/1/move/grant/", data=fields(ani.get(page).text)).status_code
    granted = bayu.post("/leaves/1/move/grant/", data=fields(bayu.get(page).text))

    assert (made.status_code, made.location) == (303, page)
    assert (asked.status_code, locked, own, granted.status_code) == (303, 409, 403, 303)
    assert "A wedding" in inbox
    with app.app_context():
        assert leave.db.session.get(leave.Leave, 1).status == "granted"
    assert run(app, "log", "verify").startswith("The log verifies:")
