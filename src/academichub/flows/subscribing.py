"""Subscribe sources: the starters of a new hub, a category, any address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from academichub.errors import AddressMalformed
from academichub.fetch.guard import admit
from academichub.model.taxonomy import category
from academichub.sources import catalogue
from academichub.store import sources as shelf

if TYPE_CHECKING:
    from datetime import datetime

    from academichub.db.engine import Connection, Database
    from academichub.sources.catalogue import Entry

_AT_CROSSREF: Final = "crossref:"
_CROSSREF: Final = re.compile(
    r"https://api\.crossref\.org/(?:v1/)?(journals|prefixes)/([\w.-]{4,20})/works", re.ASCII
)
_SCOPES: Final = {"journals": "issn", "prefixes": "prefix"}


def subscribe_starters(database: Database, *, now: datetime) -> int:
    """Subscribe the starter sources of a hub that has none; give how many were added."""
    with database.writing() as connection:
        if shelf.subscriptions(connection):
            return 0
        return sum(add_entry(connection, entry, now=now) for entry in catalogue.starter_entries())


def subscribe(database: Database, name: str, *, now: datetime, allow: frozenset[str] = frozenset()) -> str:
    """Subscribe an arXiv category ("cs.CV"), a catalogue key ("arxiv:cs.CV", "nature") or an address.

    What only Crossref knows is named as discovery names it: "crossref:issn:1234-5679".

    Returns:
        The source's key, whether it was there or not.

    Raises:
        AddressMalformed: No http or https address, or nothing that Crossref can be asked for.
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


def entry_of(url: str, *, title: str = "") -> Entry:
    """Give the entry of an address: a journal or registrant of Crossref's, or a feed.

    Raises:
        AddressMalformed: Not an http or https address with a host.
        CategoryUnknown: An address of arXiv's feeds, of no single active category.
    """
    known = _CROSSREF.fullmatch(url.strip())
    if known is not None:
        try:
            return catalogue.crossref_entry(f"{_SCOPES[known[1]]}:{known[2]}")
        except ValueError as error:
            raise AddressMalformed(url=url[:300], reason=str(error)) from error
    return catalogue.feed_entry(url, title=title)


def _entry(name: str) -> Entry:
    if "://" in name:
        return entry_of(name)
    if name.startswith(_AT_CROSSREF):
        try:
            return catalogue.crossref_entry(name.removeprefix(_AT_CROSSREF))
        except ValueError as error:
            raise AddressMalformed(url=name[:300], reason=str(error)) from error
    by_key = {one.key.lower(): one for one in catalogue.known_entries()}
    if known := by_key.get(name.lower()):
        return known
    bare = name.removeprefix("arxiv:")
    if category(bare) is None and "." in bare and "/" in bare:
        return catalogue.feed_entry(f"https://{bare.lstrip('/')}")
    return catalogue.arxiv_entry(bare)
