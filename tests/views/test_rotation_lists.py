"""A rotation of 269 posts by one list: proposed, applied and taken back, verified after each."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.base import db
from models.commitments import Commitment, commitment_risk
from models.government import Position, Tier, Unit
from models.people import Appointment, Official
from models.proposals import Proposal
from models.records import log, panel
from panel.changelog.verify import verify
from tests.views.browser import Page, filled_in
from tests.views.test_imports import submitted, tiles
from tests.views.test_proposals import form_at, moved

DECREE, DAY, EVE = "821/CONTOH/2026", "2026-12-01", "2026-11-30"


POSTS = 269


@pytest.fixture
def holders(rows, write):
    """Name, NIP, post, district and number of appointment of 269 holders of one tier."""
    above = aliased(Unit)
    statement = (
        sa.select(Official.full_name, Official.nip, Position.name, above.name, Appointment.id)
        .join(Appointment, Appointment.official_id == Official.id)
        .join(Position, Position.id == Appointment.position_id)
        .join(Unit, Unit.id == Position.unit_id)
        .join(above, above.id == Unit.parent_id)
        .join(Tier, Tier.id == Position.tier_id)
        .where(Tier.code == "urban_village_head", Position.region_id == 1)
        .where(Appointment.ended_on.is_(None), Appointment.status == "definitive")
        .where(Official.nip.is_not(None))
        .order_by(Appointment.id)
    )
    lacking = POSTS - len(rows(statement))
    with write() as session:
        like = session.scalars(
            sa.select(Position)
            .join(Tier, Tier.id == Position.tier_id)
            .where(Tier.code == "urban_village_head", Position.region_id == 1)
        ).first()
        for number in range(lacking):
            post = Position(
                region_id=1, unit_id=like.unit_id, tier_id=like.tier_id, name=f"Pos Contoh {number}"
            )
            person = Official(
                region_id=1,
                full_name=f"Fulan Contohan {chr(97 + number // 26)}{chr(97 + number % 26)}",
                nip=f"198002032005021{number + 100}",
                employment_type="asn_pns",
            )
            appointment = Appointment(
                region_id=1,
                unit_id=like.unit_id,
                official=person,
                position=post,
                status="definitive",
            )
            session.add(appointment)
    return [tuple(row) for row in rows(statement)]


@pytest.fixture
def findings(app):
    """What a verification of the whole log finds."""

    def find():
        with app.app_context():
            report = verify(db.engine, log, panel.triggers(db.engine.dialect.name))
            db.session.remove()
        return [str(one.sentence) for one in report.findings]

    return find


def pasted(browser, lines):
    """The address of the columns of this list."""
    form = filled_in(browser.page("/imports/new/").main.one("form"))
    text = "\n".join(("Nama\tNIP\tJabatan\tKecamatan\tGol.", *map("\t".join, lines)))
    answer = browser.post("/imports/new/", {**form, "kind": "rotation", "pasted": text})
    assert answer.status_code == 303, Page(answer.text).text
    return answer.location


def checked(browser, address, **typed):
    """The answer to the confirmed columns."""
    form = filled_in(browser.page(address).main.one("form", class_="stack"))
    told = {"act": "check", "on_day": DAY, "decree_no": DECREE}
    return browser.post(address, {**form, **told, **typed})


def test_269_posts_rotate_by_one_list_and_back(ani, bayu, rows, value, holders, findings):
    tier = value(sa.select(Tier.id).where(Tier.code == "urban_village_head"))
    *cycle, replaced, gone = holders
    lines = [
        (name, nip, *cycle[(at + 1) % len(cycle)][2:4]) for at, (name, nip, *_) in enumerate(cycle)
    ]
    lines.append(("Dadap Umpamaan, S.STP.", "198304042008041004", *replaced[2:4]))
    lines[0] += ("IV/e",)  # her own record changes with her post
    held = sa.select(Appointment.id, Appointment.ended_on).order_by(Appointment.id)
    before, promises = rows(held), value(sa.select(sa.func.count()).select_from(Commitment))

    address = pasted(ani, lines)
    lacking = checked(ani, address, decree_no="", tier=str(tier))
    forged = checked(ani, address, tier="999999")
    preview = checked(ani, address, tier=str(tier)).location
    page = ani.page(preview)
    counts = tiles(page)
    form = form_at(page, f"{preview}leaving/")
    stays = ani.post(f"{preview}leaving/", {**form, "go": []})
    kept = tiles(ani.page(preview))
    outside = ani.post(
        f"{preview}leaving/", {**form_at(ani.page(preview), f"{preview}leaving/"), "go": "999999"}
    )
    form = form_at(ani.page(preview), f"{preview}leaving/")
    ani.post(f"{preview}leaving/", {**form, "shown": str(gone[4]), "go": str(gone[4])})

    assert len(holders) == POSTS
    assert (lacking.status_code, forged.status_code, outside.status_code) == (422, 404, 404)
    assert (counts["pindah"], counts["datang"], counts["bermasalah"]) == (len(cycle), 1, 0)
    assert counts["keluar"] >= 2
    assert gone[0] in page.text
    assert replaced[0] in page.text
    assert stays.status_code == 303
    assert kept["jabatan kosong"] == counts["jabatan kosong"] - 1
    assert rows(held) == before

    answer = submitted(ani, preview)
    number = value(sa.select(Proposal.id).where(Proposal.origin == "import"))
    assert answer.status_code == 303, Page(answer.text).said
    assert moved(bayu, number, "apply").status_code == 303

    ended = sa.select(Appointment.id, Appointment.ended_on, Appointment.end_decree_no)
    ended = ended.where(Appointment.id.in_([one[4] for one in holders])).order_by(Appointment.id)
    assert [(str(day), decree) for _, day, decree in rows(ended)] == [(EVE, DECREE)] * len(holders)
    begun = sa.select(Appointment.official_id).where(Appointment.decree_no == DECREE)
    assert len(rows(begun)) == len(cycle) + 1
    handed = sa.select(Commitment.id).where(
        Commitment.continued_from_id.is_not(None), Commitment.official_id.in_(begun)
    )
    risks = sa.select(commitment_risk.c.commitment_id)
    assert len(rows(handed)) > 0
    assert rows(handed.where(Commitment.id.not_in(risks))) == []
    assert findings() == []

    back = ani.post(f"/proposals/{number}/undo/", {}).location.rpartition("=")[2]
    assert moved(ani, back, "submit").status_code == 303
    assert moved(bayu, back, "apply").status_code == 303
    assert rows(held) == before
    assert value(sa.select(sa.func.count()).select_from(Commitment)) == promises
    assert findings() == []


def test_a_list_may_be_complete_for_one_unit_alone(app, ani, rows, tmp_path):
    district = sa.select(Unit.path, Unit.id, Unit.name).where(
        Unit.kind == "district", Unit.name == "Curug", Unit.region_id == 1
    )
    [(path, number, name)] = rows(district)
    inside = (
        sa.select(Official.full_name, Official.nip, Position.name)
        .join(Appointment, Appointment.official_id == Official.id)
        .join(Position, Position.id == Appointment.position_id)
        .join(Unit, Unit.id == Position.unit_id)
        .where(Unit.path.startswith(path), Appointment.ended_on.is_(None))
        .order_by(Appointment.id)
    )
    (who, nip, post), *others = rows(inside)
    line = (who, nip, post, name if post.startswith("Lurah") else "")
    file = tmp_path / "mutasi.csv"
    file.write_text("\n".join(map(";".join, (("Nama", "NIP", "Jabatan", "Kecamatan"), line))))
    asked = ["roster", "import", str(file), "--as", "ani", "--kind", "rotation", "--dry-run"]
    asked += ["--on", DAY, "--decree", DECREE]

    address = pasted(ani, [line])
    preview = checked(ani, address, unit=str(number)).location
    page = ani.page(preview)
    told = app.test_cli_runner().invoke(args=[*asked, "--unit", f"kecamatan {name}"])
    twice = app.test_cli_runner().invoke(args=[*asked, "--unit", "Sukawana"])
    nothing = app.test_cli_runner().invoke(args=asked)

    assert len(others) > 1
    assert tiles(page)["keluar"] == len(others)
    assert "Kecamatan Curug" in page.main.text
    assert told.exit_code == 0, told.output
    assert told.output.count("(tidak ada di daftar)") == len(others)
    assert all(other in told.output for other, *_ in others)
    assert "Nothing was kept." in told.output
    assert (twice.exit_code, "2 unit" in twice.output) == (1, True)
    assert nothing.output.count("(tidak ada di daftar)") == 0
