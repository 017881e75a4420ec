"""`flask messages`: the sentences of the sources and their translations.

A catalogue is a folder of translations with the sources that speak from it: the plugin has one, a
host names its own in ``PANEL_CATALOGUES``. Message ids are English; `update` gathers them, a person
writes the Indonesian into the .po file, `compile` makes the .mo that is read, `missing` fails while
something has no translation. Compiled files are committed: a fresh machine compiles nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from flask import current_app
from flask.cli import AppGroup

#: calls whose first argument is a message id (of `ngettext` the first two)
KEYWORDS = {"say": None, "_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext.babel_extract")]
HEADERS = [
    ("Language", "id"),
    ("Plural-Forms", "nplurals=1; plural=0;"),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
]


@dataclass(frozen=True)
class Source:
    """A folder of translations, and the folders that speak from it.

    `declared` gives ids that are said without standing in a call, like names made of columns.
    """

    translations: Path
    speakers: tuple[Path, ...]
    declared: Callable[[], Iterable[str]] = tuple

    @property
    def folder(self) -> Path:
        """Where the Indonesian files stand."""
        return self.translations / "id" / "LC_MESSAGES"

    @property
    def po(self) -> Path:
        """The file that people write."""
        return self.folder / "messages.po"


ROOT = Path(__file__).parents[1]
PLUGIN = Source(ROOT / "screens" / "translations", (ROOT,))


def gathered(source: Source) -> Catalog:
    """Every message id in the sources, untranslated."""
    catalog = _blank()
    for speaker in source.speakers:
        for _name, _line, message, _comments, _context in extract_from_dir(
            speaker, METHODS, keywords=KEYWORDS
        ):
            catalog.add(message, "" if isinstance(message, str) else ("",))
    for message in source.declared():
        catalog.add(message)
    return catalog


def _blank() -> Catalog:
    catalog = Catalog(locale="id", fuzzy=False)
    _timeless(catalog)
    return catalog


def _timeless(catalog: Catalog) -> None:
    """Give a catalogue the same head whenever it is written."""
    catalog.mime_headers = HEADERS
    catalog.creation_date = catalog.revision_date = datetime(2025, 1, 1, tzinfo=UTC)


def read(po: Path) -> Catalog:
    """The catalogue in a file; an empty one when there is none."""
    if not po.exists():
        return _blank()
    with po.open("rb") as file:
        return read_po(file, locale="id")


def update(source: Source) -> list[str]:
    """Write the .po anew from the sources, keeping translations; gives the ids that are new.

    What is said nowhere any more goes.
    """
    known, catalog = read(source.po), gathered(source)
    new = []
    for message in catalog:
        if not message.id:
            continue
        present = known.get(message.id)
        if present is not None:
            message.string = present.string
        else:
            new.append(_id(message))
    source.folder.mkdir(parents=True, exist_ok=True)
    write(source.po, catalog)
    return new


def write(po: Path, catalog: Catalog) -> None:
    """Write a catalogue sorted and without places or dates, so that a diff shows words alone."""
    buffer = BytesIO()
    write_po(buffer, catalog, width=100, no_location=True, omit_header=True, sort_output=True)
    head = "".join(f'"{name}: {value}\\n"\n' for name, value in HEADERS)
    body = buffer.getvalue().decode().strip("\n")
    po.write_text(f'msgid ""\nmsgstr ""\n{head}\n{body}\n', encoding="utf-8")


def compiled(po: Path) -> bytes:
    """The binary form of a .po file; the same text always gives the same bytes."""
    catalog = read(po)
    _timeless(catalog)
    buffer = BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def missing(source: Source) -> list[str]:
    """Message ids of the sources without a translation that can be used."""
    known = read(source.po)
    found = []
    for message in gathered(source):
        translated = known.get(message.id) if message.id else None
        if message.id and (translated is None or not filled(translated)):
            found.append(_id(message))
    return found + [_id(message) for message in known if wrong(message, known)]


def filled(message: Message) -> bool:
    """Whether there is a translation, of a counted message in each of its forms."""
    texts = (message.string,) if isinstance(message.string, str) else message.string or ("",)
    return all(texts)


def wrong(message: Message, catalog: Catalog) -> bool:
    """Whether a translation names other values than its id, and so could not be told."""
    return bool(message.id) and any(True for _ in message.check(catalog))


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def sources() -> tuple[Source, ...]:
    """The catalogues of this application."""
    return (PLUGIN, *current_app.config.get("PANEL_CATALOGUES", ()))


messages = AppGroup("messages", help="Sentences and their translations.")


@messages.command("update")
def update_command() -> None:
    """Gather the message ids of the sources into the .po files."""
    for source in sources():
        for message in update(source):
            click.echo(f"{source.po}: {message}")


@messages.command("compile")
def compile_command() -> None:
    """Make the .mo files that are read when the application runs."""
    for source in sources():
        for po in sorted(source.folder.glob("*.po")):
            po.with_suffix(".mo").write_bytes(compiled(po))


@messages.command("missing")
def missing_command() -> None:
    """Name every sentence without a translation; fails when there is one."""
    found = [(source.po, message) for source in sources() for message in missing(source)]
    for po, message in found:
        click.echo(f"{po}: {message}")
    if found:
        raise click.ClickException(f"{len(found)} sentences have no translation.")
