"""The page of one official: what anybody understands of a person in one look."""

import re
from datetime import date

import pytest
import sqlalchemy as sa

from models.attendance import Attendance, Participation
from models.follow_up import ActionPlan, Commitment
from models.people import Appointment, Official, Spouse
from models.recording import sheet_of
from models.training import AgendaItem, TrainingSession
from tests.views.browser import Page
from tests.views.test_attendance_sheets import ASK, SIGNED, move
from tests.views.test_subtree import granted

#: A lurah with everything, one who stands in for another, the secretary who spoke, one of Metro.
LURAH, ACTING, SPEAKER, OF_METRO = 46, 99, 1, 110
#: Posts without a holder: one of the district of the lurah's neighbours, and the session of 2025.
VACANT, SESSION = 13, 8
TEXT = (
    "Kami menata belanja rumah tangga menurut penghasilan yang sah dan tidak memamerkan kemewahan."
)
PLAN = "Rencana belanja keluarga pegawai Kelurahan Cipare"


def at(key):
    return f"/officials/details/?id={key}"


def section(page, name):
    """What one reads in a section, below its heading."""
    [found] = [one for one in page.main.all("section") if one.given["aria-labelledby"] == name]
    return found


def lede(page):
    return page.main.one("p", class_="lede").text


@pytest.fixture
def person(write):
    """Makes an official of Serang with these columns, and gives the key."""

    def make(**columns):
        with write() as session:
            one = Official(
                **{"region_id": 1, "employment_type": "other", "full_name": "Contoh", **columns}
            )
            session.add(one)
            session.flush()
            return one.id

    return make


def test_everything_of_a_person_stands_on_one_page(ani):
    page = ani.page(at(LURAH))

    assert (page.heading, lede(page)) == (
        "Tb. Meranti Khayal, S.Sos., M.Si.",
        "Lurah Cipare (Kec. Serang)",
    )
    assert page.table("Jabatan") == [
        [
            "Lurah Cipare Kecamatan Serang · jenjang Lurah",
            "Definitif",
            "6 Mar 2025",
            "sekarang",
            "CONTOH/048/2025",
        ]
    ]
    assert page.table("Sesi yang dihadiri") == [
        [
            "Bimtek Keluarga Berintegritas bagi lurah dan pasangan Selasa, 18 November 2025",
            "Lurah Cipare Kecamatan Serang",
            "Bersama pasangan",
        ]
    ]
    assert section(page, "commitments").text == (
        f"Komitmen Tambah {TEXT} Komitmen bersama · ditandatangani pejabat 18 Nov 2025"
        " · ditandatangani pasangan 18 Nov 2025 Ditandatangani"
    )
    assert section(page, "plans").one("a", href="/action-plans/details/?id=2").text == PLAN
    assert "Intan Percobaan Awal pernikahan belum diisi." in section(page, "spouse").text
    assert page.facts["NIP"] == "disamarkan, tiga angka akhir 947 •••• 947"


def test_a_person_of_whom_nothing_is_known_has_a_calm_page(ani, person):
    page = ani.page(at(person()))

    assert lede(page) == "tanpa jabatan saat ini"
    assert [section(page, name).text for name in ("posts", "sessions", "commitments", "plans")] == [
        "Jabatan Tambah Belum ada jabatan yang tercatat."
        " Dengan jabatan pertama, orang ini masuk daftar pejabat.",
        "Sesi yang dihadiri Tambah Belum masuk daftar sesi mana pun."
        " Sesi tampak di sini begitu pejabat ini diundang.",
        "Komitmen Tambah Belum ada komitmen yang tercatat."
        " Komitmen pejabat, pasangan, dan keduanya tampak di sini.",
        "Rencana tindak lanjut Tambah Belum ada rencana."
        " Kelanjutan komitmen tampak di sini, dengan keadaan dan batas waktunya.",
    ]
    assert section(page, "spouse").text == "Pasangan Tambah Pasangan belum diisi."
    [note] = [said for said in page.said if "Telepon belum diisi" in said]
    assert note == (
        "Perlu dilihat Pasangan belum diisi, dan belum dicatat bahwa memang tidak ada."
        " Telepon belum diisi, padahal undangan memerlukannya."
    )


