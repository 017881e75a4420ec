"""What every list does: counts, pages, order, search, filters, and words when there is nothing."""

from datetime import date

import pytest
import sqlalchemy as sa

from models.attendance import Attendance, Participation
from models.follow_up import ActionPlan, Commitment, Evidence
from models.government import Position, Region, Unit
from models.people import Appointment, Official
from models.programme import Organisation, Venue
from models.speaking import KeyMessage, NewsSource, SessionSpeaker, Speaker
from models.training import SessionTier, TrainingSession
from panel.screens.base import RecordView
from tests.views.browser import Page, cells_of

#: How many records each city has, by the path of their list: (for Ani, for Mira).
COUNTS = {
    "/regions/": (1, 1),
    "/tiers/": (9, 9),
    "/units/": (105, 59),
    "/positions/": (113, 67),
    "/officials/": (109, 66),
    "/appointments/": (114, 67),
    "/spouses/": (104, 64),
    "/programmes/": (1, 1),
    "/organisations/": (3, 3),
    "/venues/": (1, 0),
    "/training-sessions/": (8, 1),
    "/speakers/": (2, 2),
    "/session-speakers/": (2, 2),
    "/speaker-invitations/": (0, 0),
    "/key-messages/": (17, 9),
    "/news-sources/": (1, 0),
    "/session-papers/": (0, 0),
    "/participations/": (103, 39),
    "/commitments/": (45, 27),
    "/action-plans/": (43, 8),
    "/evidence/": (12, 2),
    "/grades/": (17, 17),
    "/integrity-values/": (11, 9),
    "/risk-tags/": (4, 4),
    "/commitment-templates/": (8, 8),
    "/agenda-items/": (9, 2),
    "/attendance/": (292, 78),
    "/attendance-sheets/": (9, 2),
    "/sheet-scans/": (0, 0),
    "/scores/": (0, 0),
    "/extensions/": (0, 0),
    "/holidays/": (0, 0),
}
PATHS = tuple(COUNTS)
NO_EXPORT = {"/regions/", "/tiers/", "/grades/", "/integrity-values/", "/risk-tags/", "/holidays/"}

SERANG = sa.select(Region.id).where(Region.kemendagri_code == "36.73").scalar_subquery()
NOTHING = "Belum ada catatan"
UNKNOWN = "Satu saringan dalam alamat ini tidak dikenal dan dilewati."
NO_MATCH = "Tidak ada yang cocok"


def ids(page):
    """The keys of the rows of a list."""
    return [int(line.all("a")[-1].given["href"].partition("id=")[2]) for line in lines(page)]


def lines(page):
    tables = page.main.all("table", class_="list")
    return tables[0].one("tbody").all("tr") if tables else []


def all_ids(browser, path):
    """The keys of all rows of a list, page by page."""
    joint, found, number = "&" if "?" in path else "?", [], 0
    while len(page := ids(browser.page(f"{path}{joint}page={number}&page_size=100"))) == 100:
        found, number = found + page, number + 1
    return found + page


def test_every_list_is_counted(app):
    views = [view for admin in app.extensions["admin"] for view in admin._views]
    paths = {f"{view.url}/" for view in views if isinstance(view, RecordView)}

    begun = {"/accounts/", "/account-changes/", "/proposals/", "/substitutions/"}
    assert paths - set(PATHS) == begun


@pytest.mark.parametrize("path", PATHS)
def test_a_list_holds_what_the_city_has(ani, mira, path):
    assert tuple(count(browser, path) for browser in (ani, mira)) == COUNTS[path]


def count(browser, path):
    """How many records a list has, by its export or page by page."""
    return len(all_ids(browser, path) if path in NO_EXPORT else browser.exported(path))


@pytest.mark.parametrize("path", [path for path in PATHS if COUNTS[path][0] > 25])
def test_pages_follow_each_other_and_end(ani, path):
    total = COUNTS[path][0]
    last = (total - 1) // 25

    first, second = ids(ani.page(path)), ids(ani.page(f"{path}?page=1"))
    beyond = ani.get(f"{path}?page={last + 1}&page_size=25")

    assert (len(first), len(second)) == (25, min(25, total - 25))
    assert set(first) & set(second) == set()
    assert (beyond.status_code, beyond.location) == (302, f"{path}?page={last}&page_size=25")
    assert len(ids(ani.page(f"{path}?page={last}"))) == total - 25 * last


@pytest.mark.parametrize(
    ("query", "rows"),
    [("page_size=50", 50), ("page_size=100", 100), ("page_size=7", 25), ("page_size=", 25)],
)
def test_the_size_of_a_page_is_one_of_those_offered(ani, query, rows):
    assert len(ids(ani.page(f"/officials/?{query}"))) == rows


@pytest.mark.parametrize("query", ["page=-1", "page=x", "page=9999999", "sort=a", "page_size=1e9"])
def test_numbers_that_no_link_has_are_refused(ani, query):
    assert ani.get(f"/officials/?{query}").status_code == 400


