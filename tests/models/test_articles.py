"""Pasted news pages: furniture goes and is told, text stays, proposals rest on their words."""

from datetime import date

import pytest

from models.articles import (
    Article,
    Known,
    Named,
    Person,
    Present,
    propose,
    put_back,
    read_article,
)
from models.articles.days import dates_in
from models.articles.sentences import sentences_of
from panel.dates import PartialDate
from panel.typed import Wrong

ONE = (
    "Pemerintah Kota (Pemkot) Contoh mengadakan pelatihan keluarga jujur di Balai Raya Contoh, "
    "Rabu (7/5/2025). Pelatihan ini menyasar seluruh kepala kelurahan beserta pasangan mereka."
)
TWO = (
    "Sekretaris Daerah (Sekda) Kota Contoh, Suta Rekaan, menjelaskan bahwa pelatihan serupa "
    "sebelumnya diberikan kepada para asisten, pimpinan OPD, hingga camat."
)
THREE = "“Kejujuran dimulai dari rumah. Korupsi waktu pun kita cegah,” ucap Suta."
FOUR = (
    "Sementara itu, Kepala Inspektorat Kota Contoh, Naya B. Umpama, menyatakan bahwa pelatihan "
    "berlanjut dengan kedisiplinan di rumah dan di kantor."
)
TITLE = "Pemkot Contoh Latih Keluarga Aparatur Kelurahan"
FURNITURE = (
    "Related Posts",
    "Leave A Reply",
    "Alamat email Anda tidak akan dipublikasikan. Ruas yang wajib ditandai *",
)
PAGE = "\n\n".join(
    [
        "Kota ContohPemerintahan",
        TITLE,
        f"KOTA CONTOH – {ONE}",
        TWO,
        THREE,
        f"{FOUR} ***",
        *FURNITURE,
    ]
)
OTHER = (
    "CONTOH - Komisi Rekaan (KR) menggandeng Pemerintah Kota Contoh mengadakan latihan bersama. "
    "Latihan menyasar asisten, Sekda, kepala OPD, Kabag, dan juga camat."
)
SECOND = (
    "Analis Pencegahan Tindak Pidana Polan Teladan mengatakan, kota ini yang pertama di tahun "
    "2024 ini untuk bekerja sama."
)
THIRD = '"Latihan ini satu dari tiga pilar," kata Wali Kota Contoh Badu.'


def read(*lines, **more):
    return read_article("\n".join(lines), **more)


def dropped(article):
    return {one.text: str(one.reason) for one in article.dropped}


def test_a_page_with_headline_and_furniture_is_read():
    article = read_article(PAGE)

    assert (article.title, article.tags) == (TITLE, ("Kota Contoh", "Pemerintahan"))
    assert (article.dateline, article.outlet, article.published_on) == ("KOTA CONTOH", "", None)
    assert article.paragraphs == (ONE, TWO, THREE, FOUR)
    assert dropped(article) == {
        "KOTA CONTOH –": "Place line before the text",
        "Kota ContohPemerintahan": "Categories of the page",
        "Related Posts": "Other articles",
        "Leave A Reply": "Comment form",
        FURNITURE[2]: "Comment form",
        "***": "End mark",
    }


def test_a_page_without_headline_proposes_its_first_sentence():
    article = read(
        OTHER,
        "BACA JUGA:Kantor Rekaan Periksa Jalan di Utara",
        SECOND,
        "BACA JUGA:Tiga Sepeda Hilang di Pasar",
        THIRD,
    )

    assert (article.title, article.dateline) == ("", "CONTOH")
    assert article.proposed_title == (
        "Komisi Rekaan (KR) menggandeng Pemerintah Kota Contoh mengadakan latihan bersama"
    )
    assert article.paragraphs == (OTHER.removeprefix("CONTOH - "), SECOND, THIRD)
    assert [one.text for one in article.dropped] == [
        "CONTOH -",
        "BACA JUGA:Kantor Rekaan Periksa Jalan di Utara",
        "BACA JUGA:Tiga Sepeda Hilang di Pasar",
    ]


def test_categories_glued_to_the_end_of_the_text_go():
    article = read(
        TITLE,
        ONE,
        "Keharmonisan keluarga berpengaruh pada layanan di kelurahan dan "
        "pada keluarga.Kota ContohPemerintahan",
    )

    assert article.paragraphs[-1].endswith("pada keluarga.")
    assert article.tags == ("Kota Contoh", "Pemerintahan")


