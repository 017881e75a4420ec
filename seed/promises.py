"""Commitments of the couples that came to a session, worded by the example templates."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.attendance import Attendance, Participation
from models.commitments import Commitment, CommitmentTemplate
from models.programme import RiskTag
from models.training import TrainingSession

from .rows import plant, table


def promise(session: Session, main: TrainingSession, signed_on: date | None) -> list[Commitment]:
    """One commitment per official who was there, signed by each party that was there."""
    templates = plant(session, CommitmentTemplate, "code", [])
    tags = plant(session, RiskTag, "code", [])
    order = [(templates[row["code"]], row["risks"]) for row in table("commitment_templates")]
    alone = [(template, risk) for template, risk in order if template.party == "official"]
    made = []
    for number, (couple, parties) in enumerate(present(session, main)):
        wordings = alone if couple.spouse_id is None else order
        template, risk = wordings[number % len(wordings)]
        made.append(
            Commitment(
                region_id=main.region_id,
                training_session_id=main.id,
                official_id=couple.official_id,
                appointment_id=couple.appointment_id,
                unit_id=couple.unit_id,
                spouse_id=couple.spouse_id if template.party != "official" else None,
                template_id=template.id,
                party=template.party,
                category=template.category,
                area=template.area,
                text=template.text,
                indicator=template.indicator,
                official_signed_on=signed_on if template.party != "spouse" else None,
                spouse_signed_on=signed_on
                if template.party != "official" and "spouse" in parties
                else None,
                risks=[tags[risk]] if risk else [],
            )
        )
    session.add_all(made)
    session.flush()
    return made


def present(session: Session, main: TrainingSession) -> list[tuple[Participation, set[str]]]:
    """The participations whose official was there, with the parties that were."""
    rows = session.execute(
        sa.select(Participation, Attendance.party)
        .join(Attendance, Attendance.participation_id == Participation.id)
        .where(Participation.training_session_id == main.id, Attendance.status == "present")
        .order_by(Participation.id)
    )
    parties: dict[Participation, set[str]] = {}
    for participation, party in rows:
        parties.setdefault(participation, set()).add(party)
    return [(one, found) for one, found in parties.items() if "official" in found]