def test_who_lives_without_a_spouse_is_not_asked_for_one(ani, person):
    page = ani.page(at(person(without_spouse=True, phone="+6281200000000")))

    assert section(page, "spouse").text == "Pasangan Tambah Tidak berpasangan."
    assert page.said == []


def test_two_posts_at_once_stand_under_the_name_with_their_marks(ani):
    page = ani.page(at(ACTING))

    assert lede(page) == "Lurah Sayar (Kec. Taktakan), Plt. Lurah Sepang (Kec. Taktakan)"
    assert [row[1] for row in page.table("Jabatan")] == ["Definitif", "Plt."]


def test_twelve_posts_are_told_with_the_present_ones_first(ani, person, write):
    key = person(full_name="Contoh " + "Panjang " * 12)
    with write() as session:
        unit = session.scalar(sa.text(f"SELECT unit_id FROM position WHERE id = {VACANT}"))
        post = {"region_id": 1, "official_id": key, "position_id": VACANT, "unit_id": unit}
        session.add(Appointment(**post, status="acting_vacant"))
        for year in range(2009, 2020):
            session.add(
                Appointment(
                    **post,
                    status="acting_vacant",
                    started_on=date(year, 1, 1),
                    ended_on=date(year, 12, 31),
                    end_decree_no=f"{year}/A",
                )
            )

    rows = ani.page(at(key)).table("Jabatan")

    assert [row[2:] for row in rows[:2]] == [
        ["belum diisi", "sekarang", "belum diisi"],
        ["1 Jan 2019", "31 Des 2019", "belum diisi diakhiri dengan 2019/A"],
    ]
    assert len(rows) == 12


# Sessions


@pytest.fixture
def attendance(ani, town, write):
    """Writes how the lurah and the spouse came to each part of the session of 2025."""

    def open_sheet():
        assert move(ani, SIGNED, "open_correction", **ASK).status_code == 303

    town.once("open_sheet", open_sheet)  # what the demo has of them stands on a signed sheet

    def record(*parts, **columns):
        with write() as session:
            own = session.scalars(
                sa.select(Participation).where(Participation.official_id == LURAH)
            ).one()
            for name, value in columns.items():
                setattr(own, name, value)
            for row in list(own.attendance):
                session.delete(row)
            session.flush()
            for number, part in enumerate(parts, 90):
                item = AgendaItem(
                    region_id=1,
                    training_session_id=SESSION,
                    number=number,
                    title=f"Bagian {number}",
                    takes_attendance=True,
                )
                session.add(item)
                sheet = sheet_of(session, item)
                session.flush()
                for party, status in part.items():
                    session.add(
                        Attendance(
                            region_id=1,
                            training_session_id=SESSION,
                            participation_id=own.id,
                            agenda_item_id=item.id,
                            sheet_id=sheet.id,
                            party=party,
                            status=status,
                        )
                    )

    return record


BOTH = {"official": "present", "spouse": "present"}
ALONE = {"official": "present", "spouse": "sick"}


