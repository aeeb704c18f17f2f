"""What pages ask of the hub about one reader's papers: marks, collections, searches, files of lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from academichub.model.keeping import (
        CollectionPage,
        CollectionRow,
        Imported,
        KeptPage,
        KeptQuery,
        Mark,
        Note,
        State,
        TagRow,
    )
    from academichub.model.search import IndexState, SearchPage, SearchQuery, Similar


class KeepingPort(Protocol):
    """What pages ask about what the reader keeps. Wherever a work is taken, WorkUnknown may be raised."""

    def states(self, work_ids: Sequence[int]) -> Mapping[int, State]:
        """Give what the reader holds about some works; those never touched are left out. One question."""

    def mark(self, work_ids: Sequence[int], mark: Mark, *, on: bool, now: datetime) -> int:
        """Set or take away a mark; give the number of the action, for taking it back."""

    def mark_day(self, on: date, *, now: datetime) -> int:
        """Mark every work of a day as read; give the number of the action."""

    def take_back(self, action: int, *, now: datetime) -> bool:
        """Put marks back as they were before an action; false where it was taken back or is not known."""

    def unread(self, on: date) -> int:
        """Count the works of a day that are neither read nor hidden."""

    def set_tags(self, work_id: int, tags: Iterable[str], *, now: datetime) -> None:
        """Give a work these tags and no others. Raises KeepingInvalid."""

    def tags(self) -> tuple[TagRow, ...]:
        """List all tags, by name."""

    def note(self, work_id: int) -> Note | None:
        """Give the note on a work."""

    def save_note(self, work_id: int, text: str, *, now: datetime) -> None:
        """Keep a note; an empty one goes. Raises KeepingInvalid."""

    def kept(self, query: KeptQuery) -> KeptPage:
        """Give a page of a pile or a tag."""

    def collections(self) -> tuple[CollectionRow, ...]:
        """List all collections, by name."""

    def collection(
        self, key: str, *, after: int | None = None, number: int = 0, size: int = 50
    ) -> CollectionPage:
        """Give a page of a collection. Raises CollectionUnknown."""

    def make_collection(self, name: str, *, now: datetime) -> str:
        """Make a collection; give its key. Raises KeepingInvalid."""

    def rename_collection(self, key: str, name: str, *, now: datetime) -> None:
        """Give a collection another name; its key stays. Raises CollectionUnknown, KeepingInvalid."""

    def remove_collection(self, key: str) -> None:
        """Remove a collection; its works stay on the shelves. Raises CollectionUnknown."""

    def put_in(self, key: str, work_ids: Sequence[int], *, now: datetime) -> None:
        """Put works into a collection. Raises CollectionUnknown."""

    def take_out(self, key: str, work_ids: Sequence[int], *, now: datetime) -> None:
        """Take works out of a collection. Raises CollectionUnknown."""

    def remove_entry(self, key: str, entry_id: int, *, now: datetime) -> None:
        """Remove an entry that is no work of the hub. Raises CollectionUnknown."""

    def import_library(self, body: bytes, name: str, *, collection: str, now: datetime) -> Imported:
        """Read a library file into a collection of that name. Raises LibraryUnreadable, KeepingInvalid."""


class SearchPort(Protocol):
    """What pages ask of the index."""

    def search(self, query: SearchQuery, *, now: datetime) -> SearchPage:
        """Answer a question. Raises QueryInvalid. Never fails because the index is gone: it says so."""

    def similar(self, work_id: int, *, size: int = 6) -> tuple[Similar, ...]:
        """Give works that are like one, best first. Raises WorkUnknown."""

    def index_state(self) -> IndexState:
        """Say how the index is doing."""


class ListPort(Protocol):
    """Files of lists, for other programs."""

    def list_file(
        self, work_ids: Sequence[int], file_format: str, *, title: str, address: str, now: datetime
    ) -> tuple[bytes, str]:
        """Write works as a file; give it with its media type.

        `file_format` is "bib", "biblatex", "ris", "csl.json", "zotero.json", "csv", "md", "atom", "rss" or
        "feed.json". `title` and `address` (absolute, of the page) are what feeds say of themselves.
        Raises FormatUnknown.
        """
