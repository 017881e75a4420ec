"""Two cities typed in by people at their browsers, from an installation that knows nothing.

What is typed is read from the files that the demo is made of, so that the same facts can be looked
for afterwards; nothing but the screens puts it into the database.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.doing import add, choose, save, write

DATA = Path(__file__).parents[2] / "seed" / "data"
#: What the codes of the story files are called on screen.
WORDS = {
    "prevention": "Pencegahan",
    "education": "Pendidikan",
    "hotel": "Hotel",
    "organiser": "Penyelenggara",
    "partner": "Mitra",
    "speaker": "Narasumber",
    "remarks": "Sambutan",
    "message": "Pesan",
    "definition": "Definisi",
    "paraphrase": "Kutipan (parafrase)",
    "yes": "Ya",
    "unknown": "Belum diketahui",
    "elected": "Dipilih (pejabat negara atau daerah)",
    "asn_pns": "PNS",
    "national_agency": "Lembaga nasional",
    "regional_government": "Pemerintah daerah",
    "agency": "OPD",
    "secretariat": "Sekretariat",
    "inspectorate": "Inspektorat",
    "division": "Bagian",
    "service": "Pelayanan yang peduli",
    "public_service": "Pelayanan publik",
    "official": "Pejabat",
}


def table(name: str) -> list[dict[str, str]]:
    """The rows of one of the files."""
    lines = (DATA / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(lines))


def labels(name: str) -> dict[str, str]:
    """Code to Indonesian name, of tiers, values or risks."""
    return {row["code"]: row["label_id"] for row in table(name)}


@dataclass(frozen=True)
class City:
    """One city as its files tell it."""

    key: str
    code: str

    @property
    def story(self) -> dict[str, Any]:
        """The programme, its sessions and who spoke."""
        text = (DATA / f"story_{self.key}.toml").read_text(encoding="utf-8")
        return tomllib.loads(text)

    @property
    def places(self) -> list[dict[str, str]]:
        """Province, city, kecamatan and kelurahan."""
        return table(f"wilayah_{self.key}")


SERANG, METRO = City("serang", "36.73"), City("metro", "18.72")


def fill(page: Page, path: str, texts: Mapping[str, str], picks: Mapping[str, str] = {}) -> None:
    """Open a kind's empty form and fill it in, not yet saved."""
    page.goto(f"/{path}/new/")
    for label, words in picks.items():
        choose(page, label, words)
    for label, text in texts.items():
        write(page, label, text)


def enter(page: Page, path: str, texts: Mapping[str, str], picks: Mapping[str, str] = {}) -> None:
    """One record of a kind that has no parts."""
    fill(page, path, texts, picks)
    save(page)


# What an administrator types


def enter_region(page: Page, city: City, office_start: str = "") -> None:
    """The city among the regional governments."""
    province, place = city.places[:2]
    texts = {"Nama": place["name"], "Kode wilayah": city.code, "Provinsi": province["name"]}
    enter(page, "regions", {**texts, "Masuk kantor pukul": office_start}, {"Jenis": "Kota"})


def enter_tiers(page: Page) -> None:
    """The nine tiers, each below the one before."""
    above = ""
    for row in table("tiers"):
        fill(
            page,
            "tiers",
            {
                "Nama dalam bahasa Indonesia": row["label_id"],
                "Nama dalam bahasa Inggris": row["label_en"],
                "Sebutan lain": row["synonyms"],
                "Uraian": row["description"],
                "Eselon": row["echelon"],
            },
        )
        if above:
            choose(page, "Tempat dalam urutan", f"sesudah {above}")
        choose(page, "Cara pengisian", WORDS[row["employment"]])
        save(page)
        above = row["label_id"]


def enter_values(page: Page, regions: Mapping[str, str]) -> None:
    """KPK's nine and the cities' own, and the risks."""
    for row in table("integrity_values"):
        fill(
            page,
            "integrity-values",
            {
                "Nama dalam bahasa Indonesia": row["label_id"],
                "Nama dalam bahasa Inggris": row["label_en"],
                "Urutan dalam daftar": row["rank"],
            },
        )
        if row["region"]:
            choose(page, "Ditambahkan oleh", regions[row["region"]])
        save(page)
    for row in table("risk_tags"):
        texts = {
            "Nama dalam bahasa Indonesia": row["label_id"],
            "Nama dalam bahasa Inggris": row["label_en"],
            "Uraian": row["description"],
        }
        enter(page, "risk-tags", texts)


def ask_account(page: Page, username: str, name: str, role: str, region: str) -> None:
    """An account for somebody of a region, asked for; another administrator has to confirm it."""
    fill(page, "accounts", {"Nama pengguna": username, "Nama": name, "Alasan": "SK Inspektur 12"})
    page.get_by_label(role, exact=True).check()
    choose(add(page, "Lingkup"), "Pemerintah daerah", region)
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="mengonfirmasi")).to_be_visible()


def confirm_account(page: Page, name: str) -> str:
    """What waits for the second administrator; gives the password that he hands over."""
    page.goto("/inbox/")
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.get_by_role("button", name="Konfirmasi", exact=True).click()
    expect(page.locator("#password")).to_be_visible()
    return page.locator("#password").inner_text()


def sign_in_first(page: Page, username: str, handed: str, own: str) -> None:
    """Sign in with a password that was handed over, and choose one's own, as one has to."""
    page.goto("/login")
    page.get_by_role("textbox", name="Nama pengguna").fill(username)
    page.get_by_role("textbox", name="Kata sandi").fill(handed)
    page.get_by_role("button", name="Masuk").click()
    page.get_by_role("textbox", name="Kata sandi sekarang").fill(handed)
    page.get_by_role("textbox", name="Kata sandi baru", exact=True).fill(own)
    page.get_by_role("textbox", name=re.compile("sekali lagi")).fill(own)
    page.get_by_role("button", name="Ganti kata sandi").click()
    expect(page).to_have_url(re.compile(r"/$"))
