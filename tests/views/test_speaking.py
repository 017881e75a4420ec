"""The pages of speakers, their appearances, key messages and news."""

from datetime import date

import pytest
import sqlalchemy as sa

from models.speaking import KeyMessage, NewsSource, SessionSpeaker, Speaker, SpeakerAlias

LURAH_SESSION, CAMAT_SESSION, METRO_SESSION = 8, 7, 9
OFFERED = "Pilih salah satu catatan yang ditawarkan."


def test_speakers_are_those_of_the_region(ani, mira):
    assert ani.page("/speakers/").cells("Nama", "Organisasi") == [
        ("Nanang Saefudin", "Pemerintah Kota Serang (Pemkot Serang)"),
        ("Wachyu B. Kristiawan", "Inspektorat Kota Serang"),
    ]
    assert mira.page("/speakers/").names == ["Qilda Fatihah", "Wahdi"]


def test_a_speaker_is_found_by_another_spelling(ani, rows, deeds):
    answer = ani.send(
        "/speakers/new/",
        full_name="Contoh Pembicara",
        organisation="1",
        **{"aliases-0-name": "Tjontoh", "aliases-0-source": "Koran"},
    )

    key = int(answer.location.partition("=")[2])
    spelling = sa.select(SpeakerAlias.name, SpeakerAlias.source)
    assert rows(spelling.where(SpeakerAlias.speaker_id == key)) == [("Tjontoh", "Koran")]
    assert deeds() == ["speaker.create"]
    assert ani.page("/speakers/?search=tjontoh").names == ["Contoh Pembicara"]


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        ({"full_name": "Nanang Saefudin"}, ["Nama: Sudah ada narasumber dengan nama ini."]),
        ({"aliases-0-name": "A", "aliases-1-name": "A"}, ["Ejaan: Satu ejaan tertulis dua kali."]),
        ({"organisation": "4"}, [f"Organisasi: {OFFERED}"]),
        ({"official": "110"}, [f"Juga pejabat: {OFFERED}"]),
        (
            {"phone": "0812/0813"},
            ["Telepon: Nomor telepon hanya berisi angka. Awali dengan 08 atau +62."],
        ),
    ],
)
def test_a_speaker_that_cannot_be_is_refused_at_the_field(ani, rows, deeds, typed, problems):
    page = ani.sent("/speakers/new/", **{"full_name": "Baru", **typed})

    assert page.problems == problems
    assert (rows(sa.select(sa.func.count(Speaker.id))), deeds()) == ([(4,)], [])


def test_an_appearance_keeps_the_position_as_it_was_stated(ani, rows, deeds):
    answer = ani.send(
        "/session-speakers/new/",
        session=CAMAT_SESSION,
        speaker="1",
        role="opening",
        stated_position="Sekda",
    )

    key = int(answer.location.partition("=")[2])
    columns = (SessionSpeaker.region_id, SessionSpeaker.role, SessionSpeaker.stated_position)
    assert rows(sa.select(*columns).where(SessionSpeaker.id == key)) == [(1, "opening", "Sekda")]
    assert deeds() == ["session_speaker.create"]
    page = ani.page("/session-speakers/?search=sekda")
    assert ("Pembukaan", "Sekda") in page.cells("Peran", "Jabatan seperti disebut")


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        ({}, ["Narasumber: Narasumber ini sudah tercatat untuk sesi ini."]),
        (
            {"session": METRO_SESSION, "speaker": "3"},
            [f"Sesi: {OFFERED}", f"Narasumber: {OFFERED}"],
        ),
        ({"role": "king"}, ["Peran: Pilih satu."]),
    ],
)
def test_an_appearance_that_cannot_be_is_refused_at_the_field(ani, rows, deeds, typed, problems):
    page = ani.sent(
        "/session-speakers/new/",
        **{"session": LURAH_SESSION, "speaker": "1", "role": "speaker", **typed},
    )

    assert page.problems == problems
    assert (rows(sa.select(sa.func.count(SessionSpeaker.id))), deeds()) == ([(4,)], [])


def test_a_message_tells_its_kind_and_values(ani, rows, deeds):
    answer = ani.send(
        "/key-messages/new/",
        session=LURAH_SESSION,
        speaker="1",
        kind="paraphrase",
        text="Baris satu\r\nBaris dua",
        values=["1", "2"],
    )

    key = int(answer.location.partition("=")[2])
    assert rows(sa.select(KeyMessage.text).where(KeyMessage.id == key)) == [
        ("Baris satu\nBaris dua",)
    ]
    assert deeds() == ["key_message.create"]
    facts = ani.page(answer.location).facts
    assert (facts["Jenis"], facts["Nilai integritas"]) == ("Kutipan (parafrase)", "Jujur Peduli")


def test_a_message_without_words_is_refused(ani, deeds):
    page = ani.sent("/key-messages/new/", session=LURAH_SESSION, kind="message", text=" ")

    assert (page.problems, deeds()) == (["Pesan: Isian ini wajib diisi."], [])


def test_a_message_is_deleted_with_its_values(ani, rows, deeds):
    answer = ani.send(
        "/key-messages/new/", session=LURAH_SESSION, kind="message", text="Pesan", values=["1"]
    )
    key = answer.location.partition("=")[2]

    assert ani.post("/key-messages/delete/", {"id": key}).status_code == 303
    assert rows(sa.select(KeyMessage.id).where(KeyMessage.id == int(key))) == []
    assert deeds() == ["key_message.create", "key_message.delete"]


def test_a_page_of_news_is_recorded_once(ani, rows, deeds):
    typed = {"session": LURAH_SESSION, "title": "Berita contoh", "published_on": "19/11/2025"}

    ani.send("/news-sources/new/", **typed)
    page = ani.sent("/news-sources/new/", **typed)

    assert page.problems == ["Judul berita: Halaman berita ini sudah tercatat."]
    stored = sa.select(NewsSource.region_id, NewsSource.published_on)
    assert rows(stored.where(NewsSource.title == "Berita contoh")) == [(1, date(2025, 11, 19))]
    assert deeds() == ["news_source.create"]


def test_an_address_is_text_and_never_a_link_that_runs(ani):
    answer = ani.send(
        "/news-sources/new/",
        session=LURAH_SESSION,
        title="Berita contoh",
        address="javascript:alert(1)",
    )

    page = ani.page(answer.location)
    assert page.facts["Alamat"] == "javascript:alert(1)"
    assert [a for a in page.root.all("a") if "javascript" in a.given.get("href", "")] == []
