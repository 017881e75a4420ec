"""Own catalogues for Flask-Admin, WTForms and Flask-Security, which ship no Indonesian.

The first two keep their catalogues in module globals, so this is done for the whole process; doing
it twice changes nothing. Their English and other languages stay theirs.
"""

from __future__ import annotations

import flask_admin.babel
import flask_wtf.form
from flask import Flask
from flask_admin import translations as packaged
from flask_babel import Domain
from wtforms.i18n import messages_path

from .language import TRANSLATIONS


def init_app(app: Flask) -> None:
    """Let the packages speak Indonesian; before Flask-Security is set up."""
    own = str(TRANSLATIONS)
    # an attribute, not `Admin(translations_path=)`: that one is asked only while a view is current,
    # which leaves out sign-in and error pages
    flask_admin.babel.domain._translation_directories = [packaged.__path__[0], own]
    flask_admin.babel.domain.cache.clear()  # an application without ours may have asked before
    flask_admin.babel.wtforms_domain = Domain([messages_path(), own], domain="wtforms")
    # Flask-WTF looks into one folder only
    flask_wtf.form.translations = flask_admin.babel.Translations()
    app.config.setdefault("SECURITY_I18N_DIRNAME", ["builtin", own])
