"""The page of a session: what is known of it, who was expected and came, and what was said."""

from datetime import date, time

import pytest
import sqlalchemy as sa

from models.attendance import Attendance, Participation
from models.files import StoredFile
from models.papers import SessionPaper
from models.people import Appointment
from models.speaking import KeyMessage, NewsSource, SessionSpeaker, Speaker
from models.training import AgendaItem, TrainingSession
from tests.views.browser import Page

LURAH_SESSION, CAMAT_SESSION, METRO_SESSION = 8, 7, 9
SERANG, METRO = (f"/training-sessions/details/?id={key}" for key in (LURAH_SESSION, METRO_SESSION))
UNKNOWN = "belum diisi"


def section(page, key):
    """The section under the heading with this id."""
    return page.main.one("section", **{"aria-labelledby": key})


def numbers(page):
    """The numbers of the session by their label."""
    found = page.main.one("dl", class_="stats").all("div")
    return {one.one("dt").text: one.one("dd").text for one in found}


def lines(page, key="expected"):
    """The cells of each line of a list of people, headings of groups left out."""
    rows = [row for body in section(page, key).all("tbody") for row in body.all("tr")]
    return [
        [cell.text for cell in row.all() if cell.tag in ("th", "td")]
        for row in rows
        if row.given.get("class") != "group"
    ]


def headings(page):
    """The headings of the page, in their order."""
    return [one.text for one in page.main.all("h2")]


@pytest.fixture
def change(write):
    """Write values into a session."""

    def change(key, **values):
        with write() as session:
            held = session.get(TrainingSession, key)
            for name, value in values.items():
                setattr(held, name, value)

    return change


def test_the_head_tells_day_place_and_audience(ani, mira):
    head = [
        ani.page(SERANG).main.one("div", class_="head"),
        mira.page(METRO).main.one("div", class_="head"),
    ]

    assert [one.one("p", class_="lede").text for one in head] == [
        "Selasa, 18 November 2025 · Aston Serang Hotel and Convention Center",
        "2024 · tempat belum diisi",
    ]
    assert [one.one("p", class_="meta").text for one in head] == [
        "Lurah, bersama pasangan Sumber tanggal: Artikel berita tentang kegiatan ini",
        "Sekretaris Daerah, Asisten Sekretaris Daerah, Kepala OPD, Kepala Bagian, Camat, "
        "antara lain; bersama pasangan atau tidak, belum diketahui "
        "Sumber tanggal: Artikel berita menyebut tahun saja",
    ]


def test_sections_stand_in_the_order_in_which_one_asks(ani):
    assert headings(ani.page(SERANG)) == [
        "Angka",
        "Susunan acara",
        "Narasumber",
        "Isi",
        "Pesan pokok",
        "Dokumen",
        "Berita",
        "Perjalanannya sampai sini",
        "Sesi",
        "Putaran program",
        "Belum terbuka",
        "Proses",
        "Riwayat",
        "Yang diharapkan dan yang hadir",
    ]


def test_the_numbers_of_the_session(ani):
    assert numbers(ani.page(SERANG)) == {
        "Jabatan diharapkan": "67",
        "Terisi": "66 65 orang",
        "Kosong": "1",
        "Diundang": "65",
        "Hadir": "45 dari 65, 69 %",
        "Bersama pasangan": "41",
        "Sendiri": "4",
    }


def test_numbers_that_nobody_recorded_are_not_known_and_no_noughts(mira, write):
    with write() as session:
        for entity in (Attendance, Participation):
            rows = session.scalars(
                sa.select(entity).where(entity.training_session_id == METRO_SESSION)
            )
            for row in rows:
                session.delete(row)

    page = mira.page(METRO)

    assert [
        numbers(page)[name] for name in ("Diundang", "Hadir", "Bersama pasangan", "Sendiri")
    ] == [UNKNOWN] * 4
    assert "Undangan dan kehadiran belum dicatat." in section(page, "expected").text
    assert lines(page)[0] == [
        "Sekretaris Daerah Kota Metro Sekretariat Daerah",
        "Drs. Polan Andaian, S.E.",
        "Fulanah Ilustrasi",
    ]


