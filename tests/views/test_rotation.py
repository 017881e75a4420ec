"""Rotation by hand at the screen: three steps, and nothing before the last."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from models.base import db
from models.clock import today
from models.commitments import Commitment
from models.government import Position
from models.people import Appointment, Official
from tests.views.browser import Browser, Page
from tests.views.test_subtree import granted

DECREE, DAY, LAST = "821/CONTOH/2025", "2025-12-01", date(2025, 11, 30)
REPLACE, VACATE, SWAP = "/rotation/replace/", "/rotation/vacate/", "/rotation/swap/"


@pytest.fixture
def held(rows):
    """`held("Lurah Kota Baru")`: number, official and post of the appointment held today."""

    def find(post, region=1):
        statement = (
            sa.select(Appointment.id, Appointment.official_id, Appointment.position_id)
            .join(Position, Position.id == Appointment.position_id)
            .where(
                Position.name == post,
                Position.region_id == region,
                Appointment.ended_on.is_(None),
                Appointment.status == "definitive",
            )
        )
        return rows(statement)[0]

    return find


@pytest.fixture
def ends(rows):
    """Last day and decree of the end of an appointment."""
    return lambda key: rows(
        sa.select(Appointment.ended_on, Appointment.end_decree_no).where(Appointment.id == key)
    )[0]


@pytest.fixture
def holders(rows):
    """Who holds a post on a day."""

    def find(position, day=None):
        day = day or today()
        statement = (
            sa.select(Official.id)
            .join(Appointment, Appointment.official_id == Official.id)
            .where(
                Appointment.position_id == position,
                sa.or_(Appointment.started_on.is_(None), Appointment.started_on <= day),
                sa.or_(Appointment.ended_on.is_(None), Appointment.ended_on >= day),
            )
        )
        return [key for (key,) in rows(statement)]

    return find


@pytest.fixture
def replace(ani, held):
    """Ani's page to check: Lurah Banten comes to Kota Baru."""

    def to_check(browser=ani, **more) -> Page:
        typed = {
            "position": held("Lurah Kota Baru")[2],
            "successor": held("Lurah Banten")[1],
            "on": DAY,
            "decree_no": DECREE,
            **more,
        }
        answer = browser.send(REPLACE, **typed)
        assert answer.status_code == 200, Page(answer.text).problems
        return Page(answer.text)

    return to_check


def save(browser, path, page, **more):
    """The page that was checked, sent with its last button."""
    told = [box.given["value"] for box in page.main.all("input", name="told")]
    own = {"csrf_token": browser.token, "told": told, "_save": "1"}
    return browser.post(path, {**page.form(), **own, **more})


def certain(page) -> list[str]:
    """What happens in any case, as the page says it."""
    return [line.text for line in page.main.one("section").all("li")]


def ticks(page, name) -> dict[str, bool]:
    """What may be left out, by its words, and whether it is ticked."""
    boxes = {}
    for label in page.main.all("label", class_="tick"):
        box = label.one("input")
        if box.given["name"] == name:
            boxes[label.text] = "checked" in box.given
    return boxes


def test_a_clerk_replaces_a_holder_in_three_steps(ani, held, ends, holders, rows, replace, deeds):
    (old, fulan, post), (own, badu, left) = held("Lurah Kota Baru"), held("Lurah Banten")
    start = ani.page(f"/rotation/?position={post}")
    links = [one.given["href"] for one in start.main.all("a")]

    form = ani.page(f"{REPLACE}?position={post}")
    page = replace()
    answer = save(ani, REPLACE, page)
    done = ani.page(answer.location)

    assert links == [f"{path}?position={post}" for path in (REPLACE, VACATE, SWAP)]
    assert form.form()["position"] == str(post)
    assert certain(page) == [
        "Badu Teladan, S.IP. meninggalkan Lurah Kota Baru (Kec. Serang); hari terakhir "
        "30 Nov 2025.",
        "Pandan Misal, S.Sos., M.Si. memulai sebagai Lurah Kota Baru (Kec. Serang) pada "
        f"1 Des 2025 dengan SK {DECREE}.",
    ]
    assert ticks(page, "ends") == {
        "Pandan Misal, S.Sos., M.Si. meninggalkan Lurah Banten (Kec. Kasemen); hari terakhir "
        "30 Nov 2025. Lurah Banten (Kec. Kasemen) lalu kosong.": True
    }
    assert len(ticks(page, "handed")) == 1
    assert answer.status_code == 303
    assert "Mutasi disimpan." in done.said
    assert [line.text for line in done.main.one("section").all("li")] == [
        "Badu Teladan, S.IP.: Lurah Kota Baru (Kec. Serang), hari terakhir 30 Nov 2025",
        "Pandan Misal, S.Sos., M.Si.: Lurah Banten (Kec. Kasemen), hari terakhir 30 Nov 2025",
    ]
    assert (ends(old), ends(own)) == ((LAST, DECREE), (LAST, DECREE))
    assert (holders(post), holders(left), holders(post, LAST)) == ([badu], [], [fulan])
    assert deeds() == ["appointment.rotate"]
    continued = sa.select(
        Commitment.official_id, Commitment.party, Commitment.official_signed_on
    ).where(Commitment.continued_from_id.is_not(None))
    assert rows(continued) == [(badu, "official", None)]


