"""`flask roster import`: a list from a file by the engine of the screens, without a browser.

Acts as the account that is named, with its rights and its scope. With `--dry-run` nothing is kept;
else a proposal is submitted, which somebody else applies on the screens.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.attributes import set_committed_value

from models.base import db
from models.files import StoredFile
from models.government import Region
from models.imports.batches import (
    best_sheet,
    book_of,
    choose_sheet,
    hand_in,
    parsed,
    reading_of,
    sheet_of,
)
from models.imports.checking import LISTED, Report, check
from models.imports.fields import missing
from models.imports.proposing import MOST_ROWS, known_for, submit
from models.queries import in_scope
from models.records import access, proposals, workflow
from models.roster_imports import POLICIES, RosterImport
from models.scope_rules import regions_of
from models.training import AgendaItem
from panel.access.rules import Actor
from panel.changelog.records import deed
from panel.screens.files import stored_files
from panel.screens.language import tell
from panel.sheets.cells import Book
from panel.sheets.reading import LARGEST, WORKER
from panel.words import Refused, Sentence, say

from .import_kept import shelf
from .import_words import KINDS, label_of, tiles_of
from .roster_rotations import tell_rotation, tell_whole

roster = AppGroup("roster", help="Rosters from files.")


@roster.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "username", required=True, help="The account that hands the list in.")
@click.option("--region", help="Code of the region, where the account has several.")
@click.option("--kind", type=click.Choice(list(KINDS)), default="officials", show_default=True)
@click.option("--part", type=int, help="Number of the session part of a list of attendance.")
@click.option("--sheet", help="Name of the sheet; else the one that looks most like a list.")
@click.option("--policy", type=click.Choice(POLICIES), default="stop", show_default=True)
@click.option("--on", "on_day", type=click.DateTime(["%Y-%m-%d"]), help="First day in the post.")
@click.option("--decree", help="Decree of rows that name none.")
@click.option("--tier", "tiers", multiple=True, help="A tier that a rotation names all posts of.")
@click.option("--unit", "units", multiple=True, help="A unit that it names all posts of.")
@click.option("--dry-run", is_flag=True, help="Check only; keep nothing.")
def import_list(file: Path, username: str, dry_run: bool, **asked: Any) -> None:
    """Check a list and submit it as a proposal; problems are printed with their cells."""
    try:
        actor = actor_named(username)
        refuse_role(actor)
        if dry_run:
            record, book = looked_at(actor, file, region_id(actor, asked["region"]), asked)
            tell_report(record, reported(actor, record, book))
            click.echo("Nothing was kept.")
            return
        region = region_id(actor, asked["region"])
        db.session.rollback()  # what is written belongs to a transaction that the deed begins
        with deed("roster_import.propose", actor=actor, reason="flask roster import") as opened:
            record = hand_in(
                db.session(),
                stored_files(),
                shelf(),
                content(file),
                file.name,
                kind=asked["kind"],
                region_id=region,
                account_id=actor.id,
                part=part_of(actor, region, asked),
                limits=WORKER,
            )
            opened.subject = (record.__tablename__, str(record.id))
            book = book_of(stored_files(), shelf(), record, WORKER)
            told_by(actor, record, book, asked)
            tell_report(record, reported(actor, record, book))
            reading = reading_of(record, sheet_of(book, record))
            title = tell(say("%(kind)s: %(file)s", kind=KINDS[record.kind][0], file=file.name))
            made = submit(db.session(), workflow, proposals, actor, record, reading, title=title)
            number, count = made.id, made.item_count
            db.session.commit()
    except Refused as refused:
        db.session.rollback()
        raise click.ClickException(tell(refused.sentence)) from None
    except OperationalError:
        raise click.ClickException("The database does not answer: run `flask init`.") from None
    click.echo(f"Submitted as proposal {number} with {count} changes.")


def content(file: Path) -> bytes:
    """The bytes of a file, or one more than are taken."""
    with file.open("rb") as source:
        return source.read(LARGEST + 1)


def actor_named(username: str) -> Actor:
    """The account of that name as an actor, if it is active."""
    account = access.find(db.session(), username=username)
    if account is None or not account.active:
        raise Refused("field", say("There is no active account of this name."))
    return access.himself(account)


def refuse_role(actor: Actor) -> None:
    """Refuse an account that hands in no lists."""
    objection: Sentence | None = access.may(actor, "create", RosterImport)
    if objection is not None:
        raise Refused("role", objection)


def region_id(actor: Actor, code: str | None) -> int:
    """The region that is meant, among those of the account."""
    own = regions_of(actor)
    rows = sa.select(Region.id).where(Region.id.in_(own))
    found = list(db.session.scalars(rows.where(Region.kemendagri_code == code) if code else rows))
    if len(found) != 1:
        raise Refused("field", say("Name one region of this account by its code."))
    return int(found[0])


def part_of(actor: Actor, region: int, asked: dict[str, Any]) -> AgendaItem | None:
    """The session part of a list of attendance, in the account's scope."""
    if asked["kind"] != "attendance":
        return None
    rows = sa.select(AgendaItem).where(
        AgendaItem.id == asked["part"],
        AgendaItem.region_id == region,
        AgendaItem.takes_attendance,
    )
    found: AgendaItem | None = db.session.scalar(in_scope(rows, AgendaItem, actor))
    if found is None:
        raise Refused("field", say("Choose the session part of this list."))
    return found


def looked_at(
    actor: Actor, file: Path, region: int, asked: dict[str, Any]
) -> tuple[RosterImport, Book]:
    """The import that the file would be, in no session, and its book."""
    book = parsed(content(file), file.name, limits=WORKER)
    record = RosterImport(kind=asked["kind"], region_id=region, file=StoredFile(name=file.name))
    part = part_of(actor, region, asked)
    if part is not None:
        set_committed_value(record, "agenda_item", part)  # the import is in no session
    choose_sheet(db.session(), record, best_sheet(book, record.kind))
    told_by(actor, record, book, asked)
    return record, book


def told_by(actor: Actor, record: RosterImport, book: Book, asked: dict[str, Any]) -> None:
    """What the options of the command say of the import."""
    if asked["sheet"]:
        named = next((one for one in book.sheets if one.name == asked["sheet"] and one.rows), None)
        if named is None:
            raise Refused("field", say("There is no such sheet in the file."))
        choose_sheet(db.session(), record, named)
    lacking = missing(record.kind, record.column_of)
    if lacking is not None:
        raise Refused("field", lacking)
    day = asked["on_day"]
    record.policy, record.decree_no = asked["policy"], asked["decree"]
    record.on_day = date(day.year, day.month, day.day) if day else None
    tell_whole(actor, record, asked["tiers"], asked["units"])
    record.stage = "mapped"


def reported(actor: Actor, record: RosterImport, book: Book) -> Report:
    """What a check of the file finds."""
    known = known_for(db.session(), actor, record)
    size = MOST_ROWS if record.kind == "rotation" else 0
    return check(reading_of(record, sheet_of(book, record)), known, size=size)


def tell_report(record: RosterImport, report: Report) -> None:
    """Print how many rows of each class there are, and the problems by cell."""
    click.echo(f"{report.total} rows")
    for name, text in tiles_of(record.kind).items():
        click.echo(f"{report.counts[name]:>7}  {tell(text)}")
    if record.kind == "rotation":
        tell_rotation(report)
    for _row, problem in report.problems:
        label = tell(label_of(record.kind, problem.field))
        click.echo(f"{problem.address}  {label}: {tell(problem.sentence)}")
    if report.problem_count > LISTED:
        click.echo(f"… {report.problem_count - LISTED} more problems")
