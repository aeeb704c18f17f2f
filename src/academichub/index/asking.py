"""Put a question together (query, chosen facets, the reader's sets) and answer all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from tantivy import Occur
from tantivy import Query as Wish

from academichub.index import answering
from academichub.index.compiling import (
    Compiler,
    all_wishes,
    any_of_words,
    every,
    numbers,
    silent,
    without,
    works,
)
from academichub.index.schema import SCHEMA, facet_value
from academichub.model.query import STATE_FIELDS, And, Field, Not, Or, Term, all_of, any_of
from academichub.model.search import FacetKind, SearchCursor, SearchOrder
from academichub.model.shelf import Facet
from academichub.text.queryparts import members_of, parts, wanted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import tantivy
    from numpy.typing import NDArray

    from academichub.index.answering import FoundWork
    from academichub.model.query import Query

FEW: Final = 10  # works; when all words find fewer, any of them will do
SHARE: Final = 0.2  # of a question's words that a work must have then (docs/search.md)
_MANY: Final = 2_000  # works in the reader's sets, above which they are cut to what the rest of a query finds
_RANKING: Final = frozenset((None, Field.TITLE, Field.ABSTRACT))
_READ: Final = "is:read"


@dataclass(frozen=True, slots=True)
class Question:
    """All sides of a question; see `Index.search`."""

    query: Query | None
    members: Mapping[str, Collection[int]]
    chosen: Mapping[FacetKind, str]
    may_relax: bool


class Found(NamedTuple):
    """An answer. It is relaxed where not all bare words of the question had to be there."""

    hits: tuple[FoundWork, ...]
    total: int
    facets: Mapping[FacetKind, tuple[Facet, ...]]
    next: SearchCursor | None
    is_relaxed: bool


class Reader:
    """Answers one question out of one state of the index."""

    def __init__(self, searcher: tantivy.Searcher, question: Question) -> None:
        self._searcher = searcher
        self._question = question
        members = self._near_members()
        self._compiler = Compiler(searcher, members)
        self._wish = every() if question.query is None else self._compiler.compile(question.query)
        relaxed = self._relaxed()
        self.is_relaxed = relaxed is not None
        if relaxed is not None:
            self._wish = relaxed
        self._filters = {kind: self._filter(kind, value) for kind, value in question.chosen.items()}

    def found(self, *, order: SearchOrder, after: SearchCursor | None, size: int, with_facets: bool) -> Found:
        """Answer with a page of hits and the facets."""
        wish = self._narrowed()
        query = self._question.query
        is_ranked = order is SearchOrder.RELEVANCE and query is not None and _ranks(query)
        answer = answering.by_relevance if is_ranked else answering.by_date
        hits = answer(self._searcher, wish, after=after, size=size)
        facets = self._facets() if with_facets else {}
        return Found(hits.works, hits.total, facets, hits.next, self.is_relaxed)

    def ids(self, *, most: int | None = None) -> NDArray[np.int64]:
        """Give the numbers of all that is found, ascending; `most` is how many they can be, if known."""
        return answering.all_ids(self._searcher, self._narrowed(), most=most)

    def _narrowed(self, *, but: FacetKind | None = None) -> Wish:
        """Give the question under what was chosen, one kind of it left out."""
        return all_wishes([self._wish, *(wish for kind, wish in self._filters.items() if kind is not but)])

    def _relaxed(self) -> Wish | None:
        """Give a wish for some of the words where all of them are hardly anywhere, else None."""
        query = self._question.query
        if query is None or not self._question.may_relax:
            return None
        words, rest = parts(query)
        ways = any_of_words(words)
        if len(ways) <= 1 or answering.count(self._searcher, self._wish) >= FEW:
            return None
        least = max(1, round(SHARE * len(ways)))
        some = Wish.boolean_query([(Occur.Should, way) for way in ways], minimum_number_should_match=least)
        return some if rest is None else all_wishes([some, self._compiler.compile(rest)])

    def _facets(self) -> Mapping[FacetKind, tuple[Facet, ...]]:
        counted = [kind for kind in FacetKind if kind is not FacetKind.STATE]
        free = tuple(kind for kind in counted if kind not in self._filters)
        facets = dict(answering.facets(self._searcher, self._narrowed(), free))
        for kind in counted:
            if kind in self._filters:
                facets |= answering.facets(self._searcher, self._narrowed(but=kind), (kind,))
        facets[FacetKind.STATE] = self._states()
        return facets

    def _states(self) -> tuple[Facet, ...]:
        """Count what the reader keeps among what is found."""
        members = {
            name: ids for name, ids in self._question.members.items() if name.startswith(f"{Field.IS}:")
        }
        if not members:
            return ()
        wish = self._narrowed(but=FacetKind.STATE)
        counts = {name.partition(":")[2]: 0 for name in members}
        if any(map(len, members.values())):
            found = answering.all_ids(self._searcher, wish)
            total = len(found)
            for name, ids in members.items():
                counts[name.partition(":")[2]] = int(np.isin(found, numbers_of(ids)).sum()) if len(ids) else 0
        else:  # most readers' first days
            total = answering.count(self._searcher, wish)
        if _READ in members:
            counts["unread"] = total - counts["read"]
        ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        return tuple(Facet(state, held) for state, held in ordered)

    def _filter(self, kind: FacetKind, value: str) -> Wish:
        if kind is FacetKind.STATE:
            ids = self._question.members.get(f"{Field.IS}:{'read' if value == 'unread' else value}", ())
            return without(every(), [works(ids)]) if value == "unread" else works(ids)
        if kind is FacetKind.YEAR:
            year = int(value) if value.isascii() and value.isdigit() else 0
            return silent(numbers("year", year, year if 0 < year <= date.max.year else year - 1))
        field = {
            FacetKind.SOURCE: "by_source",
            FacetKind.CATEGORY: "by_category",
            FacetKind.VENUE: "by_venue",
            FacetKind.KIND: "by_kind",
        }[kind]
        return silent(Wish.term_query(SCHEMA, field, facet_value(value), index_option="basic"))

    def _near_members(self) -> Mapping[str, Collection[int]]:
        """Cut big sets of works to those that the rest of the query finds: seeking many numbers is slow."""
        query, members = self._question.query, self._question.members
        asked = () if query is None else members_of(query)
        sets = {name: members[name] for name in asked if name in members}
        held = sum(map(len, sets.values()))
        if query is None or held <= _MANY:
            return sets
        rest = _stateless(query)
        if rest is None:
            return sets
        wish = Compiler(self._searcher, {}).compile(rest)
        if answering.count(self._searcher, wish) >= held:
            return sets
        near = answering.all_ids(self._searcher, wish)
        return {name: near[np.isin(near, numbers_of(ids))] for name, ids in sets.items()}


def numbers_of(work_ids: Collection[int]) -> NDArray[np.int64]:
    """Give numbers of works as an array."""
    if isinstance(work_ids, np.ndarray):
        return work_ids
    return np.fromiter(work_ids, dtype=np.int64, count=len(work_ids))


def _ranks(query: Query) -> bool:
    """Tell whether a query has a word that works can be ranked by."""
    return any(
        isinstance(term, Term) and term.field in _RANKING and not term.is_prefix for term in wanted(query)
    )


def _stateless(query: Query) -> Query | None:
    """Give a query that finds all that this one does, and asks nothing of the reader; None is everything."""
    if isinstance(query, Term):
        return None if query.field in STATE_FIELDS else query
    if isinstance(query, Not):
        return None if members_of(query) else query
    if isinstance(query, And):
        kept = [part for part in map(_stateless, query.parts) if part is not None]
        return all_of(*kept) if kept else None
    if isinstance(query, Or):
        ways = [_stateless(part) for part in query.parts]
        known = [way for way in ways if way is not None]
        return any_of(*known) if len(known) == len(ways) else None
    return query
