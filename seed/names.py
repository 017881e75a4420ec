"""Plainly made-up people: placeholder names, synthetic NIPs and phones, the same at every run.

No name here can be a real person's: each ends in a word that means "example" or "imaginary".
Every NIP ends in a sequence number of 900 or more, every phone is 0812-0000-xxxx.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .rows import toml

LISTS = toml("names")


@dataclass(frozen=True)
class Person:
    """One made-up adult; `number` makes name, NIP and phone differ from everybody else's."""

    number: int
    male: bool
    name: str
    prefix: str
    suffix: str
    nip: str
    phone: str


def person(number: int, *, male: bool) -> Person:
    """The made-up person of that number; numbers 0 to 383 have different names per sex."""
    prefixes = LISTS["men_prefixes" if male else "women_prefixes"]
    return Person(
        number=number,
        male=male,
        name=name(number, male=male),
        prefix=prefixes[number % len(prefixes)],
        suffix=LISTS["suffixes"][number % len(LISTS["suffixes"])],
        nip=nip(number, male=male),
        phone=phone(number, male=male),
    )


def name(number: int, *, male: bool) -> str:
    """Given name and surname; each block of 24 numbers shifts the surnames by one."""
    given, surnames = LISTS["men" if male else "women"], LISTS["surnames"]
    if not 0 <= number < len(given) * len(surnames):
        raise ValueError(f"there is no made-up person {number}")
    block, place = divmod(number, len(given))
    return f"{given[place]} {surnames[(place + block) % len(surnames)]}"


def nip(number: int, *, male: bool) -> str:
    """An 18-digit NIP that keeps every rule and that nobody was given."""
    born = date(1970 + number % 18, 1 + number % 12, 1 + number % 28)
    appointed = f"{born.year + 24}{1 + (number * 5) % 12:02d}"
    return f"{born:%Y%m%d}{appointed}{1 if male else 2}{900 + number % 100}"


def phone(number: int, *, male: bool) -> str:
    """A mobile number in E.164 of the shape 0812-0000-xxxx."""
    return f"+628120000{number if male else 5000 + number:04d}"
