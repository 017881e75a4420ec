"""Bodies: a national one is one record for all regions, every other belongs to one region."""

import pytest
import sqlalchemy as sa

from models.programme import Organisation
from models.speaking import Speaker

KPK = {"name": "Komisi Pemberantasan Korupsi", "kind": "national_agency"}
USED = "Daerah lain juga memakai lembaga ini, jadi di sini hanya dibaca."


def key_of(answer):
    """The number of the record that was saved."""
    assert answer.status_code == 303, answer.text
    return int(answer.location.partition("=")[2])


@pytest.fixture
def stored(rows):
    """Region and kind of a body."""
    return lambda key: rows(
        sa.select(Organisation.region_id, Organisation.kind).where(Organisation.id == key)
    )


def test_a_national_body_belongs_to_no_region_and_is_read_by_all(ani, mira, stored, deeds):
    key = key_of(ani.send("/organisations/new/", name="Ombudsman Contoh", kind="national_agency"))

    assert stored(key) == [(None, "national_agency")]
    assert deeds() == ["organisation.create"]
    assert "Ombudsman Contoh" in mira.page("/organisations/").names


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "Komisi Pemberantasan Korupsi"},
        {"name": "KOMISI  PEMBERANTASAN-KORUPSI"},
        {"name": "Komisi Pembrantasan", "short_name": "K.P.K."},
        {"name": "Lembaga Lain", "short_name": "kpk"},
    ],
)
def test_a_national_body_is_there_once_however_it_is_spelt(mira, typed):
    page = mira.sent("/organisations/new/", **{**KPK, **typed})

    told = "Lembaga ini sudah ada: Komisi Pemberantasan Korupsi (KPK). Gunakan catatan itu."
    assert page.errors == {"name": [told]}


def test_a_body_that_only_the_clerk_s_region_uses_is_changed_by_its_clerk(ani, stored):
    key = key_of(ani.send("/organisations/new/", name="Ombudsman Contoh", kind="national_agency"))

    assert key_of(ani.send(f"/organisations/edit/?id={key}", kind="other")) == key
    assert stored(key) == [(1, "other")]
    assert key_of(ani.send(f"/organisations/edit/?id={key}", kind="national_agency")) == key
    assert stored(key) == [(None, "national_agency")]


def test_a_body_that_another_region_uses_is_only_read(ani, mira, write, stored, deeds):
    key = key_of(ani.send("/organisations/new/", name="Ombudsman Contoh", kind="national_agency"))
    form = ani.form(f"/organisations/edit/?id={key}")
    with write() as session:
        session.add(Speaker(region_id=2, full_name="Fulan Tamu", organisation_id=key))

    page = ani.page(f"/organisations/details/?id={key}")
    late = ani.post(f"/organisations/edit/?id={key}", {**form, "name": "Ombudsman Serang"})

    assert [one for one in page.main.all("a") if "/edit/" in one.given["href"]] == []
    assert (late.status_code, USED in late.text) == (409, True)
    assert ani.get(f"/organisations/edit/?id={key}").status_code == 409
    assert deeds()[-1] == "organisation.edit.refused"
    assert key_of(mira.send(f"/organisations/edit/?id={key}", name="Ombudsman RI")) == key
    assert stored(key) == [(None, "national_agency")]


def test_a_body_of_another_kind_is_not_seen_elsewhere(ani, mira):
    key = key_of(ani.send("/organisations/new/", name="Radio Contoh", kind="media"))

    assert mira.get(f"/organisations/details/?id={key}").status_code == 404
    assert mira.post(f"/organisations/edit/?id={key}", {"name": "x"}).status_code == 404
    assert key_of(mira.send("/organisations/new/", name="Radio Contoh", kind="media")) != key
