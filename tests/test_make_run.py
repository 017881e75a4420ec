"""What the first minute promises: `python wsgi.py` as a process, and the guards of the Makefile."""

from __future__ import annotations

import http.cookiejar
import os
import re
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from models.base import db
from panel.commands.serve import GRACE, serve
from tests.site import PASSWORD
from wsgi import prepared, sentence_or_app

ROOT = Path(__file__).parent.parent
NAMES = ("ani", "asep", "bayu", "dewi", "citra", "mira", "made", "maya", "eka", "edi")
#: A machine that does other work as well.
PATIENCE = 120


def environ(**settings: str) -> dict[str, str]:
    """The environment without settings of whoever runs the tests."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JENJANG_", "MAKE", "MFLAGS"))}
    return {**kept, **{f"JENJANG_{name}": value for name, value in settings.items()}}


def free_port() -> str:
    for port in range(5300, 5900):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return str(port)
    raise AssertionError("no port is free")


class Started:
    """`python wsgi.py` in a process group of its own, until it says where to open it."""

    def __init__(self, instance: Path, **settings: str) -> None:
        self.port = free_port()
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "wsgi.py"],
            cwd=ROOT,
            env=environ(INSTANCE=str(instance), PORT=self.port, **settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if line.startswith("Open "):
                return
        raise AssertionError("\n".join(self.lines))

    @property
    def password(self) -> str:
        return next(line for line in self.lines if "password:" in line).split()[-1]

    @property
    def names(self) -> list[str]:
        return [line.split()[0] for line in self.lines if line.startswith("  ")][:-1]

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def group(self) -> list[int]:
        """The processes that run in its group."""
        listed = subprocess.run(
            ["ps", "-A", "-o", "pgid=,pid=,stat="], capture_output=True, text=True, check=True
        )
        rows = [line.split() for line in listed.stdout.splitlines()]
        return [int(pid) for group, pid, state in rows if self.is_mine(group) and state[0] != "Z"]

    def is_mine(self, group: str) -> bool:
        return int(group) == self.process.pid

    def end(self) -> None:
        if self.group():
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()


def at_work(run: Started, instance: Path) -> list[int]:
    """The processes of the group that have the worker's lock open, and so hold it."""
    lock = str(instance / "worker.lock")
    folders = [Path(f"/proc/{pid}/fd") for pid in run.group()]
    return [
        int(folder.parent.name)
        for folder in folders
        if lock in [os.readlink(fd) for fd in folder.iterdir()]
    ]


def until(answer: Callable[[], object]) -> None:
    """Wait for what comes soon."""
    end = time.monotonic() + PATIENCE
    while not answer():
        assert time.monotonic() < end
        time.sleep(0.05)


def read(address: str) -> tuple[int, str]:
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        return answer.status, answer.read().decode()


def sign_in(run: Started, username: str, password: str) -> str:
    """Where the sign-in page leads to with this name and password."""
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(run.address("/login"), timeout=PATIENCE).read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    form = {"username": username, "password": password, "csrf_token": token[1]}
    data = urllib.parse.urlencode(form).encode()
    with browser.open(run.address("/login"), data, timeout=PATIENCE) as answer:
        return urllib.parse.urlsplit(answer.url).path


def deeds(instance: Path) -> list[tuple[int, str]]:
    connection = sqlite3.connect(instance / "jenjang.sqlite3")
    try:
        return connection.execute("SELECT seq, action FROM deed ORDER BY seq").fetchall()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("first") / "instance"


@pytest.fixture(scope="module")
def first(instance: Path) -> Iterator[Started]:
    """The first start on this machine; it runs until the tests of this file are done."""
    run = Started(instance)
    yield run
    run.end()


def test_first_start_prints_names_and_a_password_and_serves(first: Started) -> None:
    answers = {path: read(first.address(path)) for path in ("/healthz", "/readyz", "/login")}

    assert first.names == list(NAMES)
    assert first.lines[-1] == f"Open {first.address('/')}"
    assert answers["/healthz"] == answers["/readyz"] == (200, '{"status":"ok"}\n')
    assert answers["/login"][0] == 200
    assert 'name="username"' in answers["/login"][1]


def test_the_printed_password_opens_and_another_does_not(first: Started) -> None:
    assert sign_in(first, "citra", first.password) == "/"
    assert sign_in(first, "citra", first.password + "x") == "/login"


