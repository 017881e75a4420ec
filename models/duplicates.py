"""Officials who are likely one person, recorded twice: found by what is alike, best first.

A likeness is a question to a clerk, never an answer. People are compared only within blocks that
share a word of the name, half of the NIP, a telephone or a spouse, and the work has a bound: what
was left out is said. Pure but for `people` and `known_apart`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.access.rules import Actor

from .alike import folded_words, name_words, words_alike
from .apart import NotDuplicate
from .people import Official, Spouse
from .queries import in_scope

#: As many people as are looked at, the latest first, and as many pairs as are compared.
PEOPLE, COMPARED = 20_000, 200_000
#: A block of more people tells nobody apart.
BLOCK = 200
#: What each sign weighs.
WEIGHTS = {"name": 40, "nip": 40, "phone": 30, "spouse": 30, "spelling": 25}
#: Taken off where both have a NIP, and the two are not near each other.
TWO_NIPS = 40
#: A pair below it is not shown.
LEAST = 25


@dataclass(frozen=True)
class Person:
    """What an official is compared by."""

    id: int
    region_id: int
    #: The words of the name, and of each other spelling, folded.
    spellings: tuple[tuple[str, ...], ...]
    nip: str | None = None
    phone: str | None = None
    spouses: frozenset[tuple[str, ...]] = frozenset()


@dataclass(frozen=True)
class Pair:
    """Two officials, the lower number first, and what is alike, the strongest sign first."""

    one: int
    other: int
    signs: tuple[str, ...]
    weight: int


@dataclass
class Found:
    """Pairs, best first; `part` where not everybody was compared with everybody alike."""

    pairs: list[Pair] = field(default_factory=list)
    part: bool = False


def find_pairs(people: Collection[Person], apart: Collection[tuple[int, int]] = ()) -> Found:
    """The pairs of `people` that are likely one person, without those known to be two."""
    by_id, found, left = {one.id: one for one in people}, Found(), COMPARED
    looked: set[tuple[int, int]] = set(apart)
    for block in blocks(people):
        if len(block) > BLOCK:
            found.part = True
            continue
        for pair in combinations(sorted(block), 2):
            if pair in looked:
                continue
            if left == 0:
                found.part = True
                break
            looked.add(pair)
            left -= 1
            likely = compared(by_id[pair[0]], by_id[pair[1]])
            if likely is not None:
                found.pairs.append(likely)
    found.pairs.sort(key=lambda pair: (-pair.weight, pair.one, pair.other))
    return found


def compared(one: Person, other: Person) -> Pair | None:
    """These two as a pair, or None: they are not alike enough."""
    signs = signs_of(one, other)
    named = "name" in signs or "spelling" in signs
    if not named and len(signs) < 2:
        return None
    weight = sum(WEIGHTS[sign] for sign in signs)
    if one.nip and other.nip and "nip" not in signs:
        weight -= TWO_NIPS
    return Pair(one.id, other.id, signs, weight) if weight >= LEAST else None


def signs_of(one: Person, other: Person) -> tuple[str, ...]:
    """What is alike, the strongest first."""
    same = {*map(frozenset, one.spellings)} & {*map(frozenset, other.spellings)}
    near = not same and any(words_alike(a, b) for a in one.spellings for b in other.spellings)
    asked = {
        "name": bool(same),
        "nip": bool(one.nip and other.nip and near_nips(one.nip, other.nip)),
        "phone": bool(one.phone and one.phone == other.phone),
        "spouse": bool(one.spouses & other.spouses),
        "spelling": near,
    }
    return tuple(sign for sign in WEIGHTS if asked[sign])


def near_nips(one: str, other: str) -> bool:
    """Whether one digit differs, or two neighbours changed places."""
    at = [place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
    if len(one) != len(other) or not 0 < len(at) <= 2:
        return False
    return len(at) == 1 or (
        at[1] - at[0] == 1 and one[at[0]] == other[at[1]] and one[at[1]] == other[at[0]]
    )


def blocks(people: Iterable[Person]) -> Iterator[set[int]]:
    """People who have something in common, the rarest first; who has it alone is in none."""
    found: dict[tuple[object, ...], set[int]] = defaultdict(set)
    for one in people:
        for key in keys_of(one):
            found[one.region_id, *key].add(one.id)
    yield from sorted((block for block in found.values() if len(block) > 1), key=len)


def keys_of(one: Person) -> Iterator[tuple[object, ...]]:
    """What somebody is looked up by: a name by one whole word and how another one begins."""
    for words in one.spellings:
        if len(words) == 1:
            yield "single", words[0][:2]
        for word in words:
            for other in words:
                if other is not word:
                    yield "name", word, other[0]
    if one.nip:
        yield "nip", "first", one.nip[:9]
        yield "nip", "last", one.nip[9:]
    if one.phone:
        yield "phone", one.phone
    for spouse in one.spouses:
        yield "spouse", spouse


def people(session: Session, actor: Actor) -> tuple[list[Person], bool]:
    """The officials in scope, the latest first, and whether there are more; two statements."""
    columns = (Official.id, Official.region_id, Official.full_name, Official.aliases)
    rows = in_scope(sa.select(*columns, Official.nip, Official.phone), Official, actor)
    found = session.execute(rows.order_by(Official.id.desc()).limit(PEOPLE + 1)).all()
    spouses: dict[int, set[tuple[str, ...]]] = defaultdict(set)
    couples = in_scope(sa.select(Spouse.official_id, Spouse.full_name), Spouse, actor)
    for official_id, name in session.execute(couples):
        spouses[official_id].add(tuple(sorted(name_words(name))))
    return [
        Person(
            id=row.id,
            region_id=row.region_id,
            spellings=spellings_of(row.full_name, row.aliases),
            nip=row.nip,
            phone=row.phone,
            spouses=frozenset(spouses[row.id] - {()}),
        )
        for row in found[:PEOPLE]
    ], len(found) > PEOPLE


def spellings_of(name: str, aliases: str | None) -> tuple[tuple[str, ...], ...]:
    """The folded words of a name and of its other spellings."""
    found = (tuple(folded_words(one)) for one in (name, *(aliases or "").split(",")))
    return tuple(dict.fromkeys(words for words in found if words))


def known_apart(session: Session, actor: Actor) -> set[tuple[int, int]]:
    """The pairs in scope that are known to be two people."""
    rows = in_scope(sa.select(NotDuplicate.one_id, NotDuplicate.other_id), NotDuplicate, actor)
    return {(one, other) for one, other in session.execute(rows)}
