"""An attendance sheet is signed and corrected on the real tables; its marks are locked with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from models.attendance import Attendance, AttendanceSheet, Participation
from models.corrections import corrections
from models.government import Region
from models.people import Official
from models.programme import Programme
from models.recording import place_mark, sheet_of
from models.records import Account, Decision, workflow
from models.training import AgendaItem, TrainingSession
from panel.access.rules import Actor
from panel.changelog.deeds import deed
from panel.words import Refused
from tests.models.real_tables import RealTables

ANI = Actor(1, "Ani", frozenset({"clerk"}))
ASEP = Actor(2, "Asep", frozenset({"clerk"}))
BAYU = Actor(3, "Bayu", frozenset({"supervisor"}))
DEWI = Actor(4, "Dewi", frozenset({"supervisor"}))
HOME = {"region_id": 1}
#: The officials on the list, by their number.
NAMES = {1: "Fulan", 2: "Badu", 3: "Polan"}


class Office(RealTables):
    """The real tables: one session of yesteryear with three officials."""

    @contextmanager
    def acting(self, actor: Actor) -> Iterator[Session]:
        with deed("try", actor=actor), self.sessions() as session:
            yield session
            session.commit()

    def fill(self, session: Session) -> None:
        session.add(Region(id=1, name="Kota", kind="city", kemendagri_code="36.73", province="P"))
        for actor in (ANI, ASEP, BAYU, DEWI):
            account = Account(id=actor.id, username=actor.name.lower(), name=actor.name)
            account.fs_uniquifier = actor.name
            session.add(account)
        session.flush()
        session.add(Programme(id=1, **HOME, name="Bimtek", category="prevention"))
        session.flush()
        held = TrainingSession(id=1, **HOME, programme_id=1, name="Bimtek")
        held.held_on, held.date_precision = date(2025, 11, 18), "day"
        session.add(held)
        session.flush()
        session.add(AgendaItem(id=1, **HOME, session=held, number=1, title="Materi"))
        for number, name in NAMES.items():
            session.add(Official(id=number, **HOME, full_name=name, employment_type="other"))
        session.flush()
        for number in NAMES:
            session.add(Participation(id=number, **HOME, session=held, official_id=number))

    def record(self, actor: Actor, number: int, status: str) -> None:
        """What a screen does: the mark of an official, on the sheet of the part."""
        with self.acting(actor) as session, session.no_autoflush:
            part = session.get_one(AgendaItem, 1)
            found = session.scalars(
                sa.select(Attendance).where(Attendance.participation_id == number)
            ).one_or_none()
            mark = found or Attendance(**HOME, participation_id=number, training_session_id=1)
            mark.agenda_item, mark.party, mark.status = part, "official", status
            session.add(mark)
            place_mark(session, mark)

    def seen(self) -> str:
        with self.sessions() as session:
            return workflow.snapshot(session, session.get_one(AttendanceSheet, 1))[1]

    def move(self, actor: Actor, step: str, *, reason: str = "", seen: str = "") -> None:
        seen = seen or self.seen()
        with self.acting(actor) as session:
            sheet = session.get_one(AttendanceSheet, 1)
            workflow.move(session, sheet, step, reason=reason, seen=seen)

    def refused(self, act: Callable[..., None], *args: Any, **options: Any) -> str:
        with pytest.raises(Refused) as refused:
            act(*args, **options)
        return refused.value.code

    def sign(self) -> None:
        for number in NAMES:
            self.record(ANI, number, "present")
        self.move(BAYU, "sign")


@pytest.fixture
def office(opened: Callable[[type[Office]], Office]) -> Office:
    return opened(Office)


def test_a_sheet_is_signed_and_then_corrected_by_number(office: Office) -> None:
    office.record(ANI, 1, "present")
    assert office.refused(office.move, BAYU, "sign") == "guard"  # two are not recorded
    for number in (2, 3):
        office.record(ASEP, number, "absent")
    assert office.refused(office.move, ANI, "sign") == "role"
    office.move(BAYU, "sign")

    assert office.refused(office.record, ANI, 2, "sick") == "locked"
    assert office.refused(office.move, ANI, "open_correction") == "reason"
    office.move(ANI, "open_correction", reason="Surat dokter.")
    assert office.refused(office.move, BAYU, "sign_correction") == "guard"  # nothing differs
    office.record(ANI, 2, "sick")
    assert office.refused(office.move, ANI, "drop_correction") == "guard"
    office.move(DEWI, "sign_correction")
    office.move(ASEP, "open_correction", reason="Salah baris.")
    office.record(ASEP, 3, "present")
    office.record(ASEP, 3, "absent")
    office.move(ASEP, "drop_correction")
    office.move(ASEP, "open_correction", reason="Ternyata hadir.")
    office.record(ASEP, 3, "present")
    office.move(BAYU, "sign_correction")

    with office.sessions() as session:
        sheet = session.get_one(AttendanceSheet, 1)
        decisions = reversed(workflow.decisions(session, sheet))
        found = corrections(decisions, {"signed"}, workflow.snapshot(session, sheet)[0])
        assert (sheet.status, sheet.created_by_id, sheet.corrected) == ("signed", ANI.id, ())
    assert [
        (one.number, one.asked.actor_name, one.asked.reason, one.signed.actor_name) for one in found
    ] == [(1, "Ani", "Surat dokter.", "Dewi"), (2, "Asep", "Ternyata hadir.", "Bayu")]
    assert [
        (change.participation_id, change.was, change.now) for one in found for change in one.changes
    ] == [(2, ("absent", None), ("sick", None)), (3, ("absent", None), ("present", None))]


def test_who_recorded_does_not_sign_and_who_corrected_does_not_sign_the_correction(
    office: Office,
) -> None:
    both = Actor(ASEP.id, "Asep", frozenset({"clerk", "supervisor"}))
    other = Actor(DEWI.id, "Dewi", frozenset({"clerk", "supervisor"}))
    office.record(ANI, 1, "present")
    for number in (2, 3):
        office.record(both, number, "present")
    assert office.refused(office.move, both, "sign") == "duty"
    office.move(BAYU, "sign")

    office.move(other, "open_correction", reason="Salah baris.")
    office.record(both, 3, "absent")
    assert office.refused(office.move, both, "sign_correction") == "duty"  # he changed the row
    assert office.refused(office.move, other, "sign_correction") == "duty"  # she asked for it
    office.move(BAYU, "sign_correction")
    office.move(ANI, "open_correction", reason="Salah baris.")
    office.record(ANI, 1, "absent")
    office.move(both, "sign_correction")  # what he changed was approved since


def test_marks_of_a_signed_sheet_are_closed_to_every_way_of_writing(office: Office) -> None:
    office.sign()
    column = {"status": "sick"}

    with deed("try", actor=ANI), office.sessions() as session:
        mark = session.scalars(sa.select(Attendance).limit(1)).one()
        mark.status = "sick"
        with pytest.raises(Refused, match="Signed"):
            session.flush()
        session.rollback()
        session.delete(session.scalars(sa.select(Attendance).limit(1)).one())
        with pytest.raises(Refused, match="Signed"):
            session.flush()
        session.rollback()
    again = "region_id, training_session_id, participation_id, agenda_item_id, sheet_id, status"
    for statement in (
        sa.update(Attendance).values(column),
        sa.delete(Attendance),
        sa.text("UPDATE attendance SET status = 'sick' WHERE id = 1"),
        sa.text("UPDATE attendance SET note = 'x' WHERE id = 1"),
        sa.text("DELETE FROM attendance WHERE id = 1"),
        sa.text(
            f"INSERT INTO attendance ({again}, party) SELECT {again}, 'spouse' FROM attendance"
        ),
        sa.text("UPDATE attendance_sheet SET status = 'open'"),
        sa.text("UPDATE attendance_sheet SET status = 'correcting'"),
        sa.text("DELETE FROM attendance_sheet"),
    ):
        with deed("try", actor=ANI), office.sessions() as session:
            with pytest.raises(IntegrityError, match=r"jenjang:(locked|status|decided)"):
                session.execute(statement)
            session.rollback()


def test_a_mark_stands_on_the_sheet_of_its_own_part(office: Office) -> None:
    office.record(ANI, 1, "present")
    with office.acting(ANI) as session:
        held = session.get_one(TrainingSession, 1)
        other = AgendaItem(id=2, **HOME, session=held, number=2, title="Penutupan")
        session.add(other)
        sheet = sheet_of(session, other)
        assert sheet_of(session, other) is sheet  # before the flush, too
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"), office.acting(ANI) as session:
        session.execute(sa.update(Attendance).values(sheet_id=2))


def test_who_signs_while_others_record_signs_what_he_saw_or_nothing(office: Office) -> None:
    """Two clerks change a row each while a supervisor signs: the sheet is never other than seen."""
    for number in NAMES:
        office.record(ANI, number, "present")
    at_once, seen = Barrier(3), office.seen()

    def act(work: Callable[..., None], *args: Any, **options: Any) -> str:
        at_once.wait()
        try:
            with office.app.app_context():
                work(*args, **options)
        except Refused as refused:
            return refused.code
        except IntegrityError as error:
            return "locked" if "jenjang:locked" in str(error) else str(error)
        return "done"

    with ThreadPoolExecutor(3) as pool:
        found = [
            pool.submit(act, office.record, ANI, 1, "sick"),
            pool.submit(act, office.record, ASEP, 2, "sick"),
            pool.submit(act, office.move, BAYU, "sign", seen=seen),
        ]
        first, second, signed = [one.result() for one in found]

    with office.sessions() as session:
        sheet = session.get_one(AttendanceSheet, 1)
        now = workflow.snapshot(session, sheet)[1]
        kept = session.scalars(sa.select(Decision.seen_hash)).all()
        sick = session.scalar(sa.select(sa.func.count()).where(Attendance.status == "sick"))
    assert sick == [first, second].count("done")
    if signed == "done":
        assert (sheet.status, [first, second], kept, now) == (
            "signed",
            ["locked", "locked"],
            [seen],
            seen,
        )
    else:
        assert (sheet.status, signed, kept) == ("open", "stale", [])
        assert "done" in (first, second)
