"""The forms that ask for a password: signing in, choosing a new one, showing that it is still you.

They say the same, in the same time, for an unknown name, a wrong password and a closed account.
Each look at a password is counted, and comes slower after failures.
"""

from __future__ import annotations

from typing import Any

from flask import Response, after_this_request, current_app, request, session
from flask_login import current_user
from flask_security import hash_password
from flask_security.forms import ChangePasswordForm, Form, LoginForm
from flask_security.forms import VerifyForm as StockVerifyForm
from wtforms import PasswordField, StringField

from ..access.passwords import LONGEST, normal, weakness
from ..changelog.records import note
from ..changelog.rules import Command
from ..plugin import current_panel
from ..words import Sentence, say
from .acting import origin
from .language import tell


class SignInForm(LoginForm):
    """User name and password; no e-mail address, no remembered browser."""

    username = StringField(say("User name").id)
    password = PasswordField(say("Password").id)
    email = None
    remember = None

    def validate(self, **kwargs: Any) -> bool:
        """The whole check is our own: stock tells a closed account apart and knows no delay."""
        if not super(LoginForm, self).validate(**kwargs):
            return False
        username = (self.username.data or "").strip().lower()
        panel = current_panel()
        sentence = slowed(username)
        if sentence is None:
            found = panel.access.find(panel.db.session, username=username)
            if is_password(found, self.password.data) and found.active:
                self.user = found
                made_it(username)
                # a code may still be asked for: what was known before the password opens nothing
                session._get_current_object().renew(None)
                return True
            refused(found, "sign-in")
            sentence = say("User name or password is wrong.")
        self.form_errors.append(tell(sentence))
        return False


class VerifyForm(StockVerifyForm):
    """The password once more, before something that matters."""

    def validate(self, **kwargs: Any) -> bool:
        return Form.validate(self, **kwargs) and proven(self.password)


class ChangeForm(ChangePasswordForm):
    """The present password, and the new one twice."""

    password = PasswordField(say("Present password").id)
    new_password = PasswordField(say("New password").id)
    new_password_confirm = PasswordField(say("New password once more").id)

    def validate(self, **kwargs: Any) -> bool:
        if not Form.validate(self, **kwargs):
            return False
        chosen = normal(self.new_password.data or "")
        if sentence := weakness(chosen, current_user.username, current_user.name):
            return wrong(self.new_password, sentence)
        if chosen != normal(self.new_password_confirm.data or ""):
            return wrong(self.new_password_confirm, say("This is not the new password above."))
        if chosen == normal(self.password.data or ""):
            return wrong(self.new_password, say("The new password is the present one."))
        self.new_password.data = chosen
        return proven(self.password)


def proven(field: Any) -> bool:
    """Whether who is signed in typed his password into `field`."""
    username = current_user.username
    if sentence := slowed(username):
        return wrong(field, sentence)
    if not is_password(current_user._get_current_object(), field.data):
        refused(current_user, "password")
        return wrong(field, say("The password is wrong."))
    made_it(username)
    return True


def wrong(field: Any, sentence: Sentence) -> bool:
    """Put the sentence to the field; always False."""
    field.errors = [*field.errors, tell(sentence)]
    return False


def is_password(account: Any | None, typed: str | None) -> bool:
    """Whether it is the account's password; as slow for an account that there is not."""
    password = normal(typed or "")[: LONGEST + 1]
    if account is None or not account.password:
        hash_password(password)
        return False
    return bool(account.verify_and_update_password(password))


def slowed(username: str) -> Sentence | None:
    """Count the attempt, or say how long to wait; the answer then is 429."""
    if not current_app.config["THROTTLE"]:
        return None
    current_panel().db.session.rollback()
    seconds = current_app.extensions["throttle"].begin(username, request.remote_addr or "")
    if not seconds:
        return None

    @after_this_request
    def too_many(response: Response) -> Response:
        response.status_code = 429
        response.headers["Retry-After"] = str(seconds)
        return response

    return say("Too many attempts. Wait %(seconds)s seconds, then try again.", seconds=seconds)


def made_it(username: str) -> None:
    """The password was right: forget the failures."""
    if current_app.config["THROTTLE"]:
        current_app.extensions["throttle"].succeeded(username, request.remote_addr or "")


def refused(account: Any | None, what: str) -> None:
    """Log the refusal; what was typed for a name may be a password, so it is not kept."""
    panel = current_panel()
    subject = (panel.access.account.__tablename__, str(account.id)) if account else None
    panel.db.session.rollback()
    actor = Command("sign-in")
    note(panel.db.engine, f"{what}.refused", actor=actor, subject=subject, **origin())
