"""Everything that doors may ask about bringing libraries in, and moving a whole hub: a part of the hub."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from academichub.flows import archiving, importing, tying, zotero
from academichub.flows.importing import Wish

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from academichub.db.engine import Database
    from academichub.fetch.client import Fetcher
    from academichub.flows.archiving import Archived
    from academichub.flows.importing import LibraryImported
    from academichub.flows.zotero import ZoteroSynced
    from academichub.model.keeping import Imported


class ImportDesk(ABC):
    """Libraries in, from files and from Zotero; a whole hub out and in. The hub is one of these."""

    database: Database
    clock: Callable[[], datetime]

    @abstractmethod
    def make_fetcher(self) -> Fetcher:
        """Make the polite client of this hub."""

    @abstractmethod
    def notice_writing(self) -> None:
        """Have the next page see what was just written, whatever is remembered of the revision."""

    def import_library(self, body: bytes, name: str, *, collection: str, now: datetime) -> Imported:
        """Read a library file into a collection of that name. Raises LibraryUnreadable, KeepingInvalid."""
        return self.import_file(body, name=name, wish=Wish(collection), now=now).account

    def import_file(
        self,
        content: bytes,
        *,
        name: str,
        wish: Wish,
        now: datetime,
        progress: Callable[[int], None] | None = None,
    ) -> LibraryImported:
        """Read a library file as it is wished. Raises LibraryUnreadable, KeepingInvalid."""
        try:
            return importing.import_library(
                self.database, content, name=name, wish=wish, now=now, progress=progress
            )
        finally:
            self.notice_writing()

    def sync_zotero(
        self,
        library: str = "",
        *,
        collection: str = "",
        progress: Callable[[int], None] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> ZoteroSynced:
        """Bring a Zotero library, or one collection of it, up to date here; see `zotero.sync_zotero`."""
        web = self.make_fetcher()
        try:
            return zotero.sync_zotero(
                self.database,
                web,
                library=library,
                collection=collection,
                clock=self.clock,
                sleep=sleep,
                progress=progress,
            )
        finally:
            web.close()
            self.notice_writing()

    def tie_entries(self, *, now: datetime) -> int:
        """Give entries that wait the works that have come since; give how many were tied."""
        tied = tying.tie_entries(self.database, now=now)
        if tied:
            self.notice_writing()
        return tied

    def export_all(self, path: Path, *, progress: Callable[[int], None] | None = None) -> Archived:
        """Write the whole hub into a file. Raises FileUnreadable."""
        return archiving.export_hub(self.database, path, progress=progress)

    def import_all(self, path: Path, *, progress: Callable[[int], None] | None = None) -> Archived:
        """Take a whole hub in, into this one, which is empty. Raises ArchiveUnreadable, FileUnreadable."""
        try:
            return archiving.import_hub(self.database, path, progress=progress)
        finally:
            self.notice_writing()
