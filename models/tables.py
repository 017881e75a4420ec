"""Every model of the installation, so that importing this module fills the metadata."""

from . import (
    account_changes,
    attendance,
    commitments,
    extensions,
    files,
    follow_up,
    government,
    holidays,
    papers,
    people,
    programme,
    proposals,
    records,
    speaking,
    training,
    tree,
)

__all__ = [
    "account_changes",
    "attendance",
    "commitments",
    "extensions",
    "files",
    "follow_up",
    "government",
    "holidays",
    "papers",
    "people",
    "programme",
    "proposals",
    "records",
    "speaking",
    "training",
    "tree",
]
