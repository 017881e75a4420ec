"""The menu: every screen under its group, in the order in which the office works."""

from __future__ import annotations

from panel.screens.accounts import AccountView
from panel.screens.changes import ChangesView
from panel.screens.inbox import InboxView
from panel.screens.processes import ProcessesView
from panel.words import Sentence, say

from .appointments import AppointmentView, SpouseView
from .attendance import ParticipationView
from .commitments import CommitmentView
from .evidence import EvidenceView
from .follow_up import ActionPlanView
from .government import PositionView, RegionView, UnitView
from .papers import SessionPaperView
from .people import OfficialView
from .policy_page import PolicyView
from .speaking import KeyMessageView, NewsSourceView, SessionSpeakerView, SpeakerView
from .tier_board import TierBoardView
from .tiers import TierView
from .training import OrganisationView, ProgrammeView, TrainingSessionView, VenueView

#: Screens by group; those of no group stand on top, under the home page.
MENU: tuple[tuple[Sentence | None, tuple[type, ...]], ...] = (
    (None, (InboxView,)),
    (
        say("People and posts"),
        (OfficialView, PositionView, AppointmentView, SpouseView, UnitView),
    ),
    (
        say("Activities"),
        (
            TrainingSessionView,
            ProgrammeView,
            SpeakerView,
            SessionSpeakerView,
            KeyMessageView,
            NewsSourceView,
            SessionPaperView,
            ParticipationView,
        ),
    ),
    (say("Follow-up"), (CommitmentView, ActionPlanView, EvidenceView)),
    (say("Oversight"), (TierBoardView, ChangesView, PolicyView)),
    (
        say("Settings"),
        (
            AccountView,
            ProcessesView,
            RegionView,
            TierView,
            OrganisationView,
            VenueView,
        ),
    ),
)
