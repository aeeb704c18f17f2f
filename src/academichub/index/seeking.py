"""Find where the words of a query stand in texts: all its terms in one pass over the words of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from academichub.model.query import Field, Term
from academichub.text.cutting import stem
from academichub.text.querymatch import root
from academichub.text.queryparts import wanted
from academichub.text.words import located

if TYPE_CHECKING:
    from collections.abc import Iterator

    from academichub.model.query import Query
    from academichub.text.words import Row


class Mark(NamedTuple):
    """A place in a text that a term of the question found; `term` is the term's number."""

    start: int
    end: int
    term: int


class _Claim(NamedTuple):
    """A term that a word may end, and the words that must stand before it."""

    term: int
    before: list[str]


class Seeker:
    """Seeks what a query asks of one field. Made for one page of works: it remembers their words."""

    def __init__(self, query: Query, field: Field) -> None:
        """Take the terms apart; those under NOT, and those of other fields, seek nothing."""
        self._claims = _Claims()
        for number, term in enumerate(wanted(query)):
            if isinstance(term, Term) and term.field in (None, field):
                self._claims.add(number, term)

    def marks(self, text: str) -> list[Mark]:
        """Give the places in the order of the text, none of them inside another."""
        if self._claims.is_empty:
            return []
        parted, joined = located(text)
        places = list(self._places(parted))
        if joined is not parted:
            places += self._places(joined)
        places.sort(key=lambda mark: (mark.start, -mark.end, mark.term))
        kept: list[Mark] = []
        for mark in places:
            if not kept or mark.start >= kept[-1].end:
                kept.append(mark)
        return kept

    def _places(self, row: Row) -> Iterator[Mark]:
        claims, words = self._claims, row.words
        for at in [at for at, word in enumerate(words) if claims[word]]:
            for term, before in claims[words[at]]:
                first = at - len(before)
                if first >= 0 and words[first:at] == before:
                    yield Mark(row.starts[first], row.ends[at], term)


class _Claims(dict[str, tuple[_Claim, ...]]):
    """Says of each word which terms it may end; a word is looked into once."""

    def __init__(self) -> None:
        super().__init__()
        self._by_root: dict[str, tuple[_Claim, ...]] = {}
        self._by_word: dict[str, tuple[_Claim, ...]] = {}
        self._by_beginning: dict[str, tuple[_Claim, ...]] = {}

    @property
    def is_empty(self) -> bool:
        """True where there is nothing to seek."""
        return not (self._by_root or self._by_word or self._by_beginning)

    def add(self, number: int, term: Term) -> None:
        """Take a term in."""
        wanted_root = root(term) if term.is_loose else None
        if wanted_root is not None:
            self._by_root[wanted_root] = (*self._by_root.get(wanted_root, ()), _Claim(number, []))
        by_end = self._by_beginning if term.is_prefix else self._by_word
        for *before, last in dict.fromkeys((term.words, term.joined)):
            by_end[last] = (*by_end.get(last, ()), _Claim(number, before))

    def __missing__(self, word: str) -> tuple[_Claim, ...]:
        found = self._by_word.get(word, ())
        if self._by_root:
            found += self._by_root.get(stem(word), ())
        for beginning, claims in self._by_beginning.items():
            if word.startswith(beginning):
                found += claims
        self[word] = found
        return found
