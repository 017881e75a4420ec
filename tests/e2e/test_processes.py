"""What the office decides, in real Chromium: sessions, sheets, more time, proposals, accounts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from babel.dates import get_month_names
from playwright.sync_api import Locator, Page, expect

from tests.e2e.doing import add, choose, go, new, press, save, tab_to, told, write

SESSION = "Bimtek malam bagi lurah dan pasangan"
SHEET = "Bimtek Keluarga Berintegritas bagi Staf Ahli Wali Kota"
LATE = "Surat keterangan baru diterima."
#: Months as lists write them: "5 Okt 2026".
MONTHS = {name: number for number, name in get_month_names("abbreviated", locale="id").items()}


def test_a_session_is_announced_and_held_and_a_supervisor_finds_it(ani: Page, bayu: Page) -> None:
    ani.goto("/")
    new(ani, "Sesi Bimtek")
    choose(ani, "Program", "Bimtek Keluarga Berintegritas")
    write(ani, "Nama", SESSION)
    write(ani, "Tanggal", "19 November 2025")
    choose(ani, "Tempat", "Aston")
    choose(add(ani, "Sasaran peserta"), "Jenjang", "Lurah")
    save(ani)
    press(ani, "Umumkan")
    told(ani, "Sesi diumumkan.")
    press(ani, "Tandai terlaksana")
    told(ani, "Sesi ditandai terlaksana.")

    open_waiting(bayu, "training_session", SESSION)
    expect(bayu.get_by_role("main")).to_contain_text("Ani Contoh menandai terlaksana")
    expect(bayu.get_by_role("button", name="Kembalikan", exact=True)).to_be_enabled()


def open_waiting(page: Page, kind: str, title: str) -> None:
    """What waits, looked for by its name among the records of a kind."""
    page.goto(f"/inbox/?kind={kind}")
    page.get_by_role("main").get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_a_signed_sheet_is_corrected_and_signed_again(ani: Page, bayu: Page) -> None:
    open_waiting(bayu, "attendance_sheet", SHEET)
    press(bayu, "Tanda tangani")
    told(bayu, "Daftar hadir ditandatangani.")

    ani.goto("/")
    go(ani, "Daftar hadir")
    ani.get_by_role("main").get_by_role("link", name=SHEET, exact=True).click()
    expect(ani.get_by_role("link", name=re.compile("^Ubah: "))).to_have_count(0)
    write(ani, "Alasan", LATE)
    press(ani, "Ajukan koreksi")
    told(ani, "Koreksi dibuka.")
    ani.get_by_role("link", name=re.compile("^Ubah: ")).first.click()
    choose(ani, "Kehadiran", "Sakit")
    ani.get_by_role("button", name="Simpan", exact=True).click()
    expect(ani.get_by_role("heading", level=1)).to_have_text(SHEET)

    open_waiting(bayu, "attendance_sheet", SHEET)
    changed = bayu.get_by_role("main").locator("tr", has=bayu.locator("ins"))
    expect(changed.locator("ins")).to_have_text("Sakit")
    press(bayu, "Tanda tangani koreksi")
    told(bayu, "Koreksi ditandatangani.")
    first = bayu.get_by_role("region", name="Koreksi 1", exact=True)
    expect(first).to_contain_text(LATE)
    expect(first).to_contain_text("Disetujui oleh Bayu Teladan")


def test_more_time_is_asked_for_and_fewer_days_are_granted(ani: Page, bayu: Page) -> None:
    ani.goto("/action-plans/?flt0_status-is=in_progress")
    row = ani.locator("main tbody tr").first
    due, plan = day_in(row), row.get_by_role("rowheader").get_by_role("link").first
    title = plan.inner_text().splitlines()[0]
    plan.click()
    ani.get_by_role("link", name="Ajukan perpanjangan").click()
    ani.locator("#asked_due_on").fill((due + timedelta(60)).isoformat())
    write(ani, "Alasan perpanjangan", "Menunggu anggaran perubahan.")
    ani.get_by_role("button", name="Simpan", exact=True).click()
    expect(ani.get_by_role("main")).to_contain_text("Diminta")

    bayu.goto("/inbox/?kind=extension")
    bayu.get_by_role("main").get_by_role("link", name=re.compile(re.escape(title))).first.click()
    granted = bayu.locator("#granted_until")
    expect(granted).to_have_value((due + timedelta(60)).isoformat())
    granted.fill((due + timedelta(20)).isoformat())
    press(bayu, "Beri perpanjangan")
    told(bayu, "Perpanjangan diberikan.")

    ani.goto("/action-plans/?flt0_status-is=in_progress")
    again = ani.locator("main tbody tr", has=ani.get_by_role("link", name=title))
    assert day_in(again) == due + timedelta(20)


def day_in(row: Locator) -> date:
    """The first day that stands in a row of a list."""
    found = re.search(r"(\d+) (\w{3}) (\d{4})", row.inner_text())
    assert found is not None
    return date(int(found[3]), MONTHS[found[2]], int(found[1]))


def test_two_officials_are_changed_by_a_proposal_with_keys_alone(ani: Page, bayu: Page) -> None:
    ani.goto("/officials/")
    picks = ani.locator("main tbody input.pick")
    names = [str(picks.nth(place).get_attribute("aria-label")) for place in range(2)]
    for name in names:
        tab_to(ani, name)
        ani.keyboard.press("Space")
    enter(ani, "Ubah massal")
    expect(ani.get_by_role("heading", level=1)).to_have_text("Ubah massal: 2 catatan")
    tab_to(ani, "Kepegawaian (wajib bila dicentang)")
    ani.keyboard.type("PPPK")
    tab_to(ani, "Alasan (wajib)")
    ani.keyboard.type("SK pengangkatan 12.")
    enter(ani, "Pratinjau")
    enter(ani, "Buat usulan berisi 2 perubahan")
    enter(ani, "Ajukan")
    told(ani, "Usulan diajukan.")
    title = ani.get_by_role("heading", level=1).inner_text()

    bayu.goto("/inbox/?kind=proposal")
    enter(bayu, title)
    expect(bayu.get_by_role("heading", level=1)).to_have_text(title)
    rows = bayu.get_by_role("table", name="Pejabat").get_by_role("row")
    expect(rows.locator("ins")).to_have_text(["PPPK", "PPPK"])
    enter(bayu, "Setujui dan terapkan")
    told(bayu, "Usulan diterapkan.")


def enter(page: Page, name: str) -> None:
    """Go to a control by Tab and press Enter; the next page is there."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_role_is_asked_for_and_a_second_administrator_confirms(
    open_as: Callable[..., Page],
) -> None:
    eka, edi = open_as("eka"), open_as("edi")
    eka.goto("/")
    go(eka, "Akun")
    eka.get_by_role("main").get_by_role("link", name="Asep Misal", exact=True).click()
    eka.get_by_role("link", name="Ubah", exact=True).click()
    eka.get_by_label("Petugas", exact=True).uncheck()
    eka.get_by_label("Penyelia", exact=True).check()
    write(eka, "Alasan perubahan", "SK Inspektur 12")
    eka.get_by_role("button", name="Simpan", exact=True).click()
    expect(eka.get_by_role("status").filter(has_text="mengonfirmasi")).to_be_visible()

    edi.goto("/")
    go(edi, "Menunggu saya")
    edi.get_by_role("main").get_by_role("link", name="Asep Misal", exact=True).click()
    roles = edi.get_by_role("row").filter(has_text="Peran")
    expect(roles.locator("ins")).to_have_text("Penyelia")
    press(edi, "Konfirmasi")
    told(edi, "Perubahan dikonfirmasi dan langsung berlaku.")

    eka.goto("/accounts/")
    expect(eka.get_by_role("row").filter(has_text="Asep Misal")).to_contain_text("Penyelia")


def test_a_notice_is_read_and_counts_no_more(ani: Page) -> None:
    ani.goto("/")
    go(ani, "Pemberitahuan")
    unread = ani.get_by_role("navigation", name="Bagian pemberitahuan").get_by_role("link").last
    before = int(re.sub(r"\D", "", unread.inner_text()))
    notice = ani.locator("main .notices li.unread").first
    title = re.search("“(.+)”", notice.get_by_role("link").first.inner_text())
    assert title is not None
    notice.get_by_role("button", name="Buka", exact=True).click()
    expect(ani.get_by_role("heading", level=1)).to_have_text(title[1])

    ani.goto("/notices/")
    expect(unread).to_have_text(f"Belum dibaca {before - 1}")
