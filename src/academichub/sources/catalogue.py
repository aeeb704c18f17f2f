"""The sources the hub knows by name, and the ones it starts with."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from academichub.errors import AddressMalformed, CategoryUnknown
from academichub.model.taxonomy import active_categories, category, suggest

STARTER_CATEGORIES = ("cs.CV", "cs.LG", "cs.AI", "quant-ph", "math.PR")


@dataclass(frozen=True, slots=True)
class Entry:
    """A source that can be subscribed."""

    key: str
    kind: str  # "arxiv" or "feed"
    title: str
    url: str


NATURE = Entry("nature", "feed", "Nature", "https://www.nature.com/nature.rss")


def arxiv_entry(name: str) -> Entry:
    """Give the feed of one arXiv category.

    One feed per category, never an archive or a union: the server cuts answers at 2,000 rows and drops
    the new papers first (ingest reference, section 2.1).

    Raises:
        CategoryUnknown: arXiv has no such active category; the facts suggest the nearest.
    """
    found = category(name)
    if found is None or not found.active:
        raise CategoryUnknown(category=name, suggestion=suggest(name))
    return Entry(
        f"arxiv:{found.name}", "arxiv", f"arXiv {found.name}", f"https://rss.arxiv.org/rss/{found.name}"
    )


def feed_entry(url: str, *, title: str = "") -> Entry:
    """Give an entry for any address, named after its host and address.

    Raises:
        AddressMalformed: Not an http or https address with a host.
    """
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError as error:
        raise AddressMalformed(url=url[:300], reason=str(error)) from error
    if parts.scheme not in {"http", "https"} or not host:
        raise AddressMalformed(url=url[:300], reason="not an http or https address")
    if f".{host}".endswith(".arxiv.org") and parts.path.startswith(("/rss/", "/atom/")):
        return arxiv_entry(parts.path.split("/", 2)[2].strip("/"))
    digest = hashlib.blake2b(url.strip().encode(), digest_size=3).hexdigest()
    short = host.removeprefix("www.")
    return Entry(f"feed:{short}-{digest}", "feed", title or short, url.strip())


def starter_entries() -> tuple[Entry, ...]:
    """List what a new hub subscribes."""
    return (*map(arxiv_entry, STARTER_CATEGORIES), NATURE)


def known_entries() -> tuple[Entry, ...]:
    """List every source that can be subscribed by its key: all active arXiv categories, and Nature.

    A category with two names, such as cs.IT and math.IT, is listed once.
    """
    return (*dict.fromkeys(arxiv_entry(one.name) for one in active_categories()), NATURE)
