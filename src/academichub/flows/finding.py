"""Find sources: in the catalogue, on a web page, in a file of subscriptions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from academichub.errors import AcademicHubError, FetchError
from academichub.fetch.client import Ask
from academichub.fetch.guard import admit
from academichub.flows.policies import other_way, patience_of
from academichub.flows.subscribing import add_entry, entry_of
from academichub.model.shelf import CatalogueRow, FieldRow, FoundFeed, OpmlReport, RejectedOutline
from academichub.sources import catalogue, opml
from academichub.sources.connectors import read_any
from academichub.sources.discovery import discover
from academichub.sources.limits import DEFAULT_LIMITS
from academichub.store import sources as shelf

if TYPE_CHECKING:
    from datetime import datetime

    from academichub.db.engine import Database
    from academichub.flows.refreshing import Asks
    from academichub.model.shelf import SourceRow
    from academichub.sources.discovery import Found

ACCEPT_PAGES = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5"
OPML_TITLE = "AcademicHub"


def search_catalogue(
    database: Database, words: str, *, field: str = "", access: str = ""
) -> tuple[CatalogueRow, ...]:
    """Search the catalogue; all of it where nothing is asked for. Best matches first."""
    with database.reading() as connection:
        subscribed = {one.key for one in shelf.subscriptions(connection)}
    found = catalogue.find(words, field=field or None, access=access or None)
    return tuple(
        CatalogueRow(
            key=one.key,
            title=one.title,
            title_zh=one.title_zh,
            about=one.about,
            field=one.field,
            publisher=one.publisher,
            issn=one.eissn or one.issn,
            access=one.access,
            language=one.language,
            url=one.url,
            is_subscribed=one.key in subscribed,
        )
        for one in found
    )


def broad_fields() -> tuple[FieldRow, ...]:
    """List the broad fields of study."""
    return tuple(FieldRow(one.key, one.title_en, one.title_zh) for one in catalogue.fields())


def find_feeds(
    web: Asks, url: str, *, now: datetime, allow: frozenset[str] = frozenset()
) -> tuple[FoundFeed, ...]:
    """Ask an address that somebody pasted what feeds it offers, or is.

    Raises:
        FetchError: Nothing usable came, or the address may not be asked.
    """
    admit(url, allow=allow)
    try:
        reply = web.get(Ask(url=url, accept=ACCEPT_PAGES), now=now)
    except FetchError:
        known = discover(b"", base=url)  # a publisher may refuse us, and the catalogue know the address
        if not known:
            raise
        return tuple(map(_found, known))
    try:
        feed = read_any(reply.body, content_type=reply.content_type, base=reply.url)
    except AcademicHubError:
        found = discover(reply.body, base=reply.url, content_type=reply.content_type)
        return tuple(map(_found, found))
    return (FoundFeed(reply.url, feed.title, feed.format),)


def _found(one: Found) -> FoundFeed:
    """Name what was found by its catalogue key, where it has one, else by its address."""
    entry = one.entry
    name = entry.key if entry is not None and not entry.key.startswith("feed:") else one.url
    return FoundFeed(name, one.title or (entry.title if entry is not None else ""), one.because)


def import_opml(
    database: Database, body: bytes, *, now: datetime, allow: frozenset[str] = frozenset()
) -> OpmlReport:
    """Subscribe everything in a file of subscriptions; what cannot be is listed with its reason.

    Raises:
        FeedError: It is no OPML.
    """
    read = opml.read_opml(body, DEFAULT_LIMITS)
    refused = [RejectedOutline(one.title, one.error.code, one.error.facts) for one in read.rejected]
    added = known = 0
    with database.writing() as connection:
        for outline in read.outlines:
            try:
                entry = entry_of(outline.url, title=outline.title)
                if entry.kind == "feed":
                    admit(entry.url, allow=allow)
            except AcademicHubError as error:
                refused.append(RejectedOutline(outline.title or outline.url, error.code, error.facts))
                continue
            is_new = add_entry(connection, entry, now=now)
            added += is_new
            known += not is_new
    return OpmlReport(added, known, tuple(refused))


def export_opml(database: Database, *, now: datetime) -> bytes:
    """Write all subscriptions as OPML 2.0, by field."""
    names = {one.key: one.title_en for one in catalogue.fields()}
    outlines = []
    with database.reading() as connection:
        for source in shelf.subscriptions(connection):
            known = catalogue.entry(source.key)
            folder = (names[known.field],) if known is not None and known.field in names else ()
            outlines.append(opml.Outline(url=source.url, title=source.title, folder=folder))
    return opml.write_opml(outlines, title=OPML_TITLE, created_at=now)


def with_patience(database: Database, rows: list[SourceRow], *, now: datetime) -> list[SourceRow]:
    """Add to source rows for how long each is left alone, why, and how its papers come meanwhile."""
    with database.reading() as connection:
        by_key = {one.key: one for one in shelf.subscriptions(connection)}
    told = []
    for row in rows:
        source = by_key.get(row.key)
        patience = patience_of(source) if source is not None and source.patience else None
        if source is None or patience is None or patience.parked_because is None:
            told.append(row)
            continue
        way = other_way(source) if patience.needs_another_way and patience.is_parked(now) else None
        told.append(
            replace(
                row,
                parked_until=patience.parked_until,
                parked_because=patience.parked_because.value,
                way_round=way[0] if way else "",
            )
        )
    return told
