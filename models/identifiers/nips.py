"""NIP of a civil servant (PNS, PPPK): reading, printing, and what its digits say.

Eighteen digits: birth date 8, appointment 6, sex 1, sequence 3 (Perka BKN 22/2007). In the number
of a PPPK 21 to 29 stands where a PNS has the month of appointment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from panel.typed import Checked, Doubt, Wrong
from panel.words import say

from .digits import Cell, bare, is_digits, real_date, wrong_length
from .niks import looks_like_nik

Sex = Literal["L", "P"]
Kind = Literal["PNS", "PPPK"]

SEXES: Final[dict[str, Sex]] = {"1": "L", "2": "P"}
PPPK_DIGITS: Final = range(21, 30)
#: the kind of number that belongs to an employment type
KINDS: Final[dict[str, Kind]] = {"asn_pns": "PNS", "asn_pppk": "PPPK"}
OLDEST_BIRTH_YEAR: Final = 1940
YOUNGEST_AT_APPOINTMENT: Final = 17
OLDEST_AT_APPOINTMENT: Final = 46


@dataclass(frozen=True)
class Nip:
    """What a checked NIP says about its holder; `month` is unknown for a PPPK."""

    born: date
    year: int
    month: int | None
    sex: Sex
    kind: Kind


def nip(
    typed: object,
    *,
    cell: Cell = "text",
    today: date | None = None,
    sex: Sex | None = None,
    born: date | None = None,
    employment_type: str | None = None,
) -> Checked[str]:
    """The NIP as eighteen digits, or `Wrong`.

    Detail is ("PNS",) or ("PPPK",). What else is known of the person (`sex`, `born`,
    `employment_type`) is compared: a difference is a warning, since decrees hold wrong dates too.
    """
    if employment_type == "elected":
        raise Wrong("elected", say("An elected official has no NIP. Leave the field empty."))
    today = today or date.today()
    text = bare(typed, cell=cell, label="NIP")
    _require_shape(text, today)
    facts = nip_facts(text)
    _require_sense(text, facts, today)

    doubts = []
    if facts.month and _months(facts, today) > OLDEST_AT_APPOINTMENT * 12:
        sentence = say(
            "By this NIP the person was older than %(years)s when appointed. "
            "Compare it with the decree.",
            years=OLDEST_AT_APPOINTMENT,
        )
        doubts.append(Doubt("age_over_46", sentence))
    if sex and sex != facts.sex:
        sentence = say("The fifteenth digit of the NIP does not agree with the person's sex.")
        doubts.append(Doubt("sex", sentence))
    if born and born != facts.born:
        sentence = say("The birth date in the NIP does not agree with the birth date given.")
        doubts.append(Doubt("birth_date", sentence))
    if KINDS.get(employment_type or "", facts.kind) != facts.kind:
        sentence = say(
            "This is the NIP of a %(kind)s. Compare it with the type of employment.",
            kind=facts.kind,
        )
        doubts.append(Doubt("employment_type", sentence))
    return Checked(text, (facts.kind,), tuple(doubts))


def _require_shape(text: str, today: date) -> None:
    if is_digits(text) and len(text) == 18:
        return
    if is_digits(text) and len(text) == 9:
        raise Wrong("legacy_9_digit", say("This is an old NIP. Use the NIP of 18 digits."))
    if looks_like_nik(text, today=today):
        sentence = say(
            "This looks like a NIK, which is not kept here. Type the NIP, which has 18 digits."
        )
        raise Wrong("nik", sentence)
    raise wrong_length("not_18_digits", "NIP", 18, text)


def nip_facts(value: str) -> Nip:
    """What a NIP of eighteen digits says; `Wrong` where its dates or its sex digit say nothing."""
    born = real_date(int(value[:4]), int(value[4:6]), int(value[6:8]))
    if born is None or born.year < OLDEST_BIRTH_YEAR:
        sentence = say(
            "The first 8 digits of a NIP are the birth date, year first; these are not one."
        )
        raise Wrong("birth_date", sentence)
    month = int(value[12:14])
    if not (1 <= month <= 12 or month in PPPK_DIGITS):
        sentence = say(
            "Digits 13 and 14 of a NIP are the month of appointment, 01 to 12 "
            "(21 to 29 for a PPPK); these are not."
        )
        raise Wrong("appointment_month", sentence)
    if value[14] not in SEXES:
        sentence = say("The fifteenth digit of a NIP is 1 for a man or 2 for a woman.")
        raise Wrong("sex_digit", sentence)
    pppk = month in PPPK_DIGITS
    return Nip(
        born=born,
        year=int(value[8:12]),
        month=None if pppk else month,
        sex=SEXES[value[14]],
        kind="PPPK" if pppk else "PNS",
    )


def _require_sense(text: str, facts: Nip, today: date) -> None:
    if facts.born > today:
        sentence = say("The birth date in this NIP is in the future.")
        raise Wrong("birth_date", sentence)
    if (facts.year, facts.month or 1) > (today.year, today.month):
        sentence = say("The appointment in this NIP is in the future. Compare it with the decree.")
        raise Wrong("appointment_future", sentence)
    if _months(facts, today) < YOUNGEST_AT_APPOINTMENT * 12:
        sentence = say(
            "By this NIP the person was younger than %(years)s when appointed. "
            "Compare it with the decree.",
            years=YOUNGEST_AT_APPOINTMENT,
        )
        raise Wrong("appointment_age", sentence)
    if text.endswith("000"):
        sentence = say(
            "A NIP never ends in 000: probably damaged by Excel. Type it again from the decree."
        )
        raise Wrong("sequence_000", sentence)


def _months(facts: Nip, today: date) -> int:
    """Age at appointment in months; for a PPPK, whose month is unknown, the most it can be."""
    month = facts.month or (today.month if facts.year == today.year else 12)
    return (facts.year - facts.born.year) * 12 + month - facts.born.month


def show_nip(value: str | None) -> str:
    """The NIP as it is printed: "19660801 198803 1 001"."""
    if not value:
        return ""
    return f"{value[:8]} {value[8:14]} {value[14:15]} {value[15:]}"


def mask_nip(value: str | None) -> str:
    """The NIP for those who may not read it: only the last three digits."""
    return f"•••• {value[-3:]}" if value else ""


def retirement_age(echelon: str) -> int:
    """The age of retirement by echelon (UU 20/2023): 60 for echelon I and II, 58 below."""
    return 60 if echelon.strip().upper().split(".")[0] in {"I", "II"} else 58


def retires_on(value: str, age: int) -> date:
    """The first day of retirement: of the month after the one in which `age` is reached."""
    born = nip_facts(value).born
    if born.month == 12:
        return date(born.year + age + 1, 1, 1)
    return date(born.year + age, born.month + 1, 1)
