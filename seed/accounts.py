"""The accounts of the demo: made-up people of both cities who share one password."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask_security import hash_password
from sqlalchemy.orm import Session

from models.records import Account, AccountGrant, Role, access, locate
from panel.access.passwords import normal, weakness
from panel.access.rules import ROLE_NAMES
from panel.columns import now
from panel.words import Refused, Sentence

from .rows import plant

SERANG, METRO = "36.73", "18.72"


@dataclass(frozen=True)
class DemoAccount:
    """Somebody who signs in to try the panel."""

    username: str
    name: str
    role: str
    places: tuple[str, ...]


ACCOUNTS = (
    DemoAccount("ani", "Ani Contoh", "clerk", (SERANG,)),
    DemoAccount("asep", "Asep Misal", "clerk", (SERANG,)),
    DemoAccount("bayu", "Bayu Teladan", "supervisor", (SERANG,)),
    DemoAccount("dewi", "Dewi Umpama", "supervisor", (SERANG,)),
    DemoAccount("citra", "Citra Rekaan", "auditor", (SERANG,)),
    DemoAccount("mira", "Mira Ibarat", "clerk", (METRO,)),
    DemoAccount("made", "Made Andaian", "supervisor", (METRO,)),
    DemoAccount("maya", "Maya Khayal", "auditor", (METRO,)),
    DemoAccount("eka", "Eka Tiruan", "administrator", (SERANG, METRO)),
    DemoAccount("edi", "Edi Seumpama", "administrator", (SERANG, METRO)),
)


def names_by_role() -> list[tuple[Sentence, str]]:
    """The demo's sign-in names under their roles, for the sign-in page."""
    names: dict[str, list[str]] = {}
    for one in ACCOUNTS:
        names.setdefault(one.role, []).append(one.username)
    return [(ROLE_NAMES[role], ", ".join(found)) for role, found in names.items()]


def plant_accounts(session: Session, password: str) -> None:
    """Add every demo account that is missing; the password counts as chosen by its owner.

    It is hashed once for all of them: the hash is slow by design.
    """
    if sentence := weakness(password):
        raise Refused("field", sentence, "password")
    hashed = hash_password(normal(password))
    roles = plant(session, Role, "code", [{"code": code} for code in ROLE_NAMES])
    for one in ACCOUNTS:
        if access.find(session, username=one.username) is None:
            session.add(
                Account(
                    username=one.username,
                    name=one.name,
                    password=hashed,
                    password_changed_at=now(),
                    fs_uniquifier=secrets.token_hex(16),
                    roles=[roles[one.role]],
                    grants=[AccountGrant(**locate(session, place)) for place in one.places],
                )
            )
    session.flush()
