"""A clerk of both cities ties nothing of the one to the other: its readers would see it there."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models.commitments import Commitment
from models.programme import Organisation
from models.records import AccountGrant
from models.speaking import Speaker
from models.training import SessionOrganisation
from tests.site import sign_in
from tests.views.browser import Page
from tests.views.test_subtree import granted

ELSEWHERE = "Ini milik daerah lain. Pilih yang dari daerah yang sama."
#: A session and a commitment of Serang, a session and a body of Metro.
SESSION, COMMITMENT, FAR_SESSION = 8, 1, 9


@pytest.fixture
def both(app, write):
    browser = granted(app, write, "dua", "clerk")
    with write() as session:
        grant = session.scalars(
            sa.select(AccountGrant).order_by(AccountGrant.id.desc()).limit(1)
        ).one()
        grant.unit_id = None
        session.add(AccountGrant(account_id=grant.account_id, region_id=2))
    sign_in(browser.client, "dua")
    browser.token = browser.page("/").root.one("input", name="csrf_token").given["value"]
    return browser


@pytest.fixture
def far(rows, mira):
    """Numbers of Metro's own body and wording."""
    body = rows(sa.select(Organisation.id).where(Organisation.region_id == 2))[0][0]
    made = mira.send(
        "/commitment-templates/new/", text="Kami hadir", category="service", party="both"
    )
    return {"body": str(body), "wording": made.location.partition("=")[2]}


def test_a_record_is_not_tied_to_one_of_another_region(both, far, rows):
    kept = rows(sa.select(Commitment.template_id).where(Commitment.id == COMMITMENT))

    wording = both.sent(f"/commitments/edit/?id={COMMITMENT}", template=far["wording"])
    body = both.sent(
        "/speakers/new/", full_name="Fulan Lintas", official="3", organisation=far["body"]
    )
    before = both.sent(f"/training-sessions/edit/?id={SESSION}", previous=str(FAR_SESSION))

    assert wording.errors == {"template": [ELSEWHERE]}
    assert list(body.errors.values()) == [[ELSEWHERE]]
    assert before.errors == {"previous": [ELSEWHERE]}
    assert rows(sa.select(Commitment.template_id).where(Commitment.id == COMMITMENT)) == kept
    assert rows(sa.select(Speaker.id).where(Speaker.full_name == "Fulan Lintas")) == []


def test_nor_is_a_part_inside_of_its_form(both, far, rows):
    edit = f"/training-sessions/edit/?id={SESSION}"
    organisers = {"organisers-7-organisation": far["body"], "organisers-7-role": "partner"}
    tied = sa.select(SessionOrganisation.id).where(
        SessionOrganisation.training_session_id == SESSION,
        SessionOrganisation.organisation_id == int(far["body"]),
    )

    page = both.post(edit, {**both.form(edit), **organisers})

    assert (page.status_code, ELSEWHERE in Page(page.text).text) == (422, True)
    assert rows(tied) == []


def test_each_city_s_own_is_taken(both, far):
    kept = both.send(f"/training-sessions/edit/?id={SESSION}", theme="Tema baru")
    own = both.send(
        f"/training-sessions/edit/?id={FAR_SESSION}",
        **{"organisers-7-organisation": far["body"], "organisers-7-role": "partner"},
    )

    assert (kept.status_code, own.status_code) == (303, 303)
