"""Both founding cities entered anew by screen alone, and a programme for a tier that is new.

The installation knows no region, no tier and no value: two administrators and two clerks type in
everything, and then each of the 82 facts is looked for on its page.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e import by_hand, clerk_by_hand
from tests.e2e.by_hand import METRO, SERANG
from tests.e2e.conftest import PASSWORD, WIDE, installed_bare, second_administrator, served
from tests.e2e.doing import add, choose, press, save, told, write
from tests.facts import FACTS, RECORDS, betrayed, missing, named, words_of

Opened = Callable[[str], Page]
#: Who looks at a fact here: the clerks, who read what the demo's supervisors read.
READER = {"bayu": "ani", "made": "mira"}
LURAH, SPOUSE = "Melati Rekaan", "Surya Rekaan"
MEMBERS = (("Nara Umpama", "Bintang Umpama"), ("Fulan Andaian", "Kenanga Andaian"))
COUNCIL = "DPRD Kota Serang"
#: The program without what `python wsgi.py` prepares first.
SERVER = "-m gunicorn --bind 127.0.0.1:{port} --threads 4 --no-control-socket wsgi:app"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the installation keeps what it has."""
    return tmp_path_factory.mktemp("bare")


@pytest.fixture(scope="module")
def bare(folder: Path) -> Iterator[tuple[str, Path, str]]:
    """A server whose database knows nothing: its address, its file, and eka's first password."""
    settings, handed = installed_bare(folder)
    with served(folder, settings, SERVER) as address:
        yield address, folder / "instance" / "jenjang.sqlite3", handed


@pytest.fixture(scope="module")
def people(bare: tuple[str, Path, str], browser: Browser) -> Iterator[Opened]:
    """`people("ani")`: the one page of each person, who stays signed in."""
    contexts: dict[str, BrowserContext] = {}

    def page_of(username: str) -> Page:
        if username not in contexts:
            contexts[username] = browser.new_context(
                base_url=bare[0],
                viewport={"width": WIDE[0], "height": WIDE[1]},
                locale="id-ID",
                timezone_id="Asia/Jakarta",
            )
            contexts[username].new_page()
        return contexts[username].pages[0]

    yield page_of
    for context in contexts.values():
        context.close()


@pytest.fixture(scope="module")
def entered(bare: tuple[str, Path, str], people: Opened, folder: Path) -> Opened:
    """Everything that the two articles tell, typed in."""
    eka = people("eka")
    by_hand.sign_in_first(eka, "eka", bare[2], PASSWORD)
    by_hand.enter_region(eka, SERANG, "07.30")
    by_hand.enter_region(eka, METRO)
    by_hand.enter_tiers(eka)
    by_hand.enter_values(eka, {"36.73": "Kota Serang", "18.72": "Kota Metro"})
    edi = people("edi")
    first = second_administrator(folder, SERANG.code, METRO.code)
    by_hand.sign_in_first(edi, "edi", first, PASSWORD)
    for username, name, region in (
        ("ani", "Ani Contoh", "Kota Serang"),
        ("mira", "Mira Ibarat", "Kota Metro"),
    ):
        by_hand.ask_account(eka, username, name, "Petugas", region)
        handed = by_hand.confirm_account(edi, name)
        by_hand.sign_in_first(people(username), username, handed, PASSWORD)
    enter_serang(people("ani"))
    enter_metro(people("mira"))
    return people


def enter_serang(page: Page) -> None:
    """The clerk of Serang: every kelurahan with its lurah, and the story."""
    clerk_by_hand.enter_units(page, SERANG)
    tiers = ("mayor", "city_secretary", "agency_head", "urban_village_head")
    clerk_by_hand.enter_seats(page, SERANG, tiers)
    clerk_by_hand.enter_organisations(page, SERANG)
    for official in SERANG.story["official"]:
        clerk_by_hand.enter_official(page, official["name"], official["position"], "asn_pns")
    venue = SERANG.story["session"]["venue"]["name"]
    by_hand.enter(page, "venues", {"Nama": venue}, {"Jenis": "Hotel"})
    tell(page, SERANG)
    clerk_by_hand.enter_news(page, SERANG)
    session = SERANG.story["session"]["name"]
    clerk_by_hand.enter_couple(page, LURAH, SPOUSE, "Lurah Kalodran", "asn_pns")
    clerk_by_hand.enter_attendance(page, session, LURAH, SPOUSE, "Materi Inspektur")
    clerk_by_hand.enter_promise(page, session, LURAH)


