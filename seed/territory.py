"""The units and seats of one city: offices, kecamatan, kelurahan, and who leads each."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.government import Position, Region, Tier, Unit

from .rows import plant, table

#: The seat at the head of an office whose name does not tell it.
HEADS = {"Sekretariat DPRD": "Sekretaris DPRD", "Inspektorat": "Inspektur"}
#: Led by the city secretary, who has a tier of his own.
SECRETARIAT = "Sekretariat Daerah"


def plant_units(session: Session, region: Region, city: str) -> None:
    """OPDs at the top, divisions below the secretariat, kecamatan, kelurahan below them."""
    own = Unit.region_id == region.id
    offices = plant(
        session,
        Unit,
        "name",
        [
            {
                "region_id": region.id,
                "name": row["name"],
                "short_name": row["short_name"],
                "kind": row["kind"],
                "source": row["evidence"],
            }
            for row in table(f"opd_{city}")
        ],
        own,
        Unit.kind.in_(("secretariat", "agency", "inspectorate")),
    )
    plant(
        session,
        Unit,
        "name",
        [
            {
                "region_id": region.id,
                "name": row["unit"],
                "kind": "division",
                "parent_id": offices[SECRETARIAT].id,
                "source": row["evidence"],
            }
            for row in table("positions")
            if row["region"] == region.kemendagri_code and row["tier"] == "division_head"
        ],
        own,
        Unit.kind == "division",
    )
    places = table(f"wilayah_{city}")
    plant_places(session, region, [row for row in places if row["level"] == "kecamatan"])
    plant_places(session, region, [row for row in places if row["level"] == "kelurahan"])


def plant_places(session: Session, region: Region, places: list[dict[str, str | None]]) -> None:
    """Kecamatan or kelurahan by their Kemendagri code, below what stands already."""
    territorial = (Unit.region_id == region.id, Unit.kemendagri_code.is_not(None))
    above = plant(session, Unit, "kemendagri_code", [], *territorial)
    kinds = {"kecamatan": "district", "kelurahan": "urban_village"}
    rows = [
        {
            "region_id": region.id,
            "name": place["name"],
            "kind": kinds[place["level"] or ""],
            "kemendagri_code": place["code"],
            "parent_id": above[place["parent_code"]].id if place["parent_code"] in above else None,
            "source": "verified",
        }
        for place in places
    ]
    plant(session, Unit, "kemendagri_code", rows, *territorial)


def plant_seats(session: Session, region: Region) -> None:
    """One seat per named post, head of office, camat and lurah."""
    tiers = plant(session, Tier, "code", [])
    units = session.scalars(
        sa.select(Unit).where(Unit.region_id == region.id).order_by(Unit.id)
    ).all()
    by_name = {unit.name: unit for unit in units if unit.kemendagri_code is None}
    rows = [
        seat(by_name[row["unit"]], tiers[row["tier"]], row["name"])
        for row in table("positions")
        if row["region"] == region.kemendagri_code
    ]
    for unit in units:
        if unit.kind in ("secretariat", "agency", "inspectorate") and unit.name != SECRETARIAT:
            name = HEADS.get(unit.name, f"Kepala {unit.name}")
            rows.append(seat(unit, tiers["agency_head"], name))
        elif unit.kind == "district":
            rows.append(seat(unit, tiers["district_head"], f"Camat {unit.name}"))
        elif unit.kind == "urban_village":
            rows.append(seat(unit, tiers["urban_village_head"], f"Lurah {unit.name}"))
    standing = {
        (position.unit_id, position.name)
        for position in session.scalars(sa.select(Position).where(Position.region_id == region.id))
    }
    session.add_all(
        Position(**row) for row in rows if (row["unit_id"], row["name"]) not in standing
    )
    session.flush()


def seat(unit: Unit, tier: Tier, name: str | None) -> dict[str, object]:
    """The row of one position; camat and lurah serve a territory."""
    return {
        "region_id": unit.region_id,
        "unit_id": unit.id,
        "tier_id": tier.id,
        "name": name,
        "territorial": unit.kemendagri_code is not None,
    }