@pytest.mark.parametrize(
    ("line", "tags", "rest"),
    [
        (f"Kota ContohPemerintahan{TITLE}", ("Kota Contoh", "Pemerintahan"), TITLE),
        (f"Pemerintahan{TITLE}", ("Pemerintahan",), TITLE),
    ],
)
def test_categories_glued_to_the_front_of_the_headline_go(line, tags, rest):
    article = read(line, ONE, TWO)

    assert (article.tags, article.title) == (tags, rest)


@pytest.mark.parametrize(
    "title",
    ["Pemkot Luncurkan SiPanda untuk Warga Kota", "Warga Daerah Mendukung eKTP di Kelurahan"],
)
def test_a_headline_with_a_capital_inside_of_a_word_stays(title):
    assert read(title, ONE).title == title


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Baca Juga: Judul lain", "Link to another article"),
        ("BACA JUGA :", "Link to another article"),
        ("Simak juga: Judul lain", "Link to another article"),
        ("Berita Terkait", "Other articles"),
        ("No Comments", "Comment form"),
        ("Nama *", "Comment form"),
        ("Simpan nama, email, dan situs web saya pada peramban ini.", "Comment form"),
        ("Share", "Buttons for sharing"),
        ("Facebook Twitter WhatsApp Telegram", "Buttons for sharing"),
        ("12 Shares", "Buttons for sharing"),
        ("Bagikan:", "Buttons for sharing"),
        ("Editor: Waru Contoh", "Who wrote or edited it"),
        ("Penulis : Dadap Contoh", "Who wrote or edited it"),
        ("By admin - May 2025", "Who wrote or edited it"),
        ("ADVERTISEMENT", "Advertisement"),
        ("Scroll untuk melanjutkan membaca", "Advertisement"),
        ("Next Post", "Part of the site"),
        ("Dibaca: 1.204 kali", "Part of the site"),
        ("© 2025 Koran Contoh", "Part of the site"),
        ("Rabu, 7 Mei 2025 | 10:30 WIB", "Day of publication"),
        ("***", "End mark"),
    ],
)
def test_furniture_in_the_middle_goes_with_its_reason(line, reason):
    article = read(TITLE, ONE, line, TWO)

    assert dropped(article) == {line: reason}
    assert article.paragraphs == (ONE, TWO)


@pytest.mark.parametrize(
    "line",
    [
        "Pemerintah daerah harus hadir, ujar camat itu.",
        "“Ayo mulai dari rumah,” katanya.",
        "Oleh karena itu, keluarga diajak serta.",
        "Komentar warga beragam tentang pelatihan ini.",
        "<script>alert(1)</script> tertulis di papan itu, kata warga.",
    ],
)
def test_short_text_stays(line):
    article = read(TITLE, ONE, line, TWO)

    assert (article.paragraphs, article.dropped) == ((ONE, line, TWO), ())


def test_titles_of_other_articles_go_until_text_begins_again():
    article = read(TITLE, ONE, "Related Posts", "Jalan Baru Dibuka", "Pasar Ramai", TWO)

    assert article.paragraphs == (ONE, TWO)
    assert dropped(article)["Pasar Ramai"] == "Other articles"


def test_a_link_on_the_line_under_its_announcement_goes():
    article = read(TITLE, ONE, "BACA JUGA:", "Jalan Baru Dibuka untuk Umum", TWO)

    assert article.paragraphs == (ONE, TWO)


def test_everything_under_the_comment_form_goes():
    article = read(TITLE, ONE, "Leave a Reply", f"Setuju. {TWO}")

    assert article.paragraphs == (ONE,)


def test_a_link_to_the_comment_form_under_the_headline_takes_nothing_along():
    article = read(TITLE, "Leave a comment", ONE, TWO)

    assert (article.title, article.paragraphs) == (TITLE, (ONE, TWO))


@pytest.mark.parametrize(
    ("tail", "left_out"),
    [
        (" (fik/red)", ["(fik/red)"]),
        (" [adv]", ["[adv]"]),
        (" (***)", ["(***)"]),
        (" *** Editor: Waru Contoh", ["Editor: Waru Contoh", "***"]),
        (" ***Kota ContohPemerintahan", ["Kota ContohPemerintahan", "***"]),
        (" BACA JUGA:Jalan Baru Dibuka", ["BACA JUGA:Jalan Baru Dibuka"]),
    ],
)
def test_what_is_glued_behind_the_last_sentence_goes(tail, left_out):
    article = read(TITLE, ONE, TWO + tail)

    assert article.paragraphs == (ONE, TWO)
    assert [one.text for one in article.dropped] == left_out


