"""The pages of regions, tiers, units and positions."""

import pytest
import sqlalchemy as sa

from models.government import Position, Unit
from tests.views.browser import Page

#: Kecamatan Serang, the Sukawana in it and the other one, a post without a holder.
DISTRICT, SUKAWANA, OTHER_SUKAWANA, VACANT = 33, 46, 81, 13
BELOW_ITSELF = (
    "Langsung di atasnya: Unit tidak dapat berada di bawah dirinya sendiri. Pilih induk lain."
)


def test_a_reader_finds_his_region_alone(ani, eka):
    assert ani.page("/regions/").rows == [["Kota Serang", "Kota", "36.73", "Banten"]]
    assert eka.page("/regions/").names == ["Kota Serang", "Kota Metro"]


def test_tiers_stand_from_the_top_down_in_the_reader_s_words(ani):
    cells = ani.page("/tiers/").cells("Nama", "Urutan dari atas", "Eselon", "Cara pengisian")

    assert cells[:3] == [
        ("Wali Kota", "1", "belum diisi", "Dipilih (pejabat negara atau daerah)"),
        ("Wakil Wali Kota", "2", "belum diisi", "Dipilih (pejabat negara atau daerah)"),
        ("Sekretaris Daerah", "3", "II.a", "PNS"),
    ]
    assert cells[-1][0] == "Lurah"


def test_a_tier_that_is_in_use_is_not_deleted_by_anybody(eka, ani):
    assert eka.post("/tiers/delete/", {"id": "1"}).status_code == 403
    assert ani.post("/tiers/delete/", {"id": "1"}).status_code == 403


def test_units_of_one_name_are_told_apart_by_what_is_above(ani):
    page = ani.page("/units/?search=sukawana")

    assert page.cells("Nama", "Jenis", "Kode wilayah") == [
        ("Kelurahan Sukawana Kecamatan Serang", "Kelurahan", "36.73.01.1008"),
        ("Kelurahan Sukawana Kecamatan Curug", "Kelurahan", "36.73.04.1007"),
    ]


def test_a_unit_s_page_tells_what_stands_below_and_in_it(ani):
    page = ani.page(f"/units/details/?id={DISTRICT}")

    assert (page.heading, page.facts["Dasar"]) == ("Kecamatan Serang", "Terverifikasi")
    assert len(page.main.one("ul", class_="tree").all("li")) == 12
    assert page.table("Jabatan")[0][0] == "Camat Serang jenjang Camat"


def test_a_new_unit_gets_region_and_path(ani, rows, deeds):
    answer = ani.send("/units/new/", kind="urban_village", name="Contoh", parent=DISTRICT)

    key = int(answer.location.partition("=")[2])
    stored = sa.select(Unit.region_id, Unit.path).where(Unit.id == key)
    assert rows(stored) == [(1, f"/{DISTRICT}/{key}/")]
    assert deeds() == ["unit.create"]


def test_a_moved_unit_takes_along_what_is_below(ani, rows, deeds):
    hall = rows(
        sa.select(Unit.id, Unit.path).where(Unit.name == "Sekretariat Daerah", Unit.region_id == 1)
    )

    answer = ani.send(f"/units/edit/?id={DISTRICT}", parent=hall[0][0])

    paths = sa.select(Unit.path).where(Unit.id.in_([DISTRICT, SUKAWANA])).order_by(Unit.id)
    root = f"{hall[0][1]}{DISTRICT}/"
    assert (answer.status_code, rows(paths)) == (303, [(root,), (f"{root}{SUKAWANA}/",)])
    assert deeds() == ["unit.edit"]


