"""Wordings of commitments: a changed wording is a new edition, the old one stays as it was."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .commitments import CommitmentTemplate

#: What a commitment takes over from its template.
WORDING = ("text", "indicator")


def newest(templates: Iterable[CommitmentTemplate]) -> list[CommitmentTemplate]:
    """The newest edition of each of these wordings."""
    kept: dict[str, CommitmentTemplate] = {}
    for one in templates:
        known = kept.get(one.code)
        if known is None or known.edition < one.edition:
            kept[one.code] = one
    return list(kept.values())


def next_edition(session: Session, template: CommitmentTemplate) -> CommitmentTemplate:
    """An empty edition after the newest one of this wording, for the same region; not added."""
    last = sa.select(sa.func.max(CommitmentTemplate.edition))
    with session.no_autoflush:
        number = session.scalar(last.where(CommitmentTemplate.code == template.code)) or 0
    return CommitmentTemplate(
        code=template.code,
        edition=number + 1,
        region_id=template.region_id,
        is_example=template.is_example,
    )
