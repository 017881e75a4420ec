"""Who came to a session: made-up attendance for the made-up people of the roster.

The patterns repeat by number, so that every kind of attendance occurs and nothing is left to
chance. Real officials get none: their article does not say that they sat in the list.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from models.attendance import Attendance, AttendanceSheet, Participation
from models.government import Position, Tier
from models.people import Appointment, Official, Spouse
from models.relations import held_on
from models.training import TrainingSession

from . import names
from .voices import of

#: What the n-th official did, where it was not simply coming; counted over 16.
OFFICIAL = {3: "excused", 7: "sick", 11: "on_duty", 13: "represented", 15: "absent"}
#: Whose spouse did not come along, counted over 8.
ALONE = 5
REPLIES = {"excused": "no", "sick": "unknown", "on_duty": "no", "absent": "unknown"}
#: Made-up people who came in somebody's place.
DELEGATES_FROM = 320


def holders_on(session: Session, main: TrainingSession, day: date) -> list[Appointment]:
    """One appointment per made-up official in the session's tiers, the definitive one first."""
    tiers = [link.tier_id for link in main.tiers]
    found = session.scalars(
        sa.select(Appointment)
        .join(Position, Position.id == Appointment.position_id)
        .join(Tier, Tier.id == Position.tier_id)
        .join(Official, Official.id == Appointment.official_id)
        .where(
            Position.region_id == main.region_id,
            Position.tier_id.in_(tiers),
            Appointment.started_on.is_not(None),
            held_on(day),
        )
        .options(joinedload(Appointment.official))
        .order_by(Appointment.status != "definitive", Tier.rank, Position.id)
    )
    by_official: dict[int, Appointment] = {}
    for appointment in found:
        by_official.setdefault(appointment.official_id, appointment)
    return list(by_official.values())


def invite(
    session: Session, main: TrainingSession, day: date, invited_on: date | None
) -> list[Participation]:
    """The holders of that day, with their spouses where spouses are invited."""
    spouses = {}
    if main.includes_spouses == "yes":
        own = sa.select(Spouse).where(Spouse.region_id == main.region_id)
        spouses = {spouse.official_id: spouse for spouse in session.scalars(own)}
    invited = []
    for number, held in enumerate(holders_on(session, main, day), 1):
        status = OFFICIAL.get(number % 16, "present")
        spouse = spouses.get(held.official_id)
        delegate = names.name(DELEGATES_FROM + number // 16, male=True)
        invited.append(
            Participation(
                official_id=held.official_id,
                appointment_id=held.id,
                unit_id=held.unit_id,
                spouse_id=spouse.id if spouse else None,
                invited_on=invited_on,
                reply=REPLIES.get(status, "yes"),
                delegate=delegate if status == "represented" else None,
                note="Datang sendiri." if spouse and number % 8 == ALONE else None,
                **of(main),
            )
        )
    session.add_all(invited)
    session.flush()
    return invited


def attend(session: Session, main: TrainingSession, invited: list[Participation]) -> None:
    """Attendance at each part of the session, of the official and of an invited spouse."""
    for item in main.agenda:
        sheet = AttendanceSheet(region_id=main.region_id, agenda_item_id=item.id)
        session.add(sheet)
        session.flush()
        for number, couple in enumerate(invited, 1):
            left = item.number > 1 and number % 20 == 9
            status = "excused" if left else OFFICIAL.get(number % 16, "present")
            parties = {"official": status}
            if couple.spouse_id is not None:
                parties["spouse"] = spouse_status(number, status)
            session.add_all(
                Attendance(
                    participation_id=couple.id,
                    agenda_item_id=item.id,
                    sheet_id=sheet.id,
                    party=party,
                    status=found,
                    **of(main),
                )
                for party, found in parties.items()
            )
    session.flush()


def spouse_status(number: int, official: str) -> str:
    """A spouse comes with the official, except those who stayed at home."""
    if number % 8 == ALONE:
        return "excused"
    return official if official in ("present", "excused", "sick") else "present"
