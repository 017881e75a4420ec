"""What a clerk types in: units, posts, people, the programme and its sessions, and who spoke."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.e2e.by_hand import SERANG, WORDS, City, enter, fill, labels, table
from tests.e2e.doing import add, choose, save, write

#: Texts of a session, and what their fields are called.
CONTENT = {
    "theme": "Tema",
    "objectives": "Tujuan",
    "background": "Latar belakang",
    "note": "Catatan",
}


def enter_units(page: Page, city: City) -> None:
    """Secretariat and inspectorate, divisions, kecamatan, and each kelurahan below its own."""
    for name, kind in (("Sekretariat Daerah", "secretariat"), ("Inspektorat", "inspectorate")):
        enter(page, "units", {"Nama": name}, {"Jenis": WORDS[kind]})
    names: dict[str, str] = {}
    for place in city.places[2:]:
        names[place["code"]] = place["name"]
        if place["level"] == "kecamatan":
            picks = {"Jenis": "Kecamatan"}
        else:
            above = f"Kecamatan {names[place['parent_code']]}"
            picks = {"Jenis": "Kelurahan", "Langsung di atasnya": above}
        enter(page, "units", {"Nama": place["name"], "Kode wilayah": place["code"]}, picks)


def enter_seats(page: Page, city: City, tiers: tuple[str, ...]) -> None:
    """The named posts of these tiers, the inspector's, and one lurah for each kelurahan."""
    known = labels("tiers")
    for row in table("positions"):
        if row["region"] == city.code and row["tier"] in tiers:
            seat(page, row["unit"], known[row["tier"]], row["name"])
    if "agency_head" in tiers:
        seat(page, "Inspektorat", known["agency_head"], "Inspektur")
    if "urban_village_head" not in tiers:
        return
    kecamatan = {row["code"]: row["name"] for row in city.places if row["level"] == "kecamatan"}
    for place in city.places:
        if place["level"] == "kelurahan":
            unit = f"Kelurahan {place['name']}, Kec. {kecamatan[place['parent_code']]}"
            seat(page, unit, known["urban_village_head"], f"Lurah {place['name']}")


def seat(page: Page, unit: str, tier: str, name: str) -> None:
    """One post."""
    enter(page, "positions", {"Jabatan": name}, {"Unit": unit, "Jenjang": tier})


def enter_official(page: Page, name: str, post: str, employment: str) -> None:
    """A person with the post; when it began is not known."""
    fill(page, "officials", {"Nama": name})
    choose(page, "Kepegawaian", WORDS[employment])
    part = add(page, "Jabatan")
    choose(part, "Jabatan", post)
    choose(part, "Status pengangkatan", "Definitif")
    save(page)


def enter_organisations(page: Page, city: City) -> None:
    """The bodies of the city; KPK is entered once, by who comes first."""
    for row in table("organisations"):
        if row["region"] in (city.code, "" if city is SERANG else city.code):
            texts = {"Nama": row["name"], "Singkatan": row["short_name"]}
            enter(page, "organisations", texts, {"Jenis": WORDS[row["kind"]]})


def body_called(name: str) -> str:
    """How a body is called in a select: with its abbreviation."""
    short = next(row["short_name"] for row in table("organisations") if row["name"] == name)
    return f"{name} ({short})" if short else name


def enter_programme(page: Page, city: City) -> None:
    """The programme."""
    told = city.story["programme"]
    fill(page, "programmes", {"Nama": told["name"]}, {"Kategori": WORDS[told["category"]]})
    if "strategy" in told:
        choose(page, "Strategi", WORDS[told["strategy"]])
    if "owner" in told:
        choose(page, "Dijalankan oleh", told["owner"])
    if "focus_tier" in told:
        choose(page, "Jenjang sasaran", labels("tiers")[told["focus_tier"]])
    write(page, "Tujuan jangka panjang", told["long_term_goal"])
    write(page, "Hasil yang diharapkan", told["outcomes"])
    save(page)


def enter_sessions(page: Page, city: City) -> None:
    """The earlier rounds, of which only the tier is known, and the session itself."""
    story, tiers = city.story, labels("tiers")
    programme, previous = story["programme"]["name"], ""
    for tier in story.get("earlier", {"tiers": ()})["tiers"]:
        name = f"{programme} bagi {tiers[tier]}"
        texts = {"Nama": name, "Sumber tanggal": story["earlier"]["date_source"]}
        fill(page, "training-sessions", texts, {"Program": programme})
        choose(add(page, "Sasaran peserta"), "Jenjang", tiers[tier])
        if previous:
            choose(page, "Sesi sebelumnya", previous)
        save(page)
        previous = name
    enter_session(page, story["session"], programme, previous)


