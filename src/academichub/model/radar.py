"""A reader's interest, and what ranking says of a paper: the shapes that rooms hand each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date, datetime

LOCAL_READER: Final = 1  # the one reader of a hub without accounts
DEFAULT_THRESHOLD: Final = 0.05  # match, 0 to 1: some twenty papers a day of a thousand (docs/ranking.md)


class RuleRole(StrEnum):
    """What a radar's rule does."""

    FILTER = "filter"  # only papers that the rule catches are ranked
    PART = "part"  # a hit adds to the score


class FollowKind(StrEnum):
    """What a radar can follow by name."""

    AUTHOR = "author"
    INSTITUTION = "institution"
    VENUE = "venue"


class SeedKind(StrEnum):
    """Where a paper that stands for the interest comes from; the weight of a like depends on it."""

    SEED = "seed"  # named by the reader while making the radar
    LIBRARY = "library"  # one of an imported library or collection


class Verdict(StrEnum):
    """What a reader said of a paper on a radar."""

    MORE = "more"
    LESS = "less"


class LessReason(StrEnum):
    """Why less of it; only the first speaks against its topic."""

    OFF_TOPIC = "off-topic"
    SEEN = "seen"
    WEAK = "weak"


class PartName(StrEnum):
    """The parts a score is the sum of, in the order in which they are shown."""

    WORDS = "words"  # terms shared with what the reader likes
    MEANING = "meaning"  # likeness of embeddings
    PRIOR = "prior"  # how often anything matches a profile of this size
    RULE = "rule"
    AUTHOR = "author"
    INSTITUTION = "institution"
    VENUE = "venue"
    FIELD = "field"
    READERS = "readers"  # the collaborative part


class Shown(StrEnum):
    """Why a paper stands on a radar's day."""

    NEW = "new"
    REVISED = "revised"  # it was shown before, and its text has changed since


@dataclass(frozen=True, slots=True)
class Follow:
    """A name that a radar follows."""

    kind: FollowKind
    name: str  # as the reader wrote it
    orcid: str | None = None  # of an author, when known


@dataclass(frozen=True, slots=True)
class Interest:
    """What a reader says they are interested in; everything but papers and feedback.

    Fields are categories ("cs.CV") or archives ("cs"); sources are keys of sources; terms are words
    or phrases.
    """

    name: str
    rule: str = ""  # in the query language (docs/queries.md)
    rule_role: RuleRole = RuleRole.PART
    text: str = ""  # free text, Chinese or English
    follows: tuple[Follow, ...] = ()
    include_fields: tuple[str, ...] = ()  # none: all
    exclude_fields: tuple[str, ...] = ()
    include_sources: tuple[str, ...] = ()  # none: all
    exclude_sources: tuple[str, ...] = ()
    exclude_terms: tuple[str, ...] = ()
    threshold: float = DEFAULT_THRESHOLD  # match, 0 to 1
    quota: int = 0  # papers a day of one field at most; 0: no limit


@dataclass(frozen=True, slots=True)
class Seed:
    """A paper that stands for an interest: a work of the hub, or only its text."""

    kind: SeedKind
    title: str
    abstract: str = ""
    work_id: int | None = None  # None while the hub has no such work
    label: str = ""  # how the reader named it: an identifier, a cite key
    origin: str = ""  # the file it was imported from
    identifiers: tuple[str, ...] = ()  # "scheme:value", to find its work by when that comes


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader said of a work on a radar, last."""

    work_id: int
    verdict: Verdict
    reason: LessReason | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Radar:
    """A named interest of one reader."""

    id: int
    key: str  # in addresses and on the command line, unique per reader
    interest: Interest
    revision: int  # counts changes of interest, seeds and feedback
    created_at: datetime
    changed_at: datetime
    is_paused: bool = False


@dataclass(frozen=True, slots=True)
class Because:
    """One reason for a part: its share of the part's value, and what it is about."""

    kind: str  # "term", "paper", "hit", "name", "text"
    text: str
    share: float
    work_id: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A named share of a score, in log-odds."""

    name: PartName
    value: float
    because: tuple[Because, ...] = ()  # the largest; they need not add up to the value


@dataclass(frozen=True, slots=True)
class Ranked:
    """A paper on a radar's day. `score` is exactly the sum of the parts, in the order they stand."""

    work_id: int
    place: int  # 1-based, after diversification and quota
    score: float  # log-odds
    match: float  # 1 / (1 + exp(-score)), 0 to 1: the chance that the reader would keep it
    parts: tuple[Part, ...]
    shown: Shown = Shown.NEW
    theme: int = -1  # of the day's themes on this radar; -1: none


@dataclass(frozen=True, slots=True)
class Inputs:
    """Fingerprints of all that a ranking depends on, so that a change can be named. Hex digits each."""

    algorithm: str
    interest: str
    seeds: str
    feedback: str
    background: str
    space: str  # the name of the vector space, "" for words alone
    coverage: str = ""  # which candidates had vectors


@dataclass(frozen=True, slots=True)
class Theme:
    """A group of a day's papers on a radar, named by its own terms."""

    number: int
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RadarDay:
    """A radar's ranking of one day, as it was stored."""

    radar_id: int
    on: date
    ranked_at: datetime
    candidates: int  # works of the day that were ranked
    embedded: int  # of them, those with vectors
    likes: int
    inputs: Inputs
    themes: tuple[Theme, ...] = ()
    ranked: tuple[Ranked, ...] = field(default=())
