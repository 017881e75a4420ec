"""Pasting a news page: preview, lines put back, proposals taken over one by one, nothing twice."""

from datetime import date

import pytest
import sqlalchemy as sa

from models.people import Official
from models.programme import Venue
from models.speaking import NewsSource, SessionSpeaker, Speaker, SpeakerAlias
from models.training import (
    SessionOrganisation,
    SessionTier,
    TrainingSession,
    session_risk,
    session_value,
)
from tests.views.browser import Page, filled_in

PASTE = "/news-sources/paste/"
METRO_SESSION = 9
LURAH, CAMAT, HONESTY, TIME_CORRUPTION, GOVERNMENT = 9, 8, 1, 3, 2
TITLE = "Pemkot Contoh Latih Keluarga Aparatur Kelurahan"
FIRST = (
    "Pemerintah Kota Serang melatih keluarga aparatur di Balai Raya Contoh, Rabu (7/5/2025). "
    "Pelatihan ini menyasar seluruh kepala kelurahan beserta pasangan mereka."
)
SECOND = (
    "Asisten Bidang Umum, Suta Rekaan, menjelaskan bahwa kejujuran dimulai dari rumah dan "
    "korupsi waktu dicegah bersama."
)
THIRD = "Penyuluh Kecamatan Curug, Dadap Purwarupa, menyampaikan hal yang sama kepada para peserta."
FOURTH = "“Mari mulai dari hal kecil di rumah kita masing-masing,” kata Waru Tanpanama."
TEXT = "\r\n".join(
    [
        "Kota SerangPemerintahan",
        TITLE,
        f"KOTA SERANG – {FIRST}",
        "BACA JUGA:Jalan Baru Dibuka untuk Umum",
        SECOND,
        THIRD,
        f"{FOURTH} ***",
        "Related Posts",
        "Leave A Reply",
    ]
)
BODY = "\n".join([FIRST, SECOND, THIRD, FOURTH])


@pytest.fixture
def training(write):
    """A session of which nothing is known, and the people and the hall of the text."""
    with write() as session:
        official = Official(region_id=1, full_name="Dadap Purwarupa", employment_type="asn_pns")
        speaker = Speaker(
            region_id=1, full_name="Suta R. Rekaan", aliases=[SpeakerAlias(name="Suta Rekaan")]
        )
        held = TrainingSession(
            region_id=1, programme_id=1, name="Sesi contoh", date_precision="unknown"
        )
        hall = Venue(region_id=1, name="Balai Raya Contoh", kind="hall")
        session.add_all([official, speaker, held, hall])
        session.flush()
        return held.id


def preview(browser, status=200, **typed):
    """The preview of the text, or what `typed` says instead."""
    answer = browser.post(PASTE, {"pasted": TEXT, **typed})
    assert answer.status_code == status, answer.status_code
    return Page(answer.text)


def sent_of(page):
    """What a browser sends of the preview."""
    return filled_in(page.main.one("form", class_="paste"))


def offered(page):
    """Keys of the proposals that can be ticked, by their words."""
    boxes = page.main.all("input", name="accept")
    labels = {label.given["for"]: label.text for label in page.main.all("label", class_="tick")}
    return {labels[box.given["id"]]: box.given["value"] for box in boxes}


def save(browser, page, *ticked, **typed):
    """Send the preview with these words ticked."""
    keys = [offered(page)[words] for words in ticked]
    return browser.post(PASTE, {**sent_of(page), "accept": keys, "act": "save", **typed})


def test_the_list_of_news_leads_to_the_box(ani, citra):
    assert PASTE in [a.given["href"] for a in ani.page("/news-sources/").main.all("a")]
    assert PASTE not in [a.given["href"] for a in citra.page("/news-sources/").main.all("a")]
    assert ani.page(PASTE).heading == "Tempel berita"


def test_the_box_knows_the_session_it_was_opened_from(ani, training):
    page = ani.page(f"{PASTE}?session={training}")

    options = page.main.one("select", name="session").all("option")
    chosen = [o.given["value"] for o in options if "selected" in o.given]
    assert chosen == [str(training)]


