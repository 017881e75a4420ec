"""The forms that ask for the second factor; guesses are counted apart from those at passwords.

Whoever has the password would otherwise sign in again after each few codes and start anew.
"""

from __future__ import annotations

import re
from typing import Any

from flask import current_app
from flask_security.forms import (
    Form,
    TwoFactorRescueForm,
    TwoFactorVerifyCodeForm,
)
from flask_security.recovery_codes import MfRecoveryForm
from wtforms import RadioField, StringField

from ..words import say
from .second_factor import WINDOW
from .signin_forms import made_it, refused, slowed, wrong

CODE = re.compile(r"[0-9]{6}")
WRONG_CODE = say("The code is wrong or was used already. Wait for the next one.")


def counted_as(user: Any) -> str:
    """The name under which guesses at codes are counted; no account can have it."""
    return f"{user.username}:code"


class CodeForm(TwoFactorVerifyCodeForm):
    """Six digits of the authenticator."""

    code = StringField(say("Code").id)

    def validate(self, **kwargs: Any) -> bool:
        if not Form.validate(self, **kwargs):
            return False
        typed = re.sub(r"[\s-]", "", self.code.data or "")
        if not CODE.fullmatch(typed):
            return wrong(self.code, say("A code has six digits."))
        if sentence := slowed(counted_as(self.user)):
            return wrong(self.code, sentence)
        codes = current_app.extensions["security"].totp_factory
        secret = self.tf_totp_secret
        if not (self.user.active and codes.verify_totp(typed, secret, self.user, WINDOW)):
            refused(self.user, "sign-in.code")
            return wrong(self.code, WRONG_CODE)
        made_it(counted_as(self.user))
        return True


class RecoveryForm(MfRecoveryForm):
    """One of the recovery codes, in place of the authenticator's."""

    code = StringField(say("Recovery code").id)

    def validate(self, **kwargs: Any) -> bool:
        if not Form.validate(self, **kwargs):
            return False
        typed = re.sub(r"\s", "", self.code.data or "").lower()
        if not typed:
            return wrong(self.code, say("Type a recovery code."))
        if sentence := slowed(counted_as(self.user)):
            return wrong(self.code, sentence)
        codes = current_app.extensions["security"].mf_recovery_codes_util
        if not (self.user.active and codes.check_recovery_code(self.user, typed)):
            refused(self.user, "sign-in.recovery-code")
            return wrong(self.code, say("The recovery code is wrong or was used already."))
        made_it(counted_as(self.user))
        return True


class RescueForm(TwoFactorRescueForm):
    """The way to the recovery codes; stock would write to an administrator by e-mail."""

    help_setup = RadioField(choices=[])
