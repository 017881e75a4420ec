"""The Inspektorat's screens: they declare what is shown, and decide nothing."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Flask
from flask_admin import Admin

from panel.plugin import Panel
from panel.screens.theme import PanelTheme

HERE = Path(__file__).parent
TRANSLATIONS = HERE / "translations"


def register_views(app: Flask, panel: Panel) -> None:
    """Put the home page and every screen of the menu into `app`."""
    from . import import_jobs, import_retention
    from .home import HomeView  # here, because `views.fields` is imported without the screens
    from .menu import MENU

    import_jobs.init_app(app)
    import_retention.init_app(app)
    app.register_blueprint(Blueprint("views", __name__, template_folder=str(HERE / "templates")))
    home = HomeView(name=HomeView.title, endpoint="home", url="/", menu_icon_value="home")
    admin = Admin(app, name="Jenjang", theme=PanelTheme(), index_view=home, url="/")
    for category, screens in MENU:
        for screen in screens:
            admin.add_view(screen(panel, category=category))