def test_a_preview_shows_what_would_be_saved_and_saves_nothing(ani, training, rows, deeds):
    page = preview(ani, session=str(training), address="https://www.koran.example/2025/05/08/x")

    sent = sent_of(page)
    assert {name: sent[name] for name in ("title", "outlet", "published_on", "tags", "text")} == {
        "title": TITLE,
        "outlet": "koran.example",
        "published_on": "2025-05-08",
        "tags": "Kota Serang, Pemerintahan",
        "text": BODY,
    }
    left_out = [row.one("th").text for row in page.main.all("table")[0].one("tbody").all("tr")]
    assert left_out == [
        "KOTA SERANG –",
        "Kota SerangPemerintahan",
        "BACA JUGA:Jalan Baru Dibuka untuk Umum",
        "Related Posts",
        "Leave A Reply",
        "***",
    ]
    assert list(offered(page)) == [
        "Rabu, 7 Mei 2025",
        "Balai Raya Contoh",
        "Lurah",
        "Ya",
        "Pemerintah Kota Serang",
        "Suta R. Rekaan",
        "Dadap Purwarupa",
        "Jujur",
        "Korupsi waktu",
    ]
    assert sent.get("accept", []) == []
    assert [mark.text for mark in page.main.all("mark")][:3] == [
        "Rabu (7/5/2025)",
        "Balai Raya Contoh",
        "seluruh kepala kelurahan",
    ]
    assert "Waru Tanpanama tidak dikenal" in page.text
    assert (rows(sa.select(NewsSource.id).where(NewsSource.title == TITLE)), deeds()) == ([], [])


def test_with_nothing_ticked_the_news_page_alone_is_saved(ani, training, rows, deeds):
    before = rows(sa.select(TrainingSession.version).where(TrainingSession.id == training))

    answer = save(ani, preview(ani, session=str(training)))

    page = ani.page(answer.location)
    assert rows(
        sa.select(NewsSource.training_session_id, NewsSource.text, NewsSource.tags).where(
            NewsSource.title == TITLE
        )
    ) == [(training, BODY, "Kota Serang, Pemerintahan")]
    assert rows(sa.select(TrainingSession.version).where(TrainingSession.id == training)) == before
    assert deeds() == ["news_source.create"]
    assert [p.text for p in page.main.one("div", class_="stack").all("p")] == BODY.split("\n")
    assert ani.page("/news-sources/?search=kejujuran").names == [TITLE]


#: Each kind of proposal: its words, where it lands, what is read there.
KINDS = {
    "Rabu, 7 Mei 2025": (
        lambda key: sa.select(
            TrainingSession.held_on, TrainingSession.date_precision, TrainingSession.date_source
        ).where(TrainingSession.id == key),
        (date(2025, 5, 7), "day", f"{TITLE}: “Rabu (7/5/2025)”"),
    ),
    "Balai Raya Contoh": (
        lambda key: (
            sa.select(Venue.name)
            .join(TrainingSession, TrainingSession.venue_id == Venue.id)
            .where(TrainingSession.id == key)
        ),
        ("Balai Raya Contoh",),
    ),
    "Lurah": (
        lambda key: sa.select(SessionTier.tier_id).where(SessionTier.training_session_id == key),
        (LURAH,),
    ),
    "Ya": (
        lambda key: sa.select(TrainingSession.includes_spouses).where(TrainingSession.id == key),
        ("yes",),
    ),
    "Pemerintah Kota Serang": (
        lambda key: sa.select(SessionOrganisation.organisation_id, SessionOrganisation.role).where(
            SessionOrganisation.training_session_id == key
        ),
        (GOVERNMENT, "organiser"),
    ),
    "Suta R. Rekaan": (
        lambda key: (
            sa.select(Speaker.full_name, SessionSpeaker.stated_position, SessionSpeaker.role)
            .join(SessionSpeaker, SessionSpeaker.speaker_id == Speaker.id)
            .where(SessionSpeaker.training_session_id == key, Speaker.official_id.is_(None))
        ),
        ("Suta R. Rekaan", "Asisten Bidang Umum", "speaker"),
    ),
    "Dadap Purwarupa": (
        lambda key: (
            sa.select(Official.full_name, SessionSpeaker.stated_position)
            .join(Speaker, Speaker.official_id == Official.id)
            .join(SessionSpeaker, SessionSpeaker.speaker_id == Speaker.id)
            .where(SessionSpeaker.training_session_id == key)
        ),
        ("Dadap Purwarupa", "Penyuluh Kecamatan Curug"),
    ),
    "Jujur": (
        lambda key: sa.select(session_value.c.integrity_value_id).where(
            session_value.c.training_session_id == key
        ),
        (HONESTY,),
    ),
    "Korupsi waktu": (
        lambda key: sa.select(session_risk.c.risk_tag_id).where(
            session_risk.c.training_session_id == key
        ),
        (TIME_CORRUPTION,),
    ),
}


@pytest.mark.parametrize("words", KINDS)
def test_each_kind_of_proposal_is_taken_over_by_itself(ani, training, rows, deeds, words):
    answer = save(ani, preview(ani, session=str(training)), words)

    assert answer.status_code == 303
    found = {other: rows(statement(training)) for other, (statement, _) in KINDS.items()}
    assert found[words] == [KINDS[words][1]]
    assert [other for other, values in found.items() if values not in UNTOUCHED] == [words]
    assert deeds() == ["news_source.create"]


UNTOUCHED = ([], [(None, "unknown", None)], [("unknown",)])


