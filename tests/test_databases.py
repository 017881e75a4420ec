"""The databases of the tests are in the haste that they are meant to be in."""

from tests.panel.changelog.town import open_town


def test_no_write_of_a_test_waits_for_the_disk(engine_url, database_kind):
    asked = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW fsync"}[database_kind]
    engine, _ = open_town(engine_url)

    with engine.connect() as connection:
        told = connection.exec_driver_sql(asked).scalar()

    engine.dispose()
    assert told in (0, "off")
