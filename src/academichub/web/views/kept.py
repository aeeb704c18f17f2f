"""Lists that marks and tags make: what was starred, what is for later, what has a tag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from academichub.model.keeping import Pile
from academichub.web.exportaddress import feed_links
from academichub.web.views.marks import build_done
from academichub.web.views.paging import first_page, next_page, place_cards
from academichub.web.views.takeaway import build_takeaway

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.model.keeping import KeptPage, State, TagRow
    from academichub.web.exportaddress import FeedLink
    from academichub.web.i18n import Catalogue
    from academichub.web.press import Visit
    from academichub.web.views.aside import Remarks
    from academichub.web.views.card import CardSlot
    from academichub.web.views.marks import DoneView
    from academichub.web.views.takeaway import Takeaway


class ShelfLink(NamedTuple):
    """A kept list, as a tab."""

    href: str
    label: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class KeptView:
    """A page of a pile or a tag."""

    title: str
    tabs: tuple[ShelfLink, ...]
    done: DoneView | None
    tally: str
    density: str
    cards: tuple[CardSlot, ...]
    works: str
    show_abstracts: bool
    start: str | None
    more: str | None
    empty: str
    takeaway: tuple[Takeaway, ...]
    feeds: tuple[FeedLink, ...]


class TagLine(NamedTuple):
    """A tag and how many works have it."""

    href: str
    name: str
    works: str


@dataclass(frozen=True, slots=True)
class TagsView:
    """All tags."""

    title: str
    tabs: tuple[ShelfLink, ...]
    done: DoneView | None
    tags: tuple[TagLine, ...]


def tabs(visit: Visit, section: str) -> tuple[ShelfLink, ...]:
    """Link the kept lists to each other. `section` is the path of the one that is shown."""
    words = visit.words
    piles = [(f"/kept/{pile.value}", words.text(f"pile:{pile.value}")) for pile in Pile]
    others = [("/tags", words.text("Tags")), ("/c", words.text("Collections"))]
    return tuple(
        ShelfLink(f"{path}{visit.suffix}", label, is_here=path == section)
        for path, label in (*piles, *others)
    )


def tag_address(name: str) -> str:
    """Write the address of a tag, whatever its name holds."""
    return f"/tags/{quote(name, safe='')}"


def build_kept(
    page: KeptPage, states: Mapping[int, State], visit: Visit, *, remarks: Mapping[int, Remarks]
) -> KeptView:
    """Build the page of a pile or a tag."""
    words, tag = visit.words, page.query.tag
    pile = page.query.pile or Pile.STARRED
    path = f"/kept/{pile.value}" if tag is None else tag_address(tag)
    last = page.first_number + len(page.cards) - 1
    return KeptView(
        title=words.text(f"pile:{pile.value}") if tag is None else tag,
        tabs=tabs(visit, path if tag is None else "/tags"),
        done=build_done(visit),
        tally=words.count("{n} paper", "{n} papers", page.works) if page.works else "",
        density=visit.reader.density,
        cards=place_cards(page.cards, states, visit, first_number=page.first_number, remarks=remarks),
        works=str(page.works),
        show_abstracts=visit.reader.density != "titles",
        start=first_page(path, visit),
        more=next_page(path, visit, after=page.next, number=last),
        empty=_empty(page, pile, words),
        takeaway=build_takeaway(path, visit) if page.works else (),
        # A tag that no paper has is none, and has no feed.
        feeds=feed_links(path, visit.parameters) if page.works or tag is None else (),
    )


def _empty(page: KeptPage, pile: Pile, words: Catalogue) -> str:
    if page.cards:
        return ""
    if page.query.tag is not None:
        return words.text("No paper has this tag.")
    return words.text(f"pile empty:{pile.value}")


def build_tags(tags: Sequence[TagRow], visit: Visit) -> TagsView:
    """Build the page of all tags."""
    return TagsView(
        title=visit.words.text("Tags"),
        tabs=tabs(visit, "/tags"),
        done=build_done(visit),
        tags=tuple(
            TagLine(f"{tag_address(row.name)}{visit.suffix}", row.name, f"{row.works:,}") for row in tags
        ),
    )
