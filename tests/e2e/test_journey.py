"""The main job in real Chromium, through the visible pages; with keys alone; on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE
from tests.e2e.doing import add, choose, field, go, new, press, save, tab_to, told, write

OFFICIAL, SPOUSE = "Ratna Bayangan", "Surya Bayangan"
SESSION, SPEAKER = "Bimtek lanjutan bagi lurah", "Nara Umpama"
PROMISE = "Kami saling mengingatkan agar tiba sebelum apel pagi."
PLAN = "Apel pagi tepat waktu di Kelurahan Kalodran"
WHY = "Sebut angka yang dapat dihitung."


def test_from_the_official_to_the_plan_that_the_auditor_reads(
    ani: Page, bayu: Page, open_as: Callable[..., Page]
) -> None:
    make_official(ani)
    make_session(ani)
    make_speaker(ani)
    make_participation(ani)
    make_commitment(ani)
    make_plan(ani)
    press(ani, "Ajukan")
    told(ani, "Rencana diajukan.")

    open_waiting(bayu)
    press(bayu, "Kembalikan")
    told(bayu, "Tulis alasan untuk “Kembalikan”.")
    write(bayu, "Alasan", WHY)
    press(bayu, "Kembalikan")
    told(bayu, "Rencana dikembalikan.")

    ani.goto("/")
    expect(ani.get_by_role("listitem").filter(has_text=PLAN).first).to_contain_text(WHY)
    ani.get_by_role("link", name=PLAN).first.click()
    ani.get_by_role("link", name="Ubah", exact=True).click()
    write(ani, "Indikator", "Paling banyak sekali terlambat sebulan")
    save(ani)
    press(ani, "Ajukan")
    told(ani, "Rencana diajukan.")

    open_waiting(bayu)
    changed = bayu.get_by_role("row").filter(has_text="Indikator")
    expect(changed.locator("del")).to_have_text("Paling banyak dua kali terlambat sebulan")
    expect(changed.locator("ins")).to_have_text("Paling banyak sekali terlambat sebulan")
    press(bayu, "Setujui rencana")
    told(bayu, "Rencana disetujui.")

    locked(ani)
    read_the_log(open_as("citra"))


def make_official(page: Page) -> None:
    new(page, "Pejabat")
    write(page, "Nama", OFFICIAL)
    write(page, "Gelar belakang", "S.IP.")
    choose(page, "Kepegawaian", "PNS")
    post = add(page, "Jabatan")
    choose(post, "Jabatan", "Lurah Kalodran")
    choose(post, "Status pengangkatan", "Definitif")
    write(post, "Sejak", "2025-12-01")
    expect(post).to_contain_text("Senin, 1 Desember 2025")
    spouse = add(page, "Pasangan")
    write(spouse, "Nama pasangan", SPOUSE)
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{OFFICIAL}, S.IP.")
    expect(page.get_by_role("main")).to_contain_text("Lurah Kalodran")


def make_session(page: Page) -> None:
    new(page, "Sesi Bimtek")
    choose(page, "Program", "Bimtek Keluarga Berintegritas")
    write(page, "Nama", SESSION)
    write(page, "Tanggal", "10 Februari 2026")
    choose(add(page, "Sasaran peserta"), "Jenjang", "Lurah")
    part = add(page, "Susunan acara")
    write(part, "Nomor", "1")
    write(part, "Judul", "Materi pertama")
    part.get_by_label("Mencatat kehadiran").check()
    save(page)
    expect(page.get_by_role("main")).to_contain_text("Selasa, 10 Februari 2026")


def make_speaker(page: Page) -> None:
    new(page, "Narasumber")
    write(page, "Nama", SPEAKER)
    save(page)
    new(page, "Narasumber sesi")
    choose(page, "Sesi", SESSION)
    choose(page, "Narasumber", SPEAKER)
    write(page, "Topik", "Waktu kerja adalah amanah")
    save(page)


def make_participation(page: Page) -> None:
    new(page, "Kepesertaan")
    choose(page, "Sesi", SESSION)
    choose(page, "Pejabat", OFFICIAL)
    choose(page, "Jabatan pada hari itu", OFFICIAL)
    choose(page, "Pasangan", SPOUSE)
    for who in ("Pejabat", "Pasangan"):
        came = add(page, "Kehadiran")
        choose(came, "Bagian sesi", "Materi pertama")
        choose(came, "Siapa", who)
        choose(came, "Kehadiran", "Hadir")
    save(page)
    expect(page.get_by_role("main")).to_contain_text("Hadir berdua")


def make_commitment(page: Page) -> None:
    new(page, "Komitmen")
    choose(page, "Pejabat", OFFICIAL)
    choose(page, "Komitmen siapa", "Pejabat dan pasangan")
    choose(page, "Pasangan", SPOUSE)
    choose(page, "Kategori", "Disiplin waktu")
    write(page, "Janji", PROMISE)
    write(page, "Ditandatangani pejabat", "2026-02-10")
    write(page, "Ditandatangani pasangan", "2026-02-11")
    save(page)


def make_plan(page: Page) -> None:
    new(page, "Rencana tindak lanjut")
    choose(page, "Pejabat", OFFICIAL)
    choose(page, "Komitmen", PROMISE)
    write(page, "Nomor", "RTL-9001")
    write(page, "Rencana", PLAN)
    write(page, "Sasaran", "Semua pegawai hadir sebelum apel pagi")
    write(page, "Indikator", "Paling banyak dua kali terlambat sebulan")
    page.locator("#due_on").fill("2027-06-30")
    for number, text in enumerate(("Sosialisasi kepada pegawai", "Rekap jam masuk"), start=1):
        step = add(page, "Langkah")
        write(step, "No.", str(number))
        write(step, "Yang dilakukan", text)
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(PLAN)


def open_waiting(page: Page) -> None:
    """The plan from the list of what waits."""
    page.goto("/")
    go(page, "Menunggu saya")
    page.goto("/inbox/?kind=action_plan")  # more waits than one page shows
    page.get_by_role("main").get_by_role("link", name=PLAN, exact=True).click()


def locked(page: Page) -> None:
    """No way to change it is offered, and the address of the form says why."""
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("Disetujui")
    expect(page.get_by_role("link", name="Ubah", exact=True)).to_have_count(0)
    answer = page.goto(page.url.replace("/details/", "/edit/"))
    assert answer is not None
    assert answer.status == 409
    expect(page.get_by_role("main")).to_contain_text("ini tidak dapat diubah sekarang")


def read_the_log(page: Page) -> None:
    """Who sent it back, and why; who approved, and what that changed."""
    page.goto("/")
    go(page, "Jejak perubahan")
    log = page.get_by_role("main").locator("details.deed")
    done = log.filter(has_not_text="Ditolak")
    back = done.filter(has_text=f"Bayu Teladan mengembalikan {PLAN}")
    expect(back).to_contain_text(WHY)
    approved = done.filter(has_text=f"Bayu Teladan menyetujui {PLAN}")
    approved.locator("summary").click()
    row = approved.get_by_role("row").filter(has_text="Status")
    expect(row.locator("del")).to_have_text("Diajukan")
    expect(row.locator("ins")).to_have_text("Disetujui")


def test_a_plan_is_approved_with_keys_alone(bayu: Page) -> None:
    bayu.goto("/")
    tab_to(bayu, "Langsung ke isi", first=True)
    bayu.keyboard.press("Enter")
    title = bayu.locator("main .work a").first.inner_text()
    tab_to(bayu, title)
    bayu.keyboard.press("Enter")
    expect(bayu.get_by_role("heading", level=1)).to_have_text(title)

    tab_to(bayu, "Setujui rencana")
    ring = bayu.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    bayu.keyboard.press("Enter")

    assert ring != "none"
    told(bayu, "Rencana disetujui.")
    expect(bayu.get_by_role("heading", level=1)).to_have_text(title)


def test_a_plan_is_sent_back_on_a_phone(open_as: Callable[..., Page]) -> None:
    page = open_as("bayu", PHONE, has_touch=True, is_mobile=True)
    page.goto("/")
    menu = page.get_by_role("navigation", name="Menu utama")
    expect(menu).to_be_hidden()

    page.get_by_role("button", name="Menu", exact=True).tap()
    expect(menu).to_be_visible()
    menu.get_by_role("link", name=re.compile("^Menunggu saya")).tap()
    waiting = page.locator("main tbody tr").filter(has_text=re.compile("Diajukan"))
    waiting.last.locator("th a").tap()
    page.get_by_role("link", name="Ke putusan").tap()
    expect(page.get_by_role("heading", name="Putusan Anda")).to_be_in_viewport()
    page.get_by_label(re.compile("^Catatan umum")).select_option(label="Langkah tanpa tanggal.")
    expect(page.locator("#reason")).to_have_value("Langkah tanpa tanggal.")
    page.get_by_role("button", name="Kembalikan", exact=True).tap()

    told(page, "Rencana dikembalikan.")
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_delete_asks_first(ani: Page) -> None:
    ani.goto("/speakers/")
    rows = ani.locator("main tbody tr")
    before = rows.count()
    rows.first.get_by_role("group").or_(rows.first.locator("summary")).first.click()
    rows.first.get_by_role("link", name="Hapus").click()

    dialog = ani.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Hapus")
    dialog.get_by_role("button", name="Batal").click()
    expect(dialog).to_be_hidden()
    ani.reload()

    assert rows.count() == before


def test_a_refused_save_leads_to_the_field(ani: Page) -> None:
    ani.goto("/officials/new/")
    write(ani, "Nama", "Fulan Contoh")
    write(ani, "NIP", "123")
    ani.get_by_role("button", name="Simpan", exact=True).click()

    summary = ani.locator(".errors")
    expect(summary).to_be_focused()
    assert ani.title().startswith("Galat:")
    summary.get_by_role("link").first.click()
    expect(ani.locator(":focus")).to_have_attribute("aria-invalid", "true")
    expect(field(ani, "Nama")).to_have_value("Fulan Contoh")


def test_a_button_held_down_while_the_server_reads_a_field_keeps_its_click(ani: Page) -> None:
    ani.goto("/officials/new/")
    write(ani, "NIP", "123")
    button = ani.get_by_role("button", name="Simpan", exact=True)
    # Where the page is short, a line below a field moves the button away from the pointer.
    button.evaluate("one => one.closest('.savebar').style.position = 'static'")
    button.hover()
    with ani.expect_response("**/ajax/read/**"):
        ani.mouse.down()
    ani.wait_for_timeout(200)
    with ani.expect_navigation():
        ani.mouse.up()
    expect(ani.locator(".errors")).to_be_focused()


def test_what_was_searched_for_narrows_what_depends_on_it(ani: Page) -> None:
    ani.goto("/participations/new/")
    choose(ani, "Pejabat", "Pandan Misal")
    posts = ani.locator("select[name=appointment] option:not([disabled])")

    expect(posts).to_have_text(
        ["belum diisi", re.compile("^Pandan Misal, S.Sos., M.Si. \\(Lurah Banten")]
    )
