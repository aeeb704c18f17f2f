"""Ask before a briefing goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from academichub.web.address import quote
from academichub.web.views.briefingwords import say_days, say_radars

if TYPE_CHECKING:
    from academichub.model.briefingpages import BriefingPage
    from academichub.web.press import Visit


@dataclass(frozen=True, slots=True)
class RemovalView:
    """The page that asks."""

    title: str
    meta: tuple[str, ...]
    action: str
    back: str


def build_removal(page: BriefingPage, visit: Visit) -> RemovalView:
    """Build the page that asks whether a briefing is really to go."""
    words, order = visit.words, page.line.order
    home = f"/b/{quote(page.line.key)}{visit.suffix}"
    days = say_days(order.first, order.last, words)
    return RemovalView(
        title=words.text("Remove the briefing of {days}?", days=days),
        meta=(say_radars(order.radars, dict(page.radars), words),),
        action=home,
        back=home,
    )
