"""Take in saved feeds from files: the same path as an answer from the web."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from academichub.errors import FeedTooLarge, FileUnreadable
from academichub.flows.answers import provider_of, read_answer
from academichub.flows.shelving import shelve
from academichub.model.shelf import Account, FetchStatus
from academichub.sources import reading
from academichub.store import log
from academichub.store import sources as shelf

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from academichub.db.engine import Database
    from academichub.model.papers import Feed

GZIP_MAGIC = b"\x1f\x8b"
FILES_KEY = "file"
PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one file."""

    path: str
    format: str
    account: Account
    was_known: bool  # the same bytes were taken in completely before


def read_file(path: Path, *, limit: int = reading.Limits().body_bytes) -> bytes:
    """Read a file, unpacking gzip, up to a limit of unpacked bytes.

    Raises:
        FileUnreadable: It cannot be opened, or its packing is broken.
        FeedTooLarge: It is larger than the limit.
    """
    try:
        with path.open("rb") as file:
            is_packed = file.read(2) == GZIP_MAGIC
        with gzip.open(path) if is_packed else path.open("rb") as body:
            pieces, size = [], 0
            while piece := body.read(PIECE):
                size += len(piece)
                if size > limit:
                    raise FeedTooLarge(bytes=size, limit=limit)
                pieces.append(piece)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileUnreadable(path=str(path), reason=reason) from error
    return b"".join(pieces)


def parse_file(path: Path) -> Feed:
    """Read a saved feed without storing anything."""
    return read_answer(read_file(path))


def ingest_file(
    database: Database,
    path: Path,
    *,
    clock: Callable[[], datetime],
    progress: Callable[[int], None] | None = None,
    begin: Callable[[int], None] | None = None,
) -> Ingested:
    """Shelve every entry of a saved feed.

    The run is named by the file's content: after a crash the same command continues where the last
    kept batch ended, and a file that was taken in completely is recognised.

    Args:
        database: The hub's database.
        path: A feed in any format we read, plain or gzip.
        clock: The present, UTC.
        progress: Called with the number of entries done after each batch.
        begin: Called once with the number of entries still to do.

    Raises:
        FileUnreadable: It cannot be opened.
        FeedError: It is not a feed, or too large.
    """
    body = read_file(path)
    return ingest_bytes(database, body, name=str(path), clock=clock, progress=progress, begin=begin)


def ingest_bytes(
    database: Database,
    body: bytes,
    *,
    name: str,
    clock: Callable[[], datetime],
    progress: Callable[[int], None] | None = None,
    begin: Callable[[int], None] | None = None,
) -> Ingested:
    """Shelve every entry of a feed in memory; see `ingest_file`."""
    feed = read_answer(body)
    fingerprint = hashlib.sha256(body).hexdigest()
    with database.writing() as connection:
        shelf.add_source(connection, key=FILES_KEY, kind="file", title="Files", url="", now=clock())
        source = shelf.subscription(connection, FILES_KEY)
        fetch = log.open_fetch(
            connection,
            source_id=source.source_id,
            run=f"file:{fingerprint}",
            address=name,
            fingerprint=fingerprint,
            byte_count=len(body),
            now=clock(),
        )
    if fetch.is_finished:
        rejected = fetch.account.rejected
        known = fetch.account.received - rejected
        seen = Account(received=known + rejected, unchanged=known, rejected=rejected)
        return Ingested(name, feed.format, seen, was_known=True)
    entries = len(feed.records) + len(feed.rejected)
    if begin is not None:
        begin(entries - fetch.done)
    shelve(database, feed, fetch, now=clock(), provider=provider_of(feed), progress=progress)
    with database.writing() as connection:
        account = log.finish_fetch(
            connection,
            fetch,
            status=FetchStatus.OK if entries else FetchStatus.EMPTY,
            now=clock(),
            received=log.Received.ADDS_UP,
        )
        shelf.note_answer(connection, source.source_id, now=clock(), next_due_at=None, elapsed_ms=0)
    return Ingested(name, feed.format, account, was_known=False)
