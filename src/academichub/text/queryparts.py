"""Take a query of a search apart: the words to rank by, what filters, and what the reader must hand in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.model.query import (
    SEARCH_FIELDS,
    STATE_FIELDS,
    And,
    DateRange,
    Field,
    Not,
    Or,
    Term,
    all_of,
    negated,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from academichub.model.query import Query

HIDDEN: Final = Term("hidden", Field.IS, ("hidden",), ("hidden",))


class Parts(NamedTuple):
    """A query as bare words beside each other, and what else must be true; None where nothing must."""

    words: tuple[Term, ...]
    rest: Query | None


def parts(query: Query) -> Parts:
    """Part bare words that stand beside each other from everything that must be true in any case."""
    flat = query.parts if isinstance(query, And) else (query,)
    words = tuple(part for part in flat if isinstance(part, Term) and part.is_loose and part.field is None)
    rest = [part for part in flat if part not in words]
    return Parts(words, all_of(*rest) if rest else None)


def terms(query: Query) -> Iterator[Term | DateRange]:
    """Give all terms of a query, also those under NOT, in its order."""
    if isinstance(query, And | Or):
        for part in query.parts:
            yield from terms(part)
    elif isinstance(query, Not):
        yield from terms(query.part)
    else:
        yield query


def wanted(query: Query) -> Iterator[Term | DateRange]:
    """Give the terms of a query that are not under NOT, in its order."""
    if isinstance(query, And | Or):
        for part in query.parts:
            yield from wanted(part)
    elif not isinstance(query, Not):
        yield query


def members_of(query: Query) -> tuple[str, ...]:
    """Name the sets of works that a query asks of its reader: "is:read", "tag:to read", "in:key"; sorted."""
    return tuple(
        sorted(
            {
                member_name(term)
                for term in terms(query)
                if isinstance(term, Term) and term.field in STATE_FIELDS
            }
        )
    )


def member_name(term: Term) -> str:
    """Name the set of works that a term of the reader's own fields asks for."""
    return f"{term.field}:{term.words[0]}"


def for_rule(query: Query) -> Query | None:
    """Leave out what only a search can know, as marks and kinds; None where nothing is left."""
    flat = query.parts if isinstance(query, And) else (query,)
    kept = [
        part
        for part in flat
        if not any(isinstance(term, Term) and term.field in SEARCH_FIELDS for term in terms(part))
    ]
    return all_of(*kept) if kept else None


def without_hidden(query: Query | None) -> Query:
    """Leave hidden works out, unless the query itself speaks of them."""
    if query is None:
        return negated(HIDDEN)
    return query if member_name(HIDDEN) in members_of(query) else all_of(query, negated(HIDDEN))
