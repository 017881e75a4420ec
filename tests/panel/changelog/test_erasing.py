"""What is erased is gone for good, and the log still verifies."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.changelog.erasing import erase
from panel.changelog.records import NoDeed, deed
from panel.changelog.rules import commitment
from tests.panel.changelog.town import ANI, BAYU, Change, Deed, Official


def erased(town, pk, name="(dihapus)"):
    """Erase one official: first in the table, then in the log."""
    with (
        deed("person.erase", actor=BAYU, subject=("official", str(pk)), reason="surat 12/2026"),
        Session(town.engine) as session,
    ):
        official = session.get_one(Official, pk)
        official.full_name, official.phone = name, None
        found = erase(session, town.log.tables, [("official", str(pk))])
        session.commit()
    return found


def stored(town):
    """Every text of the log, in one string."""
    with Session(town.engine) as session:
        rows = session.execute(sa.select(Change.__table__)).all()
        rows += session.execute(sa.select(Deed.__table__)).all()
    return repr(rows)


def test_an_erased_person_is_gone_from_the_log_and_everything_still_verifies(filled):
    with (
        deed("official.edit", actor=ANI, subject=("official", "1"), reason="Fulan pindah"),
        filled.engine.begin() as connection,
    ):
        connection.execute(sa.update(Official).where(Official.id == 1).values(phone="+6282"))

    found = erased(filled, 1)

    assert (found.changes, found.deeds) == ((1, 3, 4), (3,))
    whole = stored(filled)
    for gone in ("'Fulan'", "Fulan pindah", "+6281", "+6282", '"Fulan"'):
        assert gone not in whole
    assert "Fulanah" in whole
    assert filled.deeds()[-1] == (4, "log.erase", 1)
    assert filled.said() == []


def test_who_erased_and_why_stays(filled):
    erased(filled, 1)

    with Session(filled.engine) as session:
        last = session.scalars(sa.select(Deed).order_by(Deed.seq.desc())).first()
    assert (last.actor_name, last.reason) == (BAYU.name, "surat 12/2026")


def test_what_is_written_after_an_erasure_is_logged_as_ever(filled):
    erased(filled, 1)
    with deed("official.edit", actor=ANI), filled.engine.begin() as connection:
        connection.execute(sa.update(Official).where(Official.id == 1).values(phone="+6283"))

    assert filled.rows()[-1] == ("official", "U", "1", {"phone": [None, "+6283"]})
    assert filled.said() == []


def test_an_erasure_that_is_rolled_back_erases_nothing(filled):
    before = stored(filled)

    with (
        deed("person.erase", actor=BAYU),
        Session(filled.engine) as session,
    ):
        erase(session, filled.log.tables, [("official", "1")])
        session.rollback()

    assert stored(filled) == before
    assert filled.said() == []


def test_without_a_deed_nothing_is_erased(filled):
    with Session(filled.engine) as session, pytest.raises(NoDeed):
        erase(session, filled.log.tables, [("official", "1")])


@pytest.mark.parametrize(
    "change",
    [
        "personal = NULL, salt = NULL, erased = 'short'",
        "personal = NULL, salt = 'x', erased = '{left}'",
        "personal = '{{}}', salt = NULL, erased = '{left}'",
        "personal = NULL, salt = NULL, erased = '{left}', op = 'D'",
        "erased = '{left}'",
    ],
)
def test_even_while_erasing_nothing_else_of_the_log_can_be_changed(filled, raw, change):
    [(personal, salt)] = raw("SELECT personal, salt FROM change WHERE id = 1")
    edit = change.format(left=commitment(personal, salt, None).hex())

    with pytest.raises(IntegrityError, match="jenjang:append-only change"):
        raw(*erasing(filled), f"UPDATE change SET {edit} WHERE id = 1")

    raw(*erasing(filled, on=False))
    assert filled.said() == []


def erasing(town, on=True):
    """The flag, raised by hand."""
    if town.dialect == "sqlite":
        return [
            "INSERT OR IGNORE INTO log_context (id, erasing) VALUES (1, 0)",
            f"UPDATE log_context SET erasing = {int(on)}",
        ]
    return [f"SELECT set_config('jenjang.erasing', '{'on' if on else ''}', false)"]


def test_a_deed_is_never_deleted_not_even_while_erasing(filled, raw):
    with pytest.raises(IntegrityError, match="jenjang:append-only deed"):
        raw(*erasing(filled), "DELETE FROM deed WHERE seq = 1")


def test_an_erasure_by_hand_is_a_finding(filled, raw):
    """The commitment is right and the chain fits; no deed says that anybody did it."""
    [(personal, salt)] = raw("SELECT personal, salt FROM change WHERE id = 1")
    left = commitment(personal, salt, None).hex()

    raw(
        *erasing(filled),
        f"UPDATE change SET personal = NULL, salt = NULL, erased = '{left}' WHERE id = 1",
        *erasing(filled, on=False),
    )

    assert filled.said() == ["Change 1 was erased, but no deed says so."]