@pytest.mark.parametrize(
    ("parts", "columns", "words"),
    [
        ([BOTH], {}, "Bersama pasangan"),
        ([BOTH, BOTH], {}, "Bersama pasangan"),
        ([ALONE], {"note": "Mengantar anak"}, "Sendiri pasangan: Sakit · Mengantar anak"),
        ([{"official": "present"}], {}, "Sendiri"),
        ([BOTH, ALONE], {}, "Bagian 90 Bersama pasangan Bagian 91 Sendiri pasangan: Sakit"),
        ([{"official": "represented"}], {"delegate": "Sura"}, "Diwakili oleh Sura"),
        ([{"official": "represented"}], {}, "Diwakili"),
        ([{"official": "on_duty", "spouse": "present"}], {}, "Dinas luar pasangan hadir"),
        ([{"spouse": "excused"}], {}, "pasangan: Izin"),
        ([], {}, "belum dicatat"),
        ([], {"delegate": "Sura"}, "Diwakili oleh Sura"),
    ],
)
def test_how_a_couple_came_is_told_in_words(ani, attendance, parts, columns, words):
    attendance(*parts, **columns)

    [[_session, _post, told]] = ani.page(at(LURAH)).table("Sesi yang dihadiri")

    assert told == words


# Family


def test_a_spouse_who_is_an_official_is_linked_and_sees_the_marriage_too(ani, person, write):
    key = person(full_name="Mawar Teladan Baru")
    with write() as session:
        spouse = session.scalars(sa.select(Spouse).where(Spouse.official_id == LURAH)).one()
        spouse.person_id, spouse.married_on = key, date(2009, 5, 1)

    own, other = ani.page(at(LURAH)), ani.page(at(key))

    assert section(own, "spouse").text == (
        "Pasangan Tambah Mawar Teladan Baru Menikah sejak 1 Mei 2009. Juga pejabat"
    )
    assert section(own, "spouse").one("a", href=at(key)).text == "Juga pejabat"
    assert section(other, "spouse").text == (
        "Pasangan Tambah Tb. Meranti Khayal, S.Sos., M.Si. Menikah sejak 1 Mei 2009."
        " Juga pejabat, yang mencatat pernikahan ini"
    )


def test_a_couple_that_both_recorded_stands_once_and_a_former_one_last(ani, person, write):
    key = person()
    with write() as session:
        spouse = session.scalars(sa.select(Spouse).where(Spouse.official_id == LURAH)).one()
        spouse.person_id = key
        session.add(Spouse(region_id=1, official_id=key, full_name="Meranti", person_id=LURAH))
        session.add(
            Spouse(region_id=1, official_id=LURAH, full_name="Dulu", ended_on=date(2000, 1, 2))
        )

    box = section(ani.page(at(LURAH)), "spouse")

    assert [one.text for one in box.all("b")] == ["Contoh", "Dulu"]
    assert "Berakhir 2 Jan 2000." in box.text


def test_the_same_person_as_a_speaker_is_linked_with_the_sessions(ani):
    page = ani.page(at(SPEAKER))

    box = next(one for one in page.main.all("section", class_="panel") if "narasumber" in one.text)
    assert box.text == (
        "Sebagai narasumber Nanang Saefudin Bimtek Keluarga Berintegritas bagi lurah dan pasangan"
        " Selasa, 18 November 2025"
    )


# Promises and plans


def promise(**columns):
    return Commitment(
        **{
            "region_id": 1,
            "official_id": LURAH,
            "party": "official",
            "category": "other",
            "text": "Contoh",
            **columns,
        }
    )


def test_a_promise_tells_who_has_not_signed_and_what_it_goes_on_with(ani, person, write):
    successor = person(full_name="Penerus")
    with write() as session:
        wife = session.scalars(sa.select(Spouse.id).where(Spouse.official_id == LURAH)).one()
        half = promise(party="both", spouse_id=wife, official_signed_on=date(2026, 1, 2))
        session.add(half)
        session.flush()
        session.add(promise(official_id=successor, continued_from_id=half.id, text="Lanjutan"))

    first, later = ani.page(at(LURAH)), ani.page(at(successor))

    assert (
        "Contoh Komitmen bersama · ditandatangani pejabat 2 Jan 2026"
        " · belum ditandatangani pasangan Dilanjutkan oleh Penerus Kurang satu tanda tangan"
    ) in section(first, "commitments").text
    assert section(later, "commitments").text == (
        "Komitmen Tambah Lanjutan Komitmen pejabat · belum ditandatangani pejabat"
        " Melanjutkan komitmen Tb. Meranti Khayal, S.Sos., M.Si. Belum ditandatangani"
    )


