"""The shapes of a query and of what it can be asked of. How a query is written is in `text/query.py`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

if TYPE_CHECKING:
    from datetime import date


class Scope(StrEnum):
    """Who asks: it says which fields there are, and what a bare word finds."""

    RULE = "rule"  # a radar's: words as they are written
    SEARCH = "search"  # a reader's question: words in all their forms, and what the reader keeps


class Field(StrEnum):
    """What a term of a query looks at, by the name that is written before the colon."""

    TITLE = "ti"
    AUTHOR = "au"
    ABSTRACT = "abs"
    CATEGORY = "cat"
    SOURCE = "src"
    VENUE = "venue"
    DOI = "doi"
    DATE = "date"
    # Of searches alone.
    IS = "is"
    HAS = "has"
    TAG = "tag"
    IN = "in"
    KIND = "kind"
    ORCID = "orcid"
    ID = "id"


SEARCH_FIELDS: Final = frozenset(
    (Field.IS, Field.HAS, Field.TAG, Field.IN, Field.KIND, Field.ORCID, Field.ID)
)
STATE_FIELDS: Final = frozenset((Field.IS, Field.TAG, Field.IN))  # about the reader, not about the work
STATES: Final = ("read", "starred", "later", "hidden", "noted")  # and "unread", which is no read
FEATURES: Final = ("code", "data", "abstract", "doi", "pdf")  # and "note", which is the state "noted"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is looked for.

    `text` is as the reader wrote it, without quotation marks and star. `field` None is the title or the
    abstract. `words` and `joined` are its two readings (see `text/words.py`); for fields of keys (categories,
    sources, DOIs and all fields of searches) both hold one key. With `is_prefix` the last word may go on.
    With `is_loose` other forms of its words are found too and, where `field` is None, names of authors.
    """

    text: str
    field: Field | None
    words: tuple[str, ...]
    joined: tuple[str, ...]
    is_prefix: bool = False
    is_loose: bool = False


@dataclass(frozen=True, slots=True)
class DateRange:
    """The days from `first` to `last`, both included; None is an open end.

    A paper without a day is in no range.
    """

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Not:
    """Everything that the part is not true of. The part is never itself a Not."""

    part: Query


@dataclass(frozen=True, slots=True)
class And:
    """What all parts are true of; two or more, none of them an And."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """What any part is true of; two or more, none of them an Or."""

    parts: tuple[Query, ...]


Query: TypeAlias = And | Or | Not | Term | DateRange


class QueryFault(StrEnum):
    """Why a query cannot be read; stable keys, which the pages put into words."""

    EMPTY = "empty"
    TOO_LONG = "too-long"
    TOO_MANY_TERMS = "too-many-terms"
    TOO_DEEP = "too-deep"
    UNCLOSED_PHRASE = "unclosed-phrase"
    UNCLOSED_GROUP = "unclosed-group"
    UNOPENED_GROUP = "unopened-group"
    EMPTY_GROUP = "empty-group"
    MISSING_TERM = "missing-term"
    NO_WORDS = "no-words"
    UNKNOWN_FIELD = "unknown-field"
    FIELD_WITHOUT_VALUE = "field-without-value"
    FIELD_INSIDE_FIELD = "field-inside-field"
    STAR_MISPLACED = "star-misplaced"
    PREFIX_TOO_SHORT = "prefix-too-short"
    DATE_MALFORMED = "date-malformed"
    DATE_BACKWARDS = "date-backwards"
    DOI_MALFORMED = "doi-malformed"
    FIELD_OF_SEARCH = "field-of-search"  # a rule cannot ask for it
    STATE_UNKNOWN = "state-unknown"
    FEATURE_UNKNOWN = "feature-unknown"
    KIND_UNKNOWN = "kind-unknown"
    ORCID_MALFORMED = "orcid-malformed"


class Searchable(Protocol):
    """What a query can be asked of. Texts are plain; an empty one holds nothing."""

    @property
    def id(self) -> int:
        """Number of the work."""
        ...

    @property
    def title(self) -> str:
        """Plain title."""
        ...

    @property
    def abstract(self) -> str:
        """Plain abstract."""
        ...

    @property
    def authors(self) -> tuple[str, ...]:
        """Names in reading order."""
        ...

    @property
    def categories(self) -> tuple[str, ...]:
        """Subjects as their source writes them: "cs.CV", "Cell Biology"."""
        ...

    @property
    def sources(self) -> tuple[str, ...]:
        """Keys of the sources that brought the work."""
        ...

    @property
    def venue(self) -> str:
        """Journal or conference."""
        ...

    @property
    def dois(self) -> tuple[str, ...]:
        """Canonical DOIs of all manifestations."""
        ...

    @property
    def listed_on(self) -> date | None:
        """Day on which the work was announced."""
        ...


@dataclass(frozen=True, slots=True)
class Paper:
    """A work as queries see it; the plain form of `Searchable`."""

    id: int
    title: str = ""
    abstract: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    venue: str = ""
    dois: tuple[str, ...] = ()
    listed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A work as searches see it; texts are plain. It can be asked all that a `Searchable` can.

    `identifiers` are "scheme:value" in canonical form, those of all manifestations; `orcids` are bare and
    `features` are among `FEATURES`.
    """

    work_id: int
    title: str = ""
    abstract: str = ""
    authors: tuple[str, ...] = ()
    orcids: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    venue: str = ""
    sources: tuple[str, ...] = ()
    kind: str = ""
    listed_on: date | None = None
    features: tuple[str, ...] = ()

    @property
    def id(self) -> int:
        """Number of the work."""
        return self.work_id

    @property
    def dois(self) -> tuple[str, ...]:
        """Canonical DOIs of all manifestations."""
        return tuple(one[4:] for one in self.identifiers if one.startswith("doi:"))


def all_of(*parts: Query) -> Query:
    """Join one or more queries that must all be true; groups of the same kind become one."""
    flat = [deep for part in parts for deep in (part.parts if isinstance(part, And) else (part,))]
    return And(tuple(flat)) if len(flat) > 1 else flat[0]


def any_of(*parts: Query) -> Query:
    """Join one or more queries of which one must be true; groups of the same kind become one."""
    flat = [deep for part in parts for deep in (part.parts if isinstance(part, Or) else (part,))]
    return Or(tuple(flat)) if len(flat) > 1 else flat[0]


def negated(part: Query) -> Query:
    """Turn a query into its opposite; twice is nothing."""
    return part.part if isinstance(part, Not) else Not(part)
