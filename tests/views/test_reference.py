"""The pages of reference data: grades, values, risks, wordings of commitments, organisations."""

import pytest
import sqlalchemy as sa

from models.commitments import Commitment, CommitmentTemplate
from models.people import Grade
from models.programme import IntegrityValue, Organisation, RiskTag

EVERYBODY = ("ani", "bayu", "citra", "eka")
LISTS = {
    "/grades/": ("Juru Muda", "I/a"),
    "/integrity-values/": ("jujur", "Nasional"),
    "/risk-tags/": ("", ""),
    "/commitment-templates/": ("", "Bawaan panel"),
}


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("username", EVERYBODY)
def test_everybody_reads_the_lists_and_their_records(browse, username, path):
    browser = browse(username)
    page = browser.page(path)

    assert len(page.rows) > 3
    for text in LISTS[path]:
        assert text.lower() in page.text.lower()
    assert browser.page(f"{path}details/?id=1").facts


@pytest.mark.parametrize(
    ("path", "typed", "model"),
    [
        ("/grades/", {"code": "V/a", "name": "Contoh", "rank": "40"}, Grade),
        (
            "/integrity-values/",
            {"label_id": "gotong", "label_en": "x", "rank": "9"},
            IntegrityValue,
        ),
        ("/risk-tags/", {"label_id": "contoh", "label_en": "Example"}, RiskTag),
    ],
)
def test_administrators_keep_them_and_clerks_read(eka, ani, rows, deeds, path, typed, model):
    before = rows(sa.select(sa.func.count(model.id)))

    assert ani.post(f"{path}new/", typed).status_code == 403
    assert ani.get(f"{path}export/csv/").status_code == 403
    answer = eka.send(f"{path}new/", **typed)

    acts = ("create.refused", "export.refused", "create")
    assert answer.status_code == 303
    assert deeds() == [f"{model.__tablename__}.{act}" for act in acts]
    assert rows(sa.select(sa.func.count(model.id))) == [(before[0][0] + 1,)]


def test_a_value_is_national_or_of_one_region(eka, ani, mira, rows):
    value = {"label_id": "gotong royong", "rank": "20"}

    eka.send("/integrity-values/new/", **value, label_en="Mutual help")
    eka.send("/integrity-values/new/", **value, label_en="Local help", region="2")

    stored = sa.select(
        IntegrityValue.code, IntegrityValue.is_national, IntegrityValue.region_id
    ).where(IntegrityValue.label_id == "gotong royong")
    assert sorted(rows(stored)) == [("local_help", False, 2), ("mutual_help", True, None)]
    found = [len(who.page("/integrity-values/?search=gotong").rows) for who in (ani, mira)]
    assert found == [1, 2]


# Wordings of commitments

WORDING = {
    "text": "Kami hadir tepat waktu.",
    "category": "time_discipline",
    "party": "both",
}


def key_of(answer):
    """The record that a save led to."""
    assert answer.status_code == 303, answer.text
    return int(answer.location.partition("id=")[2])


def test_a_clerk_makes_a_wording_for_the_region_alone(ani, mira, rows):
    key = key_of(ani.send("/commitment-templates/new/", **WORDING))

    stored = sa.select(
        CommitmentTemplate.region_id, CommitmentTemplate.edition, CommitmentTemplate.is_example
    )
    assert rows(stored.where(CommitmentTemplate.id == key)) == [(1, 1, False)]
    assert mira.get(f"/commitment-templates/details/?id={key}").status_code == 404
    assert mira.get(f"/commitment-templates/edit/?id={key}").status_code == 404


def test_a_changed_wording_is_a_new_edition(ani, rows, deeds, write):
    key = key_of(ani.send("/commitment-templates/new/", **WORDING))
    with write() as session:
        old = session.get(CommitmentTemplate, key)
        session.get(Commitment, 1).template_id = old.id

    new = key_of(ani.send(f"/commitment-templates/edit/?id={key}", text="Kami tepat waktu."))

    code = rows(sa.select(CommitmentTemplate.code).where(CommitmentTemplate.id == key))[0][0]
    stored = sa.select(
        CommitmentTemplate.id,
        CommitmentTemplate.edition,
        CommitmentTemplate.text,
        CommitmentTemplate.region_id,
    ).where(CommitmentTemplate.code == code)
    assert rows(stored.order_by(CommitmentTemplate.edition)) == [
        (key, 1, WORDING["text"], 1),
        (new, 2, "Kami tepat waktu.", 1),
    ]
    assert rows(sa.select(Commitment.template_id).where(Commitment.id == 1)) == [(key,)]
    assert deeds()[-1] == "commitment_template.edit"
    offered = ani.page("/commitments/new/").options("template")
    assert (str(new) in offered, str(key) in offered) == (True, False)
    assert str(key) in ani.page("/commitments/edit/?id=1").options("template")


def test_another_subject_of_the_same_wording_is_no_new_edition(ani, rows):
    key = key_of(ani.send("/commitment-templates/new/", **WORDING))

    assert key_of(ani.send(f"/commitment-templates/edit/?id={key}", category="service")) == key


def test_what_came_for_all_regions_is_only_read(ani, eka, rows):
    path, model = "/commitment-templates/", CommitmentTemplate
    before = rows(sa.select(model.__table__).order_by(model.id))
    shared = sa.select(model.id).where(model.region_id.is_(None)).limit(1)
    key = rows(shared)[0][0]

    page = ani.page(f"{path}details/?id={key}")
    answer = ani.post(f"{path}edit/?id={key}", {"text": "x", "name": "x"})

    assert f"{path}edit/?id={key}" not in ani.get(f"{path}details/?id={key}").text
    assert page.facts
    assert (answer.status_code, ani.get(f"{path}edit/?id={key}").status_code) == (403, 403)
    assert eka.post(f"{path}edit/?id={key}", {"text": "x"}).status_code == 403
    assert rows(sa.select(model.__table__).order_by(model.id)) == before


def test_a_clerk_of_two_regions_makes_nothing_for_all_of_them(ani, write, rows):
    with write() as session:
        session.execute(
            sa.text(
                "insert into account_grant (account_id, region_id) "
                "select id, 2 from account where username = 'ani'"
            )
        )
    before = rows(sa.select(Organisation.id))

    answers = [
        ani.sent("/organisations/new/", name="Lembaga Contoh", kind="media"),
        ani.sent("/commitment-templates/new/", **WORDING),
        ani.sent("/venues/new/", name="Balai Contoh", kind="hall"),
    ]

    assert [one.problems for one in answers] == [
        [
            "Akun Anda mencakup beberapa daerah, dan di sini tidak tertulis daerah mana yang "
            "dimaksud. Gunakan akun dengan satu daerah."
        ]
    ] * 3
    assert rows(sa.select(Organisation.id)) == before


@pytest.mark.parametrize("username", ["ani", "bayu", "citra"])
def test_wordings_are_exported(browse, username):
    lines = browse(username).exported("/commitment-templates/")

    assert lines
    assert {"Rumusan", "Versi"} <= set(lines[0])