def test_a_link_into_which_text_has_run_stays_so_that_no_word_is_lost():
    glued = f"BACA JUGA:Jalan Baru Dibuka {ONE}"

    assert glued in read(TITLE, TWO, glued).paragraphs


def test_line_ends_of_windows_blanks_that_do_not_break_and_curly_signs_are_read():
    article = read_article(PAGE.replace("\n", "\r\n").replace(" ", "\u00a0"))

    assert article.paragraphs == (ONE, TWO, THREE, FOUR)


def test_a_page_that_lost_its_breaks_is_read_as_if_it_had_them():
    article = read_article(PAGE.replace("\n", ""))

    assert (article.title, article.paragraphs) == (TITLE, (ONE, TWO, THREE, FOUR))
    assert set(FURNITURE[:2]) <= set(dropped(article))


def test_one_long_line_is_parted_at_its_sentences():
    article = read_article(" ".join([ONE, TWO, FOUR]))

    assert article.paragraphs == (*sentences_of(ONE), TWO, FOUR)


def test_sentences_do_not_end_at_initials_titles_and_hours():
    text = "Kata Drs. H. Naya B. Umpama, kantor buka pukul 7.30 tiap hari. Ia datang."

    assert sentences_of(text) == [text.removesuffix(" Ia datang."), "Ia datang."]


@pytest.mark.parametrize(
    ("address", "outlet", "day"),
    [
        ("https://www.koran.example/2025/05/08/judul/", "koran.example", date(2025, 5, 8)),
        ("https://amp.koran.example/berita/17", "koran.example", None),
        ("https://koran.example/2025/13/45/", "koran.example", None),
        ("koran.example", "", None),
        ("http://[", "", None),
        ("", "", None),
    ],
)
def test_paper_and_day_are_those_of_the_address(address, outlet, day):
    article = read(TITLE, ONE, address=address)

    assert (article.outlet, article.published_on) == (outlet, day)


def test_a_printed_day_goes_before_that_of_the_address():
    article = read(TITLE, "8 Mei 2025", ONE, address="https://koran.example/2025/05/09/x")

    assert article.published_on == date(2025, 5, 8)


def test_a_dateline_may_name_the_paper():
    article = read(TITLE, f"CONTOH, KoranContoh.id – {ONE}")

    assert (article.dateline, article.outlet) == ("CONTOH, KoranContoh.id", "KoranContoh.id")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "empty"),
        (" \n\u200b\n ", "empty"),
        ("x" * 1_000_000, "too_long"),
        ("kata " * 4_100, "too_long"),
        (f"{ONE}\u202e", "hidden"),
        (f"{ONE}\x00", "hidden"),
        ("\n".join(FURNITURE), "furniture"),
        ("***", "furniture"),
        ("Kota ContohPemerintahan", "furniture"),
    ],
)
def test_what_holds_no_article_is_refused_with_a_sentence(text, fault):
    with pytest.raises(Wrong) as refused:
        read_article(text)

    assert refused.value.fault == fault


@pytest.mark.parametrize("text", [f"{ONE} {TWO}", "a. " * 6_000, "Share " * 3_000, "A" * 19_000])
def test_strange_pastes_are_read_in_no_time(text):
    article = read_article(text)

    assert "".join("".join(article.paragraphs).split()) == "".join(text.split())


def test_every_dropped_line_can_be_put_back_where_it_stood():
    article = read_article(PAGE)
    text = "\n".join(article.paragraphs)
    lines = {one.text: one for one in article.dropped}

    assert put_back(text, lines["KOTA CONTOH –"]).startswith(f"KOTA CONTOH – {ONE}\n")
    assert put_back(text, lines["***"]).endswith(f"{FOUR} ***")
    assert put_back(text, lines["Related Posts"]).endswith("Related Posts")
    assert put_back(text, lines["Kota ContohPemerintahan"]).startswith("Kota ContohPemerintahan\n")
    assert put_back("Ditulis ulang.", lines["KOTA CONTOH –"]) == "KOTA CONTOH –\nDitulis ulang."


