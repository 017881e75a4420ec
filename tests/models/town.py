"""A small town for the rules of models: units, posts, and whoever a test puts into them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models.government import Position, Region, Tier, Unit
from models.people import Appointment, Official, Spouse
from models.records import Account
from panel.access.rules import Actor, Place

LONG_AGO = date(2020, 1, 1)
TIERS = {"mayor": 1, "secretary": 2, "head": 3, "deputy": 4}


class Town:
    """Serang with its tree, and Metro with one unit."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.serang = self.region("Kota Serang", "36.73")
        self.metro = self.region("Kota Metro", "18.72")
        self.tiers = {
            code: self.add(Tier(code=code, rank=rank, label_id=code, label_en=code))
            for code, rank in TIERS.items()
        }
        self.hall = self.unit("Balai Kota", kind="secretariat")
        self.district = self.unit("Serang", self.hall, kind="district")
        self.cipare = self.unit("Cipare", self.district)
        self.lopang = self.unit("Lopang", self.district)
        self.secretariat = self.unit("Sekretariat", self.hall, kind="secretariat")
        self.elsewhere = self.unit("Iringmulyo", region=self.metro)

    def add(self, record: Any) -> Any:
        self.session.add(record)
        self.session.flush()
        return record

    def region(self, name: str, code: str) -> Region:
        region = Region(name=name, kind="city", kemendagri_code=code, province="P")
        return self.add(region)

    def unit(
        self,
        name: str,
        parent: Unit | None = None,
        *,
        kind: str = "urban_village",
        region: Region | None = None,
    ) -> Unit:
        home = parent.region if parent else region or self.serang
        return self.add(Unit(name=name, kind=kind, parent=parent, region_id=home.id, region=home))

    def post(self, unit: Unit, tier: str = "head", name: str = "") -> Position:
        name = name or f"{tier} {unit.name}"
        return self.add(
            Position(region_id=unit.region_id, unit=unit, tier=self.tiers[tier], name=name)
        )

    def official(self, name: str, region: Region | None = None) -> Official:
        home = region or self.serang
        return self.add(Official(region_id=home.id, full_name=name, employment_type="asn_pns"))

    def appoint(
        self,
        who: Official,
        post: Position,
        started_on: date | None = LONG_AGO,
        ended_on: date | None = None,
        status: str = "definitive",
    ) -> Appointment:
        return self.add(
            Appointment(
                region_id=post.region_id,
                official=who,
                position=post,
                unit=post.unit,
                status=status,
                started_on=started_on,
                ended_on=ended_on,
            )
        )

    def holder(self, name: str, unit: Unit, tier: str = "head") -> Official:
        """Somebody new in a new post."""
        who = self.official(name, unit.region)
        self.appoint(who, self.post(unit, tier, f"{tier} of {name}"))
        return who

    def marry(self, who: Official, person: Official, ended_on: date | None = None) -> Spouse:
        """What is recorded on the side of `who`."""
        return self.add(
            Spouse(
                region_id=who.region_id,
                official=who,
                full_name=person.full_name,
                person=person,
                ended_on=ended_on,
            )
        )

    def account(self, who: Official | None, name: str) -> Account:
        return self.add(
            Account(
                username=name,
                name=name,
                fs_uniquifier=name,
                official_id=who.id if who else None,
            )
        )


def clerk_of(*places: Place) -> Actor:
    """A clerk with these places."""
    return Actor(1, "Ani", frozenset({"clerk"}), places)
