"""The 82 facts of the two founding stories, the records they speak of, and what a reader sees.

`tests/data/facts.csv` has one row per fact: `query` is a select of one value and `value` what it
gives; `page` is a path for `account`, whose text `shows` what stands there (several things between
bars) and hides what `hides` says. ``{name}`` in a query or path is the number of a record in
`RECORDS`.
"""

from __future__ import annotations

import csv
import re
from html import unescape
from pathlib import Path

FACTS_FILE = Path(__file__).parent / "data" / "facts.csv"
FACTS = list(csv.DictReader(FACTS_FILE.read_text(encoding="utf-8").splitlines()))

PROGRAMME = "SELECT p.id FROM programme p JOIN region r ON r.id = p.region_id"
RECORDS = {
    "serang_session": "SELECT id FROM training_session WHERE name LIKE '%bagi lurah dan pasangan'",
    "metro_session": "SELECT id FROM training_session WHERE name LIKE '%bersama KPK'",
    "serang_programme": f"{PROGRAMME} WHERE r.kemendagri_code = '36.73'",
    "metro_programme": f"{PROGRAMME} WHERE r.kemendagri_code = '18.72'",
    "serang_region": "SELECT id FROM region WHERE kemendagri_code = '36.73'",
    "sekda": "SELECT id FROM official WHERE full_name = 'Nanang Saefudin'",
    "inspector": "SELECT id FROM official WHERE full_name = 'Wachyu B. Kristiawan'",
    "wahdi": "SELECT id FROM official WHERE full_name = 'Wahdi'",
    "qilda": "SELECT id FROM speaker WHERE full_name = 'Qilda Fatihah'",
    "service_commitment": "SELECT MIN(id) FROM commitment WHERE area = 'public_service'",
    "lurah": "SELECT id FROM tier WHERE code = 'urban_village_head'",
}


def words_of(page: str) -> str:
    """The text that a reader sees, in small letters with single blanks."""
    seen = re.sub(r"<(script|style|template)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", seen)).split()).casefold()


def missing(fact: dict[str, str], text: str) -> list[str]:
    """What the words of its page should show for a fact and do not."""
    return [part for part in fact["shows"].split(" | ") if part.casefold() not in text]


def betrayed(fact: dict[str, str], text: str) -> bool:
    """Whether the words of its page show what they should not."""
    return bool(fact["hides"]) and fact["hides"].casefold() in text


def named(fact: dict[str, str]) -> str:
    """How a test of this fact is called."""
    return fact["id"]