DAY, MONTH, YEAR = (
    PartialDate(date(2025, 11, 18)),
    PartialDate(date(2024, 3, 1), "month"),
    PartialDate(date(2024, 1, 1), "year"),
)


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Digelar Selasa (18/11/2025) pagi.", [("Selasa (18/11/2025)", DAY)]),
        ("Digelar Selasa, 18 November 2025.", [("Selasa, 18 November 2025", DAY)]),
        ("Digelar 18 Nov 2025.", [("18 Nov 2025", DAY)]),
        ("Digelar 18-11-2025.", [("18-11-2025", DAY)]),
        ("Digelar 18-20 November 2025.", [("18-20 November 2025", DAY)]),
        ("Digelar Maret 2024.", [("Maret 2024", MONTH)]),
        ("Pertama di tahun 2024 ini.", [("tahun 2024 ini", YEAR)]),
        ("Pada tahun anggaran 2024.", [("tahun anggaran 2024", YEAR)]),
        ("Nomor 2024 dan 18/11.", []),
        ("Selasa (18/11) digelar.", []),
        ("Tanggal 31 Februari 2025.", []),  # no such day, and not kept as its month
        ("Tahun 9999 nanti.", []),
        ("Dari Maret 2024 hingga 18/11/2025.", [("Maret 2024", MONTH), ("18/11/2025", DAY)]),
    ],
)
def test_dates_are_read_with_their_words(sentence, found):
    read = [(sentence[one.start : one.end], one.value) for one in dates_in(sentence)]

    assert read == found


def test_a_missing_year_is_that_of_publication_and_doubtful():
    (found,) = dates_in("Selasa (18/11) digelar.", date(2025, 11, 19))

    assert (found.value, [str(one) for one in found.doubts]) == (
        DAY,
        ["The text names no year; this is the year of publication."],
    )


def test_a_weekday_that_is_not_of_its_date_is_doubtful():
    (found,) = dates_in("Senin (18/11/2025) digelar.")

    assert (found.value, len(found.doubts)) == (DAY, 1)


KNOWN = Known(
    regions=(Named(1, "Kota Contoh"),),
    tiers=(
        Named(1, "Wali Kota"),
        Named(2, "Wakil Wali Kota"),
        Named(3, "Sekretaris Daerah", ("Sekda",)),
        Named(4, "Asisten Sekretaris Daerah", ("Asisten",)),
        Named(6, "Kepala OPD", ("pimpinan OPD", "kepala perangkat daerah")),
        Named(7, "Kepala Bagian", ("Kabag",)),
        Named(8, "Camat", ("kepala kecamatan",)),
        Named(9, "Lurah", ("kepala kelurahan",)),
    ),
    venues=(Named(1, "Balai Raya Contoh"), Named(2, "Hotel Contoh & Convention Hall")),
    units=(Named(5, "Kecamatan Rekaan"), Named(6, "Inspektorat Kota Contoh")),
    people=(
        Person("Suta Rekaan", (), 1, 11),
        Person("Naya B. Umpama", ("Naia Umpama",), None, 12),
        Person("Badu", (), 3, None),
    ),
    organisations=(
        Named(1, "Komisi Rekaan", ("KR",)),
        Named(2, "Pemerintah Kota Contoh", ("Pemkot Contoh",)),
        Named(3, "Inspektorat Kota Contoh"),
    ),
    values=(Named(1, "Jujur"), Named(4, "Disiplin"), Named(5, "Tanggung jawab"), Named(9, "Adil")),
    risks=(
        Named(1, "Dorongan keluarga"),
        Named(2, "Flexing / gaya hidup mewah"),
        Named(3, "Korupsi waktu"),
    ),
)


def told(*paragraphs, session=None, known=KNOWN, **more):
    """Proposals of a text by field: value, state and words of each."""
    article = Article(
        **{
            "title": "",
            "tags": (),
            "outlet": "",
            "published_on": None,
            "dateline": "",
            "paragraphs": paragraphs,
            "dropped": (),
            **more,
        }
    )
    everything = Known(**{**vars(known), "session": session})
    found = {}
    for one in propose(article, everything):
        found.setdefault(one.field, []).append((one.value, one.state, one.words))
    return found


