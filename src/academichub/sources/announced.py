"""Say when arXiv announced a paper that came by another way than its daily feed. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from academichub.model.taxonomy import category
from academichub.sources import arxivcalendar
from academichub.text.identifiers import normalize_arxiv

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from academichub.model.papers import Feed, Record

NOON: Final = time(12, 0)
# arXiv opened in 1991, and its identifiers count years with two digits; any other year is a fault.
YEARS: Final = range(1991, 2100)


def with_announcements(feed: Feed, *, scope: str) -> Feed:
    """Give arXiv's archive records the day and type of the announcement that the feed would have carried.

    The archive tells when each version was submitted (arXivRaw), or the day of it (arXiv); the calendar
    tells which list took it. A first version is new where the harvested set is its primary category, and a
    cross-list elsewhere; a later one is a replacement, or the replacement of a cross-list.

    Args:
        feed: Of the connector "oai"; records that are not arXiv's stay as they are.
        scope: As `sources.oai` takes it; its set names the category.
    """
    name = _category_of(scope)
    return replace(feed, records=tuple(_with_announcement(record, name) for record in feed.records))


def announced(record: Record, kinds: Mapping[str, str], day: date) -> Record:
    """Give a record of the API the announcement under which arXiv's daily list has it.

    Args:
        record: Of the API.
        kinds: Announcement types by identifier.
        day: Of the list.
    """
    found = normalize_arxiv(record.external_id) or normalize_arxiv(record.link)
    kind = kinds.get(found[0]) if found else None
    return record if kind is None else _told(record, kind, day)


def _with_announcement(record: Record, name: str) -> Record:
    if not record.external_id.startswith("oai:arXiv.org:"):
        return record
    submitted_at = _submitted_at(record)
    if submitted_at is None:
        return record
    day = arxivcalendar.announcement_day(submitted_at)
    version = record.first("hub:version")
    is_first = version == "1" or (not version and not record.updated)
    primary = category(record.first("arxiv:primary_category@term"))
    if name and primary is not None and primary.name != name:
        kind = "cross" if is_first else "replace-cross"
    else:
        kind = "new" if is_first else "replace"
    return _told(record, kind, day)


def _told(record: Record, kind: str, day: date) -> Record:
    fields = {**record.fields, "arxiv:announce_type": (kind,), "hub:announced": (day.isoformat(),)}
    return replace(record, fields=fields)


def _submitted_at(record: Record) -> datetime | None:
    """Read when the version that the record describes was submitted; noon where only the day is told."""
    written = record.first("arxiv:version_date") or record.updated or record.published
    try:
        if written[:1].isdigit():
            at = datetime.fromisoformat(written)
            if len(written) <= len("2026-06-19"):
                at = datetime.combine(at.date(), NOON)
        else:
            at = parsedate_to_datetime(written)
        aware = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):  # no date, or one that lies outside every calendar
        return None
    return aware if aware.year in YEARS else None


def _category_of(scope: str) -> str:
    """Read the category from "BASE|PREFIX|SET": the last parts of "math:math:NA" or "physics:hep-th"."""
    parts = scope.split("|")
    path = parts[2].split(":") if len(parts) > 2 else []  # noqa: PLR2004  # base, prefix, set
    found = category(".".join(path[-2:])) or category(path[-1]) if path else None
    return found.name if found is not None else ""
