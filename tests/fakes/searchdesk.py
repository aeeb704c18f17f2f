"""A desk for finding above a test shelf, whose index is followed when a test says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academichub.flows.searchdesk import KeptSearch, SearchDesk
from academichub.model.search import SearchMode, SearchQuery
from tests.fakes.drafts import NOW
from tests.fakes.shelf import TestShelf

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from pathlib import Path
    from typing import Any

    from academichub.llm.ports import Embedder
    from academichub.model.papers import Draft
    from academichub.model.search import SearchPage


class Finder(SearchDesk):
    """Searches a test shelf. What its reader keeps is what a test puts into `sets`."""

    def __init__(
        self,
        folder: Path,
        *,
        url: str = "",
        embedder: Embedder | None = None,
        follows_by_itself: bool = False,
    ) -> None:
        self.shelf = TestShelf(url or f"sqlite:///{folder / 'hub.sqlite'}")
        self.database = self.shelf.database
        self.now: datetime = NOW
        self.clock = lambda: self.now
        self.kept_search = KeptSearch()
        self.sets: dict[str, set[int]] = {}
        self.marks = 0
        self._folder = folder / "index"
        self._embedder = embedder
        self._follows_by_itself = follows_by_itself

    def index_files(self) -> Path:
        return self._folder

    def embedder(self) -> Embedder | None:
        return self._embedder

    def members(self, names: Collection[str]) -> Mapping[str, Collection[int]]:
        return {name: frozenset(self.sets.get(name, ())) for name in names}

    def marks_revision(self) -> int:
        return self.marks

    def keep(self, name: str, *work_ids: int) -> None:
        """Put works into one of the reader's sets."""
        self.sets.setdefault(name, set()).update(work_ids)
        self.marks += 1

    def start_following(self) -> None:
        if self._follows_by_itself:
            super().start_following()

    def put(self, *drafts: Draft) -> None:
        """Shelve papers and follow them."""
        self.shelf.put(*drafts)
        self.follow_index()

    def ask(self, text: str, mode: SearchMode = SearchMode.WORDS, **more: Any) -> SearchPage:
        """Ask a question."""
        return self.search(SearchQuery(text, mode, **more), now=self.now)

    def titles(self, text: str, mode: SearchMode = SearchMode.WORDS, **more: Any) -> list[str]:
        """Give the titles that a question finds, in order."""
        return [hit.card.title_plain for hit in self.ask(text, mode, **more).hits]

    def close(self) -> None:
        """Stop following, and close the shelf."""
        self.stop_following()
        self.shelf.close()
