"""Screens of the plugin on Flask-Admin; `init_screens` puts them into an application.

The order matters: the request guard stands before everything, sign-in comes after the language
that its messages are told in.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flask import Flask


def init_screens(app: Flask, catalogues: Sequence[Path] = ()) -> None:
    """Guard, errors, language, theme, sign-in and health of `app`, which has its panel already.

    `catalogues` are folders with the host's translations.
    """
    from . import answers, errors, integrity, language, requests, shell, signin, theme
    from . import catalogues as packaged
    from .health import health
    from .keeping import init_app as keep_rules

    requests.init_app(app)
    errors.init_app(app)
    answers.init_app(app)
    language.init_app(app, catalogues)
    packaged.init_app(app)
    theme.init_app(app)
    signin.init_app(app)
    shell.init_app(app)
    keep_rules(app)
    integrity.init_app(app)
    app.register_blueprint(health)
