"""The ink behind a sheet: attached while it is open, signed along, changed by a correction only."""

import hashlib
from io import BytesIO

import sqlalchemy as sa

from models.sheet_scans import SheetScan
from tests.views.browser import Page
from tests.views.test_attendance_sheets import ASK, AT, OPEN, SIGNED, move
from tests.views.test_papers import PDF

PRINT = hashlib.sha256(PDF).hexdigest()
COUNT = sa.select(sa.func.count(SheetScan.id))


def attach(browser, sheet, data=PDF):
    """Hand in a scan of a sheet."""
    form = {"sheet": str(sheet), "upload": (BytesIO(data), "lembar.pdf"), "once": ""}
    opened = browser.get("/sheet-scans/new/")
    if opened.status_code == 200:
        form = {**Page(opened.text).form(), **form, "once": Page(opened.text).form()["once"]}
    return browser.post("/sheet-scans/new/", form, content_type="multipart/form-data")


def test_a_scan_is_signed_along_and_changes_by_a_correction_only(ani, bayu, browse, rows, deeds):
    dewi = browse("dewi")

    assert attach(ani, OPEN).status_code == 303
    key = rows(sa.select(SheetScan.id))[0][0]
    page = ani.page(AT(OPEN)).text
    assert (PRINT in page, "lembar.pdf" in page) == (True, True)
    assert move(bayu, OPEN, "sign").status_code == 303
    late = attach(ani, OPEN, PDF.replace(b"1.4", b"1.5"))
    gone = ani.post("/sheet-scans/delete/", {"id": key})
    assert (late.status_code, gone.status_code, rows(COUNT)) == (409, 409, [(1,)])
    assert "Ajukan dulu koreksi" in Page(late.text).text

    assert move(ani, OPEN, "open_correction", **ASK).status_code == 303
    assert attach(ani, OPEN, PDF.replace(b"1.4", b"1.5")).status_code == 303
    assert move(ani, OPEN, "drop_correction").status_code == 422
    assert move(dewi, OPEN, "sign_correction").status_code == 303
    told = ani.page(AT(OPEN)).text

    other = hashlib.sha256(PDF.replace(b"1.4", b"1.5")).hexdigest()
    assert "Koreksi 1" in told
    assert f"Pindaian daftar hadir belum diisi {other[:8]}" in told
    assert [one for one in deeds() if not one.endswith("refused")] == [
        "sheet_scan.create",
        "attendance_sheet.sign",
        "attendance_sheet.open_correction",
        "sheet_scan.create",
        "attendance_sheet.sign_correction",
    ]


def test_who_may_attach_and_read_a_scan(ani, browse, rows):
    assert attach(ani, OPEN).status_code == 303
    key = rows(sa.select(SheetScan.id))[0][0]

    got = ani.get(f"/sheet-scans/file/?id={key}")

    assert (got.status_code, got.data) == (200, PDF)
    assert attach(ani, OPEN, b"MZ not a scan").status_code == 422
    assert attach(ani, SIGNED).status_code == 409
    for name in ("bayu", "citra", "eka"):
        assert attach(browse(name), OPEN).status_code == 403
    read = {
        name: browse(name).get(f"/sheet-scans/file/?id={key}").status_code
        for name in ("bayu", "mira", "eka")
    }
    assert read == {"bayu": 200, "mira": 404, "eka": 403}
    assert rows(COUNT) == [(1,)]