def enter_session(page: Page, told: dict[str, Any], programme: str, previous: str) -> None:
    """The session that the article tells of."""
    day = told["held_on"]
    known = {"year": f"{day:%Y}", "day": f"{day:%d/%m/%Y}"}[told["date_precision"]]
    texts = {"Nama": told["name"], "Tanggal": known, "Sumber tanggal": told["date_source"]}
    fill(page, "training-sessions", texts, {"Program": programme})
    if "venue" in told:
        choose(page, "Tempat", told["venue"]["name"])
    for tier in told["tiers"]:
        choose(add(page, "Sasaran peserta"), "Jenjang", labels("tiers")[tier])
    complete = page.get_by_label("Jenjang ini sudah lengkap")
    complete.set_checked(told["tiers_complete"])
    choose(page, "Bersama pasangan", WORDS[told["includes_spouses"]])
    for body in told["organisations"]:
        part = add(page, "Penyelenggara dan mitra")
        choose(part, "Organisasi", body_called(body["name"]))
        choose(part, "Peran", WORDS[body["role"]])
    for number, title in enumerate(told["agenda"], 1):
        part = add(page, "Susunan acara")
        write(part, "Nomor", str(number))
        write(part, "Judul", title)
        part.get_by_label("Mencatat kehadiran").check()
    for key, label in CONTENT.items():
        if key in told:
            write(page, label, told[key])
    for kind, key in (("integrity_values", "values"), ("risk_tags", "risks")):
        for code in told[key]:
            page.get_by_label(labels(kind)[code], exact=True).check()
    if previous:
        choose(page, "Sesi sebelumnya", previous)
    save(page)


def enter_voices(page: Page, city: City) -> None:
    """Speakers with their spellings, what they were there, and what they said."""
    story = city.story
    session, officials = story["session"]["name"], {one["name"] for one in story["official"]}
    for one in story["speaker"]:
        fill(page, "speakers", {"Nama": one["name"]})
        choose(page, "Organisasi", body_called(one["organisation"]))
        if one["name"] in officials:
            choose(page, "Juga pejabat", one["name"])
        for spelling in one.get("aliases", ()):
            part = add(page, "Ejaan lain")
            write(part, "Nama", spelling)
            write(part, "Sumber", "media lain")
        save(page)
        texts = {
            "Jabatan seperti disebut": one["stated_position"],
            "Lembaga seperti disebut": one["organisation"],
        }
        picks = {"Sesi": session, "Narasumber": one["name"]}
        picks["Peran"] = WORDS[one.get("role", "speaker")]
        enter(page, "session-speakers", texts, picks)
    for said in story["message"]:
        picks = {"Sesi": session, "Narasumber": said["speaker"], "Jenis": WORDS[said["kind"]]}
        fill(page, "key-messages", {"Pesan": said["text"], "Catatan": "parafrase"}, picks)
        for code in said["values"]:
            page.get_by_label(labels("integrity_values")[code], exact=True).check()
        save(page)


def enter_news(page: Page, city: City) -> None:
    """The headline and categories of the page that told of the session."""
    told = city.story["news"]
    texts = {"Judul berita": told["title"], "Kategori": ", ".join(told["tags"])}
    enter(page, "news-sources", texts, {"Sesi": city.story["session"]["name"]})


def enter_couple(page: Page, name: str, spouse: str, post: str, employment: str) -> None:
    """A made-up official with the post and a spouse."""
    fill(page, "officials", {"Nama": name}, {"Kepegawaian": WORDS[employment]})
    part = add(page, "Jabatan")
    choose(part, "Jabatan", post)
    choose(part, "Status pengangkatan", "Definitif")
    write(add(page, "Pasangan"), "Nama pasangan", spouse)
    save(page)


def enter_attendance(page: Page, session: str, name: str, spouse: str, part: str) -> None:
    """The couple on the session's list, both present at one part of it."""
    fill(page, "participations", {}, {"Sesi": session, "Pejabat": name})
    choose(page, "Jabatan pada hari itu", name)
    choose(page, "Pasangan", spouse)
    for who in ("Pejabat", "Pasangan"):
        came = add(page, "Kehadiran")
        choose(came, "Bagian sesi", part)
        choose(came, "Siapa", who)
        choose(came, "Kehadiran", "Hadir")
    save(page)


def enter_promise(page: Page, session: str, name: str) -> None:
    """A promise about serving the public, in the wording that came with the programme."""
    template = next(row for row in table("commitment_templates") if row["code"] == "caring_service")
    picks = {
        "Pejabat": name,
        "Komitmen siapa": WORDS[template["party"]],
        "Diberikan pada": session,
        "Kategori": WORDS[template["category"]],
        "Bidang": WORDS[template["area"]],
    }
    texts = {"Janji": template["text"], "Indikator": template["indicator"]}
    enter(page, "commitments", texts, picks)
