"""`/healthz` tells that the process serves and reaches its database, `/readyz` that it is ready.

They name no cause to strangers; the cause stands in the server's log.
"""

from __future__ import annotations

import logging

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, jsonify

from ..changelog.triggers import differences
from ..plugin import current_panel

health = Blueprint("health", __name__)
logger = logging.getLogger(__name__)


@health.get("/healthz")
def alive() -> tuple[Response, int]:
    """200 while the database answers."""
    return answer(None if reaches_database() else "the database does not answer")


@health.get("/readyz")
def ready() -> tuple[Response, int]:
    """200 when the schema is current as well, and every trigger is the one that belongs there."""
    if not reaches_database():
        return answer("the database does not answer")
    schema_is_current = current_app.config.get("PANEL_SCHEMA_IS_CURRENT", lambda: True)
    if not schema_is_current():
        return answer("a migration is pending")
    panel = current_panel()
    with panel.engine.connect() as connection:
        found = differences(connection, panel.triggers(connection.dialect.name))
    return answer("; ".join(map(str, found)) or None)


def reaches_database() -> bool:
    """Whether a query comes back."""
    try:
        with current_panel().engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    except sa.exc.SQLAlchemyError:
        logger.warning("health: the database does not answer", exc_info=True)
        return False
    return True


def answer(cause: str | None) -> tuple[Response, int]:
    """The same short answer for everybody."""
    if cause:
        logger.warning("health: %s", cause)
        return jsonify(status="unavailable"), 503
    return jsonify(status="ok"), 200
