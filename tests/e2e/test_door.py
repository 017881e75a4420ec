"""The door in real Chromium: a typed code, the camera, and a hall without network."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import segno
from babel.dates import get_timezone
from playwright.sync_api import Browser, Page, expect

from models.base import db
from models.clock import ZONE
from models.training import AgendaItem, TrainingSession
from panel.access.rules import Actor
from panel.changelog.records import deed
from tests.e2e.conftest import CHROMIUM, FLAGS, PHONE, served, settings_in
from tests.site import site_in

LURAH = 8
WIDE, HIGH = 640, 480


@pytest.fixture(scope="module")
def hall(sqlite_seed: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A folder with an installation, and a session part that has just begun."""
    folder = tmp_path_factory.mktemp("door")
    shutil.copytree(sqlite_seed, folder / "instance")
    soon = datetime.now(get_timezone(ZONE)) - timedelta(minutes=5)
    app = site_in(folder / "instance")
    with app.app_context(), deed("test.fill", actor=Actor(0, "tests", kind="command")):
        held = db.session.get_one(TrainingSession, LURAH)
        held.held_on, held.date_precision = soon.date(), "day"
        part = AgendaItem(
            region_id=1,
            training_session_id=LURAH,
            number=9,
            title="Sore",
            starts_at=soon.time().replace(microsecond=0),
            takes_attendance=True,
        )
        db.session.add(part)
        db.session.flush()
        key = part.id
        db.session.commit()
    with app.app_context():
        db.engine.dispose()
    return folder, key


@pytest.fixture(scope="module")
def server(hall: tuple[Path, int]) -> Iterator[str]:
    """The program over that folder."""
    with served(hall[0], settings_in(hall[0]), "wsgi.py") as address:
        yield address


@pytest.fixture(scope="module")
def cookies() -> dict[str, Any]:
    """Nobody is signed in here yet."""
    return {}


def codes_of(page: Page, part: int) -> list[str]:
    """The codes as they are printed, in the order of the cards."""
    page.goto(f"/door/{part}/badges/")
    return page.locator("p.code").all_text_contents()


def filmed(path: Path, text: str) -> Path:
    """A film of a card that is held before the camera."""
    code = segno.make(text, error="m", micro=False, mask=0, boost_error=False)
    card = [list(line) for line in code.matrix_iter(scale=8, border=4)]
    left, top = (WIDE - len(card)) // 2, (HIGH - len(card)) // 2
    gray = bytearray(b"\xdc" * (WIDE * HIGH))
    for number, line in enumerate(card):
        at = (top + number) * WIDE + left
        gray[at : at + len(line)] = bytes(16 if point else 235 for point in line)
    frame = b"FRAME\n" + bytes(gray) + b"\x80" * (WIDE * HIGH // 2)
    head = f"YUV4MPEG2 W{WIDE} H{HIGH} F10:1 Ip A1:1 C420jpeg\n".encode()
    path.write_bytes(head + frame * 2)
    return path


def test_a_code_is_typed_and_another_held_before_the_camera(
    ani: Page, hall: tuple[Path, int], browser: Browser, server: str, tmp_path: Path
) -> None:
    part = hall[1]
    codes = codes_of(ani, part)

    ani.goto(f"/door/{part}/")
    expect(ani.get_by_label("Pindai kode")).to_be_focused()
    answers = []
    for code in (codes[0], codes[0].lower()):
        ani.keyboard.type(code)
        ani.keyboard.press("Enter")
        expect(ani.get_by_label("Pindai kode")).to_have_value("")
        answers.append(ani.locator("#answer").inner_text())
    film = filmed(tmp_path / "card.y4m", codes[1])
    seeing = browser.browser_type.launch(
        executable_path=CHROMIUM,
        args=[
            *FLAGS,
            "--no-sandbox",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
        ],
    )
    try:
        state = ani.context.storage_state()
        context = seeing.new_context(base_url=server, storage_state=state, permissions=["camera"])
        page = context.new_page()
        page.goto(f"/door/{part}/")
        page.get_by_role("button", name="Gunakan kamera").click()
        expect(page.locator("#answer")).to_contain_text("pasangan ")
        seen = page.locator("#answer").inner_text()
        page.get_by_role("button", name="Matikan kamera").click()
    finally:
        seeing.close()

    assert re.match(r"Hadir \d\d\.\d\d\s", answers[0])
    assert answers[1].startswith("Sudah masuk")
    assert seen.startswith("Hadir ")
    expect(ani.locator("#came")).to_have_text("1")


def test_a_page_without_network_keeps_and_brings_back(
    ani: Page, open_as: Callable[..., Page], hall: tuple[Path, int], tmp_path: Path
) -> None:
    part = hall[1]
    codes = codes_of(ani, part)
    ani.goto(f"/door/{part}/offline/")
    with ani.expect_download() as carried:
        ani.get_by_role("button", name="Unduh halaman").click()
    carried.value.save_as(tmp_path / "page.html")

    away = open_as("", PHONE, offline=True)
    away.goto(f"file://{tmp_path / 'page.html'}")
    for code in (codes[4], codes[4], codes[6]):
        away.get_by_label("Kode").fill(code)
        away.keyboard.press("Enter")
    away.reload()
    expect(away.locator("#count")).to_have_text("Tercatat di sini: 2")
    with away.expect_download() as kept:
        away.get_by_role("button", name="Simpan berkas").click()
    kept.value.save_as(tmp_path / "rows.json")
    ani.set_input_files("#file", tmp_path / "rows.json")
    ani.get_by_role("button", name="Masukkan").click()

    expect(ani).to_have_url(re.compile("/proposals/details/"))
    expect(ani.get_by_role("main")).to_contain_text("Diusulkan: 2. Sudah hadir: 0.")
