"""The pages of commitments, action plans with their steps, and evidence."""

from datetime import date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from models.commitments import Commitment
from models.files import StoredFile
from models.follow_up import ActionPlan, ActionStep, Evidence
from models.records import Account, Change, Deed
from tests.views.browser import Page

LURAH, POST, SPOUSE = 45, 45, 43
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
ELSEWHERE = "Pilihan ini bukan bagian dari isian di atasnya. Pilih ulang."

PROMISE = {"official": LURAH, "party": "official", "category": "other", "text": "Saya berjanji."}
PLAN = {
    "official": LURAH,
    "appointment": POST,
    "code": "RTL-0900",
    "title": "Rencana contoh",
    "target": "Sasaran",
    "indicator": "Indikator",
    "due_on": "2030-01-01",
}


@pytest.fixture
def plan_in(rows):
    """The first plan of Serang in this state, made by this clerk."""

    def find(status, by="ani"):
        creator = sa.select(Account.id).where(Account.username == by).scalar_subquery()
        found = sa.select(ActionPlan.id).where(
            ActionPlan.status == status,
            ActionPlan.region_id == 1,
            ActionPlan.created_by_id == creator,
        )
        return rows(found.order_by(ActionPlan.id))[0][0]

    return find


# Commitments


def test_commitments_tell_whose_and_when_signed(ani):
    page = ani.page("/commitments/?search=badu+rekaan")

    assert page.cells("Pejabat", "Komitmen siapa", "Kategori", "Ditandatangani") == [
        ("Drs. Badu Rekaan, S.IP.", "Pasangan", "Dukungan keluarga", "Pasangan pada 18 Nov 2025")
    ]


def test_a_commitment_takes_region_and_unit_from_the_post(ani, rows, deeds):
    answer = ani.send(
        "/commitments/new/",
        **PROMISE,
        appointment=POST,
        official_signed_on="18/11/2025",
        risks=["1", "2"],
    )

    key = int(answer.location.partition("=")[2])
    columns = (Commitment.region_id, Commitment.unit_id, Commitment.official_signed_on)
    unit = rows(sa.text("SELECT unit_id FROM appointment WHERE id = 45"))[0][0]
    assert rows(sa.select(*columns).where(Commitment.id == key)) == [(1, unit, date(2025, 11, 18))]
    assert deeds() == ["commitment.create"]
    links = sa.select(Change.tbl).where(Change.deed_id == newest_deed())
    assert sorted(rows(links)) == [("commitment",), ("commitment_risk",), ("commitment_risk",)]


def newest_deed():
    """The deed that stands last in the log."""
    newest = sa.select(sa.func.max(Deed.seq)).scalar_subquery()
    return sa.select(Deed.id).where(Deed.seq == newest).scalar_subquery()


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        ({"text": ""}, ["Janji: Isian ini wajib diisi."]),
        ({"party": "both"}, ["Pasangan: Sebut pasangannya, atau pilih pejabat saja."]),
        (
            {"spouse_signed_on": "2025-11-18"},
            [
                "Ditandatangani pasangan: Sebut pasangan yang menandatangani, "
                "atau kosongkan tanggalnya."
            ],
        ),
        ({"party": "both", "spouse": "1"}, [f"Pasangan: {ELSEWHERE}"]),
        ({"appointment": "1"}, [f"Jabatan pada hari itu: {ELSEWHERE}"]),
        ({"official": "110"}, ["Pejabat: Pilih salah satu catatan yang ditawarkan."]),
        ({"category": "x"}, ["Kategori: Pilih satu."]),
    ],
)
def test_a_commitment_that_cannot_be_is_refused_at_the_field(ani, rows, deeds, typed, problems):
    before = rows(sa.select(sa.func.count(Commitment.id)))

    page = ani.sent("/commitments/new/", **{**PROMISE, **typed})

    assert page.problems == problems
    assert (rows(sa.select(sa.func.count(Commitment.id))), deeds()) == (before, [])


# Action plans


def test_a_plan_is_listed_with_its_state_and_how_late_it_is(ani, rows):
    today = datetime.now(ZoneInfo("Asia/Jakarta")).date()
    late = (today - rows(sa.select(ActionPlan.due_on).where(ActionPlan.id == 1))[0][0]).days

    page = ani.page("/action-plans/?search=RTL-0001")

    [(status, due)] = page.cells("Status", "Batas waktu")
    assert (status, due.endswith(f"terlambat {late} hari")) == ("Diajukan", True)


