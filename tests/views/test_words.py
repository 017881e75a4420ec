"""Every page in English as well: our own words are English there, and Indonesian nowhere left.

That nothing lacks its Indonesian is asked in every test of this folder, see `_in_indonesian`.
"""

import pytest

from panel.commands.messages import PLUGIN, read
from tests.views.browser import Page
from views.catalogue import CATALOGUE

#: Pages by whom they are open to.
PATHS = {
    "ani": (
        "/",
        "/inbox/",
        "/policy/",
        "/processes/",
        "/processes/details/?id=1",
        "/change",
        "/officials/",
        "/officials/new/",
        "/officials/details/?id=46",
        "/officials/edit/?id=46",
        "/officials/history/?id=46",
        "/officials/delete/?id=3",
        "/positions/",
        "/appointments/",
        "/spouses/",
        "/units/",
        "/units/new/",
        "/tiers/",
        "/regions/",
        "/programmes/new/",
        "/training-sessions/",
        "/training-sessions/new/",
        "/training-sessions/details/?id=8",
        "/training-sessions/details/?id=1",
        "/programmes/details/?id=1",
        "/session-papers/",
        "/session-papers/new/",
        "/speakers/",
        "/speakers/details/?id=2",
        "/session-speakers/",
        "/key-messages/",
        "/news-sources/",
        "/participations/",
        "/participations/new/",
        "/commitments/",
        "/commitments/new/",
        "/action-plans/",
        "/action-plans/new/",
        "/action-plans/details/?id=1",
        "/action-plans/details/?id=31",
        "/evidence/",
        "/evidence/new/",
        "/organisations/",
        "/venues/",
        "/nowhere/",
    ),
    "eka": (
        "/",
        "/changes/",
        "/accounts/",
        "/accounts/new/",
        "/accounts/details/?id=1",
        "/tiers/new/",
    ),
    "citra": ("/", "/changes/", "/officials/details/?id=46"),
}

#: Texts of data that happen to be the Indonesian of one of our words.
DATA = frozenset({"Inspektorat", "Sekretariat Daerah", "Kota", "Bahasa Indonesia", "Jenjang"})


@pytest.fixture(scope="module")
def indonesian():
    """Our Indonesian words that are not also somebody's English."""
    pairs = [
        (message.id, message.string)
        for source in (CATALOGUE, PLUGIN)
        for message in read(source.po)
        if message.id and isinstance(message.id, str)
    ]
    english = {id for id, _ in pairs}
    return {text for _, text in pairs if text not in english and "%(" not in text} - DATA


def texts_of(page):
    """The pieces of text on a page and in the attributes that one hears or sees."""
    for element in page.root.all():
        if element.tag in ("script", "style", "option"):
            continue
        yield from (part.strip() for part in element.parts if isinstance(part, str))
        yield from (element.given.get(name, "") for name in ("aria-label", "placeholder", "title"))


def in_english(browser, path):
    """The page at `path` for somebody who has picked English."""
    browser.client.set_cookie("language", "en")
    return Page(browser.get(path).text)


@pytest.mark.parametrize("username", PATHS)
def test_pages_in_english_have_no_indonesian_words_of_ours(browse, indonesian, username):
    browser = browse(username)

    left = {
        path: words
        for path in PATHS[username]
        if (words := {text for text in texts_of(in_english(browser, path)) if text in indonesian})
    }

    assert left == {}


def test_a_page_says_its_language(ani):
    assert ani.page("/").root.one("html").given["lang"] == "id"
    assert in_english(ani, "/").root.one("html").given["lang"] == "en"


def test_sentences_of_refusals_are_english_too(ani):
    ani.client.set_cookie("language", "en")
    page = ani.sent(
        "/officials/new/", full_name="", employment_type="asn_pns", nip="3673014508909999"
    )

    assert page.problems == [
        "Name: This field is required.",
        "NIP: This looks like a NIK, which is not kept here. Type the NIP, which has 18 digits.",
    ]


@pytest.mark.parametrize(
    ("path", "language", "words"),
    [
        ("/training-sessions/", "id", "Selasa, 18 November 2025"),
        ("/training-sessions/", "en", "Tuesday, 18 November 2025"),
        ("/action-plans/?search=RTL-0001", "id", "Diajukan"),
        ("/action-plans/?search=RTL-0001", "en", "Submitted"),
        ("/positions/?search=cipare", "id", "Lurah"),
        ("/positions/?search=cipare", "en", "Urban village head"),
        ("/positions/details/?id=13", "id", "kosong"),
        ("/positions/details/?id=13", "en", "vacant"),
    ],
)
def test_days_states_and_tiers_are_told_in_the_reader_s_language(ani, path, language, words):
    ani.client.set_cookie("language", language)

    assert words in ani.page(path).text


def test_a_language_is_picked_and_kept(ani):
    answer = ani.post("/preferences/", {"language": "en", "next": "/officials/"})

    assert (answer.status_code, answer.location) == (303, "/officials/")
    assert ani.page("/officials/").heading == "Officials"
