"""Ask one query of one paper, exactly. What matches many at once (`index/stored.py`) must agree with this."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from academichub.model.query import And, DateRange, Field, Not, Or
from academichub.text.querynames import is_name, name_asked, name_of
from academichub.text.queryvalues import category_keys, key_of
from academichub.text.words import haystack

if TYPE_CHECKING:
    from datetime import date

    from academichub.model.query import Query, Searchable, Term
    from academichub.text.querynames import Name, NameAsked

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
    if term.field is None or term.field in _TEXTS:
        sought = needles(term)
        looked_at = (Field.TITLE, Field.ABSTRACT) if term.field is None else (term.field,)
        return tuple(field for field in looked_at if any(needle in _text(paper, field) for needle in sought))
    return (term.field,) if _has(term, paper) else ()


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
