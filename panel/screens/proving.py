"""The password once more, inside a decision.

A step of who decides or hands out rights asks for it where REAUTH is on, in the form of the step
itself: nothing that was typed is lost on the way, and who finds an open screen decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import current_app

from ..plugin import current_panel
from ..words import Refused, say
from ..workflow.definition import Transition
from ..workflow.rules import Offer
from .acting import the_actor
from .signin_forms import is_password, made_it, slowed

#: The roles whose steps are signed with the password.
SIGNS = frozenset({"supervisor", "administrator"})


def reauth() -> bool:
    """Whether this installation asks for the password inside a decision."""
    return bool(current_app.config["REAUTH"])


def is_signed(transition: Transition) -> bool:
    """Whether the step asks for the password."""
    return reauth() and not SIGNS.isdisjoint(transition.roles)


def signed(offers: Iterable[Offer]) -> list[Offer]:
    """The open ones of the offers that ask for the password."""
    return [one for one in offers if one.objection is None and is_signed(one.transition)]


def prove(typed: str) -> None:
    """Refuse a password that is not the actor's; counted and slowed like one at sign-in.

    Ends the transaction that is open: looking at a password takes time, and holds up nobody.
    """
    if not typed:
        raise Refused("field", say("Type your password: this step is signed with it."), "password")
    panel = current_panel()
    session = panel.db.session
    account = panel.access.find(session, id=the_actor().id)
    assert account is not None, "who acts has an account"
    session.expunge_all()
    session.rollback()
    if sentence := slowed(account.username):
        raise Refused("field", sentence, "password")
    right = is_password(account, typed)
    session.expunge_all()  # a hash that was made anew is no part of this deed
    if not right:
        raise Refused("field", say("The password is wrong."), "password")
    made_it(account.username)
