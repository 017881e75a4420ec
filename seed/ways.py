"""The ways that made-up plans take through their process, and what is said on each step."""

from __future__ import annotations

#: Steps from the first draft to the state in which a plan is left; "evidence" attaches a
#: file, "mend" betters the indicator of a returned plan.
TO_PROGRESS = ("submit", "approve", "start")
TO_EVIDENCE = (*TO_PROGRESS, "evidence", "submit_evidence")
WAYS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "submitted": ("submit",),
    "resubmitted": ("submit", "return", "mend", "submit"),
    "returned": ("submit", "return"),
    "approved": ("submit", "approve"),
    "in_progress": TO_PROGRESS,
    "sent_back": (*TO_EVIDENCE, "send_back"),
    "evidence_submitted": TO_EVIDENCE,
    "verified": (*TO_EVIDENCE, "verify"),
    "closed": (*TO_EVIDENCE, "verify", "close"),
    "cancelled": ("submit", "cancel"),
}
#: How many plans take each way; at least forty in Serang, ten of them waiting.
SERANG = {
    "submitted": 9,
    "draft": 5,
    "resubmitted": 2,
    "returned": 4,
    "approved": 5,
    "in_progress": 4,
    "sent_back": 1,
    "evidence_submitted": 4,
    "verified": 3,
    "closed": 4,
    "cancelled": 2,
}
METRO = {
    "submitted": 2,
    "draft": 1,
    "returned": 1,
    "approved": 1,
    "in_progress": 1,
    "evidence_submitted": 1,
    "closed": 1,
}
#: Everything else is a supervisor's.
CLERK_STEPS = frozenset({"submit", "mend", "start", "evidence", "submit_evidence"})
REASONS = {
    "return": "Indikator belum terukur.",
    "send_back": "Bukti belum cukup.",
    "cancel": "Pejabat pindah tugas.",
}


def reason_for(step: str, result: str) -> str:
    """What is said with the step, where something has to be said."""
    if step in ("verify", "close") and result == "cannot_be_followed_up":
        return "Unit kerja digabung; kegiatan dilanjutkan oleh unit yang baru."
    return REASONS.get(step, "")


def result_for(way: str, number: int) -> str:
    """What a verification finds: some plans are not there yet, some cannot be followed up."""
    if way == "verified" and number % 3 == 0:
        return "not_yet_conforming"
    if way == "closed" and number % 4 == 0:
        return "cannot_be_followed_up"
    return "conforming"
