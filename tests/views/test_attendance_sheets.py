"""The page of an attendance sheet: its rows, the signature, numbered corrections, its lock."""

import re

import pytest
import sqlalchemy as sa

from models.attendance import Attendance, AttendanceSheet, Participation
from models.records import Decision
from models.training import AgendaItem
from tests.views.browser import Page

#: The two parts of the session of 2025: one signed in the demo, one open and complete.
SIGNED, OPEN = 8, 9
AT = "/attendance-sheets/details/?id={}".format
ASK = {"reason": "Surat dokter menyusul."}


def seen_at(browser, sheet):
    """The fingerprint of what the page shows."""
    return re.search(r'name="seen" value="(\w+)"', browser.get(AT(sheet)).text)[1]


def move(browser, sheet, step, **typed):
    """Take a step on what the page shows now."""
    seen = {"seen": seen_at(browser, sheet)}
    return browser.post(f"/attendance-sheets/{sheet}/move/{step}/", {**seen, **typed})


def locked(browser, path, **typed):
    """The form again, with what it says of a sheet that is signed."""
    answer = browser.send(path, **typed)
    assert answer.status_code == 409
    return Page(answer.text)


def mark_on(rows, sheet, status="present"):
    """Number of a mark, of its participation, and the official's name."""
    return rows(
        sa.select(Attendance.id, Attendance.participation_id)
        .where(
            Attendance.sheet_id == sheet,
            Attendance.party == "official",
            Attendance.status == status,
        )
        .order_by(Attendance.id)
        .limit(1)
    )[0]


def state(rows, sheet):
    return rows(sa.select(AttendanceSheet.status).where(AttendanceSheet.id == sheet))[0][0]


def test_a_sheet_goes_from_open_to_a_numbered_correction(ani, bayu, browse, rows, deeds):
    dewi, path = browse("dewi"), AT(OPEN)
    mark, couple = mark_on(rows, OPEN)
    assert [href for href in hrefs(ani.page(path)) if "/attendance/edit/" in href]

    assert move(ani, OPEN, "sign").status_code == 403
    assert move(bayu, OPEN, "sign").status_code == 303
    assert not [href for href in hrefs(ani.page(path)) if "/attendance/edit/" in href]
    assert move(ani, OPEN, "open_correction").status_code == 422
    assert move(ani, OPEN, "open_correction", **ASK).status_code == 303
    assert move(bayu, OPEN, "sign_correction").status_code == 422
    from_sheet = f"/attendance/edit/?id={mark}&url={AT(OPEN)}"
    back = ani.send(from_sheet, status="sick")
    assert (back.status_code, back.location) == (303, f"{AT(OPEN)}#row-{couple}")
    running = dewi.page(path).text
    assert "Koreksi 1 belum ditandatangani" in running
    assert "Yang berubah sejak keputusan terakhir" in running
    assert move(dewi, OPEN, "sign_correction").status_code == 303

    done = ani.page(path).text
    assert (state(rows, OPEN), "belum ditandatangani" in done) == ("signed", False)
    assert "Surat dokter menyusul." in done
    assert "Diajukan oleh Ani Contoh" in done
    assert "Disetujui oleh Dewi" in done
    assert [one for one in deeds() if not one.endswith("refused")] == [
        "attendance_sheet.sign",
        "attendance_sheet.open_correction",
        "attendance.edit",
        "attendance_sheet.sign_correction",
    ]


def hrefs(page):
    """Where the links of the page lead."""
    return [link.given.get("href", "") for link in page.main.all("a")]


def test_a_signed_sheet_refuses_marks_and_says_what_to_do(ani, rows, write):
    mark, participation = mark_on(rows, SIGNED)
    words = "Daftar hadir “Arahan Sekretaris Daerah” sudah ditandatangani. Ajukan dulu koreksi"
    taken = {"participation": participation, "party": "official", "status": "sick"}

    assert ani.get(f"/attendance/edit/?id={mark}").status_code == 409
    assert words in ani.page(f"/attendance/edit/?id={mark}", 409).text
    new = locked(ani, "/attendance/new/", **taken, agenda_item=SIGNED)
    assert new.errors["agenda_item"][0].startswith(words)
    moved, _ = mark_on(rows, OPEN)
    other = locked(ani, f"/attendance/edit/?id={moved}", agenda_item=SIGNED)
    assert other.errors["agenda_item"][0].startswith(words)

    before = rows(sa.select(Attendance.__table__).order_by(Attendance.id))
    form = ani.form(f"/participations/edit/?id={participation}")
    own = [name for name, value in form.items() if name.endswith("-agenda_item")]
    name = next(name for name in own if str(form[name]) == str(SIGNED))
    status = name.replace("agenda_item", "status")
    refused = locked(ani, f"/participations/edit/?id={participation}", **{status: "absent"})
    assert words in refused.text
    assert rows(sa.select(Attendance.__table__).order_by(Attendance.id)) == before
    kept = ani.send(f"/participations/edit/?id={participation}", note="Datang terlambat.")
    assert kept.status_code == 303  # what is signed is left as it is


