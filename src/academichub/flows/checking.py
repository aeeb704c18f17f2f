"""Say what the first answer of a source was found to hold, so that a reader knows what it is good for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from academichub.errors import AcademicHubError
from academichub.intake.normalising import normalise

if TYPE_CHECKING:
    from datetime import datetime

    from academichub.fetch.client import Reply
    from academichub.model.papers import Feed

LOOKED_AT = 200  # entries; what is true of these is true of the rest


def check_feed(feed: Feed, reply: Reply, *, now: datetime) -> dict[str, Any]:
    """Look at an answer: its form, how many entries, and which share of them says what.

    Returns:
        JSON values: `at`, `status`, `type`, `format`, `entries`, `rejected`, and `doi`, `date`, `abstract`,
        `authors` as shares of the entries, 0 to 1.
    """
    drafts = []
    for record in feed.records[:LOOKED_AT]:
        try:
            drafts.append(normalise(record, feed=feed, now=now))
        except AcademicHubError:
            continue
    entries = len(feed.records) + len(feed.rejected)
    whole = max(len(drafts), 1)
    return {
        "at": now.isoformat(),
        "status": reply.status,
        "type": reply.content_type[:100],
        "format": feed.format,
        "entries": entries,
        "rejected": entries - len(drafts) - max(len(feed.records) - LOOKED_AT, 0),
        "doi": round(sum(one.identifiers.doi is not None for one in drafts) / whole, 2),
        "date": round(sum(one.published is not None for one in drafts) / whole, 2),
        "abstract": round(sum(one.abstract is not None and not one.is_teaser for one in drafts) / whole, 2),
        "authors": round(sum(bool(one.authors) for one in drafts) / whole, 2),
    }


def check_error(error: AcademicHubError, *, now: datetime) -> dict[str, Any]:
    """Say that the first answer was none."""
    return {"at": now.isoformat(), "error": error.code, "facts": error.facts}
