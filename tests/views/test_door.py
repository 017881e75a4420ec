"""The door of a session part: each code opens once, for its part and its time; the rest is told."""

import io
import json
import re
from datetime import date, datetime, timedelta

import pytest
import segno
import sqlalchemy as sa
from babel.dates import get_timezone

from models.attendance import Attendance, AttendanceSheet, Participation
from models.check_ins import CheckIn
from models.clock import ZONE
from models.door import bearer
from models.door_codes import code_of, qr_text
from models.offline_door import exported, opened
from models.training import AgendaItem, TrainingSession
from tests.views.browser import Page
from tests.views.test_attendance_sheets import SIGNED
from views.door import CAMERA, MOST_POINTS
from views.session_parts import door_key
from views.suspicions_page import hours_of

LURAH = 8
#: SELECTs of the door, of what to look into, and of the cards, for any number of people.
PAGES = (12, 8, 8)
AT = "/door/{}/".format


@pytest.fixture
def hall(app, write):
    """Two parts of a session of now, and the codes of the first two couples at the first."""
    soon = datetime.now(get_timezone(ZONE)) - timedelta(minutes=5)
    with write() as session:
        held = session.get(TrainingSession, LURAH)
        held.held_on, held.date_precision = soon.date(), "day"
        own = {"region_id": 1, "training_session_id": LURAH, "takes_attendance": True}
        starts = {"starts_at": soon.time().replace(microsecond=0)}
        parts = [AgendaItem(number=9, title="Sore", **own, **starts)]
        parts.append(AgendaItem(number=10, title="Malam", **own, **starts))
        late = soon - timedelta(days=3)
        gone = session.get(TrainingSession, 7)
        gone.held_on, gone.date_precision = late.date(), "day"
        past = {**own, "training_session_id": gone.id}
        parts.append(AgendaItem(number=9, title="Lalu", **past))
        session.add_all(parts)
        session.flush()
        codes = {}
        for part in parts:
            couples = sa.select(Participation).where(
                Participation.training_session_id == part.training_session_id
            )
            if part.training_session_id == LURAH:
                couples = couples.where(Participation.spouse_id.is_not(None))
            for number, one in enumerate(session.scalars(couples.order_by(Participation.id))):
                for party in ("official", "spouse") if one.spouse_id else ("official",):
                    holder = bearer(part, one, party)
                    code = code_of(door_key(), holder)
                    codes[part.title, number, party] = (one.id, code, qr_text(holder, code))
        return {part.title: part.id for part in parts}, codes


def test_the_pages_ask_the_same_for_any_number(ani, hall, statements):
    parts, codes = hall
    at = AT(parts["Sore"])
    ani.get(at)
    counted = []

    for number in range(3):
        enter(ani, parts["Sore"], codes["Sore", number, "official"][1])
        for path in (at, f"{at}suspicions/", f"{at}badges/"):
            with statements() as asked:
                ani.get(path)
            counted.append(len(asked))

    assert counted == [*PAGES] * 3


def enter(browser, part, code, **typed):
    """What the door says of a code, as its script asks."""
    form = {"code": code, "station": "Pintu timur", **typed}
    answer = browser.post(AT(part), form, headers={"Accept": "application/json"})
    return answer.status_code, answer.json.get("kind"), Page(answer.json.get("html", "")).root.text


def marks(rows, part):
    """Who is recorded at a part, by couple."""
    own = sa.select(Attendance.participation_id, Attendance.party, Attendance.status)
    return rows(own.where(Attendance.agenda_item_id == part).order_by(Attendance.id))


def test_each_code_opens_once_and_says_who_it_is(ani, browse, hall, rows, deeds):
    parts, codes = hall
    couple, code, scanned = codes["Sore", 0, "official"]

    first = enter(ani, parts["Sore"], f" {code[:5].lower()}-{code[5:]} ")
    again = enter(browse("asep"), parts["Sore"], scanned)
    wife = enter(ani, parts["Sore"], codes["Sore", 0, "spouse"][2])
    page = ani.get(AT(parts["Sore"]))

    assert first[:2] == (200, "in")
    assert re.search(r"Hadir \d\d\.\d\d", first[2])
    assert again[:2] == (409, "already")
    assert re.search(r"Masuk pukul \d\d\.\d\d, kode diketik, Pintu timur", again[2])
    assert wife[:2] == (200, "in")
    assert marks(rows, parts["Sore"]) == [
        (couple, "official", "present"),
        (couple, "spouse", "present"),
    ]
    assert rows(sa.select(CheckIn.way, CheckIn.station).order_by(CheckIn.id)) == [
        ("typed", "Pintu timur"),
        ("scanned", "Pintu timur"),
    ]
    assert deeds() == ["attendance.check_in"] * 2
    assert page.headers["Permissions-Policy"] == CAMERA
    assert "camera=()" in ani.get("/").headers["Permissions-Policy"]


