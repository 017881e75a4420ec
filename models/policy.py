"""Who may do what with which kind of record: the policy table, as data.

Letters: r read, c create, e edit, d delete while nothing refers to it, x export; a word stands for
what is done by name. Steps of a process are not here: their roles stand in the process file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from panel.access.rules import Masks, Policy, read_policy
from panel.words import Sentence, say


@dataclass(frozen=True)
class Group:
    """Kinds of records, named by their tables, that share one row of the policy."""

    title: Sentence
    tables: tuple[str, ...]
    rights: Mapping[str, str]

    def held(self, role: str) -> frozenset[str]:
        """The verbs that `role` has with these kinds."""
        return POLICY[self.tables[0]].get(role, frozenset())


GROUPS = (
    Group(
        say("Regions, tiers, grades, integrity values, risks, holidays"),
        ("region", "tier", "grade", "integrity_value", "risk_tag", "holiday"),
        {"clerk": "r", "supervisor": "r", "auditor": "r", "administrator": "rce"},
    ),
    Group(
        say("Units, organisations, venues, commitment templates"),
        ("unit", "organisation", "venue", "commitment_template"),
        {"clerk": "rcex", "supervisor": "rx", "auditor": "rx", "administrator": "r"},
    ),
    Group(
        say("Positions, officials, appointments, spouses"),
        ("position", "official", "appointment", "spouse"),
        {"clerk": "rcedx unmask", "supervisor": "rx unmask", "auditor": "rx"},
    ),
    Group(
        say("Programmes, sessions, agenda, speakers, key messages, news, papers"),
        (
            "programme",
            "training_session",
            "session_tier",
            "session_organisation",
            "session_value",
            "session_risk",
            "agenda_item",
            "speaker",
            "speaker_alias",
            "session_speaker",
            "speaker_invitation",
            "key_message",
            "message_value",
            "news_source",
            "session_paper",
        ),
        {"clerk": "rcedx unmask", "supervisor": "rx unmask", "auditor": "rx"},
    ),
    Group(
        say("Participations, attendance"),
        ("participation", "attendance"),
        {"clerk": "rcex clear", "supervisor": "rx", "auditor": "rx"},
    ),
    Group(
        say("Scans of attendance sheets, make-up sessions"),
        ("sheet_scan", "make_up"),
        {"clerk": "rcdx", "supervisor": "rx", "auditor": "rx"},
    ),
    Group(
        say("Check-ins at the door"),
        ("check_in",),
        {"clerk": "rc", "supervisor": "r", "auditor": "r"},
    ),
    Group(
        say("Attendance sheets, scores"),
        ("attendance_sheet", "score"),
        {"clerk": "rcex", "supervisor": "rx", "auditor": "rx"},
    ),
    Group(
        say("Commitments, action plans, steps, evidence"),
        (
            "commitment",
            "commitment_risk",
            "action_plan",
            "action_step",
            "evidence",
            "extension",
            "stored_file",
            "decision",
        ),
        {"clerk": "rcedx", "supervisor": "rx", "auditor": "rx"},
    ),
    Group(
        say("Proposals of changes"),
        ("proposal", "proposal_item"),
        {"clerk": "rcedx", "supervisor": "rx", "auditor": "rx"},
    ),
    Group(
        say("Officials known not to be one person"),
        ("not_duplicate",),
        {"clerk": "rc", "supervisor": "r", "auditor": "r"},
    ),
    Group(
        say("Imports of rosters"),
        ("roster_import", "import_mapping"),
        {"clerk": "rce", "supervisor": "r", "auditor": "r"},
    ),
    Group(
        say("Saved views of lists"),
        ("saved_view",),
        {
            "clerk": "r save",
            "supervisor": "r save",
            "auditor": "r save",
            "administrator": "r save",
        },
    ),
    Group(
        say("Change log"),
        ("change", "deed"),
        {"auditor": "rx verify", "administrator": "r"},
    ),
    Group(
        say("Legal holds"),
        ("legal_hold",),
        {"supervisor": "rce", "auditor": "r", "administrator": "r"},
    ),
    Group(
        say("Erasure of a person's data"),
        ("erasure",),
        {"supervisor": "rd"},
    ),
    Group(
        say("Accounts, roles, scope, substitutes"),
        ("account", "role", "account_role", "account_grant", "substitution"),
        {"auditor": "r", "administrator": "rce"},
    ),
    Group(
        say("Account changes"),
        ("account_change",),
        {"auditor": "r", "administrator": "r"},
    ),
    Group(
        say("Processes"),
        ("process_version", "process_state", "process_field", "process_mapping"),
        {"clerk": "r", "supervisor": "r", "auditor": "r", "administrator": "r publish"},
    ),
)

POLICY: Policy = read_policy({table: group.rights for group in GROUPS for table in group.tables})

#: Personal numbers: shown as a mask, and whole only after an unmasking with its reason.
MASKED_COLUMNS = {
    "official": ("nip", "phone"),
    "spouse": ("phone",),
    "speaker": ("phone",),
}
MASKS: Masks = frozenset(
    (role, kind, column)
    for kind, columns in MASKED_COLUMNS.items()
    for column in columns
    for role in ("clerk", "supervisor", "auditor")
)