def test_the_log_and_the_roster_tell_it(ani, citra, held, replace):
    _, _, post = held("Lurah Kota Baru")
    save(ani, REPLACE, replace())

    log = citra.page("/changes/").main.text
    seat = ani.page(f"/positions/details/?id={post}")

    assert "Ani Contoh mencatat pemegang baru: Pandan Misal, S.Sos., M.Si. (Lurah Kota Baru)" in log
    assert f"SK {DECREE}" in log
    assert seat.facts["Dipegang oleh"] == "Pandan Misal, S.Sos., M.Si."


def test_what_is_not_ticked_does_not_happen(ani, held, ends, holders, rows, replace):
    own, badu, left = held("Lurah Banten")
    page = replace()
    typed = {name: text for name, text in page.form().items() if name not in ("ends", "handed")}

    answer = ani.post(REPLACE, {**typed, "_save": "1"})

    assert answer.status_code == 303
    assert (ends(own), holders(left)) == ((None, None), [badu])
    assert holders(held("Lurah Kota Baru")[2]) == [badu]
    assert rows(sa.select(Commitment.id).where(Commitment.continued_from_id.is_not(None))) == []


def test_a_post_is_vacated(ani, held, ends, holders, deeds):
    old, _, post = held("Lurah Kota Baru")
    page = ani.page(f"{VACATE}?position={post}")
    checked = Page(ani.post(VACATE, {**page.form(), "on": DAY, "decree_no": "800/1"}).text)
    answer = save(ani, VACATE, checked)

    assert page.form()["appointment"] == str(old)
    assert certain(checked) == [
        "Badu Teladan, S.IP. meninggalkan Lurah Kota Baru (Kec. Serang); hari terakhir "
        "30 Nov 2025.",
        "Lurah Kota Baru (Kec. Serang) lalu kosong.",
    ]
    assert (answer.status_code, answer.location) == (303, f"/positions/details/?id={post}")
    assert ani.page(answer.location).facts["Dipegang oleh"] == "kosong"
    assert (ends(old), holders(post), deeds()) == ((LAST, "800/1"), [], ["appointment.vacate"])


def test_two_holders_change_posts(ani, held, holders, deeds):
    (one, fulan, post), (other, badu, second) = held("Lurah Kota Baru"), held("Lurah Banten")
    answer = ani.send(SWAP, first=one, second=other, on=DAY, decree_no=DECREE)
    answer = save(ani, SWAP, Page(answer.text))

    assert (holders(post), holders(second)) == ([badu], [fulan])
    assert ani.page(answer.location).root.text.count("1 Des 2025") == 2
    assert deeds() == ["appointment.swap"]


def test_an_acting_holder_becomes_definitive(ani, rows, holders):
    statement = (
        sa.select(Appointment.id, Appointment.official_id, Appointment.position_id)
        .join(Position, Position.id == Appointment.position_id)
        .where(Position.name == "Lurah Sepang", Appointment.status == "acting_vacant")
    )
    [(_acting, who, post)] = rows(statement)

    page = Page(ani.send(REPLACE, position=post, successor=who, on=DAY, decree_no=DECREE).text)
    save(ani, REPLACE, page)

    assert certain(page)[0].startswith("Drs. Dadap Tiruan, S.Pd. meninggalkan Plt. Lurah Sepang")
    assert holders(post) == [who]
    kinds = sa.select(Appointment.status, Appointment.ended_on).where(
        Appointment.position_id == post, Appointment.official_id == who
    )
    assert sorted(rows(kinds), key=str) == [("acting_vacant", LAST), ("definitive", None)]


