"""The migrated schema is the one that the models declare, on both databases."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import Migrate, downgrade, upgrade

from models import tables
from models.base import Base
from models.records import EXEMPT, panel
from models.schema import head
from panel.access.rules import Actor
from panel.changelog.filling import tell_filled
from panel.changelog.migrating import MIGRATED
from panel.changelog.records import deed
from panel.changelog.replay import replay
from panel.changelog.triggers import differences, install
from panel.changelog.verify import verify

MIGRATIONS = str(Path(tables.__file__).parent / "migrations")
ACTOR = Actor(id=0, name="Test", kind="command")


def small_app(url: str) -> Flask:
    """An application with nothing but the database."""
    app = Flask("schema")
    app.config.update(SQLALCHEMY_DATABASE_URI=url, LOG_KEYS=[bytes(32)])
    panel.db.init_app(app)
    panel.init_app(app)
    Migrate(app, panel.db, directory=MIGRATIONS)
    return app


def described(engine: sa.Engine) -> dict[str, dict[str, object]]:
    """Every table by columns, constraints and indexes, in a form that compares."""
    inspector = sa.inspect(engine)
    found = {}
    for table in inspector.get_table_names():
        if table == "alembic_version":
            continue
        found[table] = {
            "columns": {
                column["name"]: (
                    str(column["type"].compile(engine.dialect)),
                    column["nullable"],
                    column.get("default"),
                )
                for column in inspector.get_columns(table)
            },
            "key": tuple(inspector.get_pk_constraint(table)["constrained_columns"]),
            "foreign": {
                (
                    key["name"],
                    tuple(key["constrained_columns"]),
                    key["referred_table"],
                    tuple(key["referred_columns"]),
                    str(key["options"].get("ondelete")),
                )
                for key in inspector.get_foreign_keys(table)
            },
            "unique": {
                (one["name"], tuple(one["column_names"]))
                for one in inspector.get_unique_constraints(table)
            },
            "checks": {
                (one["name"], one["sqltext"]) for one in inspector.get_check_constraints(table)
            },
            "indexes": {
                (
                    one["name"],
                    tuple(one["column_names"]),
                    bool(one["unique"]),
                    str(one.get("dialect_options", {}).get(f"{engine.dialect.name}_where", "")),
                )
                for one in inspector.get_indexes(table)
            },
        }
    return found


@pytest.fixture
def declared(engine_url, request, tmp_path):
    """The schema that the models alone make, in a database beside the migrated one."""
    if engine_url.startswith("sqlite"):
        engine = sa.create_engine(f"sqlite:///{tmp_path / 'declared.db'}")
        Base.metadata.create_all(engine)
        yield described(engine)
        engine.dispose()
        return
    engine = sa.create_engine(engine_url)
    Base.metadata.create_all(engine)
    found = described(engine)
    Base.metadata.drop_all(engine)
    engine.dispose()
    yield found


def test_migrated_schema_is_the_declared_one(engine_url, declared):
    app = small_app(engine_url)

    with app.app_context():
        upgrade(MIGRATIONS)
        migrated = described(panel.db.engine)
        with panel.db.engine.connect() as connection:
            strange = differences(connection, panel.triggers(connection.dialect.name))
        panel.db.engine.dispose()

    assert migrated == declared
    assert [str(one) for one in strange] == []


def test_a_filled_database_keeps_rows_log_and_triggers_through_a_migration(engine_url):
    app = small_app(engine_url)
    known = Base.metadata.tables

    with app.app_context():
        upgrade(MIGRATIONS)
        engine = panel.db.engine
        with deed("test.fill", actor=ACTOR), engine.begin() as connection:
            connection.execute(
                known["region"]
                .insert()
                .values(
                    id=1, name="Kota Contoh", kind="city", kemendagri_code="99.71", province="C"
                )
            )
            for number, parent, kind in ((1, None, "district"), (2, 1, "urban_village")):
                connection.execute(
                    known["unit"]
                    .insert()
                    .values(id=number, region_id=1, parent_id=parent, kind=kind, name="Contoh")
                )
            connection.execute(
                known["programme"]
                .insert()
                .values(region_id=1, owner_unit_id=1, name="Bimtek", category="prevention")
            )
        before = counted(engine)
        downgrade(MIGRATIONS, "0001")  # every table that 0002 rebuilds is rebuilt twice, filled
        upgrade(MIGRATIONS, "0002")
        upgrade(MIGRATIONS)
        upgrade(MIGRATIONS)
        after = counted(engine)
        told = told_by(engine)
        sound = verify(engine, panel.log, panel.triggers(engine.dialect.name)).findings
        with engine.connect() as connection:
            unlike = [str(one) for one in replay(connection, panel.log.tables)]
            children = connection.scalars(sa.select(known["unit"].c.parent_id)).all()
        engine.dispose()

    assert (before["unit"], before["change"], before["deed"]) == (2, 4, 2)
    assert after == {**before, "deed": 3}
    assert told == [{"from": None, "to": head()}, {"from": "0002", "to": head()}]
    assert unlike == []
    assert sound == ()
    assert sorted(children, key=str) == [1, None]


def told_by(engine: sa.Engine) -> list[dict[str, object]]:
    """What the log was told of migrations."""
    acts = Base.metadata.tables["deed"]
    query = sa.select(acts.c.details).where(acts.c.action == MIGRATED).order_by(acts.c.seq)
    with engine.connect() as connection:
        return [json.loads(text) for text in connection.scalars(query)]


def test_a_schema_that_cannot_be_told_is_not_changed_and_the_next_run_does_both(engine_url):
    app = small_app(engine_url)
    keys, app.config["LOG_KEYS"] = app.config["LOG_KEYS"], []

    with app.app_context():
        with pytest.raises(IndexError):
            upgrade(MIGRATIONS)
        left = sa.inspect(panel.db.engine).get_table_names()
        app.config["LOG_KEYS"] = keys
        upgrade(MIGRATIONS)
        told = told_by(panel.db.engine)
        panel.db.engine.dispose()

    assert left == []
    assert told == [{"from": None, "to": head()}]


def test_what_a_migration_fills_is_told_to_the_log_and_nothing_else(engine_url):
    app = small_app(engine_url)
    region, unit = Base.metadata.tables["region"], Base.metadata.tables["unit"]
    city = {"name": "Kota Contoh", "kind": "city", "kemendagri_code": "99.71", "province": "C"}

    with app.app_context():
        upgrade(MIGRATIONS)
        engine = panel.db.engine
        with deed("test.fill", actor=ACTOR), engine.begin() as connection:
            connection.execute(region.insert().values(id=1, **city))
        with engine.connect().execution_options(write="schema") as connection:
            install(connection, ())
            connection.execute(region.update().values(province="Contoh", name="Kota Lain"))
            connection.execute(
                unit.insert().values(id=1, region_id=1, kind="district", name="Contoh")
            )
            install(connection, panel.triggers(engine.dialect.name))
            connection.commit()
        with deed("schema.fill", actor=ACTOR), engine.begin() as connection:
            told = tell_filled(connection, panel.log.tables, {"region": ["province"], "unit": []})
        with engine.connect() as connection:
            unlike = [(one.table, one.field) for one in replay(connection, panel.log.tables)]
        engine.dispose()

    assert told == 2
    assert unlike == [("region", "name")]


def test_downgrade_leaves_an_empty_database(engine_url):
    app = small_app(engine_url)

    with app.app_context():
        upgrade(MIGRATIONS)
        downgrade(MIGRATIONS, "base")
        left = sa.inspect(panel.db.engine).get_table_names()
        panel.db.engine.dispose()

    assert left == ["alembic_version"]


def counted(engine: sa.Engine) -> dict[str, int]:
    """Rows per table, and the number of triggers."""
    with engine.connect() as connection:
        names = [
            name for name in sa.inspect(connection).get_table_names() if name != "alembic_version"
        ]
        rows = {
            name: connection.scalar(
                sa.select(sa.func.count()).select_from(Base.metadata.tables[name])
            )
            for name in names
        }
        missing = differences(connection, panel.triggers(engine.dialect.name))
    return {**rows, "triggers that differ": len(missing)}


def test_every_table_is_logged_or_exempted_by_name():
    unlogged = {
        name for name, table in Base.metadata.tables.items() if not table.info.get("logged")
    }

    assert unlogged == set(EXEMPT)


def test_every_column_of_a_logged_table_says_whether_it_is_personal():
    unmarked = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        if table.info.get("logged")
        for column in table.columns
        if column.info.get("log") not in {"plain", "personal", "secret"}
    ]

    assert unmarked == []


def test_every_column_of_the_models_has_its_meaning_above_it():
    """`#:` stands above each mapped column of the models."""
    folder = Path(tables.__file__).parent
    bare = []
    for path in folder.glob("*.py"):
        lines = path.read_text("utf-8").splitlines()
        bare += [
            f"{path.name}:{number}"
            for number, line in enumerate(lines, 1)
            if ("= plain(" in line or "= personal(" in line or "= secret(" in line)
            and not lines[number - 2].strip().startswith("#:")
        ]

    assert bare == []


def column_of(order):
    """The name of the column that an expression sorts by, whichever way."""
    while isinstance(order, sa.UnaryExpression):
        order = order.element
    return getattr(order, "name", None)


def test_every_list_of_related_records_has_an_order_without_ties():
    """Rows without an order may stand otherwise on PostgreSQL once one of them was changed."""
    loose = []
    for mapper in Base.registry.mappers:
        for relation in filter(lambda one: one.uselist, mapper.relationships):
            sorted_by = set(map(column_of, relation.order_by or ()))
            held = {column.name for _, column in relation.local_remote_pairs}
            table = relation.mapper.local_table
            unique = [one for one in table.constraints if isinstance(one, sa.UniqueConstraint)]
            keys = [{column.name for column in one.columns} for one in (table.primary_key, *unique)]
            if not any(key & sorted_by and key <= sorted_by | held for key in keys):
                loose.append(str(relation))

    assert sorted(loose) == []
