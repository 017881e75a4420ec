"""The second factor: codes of an authenticator, and recovery codes for a lost telephone.

Every code serves once, also when it is sent twice at the same moment. Secrets are stored encrypted,
recovery codes as keyed hashes that nobody can show again.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from typing import Any

import qrcode
from flask import Flask, current_app
from flask_security import MfRecoveryCodesUtil, Totp
from flask_security.twofactor import CodeTfPlugin
from passlib.exc import UsedTokenError
from passlib.totp import TotpMatch
from qrcode.image.svg import SvgPathFillImage

from ..access.keys import derived
from ..access.passwords import made_up
from ..changelog.records import current
from .account_store import before_sign_in
from .requests import is_own_path

#: Recovery codes that an account gets at a time.
RECOVERY_CODES = 8
#: Seconds before and after now whose codes are taken, for telephones whose clock is off.
WINDOW = 30

#: Pages of Flask-Security that exist where the second factor is on.
ENDPOINTS = (
    "security.two_factor_setup",
    "security.two_factor_setup_validate",
    "security.two_factor_token_validation",
    "security.two_factor_rescue",
    "security.tf_select",
    "security.mf_recovery",
    "security.mf_recovery_codes",
)


def settings(app: Flask) -> dict[str, Any]:
    """Flask-Security's settings; nothing where the second factor is off."""
    if not app.config["TOTP"]:
        return {}
    return {
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_IMPLEMENTATIONS": {"code": f"{__name__}.AfterPassword"},
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": WINDOW,
        "SECURITY_TWO_FACTOR_ALWAYS_VALIDATE": True,  # no browser is trusted for a while
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TOTP_SECRETS": {"1": derived(app.config["SECRET_KEY"], "authenticators")},
        "SECURITY_TOTP_ISSUER": app.config.get("PANEL_NAME", app.name),
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": RECOVERY_CODES,
        "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": "security/two_factor_code.html",
        "SECURITY_MULTI_FACTOR_RECOVERY_TEMPLATE": "security/two_factor_recovery.html",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_TEMPLATE": "security/two_factor_recovery_codes.html",
    }


class AfterPassword(CodeTfPlugin):
    """The way from the password to the code."""

    def tf_login(self, user: Any, json_payload: dict[str, Any], next_loc: str | None) -> Any:
        """Where nobody wanted to go, stock goes back to the address of the sign-in page."""
        wanted = next_loc if next_loc and is_own_path(next_loc) else None
        return super().tf_login(user, json_payload, wanted)


class Codes(Totp):
    """Codes of an authenticator; none is taken twice, and none that is older than the last."""

    def get_last_counter(self, user: Any) -> int | None:
        return user.tf_last_counter

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        """Take the code, or raise the error that stands for a wrong one."""
        if current() is not None:  # signed in: saved with the new authenticator
            user.tf_last_counter = tmatch.counter
            return
        with before_sign_in("sign-in.code", user) as account:
            if account.tf_last_counter is not None and account.tf_last_counter >= tmatch.counter:
                raise UsedTokenError
            account.tf_last_counter = tmatch.counter

    def generate_qrcode(self, username: str, totp: str) -> str:
        """The QR code on white ground, readable in both themes."""
        uri = self.get_totp_uri(username, totp)
        image = qrcode.make(uri, image_factory=SvgPathFillImage).to_string()
        return f"data:image/svg+xml;base64,{b64encode(image).decode()}"

    def generate_recovery_codes(self, number: int) -> list[str]:
        return [made_up() for _ in range(number)]


class RecoveryCodes(MfRecoveryCodesUtil):
    """Recovery codes: shown when they are made and never again, each good for one sign-in."""

    def create_recovery_codes(self, user: Any) -> list[str]:
        # of the account itself: the database session knows nothing of the stand-in
        return super().create_recovery_codes(user._get_current_object())

    def get_recovery_codes(self, user: Any) -> list[str]:
        return []

    def check_recovery_code(self, user: Any, code: str) -> bool:
        """Take the code; False when it is not one of those that are left."""
        wanted = self._encrypt_codes([code])[0]
        with before_sign_in("sign-in.recovery-code", user) as account:
            left = (account.mf_recovery_codes or "").split(",")
            kept = [one for one in left if not hmac.compare_digest(one, wanted)]
            account.mf_recovery_codes = ",".join(kept) or None
        return len(kept) < len(left)

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        return True  # it was taken when it was checked

    def _encrypt_codes(self, codes: list[str]) -> list[str]:
        """What is stored of codes, typed with hyphens or without."""
        key = derived(current_app.config["SECRET_KEY"], "recovery codes").encode()
        plain = [code.replace("-", "").encode() for code in codes]
        return [hmac.digest(key, code, "sha256").hex() for code in plain]
