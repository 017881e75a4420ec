"""What has ended by itself and is swept out: sessions of browsers, failures, forms already sent.

None of it is logged; none of it opens anything any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Engine

from .asking import Access
from .sessions import ABSOLUTE, IDLE
from .throttle import SWEEP

#: A form is sent again within minutes, and its session ends within hours.
SENT = timedelta(days=7)


@dataclass(frozen=True)
class Tidied:
    """How many rows went."""

    sessions: int
    attempts: int
    forms: int


def tidy(access: Access, engine: Engine, moment: datetime) -> Tidied:
    """Sweep out what had ended at `moment`, in one transaction of its own."""
    session = sa.inspect(access.web_session).local_table
    attempt = sa.inspect(access.attempt).local_table
    over = sa.or_(session.c.seen_at <= moment - IDLE, session.c.created_at <= moment - ABSOLUTE)
    forms = 0
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        sessions = connection.execute(sa.delete(session).where(over)).rowcount
        quiet = attempt.c.last_at < moment - SWEEP
        attempts = connection.execute(sa.delete(attempt).where(quiet)).rowcount
        if access.form_token is not None:
            form = sa.inspect(access.form_token).local_table
            forms = connection.execute(sa.delete(form).where(form.c.at < moment - SENT)).rowcount
    return Tidied(sessions, attempts, forms)
