"""What a request for an account says in words: what stands and what is asked, side by side."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from ..access.changes import rights_of
from ..access.rights import places_text
from ..access.rules import ROLE_NAMES, listed
from ..plugin import current_panel
from ..words import Sentence, say
from .language import tell
from .stored import entity_at, told

NO_ROLE, NO_PLACE = say("no role"), say("no place")
STAYS = say("stays as it is")
PASSWORD = say("A new one is made up; it is shown once, to who confirms.")
AUTHENTICATOR = say("It is forgotten; a new one is set up at the next sign-in.")
SIGN_IN = {True: say("yes"), False: say("no")}


@dataclass(frozen=True)
class Line:
    """One thing that an account has: as it stands and as it is asked for."""

    label: Any
    stands: Any
    asked: Any

    @property
    def differs(self) -> bool:
        """Whether the request changes it."""
        return bool(tell(self.stands) != tell(self.asked))


def lines_of(request: Any) -> list[Line]:
    """What stands and what is asked; what stood then, once it was decided."""
    return compared(request, json.loads(stands(request)))


def stands(request: Any) -> str:
    """The rights to which a request is compared: those of today while it waits."""
    return request.stood if request.decision_id else rights_of(request.account).text


def compared(request: Any, before: Mapping[str, Any]) -> list[Line]:
    """A request beside some rights of its account."""
    found = [
        Line(say("May sign in"), SIGN_IN[before["active"]], SIGN_IN[request.active]),
        Line(say("Roles"), roles_told(" ".join(before["roles"])), roles_told(request.roles)),
        Line(say("Scope"), places_told(places_text(before["places"])), places_told(request.places)),
    ]
    if request.new_password:
        found.append(Line(say("Password"), STAYS, PASSWORD))
    if request.new_authenticator:
        found.append(Line(say("Authenticator"), STAYS, AUTHENTICATOR))
    return found


def since_asked(request: Any) -> list[tuple[Any, Any, Any]]:
    """What of the account is not as it was when this was asked: label, then, now."""
    then, now = json.loads(request.stood), json.loads(stands(request))
    pairs = [
        (say("May sign in"), SIGN_IN[then["active"]], SIGN_IN[now["active"]]),
        (say("Roles"), *(roles_told(" ".join(one["roles"])) for one in (then, now))),
        (say("Scope"), *(places_told(places_text(one["places"])) for one in (then, now))),
    ]
    return [row for row in pairs if tell(row[1]) != tell(row[2])]


def in_short(request: Any) -> Any:
    """What a request is about, in a few words and without asking the database."""
    before = json.loads(request.stood)
    asked = (
        (say("sign-in"), before["active"] != request.active),
        (say("roles"), " ".join(before["roles"]) != request.roles),
        (say("scope"), places_text(before["places"]) != request.places),
        (say("password"), request.new_password),
        (say("authenticator"), request.new_authenticator),
    )
    names = [name for name, differs in asked if differs]
    return listed(names) if names else say("nothing new")


def roles_told(text: str) -> Any:
    """Roles as they are stored, by their names."""
    return listed([ROLE_NAMES[code] for code in text.split()]) if text else NO_ROLE


def places_told(text: str) -> Any:
    """Places as they are stored, by name and day."""
    places = json.loads(text)
    return _joined(place_told(place) for place in places) if places else NO_PLACE


def place_told(place: Mapping[str, Any]) -> Any:
    """One place: what it is called, from when and until when."""
    grant = current_panel().access.grant
    names = [
        told(grant.__tablename__, name, str(value))
        for name, value in sorted(place.items(), reverse=True)
        if value is not None and name != "id" and entity_at(grant, name) is not None
    ]
    name = listed([one for one in names if one])
    first, last = (place.get(column) for column in ("valid_from", "valid_to"))
    if first and last:
        days = {"first": date.fromisoformat(first), "last": date.fromisoformat(last)}
        return say("%(name)s from %(first)s to %(last)s", name=name, **days)
    if first:
        return say("%(name)s from %(first)s on", name=name, first=date.fromisoformat(first))
    if last:
        return say("%(name)s until %(last)s", name=name, last=date.fromisoformat(last))
    return name


def stood_told(text: str) -> Any:
    """Rights as they are stored, in one line."""
    rights = json.loads(text)
    return say(
        "May sign in: %(active)s. Roles: %(roles)s. Scope: %(places)s.",
        active=SIGN_IN[rights["active"]],
        roles=roles_told(" ".join(rights["roles"])),
        places=places_told(places_text(rights["places"])),
    )


def regions_told(text: str) -> Any:
    """Regions as they are stored, by name."""
    grant = current_panel().access.grant
    columns = [
        column.name
        for column in sa.inspect(grant).local_table.columns
        if column.name == current_panel().log.tables.scope
    ]
    numbers = [number for number in text.split("/") if number]
    if not columns or not numbers:
        return NO_PLACE
    return listed([told(grant.__tablename__, columns[0], number) for number in numbers])


def _joined(parts: Iterable[Any]) -> Sentence | Any:
    found = list(parts)
    text = found[0]
    for part in found[1:]:
        text = say("%(one)s; %(two)s", one=text, two=part)
    return text
