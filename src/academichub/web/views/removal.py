"""Ask before a radar goes, for its past goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from academichub.web.address import quote
from academichub.web.views.radars import tally_of

if TYPE_CHECKING:
    from academichub.model.radarpages import RadarPage
    from academichub.web.press import Visit


@dataclass(frozen=True, slots=True)
class RemovalView:
    """The page that asks."""

    title: str
    name: str
    meta: tuple[str, ...]
    action: str
    back: str


def build_removal(page: RadarPage, visit: Visit) -> RemovalView:
    """Build the page that asks whether a radar is really to go."""
    radar = page.row.radar
    home = f"/radars/{quote(radar.key)}{visit.suffix}"
    return RemovalView(
        title=visit.words.text("Remove “{name}”?", name=radar.interest.name),
        name=radar.interest.name,
        meta=tally_of(page.row, visit.words),
        action=home,
        back=home,
    )
