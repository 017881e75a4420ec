"""Who may do what: actors, places, the policy table, masks, and roles that exclude each other.

Everything is closed until the table opens it; every refusal is a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce

from ..words import Sentence, say

Policy = Mapping[str, Mapping[str, frozenset[str]]]
Masks = frozenset[tuple[str, str, str]]

LETTERS = {"r": "read", "c": "create", "e": "edit", "d": "delete", "x": "export"}
WORDS = frozenset({"verify", "sign", "unmask", "publish", "clear", "save"})
VERBS = frozenset(LETTERS.values()) | WORDS

ROLE_NAMES = {
    "clerk": say("Clerk"),
    "supervisor": say("Supervisor"),
    "auditor": say("Auditor"),
    "administrator": say("Administrator"),
}

#: Who watches or hands out rights does not also do the work.
TOXIC = tuple(
    (watcher, worker)
    for watcher in ("auditor", "administrator")
    for worker in ("clerk", "supervisor")
)

#: Who decides or hands out rights: a password alone does not open these roles.
SECOND_FACTOR = frozenset({"supervisor", "administrator"})

REFUSALS = {
    "read": say("Your role does not read this. Roles that do: %(roles)s."),
    "create": say("Your role does not add this. Roles that do: %(roles)s."),
    "edit": say("Your role does not change this. Roles that do: %(roles)s."),
    "delete": say("Your role does not delete this. Roles that do: %(roles)s."),
    "export": say("Your role does not export this. Roles that do: %(roles)s."),
    "verify": say("Your role does not verify this. Roles that do: %(roles)s."),
    "sign": say("Your role does not sign this. Roles that do: %(roles)s."),
    "unmask": say("Your role does not see this in full. Roles that do: %(roles)s."),
    "publish": say("Your role does not publish this. Roles that do: %(roles)s."),
    "clear": say("Your role does not take this back. Roles that do: %(roles)s."),
    "save": say("Your role does not keep this. Roles that do: %(roles)s."),
}

#: To whom no form says where a new record belongs.
NOWHERE = say(
    "Your account belongs to several regions, and nothing here says which one is meant. Use an "
    "account of one region."
)


@dataclass(frozen=True)
class Place:
    """A region, or the units of it whose path, such as "/3/17/", begins with `unit_path`."""

    region_id: int
    unit_path: str = ""

    def __post_init__(self) -> None:
        if self.unit_path and not self.unit_path.endswith("/"):
            raise ValueError("a unit path ends with a slash, or /3/1 would hold /3/17")

    def holds(self, region_id: int, unit_path: str = "") -> bool:
        """Whether something at `unit_path` of that region lies in here."""
        return region_id == self.region_id and (unit_path + "/").startswith(self.unit_path)


@dataclass(frozen=True)
class Actor:
    """Who acts: an account with its roles and places, or a command of the system."""

    id: int
    name: str
    roles: frozenset[str] = frozenset()
    places: tuple[Place, ...] = ()
    official_id: int | None = None
    kind: str = "account"
    #: In whose place he may act today, by letter; their rights are theirs and not handed on.
    stands_in: tuple[StandIn, ...] = ()


@dataclass(frozen=True)
class StandIn:
    """Somebody in whose place one acts: his own roles and places, and the letter that says so."""

    actor: Actor
    letter: str
    until: date


class WrongPolicy(ValueError):
    """A policy table that cannot be read; its text names the row."""


def read_policy(table: Mapping[str, Mapping[str, str]]) -> Policy:
    """The policy from rows such as ``{"official": {"clerk": "rcedx", "auditor": "rx verify"}}``."""
    return {
        kind: {role: _verbs(kind, role, text) for role, text in row.items()}
        for kind, row in table.items()
    }


def _verbs(kind: str, role: str, text: str) -> frozenset[str]:
    if role not in ROLE_NAMES:
        raise WrongPolicy(f"policy of {kind}: there is no role {role!r}")
    verbs: set[str] = set()
    for word in text.split():
        if word in WORDS:
            verbs.add(word)
            continue
        unknown = set(word) - set(LETTERS)
        if unknown:
            raise WrongPolicy(f"policy of {kind} for {role}: {word!r} is no verb")
        verbs.update(LETTERS[letter] for letter in word)
    if verbs and "read" not in verbs:
        raise WrongPolicy(f"policy of {kind} for {role}: verbs without reading")
    return frozenset(verbs)


def objection(policy: Policy, actor: Actor | None, verb: str, kind: str) -> Sentence | None:
    """Why this actor may not, or None; a kind without a row is refused to everybody."""
    if actor is None:
        return say("Sign in first.")
    row = policy.get(kind)
    if row is None or verb not in VERBS:
        return say("No rule opens this.")
    if any(verb in row.get(role, ()) for role in actor.roles):
        return None
    able = [name for role, name in ROLE_NAMES.items() if verb in row.get(role, ())]
    return say(REFUSALS[verb].id, roles=listed(able)) if able else say("No rule opens this.")


def listed(names: Iterable[object]) -> object:
    """Names in one sentence: "Clerk, Supervisor"."""
    return reduce(lambda before, name: say("%(one)s, %(two)s", one=before, two=name), names)


def is_masked(policy: Policy, masks: Masks, actor: Actor | None, kind: str, column: str) -> bool:
    """Whether `column` is shown to this actor as a mask only; so it is to whom cannot read."""
    if actor is None:
        return True
    readers = [role for role in actor.roles if "read" in policy.get(kind, {}).get(role, ())]
    return all((role, kind, column) in masks for role in readers)


def in_scope(actor: Actor | None, region_id: int | None, unit_path: str = "") -> bool:
    """Whether a record at this place is the actor's to see; what has no region is everybody's."""
    if actor is None:
        return False
    return region_id is None or any(place.holds(region_id, unit_path) for place in actor.places)


def toxic(roles: Iterable[str]) -> Sentence | None:
    """Why one account may not hold these roles together, or None."""
    held = set(roles)
    for watcher, worker in TOXIC:
        if {watcher, worker} <= held:
            return say(
                "One account cannot be %(one)s and %(two)s at once. Make a second account.",
                one=ROLE_NAMES[watcher],
                two=ROLE_NAMES[worker],
            )
    return None
