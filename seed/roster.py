"""Plainly made-up holders for every post of a city, beside the real ones of its article.

Of a real official only name and post are written down: no NIP, no telephone, no spouse.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from models.government import Position, Region, Tier
from models.people import Appointment, Grade, Official, Spouse

from . import names
from .cases import Cases

#: Grades usual for a tier; two of them, so that not everybody has the same.
GRADES = {
    "city_secretary": ("IV/d", "IV/c"),
    "assistant": ("IV/c", "IV/b"),
    "expert_staff": ("IV/c", "IV/b"),
    "agency_head": ("IV/c", "IV/b"),
    "division_head": ("IV/a", "IV/b"),
    "district_head": ("IV/a", "IV/b"),
    "urban_village_head": ("III/d", "III/c"),
}
#: A made-up spouse has the number of the official and this much more.
SPOUSES_FROM = 190


class Roster:
    """The posts of one region, and who is put into them."""

    def __init__(self, session: Session, region: Region, cases: Cases) -> None:
        self.session = session
        self.region = region
        self.cases = cases
        self.posts = session.scalars(
            sa.select(Position)
            .join(Position.tier)
            .where(Position.region_id == region.id)
            .options(joinedload(Position.tier))
            .order_by(Tier.rank, Position.id)
        ).all()
        self.grades = {grade.code: grade.id for grade in session.scalars(sa.select(Grade))}
        self.made_up: dict[int, tuple[Official, names.Person]] = {}
        #: Posts that a real official has left, with the last day known of him there.
        self.left: dict[int, date] = {}

    def fill(self, real: Iterable[dict[str, Any]]) -> None:
        """Give every post its holder, then what is out of the ordinary, then the spouses."""
        held = {self.add_real(person) for person in real} - self.left.keys()
        stood_in = {s.post for s in self.cases.stands if s.status == "acting_vacant"}
        empty = self.cases.vacant | stood_in
        for number, post in enumerate(self.posts, self.cases.first):
            if post.id not in held and post.name not in empty:
                person = names.person(number, male=number % 3 > 0)
                self.made_up[post.id] = self.official(post, person), person
        self.session.flush()
        self.session.add_all(self.appointments())
        self.session.add_all(self.stands())
        self.session.add_all(self.spouses())
        self.session.flush()

    def add_real(self, person: dict[str, Any]) -> int:
        """A real official with the post that the article states, whose number is given back."""
        post = self.post(person["position"])
        if "last_known" in person:
            self.left[post.id] = person["last_known"]
        elected = post.tier.employment == "elected"
        official = Official(
            region_id=self.region.id,
            full_name=person["name"],
            employment_type="elected" if elected else "asn_pns",
            note=person.get("note"),
        )
        self.session.add(official)
        self.session.flush()
        self.session.add(
            self.appointment(official, post, started_on=None, ended_on=self.left.get(post.id))
        )
        return post.id

    def official(self, post: Position, person: names.Person) -> Official:
        """The made-up holder of a post, not yet saved."""
        elected = post.tier.employment == "elected"
        grades = GRADES.get(post.tier.code)
        official = Official(
            region_id=self.region.id,
            title_prefix=person.prefix or None,
            full_name=person.name,
            title_suffix=person.suffix or None,
            employment_type="elected" if elected else "asn_pns",
            nip=None if elected else person.nip,
            phone=person.phone,
            grade_id=self.grades[grades[person.number % 2]] if grades else None,
            without_spouse=True if post.name in self.cases.single else None,
        )
        self.session.add(official)
        return official

    def appointments(self) -> Iterable[Appointment]:
        """One definitive or acting holding per made-up holder; two of them changed places."""
        swapped = dict.fromkeys(self.cases.swap[:2] if self.cases.swap else ())
        for post in self.posts:
            if post.id not in self.made_up or post.name in swapped:
                continue
            official, person = self.made_up[post.id]
            since = self.left.get(post.id, self.cases.since)
            yield self.appointment(
                official,
                post,
                status=self.cases.acting.get(post.name, "definitive"),
                started_on=since + timedelta(days=1 + person.number % 5),
            )
        if self.cases.swap:
            yield from self.swap(*self.cases.swap)

    def swap(self, one: str, other: str, day: date) -> Iterable[Appointment]:
        """The holders of two posts up to the day before, and the other way round from then on."""
        first, second = self.post(one), self.post(other)
        for own, new in ((first, second), (second, first)):
            official, _ = self.made_up[own.id]
            before = day - timedelta(days=1)
            yield self.appointment(official, own, started_on=self.cases.since, ended_on=before)
            yield self.appointment(official, new, started_on=day)

    def stands(self) -> Iterable[Appointment]:
        """A second post for people who hold one already."""
        for stand in self.cases.stands:
            official, _ = self.made_up[self.post(stand.holder).id]
            yield self.appointment(
                official,
                self.post(stand.post),
                status=stand.status,
                started_on=stand.started_on,
                ended_on=stand.ended_on,
            )

    def spouses(self) -> Iterable[Spouse]:
        """A made-up spouse for each made-up official who is not known to live without one."""
        couple = self.cases.couple or ()
        for post in self.posts:
            if post.id not in self.made_up or post.name in self.cases.single | set(couple):
                continue
            official, person = self.made_up[post.id]
            partner = names.person(person.number + SPOUSES_FROM, male=not person.male)
            yield self.spouse(official, partner.name, partner.phone)
        for own, other in (couple, couple[::-1]) if couple else ():
            official, partner = (self.made_up[self.post(name).id][0] for name in (own, other))
            yield self.spouse(official, partner.full_name, partner.phone, person_id=partner.id)

    def spouse(
        self, official: Official, name: str, phone: str | None, person_id: int | None = None
    ) -> Spouse:
        """A spouse of that official."""
        return Spouse(
            region_id=self.region.id,
            official_id=official.id,
            full_name=name,
            phone=phone,
            person_id=person_id,
        )

    def appointment(
        self, official: Official, post: Position, *, status: str = "definitive", **days: Any
    ) -> Appointment:
        """A holding of the post; the decree of a made-up one has a made-up number."""
        begun = days["started_on"]
        decree = f"CONTOH/{post.id:03d}/{begun:%Y}" if begun else None
        return Appointment(
            region_id=self.region.id,
            official_id=official.id,
            position_id=post.id,
            unit_id=post.unit_id,
            status=status,
            decree_no=decree,
            **days,
        )

    def post(self, name: str) -> Position:
        """The one post of that name."""
        (found,) = [post for post in self.posts if post.name == name]
        return found
