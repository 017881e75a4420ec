"""The page of a speaker: spellings, what was stated on each day, likely duplicates, two places."""

from datetime import date, time

import pytest

from models.files import StoredFile
from models.papers import SessionPaper
from models.people import Appointment
from models.speaker_invitations import SpeakerInvitation
from models.speaking import KeyMessage, SessionSpeaker, Speaker
from models.training import TrainingSession
from tests.views.browser import Page

NANANG, WACHYU, QILDA = (f"/speakers/details/?id={key}" for key in (1, 2, 3))
LURAH_SESSION, CAMAT_SESSION, METRO_SESSION = 8, 7, 9
SAME = "Narasumber yang mungkin orang yang sama"
BOOKED = "Tercatat dua kali pada satu hari."


@pytest.fixture
def spelt(write):
    """New speakers of Metro with these names; gives their keys."""

    def add(*names):
        keys = []
        for name in names:
            with write() as session:
                one = Speaker(region_id=2, full_name=name)
                session.add(one)
                session.flush()
                keys.append(one.id)
        return keys

    return add


@pytest.fixture
def second_session(write):
    """Another session on the day of the lurah's, at which Nanang speaks."""

    def add(**times):
        with write() as session:
            other = session.get(TrainingSession, CAMAT_SESSION)
            other.held_on, other.date_precision = date(2025, 11, 18), "day"
            held = session.get(TrainingSession, LURAH_SESSION)
            for one, hours in ((held, times.get("held")), (other, times.get("other"))):
                one.starts_at, one.ends_at = hours or (None, None)
            session.add(
                SessionSpeaker(
                    region_id=1, training_session_id=CAMAT_SESSION, speaker_id=1, role="opening"
                )
            )

    return add


def note_of(page, words):
    """The notice with these words, or nothing."""
    return next((note for note in page.said if words in note), None)


def test_spellings_stand_with_their_source(mira):
    panel = mira.page(QILDA).main.one("section", **{"aria-labelledby": "aliases"})

    assert [one.text for one in panel.all("li")] == [
        "Qilda Fathiya ditemukan di: media lain",
        "Qolda Fatihah ditemukan di: media lain",
    ]


def test_position_and_institution_are_those_of_each_day(mira):
    page = mira.page(QILDA)

    assert page.table("Sesi yang diisi") == [
        [
            "Bimtek Keluarga Berintegritas bersama KPK 2024",
            "Narasumber",
            "Analis Pemberantasan Tindak Pidana Korupsi",
            "Komisi Pemberantasan Korupsi",
            "belum diisi",
        ]
    ]
    assert page.main.one("p", class_="lede").text == (
        "Analis Pemberantasan Tindak Pidana Korupsi, Komisi Pemberantasan Korupsi"
    )


def test_the_roster_is_told_where_it_differs_from_what_was_stated(ani, write):
    nanang, wachyu = (ani.page(path).table("Sesi yang diisi")[0][2] for path in (NANANG, WACHYU))

    assert nanang == "Sekretaris Daerah Kota Serang"
    assert wachyu == "Kepala Inspektorat Kota Serang menurut daftar jabatan: Inspektur"


def test_a_post_of_another_day_is_not_told(ani, write):
    with write() as session:
        speaker = session.get(Speaker, 2)
        post = session.query(Appointment).filter_by(official_id=speaker.official_id).one()
        post.started_on = date(2025, 11, 19)

    assert ani.page(WACHYU).table("Sesi yang diisi")[0][2] == "Kepala Inspektorat Kota Serang"


def test_three_spellings_warn_of_each_other_and_ani_is_left_in_peace(mira, spelt):
    keys = spelt("Qolda Fatihah", "Qilda Fathiya", "Ani Contoh")
    pages = [mira.page(f"/speakers/details/?id={key}") for key in (3, *keys)]

    names = [{row[0].removesuffix(" halaman ini") for row in page.table(SAME)} for page in pages]
    three = {"Qilda Fatihah", "Qolda Fatihah", "Qilda Fathiya"}
    assert names == [three, three, three, set()]
    warned = [note_of(page, "orang yang sama") is not None for page in pages]
    assert warned == [True, True, True, False]


def test_the_compared_stand_side_by_side_with_their_links(mira, spelt):
    (key,) = spelt("Qolda Fatihah")

    page = mira.page(f"/speakers/details/?id={key}")

    assert page.table(SAME) == [
        ["Qolda Fatihah halaman ini", "–", "belum diisi", "–", "–"],
        [
            "Qilda Fatihah",
            "Qilda Fathiya, Qolda Fatihah",
            "Komisi Pemberantasan Korupsi (KPK)",
            "–",
            "Bimtek Keluarga Berintegritas bersama KPK 2024 · "
            "Analis Pemberantasan Tindak Pidana Korupsi",
        ],
    ]
    compared = page.main.one("section", **{"aria-labelledby": "compare"})
    assert QILDA in [one.given["href"] for one in compared.all("a")]


def test_a_new_speaker_who_is_alike_is_saved_and_warned_of(mira, deeds):
    answer = mira.send("/speakers/new/", full_name="Qolda Fatihah")

    assert (answer.status_code, deeds()) == (303, ["speaker.create"])
    note = note_of(mira.page(answer.location), "orang yang sama")
    assert "“Qolda Fatihah” ditulis mirip dengan “Qilda Fatihah”." in note
    key = answer.location.partition("=")[2]
    assert "ditulis mirip dengan" in mira.page(f"/speakers/edit/?id={key}").text