def test_the_details_come_back_as_they_were_typed(ani, replace):
    page = replace()

    again = Page(ani.post(REPLACE, {**page.form(), "_back": "1"}).text)

    assert {name: again.form()[name] for name in ("on", "decree_no", "successor")} == {
        name: page.form()[name] for name in ("on", "decree_no", "successor")
    }


def test_who_stood_on_a_list_after_the_last_day_is_told(ani, replace, rows):
    late = replace(on="2025-11-01")

    (note,) = [line for line in late.said if "hari terakhir" in line]
    assert "Badu Teladan, S.IP. (Lurah Kota Baru (Kec. Serang)): 18 Nov 2025" in note
    assert "Pandan Misal, S.Sos., M.Si. (Lurah Banten (Kec. Kasemen)): 18 Nov 2025" in note
    assert replace().said == []


# Refusals


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("", "wajib diisi"),
        ("31 Februari 2025", "tidak ada dalam kalender"),
        ("2025", "Ini bukan tanggal"),
        ("9999-12-31", "terlalu jauh"),
        ("1899-12-31", "terlalu jauh"),
        ("0000-00-00", ""),
        ("-1", ""),
        ("'; DROP TABLE appointment; --", ""),
        ((today() + timedelta(days=500)).isoformat(), "lebih dari satu tahun lagi"),
        ("2001-01-01", "memulai"),
    ],
)
def test_a_day_that_cannot_be_is_refused_at_its_field(ani, held, deeds, on, said):
    typed = {"position": held("Lurah Kota Baru")[2], "successor": held("Lurah Banten")[1]}
    page = ani.sent(REPLACE, **typed, on=on, decree_no=DECREE)

    assert [said in sentence for sentence in page.errors["on"]] == [True]
    assert page.form()["decree_no"] == DECREE
    assert deeds() == []


def test_records_of_the_other_city_are_not_offered_and_not_taken(ani, held, deeds):
    own, foreign = held("Lurah Kota Baru"), held("Lurah Iring Mulyo", region=2)
    for name, key in (
        ("position", foreign[2]),
        ("appointment", foreign[0]),
        ("official", foreign[1]),
    ):
        ani.page(f"/rotation/?{name}={key}", 404)
    for path in (REPLACE, VACATE, SWAP):
        ani.page(f"{path}?position={foreign[2]}", 404)
    ani.page(f"/rotation/done/?id={foreign[0]}", 404)

    page = ani.sent(REPLACE, position=own[2], successor=foreign[1], on=DAY, decree_no=DECREE)
    other = ani.sent(REPLACE, position=foreign[2], successor=own[1], on=DAY, decree_no=DECREE)
    swap = ani.sent(SWAP, first=own[0], second=foreign[0], on=DAY, decree_no=DECREE)
    vacate = ani.sent(VACATE, appointment=foreign[0], on=DAY)

    assert [list(one.errors) for one in (page, other, swap, vacate)] == [
        ["successor"],
        ["position"],
        ["second"],
        ["appointment"],
    ]
    found = ani.get("/rotation/lookup/?name=successor&query=Tejosari").json
    assert (found, ani.get("/rotation/lookup/?name=position&query=Iring+Mulyo").json) == ([], [])
    assert deeds() == []


@pytest.mark.parametrize("name", ["ends", "handed"])
@pytest.mark.parametrize("forged", ["1", "999999", "-1", "0", "1 OR 1=1", "٣", "9" * 18])
def test_a_forged_tick_is_not_there(ani, replace, holders, held, name, forged):
    page = replace()

    answer = save(ani, REPLACE, page, **{name: forged})

    assert answer.status_code == 404
    assert holders(held("Lurah Kota Baru")[2]) == [held("Lurah Kota Baru")[1]]


