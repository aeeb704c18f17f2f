"""A desk for radars and briefings above a shelf of made-up papers, with any model a test hands it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academichub.flows.asking import Asking, Tariff
from academichub.flows.briefingdesk import BriefingDesk, KeptBriefings
from academichub.model.asking import Manner
from academichub.store.ledger import Caps
from tests.fakes.radardesk import Desk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from academichub.briefing.ports import Chat


class BriefDesk(Desk, BriefingDesk):
    """Briefings over a test shelf; what is sent for waits in `sent`."""

    def __init__(self, folder: Path, *, chat: Chat | None = None) -> None:
        super().__init__(folder)
        self.kept_briefings = KeptBriefings()
        self.chat = chat
        self.sent: list[str] = []
        self._files = folder / "briefings"

    def choose_chat(self, run: str, *, is_over: Callable[[], bool] | None = None) -> Chat | None:
        if self.chat is None:
            return None
        return Asking(
            self.chat,
            self.database,
            run=run,
            manner=Manner("here"),
            tariff=self.tariff(),
            caps=self.caps(),
            clock=self.clock,
            is_over=is_over,
        )

    def tariff(self) -> Tariff:
        return Tariff(1.0, 2.0, "EUR")

    def caps(self) -> Caps:
        return Caps()

    def model_name(self) -> str:
        return self.chat.model if self.chat is not None else ""

    def briefing_files(self) -> Path:
        return self._files

    def send_for_briefing(self, key: str) -> None:
        self.sent.append(key)
