"""The pages of programmes, organisations, venues and training sessions."""

from datetime import date, time

import pytest
import sqlalchemy as sa

from models.programme import Organisation, Programme, Venue
from models.training import AgendaItem, SessionOrganisation, SessionTier, TrainingSession
from tests.views.browser import Page

LURAH_SESSION, CAMAT_SESSION = 8, 7
NEW = {"programme": "1", "name": "Sesi contoh"}


def stored(rows, key, *columns):
    """Columns of one session."""
    return rows(sa.select(*columns).where(TrainingSession.id == key))[0]


def test_dates_are_told_as_far_as_they_are_known(ani, mira):
    dates = dict(ani.page("/training-sessions/").cells("Nama", "Tanggal"))

    assert (
        dates["Bimtek Keluarga Berintegritas bagi lurah dan pasangan"] == "Selasa, 18 November 2025"
    )
    assert dates["Bimtek Keluarga Berintegritas bagi Camat"] == "tanggal belum diketahui"
    assert mira.page("/training-sessions/").cells("Tanggal") == [("2024",)]


def test_the_list_tells_audience_spouses_and_venue(ani, mira):
    titles = ("Ditujukan untuk", "Bersama pasangan", "Tempat")

    assert ani.page("/training-sessions/").cells(*titles)[0] == (
        "Lurah",
        "Ya",
        "Aston Serang Hotel and Convention Center",
    )
    assert mira.page("/training-sessions/").cells("Ditujukan untuk", "Bersama pasangan") == [
        (
            "Sekretaris Daerah, Asisten Sekretaris Daerah, Kepala OPD, Kepala Bagian, Camat, "
            "antara lain",
            "Belum diketahui",
        )
    ]


@pytest.mark.parametrize(
    ("text", "count"), [("lurah", 1), ("aston", 1), ("Perkuat Aparatur", 1), ("bimtek", 8)]
)
def test_a_session_is_found_by_name_venue_and_news(ani, text, count):
    page = Page(ani.get("/training-sessions/", query_string={"search": text}).text)

    assert len(page.rows) == count


def test_a_session_is_made_with_tiers_organisers_and_agenda(ani, rows, deeds):
    answer = ani.send(
        "/training-sessions/new/",
        **NEW,
        held="Selasa, 18 November 2025",
        starts_at="7.30",
        ends_at="pukul 12 WIB",
        venue="1",
        includes_spouses="yes",
        stated_headcount="66",
        **{
            "tiers-0-tier": "9",
            "tiers-1-tier": "8",
            "organisers-0-organisation": "1",
            "organisers-0-role": "partner",
            "agenda-0-number": "1",
            "agenda-0-title": "Pembukaan",
            "agenda-0-starts_at": "0730",
            "agenda-0-takes_attendance": "y",
        },
    )

    key = int(answer.location.partition("=")[2])
    columns = (
        TrainingSession.region_id,
        TrainingSession.held_on,
        TrainingSession.date_precision,
        TrainingSession.starts_at,
        TrainingSession.ends_at,
        TrainingSession.stated_headcount,
    )
    assert stored(rows, key, *columns) == (1, date(2025, 11, 18), "day", time(7, 30), time(12), 66)
    tiers = sa.select(SessionTier.tier_id).where(SessionTier.training_session_id == key)
    assert sorted(rows(tiers)) == [(8,), (9,)]
    organiser = (SessionOrganisation.organisation_id, SessionOrganisation.role)
    held_by = sa.select(*organiser).where(SessionOrganisation.training_session_id == key)
    assert rows(held_by) == [(1, "partner")]
    part = (AgendaItem.region_id, AgendaItem.starts_at, AgendaItem.takes_attendance)
    assert rows(sa.select(*part).where(AgendaItem.training_session_id == key)) == [
        (1, time(7, 30), True)
    ]
    assert deeds() == ["training_session.create"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2024", (date(2024, 1, 1), "year")),
        ("Maret 2024", (date(2024, 3, 1), "month")),
        ("3/2024", (date(2024, 3, 1), "month")),
        ("18/11/2025", (date(2025, 11, 18), "day")),
        ("", (None, "unknown")),
    ],
)
def test_a_date_is_kept_as_exactly_as_it_is_known_and_shown_so_again(ani, rows, typed, kept):
    answer = ani.send("/training-sessions/new/", **NEW, held=typed)

    key = int(answer.location.partition("=")[2])
    columns = (TrainingSession.held_on, TrainingSession.date_precision)
    assert stored(rows, key, *columns) == kept
    again = ani.send(f"/training-sessions/edit/?id={key}", note="Catatan")
    assert (again.status_code, stored(rows, key, *columns)) == (303, kept)


REFUSED = [
    (
        {"name": "Bimtek Keluarga Berintegritas bagi Camat"},
        ["Nama: Sudah ada sesi dengan nama ini."],
    ),
    ({"programme": ""}, ["Program: Pilih satu."]),
    ({"programme": "2"}, ["Program: Pilih salah satu catatan yang ditawarkan."]),
    (
        {"held": "31/2/2024"},
        ["Tanggal: Tanggal ini tidak ada dalam kalender. Periksa hari dan bulannya."],
    ),
    (
        {"held": "kemarin"},
        ["Tanggal: Ini bukan tanggal. Tulis seperti 18/11/2025, November 2025, atau 2025."],
    ),
    ({"starts_at": "7.30", "ends_at": "7.29"}, ["Selesai: Akhirnya tidak boleh sebelum awalnya."]),
    ({"starts_at": "25.00"}, ["Mulai: Ini bukan waktu. Tulis seperti 07.30."]),
    (
        {"stated_headcount": "-1"},
        ["Peserta seperti disebut: Ketik angka bulat dari 0 sampai 999.999.999."],
    ),
    (
        {
            "agenda-0-number": "1",
            "agenda-0-title": "A",
            "agenda-1-number": "1",
            "agenda-1-title": "B",
        },
        ["Acara: Dua acara bernomor sama."],
    ),
    ({"agenda-0-number": "1", "agenda-0-title": ""}, ["Judul: Isian ini wajib diisi."]),
    (
        {
            "organisers-0-organisation": "1",
            "organisers-0-role": "partner",
            "organisers-1-organisation": "1",
            "organisers-1-role": "partner",
        },
        ["Organisasi: Satu organisasi disebut dua kali untuk peran yang sama."],
    ),
    ({"tiers-0-tier": "9", "tiers-1-tier": "9"}, ["Jenjang: Satu jenjang disebut dua kali."]),
]