def test_speakers_of_another_city_are_never_compared(ani, mira):
    answer = ani.send("/speakers/new/", full_name="Qolda Fatihah")

    page = ani.page(answer.location)
    assert (page.table(SAME), "Qilda" in page.text) == ([], False)
    assert note_of(mira.page(QILDA), "orang yang sama") is None


@pytest.mark.parametrize(
    ("times", "words"),
    [
        ({}, "Waktu keduanya belum diketahui, jadi mungkin bertumpuk."),
        ({"held": (time(7), time(9))}, "Waktu “Bimtek Keluarga Berintegritas bagi Camat” belum"),
        ({"held": (time(7), time(9)), "other": (time(8), time(10))}, "Dua sesi bertumpuk pada"),
        ({"held": (time(7), time(9)), "other": (time(9), time(10))}, None),
    ],
)
def test_two_sessions_of_a_day_are_told_unless_they_are_apart(ani, second_session, times, words):
    second_session(**times)

    note = note_of(ani.page(NANANG), BOOKED)

    assert (note is None) == (words is None)
    assert words is None or words in note
    assert note_of(ani.page(WACHYU), BOOKED) is None


def test_an_appearance_that_clashes_is_saved_with_the_doubt(ani, second_session):
    second_session()

    answer = ani.send("/session-speakers/new/", session=CAMAT_SESSION, speaker="2", role="speaker")

    assert answer.status_code == 303
    note = note_of(ani.page(answer.location), "Dua sesi pada Selasa, 18 November 2025")
    assert "bagi Camat" in note
    assert "bagi lurah dan pasangan" in note


def test_messages_and_materials_of_the_speaker(ani, write):
    with write() as session:
        file = StoredFile(
            region_id=1, key="k", name="paparan.pdf", media_type="x", size=2048, sha256="ab" * 32
        )
        of = {"region_id": 1, "training_session_id": LURAH_SESSION, "file": file}
        session.add(SessionPaper(**of, kind="materials", title="Paparan", speaker_id=1))

    page = ani.page(NANANG)

    assert page.table("Materi") == [
        [
            "Paparan",
            "Materi",
            "Bimtek Keluarga Berintegritas bagi lurah dan pasangan",
            "paparan.pdf 2 kB · abababab",
        ]
    ]
    said = page.main.one("section", **{"aria-labelledby": "messages"})
    assert len(said.all("p", class_="said")) == 10
    assert ani.page(WACHYU).table("Materi") == []


def test_what_is_added_is_of_this_speaker(ani, citra):
    def ways(browser):
        links = [one.given.get("href", "") for one in browser.page(NANANG).main.all("a")]
        return [link for link in links if "/new/" in link]

    assert len(ways(ani)) == 4
    assert all(way.endswith("?speaker=1") for way in ways(ani))
    assert ways(citra) == []


def test_another_city_has_no_such_speaker_and_an_administrator_reads_none(ani, mira, eka):
    assert (mira.get(NANANG).status_code, ani.get(QILDA).status_code) == (404, 404)
    assert eka.get(NANANG).status_code == 403


def test_a_hidden_number_stays_hidden_until_it_is_asked_for(ani, write):
    with write() as session:
        session.get(Speaker, 1).phone = "+6281200009999"

    text = ani.get(NANANG).text
    asked = {"id": "1", "column": "phone", "reason": "Undangan"}
    told = Page(ani.post("/speakers/unmask/", asked).text)

    assert ("81200009999" in text, "•••• 999" in text) == (False, True)
    assert told.main.one("dl").text.endswith("0812-0000-9999")
    assert told.main.all("a", href="https://wa.me/6281200009999")


def test_what_was_typed_is_shown_as_text(mira, spelt, write):
    evil = "<script>alert(1)</script> Qilda Fatihah %(x)s"
    (key,) = spelt(evil)

    for path in (QILDA, f"/speakers/details/?id={key}"):
        answer = mira.get(path)
        assert (answer.status_code, "<script>alert" in answer.text) == (200, False)
    assert Page(answer.text).heading == evil


def test_the_page_asks_no_more_for_three_of_each_than_for_one(mira, write, statements):
    of = {"region_id": 2, "training_session_id": METRO_SESSION}
    counted = []
    for numbers in ((1,), (2, 3)):
        with write() as session:
            for number in numbers:
                mark = f"Qilda Fatihah {number}"
                file = StoredFile(
                    region_id=2, key=mark, name=mark, media_type="x", size=1, sha256="0" * 64
                )
                held = TrainingSession(region_id=2, programme_id=2, name=mark)
                held.date_precision = "unknown"
                session.add_all(
                    [
                        Speaker(region_id=2, full_name=mark, official_id=109 + number),
                        SessionSpeaker(region_id=2, session=held, speaker_id=3, role="speaker"),
                        KeyMessage(**of, kind="message", text=mark, speaker_id=3),
                        SessionPaper(**of, kind="other", title=mark, file=file, speaker_id=3),
                        SpeakerInvitation(region_id=2, session=held, speaker_id=3, role="speaker"),
                    ]
                )
        mira.page(QILDA)
        with statements() as seen:
            page = mira.page(QILDA)
        rows = [len(page.table(title)) for title in (SAME, "Materi", "Undangan")]
        counted.append((*rows, len(seen)))

    assert counted == [(2, 1, 1, 25), (4, 3, 3, 25)]
