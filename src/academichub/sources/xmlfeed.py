"""Read RSS 0.9x, 1.0 and 2.0, and Atom 0.3 and 1.0, from characters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NoReturn

from lxml import etree

from academichub.errors import (
    FeedIsWebPage,
    FeedSaysError,
    FeedTooManyEntries,
    FeedUnreadable,
    RecordError,
)
from academichub.model.papers import Feed, Record, Rejected
from academichub.sources.addresses import resolved
from academichub.sources.markup import line_of, plain
from academichub.sources.mending import mend
from academichub.sources.names import XML_LANG, Names
from academichub.sources.timing import update_minutes
from academichub.sources.xmlentry import EntryReader
from academichub.sources.xmlguard import parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element

    from academichub.sources.limits import Limits
    from academichub.sources.names import Name

EXCERPT_CHARACTERS: Final = 2_000
HTML_TYPES: Final = frozenset({"", "html", "text/html", "application/xhtml+xml"})
# No honest base is so long, and every link of the feed would be resolved against it.
LONG_BASE: Final = re.compile(r"xml:base\s*=\s*(?:\"[^\"]{2000}|'[^']{2000})")
NETSCAPE: Final = "http://my.netscape.com/rdf/simple/0.9"
ERROR_TITLE: Final = re.compile(r"\s*feed error for query\b", re.IGNORECASE)  # arXiv's RSS service
ERROR_ID: Final = "/api/errors"  # arXiv's API


class NotWellFormed(Exception):
    """lxml cannot read the document; another reader may."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(slots=True)
class Channel:
    """What the feed has said of itself, and its entries, so far."""

    title: str = ""
    subtitle: str = ""
    link: str = ""
    language: str = ""
    updated: str = ""
    date: str = ""
    published: str = ""
    ttl_minutes: int | None = None
    skip_days: tuple[str, ...] = ()
    skip_hours: tuple[int, ...] = ()
    update_period: str = ""
    update_frequency: str = ""
    entries: list[_Element] = field(default_factory=list)


def read_xml(
    text: str,
    *,
    base: str,
    limits: Limits,
    warnings: tuple[str, ...] = (),
    encoded: bytes | None = None,
) -> Feed:
    """Read a feed from text that `decoding.prepare` has made safe; `encoded` is the same in UTF-8.

    Raises:
        NotWellFormed: Even after mending.
        FeedUnreadable: XML, but no feed.
        FeedIsWebPage: XHTML.
        FeedSaysError: arXiv's error feeds.
        FeedTooDeep, FeedTooManyEntries, FeedTooLarge: Beyond the limits.
    """
    try:
        root = parse(text, limits=limits, encoded=encoded)
    except etree.XMLSyntaxError as error:
        root = _parse_mended(text, error, limits)
        warnings = (*warnings, f"mended: {error.msg}")
    names = Names(most_attributes=limits.attributes)
    has_bases = "xml:base" in text and not LONG_BASE.search(text)
    channel = _ChannelReader(names, base=base, has_bases=has_bases, limits=limits).read(root)
    reader = EntryReader(names, base=base, has_bases=has_bases, limits=limits)
    records, rejected = _read_entries(channel.entries, reader, names)
    _refuse_errors(channel, records)
    return Feed(
        format=_format(root, names),
        parser="lxml",
        title=channel.title,
        link=channel.link,
        language=channel.language or (root.get(XML_LANG) or "").strip(),
        updated=channel.updated or channel.date or channel.published,
        ttl_minutes=channel.ttl_minutes,
        skip_days=channel.skip_days,
        skip_hours=channel.skip_hours,
        update_minutes=update_minutes(channel.update_period, channel.update_frequency),
        records=tuple(records),
        rejected=tuple(rejected),
        warnings=warnings,
    )


def _parse_mended(text: str, error: etree.XMLSyntaxError, limits: Limits) -> _Element:
    """Try once more with the stray characters mended, where that changes anything."""
    mended = mend(text) if len(text) <= limits.tolerant_bytes else text
    if mended != text:
        try:
            return parse(mended, limits=limits)
        except etree.XMLSyntaxError as again:
            error = again
    raise NotWellFormed(error.msg or "", error.lineno or 0) from error


def _read_entries(
    entries: list[_Element], reader: EntryReader, names: Names
) -> tuple[list[Record], list[Rejected]]:
    """Read every entry; a broken one is kept aside and harms no neighbour."""
    records: list[Record] = []
    rejected: list[Rejected] = []
    for position, entry in enumerate(entries):
        try:
            records.append(reader.read(entry, position=position))
        except RecordError as error:
            rejected.append(_rejected(entry, position, names, error))
    return records, rejected


def _rejected(entry: _Element, position: int, names: Names, error: RecordError) -> Rejected:
    told: dict[str, str] = {}
    for child in entry:
        part = names.of(child).part
        if part in {"id", "link", "title"}:
            told.setdefault(part, plain(child).strip() or child.get("href") or "")
    return Rejected(
        position=position,
        external_id=told.get("id") or told.get("link") or "",
        title=told.get("title", "")[:EXCERPT_CHARACTERS],
        error=error,
        excerpt=etree.tostring(entry, encoding="unicode", with_tail=False)[:EXCERPT_CHARACTERS],
    )


