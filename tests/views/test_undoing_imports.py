"""An applied import taken back: as many statements for many rows as for few, and what keeps one."""

from __future__ import annotations

import sqlalchemy as sa

from models.people import Official, Spouse
from models.proposals import Proposal
from models.records import Deed
from tests.views.browser import Page, filled_in
from tests.views.test_imports import confirmed, submitted
from tests.views.test_proposals import moved

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def applied(ani, bayu, value, names):
    """The number of an applied proposal of a list of these new people."""
    form = filled_in(ani.page("/imports/new/").main.one("form"))
    pasted = "\n".join(("Nama\tGol.", *(f"{name}\tIII/d" for name in names)))
    address = confirmed(ani, ani.post("/imports/new/", {**form, "pasted": pasted}))
    answer = submitted(ani, address)
    assert answer.status_code == 303, Page(answer.text).main.text
    number = value(sa.select(sa.func.max(Proposal.id)))
    assert moved(bayu, number, "apply").status_code == 303
    return number


def taken_back(ani, number):
    """The number of the submitted proposal that takes one back."""
    back = ani.post(f"/proposals/{number}/undo/", {}).location.rpartition("=")[2]
    assert moved(ani, back, "submit").status_code == 303
    return back


def test_many_rows_go_with_the_statements_of_few(ani, bayu, value, statements):
    asked = []
    for names in (["Zubir Rekakarya"], [f"{one}ud{one}anto Umpamakarya" for one in LETTERS]):
        back = taken_back(ani, applied(ani, bayu, value, names))
        with statements() as seen:
            assert moved(bayu, back, "apply").status_code == 303
        asked.append(len(seen))

    told = [ani.page(path).main.text for path in ("/imports/", "/proposals/", "/imports/2/")]
    assert all("Diterapkan Lalu dibatalkan" in text for text in told), told

    few, many = asked
    assert many <= few + 3
    assert (
        value(sa.select(sa.func.count()).where(Official.full_name.like("%ud%anto Umpamakarya")))
        == 0
    )


def test_a_new_person_whom_others_refer_to_by_now_stays_with_all_the_others(
    ani, bayu, value, write
):
    number = applied(ani, bayu, value, ["Zubir Rekakarya", "Qodir Umpamakarya"])
    back = taken_back(ani, number)
    qodir = sa.select(Official.id).where(Official.full_name == "Qodir Umpamakarya")
    with write() as session:
        session.add(Spouse(region_id=1, official_id=value(qodir), full_name="Dahlia Contohan"))

    answer = moved(bayu, back, "apply")

    assert answer.status_code in (409, 422)
    assert "Qodir Umpamakarya" in Page(answer.text).main.text
    assert "1 Pasangan" in Page(answer.text).main.text
    assert value(qodir.with_only_columns(Official.full_name)) == "Qodir Umpamakarya"
    assert value(sa.select(Official.id).where(Official.full_name == "Zubir Rekakarya")) is not None


def test_rows_of_a_long_list_are_taken_out_named_when_refused_and_told_in_the_log(
    ani, bayu, citra, value, rows, write
):
    form = filled_in(ani.page("/imports/new/").main.one("form"))
    people = [
        f"{one}ud{one}anti Umpamakarya\t'199001012015031{n:03}" for n, one in enumerate(LETTERS, 1)
    ]
    pasted = "\n".join(("Nama\tNIP", *people))
    address = confirmed(ani, ani.post("/imports/new/", {**form, "pasted": pasted}))
    assert submitted(ani, address).status_code == 303
    number = value(sa.select(sa.func.max(Proposal.id)))
    assert moved(bayu, number, "return", "Baris 3 sudah pindah.").status_code == 303

    assert ani.post(f"/proposals/{number}/drop/", {"row": ["3", "5"]}).status_code == 303
    assert moved(ani, number, "submit").status_code == 303
    page = bayu.page(f"/proposals/details/?id={number}").main.text
    with write() as session:
        taken = {"nip": "199001012015031004", "employment_type": "asn_pns"}
        session.add(Official(region_id=1, full_name="Zubir", **taken))
    refused = Page(moved(bayu, number, "apply").text).main.text
    with write() as session:
        session.execute(sa.delete(Official).where(Official.full_name == "Zubir"))
    assert moved(bayu, number, "apply").status_code == 303

    names = sa.select(Official.full_name).where(Official.full_name.like("%anti Umpamakarya"))
    gone = {"cudcanti Umpamakarya", "eudeanti Umpamakarya"}
    assert len(rows(names)) == 24
    assert not gone & {name for (name,) in rows(names)}
    assert "cudcanti" not in page.rpartition("Baris usulan")[2]
    assert "24 perubahan" in page
    assert "Baris 4, duddanti Umpamakarya" in refused
    assert "NIP" in refused
    first = sa.select(sa.func.min(Deed.seq)).where(Deed.action == "proposal.submit")
    log = citra.page(f"/changes/deed/?number={value(first)}").main.text
    assert "Baris 1, audaanti Umpamakarya" in log