@pytest.mark.parametrize(("typed", "problems"), REFUSED)
def test_a_session_that_cannot_be_is_refused_at_the_field(ani, rows, deeds, typed, problems):
    page = ani.sent("/training-sessions/new/", **{**NEW, **typed})

    assert page.problems == problems
    assert (rows(sa.select(sa.func.count(TrainingSession.id))), deeds()) == ([(9,)], [])


def test_a_session_does_not_come_before_itself(ani):
    page = ani.sent(f"/training-sessions/edit/?id={CAMAT_SESSION}", previous=CAMAT_SESSION)

    assert page.problems == ["Sesi sebelumnya: Sesi tidak dapat mendahului dirinya sendiri."]


def test_a_session_that_is_referred_to_or_decided_on_is_kept(ani, rows, deeds):
    made = ani.send("/training-sessions/new/", **NEW)
    key = made.location.partition("=")[2]
    ani.send("/news-sources/new/", session=key, title="Berita contoh")
    said = []
    for id in (key, LURAH_SESSION):
        answer = ani.post("/training-sessions/delete/", {"id": id})
        assert answer.status_code == 409
        said += Page(answer.text).said

    assert any("1 Berita" in one for one in said)
    assert said[-1] == "Yang sudah diputuskan tetap ada dan tidak dapat dihapus."
    assert rows(sa.select(sa.func.count(TrainingSession.id))) == [(10,)]
    assert deeds()[-2:] == ["training_session.delete.refused"] * 2


def test_a_session_alone_is_deleted_with_its_tiers(ani, rows, deeds):
    made = ani.send("/training-sessions/new/", **NEW, **{"tiers-0-tier": "9"})
    key = int(made.location.partition("=")[2])

    answer = ani.post("/training-sessions/delete/", {"id": key})

    left = sa.select(sa.func.count(SessionTier.id)).where(SessionTier.training_session_id == key)
    assert (answer.status_code, rows(left)) == (303, [(0,)])
    assert deeds() == ["training_session.create", "training_session.delete"]


def test_a_programme_tells_what_it_wants_and_its_sessions(ani):
    page = ani.page("/programmes/details/?id=1")

    facts = {name: page.facts[name] for name in ("Kategori", "Jenjang sasaran", "Dijalankan oleh")}
    assert facts == {
        "Kategori": "Pencegahan",
        "Jenjang sasaran": "Lurah",
        "Dijalankan oleh": "Inspektorat",
    }
    rounds = page.main.one("ol", class_="dates").all("li")
    assert [line.one("a").text.rpartition(" bagi ")[2] for line in rounds] == [
        "Wali Kota",
        "Wakil Wali Kota",
        "Sekretaris Daerah",
        "Asisten Sekretaris Daerah",
        "Staf Ahli Wali Kota",
        "Kepala OPD",
        "Camat",
        "lurah dan pasangan",
    ]
    assert rounds[-1].one("span", class_="day").text == "Sel18Nov"


def test_a_programme_name_is_taken_once_in_a_region(ani, mira, rows):
    typed = {"name": "Bimtek Keluarga Berintegritas", "category": "education"}

    assert ani.sent("/programmes/new/", **typed).problems == [
        "Nama: Sudah ada program dengan nama ini."
    ]
    assert ani.send("/programmes/new/", **{**typed, "name": "Lain"}).status_code == 303
    assert mira.send("/programmes/new/", **{**typed, "name": "Lain"}).status_code == 303
    made = sa.select(Programme.region_id).where(Programme.name == "Lain")
    assert sorted(rows(made)) == [(1,), (2,)]


def test_organisations_of_the_region_and_of_nobody_are_read(ani, mira):
    assert ani.page("/organisations/").cells("Nama", "Singkatan", "Jenis") == [
        ("Inspektorat Kota Serang", "belum diisi", "OPD"),
        ("Komisi Pemberantasan Korupsi", "KPK", "Lembaga nasional"),
        ("Pemerintah Kota Serang", "Pemkot Serang", "Pemerintah daerah"),
    ]
    assert "Komisi Pemberantasan Korupsi" in mira.page("/organisations/").names


def test_a_new_organisation_belongs_to_the_clerk_s_region(ani, rows, deeds):
    answer = ani.send("/organisations/new/", name="Radio Contoh", kind="media")

    key = int(answer.location.partition("=")[2])
    assert rows(sa.select(Organisation.region_id).where(Organisation.id == key)) == [(1,)]
    assert deeds() == ["organisation.create"]


def test_a_venue_is_made_once(ani, rows):
    typed = {"name": "Balai Contoh", "kind": "hall"}

    assert ani.send("/venues/new/", **typed).status_code == 303
    assert ani.sent("/venues/new/", **typed).problems == ["Nama: Sudah ada tempat dengan nama ini."]
    assert rows(sa.select(Venue.region_id).where(Venue.name == "Balai Contoh")) == [(1,)]