@pytest.mark.parametrize("username", ["bayu", "citra", "eka", "maya"])
def test_who_does_not_keep_the_roster_is_refused(browse, held, replace, deeds, username):
    page, old = replace(), held("Lurah Kota Baru")
    browser = browse(username)

    answers = [
        browser.get("/rotation/").status_code,
        browser.get(REPLACE).status_code,
        browser.get("/rotation/lookup/?name=position&query=lurah").status_code,
        browser.post(REPLACE, {**page.form(), "csrf_token": browser.token}).status_code,
        save(browser, REPLACE, page).status_code,
    ]

    assert answers == [403] * 5
    assert set(deeds()) == {"appointment.create.refused"}
    assert held("Lurah Kota Baru") == old


def test_a_clerk_of_another_city_cannot_save_the_page(mira, replace, deeds, held):
    page, old = replace(), held("Lurah Kota Baru")

    answer = save(mira, REPLACE, page)

    assert (answer.status_code, deeds(), held("Lurah Kota Baru")) == (422, [], old)


def test_a_clerk_of_one_district_takes_nobody_out_of_another(app, write, held, holders):
    (here, fulan, post), (own, badu, left) = held("Lurah Kota Baru"), held("Lurah Banten")
    sari = granted(app, write, "sari", "clerk")

    page = sari.sent(REPLACE, position=post, successor=badu, on=DAY, decree_no=DECREE)
    swap = sari.sent(SWAP, first=here, second=own, on=DAY, decree_no=DECREE)
    sari.page(f"/rotation/?position={left}", 404)

    assert (list(page.errors), list(swap.errors)) == (["successor"], ["second"])
    assert (holders(post), holders(left)) == ([fulan], [badu])


# What changed in the meantime, and what was sent twice


def test_a_page_that_is_not_true_any_more_is_shown_anew_with_what_differs(
    ani, write, held, replace, holders, deeds
):
    own, badu, _ = held("Lurah Banten")
    _, fulan, post = held("Lurah Kota Baru")
    page = replace()
    with write() as session:
        session.get(Appointment, own).ended_on = LAST
        session.get(Official, fulan).full_name = "Badu Baru"
    before = deeds()

    answer = save(ani, REPLACE, page)
    again = Page(answer.text)

    assert answer.status_code == 409
    assert [one.text[:30] for one in again.main.all("del")] == [
        "Badu Teladan, S.IP. meninggalk",
        "Pandan Misal, S.Sos., M.Si. me",
        "Saya mencari tahu warga yang s",
    ]
    assert [one.text[:20] for one in again.main.all("ins")] == [
        "Badu Baru, S.IP. men",
        "Saya mencari tahu wa",
    ]
    assert deeds() == before
    assert save(ani, REPLACE, again).status_code == 303
    assert holders(post) == [badu]


def test_who_has_left_in_the_meantime_cannot_leave_again(ani, write, held, deeds):
    old, _, _ = held("Lurah Kota Baru")
    page = Page(ani.send(VACATE, appointment=old, on=DAY).text)
    with write() as session:
        session.get(Appointment, old).ended_on = date(2025, 11, 1)
    before = deeds()

    answer = save(ani, VACATE, page)

    assert answer.status_code == 409
    assert "sudah meninggalkan Lurah Kota Baru" in Page(answer.text).errors["appointment"][0]
    assert deeds() == before


def test_a_page_without_what_it_rests_on_is_shown_and_not_saved(ani, replace, deeds):
    page = replace()

    for seen in ("", "x", "0" * 64):
        assert save(ani, REPLACE, page, seen=seen).status_code == 409
    assert deeds() == []


def test_the_same_page_sent_twice_counts_once(ani, replace, deeds, rows):
    page = replace()

    first, second = save(ani, REPLACE, page), save(ani, REPLACE, page)

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert deeds() == ["appointment.rotate"]


def test_a_page_without_its_token_is_refused(ani, replace, deeds):
    page = replace()
    typed = page.form()
    ani.token = ""
    assert ani.post(REPLACE, {**typed, "csrf_token": "", "_save": "1"}).status_code == 400
    assert deeds() == []


def test_a_page_without_its_one_time_token_is_not_saved(ani, replace, deeds):
    assert save(ani, REPLACE, replace(), once="").status_code == 422
    assert deeds() == []