def enter_metro(page: Page) -> None:
    """The clerk of Metro: the mayor and the story."""
    by_hand.enter(page, "units", {"Nama": "Sekretariat Daerah"}, {"Jenis": "Sekretariat"})
    clerk_by_hand.enter_seats(page, METRO, ("mayor", "city_secretary"))
    clerk_by_hand.enter_organisations(page, METRO)
    clerk_by_hand.enter_official(page, "Wahdi", "Wali Kota Metro", "elected")
    tell(page, METRO)


def tell(page: Page, city: by_hand.City) -> None:
    """Programme, sessions, speakers and what they said."""
    clerk_by_hand.enter_programme(page, city)
    clerk_by_hand.enter_sessions(page, city)
    clerk_by_hand.enter_voices(page, city)


@pytest.fixture(scope="module")
def records(bare: tuple[str, Path, str], entered: Opened) -> dict[str, int]:
    """Numbers of the records that facts speak of."""
    with sqlite3.connect(f"file:{bare[1]}?mode=ro", uri=True) as database:
        return {name: database.execute(query).fetchone()[0] for name, query in RECORDS.items()}


@pytest.mark.parametrize("fact", FACTS, ids=named)
def test_the_fact_is_found_on_its_page(
    fact: dict[str, str], entered: Opened, records: dict[str, int]
) -> None:
    reader = entered(READER[fact["account"]])
    answer = reader.request.get(fact["page"].format(**records))
    text = words_of(answer.text())

    assert answer.status == 200
    assert missing(fact, text) == []
    assert not betrayed(fact, text)


def test_neither_city_sees_the_other(entered: Opened) -> None:
    for username, hidden in (("ani", "Wahdi"), ("mira", "Nanang Saefudin")):
        page = entered(username)
        page.goto(f"/search/?q={hidden.replace(' ', '+')}")

        expect(page.get_by_role("main").get_by_role("link", name=hidden)).to_have_count(0)


def test_a_tier_that_is_new_has_its_programme_at_once(entered: Opened) -> None:
    eka, ani = entered("eka"), entered("ani")
    fill = by_hand.fill
    names = {"Indonesia": "Anggota DPRD", "Inggris": "Council member"}
    fill(eka, "tiers", {f"Nama dalam bahasa {language}": n for language, n in names.items()})
    choose(eka, "Tempat dalam urutan", "sesudah Wakil Wali Kota")
    choose(eka, "Cara pengisian", by_hand.WORDS["elected"])
    save(eka)

    by_hand.enter(ani, "units", {"Nama": COUNCIL}, {"Jenis": "DPRD"})
    picks = {"Unit": COUNCIL, "Jenjang": "Anggota DPRD"}
    fill(ani, "positions", {"Jabatan": "Anggota DPRD", "Jumlah kursi": "3"}, picks)
    press(ani, "Simpan")
    told(ani, "Tersimpan: 3 jabatan, Anggota DPRD.")
    for number, (member, spouse) in enumerate(MEMBERS, 1):
        clerk_by_hand.enter_couple(ani, member, spouse, f"Anggota DPRD {number}", "elected")
    programme, session = "Bimtek keluarga anggota DPRD", "Bimtek bagi anggota DPRD dan pasangan"
    picks = {"Kategori": "Pencegahan", "Jenjang sasaran": "Anggota DPRD"}
    by_hand.enter(ani, "programmes", {"Nama": programme}, picks)
    fill(ani, "training-sessions", {"Nama": session, "Tanggal": "Maret 2026"})
    choose(ani, "Program", programme)
    choose(add(ani, "Sasaran peserta"), "Jenjang", "Anggota DPRD")
    choose(ani, "Bersama pasangan", "Ya")
    part = add(ani, "Susunan acara")
    write(part, "Nomor", "1")
    write(part, "Judul", "Materi")
    part.get_by_label("Mencatat kehadiran").check()
    save(ani)
    expect(ani.get_by_role("main")).to_contain_text("Maret 2026")
    clerk_by_hand.enter_attendance(ani, session, *MEMBERS[0], "Materi")

    ani.goto("/coverage/")
    main = ani.get_by_role("main")
    expect(main).to_contain_text("Anggota DPRD")
    rungs = re.findall(
        r"Wali Kota|Anggota DPRD|Sekretaris Daerah", main.locator("ol.cascade").inner_text()
    )
    assert rungs[:3] == ["Wali Kota", "Anggota DPRD", "Sekretaris Daerah"]