#: Lists for their order, cut down to a page by a question where they are long.
ORDERED = dict.fromkeys((path for path in PATHS if COUNTS[path][0]), "?") | {
    "/units/": "?flt0_kind-is=agency&",
    "/positions/": "?search=serang&",
    "/officials/": "?search=ibarat&",
    "/appointments/": "?search=ibarat&",
    "/spouses/": "?search=misal&",
    "/participations/": "?flt0_training_session_id-is=8&search=misal&",
    "/attendance/": "?flt0_agenda_item_id-is=8&search=misal&",
}


@pytest.mark.parametrize(("path", "question"), ORDERED.items())
def test_each_column_that_can_be_sorted_is_sorted_both_ways(ani, path, question):
    head = ani.page(path).main.one("thead")
    links = [link.given["href"] for cell in head.all("th") for link in cell.all("a")]
    columns = [int(link.partition("sort=")[2].partition("&")[0]) for link in links]
    wrong = []
    for column in columns:
        up = filled_and_blank(ani.page(f"{path}{question}sort={column}&page_size=100"), column)
        down = ani.page(f"{path}{question}sort={column}&desc=1&page_size=100")
        filled, blank = filled_and_blank(down, column)
        if up != (filled[::-1], blank[::-1]):
            wrong.append((column, up, (filled, blank)))

    assert columns != []
    assert wrong == []


def filled_and_blank(page, column):
    """The keys of rows with something in this column, and of those behind them with nothing."""
    blanks = [bool(cells_of(line)[column].all(class_="blank")) for line in lines(page)]
    assert blanks == sorted(blanks)
    keys = ids(page)
    return keys[: blanks.count(False)], keys[blanks.count(False) :]


@pytest.mark.parametrize("path", ["/officials/", "/units/", "/action-plans/", "/commitments/"])
@pytest.mark.parametrize("text", ["%", "_", "\\", "' OR 1=1 --"])
def test_signs_of_a_pattern_are_letters_like_any_other(ani, path, text):
    assert Page(ani.get(path, query_string={"search": text}).text).rows == []


@pytest.mark.parametrize("path", PATHS)
def test_a_search_without_result_says_so(ani, path):
    page = Page(ani.get(path, query_string={"search": "tidak-ada-yang-begini"}).text)

    assert page.rows == []
    assert NO_MATCH in page.text


@pytest.mark.parametrize("path", ["/venues/", "/news-sources/"])
def test_an_empty_list_says_so(mira, path):
    page = mira.page(path)

    assert page.rows == []
    assert NOTHING in page.text


def has(session_name):
    return TrainingSession.name.startswith(session_name)


