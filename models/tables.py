"""Every model of the installation, so that importing this module fills the metadata."""

from . import (
    attendance,
    commitments,
    files,
    follow_up,
    government,
    holidays,
    papers,
    people,
    programme,
    records,
    speaking,
    training,
    tree,
)

__all__ = [
    "attendance",
    "commitments",
    "files",
    "follow_up",
    "government",
    "holidays",
    "papers",
    "people",
    "programme",
    "records",
    "speaking",
    "training",
    "tree",
]
