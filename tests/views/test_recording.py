"""The pages of what is recorded: agenda, attendance, sheets, test results."""

import pytest
import sqlalchemy as sa

from models.attendance import Attendance, AttendanceSheet, Participation, Score
from models.training import AgendaItem
from panel.screens.base import RecordView

READERS = ("ani", "bayu", "citra")
LISTS = ("/agenda-items/", "/attendance/", "/attendance-sheets/", "/scores/")


@pytest.fixture
def filled(write):
    """A test result in each city, and their keys by path and city."""
    with write() as session:
        kept = {}
        for region in (1, 2):
            part = session.scalars(
                sa.select(Participation).where(Participation.region_id == region).limit(1)
            ).one()
            score = Score(region_id=region, participation_id=part.id, party="official", before=55)
            session.add(score)
            session.flush()
            kept["/scores/", region] = score.id
            part = session.scalars(
                sa.select(AttendanceSheet).where(
                    AttendanceSheet.region_id == region, AttendanceSheet.status == "open"
                )
            ).first()
            mark = sa.select(Attendance.id).where(Attendance.sheet_id == part.id).limit(1)
            found = (part.agenda_item_id, session.scalar(mark), part.id)
            kept |= {(path, region): key for path, key in zip(LISTS[:3], found, strict=True)}
    return kept


@pytest.mark.parametrize("path", LISTS)
def test_readers_have_list_details_search_and_export(browse, filled, path, monkeypatch):
    monkeypatch.setattr(RecordView, "page_size", 5)
    for username in READERS:
        browser = browse(username)
        assert browser.page(path).rows
        assert browser.page(f"{path}details/?id={filled[path, 1]}").facts
        assert browser.get(f"{path}?search=tidak-ada-yang-begini").status_code == 200
        assert browser.exported(path)


@pytest.mark.parametrize("path", LISTS)
def test_clerks_alone_have_the_forms(browse, filled, path):
    for username, status in (("ani", 200), ("bayu", 403), ("citra", 403), ("eka", 403)):
        assert browse(username).get(f"{path}new/").status_code == status
        assert browse(username).get(f"{path}edit/?id={filled[path, 1]}").status_code == status


@pytest.mark.parametrize("path", LISTS)
def test_the_other_city_has_its_own(browse, filled, path):
    for username in ("mira", "made", "maya"):
        assert browse(username).get(f"{path}details/?id={filled[path, 1]}").status_code == 404
        assert browse(username).get(f"{path}details/?id={filled[path, 2]}").status_code == 200
    assert browse("mira").get(f"{path}edit/?id={filled[path, 1]}").status_code == 404
    assert browse("eka").get(path).status_code == 403


# Agenda


def test_an_agenda_item_is_made_and_deleted(ani, rows, deeds):
    answer = ani.send(
        "/agenda-items/new/", session=8, number=3, title="Penutupan", starts_at="11.30"
    )

    key = answer.location.partition("id=")[2]
    assert rows(sa.select(AgendaItem.region_id).where(AgendaItem.id == int(key))) == [(1,)]
    assert ani.page(f"/agenda-items/details/?id={key}").facts["Waktu"] == "11.30"
    assert ani.post("/agenda-items/delete/", {"id": key}).status_code == 303
    assert deeds() == ["agenda_item.create", "agenda_item.delete"]


def test_an_agenda_item_without_a_number_is_the_next_of_its_session(ani, rows):
    last = rows(
        sa.select(sa.func.max(AgendaItem.number)).where(AgendaItem.training_session_id == 8)
    )[0][0]
    answer = ani.send("/agenda-items/new/", session=8, title="Penutupan")

    key = int(answer.location.partition("id=")[2])
    assert rows(sa.select(AgendaItem.number).where(AgendaItem.id == key)) == [(last + 1,)]


def test_two_agenda_items_of_one_number_are_refused_at_it(ani):
    page = ani.sent("/agenda-items/new/", session=8, number=1, title="Lain")

    assert page.errors == {"number": ["Sesi ini sudah punya acara dengan nomor ini."]}


def test_an_agenda_item_of_the_other_city_s_session_is_not_offered(ani, deeds):
    page = ani.sent("/agenda-items/new/", session=9, number=9, title="Lain")

    assert (list(page.errors), deeds()) == (["session"], [])


# Attendance


def test_marks_are_filtered_by_session_part_party_status_and_unit(ani, rows):
    def counted(**by):
        query = "&".join(f"flt0_{name}={value}" for name, value in by.items())
        return len(ani.exported("/attendance/", f"?{query}"))

    part = sa.select(sa.func.count(Attendance.id)).where(Attendance.agenda_item_id == 8)
    assert counted(**{"agenda_item_id-is": 8}) == rows(part)[0][0] > 0
    spouse = part.where(Attendance.party == "spouse")
    both = ani.exported("/attendance/", "?flt0_agenda_item_id-is=8&flt1_party-is=spouse")
    assert len(both) == rows(spouse)[0][0]
    for name, value in (
        ("participation-training_session_id-is", 8),
        ("status-is", "present"),
        ("participation-unit_id-is", 46),
    ):
        assert 0 < counted(**{name: value}) < counted(**{"party-is": "official"}) * 3