def test_what_does_not_open_is_told_and_writes_nothing(ani, hall, rows, deeds):
    parts, codes = hall
    couple, code, scanned = codes["Sore", 0, "official"]
    other = codes["Sore", 1, "official"]

    told = [
        enter(ani, parts["Sore"], text)[:2]
        for text in (
            codes["Malam", 0, "official"][1],  # typed, of another part
            codes["Lalu", 0, "official"][2],  # scanned, of another session
            scanned.replace(f".{couple}.", f".{other[0]}."),  # another one's name on it
            code[:-1] + ("0" if code[-1] != "0" else "1"),
            "0000000000",
            "",
            "x" * 5000,
        )
    ]
    late = enter(ani, parts["Lalu"], codes["Lalu", 0, "official"][1])

    assert told == [
        (409, "elsewhere"),
        (409, "elsewhere"),
        (409, "forged"),
        (422, "wrong"),
        (422, "unknown"),
        (422, "wrong"),
        (422, "wrong"),
    ]
    assert late[:2] == (409, "time")
    assert [marks(rows, part) for part in parts.values()] == [[], [], []]
    assert rows(sa.select(CheckIn.id)) == []
    assert deeds() == ["attendance.check_in.refused"]


def test_by_name_without_script_over_an_excuse_and_never_on_a_signed_sheet(ani, hall, rows):
    parts, codes = hall
    couple = codes["Sore", 0, "official"][0]
    cell = {"participation": couple, "party": "official", "status": "excused", "seen": 0}
    ani.post(f"/attendance-grid/{parts['Sore']}/mark/", cell)
    who = {"participation": couple, "party": "official"}

    page = Page(ani.post(AT(parts["Sore"]), who).text)
    signed = rows(sa.select(AttendanceSheet.agenda_item_id).where(AttendanceSheet.id == SIGNED))
    closed = ani.page(AT(signed[0][0]))

    assert "Sampai sekarang tercatat “Izin”." in page.text
    assert marks(rows, parts["Sore"]) == [(couple, "official", "present")]
    assert closed.main.all("form", id="door") == []
    assert "sudah ditandatangani" in closed.text


def test_whom_the_door_is_not_for(ani, browse, hall, rows):
    parts, codes = hall
    code = codes["Sore", 0, "official"][1]
    at = AT(parts["Sore"])
    before = rows(sa.select(sa.func.count(Attendance.id)))

    posts = {
        name: browse(name).post(at, {"code": code}).status_code
        for name in ("bayu", "citra", "mira", "eka")
    }
    paths = (at, f"{at}badges/", f"{at}offline/", f"{at}suspicions/")
    seen = {
        name: [browse(name).get(path).status_code for path in paths] for name in ("bayu", "mira")
    }
    forged = ani.client.post(at, data={"code": code}).status_code
    hostile = [
        ani.post(at, {"code": "\x00"}).status_code,
        ani.post(at, {"participation": "9" * 30, "party": "official"}).status_code,
        ani.post(
            at, {"participation": codes["Lalu", 0, "official"][0], "party": "official"}
        ).status_code,
        ani.post(f"{at}frame/?w=5000&h=5000", {}).status_code,
        ani.get("/door/999999/").status_code,
    ]

    assert posts == {"bayu": 403, "citra": 403, "mira": 404, "eka": 403}
    assert seen == {"bayu": [403, 403, 403, 200], "mira": [404] * 4}
    assert (forged, hostile) == (400, [400, 404, 404, 413, 404])
    assert rows(sa.select(sa.func.count(Attendance.id))) == before


