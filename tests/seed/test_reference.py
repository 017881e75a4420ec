"""The reference data have the sizes that the sources have."""

import sqlalchemy as sa
from flask import Flask

from models.base import db
from models.commitments import CommitmentTemplate
from models.government import Position, Region, Tier, Unit
from models.people import Grade
from models.programme import IntegrityValue


def count_by_region(column: sa.ColumnElement[object]) -> dict[tuple[str, object], int]:
    rows = db.session.execute(
        sa.select(Region.kemendagri_code, column, sa.func.count())
        .join(Region, Region.id == column.class_.region_id)
        .group_by(Region.kemendagri_code, column)
    )
    return {(region, value): number for region, value, number in rows}


def test_units_of_both_cities(seeded: Flask) -> None:
    with seeded.app_context():
        found = {
            (region, kind): number
            for (region, kind), number in count_by_region(Unit.kind).items()
            if kind in ("district", "urban_village")
        }

    assert found == {
        ("36.73", "district"): 6,
        ("36.73", "urban_village"): 67,
        ("18.72", "district"): 5,
        ("18.72", "urban_village"): 22,
    }


def test_kelurahan_stand_below_their_kecamatan(seeded: Flask) -> None:
    with seeded.app_context():
        places = db.session.scalars(
            sa.select(Unit).where(Unit.name == "Sukawana").order_by(Unit.kemendagri_code)
        )
        found = [(unit.place, unit.path == f"{unit.parent.path}{unit.id}/") for unit in places]

    assert found == [
        ("Kelurahan Sukawana, Kec. Serang", True),
        ("Kelurahan Sukawana, Kec. Curug", True),
    ]


def test_there_is_a_seat_for_every_camat_and_lurah(seeded: Flask) -> None:
    with seeded.app_context():
        rows = db.session.execute(
            sa.select(Tier.code, sa.func.count())
            .join(Position, Position.tier_id == Tier.id)
            .where(Position.territorial)
            .group_by(Tier.code)
        )
        found = dict(rows.all())

    assert found == {"district_head": 11, "urban_village_head": 89}


def test_lists_without_region(seeded: Flask) -> None:
    with seeded.app_context():
        tiers = db.session.scalars(sa.select(Tier.code).order_by(Tier.rank)).all()
        grades = db.session.scalar(sa.select(sa.func.count()).select_from(Grade))
        values = db.session.execute(
            sa.select(IntegrityValue.label_id, IntegrityValue.is_national).order_by(
                IntegrityValue.rank
            )
        ).all()
        examples = set(db.session.scalars(sa.select(CommitmentTemplate.is_example)))

    assert (tiers[0], tiers[-1], len(tiers)) == ("mayor", "urban_village_head", 9)
    assert grades == 17
    assert [label for label, national in values if national] == [
        "Jujur",
        "Peduli",
        "Mandiri",
        "Disiplin",
        "Tanggung jawab",
        "Kerja keras",
        "Sederhana",
        "Berani",
        "Adil",
    ]
    assert [label for label, national in values if not national] == [
        "Keterbukaan",
        "Akuntabilitas",
    ]
    assert examples == {True}


def test_approximate_agencies_are_marked(seeded: Flask) -> None:
    with seeded.app_context():
        found = count_by_region(Unit.source)

    assert found[("36.73", "approximate")] == 11 + 5
    assert found[("18.72", "approximate")] == 7 + 5