UNIT = {"kind": "urban_village", "name": "Contoh", "parent": DISTRICT}


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        (
            {"name": "Sukawana"},
            ["Nama: Sudah ada unit dengan nama dan jenis ini di bawah induk yang sama."],
        ),
        (
            {"name": "Sukawana", "kemendagri_code": "36.73.01.1008"},
            ["Kode wilayah: Kode wilayah ini sudah dipakai unit lain."],
        ),
        ({"parent": "110"}, ["Langsung di atasnya: Pilih salah satu catatan yang ditawarkan."]),
        (
            {"valid_from": "2025-01-02", "valid_to": "2025-01-01"},
            ["Sampai: Akhirnya tidak boleh sebelum awalnya."],
        ),
        ({"kind": "kingdom"}, ["Jenis: Pilih satu."]),
    ],
)
def test_a_unit_that_cannot_be_is_refused_at_the_field(ani, rows, deeds, typed, problems):
    before = rows(sa.select(sa.func.count(Unit.id)))
    if "kemendagri_code" in typed:
        typed = {**typed, "name": "Lain"}

    page = ani.sent("/units/new/", **{**UNIT, **typed})

    assert page.problems == problems
    assert (rows(sa.select(sa.func.count(Unit.id))), deeds()) == (before, [])


def test_two_units_of_one_name_do_not_both_stand_at_the_top(ani, rows):
    top = {"kind": "agency", "name": "Badan Contoh", "parent": ""}

    first = ani.send("/units/new/", **top)
    second = ani.sent("/units/new/", **top)

    assert first.status_code == 303
    assert second.problems == [
        "Nama: Sudah ada unit dengan nama dan jenis ini di tingkat teratas. Pilih unit di atasnya."
    ]
    alone = sa.select(sa.func.count(Unit.id)).where(
        Unit.name == "Badan Contoh", Unit.parent_id.is_(None)
    )
    assert rows(alone) == [(1,)]


@pytest.mark.parametrize("parent", [DISTRICT, SUKAWANA])
def test_a_unit_does_not_stand_below_itself(ani, rows, deeds, parent):
    page = ani.sent(f"/units/edit/?id={DISTRICT}", parent=parent)

    assert page.problems == [BELOW_ITSELF]
    assert rows(sa.select(Unit.parent_id, Unit.path).where(Unit.id == DISTRICT)) == [
        (None, f"/{DISTRICT}/")
    ]
    assert deeds() == []


def test_nobody_deletes_a_unit(ani):
    assert ani.post("/units/delete/", {"id": SUKAWANA}).status_code == 403


def test_a_vacant_post_reads_kosong(ani):
    found = dict(ani.page("/positions/?search=Organisasi").cells("Jabatan", "Dipegang oleh"))

    assert list(found.values()) == ["kosong"]


def test_a_post_tells_its_holders_and_their_kind(ani):
    page = ani.page("/positions/?search=Cipare")

    assert page.cells("Jenjang", "Dipegang oleh") == [
        ("Lurah", "Tb. Meranti Khayal, S.Sos., M.Si.")
    ]


def test_a_post_is_made_and_deleted_while_nobody_held_it(ani, rows, deeds):
    made = ani.send("/positions/new/", unit=DISTRICT, tier="8", name="Sekretaris Contoh")
    key = int(made.location.partition("=")[2])
    stored = sa.select(Position.region_id, Position.territorial).where(Position.id == key)
    assert rows(stored) == [(1, False)]

    answer = ani.post("/positions/delete/", {"id": key})

    assert (answer.status_code, rows(stored)) == (303, [])
    assert deeds() == ["position.create", "position.delete"]


def test_a_post_that_somebody_held_is_kept(ani, rows):
    answer = ani.post("/positions/delete/", {"id": "1"})

    assert Page(answer.text).said == [
        "Wali Kota Serang tidak dihapus karena masih dirujuk: 1 Riwayat jabatan."
    ]
    assert rows(sa.select(Position.id).where(Position.id == 1)) == [(1,)]


def test_a_unit_has_a_post_of_one_name_once(ani):
    page = ani.sent("/positions/new/", unit=SUKAWANA, tier="9", name="Lurah Sukawana")

    assert page.problems == ["Jabatan: Unit ini sudah punya jabatan dengan nama ini."]