#: A filter in the address, and the rows that it leaves, asked of the database in another way.
FILTERS = [
    ("/units/", "kind-is=district", Unit, Unit.kind == "district"),
    ("/units/", "parent_id-is=33", Unit, Unit.path.like("/33/_%")),
    ("/positions/", "tier_id-is=9", Position, Position.name.like("Lurah %")),
    ("/positions/", "unit_id-is=46", Position, Position.unit_id == 46),
    ("/positions/", "territorial-is=1", Position, Position.territorial),
    ("/positions/", "territorial-is=0", Position, ~Position.territorial),
    ("/officials/", "employment_type-is=elected", Official, Official.employment_type == "elected"),
    ("/officials/", "grade_id-is=14", Official, Official.grade_id == 14),
    (
        "/officials/",
        "appointments-status-is=acting_vacant",
        Official,
        Official.id.in_(
            sa.select(Appointment.official_id).where(Appointment.status == "acting_vacant")
        ),
    ),
    (
        "/appointments/",
        "status-is=acting_absent",
        Appointment,
        Appointment.status == "acting_absent",
    ),
    ("/appointments/", "ended_on-blank=1", Appointment, Appointment.ended_on.is_not(None)),
    ("/appointments/", "ended_on-blank=0", Appointment, Appointment.ended_on.is_(None)),
    (
        "/appointments/",
        "ended_on-since=2025-11-04",
        Appointment,
        Appointment.ended_on > date(2025, 11, 3),
    ),
    (
        "/appointments/",
        "ended_on-until=2025-11-03",
        Appointment,
        Appointment.ended_on < date(2025, 11, 4),
    ),
    (
        "/appointments/",
        "started_on-since=2025-11-04",
        Appointment,
        Appointment.started_on >= date(2025, 11, 4),
    ),
    (
        "/appointments/",
        "started_on-until=2025-03-04",
        Appointment,
        Appointment.started_on <= date(2025, 3, 4),
    ),
    (
        "/appointments/",
        "position-tier_id-is=8",
        Appointment,
        Appointment.position_id.in_(sa.select(Position.id).where(Position.tier_id == 8)),
    ),
    ("/training-sessions/", "held_on-since=2025-11-18", TrainingSession, TrainingSession.id == 8),
    ("/training-sessions/", "held_on-until=2025-11-17", TrainingSession, sa.false()),
    ("/training-sessions/", "held_on-blank=1", TrainingSession, TrainingSession.id == 8),
    ("/training-sessions/", "includes_spouses-is=yes", TrainingSession, TrainingSession.id == 8),
    ("/training-sessions/", "programme_id-is=1", TrainingSession, sa.true()),
    (
        "/training-sessions/",
        "tiers-tier_id-is=8",
        TrainingSession,
        TrainingSession.id.in_(
            sa.select(SessionTier.training_session_id).where(SessionTier.tier_id == 8)
        ),
    ),
    ("/speakers/", "organisation_id-is=3", Speaker, Speaker.organisation_id == 3),
    ("/session-speakers/", "role-is=speaker", SessionSpeaker, SessionSpeaker.role == "speaker"),
    ("/session-speakers/", "training_session_id-is=7", SessionSpeaker, sa.false()),
    ("/key-messages/", "kind-is=paraphrase", KeyMessage, KeyMessage.kind == "paraphrase"),
    ("/key-messages/", "speaker_id-is=2", KeyMessage, KeyMessage.speaker_id == 2),
    ("/key-messages/", "training_session_id-is=8", KeyMessage, sa.true()),
    ("/news-sources/", "published_on-blank=0", NewsSource, NewsSource.published_on.is_(None)),
    ("/participations/", "reply-is=no", Participation, Participation.reply == "no"),
    (
        "/participations/",
        "training_session_id-is=4",
        Participation,
        Participation.training_session_id == 4,
    ),
    ("/participations/", "unit_id-is=46", Participation, Participation.unit_id == 46),
    (
        "/participations/",
        "attendance-status-is=excused",
        Participation,
        Participation.id.in_(
            sa.select(Attendance.participation_id).where(Attendance.status == "excused")
        ),
    ),
    (
        "/commitments/",
        "category-is=honest_living",
        Commitment,
        Commitment.category == "honest_living",
    ),
    ("/commitments/", "party-is=both", Commitment, Commitment.party == "both"),
    ("/commitments/", "area-is=household", Commitment, Commitment.area == "household"),
    ("/commitments/", "unit_id-is=46", Commitment, Commitment.unit_id == 46),
    ("/commitments/", "training_session_id-is=8", Commitment, sa.true()),
    ("/action-plans/", "status-is=returned", ActionPlan, ActionPlan.status == "returned"),
    ("/action-plans/", "kind-is=outreach", ActionPlan, ActionPlan.kind == "outreach"),
    (
        "/action-plans/",
        "result_class-is=conforming",
        ActionPlan,
        ActionPlan.result_class == "conforming",
    ),
    (
        "/action-plans/",
        "last_day-until=2025-12-31",
        ActionPlan,
        ActionPlan.last_day <= date(2025, 12, 31),
    ),
    ("/action-plans/", "last_day-blank=0", ActionPlan, ActionPlan.last_day.is_(None)),
    ("/action-plans/", "unit_id-is=46", ActionPlan, ActionPlan.unit_id == 46),
    ("/evidence/", "sufficient-is=yes", Evidence, Evidence.sufficient == "yes"),
    ("/evidence/", "relevant-is=no", Evidence, Evidence.relevant == "no"),
    ("/organisations/", "kind-is=agency", Organisation, Organisation.kind == "agency"),
    ("/venues/", "kind-is=hotel", Venue, Venue.kind == "hotel"),
]


@pytest.mark.parametrize(("path", "question", "model", "condition"), FILTERS)
def test_a_filter_leaves_what_it_says(ani, rows, path, question, model, condition):
    serang = sa.select(Region.id).where(Region.kemendagri_code == "36.73").scalar_subquery()
    expected = [
        key for (key,) in rows(sa.select(model.id).where(model.region_id == serang, condition))
    ]

    assert sorted(all_ids(ani, f"{path}?flt0_{question}")) == sorted(expected)


def test_filters_are_asked_together(ani):
    page = ani.page("/positions/?flt0_tier_id-is=9&flt1_unit_id-is=46")

    assert page.names == ["Lurah Sukawana Kecamatan Serang"]


@pytest.mark.parametrize(
    ("path", "question", "sentence"),
    [
        ("/officials/", "employment_type-is=nope", "Tidak dapat disaring menurut ini: nope"),
        ("/action-plans/", "status-is=", "Tidak dapat disaring menurut ini:"),
        (
            "/training-sessions/",
            "held_on-since=kemarin",
            "Tidak dapat disaring menurut ini: kemarin",
        ),
        ("/positions/", "territorial-is=2", "Tidak dapat disaring menurut ini: 2"),
        ("/positions/", "unit_id-is=110", "Tidak dapat disaring menurut ini: 110"),
        ("/officials/", "nip-contains=19", UNKNOWN),
        ("/officials/", "phone-contains=8", UNKNOWN),
        ("/officials/", "region-id=2", UNKNOWN),
    ],
)
def test_a_filter_that_makes_no_sense_is_said_and_left_out(ani, path, question, sentence):
    page = ani.page(f"{path}?flt0_{question}&page_size=100")

    assert page.said == [sentence]
    assert len(ids(page)) == min(COUNTS[path][0], 100)
