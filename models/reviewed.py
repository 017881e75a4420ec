"""What a review of access shows, and the one text of it that a sign-off stands for; pure.

The text is canonical JSON in lines: the same for everybody who sees the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from panel.changelog.rules import canonical, text_of_moment

from .access_spans import Span
from .account_changes import AccountChange
from .concrete import Account, Decision, Substitution
from .government import Region, Unit
from .pairs import Pair


@dataclass(frozen=True)
class Period:
    """From `since` to before `until`; whoever did not sign in for `days` before its end is idle."""

    since: datetime
    until: datetime
    days: int

    @property
    def quiet_since(self) -> datetime:
        """Who signed in before this moment, and never after it, is idle."""
        return self.until - timedelta(days=self.days)


@dataclass(frozen=True)
class Holder:
    """An account, and what it had in the period."""

    account: Account
    roles: tuple[Span, ...]
    places: tuple[Span, ...]


@dataclass(frozen=True)
class Request:
    """What was asked for an account, and who decided on it."""

    change: AccountChange
    asked_at: datetime | None
    decisions: tuple[Decision, ...]


@dataclass(frozen=True)
class Review:
    """Everything that the page shows."""

    regions: tuple[Region, ...]
    holders: tuple[Holder, ...]
    #: Idle accounts with their last sign-in, none for those that never did.
    idle: tuple[tuple[Account, datetime | None], ...]
    letters: tuple[Substitution, ...]
    requests: tuple[Request, ...]
    pairs: tuple[Pair, ...]
    toxic: tuple[tuple[Span, Span], ...]
    #: Names of the accounts in pairs, codes of roles and names of units, by number.
    names: Mapping[int, str]
    codes: Mapping[str, str]
    units: Mapping[str, Unit]
    period: Period

    @property
    def text(self) -> str:
        """What is shown, as canonical JSON in lines."""
        return json.dumps(json.loads(canonical(self._facts())), ensure_ascii=False, indent=1) + "\n"

    @property
    def digest(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def _facts(self) -> dict[str, object]:
        return {
            "from": text_of_moment(self.period.since),
            "until": text_of_moment(self.period.until),
            "idle_days": self.period.days,
            "regions": [one.kemendagri_code for one in self.regions],
            "accounts": [
                {
                    "id": one.account.id,
                    "username": one.account.username,
                    "name": one.account.name,
                    "active": one.account.active,
                    "roles": [self._span(span) for span in one.roles],
                    "places": [self._span(span) for span in one.places],
                }
                for one in self.holders
            ],
            "idle": [[account.id, _moment(at)] for account, at in self.idle],
            "substitutes": [
                [
                    one.account_id,
                    one.for_account_id,
                    one.letter_no,
                    one.valid_from.isoformat(),
                    one.valid_to.isoformat(),
                ]
                for one in self.letters
            ],
            "requests": [_request(one) for one in self.requests],
            "pairs": [
                [one.one, one.other, one.there.number, one.there.of, one.back.number, one.back.of]
                for one in self.pairs
            ],
            "excluding_roles": [[a.account, a.right[1], b.right[1]] for a, b in self.toxic],
        }

    def _span(self, span: Span) -> list[object]:
        right = [self.codes.get(span.right[1], "")] if span.right[0] == "role" else span.right[1:]
        return [*right, _moment(span.since), _moment(span.until), span.given_by, span.taken_by]


def _request(one: Request) -> list[object]:
    return [
        one.change.id,
        one.change.account_id,
        one.change.asker.name if one.change.asker else "",
        _moment(one.asked_at),
        one.change.reason,
        [[step.step, step.actor_name, _moment(step.at)] for step in one.decisions],
    ]


def _moment(at: datetime | None) -> str | None:
    return text_of_moment(at) if at is not None else None
