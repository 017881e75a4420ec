"""Sessions that were called off count nowhere; lists and pages still show them."""

from __future__ import annotations

import sqlalchemy as sa

from .concrete import ProcessState
from .training import TrainingSession


def stands() -> sa.ColumnElement[bool]:
    """In a query with sessions: that a session was not cancelled; no session at all stands too."""
    return ~(
        sa.exists()
        .where(
            ProcessState.version_id == TrainingSession.process_version_id,
            ProcessState.code == TrainingSession.status,
            ProcessState.category == "cancelled",
        )
        .correlate(TrainingSession)
    )
