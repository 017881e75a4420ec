"""The lists every installation starts with: tiers, grades, values, and both cities' offices.

The caller opens the deed and commits. Whoever edits a row later keeps the edit.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from models.commitments import CommitmentTemplate
from models.government import Region, Tier
from models.people import Grade
from models.programme import IntegrityValue, Organisation, RiskTag

from .rows import plant, table
from .territory import plant_seats, plant_units

#: The cities that come with the panel, as their data files are called.
CITIES = {"36.73": "serang", "18.72": "metro"}
#: When work begins, where a source says so.
OFFICE_START = {"36.73": "07.30"}


def plant_reference(session: Session) -> None:
    """Add every reference row that is missing."""
    plant_lists(session)
    regions = {code: plant_region(session, code, city) for code, city in CITIES.items()}
    for code, city in CITIES.items():
        plant_units(session, regions[code], city)
        plant_seats(session, regions[code])
    plant_values(session, regions)
    plant_organisations(session, regions)
    plant_templates(session)


def plant_lists(session: Session) -> None:
    """Tiers, grades and risk tags, which belong to no region."""
    tiers = [{**row, "rank": int(row["rank"] or 0)} for row in table("tiers")]
    for tier in tiers:
        del tier["evidence"]
    plant(session, Tier, "code", tiers)
    grades = [{**row, "rank": int(row["rank"] or 0)} for row in table("golongan")]
    plant(session, Grade, "code", grades)
    plant(session, RiskTag, "code", table("risk_tags"))


def plant_region(session: Session, code: str, city: str) -> Region:
    """The city itself; province and city are the first rows of its list of places."""
    province, place = table(f"wilayah_{city}")[:2]
    row = {
        "kemendagri_code": code,
        "name": place["name"],
        "kind": "city",
        "province": province["name"],
        "time_zone": "Asia/Jakarta",
        "office_start": OFFICE_START.get(code),
    }
    return plant(session, Region, "kemendagri_code", [row])[code]


def plant_values(session: Session, regions: dict[str, Region]) -> None:
    """KPK's nine values, and those that a city added."""
    rows = [
        {
            "code": row["code"],
            "rank": int(row["rank"] or 0),
            "label_id": row["label_id"],
            "label_en": row["label_en"],
            "is_national": row["origin"] == "kpk",
            "region_id": regions[row["region"]].id if row["region"] else None,
        }
        for row in table("integrity_values")
    ]
    plant(session, IntegrityValue, "code", rows)


def plant_organisations(session: Session, regions: dict[str, Region]) -> None:
    """Bodies that organise sessions; KPK belongs to no region."""
    rows = [
        {
            "name": row["name"],
            "short_name": row["short_name"],
            "kind": row["kind"],
            "region_id": regions[row["region"]].id if row["region"] else None,
        }
        for row in table("organisations")
    ]
    plant(session, Organisation, "name", rows)


def plant_templates(session: Session) -> None:
    """Wordings of commitments, every one marked as an example."""
    values = plant(session, IntegrityValue, "code", [])
    rows = [
        {
            "code": row["code"],
            "edition": int(row["edition"] or 1),
            "category": row["category"],
            "area": row["area"],
            "party": row["party"],
            "text": row["text"],
            "indicator": row["indicator"],
            "is_example": row["is_example"] == "contoh",
            "integrity_value_id": values[row["value"]].id,
        }
        for row in table("commitment_templates")
    ]
    plant(session, CommitmentTemplate, "code", rows)
