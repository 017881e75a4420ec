"""What an auditor finds afterwards: who, when, why, before and after; of his own city alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.journey import acts
from tests.journey.pages import deeds_of, words_of
from tests.journey.people import Person
from tests.site import Installation

WHY = "Bukan begini mengukurnya"
OLD, NEW = "Paling banyak dua kali terlambat sebulan", "Paling banyak sekali terlambat sebulan"


@pytest.fixture
def story(installation: Installation, person: Callable[[str], Person]) -> int:
    """The plan with everything behind it: submitted, returned, mended, submitted, approved."""
    if "story" in installation.kept:
        plan: int = installation.put_back("story")
        return plan
    ani, bayu = person("ani"), person("bayu")
    plan = acts.make_everything(ani)
    assert ani.move(plan, "submit").status_code == 303
    assert bayu.move(plan, "return", reason=WHY).status_code == 303
    form = ani.form(f"/action-plans/edit/?id={plan}")
    form.fill(indicator=NEW, _reason="Diminta Bayu")
    ani.save(form)
    assert ani.move(plan, "submit").status_code == 303
    assert bayu.move(plan, "approve").status_code == 303
    installation.keep("story", plan)
    return plan


def test_the_auditor_finds_each_step_with_who_when_why_before_and_after(story, person):
    citra = person("citra")

    page = citra.get("/changes/").text
    deeds = [deed for deed in reversed(deeds_of(page)) if acts.PLAN in deed.sentence]

    assert [deed.sentence for deed in deeds] == [
        f"Ani Contoh menambah Rencana tindak lanjut: {acts.PLAN}.",
        f"Ani Contoh mengajukan {acts.PLAN}.",
        f"Bayu Teladan mengembalikan {acts.PLAN}. Alasan: “{WHY}”",
        f"Ani Contoh mengubah Indikator pada {acts.PLAN} dari “{OLD}” menjadi “{NEW}”."
        " Alasan: “Diminta Bayu”",
        f"Ani Contoh mengajukan {acts.PLAN}.",
        f"Bayu Teladan menyetujui {acts.PLAN}.",
    ]
    assert [deed.rows for deed in deeds[1:]] == [
        [("Status", "Draf", "Diajukan")],
        [("Status", "Diajukan", "Dikembalikan")],
        [("Indikator", OLD, NEW)],
        [("Status", "Dikembalikan", "Diajukan")],
        [("Status", "Diajukan", "Disetujui")],
    ]
    assert ("Indikator", "belum diisi", OLD) in deeds[0].rows
    assert ("Teks", "belum diisi", "Sosialisasi kepada pegawai") in deeds[0].rows
    assert [deed.at for deed in deeds] == sorted(deed.at for deed in deeds)
    assert datetime.now(UTC) - deeds[0].at < timedelta(minutes=5)
    assert "Rantai putus" not in words_of(page)


def test_what_lies_behind_the_plan_is_in_the_log_too(story, person):
    deeds = deeds_of(person("citra").get("/changes/").text)
    told = {deed.sentence: deed.rows for deed in deeds}

    official = told[f"Ani Contoh menambah Pejabat: {acts.OFFICIAL}, S.IP."]
    assert ("Nama pasangan", "belum diisi", acts.SPOUSE) in official
    assert ("Jabatan", "belum diisi", acts.POST) in official
    assert ("Telepon", "belum diisi", "•••• 321") in official, "an auditor reads masked numbers"
    session = told[f"Ani Contoh menambah Sesi Bimtek: {acts.SESSION}."]
    assert ("Acara", "belum diisi", "Materi pertama") in session
    promise = told[f"Ani Contoh menambah Komitmen: {acts.PROMISE}"]
    assert ("Ditandatangani pasangan", "belum diisi", "Rabu, 11 Februari 2026") in promise
    couple = told[f"Ani Contoh menambah Kepesertaan: {acts.OFFICIAL}, S.IP. – {acts.SESSION}."]
    assert couple.count(("Kehadiran", "belum diisi", "Hadir")) == 2


def test_the_log_is_asked_by_person_record_field_and_action(story, person, ask):
    citra = person("citra")
    ((bayu_id,),) = ask("SELECT id FROM account WHERE username = 'bayu'")
    record = f"table=action_plan&record={story}"

    by_person = deeds_of(citra.get(f"/changes/?{record}&actor={bayu_id}").text)
    by_field = deeds_of(citra.get(f"/changes/?{record}&field=indicator").text)
    by_action = deeds_of(citra.get(f"/changes/?{record}&action=action_plan.return").text)
    long_ago = deeds_of(citra.get(f"/changes/?{record}&to=2020-01-01").text)

    assert [deed.sentence.split()[2] for deed in by_person] == ["menyetujui", "mengembalikan"]
    assert [deed.rows[0][0] for deed in by_field[:1]] == ["Indikator"]
    assert len(by_field) == 2
    assert [WHY in deed.sentence for deed in by_action] == [True]
    assert long_ago == []


def test_the_records_own_history_tells_the_same_to_its_clerk(story, ani):
    deeds = deeds_of(ani.get(f"/action-plans/history/?id={story}").text)

    assert [deed.sentence.split(f" {acts.PLAN}")[0] for deed in reversed(deeds)] == [
        "Ani Contoh menambah Rencana tindak lanjut:",
        "Ani Contoh mengajukan",
        "Bayu Teladan mengembalikan",
        "Ani Contoh mengubah Indikator pada",
        "Ani Contoh mengajukan",
        "Bayu Teladan menyetujui",
    ]


def test_the_auditor_of_another_city_sees_nothing_of_it(story, person, ask):
    maya = person("maya")

    pages = [
        maya.get("/changes/").text,
        maya.get(f"/changes/?table=action_plan&record={story}").text,
        maya.get("/changes/?action=action_plan.approve").text,
        maya.get("/").text,
    ]

    for page in pages:
        words = words_of(page)
        for foreign in (acts.PLAN, acts.OFFICIAL, acts.SPOUSE, acts.PROMISE, WHY, "Ani Contoh"):
            assert foreign not in words
    assert maya.get(f"/action-plans/history/?id={story}").status_code == 404


def test_clerk_and_supervisor_do_not_read_the_whole_log(ani, bayu):
    answers = [someone.get("/changes/") for someone in (ani, bayu)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert all('class="deed"' not in answer.text for answer in answers)
