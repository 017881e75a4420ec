"""The menu: every screen under its group, in the order in which the office works.

What a page of a session or a person shows anyway, and data that seldom changes, stand last.
"""

from __future__ import annotations

from panel.screens.account_changes import AccountChangeView
from panel.screens.accounts import AccountView
from panel.screens.changes import ChangesView
from panel.screens.finding import FindingView
from panel.screens.inbox import InboxView
from panel.screens.integrity import IntegrityView
from panel.screens.log_export import LogExportView
from panel.screens.notices import NoticesView
from panel.screens.processes import ProcessesView
from panel.screens.saved_views import SavedViewsView
from panel.words import Sentence, say

from .access_review import AccessReviewView
from .ageing import AgeingView
from .agenda import AgendaItemView
from .appointments import AppointmentView, SpouseView
from .attendance import ParticipationView
from .attendance_sheets import AttendanceSheetView
from .commitments import CommitmentView
from .door import DoorView
from .duplicates import DuplicatesView
from .erasure import ErasureView
from .evidence import EvidenceView
from .expected_list import ExpectedListView
from .extensions import ExtensionView
from .follow_up import ActionPlanView
from .government import PositionView, RegionView, UnitView
from .grid import GridView
from .holds import LegalHoldView
from .holidays import HolidayView
from .imports import ImportsView
from .pairs import PairsView
from .papers import SessionPaperView
from .people import OfficialView
from .person_report import PersonReportView
from .policy_page import PolicyView
from .proposals import ProposalView
from .recording import AttendanceView, ScoreView
from .reference import GradeView, IntegrityValueView, RiskTagView
from .rotation import RotationView
from .sheet_scans import SheetScanView
from .speaker_invitations import SpeakerInvitationView
from .speaking import KeyMessageView, NewsSourceView, SessionSpeakerView, SpeakerView
from .substitutions import SubstitutionView
from .tier_board import TierBoardView
from .tiers import TierView
from .training import OrganisationView, ProgrammeView, TrainingSessionView, VenueView
from .unreachable import UnreachableView
from .wordings import CommitmentTemplateView

#: Screens by group; those of no group stand on top, under the home page.
MENU: tuple[tuple[Sentence | None, tuple[type, ...]], ...] = (
    (None, (InboxView, NoticesView, FindingView, PersonReportView, ErasureView)),
    (
        say("People and posts"),
        (
            OfficialView,
            PositionView,
            AppointmentView,
            RotationView,
            SpouseView,
            UnitView,
            UnreachableView,
            ImportsView,
            DuplicatesView,
        ),
    ),
    (
        say("Activities"),
        (
            TrainingSessionView,
            ProgrammeView,
            ParticipationView,
            AttendanceSheetView,
            GridView,
            DoorView,
            ExpectedListView,
            SpeakerView,
            NewsSourceView,
        ),
    ),
    (
        say("Follow-up"),
        (ActionPlanView, CommitmentView, EvidenceView, ExtensionView, ProposalView),
    ),
    (
        say("Oversight"),
        (
            TierBoardView,
            AgeingView,
            ChangesView,
            IntegrityView,
            LogExportView,
            PairsView,
            AccessReviewView,
            LegalHoldView,
            PolicyView,
        ),
    ),
    (
        say("Within sessions"),
        (
            AgendaItemView,
            SpeakerInvitationView,
            SessionSpeakerView,
            KeyMessageView,
            SessionPaperView,
            AttendanceView,
            SheetScanView,
            ScoreView,
        ),
    ),
    (
        say("Settings"),
        (AccountView, AccountChangeView, SubstitutionView, ProcessesView, SavedViewsView),
    ),
    (
        say("Reference data"),
        (
            CommitmentTemplateView,
            TierView,
            GradeView,
            RegionView,
            HolidayView,
            OrganisationView,
            VenueView,
            IntegrityValueView,
            RiskTagView,
        ),
    ),
)
