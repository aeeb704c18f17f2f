"""Follow the shelves with the search index, by the change sequence; build it anew where it is gone.

The index is a copy that can be made again. So nothing here mends: a generation that is missing, of another
version, damaged, or of another database is built anew beside the old one, which is read until then.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.errors import IndexBroken
from academichub.flows.indexdocuments import document_of
from academichub.flows.indexfolder import IndexFolder
from academichub.flows.indexseal import Copies, check_seal, is_committed_since
from academichub.index.fulltext import Index
from academichub.store import indexing as shelf

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from academichub.db.engine import Database
    from academichub.flows.indexseal import Seal

BATCH: Final = 2_000  # works read at once
COMMITTED: Final = 10_000  # works between two commits, where there is so much to follow
MOST_STALE: Final = 0.3  # share of replaced entries that still count in the statistics of words
_IDENTITY_BITS: Final = 62
_NAME_BITS: Final = 48


class Followed(NamedTuple):
    """What following did."""

    change: int  # nothing up to here is missing now
    replaced: int  # works put into the index, new or again
    removed: int  # works whose cards went
    is_built: bool  # a whole index was built


class Opened(NamedTuple):
    """An index that is open, and what its files were then."""

    path: Path
    reader: Index  # of copies: its own path is gone
    seal: Seal
    copies: Copies


class IndexKeeper:
    """Reads the index of a hub and follows the shelves. Threads share it; processes share its folder."""

    def __init__(self, database: Database, path: Path, *, draw: Callable[[int], int]) -> None:
        """Make a keeper; nothing is read or written yet.

        Args:
            database: The hub's database.
            path: The folder of the index, which may not be there.
            draw: Gives a random number of so many bits.
        """
        self.folder = IndexFolder(path)
        self._database = database
        self._draw = draw
        self._lock = threading.Lock()  # of what follows
        self._kept: Opened | None = None
        self._damaged: str = ""  # the generation that somebody could not read

    # -- reading ----------------------------------------------------------------------------------

    def open(self) -> Index:
        """Give the index as it is committed now, its files found whole.

        Raises:
            IndexBroken: There is none, or it cannot be read; `follow` will build one.
        """
        path = self.folder.current()
        with self._lock:
            kept = self._kept
            if path is None or path.name == self._damaged:
                self._kept = None
                raise IndexBroken(path=str(self.folder.path), reason="there is no whole index")
            try:
                self._kept = kept = self._fresh(kept) if kept and kept.path == path else self._opened(path)
            except IndexBroken:
                self._kept = None
                if self.folder.current() == path:  # else another generation has taken its place just now
                    self._damaged = path.name
                raise
            return kept.reader

    def report(self, index: Index) -> None:
        """Note that reading an index failed: another one is built when following comes to it."""
        with self._lock:
            if self._kept is not None and self._kept.reader is index:
                self._damaged = self._kept.path.name
                self._kept = None

    def is_behind(self) -> bool:
        """Tell whether there is anything to follow. Asks the database for one number."""
        try:
            index = self.open()
        except IndexBroken:
            return True
        with self._database.reading() as connection:
            return index.change != shelf.latest_change(connection)

    # -- following --------------------------------------------------------------------------------

    def follow(
        self,
        *,
        anew: bool = False,
        begin: Callable[[int], None] | None = None,
        progress: Callable[[int], None] | None = None,
        is_over: Callable[[], bool] | None = None,
    ) -> Followed:
        """Bring the index up to the last change of the shelves.

        Args:
            anew: Build a whole index, whatever the old one is worth.
            begin: Called once with the number of works there are to put in.
            progress: Called with the number of works put in, batch by batch.
            is_over: Says that the process is to end: what is committed stays, a new index is dropped.

        Raises:
            IndexBusy: Another process, or another thread, is at it.
            IndexBroken: The folder cannot be written.
            StoreUnreachable: The database does not answer.
        """
        run = _Run(begin or _pass_over, progress or _pass_over, is_over or _never)
        with self.folder.claim():
            identity = self._identity()
            index = None if anew else self._usable(identity)
            if index is None:
                return self._build(identity, run)
            return self._catch_up(index, run)

    def _usable(self, identity: int) -> Index | None:
        try:
            index = self.open()
        except IndexBroken:
            return None
        path = self.folder.current()
        if path is None or not path.name.startswith(f"g-{identity:016x}-"):
            return None
        with self._database.reading() as connection:
            is_ahead = index.change > shelf.latest_change(connection)
        if is_ahead:
            return None
        try:
            written = Index.open(path)  # what was read is a copy
            return None if written.stale_share() > MOST_STALE else written
        except IndexBroken:
            return None

    def _identity(self) -> int:
        with self._database.reading() as connection:
            known = shelf.identity(connection)
        if known:
            return known
        with self._database.writing() as connection:
            return shelf.name_shelves(connection, 1 + self._draw(_IDENTITY_BITS))

    def _build(self, identity: int, run: _Run) -> Followed:
        name = f"{identity:016x}-{self._draw(_NAME_BITS):012x}"
        try:
            with self.folder.building(name) as path:
                followed = self._put(Index.create(path), run, commit_every=None)
        except _EndedError:
            return Followed(0, 0, 0, is_built=False)
        with self._lock:
            self._damaged = ""
        return followed._replace(is_built=True)

    def _catch_up(self, index: Index, run: _Run) -> Followed:
        with self._database.reading() as connection:
            if index.change == shelf.latest_change(connection):
                return Followed(index.change, 0, 0, is_built=False)
        return self._put(index, run, commit_every=COMMITTED)

    def _put(self, index: Index, run: _Run, *, commit_every: int | None) -> Followed:
        """Put into an index what changed since its number; the number is committed with the content."""
        change, replaced, removed, waiting = index.change, 0, 0, 0
        is_new = commit_every is None
        with self._database.reading() as connection:
            run.begin(shelf.count_changed(connection, change))
        with index.writer() as writer:
            while True:
                with self._database.reading() as connection:
                    part = shelf.changed(connection, change, limit=BATCH)
                if part.gone and not is_new:
                    writer.remove(part.gone)
                    removed += len(part.gone)
                writer.replace(map(document_of, part.works))
                change = part.until
                replaced += len(part.works)
                waiting += len(part.works)
                run.progress(len(part.works))
                is_over = run.is_over()
                if part.is_last or is_over or (commit_every is not None and waiting >= commit_every):
                    if is_over and is_new and not part.is_last:
                        raise _EndedError
                    writer.commit(change=change)
                    waiting = 0
                if part.is_last or is_over:
                    return Followed(change, replaced, removed, is_built=False)

    # -- what is open -----------------------------------------------------------------------------

    def _opened(self, path: Path) -> Opened:
        copies = Copies(path)
        return Opened(path, *copies.open(), copies)

    def _fresh(self, kept: Opened) -> Opened:
        """Look at an open index again: it may have been committed to, or harmed."""
        if not is_committed_since(kept.path, kept.seal):
            check_seal(kept.path, kept.seal)
            return kept
        return Opened(
            kept.path, *kept.copies.open(), kept.copies
        )  # who reads the old one goes on undisturbed


class _EndedError(Exception):
    """A new index is dropped half-built: the process is to end."""


class _Run(NamedTuple):
    """Whom to tell of the progress, and who says that it is over."""

    begin: Callable[[int], None]
    progress: Callable[[int], None]
    is_over: Callable[[], bool]


def _pass_over(_count: int) -> None:
    """Tell nobody."""


def _never() -> bool:
    return False