def test_what_is_late_or_waits_stands_above_everything(ani, bayu, write):
    late = ActionPlan(
        region_id=1, code="RTL-9", title="Contoh", official_id=LURAH, due_on=date(2020, 1, 1)
    )
    with write() as session:
        session.add(late)

    clerk, supervisor = (" ".join(browser.page(at(LURAH)).said) for browser in (ani, bayu))

    late_line = re.compile(r"Terlambat [\d.]+ hari: Contoh\.")
    assert all(late_line.search(said) for said in (clerk, supervisor))
    waits = f"Menunggu putusan Anda: {PLAN}."
    assert [waits in said for said in (clerk, supervisor)] == [False, True]


# Who sees what


@pytest.mark.parametrize("reader", ["ani", "bayu", "citra"])
def test_numbers_stay_masked_for_everybody(browse, rows, reader):
    [numbers] = rows(sa.select(Official.nip, Official.phone).where(Official.id == LURAH))

    answer = browse(reader).get(at(LURAH))

    assert [number in answer.text for number in (*numbers, "wa.me")] == [False] * 3
    assert "•••• 047" in answer.text


def test_an_auditor_is_offered_nothing_to_add(citra):
    page = citra.page(at(LURAH))

    assert [one for one in page.main.all("a") if "/new/" in one.given["href"]] == []


@pytest.mark.parametrize(("reader", "status"), [("mira", 404), ("eka", 403), ("", 303)])
def test_another_city_an_administrator_and_a_stranger_do_not_come_in(browse, reader, status):
    assert browse(reader).get(at(LURAH)).status_code == status


@pytest.fixture
def elsewhere(write):
    """What the lurah once held, promised, planned and attended in another district."""
    with write() as session:
        position, unit = session.execute(
            sa.text(
                "SELECT p.id, p.unit_id FROM position p JOIN unit u ON u.id = p.unit_id"
                " WHERE p.region_id = 1 AND u.path NOT LIKE '/33/%' AND p.name LIKE 'Lurah %'"
                " ORDER BY p.id LIMIT 1"
            )
        ).one()
        old = Appointment(
            region_id=1,
            official_id=LURAH,
            position_id=position,
            unit_id=unit,
            status="acting_vacant",
            started_on=date(2024, 1, 1),
            decree_no="JAUH/1",
        )
        session.add(old)
        session.flush()
        own = {"official_id": LURAH, "unit_id": unit, "appointment_id": old.id}
        session.add(promise(**own, text="Janji jauh"))
        session.add(ActionPlan(region_id=1, code="RTL-9", title="Rencana jauh", **own))
        session.add(Participation(region_id=1, training_session_id=1, **own))


def test_a_district_sees_what_lies_in_the_district_alone(app, ani, write, elsewhere):
    clerk = granted(app, write, "sari", "clerk")
    words = ("JAUH/1", "Janji jauh", "Rencana jauh", "bagi Wali Kota")

    whole, part = ani.page(at(LURAH)), clerk.page(at(LURAH))

    assert [word in whole.text for word in words] == [True] * 4
    assert [word in part.text for word in words] == [False] * 4
    assert (lede(part), len(part.table("Jabatan"))) == ("Lurah Cipare (Kec. Serang)", 1)


def test_the_list_shows_a_district_what_lies_in_the_district_alone(app, ani, write, elsewhere):
    clerk = granted(app, write, "sari", "clerk")

    def posts(browser):
        [row] = browser.page("/officials/?search=meranti+khayal").cells("Jabatan")
        return row[0].count("Lurah ")

    assert (posts(ani), posts(clerk)) == (2, 1)