def test_the_first_mark_of_a_part_makes_its_sheet(ani, bayu, rows, write):
    with write() as session:
        part = AgendaItem(
            region_id=1, training_session_id=8, number=9, title="Penutupan", takes_attendance=True
        )
        session.add(part)
        session.flush()
        key = part.id
    people = rows(
        sa.select(Participation.id).where(Participation.training_session_id == 8).limit(2)
    )

    for (one,) in people:
        taken = {"participation": one, "party": "official", "status": "present"}
        assert ani.send("/attendance/new/", **taken, agenda_item=key).status_code == 303

    made = sa.select(AttendanceSheet.id, AttendanceSheet.recorded, AttendanceSheet.created_by_id)
    sheets = rows(made.where(AttendanceSheet.agenda_item_id == key))
    author = sa.text("select id from account where username = 'ani'")
    assert sheets == [(sheets[0][0], 2, rows(author)[0][0])]
    assert "Belum dicatat, seluruhnya 63:" in bayu.page(AT(sheets[0][0])).text


def test_a_stale_page_and_another_city_sign_nothing(bayu, browse, ani, rows):
    seen = seen_at(bayu, OPEN)
    mark, _participation = mark_on(rows, OPEN)
    ani.send(f"/attendance/edit/?id={mark}", status="sick")

    answer = bayu.post(f"/attendance-sheets/{OPEN}/move/sign/", {"seen": seen})

    assert (answer.status_code, state(rows, OPEN)) == (409, "open")
    assert "Hadir" in answer.text
    for name in ("made", "eka"):
        status = browse(name).post(f"/attendance-sheets/{OPEN}/move/sign/", {"seen": seen})
        assert status.status_code in (403, 404)
    count = sa.select(sa.func.count(Decision.id)).where(
        Decision.record_table == "attendance_sheet", Decision.record_id == OPEN
    )
    assert rows(count) == [(0,)]


def test_a_sheet_with_marks_keeps_its_part(ani, write):
    with write() as session:
        part = AgendaItem(
            region_id=1, training_session_id=8, number=9, title="Penutupan", takes_attendance=True
        )
        session.add(part)
        session.flush()
        key = part.id

    page = ani.sent(f"/attendance-sheets/edit/?id={OPEN}", agenda_item=key)

    assert page.errors == {
        "agenda_item": [
            "Sudah ada catatan kehadiran pada daftar ini; bagian sesinya tidak dapat diganti."
        ]
    }
    assert ani.get(f"/attendance-sheets/edit/?id={SIGNED}").status_code == 409


def test_complete_sheets_wait_for_a_supervisor_and_signed_ones_do_not(ani, bayu):
    waiting = bayu.page("/inbox/?kind=attendance_sheet").text

    assert "Materi Inspektur" in waiting
    assert "Arahan Sekretaris Daerah" not in waiting
    assert "Materi Inspektur" not in ani.page("/inbox/").text


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_much_for_one_couple_as_for_three(ani, write, statements, count):
    with write() as session:
        part = AgendaItem(
            region_id=1, training_session_id=3, number=9, title="Penutupan", takes_attendance=True
        )
        session.add(part)
        session.flush()
        sheet = AttendanceSheet(region_id=1, agenda_item=part)
        session.add(sheet)
        session.flush()
        key = sheet.id
        for official in range(46, 46 + count):
            one = Participation(region_id=1, training_session_id=3, official_id=official)
            one.unit_id = official
            session.add(one)
    ani.page(AT(key))

    with statements() as seen:
        page = ani.page(AT(key))

    cells = page.main.all("td", **{"data-l": "Pejabat hadir"})
    assert (len(seen), len(cells)) == (37, count)
