"""Texts that attack who reads them: typed into the newer fields, seen on pages and in files."""

from __future__ import annotations

import io
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from models.government import Position, Unit
from models.people import Appointment
from models.programme import Organisation
from models.training import SessionOrganisation, TrainingSession

#: What a page must never hold as it was typed; what a spreadsheet must never calculate.
SCRIPT, IMAGE, FORMULA = "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "=1+1"
TURNED = "\u202egpj.exe"
LURAH, SESSION = 46, 8
HIDDEN = "Ada tanda tersembunyi dalam teks ini."
EVERY = f"{FORMULA} {SCRIPT}{IMAGE}{{{{7*7}}}}"

PAGES = (
    f"/officials/details/?id={LURAH}",
    f"/officials/edit/?id={LURAH}",
    f"/officials/history/?id={LURAH}",
    f"/training-sessions/details/?id={SESSION}",
    "/units/details/?id={unit}",
    "/positions/details/?id={post}",
    "/coverage/?unit={unit}",
    "/rotation/replace/?position={post}",
    "/search/?q=alert",
    "/officials/new/",
    "/",
)


@pytest.fixture
def filled(write):
    """Hostile texts in every field that the pages repeat, written past the forms."""
    with write() as session:
        held = session.scalars(
            sa.select(Appointment).where(
                Appointment.official_id == LURAH, Appointment.ended_on.is_(None)
            )
        ).first()
        held.decree_no = held.end_decree_no = EVERY
        post, unit = session.get(Position, held.position_id), session.get(Unit, held.unit_id)
        post.name = unit.short_name = EVERY
        unit.name = EVERY
        held.official.full_name = held.official.note = held.official.aliases = EVERY
        body = Organisation(region_id=1, name=EVERY, short_name=EVERY, kind="other")
        session.add(
            SessionOrganisation(training_session_id=SESSION, organisation=body, role="partner")
        )
        training = session.get(TrainingSession, SESSION)
        training.theme = training.date_source = EVERY
        other = {"region_id": 1, "programme_id": training.programme_id, "name": EVERY}
        session.add(TrainingSession(**other, date_precision="unknown"))
        session.flush()
        return {"unit": unit.id, "post": post.id}


def test_no_page_gives_a_text_to_the_browser_as_its_own(ani, citra, filled):
    for path in PAGES:
        answer = ani.get(path.format(**filled))
        assert (path, answer.status_code) == (path, 200)
        assert (path, [one for one in (SCRIPT, IMAGE) if one in answer.text]) == (path, [])
        assert path == "/" or "alert(1)" in answer.text, path
    assert SCRIPT not in citra.get("/changes/").text


def test_a_file_of_the_board_calculates_nothing(ani, filled):
    text = ani.get("/coverage/export/csv/").get_data(as_text=True)
    book = ani.get("/coverage/export/xlsx/")

    cells = [line for line in text.splitlines() if "alert" in line]
    assert cells
    assert not any(
        cell.lstrip('"').startswith(("=", ";=")) for line in cells for cell in line.split(",")
    )
    assert b"<f>" not in _sheet(book.data)


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/organisations/new/", {"name": TURNED, "kind": "other"}),
        ("/organisations/new/", {"name": "Radio", "short_name": TURNED, "kind": "media"}),
        (f"/appointments/edit/?id={LURAH}", {"end_decree_no": TURNED}),
        (f"/officials/edit/?id={LURAH}", {"appointments-0-end_decree_no": TURNED}),
        ("/news-sources/paste/", {"pasted": TURNED}),
        ("/rotation/replace/", {"decree_no": TURNED, "end_decree_no": TURNED}),
        ("/session-papers/new/", {"title": TURNED, "number": TURNED}),
    ],
)
def test_a_text_that_turns_the_line_around_is_told_and_not_taken(ani, path, typed):
    before = ani.form(path) or {}

    answer = ani.post(path, {**before, **typed})

    assert answer.status_code == 422
    assert answer.text.count(HIDDEN) >= list(typed.values()).count(TURNED)


def _sheet(data: bytes) -> bytes:
    """The one sheet of a workbook."""
    return ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
