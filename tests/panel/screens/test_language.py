"""Sentences, dates and numbers as the reader has them, and which language that is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from flask import Flask, g
from flask_login import LoginManager
from markupsafe import Markup

from panel.screens import language
from panel.screens.language import long_date, partial_date, short_date, tell
from panel.screens.listing import by_day
from panel.words import Label, say

DAY = date(2025, 11, 18)
MOMENT = datetime(2025, 11, 18, 0, 30, tzinfo=UTC)


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    language.init_app(app)
    return app


@pytest.fixture
def indonesian(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with app.test_request_context("/", headers={"Cookie": "language=en"}):
        yield


@pytest.mark.usefixtures("indonesian")
def test_days_and_moments_read_as_in_indonesia() -> None:
    told = [long_date(DAY), short_date(DAY), long_date(MOMENT), short_date(MOMENT)]

    assert told == [
        "Selasa, 18 November 2025",
        "18 Nov 2025",
        "Selasa, 18 November 2025, 07.30 WIB",
        "18 Nov 2025, 07.30",
    ]


@pytest.mark.usefixtures("english")
def test_days_read_as_in_english() -> None:
    assert long_date(DAY) == "Tuesday, 18 November 2025"


@pytest.mark.usefixtures("indonesian")
def test_half_known_dates_say_no_more_than_is_known() -> None:
    told = [partial_date(DAY, precision) for precision in ("day", "month", "year")]

    assert told == ["Selasa, 18 November 2025", "November 2025", "2025"]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Asia/Makassar", "Selasa, 18 November 2025, 08.30 WITA"),
        (lambda: "Asia/Jayapura", "Selasa, 18 November 2025, 09.30 WIT"),
        ("UTC", "Selasa, 18 November 2025, 00.30 UTC"),
    ],
)
def test_the_clock_is_that_of_the_region(app: Flask, zone: object, expected: str) -> None:
    app.config["PANEL_TIME_ZONE"] = zone

    with app.test_request_context("/"):
        assert long_date(MOMENT) == expected


@pytest.mark.usefixtures("indonesian")
def test_the_reader_s_day_begins_at_his_midnight() -> None:
    late = datetime(2025, 11, 18, 17, 0, tzinfo=UTC)

    assert long_date(late) == "Rabu, 19 November 2025, 00.00 WIB"


@pytest.mark.usefixtures("indonesian")
def test_values_inside_a_sentence_are_told_as_well() -> None:
    sentence = say(
        "%(who)s: %(label)s, %(day)s, %(count)s, %(rate)s, %(inner)s",
        who="Ani",
        label=Label({"id": "Draf", "en": "Draft"}),
        day=DAY,
        count=18204,
        rate=Decimal("1.5"),
        inner=say("<%(day)s>", day=DAY),
    )

    assert tell(sentence) == (
        "Ani: Draf, Selasa, 18 November 2025, 18.204, 1,5, <Selasa, 18 November 2025>"
    )


@pytest.mark.usefixtures("english")
def test_nothing_yes_and_no_are_words() -> None:
    assert [tell(value) for value in (None, True, False)] == ["not filled in", "yes", "no"]


@pytest.mark.usefixtures("english")
def test_text_stays_text_and_markup_stays_markup() -> None:
    assert tell("100 % <b>") == "100 % <b>"
    assert isinstance(tell(Markup("<b>x</b>")), Markup)


class SignedIn:
    is_authenticated = is_active = True

    def __init__(self, spoken: str | None) -> None:
        self.language = spoken


@pytest.mark.parametrize(
    ("cookie", "account", "expected"),
    [
        ("", None, "id"),
        ("", "en", "en"),
        ("", "xx", "id"),
        ("en", "id", "en"),
        ("xx", "en", "en"),
        ("../en", None, "id"),
    ],
)
def test_the_choice_in_the_browser_goes_before_the_account_s(
    app: Flask, cookie: str, account: str | None, expected: str
) -> None:
    LoginManager(app)

    with app.test_request_context("/", headers={"Cookie": f"language={cookie}"}):
        g._login_user = SignedIn(account)
        assert language.chosen() == expected


def test_a_command_speaks_indonesian(app: Flask) -> None:
    with app.app_context():
        assert long_date(DAY) == "Selasa, 18 November 2025"


def test_a_site_without_accounts_has_a_language(app: Flask) -> None:
    with app.test_request_context("/"):
        assert language.language() == "id"


def test_days_are_grouped_by_the_reader_s_calendar(app: Flask) -> None:
    moments = [datetime(2025, 11, 18, 17, tzinfo=UTC), datetime(2025, 11, 18, 16, tzinfo=UTC)]
    deeds = [SimpleNamespace(at=moment) for moment in moments]

    with app.test_request_context("/"):
        assert by_day(deeds) == [(date(2025, 11, 19), deeds[:1]), (DAY, deeds[1:])]