def _refuse_errors(channel: Channel, records: list[Record]) -> None:
    """Tell arXiv's errors, which come as well-formed feeds, from feeds."""
    if not records and ERROR_TITLE.match(channel.title):
        raise FeedSaysError(message=": ".join(filter(None, (channel.title, channel.subtitle))))
    if len(records) == 1 and ERROR_ID in records[0].external_id:
        record = records[0]
        if record.title.value.strip().lower() == "error":
            raise FeedSaysError(message=record.summary.value or record.external_id)


def _format(root: _Element, names: Names) -> str:
    """Name the format, as precisely as the root element does."""
    name = names.of(root)
    version = (root.get("version") or "").strip()
    match name.name.lower():
        case "rss":
            return f"rss {version}" if version else "rss"
        case "rdf:rdf":
            is_old = any(uri.rstrip("/") == NETSCAPE for uri in root.nsmap.values())
            return "rss 0.90" if is_old else "rss 1.0"
        case "feed":
            if name.is_atom and "2005" in str(root.tag):
                return "atom 1.0"
            return f"atom {version or ('0.3' if name.is_atom else '')}".strip()
        case "channel":
            return "cdf"
        case _:
            return "unknown"


class _ChannelReader:
    """Walk everything that is not inside an entry."""

    def __init__(self, names: Names, *, base: str, has_bases: bool, limits: Limits) -> None:
        self._names = names
        self._base = base
        self._has_bases = has_bases
        self._limits = limits
        self._steps: dict[str, Callable[[Channel, _Element, Name], None]] = {
            "date": self._plainly,
            "language": self._plainly,
            "link": self._link,
            "published": self._plainly,
            "skip days": self._skip_days,
            "skip hours": self._skip_hours,
            "subtitle": self._plainly,
            "summary": self._summary,
            "title": self._plainly,
            "ttl": self._ttl,
            "update frequency": self._update_frequency,
            "update period": self._update_period,
            "updated": self._plainly,
        }

    def read(self, root: _Element) -> Channel:
        """Read the channel of a document.

        Raises:
            FeedIsWebPage, FeedUnreadable: The root is no feed, and holds no entries either.
        """
        channel = Channel()
        name = self._names.of(root)
        self._walk(channel, root, is_channel=True)
        if name.part != "channel" and not channel.entries:
            _refuse_root(root, name)
        return channel

    def _walk(self, channel: Channel, element: _Element, *, is_channel: bool) -> None:
        for child in element:
            name = self._names.of(child)
            if name.part == "entry":
                if len(channel.entries) >= self._limits.entries:
                    raise FeedTooManyEntries(entries=len(channel.entries) + 1, limit=self._limits.entries)
                channel.entries.append(child)
            elif is_channel and (step := self._steps.get(name.part)):
                step(channel, child, name)
            elif len(child):
                self._walk(channel, child, is_channel=name.part == "channel")

    @staticmethod
    def _plainly(channel: Channel, element: _Element, name: Name) -> None:
        """Take the text for the part of that name; the first that is not blank stays."""
        if not getattr(channel, name.part):
            setattr(channel, name.part, plain(element).strip())

    @staticmethod
    def _summary(channel: Channel, element: _Element, _name: Name) -> None:
        channel.subtitle = channel.subtitle or plain(element).strip()

    def _link(self, channel: Channel, element: _Element, _name: Name) -> None:
        rel = (element.get("rel") or "alternate").strip().lower()
        kind = (element.get("type") or "").strip().lower()
        href = (element.get("href") or plain(element)).strip()
        inner_base = (element.base or "") if self._has_bases else ""
        if href and rel == "alternate" and kind in HTML_TYPES and not channel.link:
            channel.link = resolved(resolved(href, inner_base), self._base)

    @staticmethod
    def _ttl(channel: Channel, element: _Element, _name: Name) -> None:
        minutes = plain(element).strip()
        if minutes.isascii() and minutes.isdecimal():
            channel.ttl_minutes = int(minutes[:9])

    @staticmethod
    def _update_period(channel: Channel, element: _Element, _name: Name) -> None:
        channel.update_period = plain(element)[:40]

    @staticmethod
    def _update_frequency(channel: Channel, element: _Element, _name: Name) -> None:
        channel.update_frequency = plain(element)[:40]

    @staticmethod
    def _skip_days(channel: Channel, element: _Element, _name: Name) -> None:
        channel.skip_days = tuple(day for child in element if (day := plain(child).strip()))

    @staticmethod
    def _skip_hours(channel: Channel, element: _Element, _name: Name) -> None:
        hours = (plain(child).strip() for child in element)
        channel.skip_hours = tuple(
            int(hour) for hour in hours if re.fullmatch(r"[01]?\d|2[0-4]", hour, re.ASCII)
        )


def _refuse_root(root: _Element, name: Name) -> NoReturn:
    local = name.name.rpartition(":")[2]
    if local.lower() == "html":
        title = next((plain(child) for child in root.iter("{*}title")), "")
        raise FeedIsWebPage(title=" ".join(title.split())[:200])
    raise FeedUnreadable(reason=f"XML, but no feed: <{local[:100]}>", line=line_of(root))
