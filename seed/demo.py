"""The demo of both cities, part by part; each part is a deed that the log remembers.

What the log says was done is not done again, so that deleted and edited records stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.attendance import AttendanceSheet
from models.base import db
from models.government import Region
from models.records import workflow
from models.training import AgendaItem, TrainingSession
from panel.changelog.records import note

from . import cases, holding, plans, ways
from .accounts import METRO, SERANG, plant_accounts
from .acting import SYSTEM, act, actor_named, acts_done
from .event import attend, invite
from .promises import promise
from .roster import Roster
from .rows import toml
from .telling import tell

#: The last act; with it in the log nothing is left to do.
FINISHED = "demo.finish"


@dataclass(frozen=True)
class City:
    """What one city's demo is made of."""

    code: str
    name: str
    cases: cases.Cases
    plans: dict[str, int]
    clerks: tuple[str, ...]
    supervisors: tuple[str, ...]
    #: The day whose holders of posts are invited to the main session.
    day: date
    #: Day of invitation and of signatures; none where the article gives no day.
    invited_on: date | None = None
    signed_on: date | None = None


CITIES = (
    City(
        SERANG,
        "serang",
        cases.SERANG,
        ways.SERANG,
        clerks=("ani", "asep"),
        supervisors=("bayu", "dewi"),
        day=date(2025, 11, 18),
        invited_on=date(2025, 11, 10),
        signed_on=date(2025, 11, 18),
    ),
    City(
        METRO,
        "metro",
        cases.METRO,
        ways.METRO,
        clerks=("mira",),
        supervisors=("made",),
        day=date(2024, 12, 31),
    ),
)


def load_demo(password: str) -> bool:
    """Everything of the demo that is not there yet; whether there was any."""
    done = acts_done("demo.")
    if FINISHED in done:
        return False
    if "demo.accounts" not in done:
        with act("demo.accounts", SYSTEM) as session:
            plant_accounts(session, password)
    for city in CITIES:
        load_city(city, done)
    note(db.engine, FINISHED, actor=SYSTEM)
    return True


def load_city(city: City, done: set[str]) -> None:
    """The parts of one city by its first clerk, the signature, its plans, then its sessions."""
    story = toml(f"story_{city.name}")
    clerk, supervisor = actor_named(city.clerks[0]), actor_named(city.supervisors[0])
    for name, work in PARTS.items():
        action = f"demo.{city.name}.{name}"
        if action not in done:
            with act(action, supervisor if work is sign else clerk) as session:
                work(session, city, story)
    office = plans.Office(
        clerks=tuple(actor_named(name) for name in city.clerks),
        supervisors=tuple(actor_named(name) for name in city.supervisors),
    )
    plans.make_plans(db.session(), main_of(db.session(), city, story), city.plans, office)
    main = main_of(db.session(), city, story)
    holding.hold(main, clerk)
    holding.report(earlier_than(main), clerk, supervisor)


def fill_roster(session: Session, city: City, story: dict[str, Any]) -> None:
    """Officials, appointments and spouses for every post."""
    Roster(session, region_of(session, city), city.cases).fill(story["official"])


def tell_story(session: Session, city: City, story: dict[str, Any]) -> None:
    """The programme, its sessions and what was said."""
    tell(session, region_of(session, city), story)


def hold_sessions(session: Session, city: City, story: dict[str, Any]) -> None:
    """Invitations and attendance, at the sessions before the main one too."""
    main = main_of(session, city, story)
    for one in (*earlier_than(main), main):
        invited_on = city.invited_on if one is main else None
        attend(session, one, invite(session, one, city.day, invited_on))


def make_promises(session: Session, city: City, story: dict[str, Any]) -> None:
    """Commitments of those who came to the main session."""
    promise(session, main_of(session, city, story), city.signed_on)


def sign(session: Session, city: City, story: dict[str, Any]) -> None:
    """The first part's sheet of the main session is signed where its day is known."""
    if city.signed_on is None:
        return
    main = main_of(session, city, story)
    sheet = session.scalars(
        sa.select(AttendanceSheet)
        .join(AgendaItem, AgendaItem.id == AttendanceSheet.agenda_item_id)
        .where(AgendaItem.training_session_id == main.id, AgendaItem.number == 1)
    ).one()
    _, seen = workflow.snapshot(session, sheet)
    workflow.move(session, sheet, "sign", seen=seen)


PARTS: dict[str, Callable[[Session, City, dict[str, Any]], None]] = {
    "roster": fill_roster,
    "story": tell_story,
    "attendance": hold_sessions,
    "commitments": make_promises,
    "signature": sign,
}


def region_of(session: Session, city: City) -> Region:
    """The region of the city."""
    return session.scalars(sa.select(Region).where(Region.kemendagri_code == city.code)).one()


def main_of(session: Session, city: City, story: dict[str, Any]) -> TrainingSession:
    """The session that the city's article is about."""
    return session.scalars(
        sa.select(TrainingSession).where(
            TrainingSession.region_id == region_of(session, city).id,
            TrainingSession.name == story["session"]["name"],
        )
    ).one()


def earlier_than(main: TrainingSession) -> list[TrainingSession]:
    """The sessions before it, the first one first."""
    chain: list[TrainingSession] = []
    one = main.previous
    while one is not None:
        chain.insert(0, one)
        one = one.previous
    return chain