def test_every_post_has_its_line_by_district(ani):
    page = ani.page(SERANG)

    rows = lines(page)
    groups = [row.text for row in section(page, "expected").all("tr", class_="group")]
    assert groups[:2] == [
        "Lurah, Kecamatan Serang 12 jabatan",
        "Lurah, Kecamatan Kasemen 10 jabatan",
    ]
    assert len(groups) == 6
    assert len({row[0] for row in rows}) == 66  # of 67 posts: two are named Lurah Sukawana
    assert rows[0] == [
        "Lurah Serang",
        "Beringin Andaian",
        "Ratna Ilustrasi",
        "10 Nov 2025 balasan: Ya",
        "Hadir",
        "Hadir",
    ]
    assert ["Lurah Cipare", "Kamboja Permisalan, S.IP. Plh.", "ikut sebagai Lurah Kagungan"] in rows
    assert ["Lurah Kalodran", "kosong", ""] in rows
    assert "tidak berpasangan" in next(row for row in rows if row[0] == "Lurah Terumbu")


def test_who_rotates_after_the_session_changes_nothing(ani, write):
    before = lines(ani.page(SERANG))
    with write() as session:
        post = session.scalars(sa.select(Appointment).where(Appointment.official_id == 46)).first()
        post.ended_on = date(2026, 3, 1)

    assert lines(ani.page(SERANG)) == before


def test_who_has_no_such_post_stands_outside_of_the_list(ani, write):
    with write() as session:
        session.add(Participation(region_id=1, training_session_id=LURAH_SESSION, official_id=1))

    page = ani.page(SERANG)

    assert len(lines(page, "others")) == 1
    assert "Di luar daftar jabatan" in headings(page)
    assert numbers(page)["Diundang"] == "66"


def test_a_partial_date_says_what_it_stands_on(mira):
    said = [line.text for line in section(mira.page(METRO), "expected").all("p")]

    assert said == [
        "Dari jabatan pada jenjang ini menurut pemegangnya pada Senin, 1 Januari 2024.",
        "Yang diketahui hanya tahunnya; hari pertamanya dipakai.",
        "Kehadiran pasangan belum dicatat.",
        "Jenjang lain juga hadir; yang mana belum diketahui.",
        "Ambil alih daftar, perbedaan, sesi susulan",
    ]


def test_without_a_day_or_a_tier_the_page_says_why_there_is_no_list(ani, change):
    undated = ani.page(f"/training-sessions/details/?id={CAMAT_SESSION}")
    change(LURAH_SESSION, tiers=[])
    untiered = ani.page(SERANG)

    assert "Tanggalnya belum diketahui" in section(undated, "expected").text
    assert numbers(undated)["Jabatan diharapkan"] == UNKNOWN
    assert "Jenjang yang dituju sesi ini belum diisi." in section(untiered, "expected").text
    assert len(lines(untiered, "others")) == 65


def test_the_agenda_tells_times_and_lists(ani, write):
    with write() as session:
        first, second = session.scalars(
            sa.select(AgendaItem).where(AgendaItem.training_session_id == LURAH_SESSION)
        )
        first.starts_at, first.ends_at = time(7, 30), time(9)
        second.starts_at = time(9, 15)
        session.add(
            AgendaItem(region_id=1, training_session_id=LURAH_SESSION, number=3, title="Doa")
        )

    assert ani.page(SERANG).table("Susunan acara") == [
        ["Arahan Sekretaris Daerah", "07.30–09.00", "Ditandatangani"],
        ["Materi Inspektur", "mulai 09.15", "Terbuka Isi kehadiran"],
        ["Doa", UNKNOWN, "–"],
    ]


def test_speakers_stand_as_they_were_stated_then(ani):
    assert ani.page(SERANG).table("Narasumber") == [
        [
            "Nanang Saefudin",
            "Narasumber",
            "Sekretaris Daerah Kota Serang Pemerintah Kota Serang",
            UNKNOWN,
        ],
        [
            "Wachyu B. Kristiawan",
            "Narasumber",
            "Kepala Inspektorat Kota Serang Inspektorat Kota Serang",
            UNKNOWN,
        ],
    ]