def test_a_plan_is_made_as_a_draft_by_its_clerk(ani, rows, deeds):
    answer = ani.send(
        "/action-plans/new/",
        **PLAN,
        **{
            "steps-0-number": "1",
            "steps-0-text": "Langkah satu",
            "steps-0-due_on": "2029-12-01",
            "steps-1-number": "2",
            "steps-1-text": "Langkah dua",
        },
    )

    key = int(answer.location.partition("=")[2])
    columns = (ActionPlan.region_id, ActionPlan.status, ActionPlan.kind, Account.username)
    made = sa.select(*columns).join(Account, Account.id == ActionPlan.created_by_id)
    assert rows(made.where(ActionPlan.id == key)) == [(1, "draft", "improvement", "ani")]
    steps = sa.select(ActionStep.region_id, ActionStep.number, ActionStep.due_on)
    assert rows(steps.where(ActionStep.plan_id == key).order_by(ActionStep.number)) == [
        (1, 1, date(2029, 12, 1)),
        (1, 2, None),
    ]
    assert deeds() == ["action_plan.create"]


FORGED = {
    "status": "approved",
    "created_by": "3",
    "created_by_id": "3",
    "decision_id": "1",
    "region": "2",
    "region_id": "2",
    "result_class": "conforming",
    "id": "999",
    "version": "7",
}


def test_what_the_form_does_not_have_is_not_taken_from_it(ani, rows):
    answer = ani.send("/action-plans/new/", **PLAN, **FORGED)

    key = int(answer.location.partition("=")[2])
    columns = (
        ActionPlan.status,
        ActionPlan.region_id,
        ActionPlan.decision_id,
        ActionPlan.result_class,
        ActionPlan.version,
        Account.username,
    )
    made = sa.select(*columns).join(Account, Account.id == ActionPlan.created_by_id)
    assert key != 999
    assert rows(made.where(ActionPlan.id == key)) == [("draft", 1, None, None, 1, "ani")]


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        ({"code": "RTL-0001"}, ["Nomor: Nomor ini sudah dipakai rencana lain."]),
        ({"code": ""}, ["Nomor: Isian ini wajib diisi."]),
        ({"commitment": "2"}, [f"Komitmen: {ELSEWHERE}"]),
        ({"appointment": "1"}, [f"Jabatan pada hari itu: {ELSEWHERE}"]),
        (
            {"audience_count": "-3"},
            ["Orang yang dijangkau: Ketik angka bulat dari 0 sampai 999.999.999."],
        ),
        ({"due_on": "2030"}, ["Batas waktu: Ini bukan tanggal. Tulis seperti 18/11/2025."]),
        (
            {
                "steps-0-number": "1",
                "steps-0-text": "A",
                "steps-1-number": "1",
                "steps-1-text": "B",
            },
            ["Langkah: Dua langkah bernomor sama."],
        ),
    ],
)
def test_a_plan_that_cannot_be_is_refused_at_the_field(ani, rows, deeds, typed, problems):
    before = rows(sa.select(sa.func.count(ActionPlan.id)))

    page = ani.sent("/action-plans/new/", **{**PLAN, **typed})

    assert page.problems == problems
    assert (rows(sa.select(sa.func.count(ActionPlan.id))), deeds()) == (before, [])


LOCKED = ("submitted", "approved", "evidence_submitted", "verified", "closed", "cancelled")


@pytest.mark.parametrize("status", LOCKED)
def test_a_locked_plan_is_closed_to_form_delete_and_list(ani, rows, deeds, plan_in, status):
    key = plan_in(status, by="ani" if status != "cancelled" else creator_of_cancelled(rows))
    stored = sa.select(ActionPlan.title, ActionPlan.version).where(ActionPlan.id == key)
    before = rows(stored)

    answers = [
        ani.get(f"/action-plans/edit/?id={key}"),
        ani.post(f"/action-plans/edit/?id={key}", {"title": "Lain", "version": "x"}),
        ani.post("/action-plans/delete/", {"id": key}),
        ani.post("/action-plans/action/", {"action": "delete", "rowid": [key], "confirmed": "1"}),
        ani.post("/action-plans/ajax/update/", {"list_form_pk": key, "title": "Lain"}),
    ]

    assert [answer.status_code for answer in answers] == [409, 409, 409, 409, 404]
    assert rows(stored) == before
    assert deeds() == [
        "action_plan.edit.refused",
        "action_plan.delete.refused",
        "action_plan.delete.refused",
    ]


def creator_of_cancelled(rows):
    """Who made the first cancelled plan."""
    made = sa.select(Account.username).join(ActionPlan, ActionPlan.created_by_id == Account.id)
    return rows(made.where(ActionPlan.status == "cancelled", ActionPlan.region_id == 1))[0][0]


