"""The pages of one unit and of one post: the tree, who sits where, what is vacant."""

from datetime import date

import pytest
import sqlalchemy as sa

from models.government import Position, Unit
from models.people import Appointment
from tests.views.test_subtree import granted

#: Kecamatan Serang, two kelurahan of it, the secretariat with a vacant post, one of Metro.
DISTRICT, CIPARE, HALL, OF_METRO = 33, 40, 1, 106
NEVER = "belum ada"


def at(key):
    return f"/units/details/?id={key}"


def section(page, name):
    """A section of the page by the name of its heading."""
    [found] = [one for one in page.main.all("section") if one.given["aria-labelledby"] == name]
    return found


def lede(page):
    return page.main.one("p", class_="lede").text


def cipare(rows):
    """Number and post of Kelurahan Cipare."""
    post = sa.select(Unit.id, Position.id).join(Position, Position.unit_id == Unit.id)
    return rows(post.where(Unit.name == "Cipare", Unit.region_id == 1))[0]


def numbers(page):
    """The totals above the posts, by their word."""
    box = section(page, "seats").one("dl", class_="stats")
    terms, answers = box.all("dt"), box.all("dd")
    return {term.text: answer.text for term, answer in zip(terms, answers, strict=True)}


def test_a_district_shows_its_posts_with_holders_and_what_was_attended(ani):
    page = ani.page(at(DISTRICT))

    table = page.table("Jabatan")
    assert (page.heading, lede(page)) == ("Kecamatan Serang", "Unit teratas, tanpa unit di atasnya")
    assert table[0] == ["Camat Serang jenjang Camat", "Tb. Bagja Misal, S.Sos.", "Hadir"]
    assert ["Lurah Sumur Pecung Kelurahan Sumur Pecung", "Fulanah Misalnya, S.Sos.", NEVER] in table
    assert len(table) == 13
    assert numbers(page) == {
        "jabatan": "13",
        "terisi": "13 tidak ada yang kosong",
        "hadir": "10 77 %",
        "bersama pasangan": "8 62 %",
    }
    assert page.table("Menurut jenjang") == [
        ["Camat", "1", "0", "1 100 %", "0"],
        ["Lurah", "12", "0", "9 75 %", "8"],
    ]


def test_a_vacant_post_is_shown_and_counted(ani):
    page = ani.page(at(HALL))

    assert ["Kepala Bagian Organisasi Bagian Organisasi", "kosong", NEVER] in page.table("Jabatan")
    assert numbers(page)["terisi"] == "13 1 kosong"
    assert "Bagian Organisasi 1 jabatan, 0 terisi, 1 kosong" in section(page, "below").text


def test_a_unit_stands_below_its_parents_and_has_a_page_without_anything_below(ani, rows):
    unit, _post = cipare(rows)

    page = ani.page(at(unit))

    assert lede(page) == "Kecamatan Serang"
    assert page.main.one("p", class_="lede").one("a").given["href"] == at(DISTRICT)
    assert section(page, "below").text.endswith("Tidak ada unit di bawahnya.")


def test_the_tree_shows_two_levels_and_counts_the_third(ani, rows, write):
    unit, _post = cipare(rows)
    with write() as session:
        office = Unit(region_id=1, kind="division", name="Seksi", parent_id=unit)
        session.add(office)
        session.flush()
        session.add(Unit(region_id=1, kind="division", name="Subseksi", parent_id=office.id))

    tree = section(ani.page(at(DISTRICT)), "below")

    assert "Kelurahan Cipare 1 jabatan Seksi tanpa jabatan 1 unit di bawahnya" in tree.text
    assert "Subseksi" not in tree.text


def test_an_acting_holder_is_marked_and_a_former_holder_s_attendance_is_told_apart(
    ani, rows, write
):
    _unit, post = cipare(rows)
    with write() as session:
        present = session.scalars(
            sa.select(Appointment).where(
                Appointment.position_id == post, Appointment.status == "definitive"
            )
        ).one()
        present.ended_on = date(2025, 12, 31)
        session.add(
            Appointment(
                region_id=1,
                official_id=3,
                position_id=post,
                unit_id=present.unit_id,
                status="acting_vacant",
                started_on=date(2026, 1, 1),
            )
        )

    [row] = [
        row for row in ani.page(at(DISTRICT)).table("Jabatan") if row[0].startswith("Lurah Cip")
    ]

    assert row[1:] == ["Fulanah Contoh, S.Sos. Plt.", "Pejabat sebelumnya"]


def test_a_unit_names_those_whose_work_it_took_over(ani, write):
    with write() as session:
        session.add(
            Unit(
                region_id=1,
                kind="district",
                name="Lama",
                merged_into_id=DISTRICT,
                valid_to=date(2007, 1, 1),
            )
        )

    page = ani.page(at(DISTRICT))

    assert section(page, "merged").text == "Menggantikan Kecamatan Lama sampai 1 Jan 2007"