def test_messages_carry_their_values_and_news_its_categories(ani):
    page = ani.page(SERANG)

    messages = section(page, "messages").one("ul", class_="work")
    assert len([one for one in messages.parts if getattr(one, "tag", "") == "li"]) == 17
    assert messages.all("ul", class_="tags")[-1].text == "Jujur Disiplin Keterbukaan Akuntabilitas"
    assert (
        section(page, "news")
        .one("li")
        .text.endswith("media belum diisi · tanggal belum diisi · Kota Serang, Pemerintahan")
    )
    assert [one.text for one in section(page, "facts").all("ul", class_="tags")] == [
        "Jujur Disiplin Tanggung jawab Keterbukaan Akuntabilitas",
        "Dorongan keluarga Flexing / gaya hidup mewah Korupsi waktu Pelanggaran pelayanan publik",
    ]


def test_the_rounds_of_the_programme_go_down_the_tiers(ani):
    rounds = section(ani.page(SERANG), "rounds").all("li")

    assert (len(rounds), rounds[-1].given["class"]) == (8, "now")
    followed = ani.page(f"/training-sessions/details/?id={CAMAT_SESSION}")
    assert (
        "Dilanjutkan oleh Bimtek Keluarga Berintegritas bagi lurah dan pasangan." in followed.text
    )


def test_what_is_added_belongs_to_this_session(ani):
    page = ani.page(SERANG)
    ways = [one.given["href"] for one in page.main.all("a") if "/new/" in one.given.get("href", "")]

    assert len(ways) >= 5
    assert all(way.endswith(f"?session={LURAH_SESSION}") for way in ways)
    assert ani.page("/session-speakers/new/?session=8").form()["session"] == "8"


def test_who_only_reads_is_offered_nothing_to_add(bayu, citra):
    for browser in (bayu, citra):
        links = browser.page(SERANG).main.all("a")
        assert [one for one in links if "/new/" in one.given.get("href", "")] == []


def test_another_city_has_no_such_session_and_an_administrator_reads_none(mira, eka, browse):
    assert mira.get(SERANG).status_code == 404
    assert eka.get(SERANG).status_code == 403
    assert browse("").get(SERANG).status_code == 303


@pytest.mark.parametrize("key", ["", "0", "-8", "8%20or%201", "9" * 40, "8'"])
def test_a_key_that_is_none_is_not_there(ani, key):
    assert ani.get(f"/training-sessions/details/?id={key}").status_code == 404


def test_what_was_typed_is_shown_as_text(ani, write):
    evil = "<script>alert(1)</script>\"'%(x)s{{7*7}}"
    with write() as session:
        held = TrainingSession(region_id=1, programme_id=1, date_precision="unknown", name=evil)
        held.date_source, held.theme = evil, evil
        session.add(held)
        session.flush()
        of = {"region_id": 1, "training_session_id": held.id}
        speaker = session.get(Speaker, 1)
        speaker.full_name = evil
        session.add_all(
            [
                KeyMessage(**of, kind="message", text=evil, note=evil),
                NewsSource(**of, title=evil, outlet=evil, tags=evil),
                AgendaItem(**of, number=9, title=evil),
            ]
        )
        key = held.id

    answer = ani.get(f"/training-sessions/details/?id={key}")

    assert (answer.status_code, "<script>alert" in answer.text) == (200, False)
    assert Page(answer.text).heading == evil


def test_the_page_asks_no_more_for_three_of_each_than_for_one(ani, write, statements):
    of = {"region_id": 1, "training_session_id": LURAH_SESSION}
    counted = []
    for numbers_of_new in ((1,), (2, 3)):
        with write() as session:
            for number in numbers_of_new:
                mark = f"contoh {number}"
                speaker = Speaker(region_id=1, full_name=mark)
                file = StoredFile(
                    region_id=1, key=mark, name=mark, media_type="x", size=1, sha256="0" * 64
                )
                session.add_all(
                    [
                        SessionSpeaker(**of, speaker=speaker, role="moderator"),
                        KeyMessage(**of, kind="message", text=mark, speaker=speaker),
                        SessionPaper(**of, kind="other", title=mark, file=file, speaker=speaker),
                        NewsSource(**of, title=mark),
                        AgendaItem(**of, number=number + 5, title=mark),
                        Participation(**of, official_id=number),
                    ]
                )
        ani.page(SERANG)
        with statements() as seen:
            page = ani.page(SERANG)
        counted.append((len(page.table("Dokumen")), len(seen)))

    assert counted == [(1, 79), (3, 79)]
