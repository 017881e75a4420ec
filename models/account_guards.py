"""What keeps a request for an account from being confirmed, and to whom it is closed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from panel.words import Sentence, say
from panel.workflow.definition import Guard


class Request(Protocol):
    """What the guard reads of a request."""

    @property
    def objection(self) -> Sentence | None: ...


def as_it_stood(request: Request) -> Sentence | None:
    """The account is as it was when this was asked."""
    return request.objection


ACCOUNT_GUARDS: Mapping[str, Guard] = {"as_it_stood": Guard(as_it_stood)}

#: Relations whose people do not take a step, with what each is told.
ACCOUNT_DUTIES: Mapping[str, Sentence] = {
    "subject": say("This is about your own account; another administrator has to decide on it."),
    "bystander": say("Only who asked for this takes it back. You can turn it down."),
}
