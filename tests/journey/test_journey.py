"""From the official to the approved plan, page by page, and what the database and log hold then."""

from __future__ import annotations

from tests.journey import acts
from tests.journey.conftest import verified
from tests.journey.pages import words_of


def test_from_the_official_to_the_approved_plan(site, ani, bayu, person, ask):
    official = acts.make_official(ani)
    session = acts.make_session(ani)
    acts.make_speaker(ani)
    participation = acts.make_participation(ani)
    commitment = acts.make_commitment(ani)
    plan = acts.make_plan(ani)

    assert ask(
        "SELECT o.full_name, o.phone, p.name, a.decree_no, s.full_name, r.kemendagri_code"
        " FROM official o JOIN appointment a ON a.official_id = o.id"
        " JOIN position p ON p.id = a.position_id AND p.unit_id = a.unit_id"
        " JOIN spouse s ON s.official_id = o.id JOIN region r ON r.id = s.region_id"
        " WHERE o.id = :id",
        id=official,
    ) == [
        (acts.OFFICIAL, "+6281200004321", acts.POST, "SK-821/77/2025", acts.SPOUSE, "36.73"),
    ]
    assert ask(
        "SELECT t.code, i.title, p.full_name, x.topic FROM training_session s"
        " JOIN session_tier st ON st.training_session_id = s.id JOIN tier t ON t.id = st.tier_id"
        " JOIN agenda_item i ON i.training_session_id = s.id"
        " JOIN session_speaker x ON x.training_session_id = s.id"
        " JOIN speaker p ON p.id = x.speaker_id"
        " WHERE s.id = :id",
        id=session,
    ) == [("urban_village_head", "Materi pertama", acts.SPEAKER, "Waktu kerja adalah amanah")]
    assert ask(
        "SELECT a.party, a.status FROM attendance a WHERE a.participation_id = :id ORDER BY a.id",
        id=participation,
    ) == [("official", "present"), ("spouse", "present")]
    assert ask("SELECT party, text FROM commitment WHERE id = :id", id=commitment) == [
        ("both", acts.PROMISE)
    ]

    assert ani.move(plan, "submit").status_code == 303
    waiting = bayu.read("/inbox/?kind=action_plan")
    returned = bayu.move(plan, "return", reason="Indikator belum terukur")

    assert acts.PLAN in waiting
    assert (returned.status_code, returned.location) == (303, f"/action-plans/details/?id={plan}")
    assert "Rencana dikembalikan." in bayu.read(returned.location)
    home = ani.read("/")
    assert f"{acts.PLAN} " in home
    assert "“Indikator belum terukur”" in home

    form = ani.form(f"/action-plans/edit/?id={plan}")
    form.fill(indicator="Paling banyak dua kali terlambat dalam sebulan", _reason="Diminta Bayu")
    ani.save(form)
    assert ani.move(plan, "submit").status_code == 303
    page = bayu.get(f"/action-plans/details/?id={plan}").text
    assert "<del>Paling banyak dua kali terlambat sebulan</del>" in page
    assert "<ins>Paling banyak dua kali terlambat dalam sebulan</ins>" in page
    approved = bayu.move(plan, "approve")

    assert approved.status_code == 303
    assert "Disetujui" in bayu.read(approved.location)
    assert acts.PLAN not in bayu.read("/inbox/")
    assert ask(
        "SELECT step, was, becomes, actor_name, reason FROM decision"
        " WHERE record_table = 'action_plan' AND record_id = :id ORDER BY id",
        id=str(plan),
    ) == [
        ("submit", "draft", "submitted", "Ani Contoh", ""),
        ("return", "submitted", "returned", "Bayu Teladan", "Indikator belum terukur"),
        ("submit", "returned", "submitted", "Ani Contoh", ""),
        ("approve", "submitted", "approved", "Bayu Teladan", ""),
    ]
    assert ask("SELECT status FROM action_plan WHERE id = :id", id=plan) == [("approved",)]
    assert verified(site).endswith("chain, triggers and tables agree.\n")


def test_what_the_clerk_put_in_is_read_on_the_pages(ani, ask):
    plan = acts.make_everything(ani)
    assert ani.move(plan, "submit").status_code == 303
    ((official,),) = ask("SELECT official_id FROM action_plan WHERE id = :id", id=plan)

    page = ani.read(f"/officials/details/?id={official}")

    assert "Ratna Bayangan, S.IP." in page
    assert "1 Des" in page
    for words in (acts.POST, acts.SPOUSE, acts.SESSION, acts.PROMISE, acts.PLAN, "Diajukan"):
        assert words in page
    participation = words_of(ani.get(f"/participations/?search={acts.OFFICIAL}").text)
    assert "Hadir berdua" in participation
    steps = ask("SELECT number, text FROM action_step WHERE plan_id = :id ORDER BY number", id=plan)
    assert steps == [(1, "Sosialisasi kepada pegawai"), (2, "Rekap jam masuk tiap Jumat")]
