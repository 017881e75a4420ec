"""Sessions for the counts: who came to them, and what was promised there."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.attendance import Attendance, AttendanceSheet, Participation
from models.commitments import Commitment
from models.people import Appointment
from models.programme import Programme
from models.training import AgendaItem, TrainingSession
from tests.models.town import Town


def sheet_for(town: Town, part: AgendaItem) -> AttendanceSheet:
    """An open sheet of a session part; these tables have no process."""
    machinery = {"status": "open", "process_version_id": 1, "created_by_id": 1}
    return town.add(AttendanceSheet(region_id=part.region_id, agenda_item=part, **machinery))


class Meeting:
    """One session of a programme of its own, in Serang."""

    def __init__(self, town: Town, number: int, held_on: date | None = None) -> None:
        self.town = town
        self.home = {"region_id": town.serang.id}
        self.programme = town.add(
            Programme(**self.home, name=f"Programme {number}", category="prevention")
        )
        self.session = TrainingSession(
            **self.home, programme_id=self.programme.id, name=f"Bimtek {number}"
        )
        self.session.held_on = held_on
        self.session.date_precision = "day" if held_on else "unknown"
        town.add(self.session)
        self.part = town.add(
            AgendaItem(**self.home, session=self.session, number=1, title="Materi")
        )
        self.sheet = sheet_for(town, self.part)

    def attend(
        self, appointment: Appointment, *, spouse_id: int | None = None, **statuses: str
    ) -> Participation:
        """The status of `official` and of `spouse` under an appointment."""
        participation = self.town.add(
            Participation(
                **self.home,
                session=self.session,
                official=appointment.official,
                appointment=appointment,
                unit_id=appointment.unit_id,
                spouse_id=spouse_id,
            )
        )
        for party, status in statuses.items():
            self.town.add(
                Attendance(
                    **self.home,
                    training_session_id=self.session.id,
                    participation=participation,
                    agenda_item=self.part,
                    sheet=self.sheet,
                    party=party,
                    status=status,
                )
            )
        return participation

    def promise(self, appointment: Appointment, **given: Any) -> Commitment:
        """What the official promises under an appointment."""
        return self.town.add(
            Commitment(
                **self.home,
                session=self.session,
                official=appointment.official,
                appointment=appointment,
                unit_id=appointment.unit_id,
                party="official",
                category="service",
                text="Melayani tanpa pungutan",
                **given,
            )
        )