def test_everything_at_once_is_one_deed_and_then_recorded_already(ani, training, deeds):
    page = preview(ani, session=str(training))
    answer = save(ani, page, *offered(page))

    assert answer.status_code == 303
    assert deeds() == ["news_source.create"]
    again = preview(ani, session=str(training))
    assert offered(again) == {}
    assert "sudah tercatat" in again.text


def test_the_role_of_a_body_and_of_a_speaker_is_chosen_beside_it(ani, training, rows):
    page = preview(ani, session=str(training))
    body, person = (offered(page)[words] for words in ("Pemerintah Kota Serang", "Suta R. Rekaan"))

    save(
        ani,
        page,
        "Pemerintah Kota Serang",
        "Suta R. Rekaan",
        **{f"role-{body}": "partner", f"role-{person}": "moderator"},
    )

    roles = [
        rows(sa.select(kind.role).where(kind.training_session_id == training))
        for kind in (SessionOrganisation, SessionSpeaker)
    ]
    assert roles == [[("partner",)], [("moderator",)]]


def test_what_was_typed_in_the_preview_is_what_is_saved(ani, training, rows):
    page = preview(ani, session=str(training))

    save(ani, page, title="Judul lain", outlet="Koran", tags="", text=f"{FIRST}\r\nTambahan.")

    news = sa.select(NewsSource.title, NewsSource.outlet, NewsSource.tags, NewsSource.text)
    assert rows(news.where(NewsSource.title == "Judul lain")) == [
        ("Judul lain", "Koran", None, f"{FIRST}\nTambahan.")
    ]


def test_a_dropped_line_is_put_back_where_it_stood_and_stays(ani, training):
    sent = sent_of(preview(ani, session=str(training)))
    back = Page(ani.post(PASTE, {**sent, "act": "back:dateline"}).text)
    looked = Page(ani.post(PASTE, {**sent_of(back), "act": "look"}).text)

    for page in (back, looked):
        assert sent_of(page)["text"] == f"KOTA SERANG – {BODY}"
        assert "KOTA SERANG –" not in [th.text for th in page.main.all("table")[0].all("th")]


def test_without_a_session_those_that_fit_are_offered_and_nothing_can_be_ticked(ani, training):
    page = preview(ani, pasted=TEXT.replace("(7/5/2025)", "(18/11/2025)"))

    uses = [b.given.get("value", "") for b in page.main.all("button")]
    assert next(use for use in uses if use.startswith("use:")) == "use:8"
    assert offered(page) == {}
    chosen = Page(ani.post(PASTE, {**sent_of(page), "act": "use:8"}).text)
    assert sent_of(chosen)["session"] == "8"
    refused = ani.post(PASTE, {**sent_of(page), "act": "save"})
    assert refused.status_code == 422
    assert Page(refused.text).errors["session"] == ["Pilih satu."]


def test_what_differs_stands_beside_what_is_recorded(ani, training, write):
    with write() as session:
        one = session.get(TrainingSession, training)
        one.held_on, one.date_precision = date(2024, 1, 1), "year"
    page = preview(ani, session=str(training))

    row = next(tr for tr in page.main.all("tr") if "Rabu, 7 Mei 2025" in tr.text)
    assert "berbeda dari catatan" in row.text
    assert row.all("td")[1].text == "2024"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"pasted": " "}, "Isian ini wajib diisi."),
        ({"pasted": "x" * 1_000_000}, "Teks terlalu panjang. Paling banyak 20.000 huruf."),
        ({"pasted": "a\u202eb"}, "Ada tanda tersembunyi dalam teks ini. Ketik ulang."),
        (
            {"pasted": "Related Posts\nLeave A Reply"},
            "Ini hanya yang berada di sekitar berita, tanpa beritanya.",
        ),
    ],
)
def test_a_paste_that_is_no_article_is_refused_at_the_field(ani, deeds, typed, problem):
    page = preview(ani, 422, **typed)

    assert (page.errors["pasted"], deeds()) == ([problem], [])


def test_a_headline_that_is_recorded_is_refused_at_the_field(ani, training, rows, deeds):
    save(ani, preview(ani, session=str(training)))

    answer = save(ani, preview(ani, session=str(training)), "Lurah")

    page = Page(answer.text)
    assert (answer.status_code, page.errors["title"]) == (
        422,
        ["Halaman berita ini sudah tercatat."],
    )
    assert sent_of(page)["accept"] == [offered(page)["Lurah"]]
    assert rows(KINDS["Lurah"][0](training)) == []
    assert deeds() == ["news_source.create"]


def test_a_form_sent_twice_is_one_record(ani, training, rows, deeds):
    page = preview(ani, session=str(training))

    answers = [save(ani, page, "Lurah") for _ in range(2)]

    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert rows(sa.select(sa.func.count()).where(NewsSource.title == TITLE)) == [(1,)]
    assert deeds() == ["news_source.create"]


