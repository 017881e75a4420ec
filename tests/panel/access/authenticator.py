"""An authenticator as on a telephone, and the pages at which its codes are asked for."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP

from tests.panel.access.office import Clock, sign_in, token

KEY = re.compile(r"<code>([A-Z2-7-]{20,})</code>")
RECOVERY = re.compile(r"<li><code>([a-z0-9-]+)</code></li>")


def set_time(app: Flask, clock: Clock) -> None:
    """Let the server reckon codes by the test's clock."""
    app.extensions["security"].totp_factory._totp.now = staticmethod(
        lambda: clock.moment.timestamp()
    )


class Authenticator:
    """What the telephone keeps: the key that was scanned."""

    def __init__(self, page: str, clock: Clock) -> None:
        found = KEY.search(page)
        assert found, page
        self.totp = TOTP(key=found[1].replace("-", ""))
        self.clock = clock

    def code(self, seconds: int = 0) -> str:
        """The code that is shown after so many seconds."""
        shown: str = self.totp.generate(self.clock.moment.timestamp() + seconds).token
        return shown


def post(client: FlaskClient, path: str, page: str = "", **fields: str) -> Any:
    """Send a form; its token is that of `page`, or of the form at `path` itself."""
    form = {"csrf_token": token(client.get(page or path).text)} | fields
    return client.post(path, data=form)


def scanned(client: FlaskClient, clock: Clock) -> Authenticator:
    """The page with the QR code, read by the telephone."""
    return Authenticator(post(client, "/tf-setup", setup="authenticator").text, clock)


def give(client: FlaskClient, code: str, **fields: str) -> Any:
    """Type a code after the password."""
    return post(client, "/tf-validate", code=code, **fields)


def recovery_codes(client: FlaskClient) -> list[str]:
    """Have recovery codes made, and write them down."""
    return RECOVERY.findall(post(client, "/mf-recovery-codes").text)


def set_up(client: FlaskClient, clock: Clock, username: str = "eka") -> Authenticator:
    """Sign in for the first time; a code later the account is ready for its second."""
    sign_in(client, username)
    telephone = scanned(client, clock)
    assert give(client, telephone.code()).location == "/"
    assert len(recovery_codes(client)) == 8
    clock.forward(seconds=30)
    return telephone
