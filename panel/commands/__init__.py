"""Commands of the plugin: `flask account`, `flask backup`, `flask doctor`, `flask log`,
`flask messages`, `flask nightly`, `flask remind`, `flask restore`, `flask worker`,
`flask workflow`.
"""

from __future__ import annotations

from flask import Flask


def register_commands(app: Flask) -> None:
    """Make the commands known to `flask`."""
    from . import archive, checkpoints  # noqa: F401 - add to `flask log`
    from .account import account
    from .backup import backup, restore
    from .doctor import doctor
    from .log import log
    from .messages import messages
    from .nightly import nightly
    from .remind import remind
    from .worker import worker
    from .workflow import workflow

    for group in (account, log, messages, workflow):
        app.cli.add_command(group)
    for command in (backup, doctor, nightly, remind, restore, worker):
        app.cli.add_command(command)