def test_the_list_keeps_the_number_in_its_file(ani):
    [row] = [
        one
        for one in ani.exported("/officials/", "?search=meranti+khayal")
        if "Meranti" in one["Nama"]
    ]

    assert (row["Nama"], row["NIP"]) == ("Tb. Meranti Khayal, S.Sos., M.Si.", "•••• 947")


# Adding from the page


KINDS = ("appointments", "spouses", "participations", "commitments", "action-plans")


def test_each_section_leads_to_a_form_with_the_person_chosen(ani):
    links = [
        one.given["href"]
        for one in ani.page(at(LURAH)).main.all("a")
        if "/new/" in one.given["href"]
    ]

    assert {link.partition("/new/")[0].strip("/") for link in links} == set(KINDS)
    assert [ani.form(link)["official"] for link in links] == [str(LURAH)] * 5


def test_a_key_that_is_not_in_scope_chooses_nothing(ani):
    keys = (str(OF_METRO), "0", "-1", "9" * 40, "1e3", "46 OR 1=1", "x", "")
    asked = [(kind, str(OF_METRO)) for kind in KINDS] + [("commitments", key) for key in keys]

    answers = [ani.get(f"/{kind}/new/", query_string={"official": key}) for kind, key in asked]

    assert [(one.status_code, Page(one.text).form()["official"]) for one in answers] == [
        (200, "")
    ] * len(asked)


def test_an_address_chooses_nothing_in_a_form_that_was_sent(ani, rows):
    before = rows(sa.select(sa.func.count(Spouse.id)))

    answer = ani.post(f"/spouses/new/?official={LURAH}", {"full_name": "Baru", "official": ""})

    assert (answer.status_code, rows(sa.select(sa.func.count(Spouse.id)))) == (422, before)


def test_who_may_not_add_is_not_let_in_by_an_address(citra):
    assert citra.get(f"/commitments/new/?official={LURAH}").status_code == 403


# Questions to the database


def test_three_of_everything_ask_no_more_than_one(ani, statements, person, write, attendance):
    attendance(BOTH)

    def asked():
        ani.page(at(LURAH))
        with statements() as seen:
            page = ani.page(at(LURAH))
        return len(seen), [len(page.table(name)) for name in ("Jabatan", "Sesi yang dihadiri")]

    one = asked()
    others = [person(full_name=f"Contoh {number}") for number in (1, 2)]
    with write() as session:
        unit = session.scalar(sa.text(f"SELECT unit_id FROM position WHERE id={VACANT}"))
        first = session.scalars(
            sa.select(Commitment).where(Commitment.official_id == LURAH).limit(1)
        ).one()
        for number, other in enumerate(others, 1):
            session.add_all(
                [
                    Appointment(
                        region_id=1,
                        official_id=LURAH,
                        position_id=VACANT,
                        unit_id=unit,
                        status="acting_vacant",
                        started_on=date(2020 + number, 1, 1),
                    ),
                    Spouse(region_id=1, official_id=LURAH, full_name=f"P{number}", person_id=other),
                    Participation(region_id=1, training_session_id=number, official_id=LURAH),
                    promise(text=f"Janji {number}", continued_from_id=first.id),
                    ActionPlan(
                        region_id=1, code=f"RTL-9{number}", title="Rencana", official_id=LURAH
                    ),
                ]
            )

    assert (one, asked()) == ((31, [1, 1]), (31, [3, 3]))


def test_a_session_without_a_day_says_so(ani, write):
    with write() as session:
        session.add(Participation(region_id=1, training_session_id=1, official_id=LURAH))
        assert session.get(TrainingSession, 1).held_on is None

    last = ani.page(at(LURAH)).table("Sesi yang dihadiri")[-1]

    assert last == [
        "Bimtek Keluarga Berintegritas bagi Wali Kota tanggal belum diketahui",
        "belum diisi",
        "belum dicatat",
    ]