def test_an_empty_unit_has_a_calm_page(ani, write):
    with write() as session:
        unit = Unit(region_id=1, kind="other", name="Kosong")
        session.add(unit)
        session.flush()
        key = unit.id

    page = ani.page(at(key))

    assert "Unit ini dan unit di bawahnya belum punya jabatan." in section(page, "seats").text
    assert ("Menurut jenjang" in page.text, "0 %" in page.text) == (False, False)


@pytest.mark.parametrize(("reader", "status"), [("mira", 404), ("eka", 200), ("citra", 200)])
def test_who_reads_a_unit(browse, reader, status):
    assert browse(reader).get(at(DISTRICT)).status_code == status


def test_an_administrator_sees_the_tree_without_the_people(eka):
    page = eka.page(at(DISTRICT))

    assert (page.table("Jabatan"), "Bagja" in page.text) == ([], False)
    assert len(section(page, "below").all("li")) == 12


def test_an_auditor_is_offered_nothing_to_add(citra, ani):
    def offers(browser):
        links = [one.given["href"] for one in browser.page(at(DISTRICT)).main.all("a")]
        return [link for link in links if "/new/" in link]

    posts, units = offers(ani)

    assert offers(citra) == []
    assert ani.form(posts)["unit"] == ani.form(units)["parent"] == str(DISTRICT)


def test_a_district_s_account_does_not_see_what_stands_above(app, write):
    with write() as session:
        session.get(Unit, DISTRICT).parent = session.get(Unit, HALL)
    clerk = granted(app, write, "sari", "clerk")

    page = clerk.page(at(DISTRICT))

    assert "Sekretariat" not in lede(page)
    assert clerk.get(at(HALL)).status_code == 404


def test_the_list_counts_posts_with_those_below_and_what_is_vacant(ani):
    rows = ani.page("/units/?search=walantaka").cells("Nama", "Jabatan")

    assert rows[0] == ("Kecamatan Walantaka", "15 1 kosong")


# A post


def test_a_post_shows_its_holders_and_when_it_was_vacant(ani, rows, write):
    _unit, post = cipare(rows)
    with write() as session:
        present = session.scalars(
            sa.select(Appointment).where(
                Appointment.position_id == post, Appointment.status == "definitive"
            )
        ).one()
        session.add(
            Appointment(
                region_id=1,
                official_id=3,
                position_id=post,
                unit_id=present.unit_id,
                status="definitive",
                started_on=date(2020, 1, 1),
                ended_on=date(2024, 12, 31),
                decree_no="A/1",
            )
        )

    page = ani.page(f"/positions/details/?id={post}")

    assert [row[:4] for row in page.table("Pemegang jabatan")] == [
        ["Kamboja Permisalan, S.IP.", "Plh.", "17 Nov 2025", "21 Nov 2025"],
        ["Tb. Meranti Khayal, S.Sos., M.Si.", "Definitif", "6 Mar 2025", "sekarang"],
        ["kosong", "", "1 Jan 2025", "5 Mar 2025"],
        ["Fulanah Contoh, S.Sos.", "Definitif", "1 Jan 2020", "31 Des 2024"],
    ]


def test_a_former_holder_out_of_scope_is_named_without_a_link(app, rows, write):
    _unit, post = cipare(rows)
    with write() as session:
        unit = session.get(Position, post).unit_id
        session.add(
            Appointment(
                region_id=1,
                official_id=3,
                position_id=post,
                unit_id=unit,
                status="definitive",
                started_on=date(2020, 1, 1),
                ended_on=date(2024, 12, 31),
            )
        )
    clerk = granted(app, write, "sari", "clerk")

    page = clerk.page(f"/positions/details/?id={post}")

    assert "Fulanah Contoh, S.Sos." in page.text
    assert page.main.all("a", href="/officials/details/?id=3") == []


# Questions to the database


def test_a_unit_with_three_below_asks_no_more_than_one_with_one(ani, statements, write):
    keys = []
    with write() as session:
        tier = session.scalar(sa.select(Position.tier_id).limit(1))
        for count in (1, 3):
            top = Unit(region_id=1, kind="other", name=f"Puncak {count}")
            session.add(top)
            session.flush()
            keys.append(top.id)
            for number in range(count):
                unit = Unit(region_id=1, kind="other", name=f"Bawah {number}", parent_id=top.id)
                session.add(unit)
                session.flush()
                post = Position(region_id=1, unit=unit, tier_id=tier, name=f"Kepala {number}")
                session.add(post)
                session.flush()
                session.add(
                    Appointment(
                        region_id=1,
                        official_id=3 + number,
                        position_id=post.id,
                        unit_id=unit.id,
                        status="acting_vacant",
                    )
                )

    counted = {}
    for key in keys:
        ani.page(at(key))
        with statements() as seen:
            page = ani.page(at(key))
        counted[len(page.table("Jabatan"))] = len(seen)

    assert counted == {1: 19, 3: 19}
