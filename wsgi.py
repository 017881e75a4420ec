"""Composition root: joins plugin, models, screens and commands into one application.

`python wsgi.py` (what `make run` calls) prepares the database and serves it; `gunicorn wsgi:app`
and `flask` find `app`, which is made when first asked for.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from gunicorn.arbiter import Arbiter
from werkzeug.middleware.proxy_fix import ProxyFix

from models.files import StoredFile
from models.records import panel
from models.schema import is_current, knows, migrate
from panel.changelog.pooling import ApartPool
from panel.collecting import set_apart
from panel.commands import register_commands
from panel.commands.serve import release_connections, serve
from panel.commands.start import is_serving, start_objection
from panel.screens import init_screens
from panel.screens.signin import check_routes
from panel.settings import Settings, WrongSetting, read_settings
from panel.sheets.reading import LARGEST
from panel.words import Refused, Sentence
from seed.accounts import ACCOUNTS, names_by_role
from seed.commands import prepare, register_seed_commands
from views import TRANSLATIONS, register_views
from views import commands as office_commands  # noqa: F401 - adds `flask account official`
from views.catalogue import CATALOGUE
from views.roster_commands import roster

ROOT = Path(__file__).parent
PREFIX = "JENJANG_"
#: Compiled statements that are kept; all pages together have some eight hundred.
STATEMENTS = 2_000
#: Bytes of a form beside the largest file, and of a file that is refused in words.
MARGIN = 2 * 2**20
#: Endpoints for strangers, beside sign-in and the files of the theme.
PUBLIC = ("health.alive", "health.ready")


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The application. Keys of `config` that begin with JENJANG_ are settings, others Flask's."""
    config = dict(config or {})
    given = {key: str(config.pop(key)) for key in list(config) if key.startswith(PREFIX)}
    settings = read_settings(PREFIX, ROOT, {**os.environ, **given})
    app = Flask("jenjang", instance_path=str(settings.instance), static_folder=None)
    configure(app, settings)
    app.config.update(config)
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)
    panel.db.init_app(app)
    panel.init_app(app)
    Migrate(app, panel.db, directory=str(ROOT / "models" / "migrations"))
    init_screens(app, catalogues=(TRANSLATIONS,))
    register_views(app, panel)
    register_commands(app)
    register_seed_commands(app)
    app.cli.add_command(roster)
    check_routes(app, public=PUBLIC)
    return app


def configure(app: Flask, settings: Settings) -> None:
    """Put the settings into the names that Flask and its extensions know."""
    app.config.update(
        SETTINGS=settings,
        PRODUCTION=settings.production,
        SECRET_KEY=settings.secret_key,
        SECURITY_PASSWORD_SALT=settings.secret_key,
        LOG_KEYS=settings.log_keys,
        CHECKPOINT_KEY=settings.checkpoint_key,
        CHECKPOINTS=str(settings.checkpoints),
        CHECKPOINT_MAIL=settings.checkpoint_mail,
        MAIL_SERVER=settings.mail_server,
        DEMO_PASSWORD=settings.demo_password,
        TRUSTED_HOSTS=list(settings.names) or None,
        THROTTLE=settings.throttle,
        TOTP=settings.totp,
        REAUTH=settings.reauth,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"query_cache_size": STATEMENTS, "poolclass": ApartPool},
        FILES_FOLDER=str(settings.instance / "files"),
        SESSION_COOKIE_SECURE=settings.production,
        PANEL_NAME="Jenjang",
        DEMO=not settings.production,
        PANEL_DEMO_ACCOUNTS=[] if settings.production else names_by_role(),
        PANEL_SEARCH_ENDPOINT="search.index_view",
        PANEL_SCHEMA_IS_CURRENT=is_current,
        PANEL_KNOWS_REVISION=knows,
        PANEL_MIGRATE=migrate,
        PANEL_PINS=str(ROOT / "constraints.txt"),
        PANEL_FILE_RECORDS=StoredFile,
        PANEL_CATALOGUES=(CATALOGUE,),
        KEEP_LISTS=settings.keep_lists,
        KEEP_UPLOADS=settings.keep_uploads,
        PANEL_LARGER_REQUESTS={"roster_import.create_view": LARGEST + MARGIN},
    )


def sentence_or_app() -> Flask:
    """The application, or the end of the program with the sentence that says what to mend."""
    try:
        return create_app()
    except WrongSetting as wrong:
        raise stop(wrong.sentence) from None


def stop(sentence: Sentence) -> SystemExit:
    """The end of the program in words; a worker that ends with 3 is not started again."""
    print(f"Jenjang does not start. {sentence}", file=sys.stderr)
    return SystemExit(Arbiter.WORKER_BOOT_ERROR)


def prepared(app: Flask) -> Iterator[str]:
    """What is done and printed before `app` serves; refuses what production does not bear."""
    yield from prepare(app)
    look_before_serving(app)


def look_before_serving(app: Flask) -> None:
    """Refuse to serve real people's data with demo accounts, a log with gaps or a wrong clock."""
    if not app.config["PRODUCTION"]:
        return
    names = [account.username for account in ACCOUNTS]
    if objection := start_objection(app, is_current=is_current, demo_names=names):
        raise Refused("state", objection)


def __getattr__(name: str) -> Flask:
    if name != "app":
        raise AttributeError(name)
    app = sentence_or_app()
    if is_serving():
        try:
            look_before_serving(app)
        except Refused as refused:
            raise stop(refused.sentence) from None
        release_connections(app)  # a server may fork from here
        set_apart()
    globals()["app"] = app
    return app


if __name__ == "__main__":
    sys.exit(serve(sentence_or_app, prepared))
