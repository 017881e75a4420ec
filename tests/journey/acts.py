"""What a clerk puts in on the way from an official to the action plan, page by page."""

from __future__ import annotations

from tests.journey.people import Person

POST = "Lurah Kalodran"
OFFICIAL = "Ratna Bayangan"
SPOUSE = "Surya Bayangan"
SESSION = "Bimtek lanjutan bagi lurah"
SPEAKER = "Nara Umpama"
PROMISE = "Kami saling mengingatkan agar tiba sebelum apel pagi."
PLAN = "Apel pagi tepat waktu di Kelurahan Kalodran"


def make_official(clerk: Person) -> int:
    """An official with a post and a spouse inside."""
    form = clerk.form("/officials/new/")
    form.fill(full_name=OFFICIAL, title_suffix="S.IP.", nip="", phone="0812 0000 4321")
    form.pick("employment_type", "PNS")
    form = clerk.add(clerk.add(form, "appointments"), "spouses")
    form.pick("appointments-0-position", POST)
    form.pick("appointments-0-status", "Definitif")
    form.write("appointments-0-started_on", "2025-12-01")
    form.write("appointments-0-decree_no", "SK-821/77/2025")
    form.write("spouses-0-full_name", SPOUSE)
    form.write("spouses-0-married_on", "2010-06-05")
    return clerk.save(form)


def make_session(clerk: Person) -> int:
    """A session with its tier and one part that takes attendance."""
    form = clerk.form("/training-sessions/new/")
    form.fill(name=SESSION, held="2026-02-10")
    form.pick("programme", "Bimtek Keluarga Berintegritas")
    form.pick("includes_spouses", "Ya")
    form = clerk.add(clerk.add(form, "tiers"), "agenda")
    form.pick("tiers-0-tier", "Lurah")
    form.write("agenda-0-number", "1")
    form.write("agenda-0-title", "Materi pertama")
    form.write("agenda-0-starts_at", "08.30")
    form.write("agenda-0-takes_attendance", "y")
    return clerk.save(form)


def make_speaker(clerk: Person) -> int:
    """A speaker and the speaker's part in the session."""
    form = clerk.form("/speakers/new/")
    form.fill(full_name=SPEAKER)
    form.pick("organisation", "KPK")
    speaker = clerk.save(form)
    form = clerk.form("/session-speakers/new/")
    form.pick("session", SESSION)
    form.pick("speaker", SPEAKER)
    form.fill(stated_position="Fungsional madya", topic="Waktu kerja adalah amanah")
    clerk.save(form)
    return speaker


def make_participation(clerk: Person) -> int:
    """The couple on the list of the session; both came."""
    form = clerk.form("/participations/new/")
    form.pick("session", SESSION)
    form.pick("official", OFFICIAL)
    form.pick("appointment", OFFICIAL)
    form.pick("spouse", SPOUSE)
    form = clerk.add(clerk.add(form, "attendance"), "attendance")
    for number, party in enumerate(("Pejabat", "Pasangan")):
        form.pick(f"attendance-{number}-agenda_item", "Materi pertama")
        form.pick(f"attendance-{number}-party", party)
        form.pick(f"attendance-{number}-status", "Hadir")
    return clerk.save(form)


def make_commitment(clerk: Person) -> int:
    """A promise of both, signed by each."""
    form = clerk.form("/commitments/new/")
    form.pick("official", OFFICIAL)
    form.pick("appointment", OFFICIAL)
    form.pick("party", "Pejabat dan pasangan")
    form.pick("spouse", SPOUSE)
    form.pick("session", SESSION)
    form.pick("category", "Disiplin waktu")
    form.fill(text=PROMISE, official_signed_on="2026-02-10", spouse_signed_on="2026-02-11")
    return clerk.save(form)


def make_plan(clerk: Person, *, indicator: str = "Paling banyak dua kali terlambat sebulan") -> int:
    """A plan that carries out the promise, in two steps."""
    form = clerk.form("/action-plans/new/")
    form.pick("official", OFFICIAL)
    form.pick("appointment", OFFICIAL)
    form.pick("commitment", PROMISE)
    form.fill(
        code="RTL-9001",
        title=PLAN,
        target="Semua pegawai hadir sebelum apel pagi",
        indicator=indicator,
        due_on="2027-06-30",
    )
    form = clerk.add(clerk.add(form, "steps"), "steps")
    for number, text in enumerate(("Sosialisasi kepada pegawai", "Rekap jam masuk tiap Jumat")):
        form.write(f"steps-{number}-number", str(number + 1))
        form.write(f"steps-{number}-text", text)
        form.write(f"steps-{number}-due_on", f"2027-0{number + 3}-01")
    return clerk.save(form)


def make_everything(clerk: Person) -> int:
    """All of it in order; the number of the plan."""
    for make in (make_official, make_session, make_speaker, make_participation, make_commitment):
        make(clerk)
    return make_plan(clerk)
