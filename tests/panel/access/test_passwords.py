"""Which passwords are taken; nobody outside is asked."""

from __future__ import annotations

import pytest

from panel.access.passwords import made_up, weakness

SHORT = "Take at least 12 characters."
RUN = "This password is easy to guess: it repeats or counts up. Take another one."
COMMON = "This password stands in lists of common passwords. Take another one."
NAME = "This password is little more than your name. Take another one."


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", SHORT),
        ("elevenchars", SHORT),
        ("x" * 201, "Take at most 200 characters."),
        ("aaaaaaaaaaaa", RUN),
        ("abababababab", RUN),
        ("abcdefghijkl", RUN),
        ("987654321098", RUN),
        ("1qaz2wsx3edc", COMMON),
        ("Password2025!", COMMON),
        ("RAHASIA-12345", COMMON),
        ("inspektorat2025", COMMON),
        ("Ｐａｓｓｗｏｒｄ２０２５", COMMON),
        ("bayu.contoh2025", NAME),
        ("Contoh-123456", NAME),
        ("kuda kuning naik sepeda", None),
        ("🐎🐎🐎🐎🐎🐎🐎🐎🐎🐎🐎🐎", RUN),
        ("pagi hujan di terminal", None),
    ],
)
def test_a_password_is_taken_or_refused_with_its_reason(
    password: str, sentence: str | None
) -> None:
    found = weakness(password, "bayu.contoh", "Bayu Contoh")

    assert (None if found is None else str(found)) == sentence


def test_made_up_passwords_are_taken_and_never_the_same() -> None:
    made = {made_up() for _ in range(200)}

    assert len(made) == 200
    assert {weakness(each, "ani", "Ani") for each in made} == {None}