def test_a_page_tells_its_session():
    article = read_article(PAGE)

    proposals = propose(article, KNOWN)

    assert [(one.field, one.value, one.words) for one in proposals] == [
        ("held", PartialDate(date(2025, 5, 7)), "Rabu (7/5/2025)"),
        ("venue", 1, "Balai Raya Contoh"),
        ("tiers", 9, "seluruh kepala kelurahan"),
        ("tiers", 4, "para asisten"),
        ("tiers", 6, "pimpinan OPD"),
        ("tiers", 8, "camat"),
        ("includes_spouses", "yes", "beserta pasangan mereka"),
        ("organisers", 2, "Pemkot Contoh"),
        ("speakers", "s1", "Suta Rekaan"),
        ("speakers", "o12", "Naya B. Umpama"),
        ("values", 1, "jujur"),
        ("values", 4, "kedisiplinan"),
        ("risks", 3, "Korupsi waktu"),
        ("places", 1, "Kota (Pemkot) Contoh"),
        ("places", 6, "Inspektorat Kota Contoh"),
    ]
    assert {one.state for one in proposals} == {"new", "told"}
    assert {one.before + one.words + one.after for one in proposals} <= {
        sentence for text in (TITLE, *article.paragraphs) for sentence in sentences_of(text)
    }
    earlier = [one.value for one in proposals if one.doubts]
    assert earlier == [4, 6, 8]


def test_proposals_have_the_same_keys_in_every_reading():
    keys = [[one.key for one in propose(read_article(PAGE), KNOWN)] for _ in range(2)]

    assert keys[0] == keys[1]
    assert len(set(keys[0])) == len(keys[0])


@pytest.mark.parametrize(
    ("sentence", "tiers"),
    [
        ("Diikuti para lurah.", [9]),
        ("Diikuti lurah-lurah.", [9]),
        ("Diikuti Kepala Kelurahan se-kota.", [9]),
        ("Diikuti wakil wali kota.", [2]),
        ("Diikuti Walikota dan Wakil Walikota.", [1, 2]),
        ("Diikuti Sekretaris Daerah (Sekda).", [3]),
        ("Diikuti semua kepala perangkat daerah.", [6]),
        ("Diikuti kelurahan dan kecamatan.", []),
        ("Wali Kota Contoh Badu mengatakan hal itu.", []),
    ],
)
def test_tiers_are_found_by_label_synonym_and_plural(sentence, tiers):
    assert [value for value, *_ in told(sentence).get("tiers", [])] == tiers


@pytest.mark.parametrize(
    ("sentence", "venues"),
    [
        ("Digelar di Balai Raya Contoh.", [(1, "new")]),
        ("Digelar di balai raya contoh.", [(1, "new")]),
        ("Digelar di Hotel Contoh and Convention Hall.", [(2, "new")]),
        ("Digelar di Contoh Hotel dan Convention Hall.", [(2, "new")]),
        ("Digelar di Aula Melati, kemarin.", [("Aula Melati", "unknown")]),
        ("Digelar di kantor.", []),
    ],
)
def test_venues_are_found_forgivingly(sentence, venues):
    assert [(value, state) for value, state, _ in told(sentence).get("venue", [])] == venues


@pytest.mark.parametrize(
    ("sentence", "people"),
    [
        ("Sekda Kota Contoh Suta Rekaan hadir.", [("s1", "new", "Sekda Kota Contoh")]),
        (
            "Sekretaris Daerah (Sekda) Kota Contoh, Suta Rekaan, hadir.",
            [("s1", "new", "Sekretaris Daerah (Sekda) Kota Contoh")],
        ),
        ("Hadir pula Suta Rekaan selaku Asisten I.", [("s1", "new", "Asisten I")]),
        ("Kata Drs. H. Suta Rekaan, M.Si.", [("s1", "new", "")]),
        ("Naya Umpama hadir.", [("o12", "new", "")]),
        ("Naia Umpama hadir.", [("o12", "new", "")]),
        ("Suta hadir.", []),
        ("“Baik,” kata Polan Teladan.", [("Polan Teladan", "unknown", "")]),
        (
            "Analis Pencegahan Tindak Pidana Polan Teladan mengatakan itu.",
            [("Polan Teladan", "unknown", "Analis Pencegahan Tindak Pidana")],
        ),
        (
            "“Baik,” ujar Kepala Dinas Contoh, Polan Teladan, kemarin.",
            [],
        ),
        ("Ia mengatakan itu. Pemkot Contoh menyatakan itu.", []),
        ("Kegiatan ini menyebut banyak hal. KR menegaskan itu.", []),
    ],
)
def test_people_are_found_with_the_post_that_the_text_gives(sentence, people):
    article = Article("", (), "", None, "", (sentence,), ())

    found = [one for one in propose(article, KNOWN) if one.field == "speakers"]

    assert [(one.value, one.state, one.position) for one in found] == people


