"""What is said without a connection, and which pages a browser may keep for that time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from academichub.model.shelf import FeedQuery
from academichub.web.address import write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from academichub.model.shelf import Card, FeedPage
    from academichub.web.ports import HubPort
    from academichub.web.press import Visit

DAYS: Final = 7  # days with works that are kept
MOST_PAPERS: Final = 600  # on all days together; some 15 MB
_PAGES_A_DAY: Final = 8


@dataclass(frozen=True, slots=True)
class OfflineView:
    """The page that stands in for one that is not kept."""

    title: str
    home: str


def build_offline(visit: Visit) -> OfflineView:
    """Build the page that is shown in place of one that cannot be reached."""
    return OfflineView(title=visit.words.text("You are offline"), home=f"/{visit.suffix}")


def plan_pages(hub: HubPort, visit: Visit, *, today: date) -> dict[str, str]:
    """List what to keep for reading offline: the last days with papers, and the papers' pages.

    Args:
        hub: Whose shelves are kept.
        visit: The reader, for the language in addresses that have one.
        today: Where the counting of days begins.

    Returns:
        By address a tag that changes with the page; "" where the page is always fetched again. The most
        important addresses come first.
    """
    days: dict[str, str] = {f"/{visit.suffix}": ""}
    papers: dict[str, str] = {}
    for page in _pages(hub, today):
        after = page.query.after
        address = write(
            "/",
            {},
            date=page.on.isoformat() if page.on else None,
            after=after.order_key if after else None,
            n=str(after.number) if after else None,
            lang=visit.lang,
        )
        days[address] = ""
        papers |= {f"/p/{card.work_id}{visit.suffix}": _tag(card) for card in page.cards}
        if len(papers) >= MOST_PAPERS:
            break
    return days | dict(list(papers.items())[:MOST_PAPERS])


def _tag(card: Card) -> str:
    return f"{card.change}.{card.announcement or ''}"


def _pages(hub: HubPort, today: date) -> Iterator[FeedPage]:
    """Read the days as readers turn them, newest first."""
    on: date | None = None
    for _ in range(DAYS):
        query = FeedQuery(on=on)
        for _ in range(_PAGES_A_DAY):
            page = hub.feed(query, today=today)
            if not page.cards:
                break
            yield page
            if page.next is None:
                break
            query = FeedQuery(on=page.on, after=page.next)
        if page.earlier is None:
            return
        on = page.earlier
