"""Read an answer as a feed, and tell an honestly empty one from a broken one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academichub.errors import FeedUnreadable
from academichub.sources.connectors import read_any

if TYPE_CHECKING:
    from academichub.model.papers import Feed


def provider_of(feed: Feed) -> str:
    """Name who speaks in a saved answer: the connector that read it, or files in general."""
    return feed.provider or "file"


def read_answer(body: bytes, *, content_type: str = "", base: str = "") -> Feed:
    """Read bytes as a feed, or as an answer of any server that the hub knows.

    Args:
        body: What came, unpacked.
        content_type: As the server said, or "".
        base: The address it came from, or "".

    Raises:
        FeedError: It is no feed; or so broken that nothing of it could be read, which must not pass for a
            weekend without papers.
    """
    feed = read_any(body, content_type=content_type, base=base)
    broken = next((one for one in feed.warnings if one.startswith("broken:")), None)
    if broken is not None and not feed.records and not feed.rejected:
        raise FeedUnreadable(reason=broken.removeprefix("broken:").strip()[:300], line=None)
    return feed
