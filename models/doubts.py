"""What somebody should look at again in a record: true now and then, so it never stops a save.

Pure functions over loaded records and the day: pairs of a field's name ("" for the record as a
whole) and a sentence. A masked number is weighed here but never repeated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from panel.typed import Wrong
from panel.words import Sentence, say

from .government import Unit
from .identifiers import GRADES, retirement_age, retires_on
from .people import Appointment, Official, Spouse
from .training import TrainingSession

Doubtful = tuple[str, Sentence]

#: The lowest and the highest grade that usually hold a post of an echelon.
BANDS = {
    "II.a": ("IV/c", "IV/d"),
    "II.b": ("IV/b", "IV/c"),
    "III.a": ("IV/a", "IV/b"),
    "III.b": ("III/d", "IV/a"),
    "IV.a": ("III/c", "III/d"),
}
ORDER = {grade.code: grade.order for grade in GRADES}

#: An acting holder of a vacant post (Plt.) is named for three months and once more for three.
LONGEST_ACTING = 6

#: Kinds of units that carry a Kemendagri code, and what usually stands directly above them.
CODED = ("district", "urban_village", "village")
BELOW_DISTRICT = ("urban_village", "village")


def of_official(
    official: Official, appointments: Iterable[Appointment], day: date
) -> Iterator[Doubtful]:
    """Age, grade and number beside the posts of `day`; several definitive posts; the spouses.

    `appointments` are those of the official that the reader may know.
    """
    held = [one for one in appointments if one.holds_on(day)]
    definitive = [one for one in held if one.status == "definitive"]
    yield from _number(official)
    yield from _age(official, held, day)
    yield from _grade(official, definitive)
    if len(definitive) > 1:
        posts = [one.position.name for one in definitive]
        yield (
            "appointments",
            say("Holds several posts definitively at once: %(posts)s.", posts=posts),
        )
    for appointment in held:
        for _field, sentence in of_appointment(appointment, day):
            yield (
                "appointments",
                say("%(post)s: %(doubt)s", post=appointment.position.name, doubt=sentence),
            )
    for spouse in official.spouses:
        yield from (("spouses", sentence) for _field, sentence in of_spouse(spouse))


def of_appointment(appointment: Appointment, day: date) -> Iterator[Doubtful]:
    """A definitive post without its decree, an acting holder of long ago, an end without a day."""
    if not appointment.holds_on(day):
        return
    if appointment.status == "definitive" and not appointment.decree_no:
        yield "decree_no", say("The number of the decree is not filled in yet.")
    since = appointment.started_on if appointment.status == "acting_vacant" else None
    if since is not None and day > months_later(since, LONGEST_ACTING):
        sentence = say(
            "Acting for more than %(months)s months. Compare it with the decree.",
            months=LONGEST_ACTING,
        )
        yield "started_on", sentence
    if appointment.end_decree_no and appointment.ended_on is None:
        sentence = say("A decree ended it, but without a last day it counts as still held.")
        yield "ended_on", sentence


def of_spouse(spouse: Spouse) -> Iterator[Doubtful]:
    """A spouse under the official's own name."""
    if spouse.official is not None and same_name(spouse.full_name, spouse.official):
        yield "full_name", say("The spouse has the same name as the official.")


def of_unit(unit: Unit) -> Iterator[Doubtful]:
    """A code that is missing or belongs to another parent, and an odd place in the tree."""
    parent, code = unit.parent, unit.kemendagri_code
    if unit.kind in CODED and not code:
        yield "kemendagri_code", say("The Kemendagri code is not filled in yet.")
    above = parent.kemendagri_code if parent is not None else None
    if code and above and not code.startswith(f"{above}."):
        sentence = say(
            "The code does not begin with %(code)s, the code of %(unit)s. Is it another district?",
            code=above,
            unit=parent.full_name,
        )
        yield "kemendagri_code", sentence
    if unit.kind in BELOW_DISTRICT and (parent is None or parent.kind != "district"):
        yield "parent", say("Such a unit usually stands directly below a district.")


def of_session(session: TrainingSession) -> Iterator[Doubtful]:
    """A session after the end of its programme."""
    ended = session.programme.ended_on if session.programme is not None else None
    if ended is not None and session.held_on is not None and session.held_on > ended:
        yield "held", say("The session lies after the end of its programme.")


def _number(official: Official) -> Iterator[Doubtful]:
    if official.nip and official.employment_type == "other":
        sentence = say("There is a NIP, but the employment is neither PNS nor PPPK.")
        yield "employment_type", sentence


def _age(official: Official, held: list[Appointment], day: date) -> Iterator[Doubtful]:
    """The NIP tells the birth; the highest age among the posts of the day counts."""
    ages = [retirement_age(one.position.tier.echelon) for one in held if _echelon(one)]
    if not official.nip or not ages:
        return
    try:
        retired = retires_on(official.nip, max(ages))
    except Wrong:  # a number from before it was checked
        return
    if day >= retired:
        sentence = say(
            "By the NIP the retirement age of %(age)s years has passed. "
            "Compare it with the decree.",
            age=max(ages),
        )
        yield "nip", sentence


def _grade(official: Official, definitive: list[Appointment]) -> Iterator[Doubtful]:
    code = official.grade.code if official.grade is not None else None
    for appointment in definitive:
        band = BANDS.get(_echelon(appointment))
        if band is None or code not in ORDER:
            continue
        lowest, highest = band
        if not ORDER[lowest] <= ORDER[code] <= ORDER[highest]:
            sentence = say(
                "Grade %(grade)s is unusual for %(post)s, echelon %(echelon)s: "
                "usually %(lowest)s to %(highest)s.",
                grade=code,
                post=appointment.position.name,
                echelon=_echelon(appointment),
                lowest=lowest,
                highest=highest,
            )
            yield "grade", sentence


def _echelon(appointment: Appointment) -> str:
    return (appointment.position.tier.echelon or "").strip()


def same_name(name: str, official: Official) -> bool:
    """Whether a name is the official's, with or without titles, whatever the case."""
    return _plain(name) in (_plain(official.full_name), _plain(official.display_name))


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return first.replace(day=min(day.day, last))
