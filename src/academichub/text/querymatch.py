"""Ask one query of one paper, exactly. What matches many at once (`index/stored.py`) must agree with this."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from academichub.model.query import SEARCH_FIELDS, And, DateRange, Field, Not, Or
from academichub.text.cutting import stem
from academichub.text.querynames import is_name, name_asked, name_of
from academichub.text.queryvalues import category_keys, identifier_keys, key_of
from academichub.text.words import haystack, readings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from academichub.model.query import Document, Query, Searchable, Term
    from academichub.text.querynames import Name, NameAsked
    from academichub.text.words import Readings

_TEXTS: Final = frozenset((Field.TITLE, Field.ABSTRACT, Field.VENUE))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A paper made ready to be asked: haystacks (see `text/words.py`), names and keys."""

    id: int
    title: str
    abstract: str
    venue: str
    authors: tuple[Name, ...]
    categories: tuple[str, ...]
    sources: tuple[str, ...]
    dois: tuple[str, ...]
    listed_on: date | None
    search: Sought | None = None  # what only searches look at


@dataclass(frozen=True, slots=True)
class Sought:
    """What searches look at besides: roots of words, authors' names as haystacks, keys by field."""

    title_roots: frozenset[str]
    abstract_roots: frozenset[str]
    author_roots: frozenset[str]
    bylines: tuple[str, ...]
    keys: Mapping[Field, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A term that is there, and in which field; one of no field can be in the title and in the abstract."""

    term: Term | DateRange
    field: Field


@dataclass(frozen=True, slots=True)
class Hits:
    """Why a query matches: its terms that are there, in its own order, without what is under NOT."""

    hits: tuple[Hit, ...]


def prepare(paper: Searchable) -> Prepared:
    """Cut a paper into what queries look at, once for all queries."""
    return Prepared(
        id=paper.id,
        title=haystack(paper.title),
        abstract=haystack(paper.abstract),
        venue=haystack(paper.venue),
        authors=tuple(map(name_of, paper.authors)),
        categories=tuple(dict.fromkeys(key for name in paper.categories for key in category_keys(name))),
        sources=tuple(dict.fromkeys(map(key_of, paper.sources))),
        dois=tuple(dict.fromkeys(doi.lower() for doi in paper.dois)),
        listed_on=paper.listed_on,
    )


def prepare_document(document: Document, states: Iterable[str] = ()) -> Prepared:
    """Cut a work into what searches look at.

    Args:
        document: The work.
        states: What its reader keeps of it: "is:read", "tag:" and "in:" with their keys.
    """
    keys: dict[Field, set[str]] = {field: set() for field in SEARCH_FIELDS}
    for state in states:
        label, _, key = state.partition(":")
        keys[Field(label)].add(key)
    keys[Field.HAS].update(document.features)
    keys[Field.KIND].add(document.kind)
    keys[Field.ORCID].update(orcid.lower() for orcid in document.orcids)
    keys[Field.ID].update(key for one in document.identifiers for key in identifier_keys(one))
    sought = Sought(
        title_roots=frozenset(roots(document.title)),
        abstract_roots=frozenset(roots(document.abstract)),
        author_roots=frozenset(root for name in document.authors for root in roots(name)),
        bylines=tuple(map(haystack, document.authors)),
        keys={field: frozenset(values) for field, values in keys.items()},
    )
    return replace(prepare(document), search=sought)


def roots(text: str) -> list[str]:
    """Give the roots of the words of a text; see `roots_of`."""
    return roots_of(readings(text))


def roots_of(found: Readings) -> list[str]:
    """Give the roots of the words of both readings; what is joined stands behind, once for each place."""
    words = list(map(stem, found.parted))
    if found.joined is not found.parted:
        # Those of the second reading alone. A word that stands in both is counted in the first.
        own = Counter(found.parted)
        for word, times in Counter(found.joined).items():
            more = times - own.get(word, 0)
            if more > 0:
                words += [stem(word)] * more
    return words


def root(term: Term) -> str | None:
    """Give the root that a loose term is found by, or None where it is a row of words."""
    return stem(term.joined[0]) if len(term.joined) == 1 else None


def matches(query: Query, paper: Prepared | Searchable) -> Hits | None:
    """Give the hits of a query in a paper, or None where it does not match."""
    prepared = paper if isinstance(paper, Prepared) else prepare(paper)
    if not is_met(query, prepared):
        return None
    return Hits(tuple(dict.fromkeys(_hits(query, prepared))))


def is_met(query: Query, paper: Prepared) -> bool:
    """Tell whether a query matches a paper, without saying why."""
    if isinstance(query, And):
        return all(is_met(part, paper) for part in query.parts)
    if isinstance(query, Or):
        return any(is_met(part, paper) for part in query.parts)
    if isinstance(query, Not):
        return not is_met(query.part, paper)
    return bool(_fields(query, paper))


@lru_cache(maxsize=4096)  # one query is mostly asked of many papers in turn
def needles(term: Term) -> tuple[str, ...]:
    """Give what a term looks for in a haystack; two strings where its readings differ."""
    end = "" if term.is_prefix else " "
    return tuple(dict.fromkeys(f" {' '.join(words)}{end}" for words in (term.words, term.joined)))


def _hits(query: Query, paper: Prepared) -> list[Hit]:
    if isinstance(query, And | Or):
        return [hit for part in query.parts if is_met(part, paper) for hit in _hits(part, paper)]
    if isinstance(query, Not):
        return []
    return [Hit(query, field) for field in _fields(query, paper)]


def _fields(term: Term | DateRange, paper: Prepared) -> tuple[Field, ...]:
    """Give the fields in which a term is."""
    if isinstance(term, DateRange):
        return (Field.DATE,) if _is_within(term, paper.listed_on) else ()
    if term.is_loose and paper.search is not None:
        return _loose_fields(term, paper, paper.search)
    if term.field in SEARCH_FIELDS:
        found = paper.search is not None and term.words[0] in paper.search.keys[term.field]
        return (term.field,) if found else ()
    if term.field is None or term.field in _TEXTS:
        sought = needles(term)
        looked_at = (Field.TITLE, Field.ABSTRACT) if term.field is None else (term.field,)
        return tuple(field for field in looked_at if any(needle in _text(paper, field) for needle in sought))
    return (term.field,) if _has(term, paper) else ()


def _loose_fields(term: Term, paper: Prepared, search: Sought) -> tuple[Field, ...]:
    """Give the fields in which a word is in any of its forms, or a row of words as it is written."""
    sought, wanted = needles(term), root(term)
    places = (
        (Field.TITLE, search.title_roots, (paper.title,)),
        (Field.ABSTRACT, search.abstract_roots, (paper.abstract,)),
        (Field.AUTHOR, search.author_roots, search.bylines),
    )
    return tuple(
        field
        for field, own_roots, hays in places
        if term.field in (None, field)
        and (wanted in own_roots or any(needle in hay for needle in sought for hay in hays))
    )


def _text(paper: Prepared, field: Field) -> str:
    if field is Field.TITLE:
        return paper.title
    return paper.abstract if field is Field.ABSTRACT else paper.venue


def _has(term: Term, paper: Prepared) -> bool:
    if term.field is Field.AUTHOR:
        asked = _asked(term)
        return any(is_name(asked, name) for name in paper.authors)
    if term.field is Field.CATEGORY:
        keys = paper.categories
    else:
        keys = paper.sources if term.field is Field.SOURCE else paper.dois
    sought = term.words[0]
    return any(key.startswith(sought) for key in keys) if term.is_prefix else sought in keys


@lru_cache(maxsize=4096)  # as above
def _asked(term: Term) -> NameAsked:
    return name_asked(term)


def _is_within(days: DateRange, day: date | None) -> bool:
    if day is None:
        return False
    return (days.first is None or days.first <= day) and (days.last is None or day <= days.last)
