"""Where one can go from anywhere: pages, radars, collections, tags. A page, and the list of the palette."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from academichub.web.views.collections import collection_address
from academichub.web.views.kept import tabs, tag_address
from academichub.web.views.keys import GOES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.model.keeping import CollectionRow, TagRow
    from academichub.model.radarpages import RadarsPage
    from academichub.web.press import Visit


class Place(NamedTuple):
    """Somewhere to go."""

    href: str
    label: str
    keys: str  # that lead there too; "" for none


class PlaceGroup(NamedTuple):
    """Places of one kind."""

    title: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class GoView:
    """All places."""

    title: str
    groups: tuple[PlaceGroup, ...]


def build_go(
    radars: RadarsPage, collections: Sequence[CollectionRow], tags: Sequence[TagRow], visit: Visit
) -> GoView:
    """List every place, by kind; kinds without places are left out."""
    words, suffix = visit.words, visit.suffix
    pages = [Place(f"{path}{suffix}", words.text(label), f"g {key}") for key, path, label in GOES]
    known = {place.href for place in pages}
    lists = [Place(it.href, it.label, "") for it in tabs(visit, "") if it.href not in known]
    making = [
        Place(f"/radars/new{suffix}", words.text("New radar"), ""),
        Place(f"/c/new{suffix}", words.text("New collection"), ""),
        Place(f"/sources/add{suffix}", words.text("Add sources"), ""),
        Place(f"/about{suffix}", words.text("About"), ""),
    ]
    groups = (
        PlaceGroup(words.text("Pages"), (*pages, *lists, *making)),
        PlaceGroup(
            words.text("Radars"),
            tuple(
                Place(f"/radars/{quote(row.radar.key)}{suffix}", row.radar.interest.name, "")
                for row in radars.rows
            ),
        ),
        PlaceGroup(
            words.text("Collections"),
            tuple(Place(f"{collection_address(row.key)}{suffix}", row.name, "") for row in collections),
        ),
        PlaceGroup(
            words.text("Tags"),
            tuple(Place(f"{tag_address(row.name)}{suffix}", row.name, "") for row in tags),
        ),
    )
    return GoView(words.text("Go to anything"), tuple(group for group in groups if group.places))
