"""The officials' list narrowed by their posts of today, their training and their telephone."""

import pytest
import sqlalchemy as sa

from models.clock import today
from models.government import Position, Tier, Unit
from models.people import Appointment, Official
from models.phoning import counted


def names(page):
    """The names in the list, without what stands below them."""
    cells = (
        [row.one("th") for row in page.root.one("tbody").all("tr")]
        if page.root.all("tbody")
        else []
    )
    return [cell.one("a").text for cell in cells]


def every(rows, statement):
    """The records that a statement finds."""
    return [one for (one,) in rows(statement)]


def held(rows, *conditions):
    """The officials of Serang with a post of today of which this is so."""
    found = every(
        rows,
        sa.select(Official)
        .where(Official.region_id == 1, Official.id.in_(posts(*conditions)))
        .order_by(Official.full_name, Official.id),
    )
    return [one.display_name for one in found]


def posts(*conditions):
    """Who holds a post of today of which this is so."""
    day = today()
    return (
        sa.select(Appointment.official_id)
        .join(Position, Position.id == Appointment.position_id)
        .join(Tier, Tier.id == Position.tier_id)
        .join(Unit, Unit.id == Appointment.unit_id)
        .where(sa.or_(Appointment.started_on.is_(None), Appointment.started_on <= day))
        .where(sa.or_(Appointment.ended_on.is_(None), Appointment.ended_on >= day))
        .where(*conditions)
    )


@pytest.mark.parametrize("asked", ["tier", "district", "status"])
def test_posts_of_today_narrow_the_list(ani, rows, asked):
    [tier] = every(rows, sa.select(Tier).where(Tier.code == "urban_village_head"))
    district = every(rows, sa.select(Unit).where(Unit.kind == "district", Unit.region_id == 1))[0]
    filters = {
        "tier": (f"flt0_appointments-position-tier_id-is={tier.id}", Tier.id == tier.id),
        "district": (
            f"flt0_appointments-unit_id-within={district.id}",
            Unit.path.startswith(district.path),
        ),
        "status": (
            "flt0_appointments-status-is=acting_vacant",
            Appointment.status == "acting_vacant",
        ),
    }
    address, condition = filters[asked]

    found = names(ani.page(f"/officials/?{address}&page_size=100"))

    assert found == held(rows, condition)[:100]
    assert found


def test_who_attended_and_who_did_not_are_all(ani, rows):
    def count(query):
        page = ani.page(f"/officials/?{query}&page_size=100")
        return len(names(page))

    attended, missed = (
        count(f"flt0_participations-training_session_id-{code}=any") for code in ("attended", "not")
    )
    assert attended
    assert attended + missed == len(every(rows, sa.select(Official).where(Official.region_id == 1)))


def test_units_of_another_city_are_no_choice(ani, rows):
    foreign = every(rows, sa.select(Unit).where(Unit.region_id != 1))[0]
    page = ani.page("/officials/")

    for name in ("unit_id-is", "unit_id-within"):
        answer = ani.page(f"/officials/?flt0_appointments-{name}={foreign.id}")
        assert "Tidak dapat menyaring" in answer.root.text or names(answer) == names(page)


def test_who_has_no_mobile_number_is_listed_under_the_unit(ani, citra, mira, write, rows):
    post = every(rows, sa.select(Appointment).where(Appointment.region_id == 1, *current()))[0]
    with write() as session:
        session.get_one(Official, post.official_id).phone = "+62254210538"
    name = every(rows, sa.select(Official).where(Official.id == post.official_id))[0].display_name

    page = ani.page("/unreachable/")
    query = f"flt0_phone_kind-is=other&flt1_appointments-unit_id-is={post.unit_id}"
    listed = names(ani.page(f"/officials/?{query}"))

    assert name in page.root.text
    assert "+62254" not in ani.get("/unreachable/").text
    assert listed == [name]
    mend = f"/officials/edit/?id={post.official_id}&url=/unreachable/#phone"
    assert mend in [one.given["href"] for one in page.main.all("a")]
    assert mend not in citra.get("/unreachable/").text.replace("&amp;", "&")
    assert name not in mira.get("/unreachable/").text


def current():
    """Appointments that last."""
    return (Appointment.ended_on.is_(None), Appointment.started_on <= today())


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_of_the_unreached_asks_as_much_for_one_as_for_three(
    ani, write, rows, statements, people
):
    found = every(rows, sa.select(Appointment).where(Appointment.region_id == 1, *current()))
    ids = sorted({one.official_id for one in found})
    with write() as session:
        for one in session.scalars(sa.select(Official).where(Official.region_id == 1)):
            one.phone = None if one.id in ids[:people] else "+6281200001234"
    ani.page("/unreachable/")

    with statements() as seen:
        page = ani.page("/unreachable/")

    assert len(page.root.one("tbody").all("li")) >= people
    assert len(seen) == 6


def test_who_holds_two_posts_in_a_unit_counts_once():
    unit = Unit(name="Contoh")
    people = [(Appointment(unit=unit), kind) for kind in ("mobile", "other", "missing")]

    one = counted(people)

    assert (one.in_post, one.reached, len(one.unreached)) == (3, 1, 2)
