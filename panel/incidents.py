"""Faults of ours, written down under a number that can be read out on the telephone.

One line of JSON in the server's log names the error and its places in the code, not its message:
messages carry values.
"""

from __future__ import annotations

import json
import logging
import secrets
import traceback

from .columns import now

LOG = logging.getLogger("panel.incident")


def written_down(error: BaseException, **facts: object) -> str:
    """The number of the incident; `facts` stand in its line as well."""
    number = f"K-{secrets.token_hex(2).upper()}-{secrets.randbelow(10_000):04}"
    frames = traceback.extract_tb(error.__traceback__)
    cause = error.__cause__ or error.__context__
    line = {
        "incident": number,
        "at": now().isoformat(timespec="milliseconds"),
        **facts,
        "error": type(error).__name__,
        "cause": type(cause).__name__ if cause else None,
        "state": getattr(getattr(error, "orig", None), "sqlstate", None),
        "places": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    LOG.error(json.dumps(line))
    return number
