"""The Inspektorat's screens: they declare what is shown, and decide nothing."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Flask

from panel.plugin import Panel

TEMPLATES = Path(__file__).parent / "templates"
TRANSLATIONS = Path(__file__).parent / "translations"


def register_views(app: Flask, panel: Panel) -> None:
    """Put every screen of the menu into `app`."""
    from .home import HomeView  # late: the screens import the models and these need no app
    from .menu import MENU

    app.register_blueprint(Blueprint("views", __name__, template_folder=str(TEMPLATES)))
    admin = app.extensions["admin"][0]
    del admin, HomeView, MENU
