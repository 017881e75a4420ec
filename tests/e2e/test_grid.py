"""The attendance grid in real Chromium: 134 couples by keyboard alone, past a lost connection."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from models.attendance import Participation
from models.base import db
from models.people import Official, Spouse
from models.training import AgendaItem, SessionTier, TrainingSession
from panel.access.rules import Actor
from panel.changelog.records import deed
from tests.e2e.conftest import WIDE, served, settings_in, sign_in
from tests.site import site_in

COUPLES = 134
#: What the n-th official and spouse did, counted over 12; the others were present.
KEYS = {3: ("i", "h"), 5: ("h", "s"), 7: ("d", "t"), 11: ("w", "h")}
STATUS = {
    "h": "present",
    "i": "excused",
    "s": "sick",
    "d": "on_duty",
    "t": "absent",
    "w": "represented",
}


def keys_of(number: int) -> tuple[str, str]:
    """The two letters that are typed for a couple."""
    return KEYS.get(number % 12, ("h", "h"))


@pytest.fixture(scope="module")
def hall(sqlite_seed: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[int]]:
    """A folder with an installation, and two parts of a session with 134 couples on the list."""
    folder = tmp_path_factory.mktemp("hall")
    shutil.copytree(sqlite_seed, folder / "instance")
    app = site_in(folder / "instance")
    with app.app_context(), deed("test.fill", actor=Actor(0, "tests", kind="command")):
        held = TrainingSession(
            region_id=1,
            programme_id=1,
            name="Bimtek besar",
            held_on=date(2025, 11, 20),
            date_precision="day",
            tiers=[SessionTier(tier_id=1)],
        )
        db.session.add(held)
        db.session.flush()
        own = {"region_id": 1, "training_session_id": held.id}
        parts = [
            AgendaItem(number=number, title=title, takes_attendance=True, **own)
            for number, title in ((1, "Pagi"), (2, "Siang"))
        ]
        db.session.add_all(parts)
        for number in range(1, COUPLES + 1):
            who = Official(region_id=1, full_name=f"Peserta Ke {number}", employment_type="asn_pns")
            spouse = Spouse(region_id=1, full_name=f"Pasangan Ke {number}", official=who)
            db.session.add(Participation(official=who, spouse=spouse, **own))
        db.session.flush()
        keys = [part.id for part in parts]
        db.session.commit()
    with app.app_context():
        db.engine.dispose()
    return folder, keys


@pytest.fixture(scope="module")
def server(hall: tuple[Path, list[int]]) -> Iterator[str]:
    """The program over that folder."""
    folder, _keys = hall
    with served(folder, settings_in(folder), "wsgi.py") as address:
        yield address


@pytest.fixture(scope="module")
def cookies() -> dict[str, Any]:
    """Nobody is signed in here yet."""
    return {}


def recorded(page: Page, part: int) -> dict[str, Any]:
    """What the server holds of a part, by cell."""
    answer = page.request.get(f"/attendance-grid/{part}/state/")
    return dict(answer.json()["cells"])


def cells_in(page: Page) -> list[str]:
    """The cells of the grid in the order in which one types."""
    names = page.locator("select[data-cell]").evaluate_all("all => all.map(s => s.dataset.cell)")
    return [str(name) for name in names]


def test_134_couples_are_recorded_by_keyboard_alone(
    ani: Page, hall: tuple[Path, list[int]]
) -> None:
    part = hall[1][0]
    ani.goto(f"/attendance-grid/{part}/")
    expect(ani.locator("select[data-cell]").first).to_be_focused()

    for number in range(1, COUPLES + 1):
        for letter in keys_of(number):
            ani.keyboard.press(letter)
            if letter == "w":
                ani.keyboard.type("Sekretaris kelurahan")
                ani.keyboard.press("Enter")
    expect(ani.locator("#saved")).to_contain_text("Semua tersimpan", timeout=60_000)

    wanted = [STATUS[key] for number in range(1, COUPLES + 1) for key in keys_of(number)]
    found = recorded(ani, part)
    assert [found[key]["status"] for key in cells_in(ani)] == wanted
    assert {one["note"] for one in found.values() if one["status"] == "represented"} == {
        "Sekretaris kelurahan"
    }
    official = Counter(STATUS[keys_of(number)[0]] for number in range(1, COUPLES + 1))
    tally = ani.locator('[data-tally="official present"]')
    expect(tally).to_have_text(str(official["present"]))

    ani.keyboard.press("5")
    ani.keyboard.press("7")
    expect(ani.locator('[data-no="57"] select').first).to_be_focused()
    for key, focused in (("End", 1), ("Home", 0)):
        ani.keyboard.press(key)
        expect(ani.locator('[data-no="57"] select').nth(focused)).to_be_focused()
    ani.keyboard.press("ArrowDown")
    ani.keyboard.press("s")
    key = cells_in(ani)[2 * 57]
    expect(ani.locator(f"#at-{key}")).to_have_text("tersimpan")
    assert (recorded(ani, part)[key]["status"], recorded(ani, part)[key]["note"]) == ("sick", "")


def test_nothing_is_lost_with_the_connection_or_the_session(
    browser: Browser, server: str, hall: tuple[Path, list[int]], open_as: Callable[..., Page]
) -> None:
    part, size = hall[1][1], {"width": WIDE[0], "height": WIDE[1]}
    context = browser.new_context(base_url=server, viewport=size, locale="id-ID")
    page = context.new_page()
    sign_in(page, "ani")
    page.goto(f"/attendance-grid/{part}/")
    cells = cells_in(page)
    page.keyboard.press("h")
    expect(page.locator("#saved")).to_contain_text("Semua tersimpan")

    context.set_offline(True)
    for letter in "hshi":
        page.keyboard.press(letter)
    expect(page.locator("#saved")).to_contain_text("Tidak ada sambungan")
    expect(page.locator("#saved")).to_contain_text("Belum tersimpan: 4")
    kept = page.evaluate("JSON.stringify({...localStorage})")
    assert not re.search("Peserta|Pasangan Ke", kept)
    assert len(json.loads(next(iter(json.loads(kept).values())))) == 4
    context.set_offline(False)
    expect(page.locator("#saved")).to_contain_text("Semua tersimpan", timeout=20_000)

    context.clear_cookies()
    page.keyboard.press("t")
    page.keyboard.press("d")
    expect(page.locator("#saved")).to_contain_text("Sesi masuk Anda berakhir")
    page.get_by_role("link", name="Masuk lagi").click()
    page.get_by_label("Nama pengguna").fill("ani")
    page.get_by_label("Kata sandi", exact=True).fill("genteng-basah-47-pagi")
    page.get_by_role("button", name="Masuk").click()
    expect(page.locator("#saved")).to_contain_text("Semua tersimpan")

    letters = ["h", *"hshi", "t", "d"]
    found = recorded(page, part)
    assert [found[key]["status"] for key in cells[:7]] == [STATUS[one] for one in letters]
    assert page.evaluate("localStorage.length") == 0

    other = open_as("asep")
    other.goto(f"/attendance-grid/{part}/")
    page.locator(f'[data-cell="{cells[20]}"]').focus()
    other.locator(f'[data-cell="{cells[20]}"]').focus()
    other.keyboard.press("s")
    expect(other.locator("#saved")).to_contain_text("Semua tersimpan")
    page.keyboard.press("h")
    told = page.locator(f"#at-{cells[20]}")
    expect(told).to_contain_text("Asep Misal mencatat “Sakit”")
    expect(page.locator(f'[data-cell="{cells[20]}"]')).to_have_value("sick")
    told.get_by_role("button", name="Gunakan catatan saya").click()
    expect(told).to_have_text("tersimpan")
    assert recorded(page, part)[cells[20]]["status"] == "present"
    context.close()