# Pages


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/positions/", "position"), ("/appointments/", "appointment"), ("/officials/", "official")],
)
def test_a_rotation_begins_at_a_record(ani, bayu, held, path, kind):
    key = dict(zip(("appointment", "official", "position"), held("Lurah Banten"), strict=True))
    address = f"{path}details/?id={key[kind]}"

    links = [one.given["href"] for one in ani.page(address).main.all("a")]
    others = [one.given["href"] for one in bayu.page(address).main.all("a")]
    start = ani.page(f"/rotation/?{kind}={key[kind]}")

    assert f"/rotation/?{kind}={key[kind]}" in links
    assert not [link for link in others if "rotation" in link]
    assert "Lurah Banten (Kec. Kasemen)" in start.main.text


def test_a_lookup_forgives_and_tells_holders(ani, held):
    answer = ani.get("/rotation/lookup/?name=position&query=kota+baru").json
    nothing = ani.get("/rotation/lookup/?name=decree_no&query=a").status_code

    assert answer == [
        [held("Lurah Kota Baru")[2], "Lurah Kota Baru (Kec. Serang): Badu Teladan, S.IP."]
    ]
    assert nothing == 404


def test_posts_are_offered_by_district(ani):
    select = ani.page(REPLACE).main.one("select", name="position")
    groups = [one.given["label"] for one in select.all("optgroup")]

    assert "Kecamatan Kasemen" in groups
    assert len(groups) == len(set(groups))


@pytest.mark.parametrize(
    ("path", "selects"),
    [("/rotation/", 5), (REPLACE, 9), (VACATE, 6), (SWAP, 7)],
)
def test_a_form_asks_a_known_number_of_questions(ani, statements, monkeypatch, path, selects):
    counted = []
    for offered in (1, 3, 300):
        monkeypatch.setattr("views.rotation_picks.OFFERED", offered)
        ani.page(path)
        with statements() as seen:
            ani.page(path)
        counted.append(len(seen))

    assert counted == [selects] * 3


def test_the_page_to_check_asks_no_more_for_three_commitments_than_for_one(
    ani, write, held, replace, statements
):
    old, fulan, _ = held("Lurah Kota Baru")
    counted = []
    for more in (0, 2):
        with write() as session:
            first = session.get(Appointment, old)
            for number in range(more):
                session.add(
                    Commitment(
                        region_id=1,
                        official_id=fulan,
                        appointment_id=old,
                        unit_id=first.unit_id,
                        party="official",
                        category="service",
                        area="workplace",
                        text=f"Janji {number}",
                    )
                )
        form = {**replace().form()}
        with statements() as seen:
            page = Page(ani.post(REPLACE, form).text)
        counted.append((len(seen), len(ticks(page, "handed"))))

    assert [count for count, _ in counted] == [counted[0][0]] * 2
    assert [handed for _, handed in counted] == [1, 3]


def test_everything_is_told_in_english_too(ani, replace):
    ani.client.set_cookie("language", "en")
    page = replace()

    assert page.main.one("h1").text == "Check before it is saved"
    assert certain(page)[0].endswith("leaves Lurah Kota Baru (Kec. Serang); the last day is "
                                     "30 Nov 2025.")  # fmt: skip


def test_a_rotation_is_saved_once_on_both_databases(site, client_of):
    ani = Browser(site, "ani")
    ani.client = client_of("ani")
    ani.token = ani.page("/").root.one("input", name="csrf_token").given["value"]
    with site.app_context():
        posts = dict(db.session.execute(sa.select(Position.name, Position.id)).all())
        (badu,) = db.session.scalars(
            sa.select(Appointment.official_id).where(
                Appointment.position_id == posts["Lurah Banten"], Appointment.ended_on.is_(None)
            )
        )
    typed = {"position": posts["Lurah Kota Baru"], "successor": badu, "on": DAY}
    page = Page(ani.send(REPLACE, **typed, decree_no=DECREE).text)

    first, second = save(ani, REPLACE, page), save(ani, REPLACE, page)
    stale = save(ani, REPLACE, page, once="x" * 32)

    assert (first.status_code, second.location) == (303, first.location)
    assert stale.status_code == 409
    with site.app_context():
        held = sa.select(Appointment.official_id).where(
            Appointment.position_id == typed["position"], Appointment.ended_on.is_(None)
        )
        assert list(db.session.scalars(held)) == [badu]
