"""What the shelves show: the shapes that pages, commands and programs read."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from academichub.errors import Fact
    from academichub.model.papers import (
        Announcement,
        Author,
        Bond,
        Flag,
        Identifiers,
        Kind,
        Link,
        Moment,
        Precision,
        Prose,
    )


# -- the daily feed -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next page starts: after the card with this order key, which had this number."""

    order_key: str
    number: int


@dataclass(frozen=True, slots=True)
class FeedQuery:
    """What a reader asks of the daily feed. `on` None means the latest day with anything."""

    on: date | None = None
    category: str | None = None  # canonical name; matches primary and cross-lists
    venue: str | None = None  # "arXiv", "Nature", ... exactly as shown
    kind: Kind | None = None
    after: Cursor | None = None
    size: int = 50  # cards on a page, 1 to 200


class Dated(NamedTuple):
    """A calendar day with the precision that its source gave; a card needs no more of a date."""

    on: date
    precision: Precision


class Card(NamedTuple):
    """One work as the feed shows it. It has no number: numbers are given when a page is drawn.

    A named tuple: a page makes two hundred, at a fifth of what frozen dataclasses cost.
    """

    work_id: int
    kind: Kind
    title_html: str
    title_plain: str
    language: str
    byline: tuple[str, ...]  # authors' names in order
    abstract_html: str | None
    is_teaser: bool
    venue: str
    categories: tuple[str, ...]  # primary first
    announcement: Announcement | None
    version: int | None
    listed_on: date
    published: Moment | Dated | None
    updated: Moment | Dated | None
    links: tuple[Link, ...]
    identifiers: Identifiers
    minutes: int  # reading time of title and abstract, at least 1
    manifestations: int  # how many places and versions the work has
    order_key: str
    change: int  # grows whenever anything but `announcement` changes
    flags: tuple[Flag, ...] = ()  # worst first


class DayCount(NamedTuple):
    """A day and how many works it lists."""

    on: date
    works: int


class Facet(NamedTuple):
    """A value readers can filter by, with the number of works it would leave that day."""

    value: str
    works: int


@dataclass(frozen=True, slots=True)
class RevisedRow:
    """A work listed on an earlier day that got a new version on this one."""

    work_id: int
    title_html: str
    language: str
    version: int | None
    venue: str
    listed_on: date


@dataclass(frozen=True, slots=True)
class SourceNote:
    """One source's account for a day, for the honest line under the date."""

    key: str
    title: str
    health: Health
    received: int  # entries in the day's last good answer
    new: int  # of them new to the hub on that day, all answers together
    rejected: int
    next_try_at: datetime | None
    error_code: str | None


@dataclass(frozen=True, slots=True)
class AnnouncedDay:
    """What one source announced on a day, by its own word, and what of it is on the shelves."""

    source_key: str
    title: str
    on: date
    # "there", "quiet", "weekend", "holiday", "not_yet", "failing": due, and the server does not answer,
    # "stale", "missed", or "healed": filled in by another way after it was missed
    verdict: str
    newest: date | None  # of a stale day: the batch that the server still shows
    said_new: int | None  # None where the server's own count is not known
    said_cross: int | None
    said_replace: int | None
    stored_new: int
    stored_cross: int
    stored_replace: int
    healed: int
    healing_at: datetime | None
    next_try_at: datetime | None


@dataclass(frozen=True, slots=True)
class FeedPage:
    """A page of the daily feed."""

    query: FeedQuery
    on: date | None  # None only when the shelves are empty
    cards: tuple[Card, ...]
    first_number: int  # number of the first card, 1-based
    works: int  # all works of the day under the filter, on all pages
    minutes: int  # reading time of all of them
    next: Cursor | None
    strip: tuple[DayCount, ...]  # thirty days ending with the later of `on` and today, oldest first
    earlier: date | None  # nearest earlier day with works
    later: date | None
    latest: date | None  # latest day with works
    categories: tuple[Facet, ...]  # most works first, then by name; at most 40
    venues: tuple[Facet, ...]
    kinds: tuple[Facet, ...]
    revised: tuple[RevisedRow, ...]  # at most 50
    revised_total: int
    notes: tuple[SourceNote, ...]
    announced: tuple[AnnouncedDay, ...] = ()  # per source that announces by the day, by key
    holiday: tuple[str, str] | None = None  # English and Chinese name, where arXiv keeps one on that day


# -- one paper ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ManifestationRow:
    """One version at one place."""

    manifestation_id: int
    place: str
    item: str
    version: int
    kind: Kind
    venue: str
    announced_on: date | None
    announcement: Announcement | None
    published: Moment | Dated | None
    received_at: datetime
    licence: str | None
    link: str | None
    is_face: bool  # the one whose text the card shows
    seen_in: tuple[str, ...]  # titles of the sources that brought it


class Origin(NamedTuple):
    """A field of the face that is not from the source that first brought it."""

    field: str  # "abstract", "authors", ...
    provider: str  # "crossref", "openalex", ...


class VersionText(NamedTuple):
    """What one version said, for showing how the next one differs."""

    manifestation_id: int
    version: int
    announced_on: date | None
    title: str  # plain
    abstract: str  # plain, "" where there is none


class RelatedRow(NamedTuple):
    """Another paper that this one speaks of, or that speaks of this one."""

    bond: Bond  # as this work sees it: "corrected-by" where the other one corrects it
    scheme: str
    value: str
    work_id: int | None  # None where it is not on the shelves
    title_html: str
    venue: str


