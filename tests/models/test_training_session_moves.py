"""A training session goes its whole way on the real tables, and what it holds is locked with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.attendance import Attendance, AttendanceSheet, Participation
from models.government import Region, Tier
from models.people import Official
from models.programme import Organisation, Programme, Venue
from models.records import Decision, workflow
from models.speaking import KeyMessage, SessionSpeaker, Speaker
from models.training import AgendaItem, SessionOrganisation, SessionTier, TrainingSession
from panel.access.rules import Actor
from panel.changelog.deeds import deed
from panel.changelog.triggers import differences
from panel.words import Refused
from tests.models.real_tables import RealTables

ANI = Actor(1, "Ani", frozenset({"clerk"}))
BAYU = Actor(2, "Bayu", frozenset({"supervisor"}))
DEWI = Actor(3, "Dewi", frozenset({"supervisor"}))
#: What a session holds under its lock, each with a column that a text fits in.
CHILDREN = (
    (AgendaItem, "title"),
    (SessionSpeaker, "topic"),
    (KeyMessage, "text"),
    (SessionTier, "tier_id"),
    (SessionOrganisation, "role"),
)


class Town(RealTables):
    """The real tables with and one planned session."""

    def fill(self, session: Session) -> None:
        session.add(Region(id=1, name="Kota", kind="city", kemendagri_code="36.73", province="P"))
        session.add_all(
            Tier(id=id, code=str(id), rank=id, label_id="J", label_en="T") for id in (1, 2)
        )
        session.flush()
        session.add(Official(id=1, region_id=1, full_name="Fulan", employment_type="other"))
        session.add(Programme(id=1, region_id=1, name="Bimtek", category="prevention"))
        session.add(Venue(id=1, region_id=1, name="Aula", kind="hall"))
        session.add(Organisation(id=1, region_id=1, name="Pemkot", kind="other"))
        session.add(Speaker(id=1, region_id=1, full_name="Fulanah"))
        session.flush()
        session.add(
            TrainingSession(
                id=1,
                region_id=1,
                programme_id=1,
                name="Sesi",
                held_on=date(2025, 1, 1),
                date_precision="year",
                tiers=[SessionTier(tier_id=1)],
                organisers=[SessionOrganisation(organisation_id=1, role="organiser")],
            )
        )
        session.flush()
        of = {"region_id": 1, "training_session_id": 1}
        session.add(AgendaItem(id=1, **of, number=1, title="Materi", takes_attendance=True))
        session.add(SessionSpeaker(**of, speaker_id=1))
        session.add(KeyMessage(**of, kind="message", text="Jujur"))
        session.add(Participation(id=1, **of, official_id=1))
        session.add(AttendanceSheet(id=1, region_id=1, agenda_item_id=1))
        session.flush()
        mark = {"participation_id": 1, "agenda_item_id": 1, "sheet_id": 1}
        session.add(Attendance(**of, **mark, party="official", status="present"))

    def move(self, actor: Actor, step: str, kind: type = TrainingSession, reason: str = "") -> None:
        with deed("try", actor=actor), self.sessions() as session:
            record = session.get_one(kind, 1)
            seen = workflow.snapshot(session, record)[1]
            workflow.move(session, record, step, seen=seen, reason=reason)
            session.commit()

    def refused(self, actor: Actor, step: str, **options: str) -> tuple[str, str | None]:
        with pytest.raises(Refused) as refused:
            self.move(actor, step, **options)
        return refused.value.code, refused.value.field

    def edit(self, actor: Actor = ANI, **values: object) -> None:
        with deed("edit", actor=actor), self.sessions() as session:
            record = session.get_one(TrainingSession, 1)
            for name, value in values.items():
                setattr(record, name, value)
            session.commit()


@pytest.fixture
def town(opened: Callable[[type[Town]], Town]) -> Town:
    return opened(Town)


def test_a_session_goes_its_whole_way_and_what_was_reported_is_locked(town: Town) -> None:
    assert town.refused(ANI, "announce") == ("guard", "held")
    town.edit(held_on=date(2025, 11, 18), date_precision="day")
    assert town.refused(ANI, "announce") == ("guard", "venue")
    town.edit(venue_id=1)
    town.move(ANI, "announce")
    town.move(ANI, "hold")
    with pytest.raises(Refused, match="Held"):
        town.edit(name="Lain")
    assert town.refused(BAYU, "report") == ("guard", None)
    town.move(BAYU, "sign", AttendanceSheet)
    town.edit(DEWI, theme="Keluarga")
    assert town.refused(DEWI, "report") == ("duty", None)
    town.move(BAYU, "send_back", reason="Isi belum dicatat.")
    town.move(ANI, "resubmit")
    town.move(BAYU, "report")

    for model, column in CHILDREN:
        table = model.__tablename__
        value = 2 if column == "tier_id" else "partner"
        with deed("try", actor=ANI), town.sessions() as session:
            setattr(session.scalars(sa.select(model)).one(), column, value)
            with pytest.raises(Refused, match="Reported"):
                session.flush()
        for statement in (
            sa.update(model).values({column: value}),
            sa.text(f"DELETE FROM {table}"),
            sa.text(f"INSERT INTO {table} SELECT * FROM {table}"),
        ):
            with (
                deed("try", actor=ANI),
                town.sessions() as session,
                pytest.raises(IntegrityError, match=r"jenjang:locked|UNIQUE|FOREIGN|foreign"),
            ):
                session.execute(statement)
    with deed("try", actor=ANI), town.sessions() as session:
        session.add(Speaker(id=2, region_id=1, full_name="Lain"))
        session.flush()
        session.add(SessionSpeaker(region_id=1, training_session_id=1, speaker_id=2))
        with pytest.raises(Refused, match="Reported"):
            session.flush()

    town.move(DEWI, "correct", reason="Ada data yang keliru.")
    town.edit(theme="Keluarga berintegritas")
    town.move(DEWI, "report")  # her own edit lies before the report that was accepted
    with town.sessions() as session:
        steps = session.scalars(
            sa.select(Decision.step)
            .where(Decision.record_table == "training_session")
            .order_by(Decision.id)
        ).all()
    assert steps == [
        *("announce", "hold", "send_back", "resubmit", "report"),
        *("correct", "report"),
    ]
    with town.engine.connect() as connection:
        assert differences(connection, town.triggers) == []


def test_what_was_called_off_is_planned_again_and_never_held_as_it_is(town: Town) -> None:
    assert town.refused(ANI, "cancel", reason="Narasumber berhalangan.") == ("role", None)
    assert town.refused(BAYU, "cancel") == ("reason", "reason")
    town.move(BAYU, "cancel", reason="Narasumber berhalangan.")
    with pytest.raises(Refused, match="Cancelled"):
        town.edit(theme="Keluarga")
    assert town.refused(ANI, "hold")[0] == "state"
    town.move(BAYU, "reinstate", reason="Dijadwalkan ulang.")

    town.move(ANI, "hold")  # of the year that is known, all that is known
