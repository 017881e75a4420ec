"""A person's data are erased on request, by a supervisor, for good; a report tells all of them."""

import re

import pytest
import sqlalchemy as sa

from models.attendance import Participation
from models.base import Base, db
from models.erasure import KEPT, WAYS, personal_columns, reached
from models.people import Official, Spouse
from models.records import Account, log, panel
from models.speaking import Speaker, SpeakerAlias
from panel.changelog.verify import verify

NAME, NIP, PHONE = "Zubaidah Contohwati", "198001012005012001", "+6281299988877"
FORM = {"kind": "official", "letter": "800/12/2026", "reason": "Permintaan sendiri", "name": NAME}


def test_every_personal_column_is_emptied_by_an_erasure_or_kept_by_name():
    tables = set().union(*(reached(kind) for kind in WAYS))
    emptied = {f"{table}.{column.name}" for table in tables for column in personal_columns(table)}
    every = {
        f"{table}.{column.name}"
        for table in Base.metadata.tables
        for column in personal_columns(table)
    }

    assert every - emptied == set(KEPT)
    assert all(str(reason) for reason in KEPT.values())


@pytest.fixture
def person(write):
    """The key of an official of Serang of whom every kind of record holds something."""
    with write() as session:
        rows = sa.select(Participation).join(Participation.attendance)
        rows = rows.where(Participation.spouse_id.is_not(None), Participation.region_id == 1)
        listed = session.scalars(rows.order_by(Participation.id)).first()
        official = listed.official
        official.full_name, official.nip, official.phone = NAME, NIP, PHONE
        official.aliases, official.note = "Zubaedah", f"dikenal sebagai {NAME}"
        listed.delegate, listed.note = f"Wakil {NAME}", f"{NAME} berhalangan"
        session.add(
            Speaker(
                region_id=1,
                full_name=f"Ir. {NAME}",
                official_id=official.id,
                phone=PHONE,
                aliases=[SpeakerAlias(name=NAME)],
            )
        )
        gone = Spouse(region_id=1, official_id=official.id, full_name="Wiraguna Contoh")
        session.add(gone)
        session.flush()
        session.delete(gone)
        return official.id


def everything(app):
    """Every text of every table, in one string."""
    with app.app_context():
        found = "\n".join(
            repr(row)
            for table in Base.metadata.sorted_tables
            for row in db.session.execute(sa.select(table))
        )
        db.session.remove()
    return found


def said(app):
    """The findings of a whole verification."""
    with app.app_context():
        report = verify(db.engine, log, panel.triggers(db.engine.dialect.name))
        db.session.remove()
    return [str(one.sentence) for one in report.findings]


def test_what_a_supervisor_erases_is_nowhere_any_more_and_the_log_still_verifies(
    app, bayu, person, rows
):
    preview = bayu.page(f"/erasure/?id={person}")
    assert NAME in preview.text
    before = everything(app)
    assert all(before.count(text) > 1 for text in (NAME, NIP, PHONE))

    answer = bayu.post("/erasure/erase/", {**FORM, "id": str(person)})

    assert (answer.status_code, answer.location) == (
        303,
        f"/erasure/done/?kind=official&id={person}",
    )
    after = everything(app)
    assert [text for text in (NAME, NIP, PHONE, "Zubaedah", "Wiraguna") if text in after] == []
    assert said(app) == []
    [(name,)] = rows(sa.select(Official.full_name).where(Official.id == person))
    assert name == f"Nama dihapus {person}"
    assert bayu.page(answer.location).said != []
    again = bayu.post("/erasure/erase/", {**FORM, "id": str(person), "name": name})
    assert again.status_code == 409
    history = bayu.page(f"/officials/history/?id={person}")
    assert "menghapus data pribadi" in history.text
    assert "Surat 800/12/2026. Permintaan sendiri" in history.text


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"letter": " "}, 422),
        ({"reason": ""}, 422),
        ({"reason": f"Permintaan {NAME.upper()}"}, 422),
        ({"letter": NIP}, 422),
        ({"letter": "8" * 1001}, 422),
        ({"name": "Zubaidah"}, 422),
        ({"kind": "account"}, 404),
        ({"id": "999999999999999999999"}, 404),
    ],
)
def test_what_is_missing_or_would_keep_the_name_in_the_log_erases_nothing(
    app, bayu, person, value, typed, status
):
    answer = bayu.post("/erasure/erase/", {**FORM, "id": str(person), **typed})

    assert answer.status_code == status
    assert value(sa.select(Official.full_name).where(Official.id == person)) == NAME


@pytest.mark.parametrize(
    ("username", "status"), [("ani", 403), ("citra", 403), ("eka", 403), ("made", 404)]
)
def test_nobody_but_a_supervisor_of_the_region_erases(browse, person, value, username, status):
    someone = browse(username)

    answers = {
        someone.get(f"/erasure/?id={person}").status_code,
        someone.post("/erasure/erase/", {**FORM, "id": str(person)}).status_code,
    }

    assert answers == {status}
    assert value(sa.select(Official.full_name).where(Official.id == person)) == NAME


def test_a_person_with_an_open_account_is_not_erased(bayu, person, write, value):
    with write() as session:
        account = session.scalars(sa.select(Account).where(Account.username == "asep")).one()
        account.official_id = person

    answer = bayu.post("/erasure/erase/", {**FORM, "id": str(person)})

    assert answer.status_code == 422
    assert "akun aktif" in answer.text
    assert value(sa.select(Account.username).where(Account.official_id == person)) == "asep"


def test_the_report_asks_for_a_reason_and_tells_what_is_held_and_who_looked(
    ani, bayu, person, deeds
):
    path = {"kind": "official", "id": str(person)}
    assert PHONE not in ani.page(f"/person-report/?id={person}").text
    assert ani.post("/person-report/show/", {**path, "reason": ""}).status_code == 422

    told = ani.post("/person-report/show/", {**path, "reason": "surat 7/2026"}).text

    assert deeds()[-1] == "official.unmask"
    assert [
        text
        for text in (NAME, NIP, "0812-9998-8877", f"Ir. {NAME}", f"Wakil {NAME}")
        if text not in told
    ] == []
    assert re.search("membuka data yang disamarkan.*surat 7/2026", told, re.DOTALL)


def test_the_pages_ask_as_often_for_many_records_as_for_few(bayu, ani, person, write, statements):
    def asked(*names):
        with write() as session:
            session.add_all(
                Spouse(region_id=1, official_id=person, full_name=name) for name in names
            )
        with statements() as one:
            bayu.page(f"/erasure/?id={person}")
        with statements() as other:
            ani.post("/person-report/show/", {"kind": "official", "id": str(person), "reason": "x"})
        return len(one), len(other)

    asked("Contoh Satu")
    assert asked("Contoh Dua") == asked("Contoh Tiga", "Contoh Empat", "Contoh Lima") == (66, 95)
