"""Installed triggers are compared with those that were meant."""

import pytest

from panel.changelog.triggers import Trigger, differences, install, on_postgresql, on_sqlite
from tests.databases import ON_POSTGRESQL, ON_SQLITE


def said(town):
    with town.engine.connect() as connection:
        return [str(s) for s in differences(connection, town.log.triggers(town.dialect))]


def put(town, *triggers):
    with town.engine.execution_options(write="schema").begin() as connection:
        install(connection, triggers)


def test_installing_again_leaves_the_same_triggers(town):
    put(town, *town.log.triggers(town.dialect))

    assert said(town) == []


def test_installing_takes_away_what_is_no_longer_meant(town, raw):
    put(town)

    if town.dialect == "sqlite":
        assert raw("SELECT name FROM sqlite_master WHERE type = 'trigger'") == []
    else:
        assert raw("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal") == []
        assert raw("SELECT proname FROM pg_proc WHERE proname ~ '^log_'") == []
    assert len(said(town)) == len(town.log.triggers(town.dialect))


def test_every_trigger_of_the_log_is_one_by_name(town):
    names = [trigger.name for trigger in town.log.triggers(town.dialect)]

    assert len(names) == len(set(names)) > 20


@ON_SQLITE
def test_a_trigger_of_another_text_is_named(town, raw):
    raw(
        "DROP TRIGGER log_tag_i",
        "CREATE TRIGGER log_tag_i AFTER INSERT ON tag BEGIN SELECT 1; END",
        "CREATE TRIGGER silence BEFORE INSERT ON change BEGIN SELECT RAISE(IGNORE); END",
        "CREATE TRIGGER elsewhere AFTER INSERT ON visit BEGIN SELECT 1; END",
    )

    assert said(town) == [
        "Trigger log_tag_i is not as it was made.",
        "Trigger silence on change is unknown.",
    ]


@ON_POSTGRESQL
def test_a_function_trigger_or_rule_of_another_text_is_named(town, raw):
    raw(
        "CREATE OR REPLACE FUNCTION log_tag() RETURNS trigger LANGUAGE plpgsql "
        "AS 'BEGIN RETURN NULL; END'",
        "CREATE OR REPLACE TRIGGER log_pledge AFTER INSERT ON pledge "
        "FOR EACH ROW EXECUTE FUNCTION log_pledge()",
        "ALTER TABLE official ENABLE TRIGGER log_official",
        "CREATE FUNCTION silence() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE TRIGGER silence BEFORE INSERT ON change FOR EACH ROW EXECUTE FUNCTION silence()",
        "CREATE TRIGGER elsewhere BEFORE INSERT ON visit FOR EACH ROW EXECUTE FUNCTION silence()",
        "CREATE RULE nothing AS ON INSERT TO change DO INSTEAD NOTHING",
    )

    assert said(town) == [
        "Trigger log_official is switched off.",
        "Trigger log_pledge is switched off.",
        "Trigger log_tag is not as it was made.",
        "Trigger silence on change is unknown.",
        "Rule nothing on change is unknown.",
    ]
    raw("ALTER TABLE pledge ENABLE ALWAYS TRIGGER log_pledge")
    assert "Trigger log_pledge is not as it was made." in said(town)


@pytest.mark.parametrize("path", ["public", "pg_catalog"])
@ON_POSTGRESQL
def test_the_comparison_does_not_hang_on_the_search_path(town, path):
    with town.engine.connect() as connection:
        connection.exec_driver_sql(f"SET LOCAL search_path = {path}")

        assert differences(connection, town.log.triggers("postgresql")) == []


def test_triggers_are_values():
    sqlite = on_sqlite("gate_x", "order", "BEFORE UPDATE", "SELECT 1", when="1")
    postgresql = on_postgresql("gate_x", "order", "BEFORE UPDATE", "RETURN NEW;")

    text = 'CREATE TRIGGER gate_x BEFORE UPDATE ON "order" FOR EACH ROW WHEN 1 BEGIN SELECT 1; END'
    assert sqlite == Trigger("gate_x", "order", text)
    assert postgresql.sql == (
        'CREATE TRIGGER gate_x BEFORE UPDATE ON public."order" '
        "FOR EACH ROW EXECUTE FUNCTION gate_x()"
    )
