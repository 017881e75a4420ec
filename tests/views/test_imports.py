"""A roster from its upload to the applied proposal and back, as a clerk and a supervisor do it."""

from __future__ import annotations

import hashlib
import io
import re

import pytest
import sqlalchemy as sa
import xlsxwriter

from models.attendance import Attendance, AttendanceSheet, Participation
from models.files import StoredFile
from models.government import Position
from models.people import Appointment, Official, Spouse
from models.proposals import Proposal
from models.roster_imports import ImportMapping, RosterImport
from tests.views.browser import Page, filled_in
from tests.views.test_proposals import details, form_at, moved

HEADINGS = ("No", "Nama", "NIP", "Gol.", "Jabatan", "Kecamatan", "No. HP/WA", "Istri/Suami", "TMT")
DECREE, NIP = "821/CONTOH/2025", "198102102008011006"
TABLES = (Official, Appointment, Spouse, Proposal, RosterImport)


@pytest.fixture
def holder(rows):
    """Name and NIP of who holds a post definitively, and the number of the appointment."""

    def find(post):
        statement = (
            sa.select(Official.full_name, Official.nip, Appointment.id)
            .join(Appointment, Appointment.official_id == Official.id)
            .join(Position, Position.id == Appointment.position_id)
            .where(Position.name == post, Position.region_id == 1)
            .where(Appointment.ended_on.is_(None), Appointment.status == "definitive")
        )
        return rows(statement)[0]

    return find


@pytest.fixture
def counted(rows):
    """How many rows each table that an import touches has."""
    asked = [sa.select(sa.func.count()).select_from(table).scalar_subquery() for table in TABLES]
    return lambda: rows(sa.select(*asked))[0]


