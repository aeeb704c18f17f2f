"""Whoever learned the background and whoever loads it make the same briefing, to the last byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academichub.flows.briefingbackground import Backgrounds
from academichub.flows.briefingdesk import KeptBriefings
from academichub.model.briefing import BriefingOrder, Maker
from academichub.model.packing import pack
from tests.fakes.briefdesk import BriefDesk
from tests.fakes.briefpapers import drafts
from tests.fakes.drafts import DAY

if TYPE_CHECKING:
    from pathlib import Path


def test_a_background_that_is_loaded_gives_the_briefing_that_it_gave_when_it_was_learned(
    tmp_path: Path,
) -> None:
    desk = BriefDesk(tmp_path)
    desk.shelf.put(*drafts())
    order = BriefingOrder((), DAY, DAY, "en", Maker.EXTRACTIVE)

    learned = desk.draft_briefing(order, now=desk.now)
    desk.kept_briefings = KeptBriefings()
    loaded = desk.draft_briefing(order, now=desk.now)
    unkept = Backgrounds().get(desk.database, before=DAY, folder=None)

    assert pack(loaded) == pack(learned)
    assert learned.background == unkept.papers > 0
    desk.close()
