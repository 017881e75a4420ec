"""What the frame of every page shows: whose account, which region, how much waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from ..access.rules import ROLE_NAMES, listed
from ..plugin import current_panel
from .acting import actor
from .language import language
from .preferences import theme
from .waiting import counts


@dataclass(frozen=True)
class Shell:
    """The frame for one reader; `account` is empty for a stranger."""

    account: Any
    role: Any
    region_name: Any
    region_sub: Any
    demo: bool
    language: str
    theme: str

    @property
    def inbox_count(self) -> int:
        """How much waits for the reader; asked only where it is shown."""
        if not self.account or current_panel().workflow is None:
            return 0
        return counts().waiting

    @property
    def notice_count(self) -> int:
        """How much the reader was told and has not read yet."""
        return counts().unread if self.account and current_panel().notices is not None else 0


def init_app(app: Flask) -> None:
    """Give every template of `app` the value `shell`."""
    app.context_processor(lambda: {"shell": shell()})


def shell() -> Shell:
    """The frame as the present reader sees it."""
    who, demo = actor(), bool(current_app.config.get("DEMO"))
    if who is None:
        return Shell(None, None, "", "", demo, language(), theme())
    names = [ROLE_NAMES[role] for role in ROLE_NAMES if role in who.roles]
    role = listed(names) if names else None
    region_text = current_panel().region_text
    name, sub = region_text(who) if region_text else ("", "")
    return Shell(who, role, name, sub, demo, language(), theme())
