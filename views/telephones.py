"""Kinds with a telephone: written as people write it, and answered to by WhatsApp."""

from __future__ import annotations

from typing import Any

from models.identifiers import show_phone, whatsapp_link
from panel.screens.base import RecordView
from panel.words import say


class Telephoned(RecordView):
    """A kind whose column `phone` holds a number in E.164, masked until somebody says why."""

    written = {"phone": show_phone}

    def unmasked_link(self, column: str, value: Any) -> tuple[str, Any] | None:
        """A conversation by WhatsApp, once the mobile number stands there unmasked."""
        link = whatsapp_link(value) if column == "phone" else None
        return (link, say("Write on WhatsApp")) if link else None
