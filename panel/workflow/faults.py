"""A guard that breaks refuses its step: under a number that is told, and written in the log."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ..incidents import written_down
from ..words import say
from .rules import Objection

#: Where a session keeps the numbers of its faults: one page tells one fault by one number.
NUMBERS = "workflow.faults"


def numbered(session: Session, record: Any, objection: Objection) -> Objection:
    """The objection as it is; that of a broken guard with its number.

    A fault of the database is none of the guard's: it is raised again.
    """
    fault = objection.fault
    if fault is None:
        return objection
    if isinstance(fault, SQLAlchemyError):
        raise fault
    about = f"{record.__tablename__} {record.id}"
    numbers: dict[str, str] = session.info.setdefault(NUMBERS, {})
    key = f"{about}: {objection.sentence}"
    if key not in numbers:
        numbers[key] = written_down(fault, record=about)
    sentence = say("%(what)s Incident %(number)s.", what=objection.sentence, number=numbers[key])
    return replace(objection, sentence=sentence)
