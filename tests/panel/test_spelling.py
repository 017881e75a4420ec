"""One spelling for all: the same folding in Python, on SQLite and on PostgreSQL."""

import random
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from panel.phrases import Term, grouped, terms
from panel.screens.forgiving import contains, folded_column, holds
from panel.spelling import REPLACED, folded, look_for, sieve

#: What is typed, and what it finds.
PAIRS = [
    ("wahyu", "Wachyu B. Kristiawan"),
    ("fatihah", "Qilda Fathiya"),
    ("fatihah", "Qilda Fatihah"),
    ("fathiya", "Fatihah"),
    ("tejoagung", "Tejo Agung"),
    ("tejo-agung", "Tejoagung"),
    ("iringmulyo", "Iring Mulyo"),
    ("muhamad", "Muhammad"),
    ("yusuf", "Jusuf"),
    ("jusuf", "Yusuf"),
    ("moeljono", "Mulyono"),
    ("sjamsoeddin", "Syamsudin"),
    ("khoirul", "Chairul"),
    ("akhmad", "Achmad"),
    ("djoko", "Joko"),
    ("nurhadi", "Nur Hadi"),
    ("zaenal", "Zainal"),
    ("taufiq", "Taufik"),
    ("novi", "Nofi"),
    ("ma'mun", "Ma’mun"),
    ("andre", "André"),
    ("Fathurrahman", "Faturohman"),
]
#: What is typed, and what it must not find.
APART = [
    ("hadi", "Jumadi"),
    ("hadi", "Adi Misal"),
    ("heni", "Reni"),
    ("joko", "Yono"),
    ("yani", "Budi"),
    ("%", "Budi"),
    ("_udi", "Budi"),
    ("wa%yu", "Wachyu"),
    ("36.73", "3673"),
    ("PLAN-7", "PLAN 7"),
    ("fulan7", "Fulan 7"),
]
ODD = [
    "",
    " ",
    "ÉCOLE",
    "İstanbul ıI",
    "Straße",
    "ЖУКОВ",
    "你好",
    "a\u0301",
    "'';--",
    "%_\\/",
    "é" * 50,
]
NAMES = [text for pair in PAIRS + APART for text in pair] + ODD

person = sa.table("person", sa.column("name", sa.Text()))


@pytest.fixture
def connection(engine_url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(engine_url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE person (name TEXT)"))
        connection.execute(sa.insert(person), [{"name": name} for name in NAMES])
        yield connection
    engine.dispose()


def matching(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> set[str]:
    return set(connection.scalars(sa.select(person.c.name).where(condition)))


def told_by(url: str, value: sa.ColumnElement[str]) -> str | None:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = connection.scalar(sa.select(value))
    engine.dispose()
    return found


def test_both_databases_fold_as_python_does(connection):
    rows = connection.execute(sa.select(person.c.name, folded_column(person.c.name)))

    assert dict(list(map(tuple, rows))) == {name: folded(name) for name in NAMES}


def test_each_spelling_finds_the_other_and_nothing_else_does(connection):
    found = {
        (typed, name): name in matching(connection, holds(person.c.name, typed))
        for typed, name in PAIRS + APART
    }

    assert found == {**dict.fromkeys(PAIRS, True), **dict.fromkeys(APART, False)}


def test_what_is_found_plainly_is_found(connection):
    for word in ("wachyu", "B.", "36", "agung", "ÉCOLE", "%", "_", "你", "\\"):
        plain = matching(connection, contains(person.c.name, word))

        assert plain <= matching(connection, holds(person.c.name, word))


def test_a_long_word_is_looked_for(connection):
    assert matching(connection, holds(person.c.name, "wachyu" * 800)) == set()


def test_sqlite_keeps_what_stands_behind_a_nul():
    text = "Wachyu\x00Fathiya"

    assert told_by("sqlite://", folded_column(sa.literal(text))) == folded(text)


def test_a_database_with_another_language_folds_the_same(postgres_url):
    text = "ISTANBUL ÇAĞRI ÉCOLE"
    name = sa.literal(text).collate("und-x-icu")

    assert told_by(postgres_url, folded_column(name)) == folded(text)


def test_numbers_codes_and_scraps_are_looked_for_as_typed():
    words = ["198001012005011001", "36.73.01", "RTL-7", "hh", "sy", "", "'"]

    assert [look_for(word) for word in words] == [None] * len(words)


def test_the_sieve_lets_everything_through_that_folding_finds():
    chance = random.Random(7)
    letters = "abcdefghijklmnopqrstuvwxyz .'-éè" + "".join(old for old, _new in REPLACED)
    for _ in range(20_000):
        text = "x" + "".join(chance.choices(letters, k=9)).lower()
        stopped = [
            line
            for line in sieve(text)
            if not any(re.search(one.replace("%", ".*"), text, re.DOTALL) for one in line)
        ]

        assert stopped == [], text


def test_phrases_are_read_before_words():
    known = grouped([("lurah", "kepala kelurahan"), ("sekda", "Sekretaris Daerah"), ("sekda",)])

    assert terms(["Kepala", "Kelurahan", "Sukawana"], known) == [
        Term(("Kepala", "Kelurahan"), (("lurah",),)),
        Term(("Sukawana",)),
    ]
    assert terms(["sekda", "sekda", "kepala"], known) == [
        Term(("sekda",), (("Sekretaris", "Daerah"),)),
        Term(("kepala",)),
    ]
    assert terms([], known) == []
