"""The accounts of the demo: made-up people of both cities who share one password."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from models.records import access
from panel.access.accounts import add_account
from panel.columns import now

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


def plant_accounts(session: Session, password: str) -> None:
    """Add every demo account that is missing; the password counts as chosen by its owner."""
    for one in ACCOUNTS:
        if access.find(session, username=one.username) is None:
            account, _ = add_account(
                access,
                session,
                username=one.username,
                name=one.name,
                roles=(one.role,),
                places=one.places,
                password=password,
            )
            account.password_changed_at = now()
    session.flush()