def test_the_made_up_password_and_the_keys_are_their_owners_alone(
    first: Started, instance: Path
) -> None:
    names = ("demo-password", "secret-key", "log-key")
    modes = {name: stat.S_IMODE((instance / name).stat().st_mode) for name in names}

    assert modes == dict.fromkeys(names, 0o600)
    assert stat.S_IMODE(instance.stat().st_mode) == 0o700
    assert (instance / "demo-password").read_text() == f"{first.password}\n"


def test_second_start_keeps_the_data_and_ends_with_all_its_processes(
    first: Started, instance: Path
) -> None:
    before = deeds(instance)

    second = Started(instance)

    try:
        assert second.lines[0] == "Everything is up to date."
        assert second.password == first.password
        assert deeds(instance) == before
        assert read(second.address("/healthz"))[0] == 200
        assert len(second.group()) > 1
        second.process.send_signal(signal.SIGTERM)  # as the worker begins
        assert second.process.wait(GRACE - 1) == 0
        assert second.group() == []
    finally:
        second.end()


def test_web_and_worker_are_one_group_that_stays_whole_and_ends_together(
    first: Started, instance: Path
) -> None:
    until(lambda: at_work(first, instance))
    [killed] = at_work(first, instance)

    os.kill(killed, signal.SIGKILL)

    assert first.process.stdout is not None
    said = first.process.stdout.readline()
    until(lambda: at_work(first, instance))
    assert said == "The worker for long work ended; it is started again.\n"
    assert at_work(first, instance) != [killed]
    assert read(first.address("/healthz"))[0] == 200
    os.killpg(first.process.pid, signal.SIGINT)  # as Ctrl-C does
    assert first.process.wait(PATIENCE) == 0
    assert first.group() == []


def test_a_chosen_password_is_printed_and_kept_in_no_file(
    sqlite_seed: Path, tmp_path: Path
) -> None:
    seeded = Path(shutil.copytree(sqlite_seed, tmp_path / "chosen"))  # by its first start

    run = Started(seeded, DEMO_PASSWORD=PASSWORD)

    try:
        assert run.password == PASSWORD
        until(lambda: at_work(run, seeded))
        assert sign_in(run, "citra", PASSWORD) == "/"
        assert not (sqlite_seed / "demo-password").exists()
        assert not (seeded / "demo-password").exists()
        os.kill(run.process.pid, signal.SIGKILL)  # nobody is left to tell the others
        until(lambda: run.group() == [])
    finally:
        run.end()


@pytest.fixture
def refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """`refused(PORT="0")`: what `wsgi.py` says when it refuses to start: one line on stderr.

    Nothing else is printed. It is called as it calls itself; below it is a process.
    """

    def start(**settings: str) -> str:
        for name in [name for name in os.environ if name.startswith("JENJANG_")]:
            monkeypatch.delenv(name)
        for name, value in settings.items():
            monkeypatch.setenv(f"JENJANG_{name}", value)
        made = []

        def make() -> Flask:
            made.append(sentence_or_app())
            return made[0]

        with pytest.raises(SystemExit) as ended:
            sys.exit(serve(make, prepared))
        for app in made:
            with app.app_context():
                db.engine.dispose()
        assert ended.value.code not in (0, None)
        said = capsys.readouterr()
        assert said.out == ""
        [sentence] = said.err.splitlines()
        return sentence

    return start


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"PORT": "eighty"}, "JENJANG_PORT: give a whole number from 1 to 65535."),
        ({"PORT": "0"}, "JENJANG_PORT: give a whole number from 1 to 65535."),
        ({"ENV": "prod"}, "JENJANG_ENV: choose one of demo, production."),
        ({"THROTTLE": "off"}, "JENJANG_THROTTLE: choose one of 0, 1."),
        ({"DEMO_PASSWORD": "too-short"}, "JENJANG_DEMO_PASSWORD: it needs 12 characters or more."),
        (
            {"DATABASE_URL": "mysql://localhost/jenjang"},
            "JENJANG_DATABASE_URL: begin with sqlite:/// or postgresql+psycopg:// and a path or "
            "host.",
        ),
        (
            {"ENV": "production"},
            "JENJANG_SECRET_KEY: set it in production, 32 characters or more.",
        ),
        (
            {"ENV": "production", "SECRET_KEY": "x" * 32},
            "JENJANG_LOG_KEY: set it in production, 64 hexadecimal digits.",
        ),
    ],
)
def test_a_wrong_setting_stops_the_start_in_one_sentence(
    tmp_path: Path, settings: dict[str, str], sentence: str, refused: Callable[..., str]
) -> None:
    said = refused(**{"INSTANCE": str(tmp_path), **settings})

    assert said == f"Jenjang does not start. {sentence}"
    assert not (tmp_path / "jenjang.sqlite3").exists()


