"""The shapes a paper has on its way to the shelf: Record, Draft, Verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from academichub.errors import AcademicHubError


class Form(StrEnum):
    """How the characters of a text construct are to be read."""

    UNSAID = "unsaid"  # the feed does not say; the cleaning looks at the text
    PLAIN = "plain"  # characters as meant, perhaps with TeX
    HTML = "html"  # HTML source, entities still in it
    XHTML = "xhtml"  # serialised XML children (markup kept, text escaped)


class Kind(StrEnum):
    """What sort of thing a work is; the first match in the field's own terms."""

    ARTICLE = "article"
    PREPRINT = "preprint"
    NEWS = "news"
    REVIEW = "review"
    EDITORIAL = "editorial"
    CORRECTION = "correction"
    RETRACTION = "retraction"
    DATASET = "dataset"
    POST = "post"

    @property
    def is_record(self) -> bool:
        """True for what a journal publishes once and for all, under a DOI of its own."""
        return self in {Kind.ARTICLE, Kind.REVIEW, Kind.EDITORIAL, Kind.CORRECTION, Kind.RETRACTION}


class Announcement(StrEnum):
    """arXiv's announcement types, strongest first."""

    NEW = "new"
    CROSS = "cross"
    REPLACE = "replace"
    REPLACE_CROSS = "replace-cross"

    @property
    def strength(self) -> int:
        """Rank for keeping the strongest of several: 3 for new down to 0 for replace-cross."""
        return 3 - list(Announcement).index(self)


class Precision(StrEnum):
    """How much of a date the source really said."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    INSTANT = "instant"


class Bond(StrEnum):
    """How a paper says that it belongs to another one; the field's own relations, in our words."""

    PREPRINT_OF = "preprint-of"
    HAS_PREPRINT = "has-preprint"
    VERSION_OF = "version-of"
    ABOUT = "about"  # a news piece, and the paper it reports
    CORRECTS = "corrects"
    CORRECTED_BY = "corrected-by"
    RETRACTS = "retracts"
    RETRACTED_BY = "retracted-by"
    RAISES_CONCERN = "raises-concern"
    CONCERN_RAISED_BY = "concern-raised-by"
    REVIEWS = "reviews"
    PART_OF = "part-of"

    @property
    def is_same_work(self) -> bool:
        """True where both ends are manifestations of one work."""
        return self in {Bond.PREPRINT_OF, Bond.HAS_PREPRINT, Bond.VERSION_OF, Bond.ABOUT}


class Flag(StrEnum):
    """What readers must know before they trust a work, worst first."""

    RETRACTED = "retracted"
    CONCERN = "concern"
    CORRECTED = "corrected"


class LinkRole(StrEnum):
    """What a link of a paper leads to."""

    LANDING = "landing"
    PDF = "pdf"
    DOI = "doi"
    CODE = "code"
    RELATED = "related"


# -- as the source wrote it -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """A text construct of a feed: its characters after XML or JSON decoding, and how to read them."""

    value: str = ""
    form: Form = Form.UNSAID

    def __bool__(self) -> bool:
        """True where there is anything but white space."""
        return bool(self.value.strip())


@dataclass(frozen=True, slots=True)
class RecordLink:
    """A link of an entry, resolved to an absolute address where the feed gives a base."""

    href: str
    rel: str = "alternate"
    type: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class RecordAuthor:
    """One author element; `name` may hold several people where the source joins them."""

    name: str
    uri: str = ""
    email: str = ""
    affiliations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """One entry as the source wrote it. Nothing is cleaned, nothing is lost.

    `fields` holds every extension element by its canonical prefix and name, in document order:
    `{"arxiv:announce_type": ("new",), "prism:doi": ("10.1038/...",)}`.
    """

    position: int  # 0-based place in the answer
    external_id: str = ""  # guid, atom:id, rdf:about, JSON Feed id
    title: Text = field(default_factory=Text)
    link: str = ""
    links: tuple[RecordLink, ...] = ()
    published: str = ""
    updated: str = ""
    authors: tuple[RecordAuthor, ...] = ()
    summary: Text = field(default_factory=Text)
    content: Text = field(default_factory=Text)
    categories: tuple[str, ...] = ()
    language: str = ""
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def first(self, name: str) -> str:
        """Give the first non-blank value of an extension field, stripped, or ''."""
        return next((value.strip() for value in self.fields.get(name, ()) if value.strip()), "")


@dataclass(frozen=True, slots=True)
class Rejected:
    """An entry that could not become a paper: kept in quarantine with its reason."""

    position: int
    external_id: str
    title: str
    error: AcademicHubError
    excerpt: str = ""  # at most 2,000 characters of the entry, for a person to look at


