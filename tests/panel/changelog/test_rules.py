"""Arithmetic of the log, without any database."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from panel.changelog.rules import GENESIS, Link, Row, canonical, commitment, text_of_moment

LINK = Link(
    seq=1,
    id=5,
    action="official.create",
    subject_table="official",
    subject_pk="1",
    actor_id=7,
    actor_kind="account",
    acting_for_id=None,
    request_id="r",
    scope="3",
    at="2025-11-18T01:02:03.004Z",
    details="{}",
    personal='{"actor":"ani"}',
    salt="ab",
    erased=None,
    n=1,
    last=9,
    rows="00",
    prev=GENESIS,
    key_id="k",
)
ROW = Row(
    9, 5, "official", "I", "3", "2025-11-18T01:02:03.004Z", None, None, "1", "{}", "{}", "ab", None
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": [1, True, None], "a": "é"}, '{"a":"é","b":[1,true,null]}'),
        ({"\U0001f600": 1, "\ufb33": 2}, '{"\U0001f600":1,"\ufb33":2}'),
        ('"\\\b\t\n\f\r\x0f/\u2028', '"\\"\\\\\\b\\t\\n\\f\\r\\u000f/\u2028"'),
        (-(2**53) + 1, "-9007199254740991"),
    ],
)
def test_canonical_json_is_that_of_rfc_8785(value, text):
    assert canonical(value) == text


@pytest.mark.parametrize("value", [1.5, {1: "a"}, {"a", "b"}, b"x", 2**53, float("nan")])
def test_canonical_json_refuses_what_has_no_single_text(value):
    with pytest.raises((TypeError, ValueError)):
        canonical(value)


def test_a_moment_is_written_in_utc_and_a_naive_one_refused():
    wib = timezone(timedelta(hours=7))

    assert text_of_moment(datetime(2025, 11, 18, 8, 2, 3, 4999, wib)) == "2025-11-18T01:02:03.004Z"
    with pytest.raises(ValueError, match="time zone"):
        text_of_moment(datetime(2025, 11, 18))
    assert text_of_moment(datetime(2025, 1, 1, tzinfo=UTC)) == "2025-01-01T00:00:00.000Z"


def test_an_erased_row_has_the_digest_it_had_before():
    left = commitment(ROW.personal, ROW.salt, None).hex()

    erased = ROW._replace(personal=None, salt=None, erased=left)

    assert erased.digest() == ROW.digest()
    assert left == hashlib.sha256(b"ab{}").hexdigest()


@pytest.mark.parametrize(
    "other",
    [{name: "x"} for name in Row._fields if name not in ("id", "deed_id", "erased", "archived")]
    + [{"id": 8}, {"deed_id": 6}, {"deed_id": None}, {"erased": "00"}, {"archived": "00"}],
    ids=str,
)
def test_every_value_of_a_row_counts_in_its_digest(other):
    assert ROW._replace(**other).digest() != ROW.digest()


@pytest.mark.parametrize("name", LINK.__dataclass_fields__)
def test_every_value_of_a_deed_counts_in_its_seal(name):
    value = getattr(LINK, name)
    other = "00" if name == "erased" else 99 if value is None or isinstance(value, int) else "x"

    assert replace(LINK, **{name: other}).mac(b"key") != LINK.mac(b"key")


def test_a_seal_cannot_be_made_without_the_key():
    assert LINK.mac(b"key") != LINK.mac(b"other")
