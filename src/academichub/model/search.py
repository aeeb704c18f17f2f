"""The shapes of searching: what a reader asks, what was found, and how the index is doing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from academichub.model.shelf import Card, Facet


class SearchMode(StrEnum):
    """What a paper must share with the question."""

    WORDS = "words"
    MEANING = "meaning"
    BOTH = "both"


class SearchOrder(StrEnum):
    """What comes first."""

    RELEVANCE = "relevance"
    DATE = "date"  # newest first


class FacetKind(StrEnum):
    """By what results can be narrowed; the names are those of addresses."""

    SOURCE = "src"
    CATEGORY = "cat"  # "cs.CV" or the whole archive "cs"
    VENUE = "venue"
    YEAR = "year"
    KIND = "kind"
    STATE = "state"  # "unread", "starred", "later", "hidden", "noted"


@dataclass(frozen=True, slots=True)
class SearchCursor:
    """Where the next page starts: after this hit, which had this number.

    `key` is what hits are ordered by: the score as `float.hex` writes it, or the day's ordinal.
    """

    key: str
    work_id: int
    number: int


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What a reader asks of the index. An empty text with chosen facets gives everything under them."""

    text: str
    mode: SearchMode = SearchMode.BOTH
    order: SearchOrder = SearchOrder.RELEVANCE
    chosen: Mapping[FacetKind, str] | None = None  # at most one value of each kind
    after: SearchCursor | None = None
    size: int = 25  # hits on a page, 1 to 200
    language: str = "en"  # the reader's, for what is said about the answer


class SearchNote(StrEnum):
    """What a reader must know to judge an answer; stable keys that the pages put into words."""

    NO_MODEL = "no-model"  # meaning was asked for, and no embedding model is installed
    PARTLY_EMBEDDED = "partly-embedded"  # some works have no vector yet
    RELAXED = "relaxed"  # few works have all the words: those with some of them are here too
    GLOSSARY = "glossary"  # Chinese words were also looked for in English, by the glossary
    MULTILINGUAL = "multilingual"  # Chinese was understood by the multilingual model
    REBUILDING = "rebuilding"  # the index is being built: this was read from the shelves, newest papers only
    BEHIND = "behind"  # newer changes are not in the index yet


class SearchHit(NamedTuple):
    """One work that was found."""

    card: Card
    title_html: str  # with <mark> around what matched; MathML whole
    snippet_html: str  # of the abstract, with <mark>; "" where there is no abstract
    score: float  # of the order by relevance, 0 and more; comparable inside one answer only
    is_by_words: bool
    is_by_meaning: bool


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of an answer."""

    query: SearchQuery
    hits: tuple[SearchHit, ...]
    first_number: int  # number of the first hit, 1-based
    total: int  # all hits, on all pages; of a search by meaning at most a few hundred are kept
    facets: Mapping[FacetKind, tuple[Facet, ...]]  # most works first, then by name; at most 20 of each
    suggestion: str  # "did you mean": a whole query in its place; "" for none
    next: SearchCursor | None
    mode: SearchMode  # what was really done
    notes: tuple[SearchNote, ...]
    minutes: int = 0  # reading time of the works on this page


class Similar(NamedTuple):
    """A work that is like another one."""

    card: Card
    likeness: float  # 0 to 1
    is_by_meaning: bool  # else by words


class IndexState(NamedTuple):
    """How the index is doing."""

    works: int  # on the shelves
    indexed: int  # in the index
    is_rebuilding: bool
    megabytes: float