@dataclass(frozen=True, slots=True)
class Feed:
    """A parsed answer: what the channel says of itself, and its entries in document order."""

    format: str  # "rss 2.0", "rss 1.0", "atom 1.0", "json feed 1.1", ...
    parser: str  # "lxml", "feedparser" (the tolerant path) or "json"
    title: str = ""
    link: str = ""
    language: str = ""
    updated: str = ""
    ttl_minutes: int | None = None
    skip_days: tuple[str, ...] = ()
    skip_hours: tuple[int, ...] = ()
    update_minutes: float | None = None  # the syndication module's period
    records: tuple[Record, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    warnings: tuple[str, ...] = ()
    provider: str = ""  # the connector that read it; "" for feeds


# -- in our shape ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Prose:
    """A text in three forms.

    `raw`: after source-specific stripping, with its TeX or markup, as `form` says; enough to
    render again. `plain`: Unicode text for search, dedupe, prompts. `html`: safe HTML with MathML.
    """

    raw: str
    plain: str
    html: str
    form: Form = Form.PLAIN


@dataclass(frozen=True, slots=True)
class Author:
    """One person or collaboration, in reading order ("Ada Lovelace")."""

    name: str
    orcid: str | None = None  # sixteen digits with hyphens, check digit verified
    affiliations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """An http or https link of a paper."""

    href: str
    role: LinkRole


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant with the precision the source gave.

    `at` is UTC-aware; `on` is the calendar day as the source wrote it, in its own time zone
    (missing months and days are 1: never show more than `precision` allows).
    """

    at: datetime
    on: date
    precision: Precision

    def __post_init__(self) -> None:
        """Refuse naive instants: they are a bug in the caller."""
        if self.at.tzinfo is not UTC:
            msg = "a moment must be in UTC"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Canonical identifiers; the field names are the schemes. None where the source has none."""

    doi: str | None = None  # lower case, no resolver
    arxiv: str | None = None  # base identifier without version: 2606.20467, quant-ph/0201082
    pmid: str | None = None
    pmcid: str | None = None  # with its PMC prefix
    issn: str | None = None  # of the venue, not of the work: never used as the work's identity
    openalex: str | None = None
    s2: str | None = None

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """List (scheme, value) of those that identify the work itself, strongest first."""
        candidates = (
            ("doi", self.doi),
            ("arxiv", self.arxiv),
            ("pmid", self.pmid),
            ("pmcid", self.pmcid),
            ("openalex", self.openalex),
            ("s2", self.s2),
        )
        return tuple([(scheme, value) for scheme, value in candidates if value])


@dataclass(frozen=True, slots=True)
class Relation:
    """A paper's word about another one, which may not be on the shelves."""

    bond: Bond
    scheme: str  # as in Identifiers: "doi", "arxiv", "pmid"
    value: str  # canonical


@dataclass(frozen=True, slots=True)
class Key:
    """What one manifestation is known by: a place, the item there, and its version.

    `place` is "arxiv" for every arXiv service, otherwise the host of the item without "www.".
    """

    place: str
    item: str
    version: int = 1


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry in our shape, cleaned; the input of `intake.judge`."""

    key: Key
    external_id: str
    title: Prose
    abstract: Prose | None
    authors: tuple[Author, ...]
    identifiers: Identifiers
    categories: tuple[str, ...]  # primary first, canonical names
    kind: Kind
    links: tuple[Link, ...]
    version: int | None = None  # None where the source does not count versions
    announcement: Announcement | None = None
    announced_on: date | None = None  # the day the source announced this version
    published: Moment | None = None
    updated: Moment | None = None
    licence: str | None = None
    venue: str = ""  # "arXiv", "Nature", ...
    journal_ref: str = ""
    comment: str = ""
    language: str = "en"  # BCP 47 guess for the title and abstract: "en" or "zh" mostly
    is_teaser: bool = False  # the abstract is a standfirst or citation line, not an abstract
    relations: tuple[Relation, ...] = ()
    flags: tuple[Flag, ...] = ()  # what the source says of the paper itself
    fingerprint: str = ""  # 32 hex digits over the content; equal means nothing to revise
    renderer: str = ""  # version of the text renderer that made the three forms


@dataclass(frozen=True, slots=True)
class Signal:
    """What readers elsewhere make of a paper that we may or may not have."""

    name: str  # "hf-daily"
    scheme: str
    value: str
    on: date
    strength: int  # votes, >= 0


# -- what an arriving draft is --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """What the shelves hold that an arriving draft could be: one manifestation of one work."""

    work_id: int
    manifestation_id: int
    key: Key
    fingerprint: str
    identifiers: Identifiers
    names: tuple[tuple[str, str], ...] = ()  # further (scheme, value) by which the work was found
    said: str = ""  # fingerprint of what the asking source said last of this version; "" if nothing yet
    ties: tuple[tuple[str, str], ...] = ()  # (scheme, value) of works it says it is the same as
    is_record: bool = False  # a version of record: two of them with different DOIs are two works

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """List every (scheme, value) that is the work's own."""
        return (*self.identifiers.pairs(), *self.names) if self.names else self.identifiers.pairs()


@dataclass(frozen=True, slots=True)
class New:
    """Nothing on the shelves is this work."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The shelves hold exactly this version already."""

    work_id: int
    manifestation_id: int
    joins: tuple[int, ...] = ()  # other works that turn out to be this one


@dataclass(frozen=True, slots=True)
class Revised:
    """A newer version, or a corrected record, of a work on the shelves.

    `manifestation_id` is the row to rewrite; None when the version is new at its place.
    """

    of: int
    manifestation_id: int | None
    because: str  # "version" or "content"
    joins: tuple[int, ...] = ()  # other works that turn out to be this one


@dataclass(frozen=True, slots=True)
class Twin:
    """Another place's copy, another source's record, or an older version, of a work on the shelves.

    `manifestation_id` is the row that another source's record completes; None where a row is added.
    """

    of: int
    because: str  # what ties them: "doi", "arxiv", ..., a bond, "version" or "source"
    manifestation_id: int | None = None
    joins: tuple[int, ...] = ()  # other works that turn out to be this one


Verdict: TypeAlias = New | Unchanged | Revised | Twin
