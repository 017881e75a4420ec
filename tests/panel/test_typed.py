"""Typed and pasted text is made plain, or refused with a sentence."""

import time

import pytest

from panel.typed import Wrong, tidy


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("  Fulan \t Contoh\u00a0", "Fulan Contoh"),
        ("Fulan\r\nContoh", "Fulan Contoh"),
        ("\ufeffFu\u00adlan\u200b \u200fContoh\u200e", "Fulan Contoh"),
        ("Re\u0301ne\u0301", "Réné"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("سرڠ", "سرڠ"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("{{7*7}} =1+1", "{{7*7}} =1+1"),
    ],
)
def test_text_of_one_line_is_made_plain(typed, plain):
    assert tidy(typed) == plain


def test_text_of_several_lines_keeps_its_lines():
    assert tidy(" satu \r\n\r\n dua\tkata \x0c tiga\u2028", lines=True) == "satu\n\ndua kata\ntiga"


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x7f", "\x9f", "\u202e", "\u2066", "\ud800"])
def test_hidden_signs_are_refused(sign):
    with pytest.raises(Wrong) as refused:
        tidy(f"Fulan{sign}Contoh")

    assert (refused.value.code, refused.value.fault) == ("field", "hidden")


@pytest.mark.parametrize("typed", ["x" * 11, "x" * 1_000_000, "\ufb2c" * 5])
def test_what_is_too_long_after_tidying_is_refused(typed):
    with pytest.raises(Wrong) as refused:
        tidy(typed, most=10)

    assert refused.value.fault == "too_long"
    assert str(refused.value) == "The text is too long. At most 10 characters."


def test_leftovers_do_not_count():
    assert tidy("\u200b" * 500 + "sepuluh---", most=10) == "sepuluh---"


def test_a_page_of_accents_is_read_at_once():
    begin = time.perf_counter()
    tidy("a" + "\u0315\u0323" * 9_999, lines=True)

    assert time.perf_counter() - begin < 1