def test_a_misspelt_setting_is_named_with_those_that_there_are(
    tmp_path: Path, refused: Callable[..., str]
) -> None:
    said = refused(INSTANCE=str(tmp_path), PROT="5300")

    assert said.startswith("Jenjang does not start. JENJANG_PROT is no setting. There are: JENJANG")
    assert "JENJANG_PORT," in said


def test_a_port_that_is_taken_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        run = subprocess.run(
            [sys.executable, "wsgi.py"],
            cwd=ROOT,
            env=environ(INSTANCE=str(tmp_path), PORT=str(port)),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    [said] = run.stderr.splitlines()
    assert (run.returncode, run.stdout) == (1, "")
    assert said.startswith(f"Jenjang does not start. Port {port} is taken by another program:")
    assert not (tmp_path / "jenjang.sqlite3").exists()


def test_an_instance_folder_that_cannot_be_written_is_named(
    tmp_path: Path, refused: Callable[..., str]
) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "instance"  # not even root can make a folder in a file

    said = refused(INSTANCE=str(folder))

    assert said.startswith(
        f"Jenjang does not start. JENJANG_INSTANCE: the folder {folder} cannot be written ("
    )


@pytest.mark.parametrize(
    "settings", [{}, {"DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/nothing"}]
)
def test_a_database_that_cannot_be_used_is_said(
    tmp_path: Path, settings: dict[str, str], refused: Callable[..., str]
) -> None:
    (tmp_path / "jenjang.sqlite3").write_bytes(b"this is no database" * 99)

    said = refused(INSTANCE=str(tmp_path), PORT=free_port(), **settings)

    assert said.startswith("Jenjang does not start. The database cannot be used (")


def test_gunicorn_ends_with_the_sentence_instead_of_trying_for_ever(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{free_port()}", "wsgi:app"],
        cwd=ROOT,
        env=environ(INSTANCE=str(tmp_path), ENV="production"),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )

    assert run.returncode == 3
    assert "Jenjang does not start. JENJANG_SECRET_KEY: set it in production" in run.stderr
    assert "Traceback" not in run.stderr


# The Makefile, before there is any package


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """The project's folder as far as the guards look at it."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copy(ROOT / "constraints.txt", tmp_path)
    return tmp_path


def make_run(folder: Path, script: str | None) -> tuple[int, list[str]]:
    """`make run` where `python3` is this shell script, or where there is none."""
    programs = folder / "programs"
    programs.mkdir()
    for name in ("sh", "touch", "test"):
        found = shutil.which(name)
        assert found is not None
        (programs / name).symlink_to(found)
    if script is not None:
        (programs / "python3").write_text(f"#!/bin/sh\n{script}\n")
        (programs / "python3").chmod(0o755)
    make = shutil.which("make")
    assert make is not None
    run = subprocess.run(
        [make, "run"],
        cwd=folder,
        env={**environ(), "PATH": str(programs), "LC_ALL": "C"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert not (folder / ".venv").exists()
    return run.returncode, [line for line in run.stderr.splitlines() if "make:" not in line]


TOO_OLD = 'case "$2" in *version_info*) exit 1;; esac'
WITHOUT_VENV = 'case "$2" in *ensurepip*) echo "No module named ensurepip" >&2; exit 1;; esac'


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (None, "Python is missing: install Python 3.11 or newer, with venv and pip."),
        (
            TOO_OLD,
            "This Python is too old: Jenjang needs 3.11 or newer. Name a newer one: make run "
            "PYTHON=python3.12",
        ),
        (
            WITHOUT_VENV,
            "Python's venv is missing: install it (Debian: apt install python3-venv) and try "
            "again.",
        ),
    ],
    ids=["missing", "too old", "without venv"],
)
def test_make_run_says_what_the_machine_lacks(
    bare: Path, script: str | None, sentence: str
) -> None:
    assert make_run(bare, script) == (2, [sentence])


def test_make_run_says_when_the_packages_cannot_be_installed(bare: Path) -> None:
    packages = bare / ".venv" / "bin"
    packages.mkdir(parents=True)
    (bare / ".venv" / ".base").touch()
    (packages / "python").write_text("#!/bin/sh\nexit 1\n")
    (packages / "python").chmod(0o755)

    run = subprocess.run(
        ["make", "run"], cwd=bare, env=environ(), capture_output=True, text=True, timeout=PATIENCE
    )

    assert run.returncode == 2
    assert "The packages could not be installed: check the connection" in run.stderr
    assert not (bare / ".venv" / ".run").exists()
