"""The real server, a real Chromium, and pages that remember whatever they complained about."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

PASSWORD = "genteng-basah-47-pagi"
ROOT = Path(__file__).parents[2]
CHROMIUM = "/usr/bin/chromium"
WIDE, PHONE = (1280, 900), (375, 812)
#: Seconds in which a server has stopped: what it is about to answer, on a machine that is busy.
STOPS = 60
#: Nothing that a browser does by itself: no updates, no look-ups, no graphics card.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: How Chromium tells that a page itself answered 4xx; the tests that open such pages expect it.
ANSWERED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")

expect.set_options(timeout=10_000)


def free_port() -> int:
    """A port that nobody listens on, by chance: two runs at once do not come to the same one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the program as `make run` starts it, with a database of its own."""
    folder = tmp_path_factory.mktemp("e2e")
    with served(folder, settings_in(folder), "wsgi.py") as address:
        yield address


def settings_in(folder: Path) -> dict[str, str]:
    """The environment of a server of its own."""
    others = {k: v for k, v in os.environ.items() if not k.startswith("JENJANG_")}
    return others | {
        "JENJANG_INSTANCE": str(folder / "instance"),
        "JENJANG_DEMO_PASSWORD": PASSWORD,
        "JENJANG_THROTTLE": "0",
    }


def installed_bare(folder: Path) -> tuple[dict[str, str], str]:
    """An installation that knows no city and no tier; its settings, and eka's first password."""
    settings = settings_in(folder)
    run_flask(settings, "init", "--bare")
    return settings, administrator(settings, "eka", "Eka Contoh", "Pengelola pertama")


def second_administrator(folder: Path, *regions: str) -> str:
    """Who confirms what eka asks for, in these regions; his first password."""
    places = [word for code in regions for word in ("--place", code)]
    return administrator(settings_in(folder), "edi", "Edi Contoh", "Pengelola kedua", *places)


def administrator(
    settings: dict[str, str], username: str, name: str, why: str, *places: str
) -> str:
    """An administrator made on the server; the first password."""
    words = ("account", "add", username, "--name", name, "--role", "administrator")
    return run_flask(settings, *words, "--reason", why, *places).split()[-1]


def run_flask(settings: dict[str, str], *words: str) -> str:
    """What a command of the program prints."""
    command = (sys.executable, "-m", "flask", "--app", "wsgi", *words)
    done = subprocess.run(
        command, cwd=ROOT, env=settings, check=True, capture_output=True, text=True
    )
    return done.stdout


@contextmanager
def served(folder: Path, settings: dict[str, str], program: str) -> Iterator[str]:
    """The address of a server that is this program of ours; it ends with the block."""
    port = str(free_port())
    words = program.format(port=port).split()
    environment = settings | {"JENJANG_PORT": port}
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, running, folder / "log")
        yield address
    finally:
        running.terminate()
        running.wait(STOPS)
        print((folder / "log").read_text())


def wait_for(address: str, program: subprocess.Popen[bytes], log: Path) -> None:
    """Until the server answers; it seeds its database first."""
    until = time.monotonic() + 120
    while program.poll() is None and time.monotonic() < until:
        try:
            with urlopen(f"{address}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, *sandbox], chromium_sandbox=not sandbox
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def cookies() -> dict[str, Any]:
    """What each account's browser keeps after signing in, so that one signs in once."""
    return {}


@pytest.fixture
def open_as(
    server: str, browser: Browser, cookies: dict[str, Any]
) -> Iterator[Callable[..., Page]]:
    """`open_as("bayu", PHONE)`: a signed-in page; at the end no page may have complained."""
    contexts, complaints = [], []

    def open_as(username: str = "", size: tuple[int, int] = WIDE, **options: Any) -> Page:
        kept = cookies.get(username)
        context = browser.new_context(
            base_url=server,
            viewport={"width": size[0], "height": size[1]},
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            storage_state=kept,
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda said: complain(page, said.type, said.text))
        if username and kept is None:
            sign_in(page, username)
            cookies[username] = context.storage_state()
        return page

    def complain(page: Page, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not ANSWERED.match(text):
            complaints.append(f"{page.url}: {text}")

    yield open_as
    for context in contexts:
        context.close()
    assert complaints == []


def sign_in(page: Page, username: str) -> None:
    """Fill in the sign-in page as a person does."""
    page.goto("/login")
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("main")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/$"))


@pytest.fixture
def ani(open_as: Callable[..., Page]) -> Page:
    """A clerk's browser."""
    return open_as("ani")


@pytest.fixture
def bayu(open_as: Callable[..., Page]) -> Page:
    """A supervisor's browser."""
    return open_as("bayu")