def test_first_names_count_after_the_full_name():
    article = Article(
        "",
        (),
        "",
        None,
        "",
        (
            "Suta datang.",
            "Suta Rekaan hadir. Kata Suta.",
        ),
        (),
    )

    (one,) = [one for one in propose(article, KNOWN) if one.field == "speakers"]

    assert one.mentions == 2


def test_the_institution_is_one_that_the_post_names():
    (one,) = [
        one
        for one in propose(Article("", (), "", None, "", (FOUR,), ()), KNOWN)
        if one.field == "speakers"
    ]

    assert (one.position, one.institution) == (
        "Kepala Inspektorat Kota Contoh",
        "Inspektorat Kota Contoh",
    )


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Lurah hadir beserta pasangan mereka.", ("yes", "beserta pasangan mereka")),
        ("Peserta didampingi istri.", ("yes", "didampingi istri")),
        ("Lurah dan pasangannya hadir.", ("yes", "dan pasangannya")),
        ("Lurah hadir tanpa pasangan.", ("no", "tanpa pasangan")),
        ("Dukungan pasangan itu penting.", None),
        ("Dorongan datang dari diri dan pasangan.", None),
    ],
)
def test_spouses_are_told_only_where_they_come_along(sentence, words):
    found = told(sentence).get("includes_spouses", [])

    assert [(value, text) for value, _, text in found] == ([words] if words else [])


@pytest.mark.parametrize(
    ("sentence", "risks"),
    [
        ("Flexing itu merusak.", [(2, "Flexing")]),
        ("Hidup dengan gaya hidup mewah.", [(2, "gaya hidup mewah")]),
        ("Dorongan itu datang dari pasangan.", [(1, "Dorongan itu datang dari pasangan")]),
        ("Waktu itu berharga.", []),
    ],
)
def test_risks_are_found_in_other_words(sentence, risks):
    assert [(value, words) for value, _, words in told(sentence).get("risks", [])] == risks


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        ("Kejujuran dan keadilan.", [1, 9]),
        ("Ia bertanggung jawab.", [5]),
        ("Ketidakadilan.", []),
        ("Penjuru kota.", []),
    ],
)
def test_values_are_found_in_their_forms(sentence, values):
    assert [value for value, *_ in told(sentence).get("values", [])] == values


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (None, "new"),
        (DAY, "same"),
        (PartialDate(date(2025, 1, 1), "year"), "new"),
        (PartialDate(date(2025, 11, 1), "month"), "new"),
        (PartialDate(date(2024, 1, 1), "year"), "contradicts"),
        (PartialDate(date(2025, 11, 19)), "contradicts"),
    ],
)
def test_a_day_is_new_inside_of_what_is_known_and_contradicts_outside(now, state):
    found = told("Digelar 18 November 2025.", session=Present(held=now))

    assert [one[1] for one in found["held"]] == [state]


@pytest.mark.parametrize(
    ("field", "present", "state"),
    [
        ("venue", Present(venue=KNOWN.venues[0]), "same"),
        ("venue", Present(venue=KNOWN.venues[1]), "contradicts"),
        ("tiers", Present(tiers=frozenset({9})), "same"),
        ("tiers", Present(tiers=frozenset({8})), "new"),
        ("tiers", Present(tiers=frozenset({8}), tiers_complete=True), "contradicts"),
        ("includes_spouses", Present(includes_spouses="yes"), "same"),
        ("includes_spouses", Present(includes_spouses="no"), "contradicts"),
        ("organisers", Present(organisations=frozenset({2})), "same"),
        ("speakers", Present(speakers=frozenset({"s1"})), "same"),
        ("values", Present(values=frozenset({1})), "same"),
        ("risks", Present(risks=frozenset({3})), "same"),
    ],
)
def test_a_proposal_says_how_it_stands_to_what_is_recorded(field, present, state):
    text = (
        "Pemkot Contoh melatih lurah beserta pasangan di Balai Raya Contoh.",
        "Suta Rekaan bicara kejujuran dan korupsi waktu.",
    )

    assert [one[1] for one in told(*text, session=present)[field]] == [state]


def test_a_text_that_says_nothing_proposes_nothing():
    assert told("Hujan turun sejak pagi.") == {}