def test_a_session_changed_meanwhile_is_not_written_over(ani, training, rows, deeds, write):
    page = preview(ani, session=str(training))
    with write() as session:
        session.get(TrainingSession, training).theme = "Tema lain"

    answer = save(ani, page, "Lurah")

    again = Page(answer.text)
    assert answer.status_code == 409
    assert "Sesi ini sudah berubah" in again.text
    assert sent_of(again).get("accept", []) == []
    assert rows(KINDS["Lurah"][0](training)) == []
    assert rows(sa.select(NewsSource.id).where(NewsSource.title == TITLE)) == []
    assert deeds() == ["test.fill", "news_source.create.refused"]
    assert save(ani, again, "Lurah").status_code == 303


def test_a_tick_that_the_text_does_not_give_is_refused(ani, training, rows, deeds):
    page = preview(ani, session=str(training))

    sent = {**sent_of(page), "accept": ["0123456789abcdef"], "act": "save"}
    assert ani.post(PASTE, sent).status_code == 409
    edited = {**sent_of(page), "accept": [offered(page)["Jujur"]], "act": "save", "text": FIRST}
    assert ani.post(PASTE, edited).status_code == 409
    assert rows(sa.select(NewsSource.id).where(NewsSource.title == TITLE)) == []
    assert deeds() == ["news_source.create.refused"] * 2


def test_of_two_dates_one_is_ticked(ani, training, deeds):
    text = TEXT.replace("kecil", "kecil pada Maret 2024")
    page = preview(ani, session=str(training), pasted=text)

    answer = save(ani, page, "Rabu, 7 Mei 2025", "Maret 2024")

    assert answer.status_code == 422
    assert Page(answer.text).problems == ["Dua tanggal dicentang. Centang yang benar saja."]
    assert deeds() == []


def test_who_may_not_add_news_may_not_paste(browse, training, deeds):
    for name in ("bayu", "citra", "eka"):
        browser = browse(name)
        assert browser.get(PASTE).status_code == 403
        assert browser.post(PASTE, {"pasted": TEXT}).status_code == 403
    assert set(deeds()) == {"news_source.create.refused"}
    assert browse("").get(PASTE).status_code == 303


@pytest.mark.parametrize("key", [str(METRO_SESSION), "0", "-1", "abc", "9" * 18])
def test_a_session_out_of_scope_is_not_there(ani, deeds, key):
    sent = sent_of(preview(ani))
    for answer in (
        ani.get(f"{PASTE}?session={key}"),
        ani.post(PASTE, {"pasted": TEXT, "session": key}),
        ani.post(PASTE, {**sent, "act": f"use:{key}"}),
        ani.post(PASTE, {**sent, "session": key, "act": "save"}),
    ):
        assert answer.status_code == 404
    assert deeds() == []


def test_nothing_of_another_city_is_named(mira, training):
    page = preview(mira)

    assert "Suta R. Rekaan" not in page.text.replace(TEXT, "")
    assert "Suta Rekaan tidak dikenal" in page.text


def test_a_form_without_token_is_refused(ani, training, rows):
    sent = sent_of(preview(ani, session=str(training)))

    forged = ani.client.post(PASTE, data={**sent, "csrf_token": "", "act": "save"})
    once = ani.post(PASTE, {**sent, "once": "", "act": "save"})

    assert (forged.status_code, once.status_code) == (400, 422)
    assert rows(sa.select(NewsSource.id).where(NewsSource.title == TITLE)) == []


def test_markup_in_a_paste_is_text(ani, training):
    evil = "<script>alert(1)</script></textarea><img src=x onerror=alert(1)>"
    text = TEXT.replace("rumah dan", f"rumah {evil} dan").replace(TITLE, f"{TITLE} {evil}")

    page = preview(ani, session=str(training), pasted=text)
    saved = ani.page(save(ani, page).location)

    for one in (page, saved):
        assert [s for s in one.main.all("script") if not s.given.get("src")] == []
        assert one.main.all("img") == []
        assert evil in one.text or evil in sent_of(one)["text"]


@pytest.mark.parametrize("people", [0, 20])
def test_a_preview_asks_a_known_number_of_questions(ani, training, write, statements, people):
    with write() as session:
        for number in range(people):
            session.add(Speaker(region_id=1, full_name=f"Contoh Nomor{number}"))
            session.add(Venue(region_id=1, name=f"Aula {number}", kind="hall"))
    preview(ani, session=str(training))

    with statements() as asked:
        preview(ani, session=str(training))

    assert len(asked) == 27


def test_a_news_page_without_text_says_so(ani):
    assert "Teksnya tidak disimpan di sini." in ani.page("/news-sources/details/?id=1").text
