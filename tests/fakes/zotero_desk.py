"""A hub's shelves and a Zotero to follow, with the few looks that tests take at what came."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from academichub.fetch.keys import credentials
from academichub.flows.keptentries import read_back
from academichub.flows.zotero import sync_zotero
from academichub.store import collections, libraryentries
from tests.fakes.drafts import NOW
from tests.fakes.network import a_fetcher
from tests.fakes.shelf import TestShelf
from tests.fakes.zotero_server import KEY, ZoteroServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from academichub.fetch.client import Fetcher
    from academichub.flows.zotero import ZoteroSynced
    from academichub.model.keeping import CollectionRow

DOI = "10.5555/j.1"


@dataclass(slots=True)
class Desk:
    """A hub's shelves, and a Zotero to follow."""

    shelf: TestShelf
    zotero: ZoteroServer
    web: Fetcher
    waits: list[float] = field(default_factory=list)

    def sync(self, **asked: Any) -> ZoteroSynced:
        asked.setdefault("web", self.web)
        return sync_zotero(self.shelf.database, clock=lambda: NOW, sleep=self.waits.append, **asked)

    def rows(self) -> dict[str, CollectionRow]:
        with self.shelf.database.reading() as connection:
            return {one.name: one for one in collections.rows(connection)}

    def titles(self, name: str) -> set[str]:
        """Name everything in a collection by its title."""
        with self.shelf.database.reading() as connection:
            found = collections.find_by_name(connection, name)
            assert found is not None
            kept = libraryentries.references_of(connection, found.collection_id)
        return {read_back(one.reference)[0].title for one in kept}

    def works(self, name: str) -> tuple[int, ...]:
        with self.shelf.database.reading() as connection:
            found = collections.find_by_name(connection, name)
            assert found is not None
            return tuple(collections.works_of(connection, found.collection_id)[0])

    def paths(self) -> list[str]:
        return [one.path for one in self.zotero.asked]


@contextmanager
def a_desk(folder: Path) -> Iterator[Desk]:
    """Lend a desk; everything on it is closed afterwards."""
    shelf = TestShelf(f"sqlite:///{folder / 'hub.sqlite'}")
    given = credentials(zotero_key=KEY)
    with ZoteroServer() as zotero, a_fetcher(replay=zotero.url, credentials=given) as web:
        yield Desk(shelf, zotero, web)
    shelf.database.close()
