"""What a row asks to be written of a person and an appointment; pure, nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .outcomes import Difference, Draft, Pair
from .people import Held, Known
from .posts import Post
from .said import Said


def told_only(values: Mapping[str, Pair]) -> dict[str, Pair]:
    """The values of a new record that say anything."""
    return {column: pair for column, pair in values.items() if pair[1]}


def new_official(said: Said, post: Post | None, grades: Mapping[str, int]) -> Draft:
    """A person who is not recorded yet."""
    by_nip = {"PNS": "asn_pns", "PPPK": "asn_pppk"}.get(said.nip_kind or "")
    usual = post.employment if post else None
    values = {
        "title_prefix": said.prefix,
        "full_name": said.name,
        "title_suffix": said.suffix,
        "nip": said.nip,
        "employment_type": said.employment or by_nip or usual or "other",
        "grade_id": key_in(grades, said.grade),
        "phone": said.phone,
        "note": said.note,
    }
    pairs = {column: (None, text or None) for column, text in values.items()}
    return Draft("official", None, "insert", said.display_name, told_only(pairs))


def differences(said: Said, official: Known) -> Iterable[Difference]:
    """In what a row differs from the record; what the row leaves empty does not."""
    pairs = (
        ("title_prefix", official.prefix, said.prefix),
        ("full_name", official.name, said.name),
        ("title_suffix", official.suffix, said.suffix),
        ("nip", official.nip, said.nip),
        ("grade", official.grade, said.grade),
        ("employment_type", official.employment, said.employment),
        ("phone", official.phone, said.phone),
    )
    for name, was, becomes in pairs:
        if becomes and becomes != (was or ""):
            yield Difference(name, was or None, becomes)


def changed_official(
    official: Known, told: Iterable[Difference], grades: Mapping[str, int]
) -> Draft:
    """A recorded person with what the row says."""
    values: dict[str, Pair] = {}
    for one in told:
        if one.field == "grade":
            values["grade_id"] = (key_in(grades, one.was), key_in(grades, one.becomes))
        else:
            values[one.field] = (one.was, one.becomes)
    return Draft("official", official.id, "update", official.display_name, values)


def filled_in(said: Said, held: Held) -> Iterable[Difference]:
    """Day and decree of an appointment that is recorded without them, or with others."""
    if said.started_on and said.started_on != held.started_on:
        was = held.started_on.isoformat() if held.started_on else None
        yield Difference("started_on", was, said.started_on.isoformat())
    if said.decree_no and said.decree_no != held.decree_no:
        yield Difference("decree_no", held.decree_no, said.decree_no)


def key_in(grades: Mapping[str, int], code: str | None) -> str | None:
    """The number of a grade as a text, by its code."""
    return str(grades[code]) if code in grades else None