def test_a_mark_belongs_to_the_session_of_the_participation(ani, rows, deeds):
    part = rows(sa.select(AgendaItem.id).where(AgendaItem.training_session_id == 7))[0][0]
    here = sa.select(Participation.id).where(Participation.training_session_id == 8).limit(1)
    mark = {"participation": rows(here)[0][0], "party": "official", "status": "present"}

    other = ani.sent("/attendance/new/", **mark, agenda_item=part)
    foreign = ani.sent("/attendance/new/", **mark, agenda_item=10)
    twice = ani.sent("/attendance/new/", **mark, agenda_item=9)

    assert other.errors == {"agenda_item": ["Bagian sesi ini milik sesi lain."]}
    assert foreign.errors == {"agenda_item": ["Pilih salah satu catatan yang ditawarkan."]}
    assert list(twice.errors) == ["agenda_item"]
    assert deeds() == []


def test_nobody_s_spouse_is_not_recorded(ani, write, rows):
    with write() as session:
        one = session.scalars(
            sa.select(Participation).where(Participation.spouse_id.is_(None)).limit(1)
        ).first()
        key = one.id if one else None
    assert key is not None

    page = ani.sent("/scores/new/", participation=key, party="spouse", before="50")

    assert list(page.errors) == ["party"]


def test_a_mark_is_changed_and_never_deleted(ani, filled, rows):
    mark = filled["/attendance/", 1]
    answer = ani.send(f"/attendance/edit/?id={mark}", status="sick", note="Surat dokter")

    assert answer.status_code == 303
    assert rows(sa.select(Attendance.status).where(Attendance.id == mark)) == [("sick",)]
    assert ani.post("/attendance/delete/", {"id": mark}).status_code == 403


# Sheets


def test_a_sheet_tells_how_far_it_is_filled_in(ani, rows):
    expected = rows(
        sa.select(sa.func.count(Participation.id)).where(Participation.training_session_id == 8)
    )[0][0]
    recorded = rows(
        sa.select(sa.func.count(Attendance.id)).where(
            Attendance.agenda_item_id == 8, Attendance.party == "official"
        )
    )[0][0]
    found = ani.page("/attendance-sheets/?search=arahan").cells(
        "Daftar hadir", "Tercatat", "Status"
    )

    assert found[0] == (
        "Arahan Sekretaris Daerah, Bimtek Keluarga Berintegritas bagi lurah dan pasangan",
        f"{recorded} dari {expected}",
        "Ditandatangani",
    )


def test_a_sheet_is_opened_once_for_a_part_that_takes_attendance(ani, rows):
    for number, takes in ((7, {"takes_attendance": "y"}), (9, {})):
        ani.send("/agenda-items/new/", session=8, number=number, title=f"Bagian {number}", **takes)
    keys = dict(
        rows(sa.select(AgendaItem.title, AgendaItem.id).where(AgendaItem.title.like("Bagian %")))
    )

    first = ani.send("/attendance-sheets/new/", agenda_item=keys["Bagian 7"])
    again = ani.sent("/attendance-sheets/new/", agenda_item=keys["Bagian 7"])
    other = ani.sent("/attendance-sheets/new/", agenda_item=keys["Bagian 9"])

    assert first.status_code == 303
    assert again.errors == {"agenda_item": ["Bagian sesi ini sudah mempunyai daftar hadir."]}
    assert other.errors == {"agenda_item": ["Pilih salah satu catatan yang ditawarkan."]}
    stored = sa.select(AttendanceSheet.status, AttendanceSheet.decision_id)
    key = keys["Bagian 7"]
    assert rows(stored.where(AttendanceSheet.agenda_item_id == key)) == [("open", None)]


def test_a_status_is_not_typed(ani, filled, rows):
    before = rows(sa.select(AttendanceSheet.__table__).order_by(AttendanceSheet.id))
    sheet = filled["/attendance-sheets/", 1]

    ani.send(f"/attendance-sheets/edit/?id={sheet}", status="signed", decision_id="1")

    kept = rows(sa.select(AttendanceSheet.__table__).order_by(AttendanceSheet.id))
    assert [row[:-1] for row in kept] == [row[:-1] for row in before]


# Test results


def test_a_missing_result_is_said_in_words(ani, filled):
    page = ani.page(f"/scores/details/?id={filled['/scores/', 1]}")

    assert (page.facts["Sebelum"], page.facts["Sesudah"]) == ("55", "belum dinilai")


@pytest.mark.parametrize("points", ["-1", "101", "empat", "55,5", "9" * 30])
def test_results_lie_between_0_and_100(ani, filled, points):
    page = ani.sent(f"/scores/edit/?id={filled['/scores/', 1]}", after=points)

    assert page.errors == {"after": ["Ketik angka bulat dari 0 sampai 100."]}


@pytest.mark.parametrize("points", ["0", "100", ""])
def test_the_bounds_and_nothing_are_results(ani, filled, points):
    answer = ani.send(f"/scores/edit/?id={filled['/scores/', 1]}", after=points)

    assert answer.status_code == 303
