"""The policy table of the architecture, written out: role by record kind by verb."""

from models.base import Base
from models.policy import GROUPS, MASKED_COLUMNS, MASKS, POLICY
from models.records import EXEMPT
from panel.access.rules import LETTERS

ROLES = ("clerk", "supervisor", "auditor", "administrator")

TABLE = """
region               r            r            r            rce
tier                 r            r            r            rce
grade                r            r            r            rce
integrity_value      r            r            r            rce
risk_tag             r            r            r            rce
holiday              r            r            r            rce
unit                 rcex         rx           rx           r
organisation         rcex         rx           rx           r
venue                rcex         rx           rx           r
commitment_template  rcex         rx           rx           r
position             rcedx unmask rx unmask    rx           -
official             rcedx unmask rx unmask    rx           -
appointment          rcedx unmask rx unmask    rx           -
spouse               rcedx unmask rx unmask    rx           -
programme            rcedx unmask rx unmask    rx           -
training_session     rcedx unmask rx unmask    rx           -
session_tier         rcedx unmask rx unmask    rx           -
session_organisation rcedx unmask rx unmask    rx           -
session_value        rcedx unmask rx unmask    rx           -
session_risk         rcedx unmask rx unmask    rx           -
agenda_item          rcedx unmask rx unmask    rx           -
speaker              rcedx unmask rx unmask    rx           -
speaker_alias        rcedx unmask rx unmask    rx           -
session_speaker      rcedx unmask rx unmask    rx           -
speaker_invitation   rcedx unmask rx unmask    rx           -
key_message          rcedx unmask rx unmask    rx           -
message_value        rcedx unmask rx unmask    rx           -
news_source          rcedx unmask rx unmask    rx           -
session_paper        rcedx unmask rx unmask    rx           -
participation        rcex clear   rx           rx           -
attendance           rcex clear   rx           rx           -
sheet_scan           rcdx         rx           rx           -
make_up              rcdx         rx           rx           -
check_in             rc           r            r            -
attendance_sheet     rcex         rx           rx           -
score                rcex         rx           rx           -
commitment           rcedx        rx           rx           -
commitment_risk      rcedx        rx           rx           -
action_plan          rcedx        rx           rx           -
action_step          rcedx        rx           rx           -
evidence             rcedx        rx           rx           -
extension            rcedx        rx           rx           -
stored_file          rcedx        rx           rx           -
decision             rcedx        rx           rx           -
proposal             rcedx        rx           rx           -
proposal_item        rcedx        rx           rx           -
not_duplicate        rc           r            r            -
roster_import        rce          r            r            -
import_mapping       rce          r            r            -
saved_view           r save       r save       r save       r save
change               -            -            rx verify    r
deed                 -            -            rx verify    r
legal_hold           -            rce          r            r
erasure              -            rd           -            -
account              -            -            r            rce
role                 -            -            r            rce
account_role         -            -            r            rce
account_grant        -            -            r            rce
substitution         -            -            r            rce
account_change       -            -            r            r
process_version      r            r            r            r publish
process_state        r            r            r            r publish
process_field        r            r            r            r publish
process_mapping      r            r            r            r publish
"""


def as_text() -> str:
    """The policy of the code in the form of the table above."""
    lines = []
    for kind, row in POLICY.items():
        cells = [in_letters(row.get(role, frozenset())) for role in ROLES]
        lines.append(f"{kind:21}" + "".join(f"{cell:13}" for cell in cells).rstrip())
    return "\n" + "\n".join(lines) + "\n"


def in_letters(verbs: frozenset[str]) -> str:
    letters = "".join(letter for letter, verb in LETTERS.items() if verb in verbs)
    words = sorted(verbs - set(LETTERS.values()))
    return " ".join(filter(None, (letters, *words))) or "-"


def test_the_policy_is_the_table():
    assert as_text() == TABLE


def test_every_table_that_holds_records_has_a_row():
    without = set(Base.metadata.tables) - set(POLICY)

    assert without == (set(EXEMPT) - {"change", "deed"})


def test_a_kind_stands_in_one_group_only():
    tables = [table for group in GROUPS for table in group.tables]

    assert (len(tables), set(tables)) == (len(set(tables)), set(POLICY))


def test_what_the_page_shows_of_a_group_holds_for_each_of_its_kinds():
    different = [
        (group.title.id, table, role)
        for group in GROUPS
        for table in group.tables
        for role in ROLES
        if POLICY[table].get(role, frozenset()) != group.held(role)
    ]

    assert different == []


def test_an_auditor_changes_nothing_and_an_administrator_reads_nobody():
    writing = {"create", "edit", "delete", "sign", "unmask", "publish"}
    people = ("official", "spouse", "appointment", "participation", "commitment", "action_plan")

    assert [kind for kind, row in POLICY.items() if row.get("auditor", set()) & writing] == []
    assert [kind for kind in people if "administrator" in POLICY[kind]] == []


def test_numbers_are_masked_for_everybody_who_reads_them():
    unmasked = [
        (kind, column, role)
        for kind, columns in MASKED_COLUMNS.items()
        for column in columns
        for role, verbs in POLICY[kind].items()
        if "read" in verbs and (role, kind, column) not in MASKS
    ]

    assert unmasked == []
    assert [
        f"{kind}.{column}"
        for kind, columns in MASKED_COLUMNS.items()
        for column in columns
        if column not in Base.metadata.tables[kind].c
    ] == []


def test_every_column_that_holds_a_number_of_a_person_is_masked():
    numbers = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.c
        if column.name in ("nip", "phone")
    }

    assert numbers == {(kind, one) for kind, columns in MASKED_COLUMNS.items() for one in columns}
