"""`flask init` and `flask demo`: once in full, a second time nothing; no demo in production."""

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from models.base import Base, db
from models.government import Unit
from models.records import Deed, panel
from panel.changelog.triggers import differences
from seed.acting import SYSTEM, act
from seed.commands import demonstrate, initialise, prepare
from tests.site import Installation

MakeApp = Callable[..., Flask]


def rows_of_every_table() -> dict[str, int]:
    counts = {
        table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }
    db.session.rollback()
    return counts


def test_seeding_twice_changes_nothing(installation: Installation) -> None:
    with installation.app.app_context():
        before = rows_of_every_table()

        said = initialise() + demonstrate()

        assert rows_of_every_table() == before
        assert said == ["Everything is up to date.", "The demo is in already."]
        assert before["change"] > 2000


def test_init_and_demo_say_what_they_did(make_app: MakeApp, tmp_path: Path) -> None:
    runner = make_app(tmp_path / "instance").test_cli_runner()

    too_early = runner.invoke(args=["demo"])
    first, second = runner.invoke(args=["init"]), runner.invoke(args=["init"])

    assert (too_early.exit_code, too_early.output) == (1, "Error: Call `flask init` first.\n")
    assert first.exit_code == 0
    assert "The process action_plan is at version 1." in first.output.splitlines()
    assert (second.exit_code, second.output) == (0, "Everything is up to date.\n")


def test_a_bare_installation_knows_no_city_and_no_tier(make_app: MakeApp, tmp_path: Path) -> None:
    app = make_app(tmp_path / "instance")
    with app.app_context():
        initialise(lists=False)
        found = {table: rows for table, rows in rows_of_every_table().items() if rows}
        later = initialise()

    logs = {"deed", "change", "log_context"}
    assert set(found) - logs == {"process_version", "process_state", "process_field", "role"}
    assert later == ["The reference data are in."]


def test_init_puts_back_triggers_that_differ_and_the_log_names_them(
    make_app: MakeApp, engine_url: str, tmp_path: Path
) -> None:
    app = make_app(tmp_path / "instance", engine_url)
    with app.app_context():
        initialise()
        dialect = db.engine.dialect.name
        name = next(one.name for one in panel.triggers(dialect) if one.table == "official")
        on = "" if dialect == "sqlite" else " ON official"
        with db.engine.connect().execution_options(write="schema") as connection:
            connection.exec_driver_sql(f"DROP TRIGGER {name}{on}")
            connection.commit()

        said = initialise()

        newest = db.session.scalars(sa.select(Deed).order_by(Deed.seq.desc())).first()
        assert newest is not None
        action, differed = newest.action, str(newest.facts["differed"])
        db.session.rollback()
        with db.engine.connect() as connection:
            left = differences(connection, panel.triggers(connection.dialect.name))
        assert said == ["The triggers were put back; the change log says which differed."]
        assert (action, name in differed) == ("schema.triggers", True)
        assert left == []
        db.engine.dispose()


def test_what_was_renamed_stays_so(make_app: MakeApp, tmp_path: Path) -> None:
    with make_app(tmp_path / "instance").app_context():
        initialise()
        with act("unit.edit", SYSTEM) as session:
            office = session.scalars(sa.select(Unit).where(Unit.short_name == "BKPSDM")).first()
            assert office is not None
            office.name = "Badan Contoh"
        before = rows_of_every_table()

        initialise()

        assert rows_of_every_table() == before


def test_demo_is_refused_in_production(make_app: MakeApp, tmp_path: Path) -> None:
    app = make_app(tmp_path / "instance")
    app.config["PRODUCTION"] = True
    with app.app_context():
        initialise()
        before = rows_of_every_table()

    answer = app.test_cli_runner().invoke(args=["demo"])

    assert (answer.exit_code, answer.output) == (
        1,
        "Error: The demo is not loaded in production.\n",
    )
    with app.app_context():
        assert rows_of_every_table() == before


def test_serving_prepares_and_tells_how_to_sign_in(seeded: Flask) -> None:
    lines = list(prepare(seeded))

    assert lines[:2] == ["Everything is up to date.", "The demo is in already."]
    assert [line.split()[0] for line in lines[3:13]] == [
        *("ani", "asep", "bayu", "dewi", "citra"),
        *("mira", "made", "maya", "eka", "edi"),
    ]
    assert lines[13] == f"  password: {seeded.config['DEMO_PASSWORD']}"
