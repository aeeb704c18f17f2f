"""Files of the made-up hub's lists, written by the real writers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academichub.references.entry import Reference
from academichub.references.writing.files import format_named, write_feed, write_references
from academichub.references.writing.sheets import Face, Heading, Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from academichub.model.keeping import CollectionPage
    from academichub.model.shelf import Card


class FakeFiles:
    """What writes lists, for the made-up hub."""

    now: datetime

    def cards_of(self, work_ids: Sequence[int]) -> tuple[Card, ...]:
        """Give cards; the hub's own."""
        raise NotImplementedError

    def collection(
        self, key: str, *, after: int | None = None, number: int = 0, size: int = 50
    ) -> CollectionPage:
        """Give a collection; the hub's own."""
        raise NotImplementedError

    def list_file(
        self,
        work_ids: Sequence[int],
        file_format: str,
        *,
        title: str,
        address: str,
        now: datetime,
        file_address: str = "",
        next_address: str = "",
        language: str = "",
    ) -> tuple[bytes, str]:
        """Write works."""
        chosen = format_named(file_format)
        cards = self.cards_of(list(work_ids))
        if not chosen.is_feed:
            return write_references(
                [sheet(card) for card in cards], file_format, title=title
            ), chosen.media_type
        heading = Heading(title, address, now, file_address, next_address, language)
        host = "/".join(address.split("/")[:3])
        faces = [
            Face(
                sheet(card),
                f"{host}/p/{card.work_id}",
                card.title_html,
                card.abstract_html or "",
                None,
                self.now,
            )
            for card in cards
        ]
        return write_feed(heading, faces, file_format), chosen.media_type

    def collection_file(
        self, key: str, file_format: str, *, title: str, size: int
    ) -> tuple[bytes, str, bool]:
        """Write a collection."""
        page = self.collection(key, size=size)
        chosen = format_named(file_format)
        sheets = [sheet(card) for card in page.cards]
        sheets += [
            Sheet(Reference(position=0, line=0, key="", type="book", title=one.title)) for one in page.entries
        ]
        return write_references(sheets, file_format, title=title), chosen.media_type, False


def sheet(card: Card) -> Sheet:
    return Sheet(
        Reference(position=0, line=0, key=f"w{card.work_id}", type="article", title=card.title_plain)
    )
