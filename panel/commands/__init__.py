"""Commands of the plugin: `flask account`, `flask log`, `flask messages`, `flask remind`,
`flask workflow`.
"""

from __future__ import annotations

from flask import Flask


def register_commands(app: Flask) -> None:
    """Make the commands known to `flask`."""
    from . import checkpoints  # noqa: F401 - adds to `flask log`
    from .account import account
    from .log import log
    from .messages import messages
    from .remind import remind
    from .workflow import workflow

    for group in (account, log, messages, workflow):
        app.cli.add_command(group)
    app.cli.add_command(remind)