def test_a_running_plan_is_open_for_progress_alone(ani, rows, deeds, plan_in):
    key = plan_in("in_progress")
    path = f"/action-plans/edit/?id={key}"
    fixed = sa.select(ActionPlan.title, ActionPlan.target, ActionPlan.due_on).where(
        ActionPlan.id == key
    )
    before = rows(fixed)

    names = {re_number(name) for name in ani.form(path)} - {"csrf_token", "version", "_reason"}
    answer = ani.send(
        path,
        title="Lain",
        target="Lain",
        due_on="2031-01-01",
        progress_note="Separuh jalan",
        **{"steps-0-text": "Lain", "steps-0-progress_note": "Selesai"},
    )

    assert names == {"progress_note", "steps-N-id", "steps-N-progress_note"}
    assert (answer.status_code, rows(fixed)) == (303, before)
    step = sa.select(ActionStep.text, ActionStep.progress_note).where(ActionStep.plan_id == key)
    first = rows(step.order_by(ActionStep.number))[0]
    assert (first[0] != "Lain", first[1]) == (True, "Selesai")
    assert rows(sa.select(ActionPlan.progress_note).where(ActionPlan.id == key)) == [
        ("Separuh jalan",)
    ]
    assert deeds() == ["action_plan.edit"]


def re_number(name):
    """The name of an inner field without its number."""
    return "-".join("N" if part.isdigit() else part for part in name.split("-"))


def test_a_draft_that_was_never_decided_on_is_deleted_with_its_steps(ani, rows, deeds):
    made = ani.send(
        "/action-plans/new/", **PLAN, **{"steps-0-number": "1", "steps-0-text": "Langkah"}
    )
    key = int(made.location.partition("=")[2])

    answer = ani.post("/action-plans/delete/", {"id": key})

    assert answer.status_code == 303
    assert rows(sa.select(ActionStep.id).where(ActionStep.plan_id == key)) == []
    assert deeds() == ["action_plan.create", "action_plan.delete"]


# Evidence


def hand_in(browser, plan, data=PDF, name="bukti.pdf", **typed):
    """Send the form of evidence with a file."""
    form = {**browser.form("/evidence/new/"), "plan": plan, "title": "Bukti contoh", **typed}
    form["upload"] = (BytesIO(data), name)
    return browser.post("/evidence/new/", form, content_type="multipart/form-data")


def test_evidence_is_handed_in_while_the_plan_runs(ani, rows, deeds, plan_in):
    plan = plan_in("in_progress")

    answer = hand_in(ani, plan)

    key = int(answer.location.partition("=")[2])
    columns = (Evidence.region_id, Evidence.plan_id, Account.username, StoredFile.size)
    stored = sa.select(*columns).join(Account, Account.id == Evidence.uploaded_by_id)
    stored = stored.join(StoredFile, StoredFile.id == Evidence.file_id)
    assert rows(stored.where(Evidence.id == key)) == [(1, plan, "ani", len(PDF))]
    assert deeds() == ["evidence.create"]
    file = ani.get(f"/evidence/file/?id={key}")
    assert (file.data, file.headers["Content-Disposition"]) == (
        PDF,
        "attachment; filename=bukti.pdf",
    )
    assert file.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<html><script>alert(1)</script>", "bukti.pdf"),
        (b"", "bukti.pdf"),
        (b"GIF89a", "bukti.png"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(ani, rows, deeds, plan_in, data, name):
    before = rows(sa.select(sa.func.count(Evidence.id)))

    answer = hand_in(ani, plan_in("in_progress"), data, name)

    assert (answer.status_code, len(Page(answer.text).problems)) == (422, 1)
    assert (rows(sa.select(sa.func.count(Evidence.id))), deeds()) == (before, [])


def test_evidence_without_a_file_is_refused(ani, plan_in):
    page = ani.sent("/evidence/new/", plan=plan_in("in_progress"), title="Bukti")

    assert [problem.rpartition(": ")[2] for problem in page.problems] == [
        "Pilih berkas yang menunjukkannya."
    ]


@pytest.mark.parametrize("status", ["submitted", "approved", "evidence_submitted", "closed"])
def test_evidence_for_a_locked_plan_is_refused(ani, rows, deeds, plan_in, status):
    before = rows(sa.select(sa.func.count(Evidence.id)))

    answer = hand_in(ani, plan_in(status))

    assert answer.status_code == 409
    assert rows(sa.select(sa.func.count(Evidence.id))) == before
    assert deeds() == ["evidence.create.refused"]


def test_a_file_of_another_city_is_not_there(mira, rows):
    own = rows(sa.select(Evidence.id).where(Evidence.region_id == 1))[0][0]

    assert mira.get(f"/evidence/file/?id={own}").status_code == 404