def test_a_picture_of_a_printed_code_is_read(ani, hall):
    parts, codes = hall
    scanned = codes["Sore", 0, "official"][2]
    drawn = segno.make(scanned, error="m", micro=False, mask=0, boost_error=False)
    dark = list(drawn.matrix_iter(scale=4, border=4))
    gray = b"".join(bytes(0 if point else 255 for point in line) for line in dark)
    size = f"w={len(dark[0])}&h={len(dark)}"
    sent = {"X-CSRFToken": ani.token}

    def frame(query, data, kind="application/octet-stream"):
        at = f"{AT(parts['Sore'])}frame/?{query}"
        return ani.client.post(at, data=data, headers=sent, content_type=kind)

    assert frame(size, gray).json == {"text": scanned}
    assert frame("w=4&h=4", bytes(16)).json == {"text": ""}
    assert [frame("w=4&h=5", bytes(16)).status_code, frame("w=-4&h=4", bytes(16)).status_code] == [
        400,
        400,
    ]
    assert frame("w=4&h=4", bytes(16), "multipart/form-data; boundary=x").status_code == 400
    assert frame(f"w=1&h={MOST_POINTS + 1}", b"x").status_code in (400, 413)
    page = ani.get(f"{AT(parts['Sore'])}badges/").text
    code = codes["Sore", 0, "official"][1]
    assert (f"{code[:5]}-{code[5:]}" in page, page.count('class="qr"')) == (
        True,
        page.count('class="code"'),
    )


def test_a_hall_without_network_comes_back_as_a_proposal(ani, bayu, hall, rows, deeds):
    parts, codes = hall
    at, (couple, code, _qr) = AT(parts["Sore"]), codes["Sore", 0, "official"]
    other = codes["Sore", 1, "spouse"][0]

    taken = ani.post(f"{at}offline/page/", {"station": "Aula"})
    carried = json.loads(re.search(r'id="carried">(.*?)</script>', taken.text)[1])
    page = opened_in(ani, carried["page"])
    enter(ani, parts["Sore"], code)  # meanwhile at a door with network
    moment = int(datetime.now(get_timezone(ZONE)).timestamp() * 1000)
    file = exported(
        page,
        [(couple, "official", "scanned", moment), (other, "spouse", "scanned", moment + 1000)],
    )
    forged = json.loads(json.dumps(file))
    forged["rows"][1][0] = couple
    cut = {**file, "rows": file["rows"][:1]}

    def bring(told, part=parts["Sore"]):
        data = {"file": (io.BytesIO(json.dumps(told).encode()), "pintu.json")}
        return ani.post(f"{AT(part)}offline/", data, content_type="multipart/form-data")

    tampered = [bring(one).status_code for one in (forged, cut, {"page": 1}, [], "x" * 9)]
    elsewhere = bring(file, parts["Malam"]).status_code
    nothing = marks(rows, parts["Sore"])
    made = bring(file)
    proposal = ani.page(made.location)
    again = bring(file)

    assert "attachment" in taken.headers["Content-Disposition"]
    assert "nip" not in taken.text.lower()
    assert code not in taken.text
    assert (tampered, elsewhere) == ([422] * 5, 422)
    assert nothing == [(couple, "official", "present")]
    assert made.status_code == 303
    assert "Sudah hadir: 1" in proposal.text
    assert "Yang perlu diperiksa di pintu ini: 1." in proposal.text
    assert again.status_code == 200
    seen = re.search(r'name="seen" value="(\w+)"', bayu.get(made.location).text)[1]
    key = re.search(r"id=(\d+)", made.location)[1]
    approved = bayu.post(f"/proposals/{key}/move/apply/", {"seen": seen})
    assert approved.status_code == 303
    assert marks(rows, parts["Sore"]) == [
        (couple, "official", "present"),
        (other, "spouse", "present"),
    ]
    mixed = bayu.page(f"{at}suspicions/").text
    assert "Pejabat bersama pasangan pejabat lain" in mixed
    third, ahead = codes["Sore", 2, "official"][0], timedelta(days=900)
    told = [(couple, "official", "scanned", moment), (other, "spouse", "scanned", moment + 1000)]
    told.append((third, "official", "scanned", moment + int(ahead.total_seconds()) * 1000))
    assert bring(exported(page, told)).status_code == 303
    year = (datetime.now(get_timezone(ZONE)) + ahead).year
    assert f" {year}, " in bayu.page(f"{at}suspicions/").text  # by a clock that went wrong


def test_a_part_without_times_lasts_as_long_as_its_day():
    held = TrainingSession(held_on=date(2026, 3, 2), date_precision="day")
    hours = hours_of(AgendaItem(session=held))
    assert [f"{one:%d %H.%M}" for one in hours] == ["02 00.00", "02 23.59"]


def opened_in(browser, token):
    """The page that the installation handed out."""
    with browser.client.application.app_context():
        return opened(door_key(), token)
