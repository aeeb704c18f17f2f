"""Subscribe sources: the starters of a new hub, a category, any address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academichub.fetch.guard import admit
from academichub.model.taxonomy import category
from academichub.sources import catalogue
from academichub.store import sources as shelf

if TYPE_CHECKING:
    from datetime import datetime

    from academichub.db.engine import Connection, Database
    from academichub.sources.catalogue import Entry


def subscribe_starters(database: Database, *, now: datetime) -> int:
    """Subscribe the starter sources of a hub that has none; give how many were added."""
    with database.writing() as connection:
        if shelf.subscriptions(connection):
            return 0
        return sum(add_entry(connection, entry, now=now) for entry in catalogue.starter_entries())


def subscribe(database: Database, name: str, *, now: datetime, allow: frozenset[str] = frozenset()) -> str:
    """Subscribe an arXiv category ("cs.CV"), a catalogue key ("arxiv:cs.CV", "nature") or an address.

    Returns:
        The source's key, whether it was there or not.

    Raises:
        AddressMalformed: An address that is no http or https address.
        AddressForbidden: An address into a private network.
        CategoryUnknown: Something else that is no arXiv category.
    """
    entry = _entry(name.strip())
    if entry.kind == "feed":
        admit(entry.url, allow=allow)
    with database.writing() as connection:
        add_entry(connection, entry, now=now)
    return entry.key


def add_entry(connection: Connection, entry: Entry, *, now: datetime) -> bool:
    """Subscribe a catalogue's entry; says whether it was not there yet."""
    return shelf.add_source(
        connection,
        key=entry.key,
        kind=entry.kind,
        title=entry.title,
        url=entry.url,
        now=now,
        connector=entry.connector if entry.kind == "api" else "",
        scope=entry.scope if entry.kind == "api" else "",
    )


def _entry(name: str) -> Entry:
    if "://" in name:
        return catalogue.feed_entry(name)
    by_key = {one.key.lower(): one for one in catalogue.known_entries()}
    if known := by_key.get(name.lower()):
        return known
    bare = name.removeprefix("arxiv:")
    if category(bare) is None and "." in bare and "/" in bare:
        return catalogue.feed_entry(f"https://{bare.lstrip('/')}")
    return catalogue.arxiv_entry(bare)