def workbook(*rows, headings=HEADINGS):
    """A list as offices send it: a title, a blank row, headings in row 4."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("Rekap")
    sheet.write(0, 0, "DAFTAR PEJABAT HASIL MUTASI")
    for at, row in enumerate((headings, *rows), 3):
        for column, value in enumerate(row):
            if value != "":
                sheet.write(at, column, value)
    book.close()
    return file.getvalue()


def uploaded(browser, data, kind="officials", name="mutasi.xlsx", **more):
    """The answer to an upload."""
    form = filled_in(browser.page("/imports/new/").main.one("form"))
    sent = {**form, "kind": kind, "pasted": "", "file": (io.BytesIO(data), name), **more}
    return browser.post("/imports/new/", sent)


def confirmed(browser, answer, **typed):
    """The address of the preview after the columns were confirmed as they were guessed."""
    assert answer.status_code == 303, Page(answer.text).text
    address = answer.location
    form = filled_in(browser.page(address).main.one("form", class_="stack"))
    sent = {**form, "act": "check", "on_day": "2025-12-01", "decree_no": DECREE, **typed}
    answer = browser.post(address, sent)
    assert answer.status_code == 303, Page(answer.text).text
    return answer.location


def tiles(page):
    """How many rows of each class the preview counts."""
    texts = [one.text for one in page.main.one("nav", class_="tiles").all("a")]
    return {text.partition(" ")[2]: int(text.partition(" ")[0]) for text in texts}


def problems(page):
    """Cells and what is wrong with each."""
    cells = [line.all("th")[0].text.split()[0] for line in page.main.one("tbody").all("tr")]
    told = [
        line.all("td")[1].all("span", class_="sub")[0].text
        for line in page.main.one("tbody").all("tr")
    ]
    return dict(zip(cells, told, strict=True))


def mended(browser, address, **texts):
    """The preview after these cells or questions were mended, by their key."""
    form = form_at(browser.page(address), f"{address}mend/")
    for name, key in [pair for pair in form.items() if re.fullmatch(r"k\d+", pair[0])]:
        if key in texts:
            form[("m" if texts[key].startswith("=") else "t") + name[1:]] = texts[key].lstrip("=")
    answer = browser.post(f"{address}mend/", form)
    assert answer.status_code == 303, Page(answer.text).said
    return browser.page(address)


def submitted(browser, address, **more):
    """The answer to the last button."""
    return browser.post(
        f"{address}propose/", {**form_at(browser.page(address), f"{address}propose/"), **more}
    )


def test_a_list_is_mended_proposed_applied_and_taken_back(
    ani, bayu, rows, value, holder, counted, deeds
):
    (name, nip, old), (left, _, theirs) = holder("Lurah Kota Baru"), holder("Lurah Banten")
    data = workbook(
        (1, name, nip, "", "Lurah Banten", "Kasemen", "", "", ""),
        (2, "Polan Rekaan Baru, S.IP.", 198102102008011005, "III/d", "", "", "", "", ""),
        (3, "Dadap Umpamaan, S.STP.", f"'{NIP}", "IIId", "Lurah Kota Baru", "", "081200005555",
         "Melati Umpamaan", "1 Desember 2025"),
        (4, "Waru Contohan, S.A.P.", "", "", "Lurah Sukawana", "", "", "", ""),
    )  # fmt: skip
    before = counted()

    address = confirmed(ani, uploaded(ani, data))
    page = ani.page(address)
    first = tiles(page)
    wrong = problems(page)
    refused = submitted(ani, address)
    after = mended(ani, address, C6="19810210 200801 1 005", E8="=Lurah Sukawana, Kec. Curug")

    assert first == {"semua baris": 4, "cocok, tidak berubah": 0, "berubah": 0, "pindah jabatan": 1,
                     "baru": 1, "dua kali di berkas": 0, "bermasalah": 2}  # fmt: skip
    assert set(wrong) == {"C6", "E8"}
    assert "angka, bukan teks" in wrong["C6"]
    assert refused.status_code == 422
    assert counted()[:3] == before[:3]
    assert tiles(after)["bermasalah"] == 0
    assert f"{left} meninggalkan" in after.text or left.split()[-1] in after.text

    answer = submitted(ani, address)
    number = value(sa.select(Proposal.id).where(Proposal.origin == "import"))
    again = submitted_again(ani, address)

    assert answer.status_code == again.status_code == 303
    assert moved(ani, number, "apply").status_code == 403
    assert counted()[:3] == before[:3]
    page = bayu.page(details(number))
    assert "Dadap Umpamaan" in page.text
    assert page.main.one("a", href=address).text == "mutasi.xlsx"
    assert hashlib.sha256(data).hexdigest() in page.text
    assert ani.page(address).main.one("a", href=details(number)) is not None
    assert moved(bayu, number, "apply").status_code == 303
    new = sa.select(Official.id).where(Official.nip == NIP)
    assert counted()[:3] == (before[0] + 3, before[1] + 3, before[2] + 1)
    ended = sa.select(Appointment.ended_on).where(Appointment.id.in_([old, theirs]))
    assert [str(day) for (day,) in rows(ended)] == ["2025-11-30"] * 2
    assert rows(sa.select(Spouse.full_name).where(Spouse.official_id.in_(new))) == [
        ("Melati Umpamaan",)
    ]
    assert "diterapkan" in ani.page(address).text.lower()

    undone = ani.post(f"/proposals/{number}/undo/", {})
    back = undone.location.rpartition("=")[2]
    assert moved(ani, back, "submit").status_code == 303
    asked = [ani.page(one).text for one in (address, f"/proposals/details/?id={number}")]
    assert all("Pembatalannya diusulkan:" in text for text in asked)
    assert moved(bayu, back, "apply").status_code == 303, moved(bayu, back, "apply").text[:20]
    assert counted()[:3] == before[:3]
    assert [day for (day,) in rows(ended)] == [None, None]
    assert "Dibatalkan lewat usulan lain:" in ani.page(address).text
    assert ani.page(address).main.one("a", href=f"/proposals/details/?id={back}") is not None
    assert deeds()[:6] == [
        "roster_import.create",
        "roster_import.map",
        "roster_import.propose.refused",
        "roster_import.mend",
        "proposal.submit",
        "proposal.apply.refused",
    ]


def submitted_again(browser, address):
    """The same form sent a second time."""
    return browser.post(f"{address}propose/", {"version": "1"})


def simple(browser):
    """The address of the preview of a list with one new person."""
    return confirmed(browser, uploaded(browser, workbook((1, "Lili Contohan", "", "III/d"))))


def test_only_clerks_of_the_place_touch_a_list_and_no_forged_form_does(
    ani, bayu, citra, mira, eka, rows, counted
):
    address = simple(ani)
    before = counted()
    paths = ("mend", "policy", "propose", "discard")

    seen = [one.get(address).status_code for one in (ani, bayu, citra, mira, eka)]
    closed = {one: [one.post(f"{address}{path}/", {}).status_code for path in paths]
              for one in (bayu, citra, eka)}  # fmt: skip
    elsewhere = [mira.post(f"{address}{path}/", {}).status_code for path in paths]
    files = [one.get(f"{address}file/").status_code for one in (ani, bayu, mira)]
    stale = ani.post(f"{address}mend/", {"version": "0", "k0": "B5", "t0": "X"})
    wrong = [
        ani.post("/imports/new/", {"kind": "officials", "once": "o" * 32}).status_code,
        ani.post(f"{address}columns/", {"version": "1\x00"}).status_code,
        ani.get("/imports/99999999999999999999/").status_code,
        ani.get("/imports/-1/").status_code,
        ani.get(f"{address}progress/{'0' * 32}/").status_code,
        ani.get(f"{address}progress/x/").status_code,
        ani.get(f"{address}?rows=99999&show=other").status_code,
    ]

    assert seen == [200, 200, 200, 404, 403]
    assert set(map(tuple, closed.values())) == {(403,) * 4}
    assert elsewhere == [404] * 4
    assert files == [200, 403, 404]
    assert "sudah diubah orang lain" in Page(stale.text).text
    assert stale.status_code == 409
    assert wrong == [422, 400, 404, 404, 404, 404, 200]
    assert counted() == before
    own = {"version": str(rows(sa.select(RosterImport.version))[0][0])}
    forged = (
        ("mend", {"k0": "../B5", "t0": "x"}, 404),
        ("mend", {"k0": "B5", "t0": "x" * 501}, 422),
        ("mend", {}, 422),
        ("policy", {"policy": "all"}, 404),
        ("propose", {"policy": "all"}, 404),
    )
    for path, sent, status in forged:
        assert ani.post(f"{address}{path}/", {**own, **sent}).status_code == status, (path, sent)
    assert counted() == before


def test_the_same_file_is_told_and_its_columns_are_known_again(ani, rows, value):
    data = workbook((1, "Lili Contohan", "", "III/d", "", "", "", "", "1 Desember 2025"))
    first = uploaded(ani, data)
    form = filled_in(ani.page(first.location).main.one("form", class_="stack"))
    ani.post(first.location, {**form, "c7": "", "act": "check"})

    again = ani.page(uploaded(ani, data, name="salinan.xlsx").location)
    kept = rows(sa.select(StoredFile.name, StoredFile.sha256).order_by(StoredFile.id.desc()))[:2]

    assert "Berkas yang persis sama sudah pernah diunggah" in again.text
    options = again.main.one("select", name="c7").all("option")
    assert [one.text for one in options if "selected" in one.given] == []
    assert kept[0][1] == kept[1][1]
    assert value(sa.select(sa.func.count()).select_from(ImportMapping)) == 1


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "kosong.xlsx"),
        (b"PK\x03\x04" + b"\x00" * 100, "rusak.xlsx"),
        (b"<html><table><tr><td>Nama</td></tr></table></html>", "laman.xls"),
        (b"%PDF-1.7 \x00", "daftar.csv"),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence_and_nothing_is_kept(
    ani, counted, rows, data, name
):
    before = counted(), rows(sa.select(sa.func.count()).select_from(StoredFile))

    answer = uploaded(ani, data, name=name)

    assert answer.status_code == 422
    assert Page(answer.text).errors["file"] != []
    assert (counted(), rows(sa.select(sa.func.count()).select_from(StoredFile))) == before


def test_pasted_cells_and_discarding(ani, value):
    pasted = "Nama\tNIP\tNama Istri/Suami\nLili Contohan\t198304042008042004\tBadu Contohan\n"
    form = filled_in(ani.page("/imports/new/").main.one("form"))
    address = confirmed(ani, ani.post("/imports/new/", {**form, "pasted": pasted}))

    counts = tiles(ani.page(address))
    answer = ani.post(f"{address}discard/", {})

    assert (counts["baru"], counts["bermasalah"]) == (1, 0)
    assert answer.status_code == 303
    assert value(sa.select(RosterImport.stage)) == "discarded"
    assert ani.post(f"{address}propose/", {}).status_code == 409


def test_a_list_of_attendance_becomes_marks_of_one_session_part(ani, bayu, rows, value):
    part, name, mark = rows(
        sa.select(Attendance.agenda_item_id, Official.full_name, Attendance.id)
        .join(Participation, Participation.id == Attendance.participation_id)
        .join(Official, Official.id == Participation.official_id)
        .join(AttendanceSheet, AttendanceSheet.id == Attendance.sheet_id)
        .where(AttendanceSheet.status == "open", Attendance.region_id == 1)
        .where(Attendance.party == "official", Attendance.status == "present")
        .order_by(Attendance.id.desc())
    )[0]
    form = filled_in(ani.page("/imports/new/").main.one("form"))
    sent = {**form, "kind": "attendance", "pasted": f"Nama\tKehadiran\n{name}\tSakit\n"}
    status = sa.select(Attendance.status).where(Attendance.id == mark)

    without = ani.post("/imports/new/", {**sent, "part": "__None"})
    address = confirmed(ani, ani.post("/imports/new/", {**sent, "part": str(part)}))
    answer = submitted(ani, address)
    number = value(sa.select(Proposal.id).where(Proposal.origin == "import"))

    assert without.status_code == 422
    assert answer.status_code == 303, Page(answer.text).said
    assert value(status) == "present"
    assert moved(bayu, number, "apply").status_code == 303
    assert value(status) == "sick"