@dataclass(frozen=True, slots=True)
class PaperPage:
    """Everything the shelves know of one work."""

    card: Card
    title: Prose
    abstract: Prose | None
    authors: tuple[Author, ...]
    manifestations: tuple[ManifestationRow, ...]  # newest first
    licence: str | None
    journal_ref: str
    comment: str
    first_seen_at: datetime
    earlier: int | None  # work before it in its day's order
    later: int | None
    origins: tuple[Origin, ...] = ()
    texts: tuple[VersionText, ...] = ()  # of the place with most versions, oldest first; () for only one
    related: tuple[RelatedRow, ...] = ()
    signals: tuple[tuple[str, int], ...] = ()  # name and strength: ("hf-daily", 41)
    merge_ids: tuple[int, ...] = ()  # merges into this work that can be undone, newest first


# -- sources --------------------------------------------------------------------------------------


class Health(StrEnum):
    """How a source is doing, worst last."""

    NEVER = "never"  # not fetched yet
    OK = "ok"
    QUIET = "quiet"  # answers, and honestly has nothing (weekend, holiday)
    LATE = "late"  # overdue, or one failure and trying again
    FAILING = "failing"  # several failures in a row
    PAUSED = "paused"


class FetchStatus(StrEnum):
    """How a fetch, or the reading of a file, ended."""

    RUNNING = "running"
    OK = "ok"
    UNCHANGED = "unchanged"  # 304, or the same bytes as last time
    EMPTY = "empty"  # a well-formed feed without entries
    FAILED = "failed"
    INTERRUPTED = "interrupted"  # the process ended; what was shelved stays, and the account says so


@dataclass(frozen=True, slots=True)
class Account:
    """What became of the entries of one answer. The parts always sum to `received`."""

    received: int = 0
    new: int = 0
    revised: int = 0
    twin: int = 0
    unchanged: int = 0
    rejected: int = 0

    @property
    def balances(self) -> bool:
        """True when received = new + revised + twin + unchanged + rejected."""
        return self.received == self.new + self.revised + self.twin + self.unchanged + self.rejected

    def __add__(self, other: Account) -> Account:
        """Add two accounts part by part."""
        return Account(
            received=self.received + other.received,
            new=self.new + other.new,
            revised=self.revised + other.revised,
            twin=self.twin + other.twin,
            unchanged=self.unchanged + other.unchanged,
            rejected=self.rejected + other.rejected,
        )


@dataclass(frozen=True, slots=True)
class FetchRow:
    """One line of the fetch log."""

    fetch_id: int
    source_key: str
    status: FetchStatus
    started_at: datetime
    finished_at: datetime | None
    http_status: int | None
    byte_count: int
    elapsed_ms: int
    account: Account
    error_code: str | None
    error_facts: Mapping[str, Fact]
    address: str  # what was asked, or the file's name


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """An entry that could not become a paper."""

    quarantine_id: int
    source_key: str
    received_at: datetime
    position: int
    external_id: str
    title: str
    error_code: str
    error_facts: Mapping[str, Fact]
    excerpt: str


@dataclass(frozen=True, slots=True)
class DayMark:
    """One square of a source's thirty-day strip."""

    on: date
    health: Health  # OK, QUIET, FAILING, or NEVER where nothing was tried
    new: int


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source and how it is doing."""

    source_id: int
    key: str  # stable name: "arxiv:cs.CV", "nature", "feed:example.org-1a2b3c"
    kind: str  # "arxiv", "feed" or "file"
    title: str
    url: str
    paused: bool
    health: Health
    last_try_at: datetime | None
    last_ok_at: datetime | None
    next_due_at: datetime | None
    failures: int  # in a row
    error_code: str | None
    error_facts: Mapping[str, Fact]
    new_per_day: float  # mean over the last thirty days, days without a try left out
    latency_p95_ms: int | None
    strip: tuple[DayMark, ...] = ()  # thirty days, oldest first
    quarantined: int = 0
    connector: str = ""  # of kind "api" and "service": who reads its answers
    parked_until: datetime | None = None  # left alone until then
    parked_because: str = ""  # "refused", "not_found", "unreadable", "gone"
    way_round: str = ""  # the connector that its papers come through meanwhile
    checked: Mapping[str, Any] | None = None  # what the first answer was found to hold
    waiting: int = 0  # of kind "service": papers that wait to be completed


class CatalogueRow(NamedTuple):
    """A source that can be subscribed."""

    key: str
    title: str
    title_zh: str  # "" where it has no Chinese name
    about: str
    field: str  # key of a broad field
    publisher: str
    issn: str  # "" where it has none
    access: str  # "feed", "signal", "crossref", "api"
    language: str
    url: str
    is_subscribed: bool


class FieldRow(NamedTuple):
    """A broad field of study."""

    key: str
    title_en: str
    title_zh: str


class FoundFeed(NamedTuple):
    """A feed that a web page offers, or a source that an address stands for."""

    url: str  # or a catalogue key
    title: str
    kind: str


class RejectedOutline(NamedTuple):
    """An entry of an OPML file that could not be subscribed."""

    title: str
    error_code: str
    error_facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class OpmlReport:
    """What became of an OPML file."""

    added: int
    known: int  # subscribed before
    rejected: tuple[RejectedOutline, ...]


@dataclass(frozen=True, slots=True)
class SourcesPage:
    """All sources, and the account of the whole hub."""

    sources: tuple[SourceRow, ...]
    works: int
    next_due_at: datetime | None
    is_worker_alive: bool


@dataclass(frozen=True, slots=True)
class SourceDetail:
    """One source with its log and quarantine."""

    source: SourceRow
    log: tuple[FetchRow, ...]  # newest first, at most 20
    quarantine: tuple[QuarantineRow, ...] = field(default_factory=tuple)  # newest first, at most 50
