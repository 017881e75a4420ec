"""Plainly made-up people: placeholder names, synthetic NIPs and phones, the same at every run.

No name here can be a real person's: each ends in a word that means "example" or "imaginary".
Every NIP ends in a sequence number of 900 or more, every phone is 0812-0000-xxxx.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

MEN = (
    "Fulan Badu Polan Suta Naya Dadap Waru Jaka Sura Dadu Tamu Bejo Kakang Ucok Gatra Tole "
    "Bagja Jatmika Lanang Randu Sengon Cendana Beringin Meranti"
).split()
WOMEN = (
    "Fulanah Melati Kenanga Mawar Cempaka Anggrek Dahlia Seruni Teratai Kamboja Flamboyan Soka "
    "Lili Sedapmalam Wijayakusuma Pandan Selasih Nusa Puspa Sekar Ratna Intan Mutiara Kemuning"
).split()
SURNAMES = (
    "Contoh Misal Misalnya Teladan Rekaan Umpama Ibarat Andaian Khayal Tiruan Seumpama "
    "Permisalan Purwarupa Ilustrasi Percobaan Latihan"
).split()
SUFFIXES = ("S.Sos.", "S.IP.", "S.E.", "S.H., M.H.", "S.STP., M.Si.", "S.Pd.", "", "S.Sos., M.Si.")
MEN_PREFIXES = ("", "", "H.", "Drs.", "", "Tb.", "")
WOMEN_PREFIXES = ("", "", "Hj.", "", "Dra.", "")


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
    prefixes = MEN_PREFIXES if male else WOMEN_PREFIXES
    return Person(
        number=number,
        male=male,
        name=name(number, male=male),
        prefix=prefixes[number % len(prefixes)],
        suffix=SUFFIXES[number % len(SUFFIXES)],
        nip=nip(number, male=male),
        phone=phone(number, male=male),
    )


def name(number: int, *, male: bool) -> str:
    """Given name and surname; each block of 24 numbers shifts the surnames by one."""
    given = MEN if male else WOMEN
    if not 0 <= number < len(given) * len(SURNAMES):
        raise ValueError(f"there is no made-up person {number}")
    block, place = divmod(number, len(given))
    return f"{given[place]} {SURNAMES[(place + block) % len(SURNAMES)]}"


def nip(number: int, *, male: bool) -> str:
    """An 18-digit NIP that keeps every rule and that nobody was given."""
    born = date(1970 + number % 18, 1 + number % 12, 1 + number % 28)
    appointed = f"{born.year + 24}{1 + (number * 5) % 12:02d}"
    return f"{born:%Y%m%d}{appointed}{1 if male else 2}{900 + number % 100}"


def phone(number: int, *, male: bool) -> str:
    """A mobile number in E.164 of the shape 0812-0000-xxxx."""
    return f"+628120000{number if male else 5000 + number:04d}"
